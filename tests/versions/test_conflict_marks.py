"""The marks of git in a text stop the build, in one fault at the first of them."""

import pytest

from engine import checking
from engine.checking.texts import spelling
from tests import sites
from tests.sites import article, header

OURS, MIDDLE, THEIRS = "<<<<<<< HEAD", "=======", ">>>>>>> a1b2c3d (Textes)"
HEAD = article("A", summary="Un texte.", tags="[design]", body="Un texte.")
LAST = HEAD.count("\n") + 1
BOTH = f"\n\n{OURS}\n## Ici\n\nUn texte d’ici.\n{MIDDLE}\n# Là\n\nUn <b>texte.\n{THEIRS}\n"


def found(tmp_path, text):
    content = sites.write(
        tmp_path / "content",
        {"home.md": header(title="Accueil", summary="Un accueil.") + "T.", "articles/a.md": text},
    )
    return [each for each in checking.findings(content) if each.path.endswith("a.md")]


@pytest.mark.parametrize(
    ("text", "line", "mark"),
    [
        (HEAD + BOTH, LAST + 2, OURS),
        (HEAD.replace("\n", "\r\n") + BOTH, LAST + 2, OURS),
        (HEAD + f"\n{MIDDLE}\nUn texte de là.\n{THEIRS}\n", LAST + 1, MIDDLE),
        (HEAD + f"\n\n{THEIRS}\n", LAST + 2, THEIRS),
        (HEAD + f"\n\n{MIDDLE}\n\nUn texte.\n", LAST + 2, MIDDLE),
        (f"{OURS}\n{HEAD}\n{MIDDLE}\n{HEAD}\n{THEIRS}\n", 1, OURS),
        (HEAD.replace("title:", f"{OURS}\ntitle: Ici\n{MIDDLE}\ntitle:", 1) + BOTH, 2, OURS),
        (f"---\ntitle: A\n{OURS}\n---\nUn.\n{MIDDLE}\n---\nDeux.\n{THEIRS}\n", 3, OURS),
        (f"---\ntitle: A\n{OURS}\ndate: 2026\n{MIDDLE}\ndate: 2025\n{THEIRS}\n", 3, OURS),
    ],
)
def test_a_mark_of_two_versions_is_one_fault_of_the_text(tmp_path, monkeypatch, text, line, mark):
    monkeypatch.setattr(spelling, "dictionary", lambda _lang: None)
    (finding,) = found(tmp_path, text)
    assert (finding.severity, finding.rule, finding.line) == ("fault", "conflict-mark", line)
    told = f"“{mark[:7]}” marks two versions that git could not join"
    assert str(finding.problem) == told
    assert str(finding.remedy).startswith("keep the right lines and remove those that begin with")


@pytest.mark.parametrize(
    "body",
    [
        f"```text\n{OURS}\na\n{MIDDLE}\nb\n{THEIRS}\n```",
        f"Voici `{OURS}`.",
        "<<<<<<<HEAD\n\n========\n\n|||||||",
    ],
)
def test_marks_in_code_and_other_lines_are_the_writers(tmp_path, monkeypatch, body):
    monkeypatch.setattr(spelling, "dictionary", lambda _lang: None)
    assert "conflict-mark" not in [each.rule for each in found(tmp_path, f"{HEAD}\n\n{body}\n")]


def test_a_heading_underlined_by_seven_signs_is_told_as_a_heading(tmp_path, monkeypatch):
    monkeypatch.setattr(spelling, "dictionary", lambda _lang: None)
    (finding,) = found(tmp_path, f"{HEAD}\n\nUn titre\n{MIDDLE}\n\nUn texte.\n")
    assert finding.rule == "heading"


def test_a_text_with_marks_stops_the_build(build):
    files = {"articles/a.md": HEAD + BOTH, "home.md": header(title="Accueil") + "T."}
    built = build(files)
    assert built.code == 1
    assert f"articles/a.md:{LAST + 2}: conflict-mark: “<<<<<<<” marks two" in built.complaints
