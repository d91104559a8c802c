"""Which translations are there, missing or old: ./inv translations, and what the reader is told."""

import re
import shlex
import subprocess

import pytest

from tests import sites
from tests.sites import article, header

A, A_EN = "articles/2012-03-a.md", "articles/2012-03-a.en.md"
FRENCH = article("Un titre", date="2012-03", slug="a") + "\nUn.\n\nDeux.\n\nTrois.\n"
ENGLISH = header(title="A title") + "One.\n"
pytestmark = pytest.mark.needs("git")

STALE = "The French text has changed since this translation."


def git(writer, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=writer.content.parent, check=True)


def save(writer, message):
    git(writer, "add", "-A")
    git(writer, "commit", "-q", "-m", message)


def listed(writer):
    """What `translations` prints: the status of each text by its path, and all its lines."""
    done = writer.types("translations")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return dict(line.split()[::-1] for line in lines[:-1] if line[0] != " "), lines


def test_each_text_is_listed_with_the_state_of_its_translation(writer):
    writer.has(
        {
            A: FRENCH,
            A_EN: ENGLISH,
            "articles/b.md": article("B", slug="b") + "T",
            "articles/c.en.md": article("C", slug="c") + "T",
            "articles/d.md": article("D", slug="d") + "T",
        }
    )
    assert writer.types("translate", "articles/d.md").returncode == 0
    states, lines = listed(writer)
    assert states == {
        f"content/{A_EN}": "unsure",
        "content/articles/b.md": "missing",
        "content/articles/c.en.md": "alone",
        "content/articles/d.en.md": "present",
    }
    assert "         ./inv translate content/articles/b.md" in lines
    assert lines[-1] == "1 unsure, 1 missing, 1 alone, 1 present"


def test_the_commands_that_are_printed_work_whatever_the_name_of_the_file(writer):
    name = "articles/2026-11-l'atelier du soir.md"
    writer.has({name: article("B", slug="b") + "T"})
    for state in ("missing", "older"):
        listed = writer.types("translations").stdout
        assert listed.startswith(state)
        (command,) = re.findall(r"\./inv (.+)", listed)
        done = writer.types(*shlex.split(command))
        assert done.returncode == 0, done.stderr
        if state == "missing":
            writer.has({name: article("B", slug="b") + "Autre chose."})
    assert "present " in writer.types("translations").stdout


@pytest.mark.parametrize("named", [A, A_EN])
def test_accepting_a_translation_changes_one_line_of_its_header(writer, named):
    writer.has({A: FRENCH, A_EN: ENGLISH.replace("\n", "\r\n")})
    done = writer.types("translations", "--accept", f"content/{named}")
    assert (done.returncode, done.stdout) == (0, f"content/{A_EN} is up to date\n")
    before = ENGLISH.replace("\n", "\r\n").splitlines(keepends=True)
    after = writer.reads(A_EN).splitlines(keepends=True)
    (stamp,) = [line for line in after if line not in before]
    assert stamp.startswith("translated_from: sha256-")
    assert stamp.endswith("\r\n")
    assert [line for line in after if line != stamp] == before
    assert listed(writer)[0] == {f"content/{A_EN}": "present"}
    assert writer.files() == [f"content/{A_EN}", f"content/{A}"]
    assert writer.reads(A) == FRENCH

    writer.has({A: FRENCH.replace("Deux", "Trois")})
    assert listed(writer)[0] == {f"content/{A_EN}": "older"}
    assert writer.types("translations", "--accept", named).returncode == 0
    assert len(writer.reads(A_EN).splitlines()) == len(after)
    assert listed(writer)[0] == {f"content/{A_EN}": "present"}


@pytest.mark.parametrize("sign", ["\u2028", "\u2029"])
def test_a_sign_that_only_some_take_for_a_line_end_moves_nothing(writer, sign):
    english = header(title=f'"A{sign}title"', summary='"One."') + "One.\n"
    writer.has({A: FRENCH, A_EN: english})
    assert writer.types("translations", "--accept", A).returncode == 0
    before, after = english.split("\n"), writer.reads(A_EN).split("\n")
    assert [line for line in after if not line.startswith("translated_from: ")] == before
    assert after[3].startswith("translated_from: ")


def test_an_old_translation_is_listed_with_the_change_that_made_it_old(writer):
    git(writer, "init", "-q")
    writer.has({A: FRENCH, A_EN: ENGLISH})
    writer.types("translations", "--accept", A)
    save(writer, "Un premier texte")
    writer.has({A: FRENCH.replace("Deux.", "Deux, et plus.")})
    assert (
        f"         content/{A} has changed since it was last saved in git: line 10"
        in (listed(writer)[1])
    )
    save(writer, "Dire plus")
    writer.has(
        {A: FRENCH.replace("Deux.", "Deux, et plus.").replace("Trois.\n", "Trois.\n\nFin.\n")}
    )
    save(writer, "Finir")
    (told,) = [line for line in listed(writer)[1] if "has changed" in line]
    assert "“Dire plus”" in told
    assert told.endswith("lines 10, 14–15")


