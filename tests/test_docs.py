"""The documents of the project: what they link to exists."""

import re
import textwrap
import tomllib
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from invoke import Collection
from markdown_it import MarkdownIt

import tasks
from engine.languages import LANGUAGES
from engine.messages.catalogue import translate
from tests.sites import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def parsed(path):
    return BeautifulSoup(
        MarkdownIt("commonmark").enable("table").render(path.read_text("utf-8")), "html.parser"
    )


def anchors(path):
    """The ids that forges give to headings: small letters, spaces as dashes, no punctuation."""
    found = set()
    for heading in parsed(path).find_all(re.compile("^h[1-6]$")):
        name = re.sub(r"[^\w\- ]", "", heading.get_text().strip().lower()).replace(" ", "-")
        repeated = sum(
            re.fullmatch(rf"{re.escape(name)}(-\d+)?", each) is not None for each in found
        )
        found.add(f"{name}-{repeated}" if repeated else name)
    return found


def broken_links(path):
    document = parsed(path)
    references = [tag["href"] for tag in document.find_all("a", href=True)]
    references += [tag["src"] for tag in document.find_all("img", src=True)]
    for reference in references:
        parts = urlsplit(reference)
        if parts.scheme:
            continue
        target = path.parent / unquote(parts.path) if parts.path else path
        if not target.exists():
            yield f"{reference}: there is no such file"
        elif parts.fragment and unquote(parts.fragment) not in anchors(target):
            yield f"{reference}: {target.name} has no such heading"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_document_links_to_what_exists(path):
    assert list(broken_links(path)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_command_has_one_clear_line(monkeypatch, lang):
    """`./inv --list` sets names and lines side by side in 80 columns."""
    monkeypatch.setenv("SITE_MESSAGES", lang)
    tasks_of_site = Collection.from_module(tasks).tasks.values()
    lines = [translate(each.body.__doc__) for each in tasks_of_site]
    assert len(lines) > 10
    assert all(2 < len(line) < 62 and "\n" not in line for line in lines)


def rows_of_changes(path):
    """The cells of the table “Where do I change…”: what, and the words in backticks of where."""
    heading = parsed(path).find("h2", string="Where do I change…")
    rows = heading.find_next("table").tbody.find_all("tr")
    return [[cell.find_all("code") for cell in row.find_all("td")] for row in rows]


def lost_names(rows):
    """Files that do not exist; names that no file of their cell defines; unknown commands."""
    commands = {f"./inv {name}" for name in Collection.from_module(tasks).task_names}
    for where in ({tag.get_text() for tag in row[-1]} for row in rows):
        files = {name for name in where if "/" in name[2:] or (ROOT / name).is_file()}
        # The owner's files may say anything, or be missing.
        code = [ROOT / name for name in files if not name.startswith("content/")]
        yield from (str(path.relative_to(ROOT)) for path in code if not path.exists())
        text = "\n".join(path.read_text("utf-8") for path in code if path.is_file())
        for name in where - files:
            defined = rf"^[ \t]*(?:(?:def|class) )?{re.escape(name)}\b(?=[(:,= ]|$)"
            is_command = " ".join(name.split()[:2]) in commands
            if not is_command and not re.search(defined, text, re.MULTILINE):
                yield name


def test_the_table_of_changes_names_what_exists():
    rows = rows_of_changes(ROOT / "CONTRIBUTING.md")
    assert len(rows) >= 25
    assert list(lost_names(rows)) == []


def test_lost_names_of_the_table_of_changes_are_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "## Where do I change…\n\n| what | where |\n| --- | --- |\n"
        "| a | `tests/test_docs.py` (`rows_of_changes`), then `./inv build` |\n"
        "| b | `tests/none.py`, `tests/test_docs.py` (`NO_NAME`), then `./inv none` |\n"
    )
    assert sorted(lost_names(rows_of_changes(page))) == ["./inv none", "NO_NAME", "tests/none.py"]


def test_broken_links_are_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# L’été, à deux\n\n[a](#lété-à-deux) [b](#no) [c](no.md) ![d](no.png) [e](page.md#no)"
    )
    assert [link.partition(":")[0] for link in broken_links(page)] == [
        "#no",
        "no.md",
        "page.md#no",
        "no.png",
    ]


def commands_of(heading: str) -> str:
    """The only block of commands below a heading of the README."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    (commands,) = re.findall(r"^ *```sh\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return commands


def test_the_readme_begins_in_french_as_french_is_set():
    first, english = (ROOT / "README.md").read_text("utf-8").split("\n## In English\n")
    assert first.startswith("# Ruban\n\n[In English](#in-english)\n")
    prose = re.sub(r"```.*?```|`[^`]*`|!(?=\[)|\]\([^)]*\)|<[^>]*>", "", first, flags=re.DOTALL)
    # A narrow no-break space before ; ! ?, a no-break space before : and inside « ».
    assert re.findall(r".?[^\u202f][;!?]|[^\u00a0\n]:|«[^\u00a0]|[^\u00a0]»|\w'\w", prose) == []
    assert len(re.findall("«\u00a0|\u202f;|\u00a0:", prose)) >= 5
    assert not re.search(r"[«»]|\b(?:et|les|une)\b", re.sub("`[^`]*`", "", english))


def test_both_languages_of_the_readme_start_a_site_by_the_same_commands():
    assert commands_of("Commencer le vôtre") == commands_of("Start your own")


def test_the_changelog_names_no_version_but_those_up_to_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    headings = re.findall("^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    waiting = headings[:1] == ["Unreleased"]
    released = [re.fullmatch(r"([0-9.]+) \(\d{4}-\d\d-\d\d\)", each) for each in headings[waiting:]]
    assert None not in released, headings
    versions = [tuple(map(int, match[1].split("."))) for match in released]
    own = tuple(map(int, project["version"].split(".")))
    assert versions == sorted(versions, reverse=True)
    assert all(version <= own for version in versions)
    assert waiting or versions[0] == own


@pytest.mark.slow
@pytest.mark.needs("git")
def test_a_site_of_ones_own_is_started_as_the_readme_says(copy):
    commands = commands_of("Start your own")
    copy.runs("git config user.name A && git config user.email a@example.org")
    before = {path.name for path in (copy.folder / "content").rglob("*")}
    said = copy.runs(textwrap.dedent(commands))
    assert "0 faults" in said
    (aside,) = copy.folder.glob(".set-aside/*/content")
    assert {path.name for path in aside.rglob("*")} == before
    assert "<h1>Le Lavoir</h1>" in (copy.folder / "output/index.html").read_text("utf-8")
    assert (copy.folder / "output/en/about/index.html").exists()
    assert copy.runs("git log -1 --format=%s") == "Un site neuf\n"
    (back,) = (line for line in said.splitlines() if line.startswith("mv "))
    copy.runs(back)
    assert {path.name for path in (copy.folder / "content").rglob("*")} == before
