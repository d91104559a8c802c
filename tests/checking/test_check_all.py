"""The command `./inv check`: its formats, its exit code, its order."""

import json
import os
import re
import subprocess
import sys

import pytest

from engine.checking import report
from engine.checking.finding import Finding, Severity
from engine.faults import Message
from tests import sites
from tests.sites import article

A, B = "articles/a.md", "articles/b.md"
HOME = {"home.md": sites.header(title="Accueil", summary="Un accueil.") + "Un texte."}
GOOD = HOME | {A: article(summary="Un résumé.", body="Voir [le lieu](https://example.org).")}
WARNED = HOME | {"site.yml": "owner:\n", A: article(body="Un texte.")}
WRONG = HOME | {B: article("B", body="[x](y.md)\n\n#### Deux"), A: article(body="[ici](b.md)")}


@pytest.fixture
def check(tmp_path):
    """Run the command on a content folder: its exit code, what it printed, its complaints."""

    def run(files, *arguments, **environment):
        content = sites.write(tmp_path / "content", files)
        return subprocess.run(
            [sys.executable, "-m", "invoke", "--search-root", sites.ROOT, "check", *arguments],
            cwd=tmp_path,
            env={**os.environ, "SITE_CONTENT": str(content), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_all_findings_come_at_once_by_file_and_line(check):
    done = check(WRONG)
    places = re.findall(r"^content/(\S+): .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    assert places == [
        ("articles/a.md:2", "summary-missing"),
        ("articles/a.md:5", "link-says-nothing"),
        ("articles/b.md:2", "summary-missing"),
        ("articles/b.md:5", "link"),
        ("articles/b.md:7", "heading-skipped"),
    ]
    assert done.returncode == 1
    *_, note, counted = done.stdout.splitlines()
    assert note == "the pages are checked once the texts have no fault"
    assert counted == "2 faults, 3 warnings"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "/blog", "/blog/", "/a/b"])
def test_a_site_below_a_path_has_the_findings_of_one_without(check, path):
    files = GOOD | {
        A: article(
            summary="Un résumé.",
            body="![Une place](/images/p.jpg) [le plan](/files/a.pdf) [b](b.md) "
            "[le parcours](/parcours/) [thème]({tag}design)",
            tags="[design]",
        ),
        B: article("B", summary="Un autre.", aliases="[/ancien/]", body="[la place](a.md)"),
        "images/p.jpg": sites.photo(80, 50),
        "files/a.pdf": b"%PDF",
    }
    done = check(files, SITE_URL=f"https://x.example{path}")
    assert "Traceback" not in done.stderr
    assert done.stdout.splitlines()[-1].startswith("0 faults"), done.stdout
    assert done.returncode == 0, done.stdout
    broken = {A: article(summary="Un résumé.", body="<a href='/blog/nulle-part/'>x</a>")}
    done = check(files | broken, SITE_URL=f"https://x.example{path}")
    assert done.returncode == 1


@pytest.mark.slow
def test_warnings_and_advice_do_not_fail_the_check(check):
    done = check(WARNED)
    assert done.returncode == 0
    assert "content/articles/a.md:2: warning: the header has no summary; add" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 faults, 1 warning, 9 pieces of advice"


def test_a_fault_of_a_page_fails_the_check_unless_only_texts_are_looked_at(check):
    files = GOOD | {"articles/b.md": article("Une nouvelle", summary="B.", slug="b")}
    done = check(files)
    assert done.returncode == 1
    place = r"^content/articles/[ab]\.md:2: same-title: “Une nouvelle” is also the title of .+;"
    assert re.search(place, done.stdout, re.MULTILINE), done.stdout + done.stderr
    assert done.stdout.count("is also the title of") == 1
    texts_alone = check(files, "--texts")
    assert texts_alone.returncode == 0
    assert "[title-twice]" in texts_alone.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "page"), [("Actualités", "actualites/index.html"), ("Projets", "projets/index.html")]
)
def test_a_text_with_the_title_of_a_list_is_told_at_its_own_line(check, title, page):
    done = check(GOOD | {B: article(title, summary="B.", slug="b")})
    assert re.findall(r"^.*same-title.*$", done.stdout, re.MULTILINE) == [
        f"content/{B}:2: same-title: “{title}” is also the title of {page}; "
        "write a title that says what this text has of its own [same-title]"
    ], done.stdout
    assert done.returncode == 1
    better = {B: article("Des nouvelles du lavoir", summary="B.", slug="b")}
    assert check(GOOD | better).returncode == 0


