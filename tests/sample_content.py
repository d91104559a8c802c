"""Content folders for tests: a small whole site whose words never change, and the extremes.

Each function gives files by their path below the content folder, as `sites.write` and the fixture
`build` take them. The owner's texts play no part: whatever is written there, these stay.
"""

import datetime
import io
import json
import re
from pathlib import Path

from PIL import Image, ImageDraw

from engine.languages import LANGUAGES
from tests.sites import article, header, photo, project, settings

Files = dict[str, str | bytes]

TEXT = """Un atelier ouvert deux jours par semaine, où des habitants réparent ensemble ce qui \
s'use. On y vient avec une chaise, on en repart avec un savoir-faire.

Ce qui n'était qu'un local prêté est devenu une [coopérative](https://example.org), puis un lieu.

## Ce qui a été fait

- réunir quinze voisins autour d'une table ;
- écrire des statuts que chacun comprend ;
- ouvrir, puis recommencer mieux.

> « On ne savait pas le faire : c'est pour cela qu'on l'a fait. »

## Ce qu'il en reste

Une caisse à outils, et l'habitude de décider à plusieurs.
"""
ENGLISH_TEXT = """A workshop that opens two days a week, where neighbours mend together what wears \
out. You come with a chair and leave with a skill.

What was a borrowed room became a [cooperative](https://example.org), then a place.

## What was done

- fifteen neighbours brought to one table;
- articles that everybody understands;
- an opening, then a better one.

## What is left

A box of tools, and the habit of deciding together.
"""
_FULL_SITE = Path(__file__).resolve().parent / "full_site"
_SEARCH_SITE = Path(__file__).resolve().parent / "search_site"
LONG_TITLE = (
    "Comment une cantine de quartier, un atelier de couture et trois associations qui ne se "
    "connaissaient pas ont fini par signer ensemble le bail d'une ancienne manufacture de rubans "
    "à l'abandon depuis 1987"
)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LONG_ADDRESS = "https://example.org/" + "tres-longue-adresse-sans-aucun-espace/" * 3


