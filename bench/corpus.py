"""Write the same articles and pages for each generator, in its own format.

An article has about 650 words in five paragraphs and four sections, a list, a quotation, a link to
another article and one to another site, 2 to 4 of 40 topics, and one of 6 categories, which is one
more topic for this site. The same options give the same bytes. The words are random, French or
English.
"""

import datetime
import io
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from tests.sites import busy_photo

GENERATORS = ("ours", "pelican", "hugo", "eleventy", "astro")
PAGES = 12
_WORDS = {
    "fr": """le la un une des les ce cette notre votre leur chaque plusieurs quelques avec sans sous
    sur entre vers depuis pendant avant après selon malgré parmi chez contre et ou mais donc quand
    comme si que qui dont où souvent parfois toujours bientôt ensuite enfin ailleurs ici dehors
    atelier coopérative association quartier ville habitant équipe projet métier outil ressource
    méthode enquête entretien récit carnet lettre page livre phrase image photo dessin carte musique
    forêt jardin rivière chemin maison village gare train port marché cuisine pain fruit saison
    hiver printemps été automne pluie vent lumière fenêtre matin soir réseau serveur logiciel
    version essai erreur preuve calcul mesure nombre échelle budget bilan écrire lire dire voir
    penser apprendre chercher trouver choisir construire réparer comparer décrire raconter partager
    garder ouvrir fermer commencer finir continuer améliorer simplifier attendre petit grand simple
    clair lent rapide ancien nouveau calme vif doux léger étroit large discret précis utile rare
    commun entier possible l'idée d'abord qu'elle aujourd'hui c'est n'est""",
    "en": """the a this our your their each many some with without under on between towards since
    during before after among against and or but when as if that which where often sometimes always
    soon then elsewhere here workshop cooperative association town neighbour team project trade tool
    method survey interview story notebook letter page book sentence picture drawing map music
    forest garden river path house village station train harbour market kitchen bread season winter
    spring summer autumn rain wind light window morning evening network server program version trial
    mistake proof figure measure number scale budget write read say see think learn look find choose
    build repair compare describe tell share keep open close begin finish continue improve wait
    small large simple clear slow quick old new calm lively gentle narrow wide precise useful rare
    common whole possible it's don't""",
}
_TOPICS = """accessibilité agenda architecture archives bibliothèque botanique cartes céramique
cinéma code conception couture cuisine cyclisme dessin écologie écriture édition énergie estampe
forêt géométrie histoire jardin langue lecture lumière mer méthode minéraux montagne musique outils
papier photo poésie reliure réseau train typographie"""
_VOCABULARY = {lang: words.split() for lang, words in _WORDS.items()}
_CATEGORIES = ["carnets", "projets", "lectures", "voyages", "technique", "expositions"]
_PHOTOS = "images"


@dataclass(frozen=True)
class Text:
    """An article, or a page if it has no date; `lang` is "fr" or "en"."""

    slug: str
    lang: str
    title: str
    summary: str
    date: datetime.date | None
    category: str
    topics: list[str]
    parts: list[str]  # of the body; {link} is replaced by the address of another article
    photo: str  # the name of its file, or ""


def write_corpus(
    folder: Path,
    generator: str,
    articles: int,
    *,
    two_languages: bool = False,
    photos: int = 0,
    words: int = 58,
) -> None:
    """Write the texts of a generator below `folder`, which must hold none.

    With `two_languages` each article has an English version. The first `photos` articles have a
    photo each. `words` is the length of each of the nine paragraphs of an article.
    """
    langs = ("fr", "en") if two_languages else ("fr",)
    source = Image.open(io.BytesIO(busy_photo())) if photos else None
    for number in range(photos):
        file = folder / _photo_folder(generator) / f"photo-{number:05}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        # Shifting the pixels makes another photo, equally hard to compress.
        ImageChops.offset(source, 97 * number, 61 * number).save(file, "JPEG", quality=92)
    for lang in langs:
        slugs = [_slug(number, lang) for number in range(articles)]
        for number in range(articles):
            photo = f"photo-{number:05}.jpg" if number < photos else ""
            other = slugs[(number * 7919 + 1) % articles]
            _write(folder, generator, _text(number, lang, words, photo=photo), other, langs)
    for number in range(PAGES):
        page = _text(number, "fr", words, is_page=True)
        _write(folder, generator, page, _slug(number % articles, "fr"), langs)
    if two_languages and generator == "ours":
        names = "".join(f"{name}: {name} in English\n" for name in (*_TOPICS.split(), *_CATEGORIES))
        (folder / "themes.yml").write_text(names, "utf-8")


def _slug(number: int, lang: str) -> str:
    return f"{'note' if lang == 'en' else 'nouvelle'}-{number:05}"


