"""The W3C's checker over a folder: its errors and warnings become faults with file and line."""

import json
import re

import pytest

from publishing import w3c_check
from publishing.w3c_check import CheckerMissingError, check_markup, is_filtered, main
from tests import sites

GOOD = """<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>Une page</title></head>
<body><h1>Une page</h1><p>Un texte en français, assez long pour être reconnu.</p>
{}
</body></html>
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg">\n{}\n</svg>\n'
needs_checker = pytest.mark.needs("java", "vnu")


def check(folder, files: dict[str, str]) -> list[tuple]:
    faults = check_markup(sites.write(folder, files))
    return [(fault.path, fault.line, fault.key) for fault in faults]


@needs_checker
def test_a_good_page_drawing_and_style_sheet_give_no_fault(tmp_path, capsys):
    files = {"index.html": GOOD.format(""), "a.svg": DRAWING.format("<path/>"), "a.css": "a {}"}
    assert main([str(sites.write(tmp_path, files))]) == 0
    assert capsys.readouterr().out == "1 pages: no fault\n"


@needs_checker
def test_each_error_and_warning_is_told_with_its_file_and_line(tmp_path):
    files = {
        "index.html": GOOD.format('<img src="a.png">'),
        "a b/été.html": GOOD.format("<section><p>Sans titre</p></section>"),
        "theme/a.svg": DRAWING.format("<cercle/>"),
        "theme/a.css": "a { color: red }\n\nb { colour: red }\n",
        "theme/text.txt": "<p",
        "flux.xml": "<feed",
    }
    assert sorted(set(check(tmp_path, files))) == [
        ("a b/été.html", 5, "w3c-warning"),
        ("index.html", 5, "w3c-error"),
        ("theme/a.css", 3, "w3c-error"),
        ("theme/a.svg", 2, "w3c-error"),
    ]


@needs_checker
def test_names_are_read_in_any_locale(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    assert check(tmp_path, {"été.html": GOOD.format('<img src="a.png">')}) == [
        ("été.html", 5, "w3c-error")
    ]


@needs_checker
def test_the_command_prints_each_fault_and_fails(tmp_path, capsys):
    sites.write(tmp_path, {"index.html": GOOD.format('<img src="a.png">')})
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("index.html:5: w3c-error: An “img” element must have")


@needs_checker
def test_a_message_of_the_table_is_left_out(tmp_path, monkeypatch):
    sites.write(tmp_path, {"index.html": GOOD.format('<img src="a.png">')})
    monkeypatch.setitem(w3c_check.FILTERED, "An “img” element must have .*", "a test")
    assert check_markup(tmp_path) == []


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
    message = {"type": "error", "message": "Stray end tag “p”."}
    assert is_filtered(message, {"Stray end tag .*": "a test"})
    assert not is_filtered(message, {"Stray": "a test"})


def test_a_folder_without_pages_is_a_fault(tmp_path):
    assert check(tmp_path, {"a.css": "a {}"}) == [(str(tmp_path), None, "w3c")]


def test_a_machine_without_java_is_told_what_to_install(tmp_path, monkeypatch, capsys):
    sites.write(tmp_path, {"index.html": GOOD})
    monkeypatch.setenv("PATH", "")
    assert main([str(tmp_path)]) == 1
    assert "apt-get install default-jre-headless" in capsys.readouterr().err


@pytest.fixture
def java(tmp_path, monkeypatch):
    """A Java that says what a test wants it to say."""

    def install(says: str) -> None:
        command = sites.write(tmp_path, {"bin/java": f"#!/bin/sh\ncat <<'END'\n{says}\nEND\n"})
        (command / "bin/java").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}/bin:/bin:/usr/bin")
        sites.write(tmp_path, {"site/index.html": GOOD, "vnu.jar": ""})

    return install


def test_a_missing_jar_is_told_with_the_command_that_brings_it(tmp_path, java):
    java(json.dumps({"messages": []}))
    assert check_markup(tmp_path / "site", tmp_path / "vnu.jar") == []
    with pytest.raises(CheckerMissingError, match=r"gone\.jar is missing: call `npm ci"):
        check_markup(tmp_path / "site", tmp_path / "gone.jar")


def test_a_java_that_does_not_work_is_no_clean_site(tmp_path, java):
    java("UnsupportedClassVersionError")
    with pytest.raises(CheckerMissingError, match=r"Java 17 is needed.*UnsupportedClass"):
        check_markup(tmp_path / "site", tmp_path / "vnu.jar")
