"""The W3C's checker over a folder: its errors and warnings become faults with file and line."""

import json
import re
from functools import partial

import pytest

from engine.checking.pages import w3c_check
from engine.checking.pages.w3c_check import check_markup, is_filtered, main
from engine.faults import ProblemError
from engine.pages import page_policy
from tests import sites

GOOD = """<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>Une page</title></head>
<body><h1>Une page</h1><p>Un texte en français, assez long pour être reconnu.</p>
{}
</body></html>
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg">\n{}\n</svg>\n'
MESSAGE = {"type": "error", "lastLine": 5, "message": "Stray end tag “p”.", "extract": "a</p>"}
needs_checker = pytest.mark.needs("java", "vnu")


@needs_checker
def test_good_pages_drawings_and_style_sheets_give_no_fault(tmp_path):
    files = {"index.html": GOOD.format(""), "a.svg": DRAWING.format("<path/>"), "a.css": "a {}"}
    assert check_markup(sites.write(tmp_path, files)) == []


@needs_checker
def test_each_error_and_warning_is_told_with_its_file_and_line(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")  # where Java alone finds no file named “été”
    files = {
        "index.html": GOOD.format('<img src="a.png">'),
        "a b/été.html": GOOD.format("<section><p>Sans titre</p></section>"),
        "theme/a.svg": DRAWING.format("<cercle/>"),
        "theme/a.css": "a { color: red }\n\nb { colour: red }\n",
        "theme/text.txt": "<p",
        "flux.xml": "<feed",
    }
    faults = check_markup(sites.write(tmp_path, files))
    assert sorted({(fault.path, fault.line, fault.key) for fault in faults}) == [
        ("a b/été.html", 5, "w3c-warning"),
        ("index.html", 5, "w3c-error"),
        ("theme/a.css", 3, "w3c-error"),
        ("theme/a.svg", 2, "w3c-error"),
    ]
    image = next(fault for fault in faults if fault.path == "index.html")
    assert str(image.problem).startswith("An “img” element must have an “alt” attribute")


@needs_checker
def test_a_page_may_show_a_picture_of_the_site_under_its_policy(tmp_path):
    page = GOOD.replace("<head>", f"<head>{page_policy.filled(page_policy.EMPTY)}")
    picture = '<img src="{}/a.png" alt="Une rue" width="1" height="1">'
    write = partial(sites.write, tmp_path)
    assert check_markup(write({"index.html": page.format(picture.format("/images"))})) == []
    (fault,) = check_markup(write({"index.html": page.format(picture.format("//a.example"))}))
    assert "blocked by “img-src”" in str(fault.problem)


@needs_checker
def test_the_page_of_the_search_may_load_its_script_and_no_other_page_one(tmp_path):
    def page(**policy):
        own = page_policy.filled(page_policy.EMPTY, **policy)
        return GOOD.replace("<head>", f"<head>{own}").format(script)

    script = '<script type="module" src="{}/a.js"></script>'.format("/theme")
    assert check_markup(sites.write(tmp_path, {"index.html": page(searches=True)})) == []
    script = script.replace("/theme", "//a.example")
    (fault,) = check_markup(sites.write(tmp_path, {"index.html": page(searches=True)}))
    assert "blocked by “script-src”" in str(fault.problem)


def test_each_filtered_message_has_a_reason_and_a_pattern_that_can_be_read():
    for pattern, reason in w3c_check.FILTERED.items():
        assert re.compile(pattern)
        assert len(reason) > 20


def test_a_remark_is_left_out_and_a_warning_is_not():
    remark = {"type": "info", "message": "Trailing slash on void elements has no effect."}
    assert is_filtered(remark)
    assert not is_filtered(remark | {"subType": "warning"})
    assert not is_filtered(remark | {"type": "non-document-error"})


def test_a_pattern_has_to_match_the_whole_message():
    assert is_filtered(MESSAGE, {"Stray end tag .*": "a test"})
    assert not is_filtered(MESSAGE, {"Stray": "a test"})


@pytest.fixture
def site(tmp_path):
    """A folder of one page."""
    return sites.write(tmp_path / "site", {"index.html": GOOD, "vnu.jar": ""})


@pytest.fixture
def java(tmp_path, monkeypatch, site):
    """Put a Java in the place of the real one, which says what a test wants it to say."""

    def install(says: str) -> None:
        sites.write(tmp_path, {"bin/java": f"#!/bin/sh\ncat <<'END'\n{says}\nEND\n"})
        (tmp_path / "bin/java").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}/bin:/bin:/usr/bin")
        monkeypatch.setattr(w3c_check, "JAR", site / "vnu.jar")

    return install


def test_the_command_prints_each_fault_and_fails(site, java, capsys):
    java(json.dumps({"messages": [MESSAGE | {"url": f"file:{site}/./a%20b/été.html"}]}))
    assert main([str(site)]) == 1
    assert capsys.readouterr().out == (
        "a b/été.html:5: w3c-error: Stray end tag “p”, at “a</p>”;"
        " fix the text or the template that it comes from\n"
    )


def test_the_command_counts_the_pages_where_nothing_is_wrong(site, java, capsys):
    java('{"messages": []}')
    assert main([str(site)]) == 0
    assert capsys.readouterr().out == "1 pages: no fault\n"


def test_a_message_of_the_table_is_left_out(site, java, monkeypatch):
    java(json.dumps({"messages": [MESSAGE]}))
    assert check_markup(site) != []
    monkeypatch.setitem(w3c_check.FILTERED, "Stray end tag .*", "a test")
    assert check_markup(site) == []


def test_a_folder_without_pages_is_a_fault(tmp_path):
    (fault,) = check_markup(sites.write(tmp_path, {"a.css": "a {}"}))
    assert str(fault.problem) == "there is no page"


def test_a_machine_without_java_is_told_what_to_install(site, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert main([str(site)]) == 1
    assert "apt-get install default-jre-headless" in capsys.readouterr().err


def test_a_missing_jar_is_told_with_the_command_that_brings_it(site, java):
    java('{"messages": []}')
    (site / "vnu.jar").unlink()
    with pytest.raises(ProblemError, match=r"vnu\.jar is missing; call `npm ci"):
        check_markup(site)


def test_a_java_that_does_not_work_is_no_clean_site(site, java):
    java("UnsupportedClassVersionError")
    with pytest.raises(ProblemError, match=r"UnsupportedClass.*; install Java 17"):
        check_markup(site)
