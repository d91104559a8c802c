"""A text that was renamed or hidden by hand: publish knows it, and says what keeps its readers."""

import re
import shlex
import shutil

import pytest

from engine.publishing import moved_texts
from engine.texts import library
from engine.texts.partial_dates import present_day
from pelicanconf import ADDRESSES, TIMEZONE
from tests import sites
from tests.sites import article

TODAY = present_day(TIMEZONE)
WORDS = " ".join(f"mot{number}" for number in range(40))
A = article("Un", slug="un", aliases="[/ancien/]", body=WORDS)
OTHERS = {"articles/b.md": article("Deux", slug="deux", body="Tout autre chose, et court.")}


@pytest.fixture
def remedies(tmp_path):
    """What is told where a site becomes another: `remedies(before, after)`, by lost address."""

    def run(before, after):
        shown = []
        for files in (before, after):
            shutil.rmtree(tmp_path / "content", ignore_errors=True)
            content = sites.write(tmp_path / "content", OTHERS | files)
            built = sites.build(content, tmp_path / f"output-{len(shown)}")
            assert built.code == 0, built.complaints
            shown.append(built.site)
        live, new = shown
        found = library.read_texts(content, addresses=ADDRESSES, today=TODAY)
        lost = sorted(set(live.addresses) - set(new.addresses))
        added = sorted(set(new.addresses) - set(live.addresses))
        told = moved_texts.remedies(lost, added, found, live.text, new.text)
        return content, {address: str(remedy) for address, remedy in told.items()}

    return run


def test_a_text_that_was_renamed_by_hand_is_known_and_the_line_to_paste_is_told(remedies):
    renamed = A.replace("slug: un", "slug: autre").replace("mot7 ", "mots ")
    content, told = remedies({"articles/a.md": A}, {"articles/z.md": renamed})
    path = f"{content}/articles/z.md"
    line = "aliases: [/ancien/, /actualites/un/]"
    assert told == {
        "/actualites/un/": f"write {line} in the header of {path}, where the text is now, "
        "or call with --gone=/actualites/un/"
    }
    pasted = re.sub("aliases: .*", line, renamed)
    built = sites.build(sites.write(content, {"articles/z.md": pasted}), content.parent / "o")
    assert "url=/actualites/autre/" in built.site.text("/actualites/un/")


def test_a_text_that_was_written_anew_is_known_by_its_title_and_date(remedies):
    renamed = article("Un", slug="autre", body="Tout est récrit.")
    _, told = remedies({"articles/a.md": A}, {"articles/a.md": renamed})
    assert "aliases: [/actualites/un/]" in told["/actualites/un/"]
    later = article("Un", "2013", slug="autre", body="Une autre nouvelle, de même titre.")
    _, told = remedies({"articles/a.md": A}, {"articles/a.md": later})
    assert "/actualites/un/" not in told


def test_a_new_text_is_not_taken_for_one_that_went(remedies):
    _, told = remedies(
        {"articles/a.md": A}, {"articles/c.md": article("Trois", slug="trois", body="Du neuf.")}
    )
    assert told == {}


def test_a_text_that_was_hidden_by_hand_is_named_with_the_command_that_asks(remedies):
    hidden = A.replace("slug: un", "slug: un\nstatus: draft")
    name = "articles/l'atelier du soir.md"
    content, told = remedies({name: A}, {name: hidden})
    command = re.search(r"\./inv (.+), or call with", told["/actualites/un/"])[1]
    assert shlex.split(command) == ["hide", f"{content}/{name}", "--to=/"]


def test_a_live_site_that_does_not_answer_is_asked_once(tmp_path):
    content = sites.write(tmp_path, {"articles/a.md": A})
    found = library.read_texts(content, addresses=ADDRESSES, today=TODAY)
    asked = []

    def live_page(address):
        asked.append(address)
        raise OSError

    page = "<main><h1>Un</h1><div class=prose>Mots</div></main>"
    told = moved_texts.remedies(
        ["/x/", "/y/"], ["/actualites/un/"], found, live_page, lambda _address: page
    )
    assert (told, asked) == ({}, ["/x/"])
