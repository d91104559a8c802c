"""A day of the person who writes: from an idea to an article in two languages, by the commands."""

import pytest

from tests.sites import photo

pytestmark = pytest.mark.needs("git")

TEXT = """Trois semaines d'ateliers avec [l'Atelier](../pages/projects/atelier.md).

![Six personnes montent une table sur la place.](/images/ete.jpg "L'atelier du samedi")
"""
MISTAKES = {
    "summary:": ("sumary:", 6, "sumary: no article has this key; did you mean summary?"),
    "atelier.md": ("ateler.md", 8, "link: "),
    "![Six personnes montent une table sur la place.]": ("![]", 10, "image: "),
}


def test_an_idea_in_the_morning_is_an_article_in_two_languages_in_the_evening(copy):
    said = copy.runs('./inv article "L\'été à Saint-Étienne"').splitlines()
    assert said[1] == "address: /actualites/l-ete-a-saint-etienne/"
    path = copy.folder / said[0]
    begun = path.read_text("utf-8")
    head = [line for line in begun.splitlines() if line.startswith(("title", "date", "slug"))]
    assert head[0] == 'title: "L\'été à Saint-Étienne"'

    (copy.folder / "content" / "images").mkdir(exist_ok=True)
    (copy.folder / "content" / "images" / "ete.jpg").write_bytes(photo())
    header = ["---", *head, "status: draft"]
    header += ["#"] * (5 - len(header)) + ['summary: "Un été d\'ateliers."', "---"]
    draft = "\n".join(header) + "\n" + TEXT
    path.write_text(draft, "utf-8")
    copy.shows("/actualites/l-ete-a-saint-etienne/", "L’atelier du samedi")
    copy.shows("/actualites/", "[brouillon]")

    published = draft.replace("status: draft", "status: published")
    wrong = published
    for right, (mistake, _line, _message) in MISTAKES.items():
        wrong = wrong.replace(right, mistake)
    path.write_text(wrong, "utf-8")
    found = copy.fails("./inv check --texts")
    for _mistake, line, message in MISTAKES.values():
        assert f"{said[0]}:{line}: {message}" in found.replace("fault: ", ""), found
    assert "3 faults" in found
    assert not (copy.folder / "output").exists()

    for right, (mistake, _line, _message) in MISTAKES.items():
        wrong = wrong.replace(mistake, right)
        path.write_text(wrong, "utf-8")
    assert wrong == published
    assert "0 faults" in copy.runs("./inv check --texts")

    translated = copy.runs(f"./inv translate {said[0]}").splitlines()
    english = copy.folder / translated[0]
    words = english.read_text("utf-8").replace("status: draft\n", "")
    for french, other in {
        "L'été à Saint-Étienne": "Summer in Saint-Étienne",
        "Un été d'ateliers.": "A summer of workshops.",
        "Trois semaines d'ateliers avec [l'Atelier]": (
            "Three weeks of workshops with [the Workshop]"
        ),
        "Six personnes montent une table sur la place.": "Six people build a table on the square.",
        "L'atelier du samedi": "The Saturday workshop",
    }.items():
        assert french in words
        words = words.replace(french, other)
    english.write_text(words, "utf-8")
    assert f"present  {translated[0]}" in copy.runs("./inv translations")

    assert "0 faults" in copy.runs("./inv check")
    copy.runs("./inv build")
    pages = {
        "actualites/l-ete-a-saint-etienne": ("L’atelier du samedi", "/projets/atelier/"),
        "en/news/summer-in-saint-etienne": ("The Saturday workshop", "/en/projects/atelier/"),
    }
    for address, (caption, project) in pages.items():
        page = (copy.folder / "output" / address / "index.html").read_text("utf-8")
        assert caption in page
        assert f'href="{project}"' in page
        assert "image/avif" in page
        for other in pages:
            assert f'/{other}/"' in page
