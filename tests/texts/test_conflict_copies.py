"""Copies that synchronisers make are named and never published; what a person named is."""

import pytest

from engine import checking
from engine.checking.texts import spelling
from tests import sites
from tests.sites import article, header, photo

ORIGINAL = article("Un titre", body="Un texte du jour.")
CORRECTED = article("Un titre corrigé", body="Un texte du jour.")
COPIES = [
    "a.sync-conflict-20260512-101010-ABCDEFG.md",
    "a.sync-conflict-20260512-101010.md",
    "a (Camille's conflicted copy 2026-05-12).md",
    "a (Camille’s conflicted copy 2026-05-12 (1)).md".replace(" (1)", ""),
    "a (conflicted copy 2026-05-12 101010).md",
    "a (Copie en conflit de Camille 2026-05-12).md",
    "a (Case Conflict 1).md",
    "a_conflict-20260512-101010.md",
    "a[Conflict].md",
    "a [Conflict].md",
    "a 2.md",
    "a (1).md",
    "a(1).md",
    "a-DESKTOP-4F7K2.md",
    "a-LAPTOP-4F7K2.md",
    "a-MacBook-Air-de-Camille.md",
]


@pytest.mark.parametrize("name", COPIES)
def test_a_conflict_copy_is_named_and_never_published(name, tmp_path, monkeypatch):
    monkeypatch.setattr(spelling, "dictionary", lambda _lang: None)
    content = sites.write(
        tmp_path / "content", {"articles/a.md": ORIGINAL, f"articles/{name}": CORRECTED}
    )
    found = [each for each in checking.findings(content) if each.path.endswith(name)]
    (finding,) = found
    assert (finding.severity, finding.rule) == ("warning", "conflict-copy")
    assert "articles/a.md" in str(finding.remedy)


def test_a_build_holds_nothing_of_the_copies(build):
    files = {f"articles/{name}": CORRECTED for name in COPIES} | {"articles/a.md": ORIGINAL}
    files["articles/a.en.md"] = header(title="A title") + "A text."
    files["articles/a.sync-conflict-20260512-101010-ABCDEFG.en.md"] = header(title="Other") + "T."
    files["pages/projects/p.md"] = sites.project("P")
    files["pages/projects/p (1).md"] = sites.project("P")
    built = build(files)
    assert built.code == 0, built.complaints
    news = [address for address in built.site.addresses if address.startswith("/actualites/")]
    assert news == ["/actualites/", "/actualites/2012/", "/actualites/un-titre/"]
    assert not built.site.has("/en/news/other/")
    assert built.site.page("/").find(string="Un titre corrigé") is None


@pytest.mark.parametrize("name", ["a 2.md", "a (1).md", "a-PC.md", "b 2.md", "atelier 2012.md"])
def test_a_text_of_its_own_is_published_whatever_its_number(name, build):
    body = "Tout autre chose."
    built = build({"articles/a.md": ORIGINAL, f"articles/{name}": article("Deux", body=body)})
    assert built.code == 0, built.complaints
    assert built.site.has("/actualites/deux/")


def test_a_copy_whose_original_is_gone_says_how_to_keep_it(tmp_path):
    name = "a.sync-conflict-20260512-101010-ABCDEFG.md"
    content = sites.write(tmp_path / "content", {f"articles/{name}": CORRECTED})
    (finding,) = [each for each in checking.findings(content) if each.rule == "conflict-copy"]
    assert str(finding.remedy) == "rename it a.md, or remove it"


def test_a_conflict_copy_of_a_picture_is_named_and_a_numbered_picture_is_used(build):
    built = build(
        {
            "articles/a.md": article(body="![Vue](</images/p 2.jpg>)"),
            "images/p.jpg": photo(80, 50),
            "images/p 2.jpg": photo(90, 50),
            "images/p.sync-conflict-20260512-101010-ABCDEFG.jpg": b"x",
        }
    )
    assert built.code == 0, built.complaints
    assert built.site.page("/actualites/une-nouvelle/").select_one(".prose img")["width"] == "90"
