"""A rule is silenced in one file, with a reason, and nowhere else."""

from tests.sites import article

A, B = "articles/a.md", "articles/b.md"
TEXTS = {
    A: article(body="[ici](https://example.org) et [voir](https://example.org)."),
    B: article("B", body="[ici](https://example.org)."),
}
RULES = ("link-says-nothing", "silence", "silence-without-reason", "silence-unused")


def silence(**said):
    """The file with one silence."""
    return {"silences.yml": "- " + "\n  ".join(f"{key}: {said[key]}" for key in said) + "\n"}


def test_a_silence_holds_for_one_rule_of_one_file(told):
    files = TEXTS | silence(rule="link-says-nothing", file=A, reason="Un jeu.")
    assert {(path, line) for path, line, _ in told(files, "link-says-nothing")} == {(B, 5)}
    assert [path for path, *_ in told(files, "summary-missing")] == [A, B]


def test_a_silence_may_hold_for_one_text_only(told):
    files = TEXTS | silence(rule="link-says-nothing", file=A, text="“ici”", reason="Un jeu.")
    problems = [problem for path, _, problem in told(files, *RULES) if path == A]
    assert problems == ["the link “voir” does not say where it leads"]


def test_a_silence_without_a_reason_does_not_hold(told):
    files = TEXTS | silence(rule="link-says-nothing", file=A, reason='""')
    found = told(files, *RULES)
    assert len([path for path, *_ in found if path == A]) == 2
    assert ("silences.yml", 1, f"the silence of link-says-nothing in {A} has no reason") in found


def test_a_silence_that_silences_nothing_is_told(told):
    files = TEXTS | silence(rule="link-says-nothing", file=A, text="“là”", reason="Un jeu.")
    assert ("silences.yml", 1, "it silences nothing") in told(files, *RULES)


def test_an_empty_file_of_silences_is_none(told):
    assert told(TEXTS | {"silences.yml": "# rien\n"}, "silence") == []


def test_neither_file_of_the_checks_stops_the_build(build):
    files = TEXTS | {"mots.txt": "Fablabouffe\n", "silences.yml": "- x\n"}
    assert build(files).code == 0