def test_a_silence_holds_for_the_page_of_its_text(check):
    files = GOOD | {
        B: article("B", summary="B.", body="## Un\n\n#### Deux"),
        "silences.yml": "".join(
            f"- rule: {rule}\n  file: {B}\n  reason: Un poème.\n"
            for rule in ("heading-skipped", "heading-level")
        ),
    }
    done = check(files)
    assert (done.returncode, "silence" in done.stdout) == (0, False), done.stdout + done.stderr
    # Nothing is known of pages here.
    assert "silence" not in check(files, "--texts").stdout


def test_the_findings_can_be_read_by_programs(check):
    done = check(WRONG, "--format", "json", "--texts")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert said["counts"] == {"fault": 2, "warning": 3, "advice": 0}
    assert said["findings"][3] == {
        "path": "content/articles/b.md",
        "line": 5,
        "rule": "link",
        "severity": "fault",
        "problem": "y.md leads to no file",
        "remedy": "name a file of the content folder",
        "key": "link",
    }


def test_the_findings_can_be_annotations(check):
    done = check(
        WRONG
        | {"site.yml": "owner:\n  name:\n", "articles/c,d.md": article("100 %", summary="x " * 90)},
        "--format=github",
        "--texts",
    )
    lines = done.stdout.splitlines()
    assert (
        "::error file=content/articles/b.md,line=5,title=link::"
        "y.md leads to no file; name a file of the content folder"
    ) in lines
    assert any(re.match(r"::warning file=content/articles/a\.md,line=2,", line) for line in lines)
    assert any(line.startswith("::notice file=content/site.yml,line=2,") for line in lines)
    assert any(",title=summary-long::" in line and "c%2Cd.md,line=4" in line for line in lines)


def test_an_unknown_format_is_told(check):
    done = check(GOOD, "--format", "xml")
    assert done.returncode == 1
    assert "there is no “xml”; use text, json, github" in done.stderr


def test_a_missing_folder_is_told(check):
    done = check({})
    assert done.returncode == 1
    assert "content:1: content: there is no such folder; make the folder" in done.stdout


@pytest.mark.needs("java", "vnu")
def test_what_the_w3c_checker_refuses_is_a_fault(check):
    body = 'Venez <time datetime="hier">hier</time>.'
    done = check(HOME | {A: article(summary="Un résumé.", body=body)})
    assert done.returncode == 1
    assert re.search(r"^actualites/une-nouvelle/index.html:\d+: w3c-error: ", done.stdout, re.M)


def test_a_machine_without_the_w3c_checker_is_told_so_in_one_line(check, tmp_path):
    done = check(GOOD, PATH=str(tmp_path))
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("the W3C's checker was not run: java is missing; install it") == 1


@pytest.mark.parametrize(
    ("lang", "counts"),
    [("fr", ["0 faute", "1 faute", "2 fautes"]), ("en", ["0 faults", "1 fault", "2 faults"])],
)
def test_the_noun_of_a_count_has_the_plural_of_its_language(lang, counts, monkeypatch):
    monkeypatch.setenv("SITE_MESSAGES", lang)
    fault = Finding("a.md", 1, "link", Severity.FAULT, Message("a"), Message("b"))
    assert [report.counted([fault] * count) for count in range(3)] == counts
