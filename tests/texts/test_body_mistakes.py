"""Mistakes below the header: one finding at its line, and a remedy that works when pasted."""

import re

import pytest

from engine import checking
from engine.checking.texts import spelling
from tests import sites
from tests.sites import article, header

A = "articles/a.md"
FILES = {
    "home.md": header(title="Accueil", summary="Un accueil.") + "Un texte.",
    "articles/b.md": article("B", summary="Un autre.", tags="[design]", aliases="[/ancien/]"),
    "images/été à lyon.png": sites.photo(40, 30, "PNG"),
    "images/a.png": sites.photo(40, 30, "PNG"),
    "files/un plan.pdf": b"%PDF",
    "articles/images.md": article(
        "Images",
        summary="Des images.",
        body="![Vue](/images/a.png)\n\n![Vue](</images/été à lyon.png>)\n\n"
        "[Le plan](</files/un plan.pdf>)",
    ),
}
# The line as typed, and the line once the writer has pasted what the remedy says.
LINES = {
    "straight quotes in a caption": (
        '![Vue](/images/a.png "La "Place" du lieu")',
        r'![Vue](/images/a.png "La \"Place\" du lieu")',
    ),
    "an apostrophe in a caption": (
        "![Vue](/images/a.png 'La place de l'été')",
        '![Vue](/images/a.png "La place de l\'été")',
    ),
    "curly quotes around a caption": (
        "![Vue](/images/a.png “La place”)",
        '![Vue](/images/a.png "La place")',
    ),
    "French quotes around a caption": (
        "![Vue](/images/a.png «\u00a0La place\u00a0»)",
        '![Vue](/images/a.png "La place")',
    ),
    "spaces in the name of an image": (
        "![Vue](/images/été à lyon.png)",
        "![Vue](</images/été à lyon.png>)",
    ),
    "spaces in the name of an image with a caption": (
        '![Vue](/images/été à lyon.png "La place")',
        '![Vue](</images/été à lyon.png> "La place")',
    ),
    "spaces in the name of a file": (
        "[Le plan](/files/un plan.pdf)",
        "[Le plan](</files/un plan.pdf>)",
    ),
    "an image without its slash": ("![Vue](images/a.png)", "![Vue](/images/a.png)"),
    "an image of another folder": ("![Vue](../image/a.png)", "![Vue](/images/a.png)"),
    "a file with an ending missing": (
        "[Le plan](</files/un plan>)",
        "[Le plan](</files/un plan.pdf>)",
    ),
    "a page without its slash": ("[Le parcours](/parcours)", "[Le parcours](/parcours/)"),
    "a page mistyped": ("[Le parcours](/parcour/)", "[Le parcours](/parcours/)"),
    "an old address": ("[Le lieu](/ancien/)", "[Le lieu](/actualites/b/)"),
    "an address without its protocol": (
        "[Le lieu](//exemple.fr/x)",
        "[Le lieu](https://exemple.fr/x)",
    ),
    "a text mistyped": ("[Le lieu](bb.md)", "[Le lieu](/articles/b.md)"),
    "a theme mistyped": ("[Le lieu]({tag}desing)", "[Le lieu]({tag}design)"),
    "bold words with a space inside": ("Un **mot ** gras", "Un **mot** gras"),
    "bold words after a space": ("Un ** mot** gras", "Un **mot** gras"),
    "bold words with a no-break space inside": ("Un **mot\u00a0** gras", "Un **mot** gras"),
    "bold words with a thin space inside": ("Un **mot\u2009**.", "Un **mot**."),
    "words with a space in their mark": ("Un *mot * gras", "Un *mot* gras"),
    "a heading without its space": ("##Titre", "## Titre"),
    "a task": ("- [ ] Peindre", "- ☐ Peindre"),
    "a list of a word processor": ("• Un", "- Un"),
    "a link without its bracket": ("[le lieu(https://exemple.fr)", "[le lieu](https://exemple.fr)"),
    "a link with a space": ("[le lieu] (https://exemple.fr)", "[le lieu](https://exemple.fr)"),
    "a link the wrong way round": (
        "(le lieu)[https://exemple.fr]",
        "[le lieu](https://exemple.fr)",
    ),
    "a highlight": ("Un ==mot==", "Un <mark>mot</mark>"),
    "a level skipped": ("### Un titre", "## Un titre"),
    "an id of a footnote": ("## Titre {#note-1}", "## Titre {#note-1-bis}"),
    "words in English": ("Un workshop ouvert", "Un [workshop]{lang=en} ouvert"),
    "a bar in a cell": ("| `a|b` | c |", None),
}


def look(folder, line):
    body = f"Un texte.\n\n{line}"
    if line.startswith("| "):
        body = f"| un | deux |\n|---|---|\n{line}"
    files = FILES | {A: article(summary="Un résumé.", body=body)}
    return checking.findings(sites.write(folder, files))


def pasted(line, finding):
    """The line once the writer has done what the remedy says."""
    if match := re.fullmatch(r"did you mean (.+)\?", str(finding.remedy)):
        mark = "{tag}" if "{tag}" in line else ""
        return re.sub(r"\(.*\)", lambda _: f"({mark}{match[1]})", line)
    if match := re.fullmatch(r"write \\\| for a \| in a cell: (.*)", str(finding.remedy)):
        return match[1]
    example = r"write (?:another, such as |the new one, )?(.*?)(?:, or say it .*)?"
    new = re.search(f"{example}$", str(finding.remedy))[1]
    if new.startswith(("/", "https:")):
        return re.sub(r"\(.*\)", f"({new})", line)
    told = re.match("(?:.*id )?“([^”]*)”|.*, “(.*)”, is printed", str(finding.problem))
    if told is None or new.startswith(("- ", "#")):
        return new
    return line.replace(told[1] or told[2], new)


@pytest.mark.parametrize("name", LINES)
def test_one_mistake_is_one_finding_at_its_line_with_a_remedy_that_works(
    name, tmp_path, monkeypatch
):
    monkeypatch.setattr(spelling, "dictionary", lambda _lang: None)
    typed, meant = LINES[name]
    (finding,) = look(tmp_path / "typed", typed)
    assert (finding.path, finding.line) == (str(tmp_path / "typed" / A), 8), finding
    new = pasted(typed, finding)
    assert meant in (None, new)
    assert look(tmp_path / "pasted", new) == []


def test_what_the_remedies_say_is_built(build):
    lines = [meant for _typed, meant in LINES.values() if meant]
    files = {
        f"articles/t{number}.md": article(f"T{number}", body=f"Un texte.\n\n{line}")
        for number, line in enumerate(lines)
    }
    built = build(FILES | files)
    assert built.code == 0, built.complaints
    assert "Place" in built.site.page("/actualites/t0/").figcaption.get_text()
    assert built.site.page("/actualites/t16/").select_one(".prose strong").get_text() == "mot"
