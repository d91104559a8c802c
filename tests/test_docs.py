"""The documents of the project: what they link to exists."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from invoke import Collection
from markdown_it import MarkdownIt

import tasks
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


def test_each_command_has_one_clear_line():
    """`inv --list` sets names and lines side by side in 80 columns."""
    lines = [each.body.__doc__ for each in Collection.from_module(tasks).tasks.values()]
    assert len(lines) > 10
    assert all(2 < len(line) < 62 and "\n" not in line for line in lines)


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