def _text(number: int, lang: str, words: int, *, photo: str = "", is_page: bool = False) -> Text:
    name = f"page-{number:02}" if is_page else _slug(number, lang)
    chance = random.Random(name)  # noqa: S311 - the same texts in each run, no secret
    # A translation has the date and the topics of its original.
    shared = random.Random(number)  # noqa: S311
    heading = _phrase(chance, lang, 4, 6)
    return Text(
        slug=name,
        lang=lang,
        title=f"{heading} {number}",
        summary=_sentence(chance, lang, 16, 22),
        date=None
        if is_page
        else datetime.date(2000, 1, 1) + datetime.timedelta(days=number * 19 // 24),
        category=shared.choice(_CATEGORIES),
        topics=sorted(shared.sample(_TOPICS.split(), shared.randint(2, 4))),
        parts=_body(chance, lang, words),
        photo=photo,
    )


def _body(chance: random.Random, lang: str, words: int) -> list[str]:
    parts = [_paragraph(chance, lang, words)]
    for section in range(4):
        parts.append(f"## {_phrase(chance, lang, 3, 6)}")
        marked = _paragraph(chance, lang, words).split(" ")
        marked[2], marked[5] = f"**{marked[2]}**", f"*{marked[5]}*"
        parts.append(" ".join(marked))
        if section == 1:
            points = (_sentence(chance, lang, 5, 9) for _ in range(5))
            parts.append("\n".join(f"- {point}" for point in points))
        if section == 2:
            words_of_link = _phrase(chance, lang, 3, 5)
            parts.append(f"[{words_of_link}]({{link}}), [example](https://example.org/{section}/).")
            parts.append(f"> {_sentence(chance, lang, 14, 20)}")
        parts.append(_paragraph(chance, lang, words))
    return parts


def _paragraph(chance: random.Random, lang: str, words: int) -> str:
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < words:
        sentences.append(_sentence(chance, lang, 7, 16))
    return " ".join(sentences)


def _sentence(chance: random.Random, lang: str, least: int, most: int) -> str:
    end = chance.choice([".", ".", ".", *((" !", " ?") if lang == "fr" else ("!", "?"))])
    return _phrase(chance, lang, least, most) + end


def _phrase(chance: random.Random, lang: str, least: int, most: int) -> str:
    chosen = chance.choices(_VOCABULARY[lang], k=chance.randint(least, most))
    if len(chosen) > 10:
        chosen[len(chosen) // 2] += ","
    return " ".join(chosen).capitalize()


def _photo_folder(generator: str) -> str:
    """Return a generator's folder of photos, relative to its site."""
    return {"ours": _PHOTOS, "hugo": f"assets/{_PHOTOS}"}.get(generator, f"content/{_PHOTOS}")


def _write(folder: Path, generator: str, text: Text, other: str, langs: tuple[str, ...]) -> None:
    """Write a text; `other` is the slug of the article that it links to."""
    kind = "articles" if text.date else "pages"
    root = f"/{'' if text.lang == 'fr' else 'en/'}"
    photo = f"/{_PHOTOS}/{text.photo}"
    if generator == "ours":
        # A translation is beside its original and shares its name.
        stem = text.slug.replace("note-", "nouvelle-")
        file = f"{kind}/{stem}{'' if text.lang == 'fr' else '.en'}.md"
        link = f"{'' if text.date else '../articles/'}{other.replace('note-', 'nouvelle-')}.md"
        photo = f"..{photo}"
    elif generator == "pelican":
        file, link = f"content/{kind}/{text.slug}.md", f"{{filename}}/articles/{other}.md"
        photo = f"{{static}}{photo}"
    else:
        file, link = f"content/{text.lang}/{kind}/{text.slug}.md", f"{root}articles/{other}/"
        if generator == "hugo":
            # relref makes the build fail for a broken link, as this site's does.
            link = f'{{{{< relref "/articles/{other}.md" >}}}}'
        if generator == "astro":
            photo = f"../..{photo}"
    parts = [part.replace("{link}", link) for part in text.parts]
    if text.photo:
        parts.append(f"![{text.title}]({photo})")
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_header(generator, text, langs) + "\n\n".join(parts) + "\n", "utf-8")


def _header(generator: str, text: Text, langs: tuple[str, ...]) -> str:
    if generator == "pelican":
        lines = [f"Title: {text.title}", f"Slug: {text.slug.replace('note-', 'nouvelle-')}"]
        if text.date:
            lines += [f"Date: {text.date}", f"Category: {text.category}"]
            lines += [f"Tags: {', '.join(text.topics)}", f"Summary: {text.summary}"]
        if len(langs) > 1:
            lines.append(f"Lang: {text.lang}")
        return "\n".join([*lines, "", ""])
    lines = ["---", f'title: "{text.title}"', f"slug: {text.slug}", f'summary: "{text.summary}"']
    if generator == "ours":
        if text.date and text.lang == "fr":
            lines += [f"date: {text.date}"]
            lines += [f"tags: [{', '.join(sorted([*text.topics, text.category]))}]"]
    else:
        lines.append(f"date: {text.date or '2000-01-01'}")
        if text.date:
            lines += [f"categories: [{text.category}]", f"topics: [{', '.join(text.topics)}]"]
    return "\n".join([*lines, "---", "", ""])