def drawing(width: int = 1280, height: int = 640) -> bytes:
    """A picture of plain shapes: small in a snapshot, and its parts can be told apart."""
    image = Image.new("RGB", (width, height), "#e8dcc0")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 3 // 4, width, height), fill="#54643c")
    draw.ellipse((width // 10, height // 8, width // 10 + height // 3, height // 2), fill="#d9902f")
    draw.rectangle((width // 2, height // 4, width * 7 // 8, height * 3 // 4), fill="#2f4a7d")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def whole_site() -> Files:
    """Every kind of page in both languages: four projects, one of them announced, and news."""
    titles = {
        "atelier": ("L'Atelier des réparations", "The Repair Workshop", "2009-05", "2013"),
        "cantine": ("La Cantine & le Jardin", "The Canteen & the Garden", "2011", "2016-12"),
        "manufacture": ("La Manufacture, lieu commun", "The Manufactory", "2014-02", "2019"),
    }
    files: Files = {
        "site.yml": (_FULL_SITE / "site.yml").read_text("utf-8"),
        "images/portrait.png": (_FULL_SITE / "images/portrait.png").read_bytes(),
        "themes.yml": "coopération: cooperation\nmétiers: crafts\n",
        "images/atelier.png": drawing(),
        "home.md": header(
            title="Réparer, cuisiner & décider ensemble",
            summary="Comment on ouvre un lieu, et comment on le tient ensemble.",
            definition="Un lieu commun est un lieu dont personne n'a la clé tout seul.",
        )
        + "## Mon métier : ouvrir des lieux\n\nJ'aide des voisins à tenir un lieu ensemble.\n\n"
        "Vous avez un local et une idée ? Je vous aide à trouver les autres.\n",
        "home.en.md": header(
            title="Mend, cook & decide together",
            summary="How a place is opened, and how it is kept together.",
            definition="A common place is one of which nobody holds the key alone.",
        )
        + "## My trade: opening places\n\nI help neighbours to keep a place together.\n\n"
        "You have a room and an idea? I help you to find the others.\n",
        "pages/a-propos.md": header(
            title="À propos",
            menu="main",
            order=1,
            template="about",
            summary="D'où je viens et ce que je fais.",
        )
        + TEXT,
        "pages/a-propos.en.md": header(
            title="About", slug="about", summary="Where I come from and what I do."
        )
        + ENGLISH_TEXT,
        "pages/projects/suite.md": header(
            title="La suite, à écrire",
            order=4,
            start="2019",
            status="announced",
            summary="Un lieu à ouvrir, dont le texte reste à écrire.",
        ),
        "pages/projects/suite.en.md": header(
            title="What comes next", summary="A place to open, still to be written about."
        ),
    }
    for order, (name, (french, english, start, end)) in enumerate(titles.items(), start=1):
        files[f"pages/projects/{name}.md"] = project(
            f'"{french}"',
            TEXT,
            slug=name,
            order=order,
            start=start,
            end=end,
            place="Vernay-les-Moulins",
            role="Coordination",
            tags="[coopération]",
            summary=f'"{french} : comment des voisins l\'ont ouverte, puis tenue."',
        )
        files[f"pages/projects/{name}.en.md"] = project(
            f'"{english}"',
            ENGLISH_TEXT,
            slug=name,
            summary=f'"{english}: how neighbours opened it, then kept it."',
        )
    news = {
        "ouverture": ("2009-05-16", "L'Atelier ouvre ses portes", "The Workshop opens", "atelier"),
        "statuts": ("2011-03", "Des statuts en une page", "Articles on one page", "cantine"),
        "prix": ("2014", "Un prix pour la Manufacture", "A town prize", "manufacture"),
        "fin": ("end of 2016", "La Cantine ferme", "The Canteen closes", "cantine"),
        "bail": ("2018-11-02", LONG_TITLE, "The lease is signed", "manufacture"),
    }
    for name, (date, french, english, of) in news.items():
        text = f'{TEXT}\n![Un atelier au bord d\'un champ](../images/atelier.png "Vernay")\n'
        body = text if name == "bail" else "Une nouvelle brève.\n"
        files[f"articles/{name}.md"] = article(
            f'"{french}"',
            date,
            body,
            slug=name,
            project=of,
            tags="[coopération, métiers]",
            summary=f'"En bref : {" ".join(french.split()[:8])}."',
        )
        english_text = f"{ENGLISH_TEXT}\n![A workshop](../images/atelier.png)\n"
        body = english_text if name == "bail" else "A short item.\n"
        files[f"articles/{name}.en.md"] = (
            header(title=english, slug=name, summary=f'"In brief: {english}."') + body
        )
    return files


def full_site() -> Files:
    """`whole_site` with every feature, status and template; news on two pages; all facts given."""
    today = datetime.date.today()
    files = whole_site() | {
        path.relative_to(_FULL_SITE).as_posix(): path.read_text("utf-8")
        for path in sorted(_FULL_SITE.rglob("*.*"))
        if path.suffix != ".png"
    }
    # A date that is always to come cannot stand in a file.
    files["articles/demain.md"] = article(
        "Ce qui vient",
        (today + datetime.timedelta(days=30)).isoformat(),
        summary="Une nouvelle qui attend son jour.",
    )
    return files | {"images/vanne.jpg": photo(1200, 800), "files/plan.pdf": b"%PDF-1.4\n%%EOF\n"}


def french_site() -> Files:
    """The texts of `full_site` in one language, with nothing that only the owner can give."""
    files = {name: text for name, text in full_site().items() if not name.endswith(".en.md")}
    return files | {"site.yml": "names:\n  fr: Lieux communs & réparations\n"}


def search_site() -> Files:
    """The texts that the queries of `search_queries` look for: 24 in each language."""
    texts = "".join((_SEARCH_SITE / f"texts.{lang}.md").read_text("utf-8") for lang in LANGUAGES)
    files = dict(re.findall(r"^=== (\S+)\n(.*?)(?=^===|\Z)", texts, re.DOTALL | re.MULTILINE))
    names = sorted(
        set(re.findall(r"[^\s,\[\]]+", " ".join(re.findall(r"^tags: (.*)$", texts, re.M))))
    )
    return files | {
        "site.yml": settings(email="bureau@example.org"),
        "themes.yml": "".join(f"{name}: {name} in English\n" for name in names),
    }


def search_queries() -> dict[str, dict[str, dict[str, str]]]:
    """Language -> the half of the queries ("tuning", "kept") -> query -> the page expected first.

    Those of "kept" were not looked at while the search was made.
    """
    return json.loads((_SEARCH_SITE / "queries.json").read_text("utf-8"))


# --- Extremes -------------------------------------------------------------------------------


def one_project() -> Files:
    """A single project, and no news."""
    return {"pages/projects/seul.md": project("Un seul projet", TEXT, start="2012", end="2014")}


def many_projects(count: int = 30) -> Files:
    """Many projects, most of them at the same time, and two news items of each."""
    news = {
        f"articles/{number:02}-{month}.md": article(
            f"Nouvelle {number} de {month}",
            f"{1990 + number}-0{month}",
            project=f"projet-{number:02}",
            summary=f"Ce qui est arrivé au projet numéro {number} au mois {month}.",
        )
        for number in range(1, count + 1)
        for month in (1, 2)
    }
    return news | {
        f"pages/projects/projet-{number:02}.md": project(
            f"Le projet numéro {number}",
            TEXT,
            summary=f"Ce qu'a donné le projet numéro {number}.",
            order=number,
            start=str(1990 + number),
            end=str(1996 + number),
        )
        for number in range(1, count + 1)
    }


def long_titles() -> Files:
    """Titles of 200 characters on a project and on a news item, in the page and in the lists."""
    return _two_texts(LONG_TITLE, TEXT)


def long_words() -> Files:
    """A compound and an address without a place to break, in titles, texts, facts and themes."""
    text = f"""{LONG_WORD}

Voir <{LONG_ADDRESS}>.

## {LONG_WORD}

| une | deux | trois | quatre |
| --- | --- | --- | --- |
| {LONG_WORD} | du texte | du texte | {LONG_WORD} |

```
{LONG_WORD} {LONG_WORD}
```

> {LONG_WORD}[^1]

- {LONG_WORD}

[^1]: {LONG_ADDRESS}
"""
    return _two_texts(LONG_WORD, text, tags=[LONG_WORD])


def many_images(count: int = 12) -> Files:
    """A news item of pictures: wide, high, tiny, one after the other."""
    shapes = ((1600, 400), (500, 1500), (40, 40))
    files: Files = {
        f"images/photo-{number:02}.jpg": photo(*shapes[number % len(shapes)])
        for number in range(count)
    }
    shown = "\n\n".join(f"![Vue {name[-6:-4]}](../{name})" for name in files)
    return files | {
        "articles/images.md": article("Des images", "2012-03", shown, summary="Douze vues.")
    }


def short_titles() -> Files:
    """Titles of one character, on projects that have ended and on news items."""
    files: Files = {}
    for number, letter in enumerate("abc", start=1):
        files[f"pages/projects/{number}.md"] = project(
            f'"{number}"', f"Le {number}. {TEXT}", start=str(2000 + number), end="2009"
        )
        files[f"articles/{number}.md"] = article(
            letter, f"200{number}-05", f"Mot {number}.", project=str(number)
        )
    return files


def many_texts_of_a_theme(count: int = 80) -> Files:
    """Two themes, one with a long name, whose lists have many pages."""
    themes = "[accessibilité, urbanisme transitoire et occupation temporaire de bâtiments]"
    return {
        f"articles/{number:03}.md": article(
            f"Nouvelle {number}",
            f"{2000 + number // 12}-{1 + number % 12:02}",
            f"Un texte, le numéro {number}.",
            tags=themes,
        )
        for number in range(count)
    }


def no_image() -> Files:
    """A news item of words alone."""
    return {"articles/mots.md": article("Des mots", "2012-03", TEXT)}


def nothing() -> Files:
    """A content folder in which nothing stands yet."""
    return {}


def no_news() -> Files:
    """A home page and nothing to tell yet."""
    return {"home.md": header(title="Un site qui commence")}


def _two_texts(title: str, text: str, **more: object) -> Files:
    return {
        "pages/projects/long.md": project(
            f'"{title}"', text, slug="long", start="2012", role=title, summary="Un projet.", **more
        ),
        "articles/long.md": article(
            f'"{title}, suite"',
            "2012-03",
            text,
            slug="long",
            project="long",
            summary="Une nouvelle.",
            **more,
        ),
    }


EXTREMES = {
    make.__name__: make
    for make in (
        one_project,
        many_projects,
        long_titles,
        long_words,
        short_titles,
        many_texts_of_a_theme,
        many_images,
        no_image,
        no_news,
        nothing,
    )
}