def test_without_git_an_old_translation_is_listed_all_the_same(writer):
    writer.has({A: FRENCH, A_EN: ENGLISH})
    writer.types("translations", "--accept", A)
    writer.has({A: FRENCH.replace("Deux", "Quatre")})
    states, lines = listed(writer)
    assert states == {f"content/{A_EN}": "older"}
    assert any("git knows no version" in line for line in lines)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (("tags: [culture]", "tags: [design]"), "present"),
        (("Un.\n", "Un.\n  "), "older"),
        (("title: Un titre", "title: Un autre titre"), "older"),
        (("\nTrois.\n", "\nTrois.\n\n\n"), "present"),
    ],
)
def test_only_what_a_translator_works_on_makes_a_translation_old(writer, change, state):
    french = (
        article("Un titre", date="2012-03", slug="a", tags="[culture]")
        + FRENCH.partition("---\n\n")[2]
    )
    french = french + "\nUn.\n\nDeux.\n\nTrois.\n"
    assert change[0] in french
    writer.has({A: french, A_EN: ENGLISH})
    writer.types("translations", "--accept", A)
    writer.has({A: french.replace(*change)})
    assert listed(writer)[0] == {f"content/{A_EN}": state}


def test_the_reader_of_an_old_translation_is_told_and_led_to_the_french_text(build, writer):
    texts = {
        A: FRENCH,
        A_EN: ENGLISH,
        "home.md": header(title="Accueil", definition="Une.") + "## Un\n\nMots.",
        "home.en.md": header(title="Home", definition="One.") + "## One\n\nWords.",
        "pages/p.md": header(title="P", slug="p", menu="main") + "Un.",
        "pages/p.en.md": header(title="P") + "One.",
        "pages/projects/q.md": sites.project("Q", slug="q") + "\nUn.",
        "pages/projects/q.en.md": header(title="Q") + "One.",
    }
    writer.has(texts)
    for source in texts:
        if ".en." in source:
            assert writer.types("translations", "--accept", source).returncode == 0
    present = {source: writer.reads(source) for source in texts}
    pages = {
        "/en/": "/",
        "/en/news/a-title/": "/actualites/a/",
        "/en/p/": "/p/",
        "/en/projects/q/": "/projets/q/",
    }
    built = build(present)
    assert built.code == 0, built.complaints
    for address in pages:
        assert STALE not in built.site.text(address), address

    changed = {
        source: text
        if ".en." in source
        else text.replace("Un.", "Autre chose.").replace("Mots", "D")
        for source, text in present.items()
    }
    built = build(changed)
    assert built.code == 0, built.complaints
    for address, french in pages.items():
        (told,) = [p for p in built.site.page(address).main("p") if STALE in p.get_text()]
        assert told.a["href"] == french, address
        assert STALE not in built.site.text(french)


def test_english_readers_are_not_told_of_a_minor_correction_that_was_accepted(build, writer):
    writer.has({A: FRENCH, A_EN: ENGLISH})
    assert writer.types("translations", "--accept", A).returncode == 0
    for accepts, is_told in ((False, True), (True, False)):
        writer.has({A: FRENCH.replace("Un.", "Un, sans faute.")})
        if accepts:
            assert writer.types("translations", "--accept", A).returncode == 0
        built = build({source: writer.reads(source) for source in (A, A_EN)})
        assert built.code == 0, built.complaints
        assert (STALE in built.site.text("/en/news/a-title/")) is is_told


@pytest.mark.parametrize("named", ["content/nothing.md", "/etc/passwd", "articles/b.md"])
def test_what_is_no_translation_cannot_be_accepted(writer, named):
    writer.has({"articles/b.md": article("B", slug="b") + "T"})
    done = writer.types("translations", "--accept", named)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{named}: file: it is no translation of a text; name one")


def test_a_header_that_cannot_be_read_stops_its_acceptance_and_nothing_is_written(writer):
    writer.has({A: FRENCH, A_EN: header(title="A", sumary="B") + "One."})
    before = writer.reads(A_EN)
    done = writer.types("translations", "--accept", A_EN)
    assert done.returncode == 1
    assert "did you mean summary?" in done.stderr
    assert writer.reads(A_EN) == before
    done = writer.types("translations")
    assert done.returncode == 1
    assert "unsure" in done.stdout
    assert "sumary" in done.stderr
