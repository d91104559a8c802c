"""The process that has made a site makes it again if bodies alone have changed, and only then."""

import pytest

from engine.preview.worker_client import WorkerClient
from tests import sites
from tests.building.test_site import files_of
from tests.sites import article, header, photo, project

TEXTS = {
    "home.md": header(title="Accueil") + "Bonjour.",
    "articles/a.md": article("A", slug="a", tags="[t]", body="Un texte.\n\n## Partie\n\nSuite."),
    "articles/a.en.md": header(title="A", slug="a") + "A text.",
    "articles/b.md": article("B", slug="b", tags="[t]", body="[a](a.md#partie)"),
    "articles/c.md": article("C", slug="c", status="draft"),
    "pages/s.md": header(title="S", slug="s", template="sobriety") + "Texte.",
    "pages/i.md": header(title="I", theme="t") + "Introduction.",
    "pages/projects/p.md": project("P", slug="p"),
    "images/p.jpg": photo(400, 300),
    "files/d.pdf": b"%PDF-1.4",
    "themes.yml": "t: topic\n",
}
SUMMARY = "Un texte.\n\n## Partie\n\nAutre."


@pytest.fixture
def workers(tmp_path, monkeypatch):
    """A worker that built the site, and one that builds each site as its first one."""
    sites.write(tmp_path / "content", TEXTS)
    monkeypatch.setenv("SITE_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("HELD", str(tmp_path / "held"))
    monkeypatch.setenv("MAX_STOPPED_SECONDS", "600")
    kept, new = WorkerClient("tests.preview.held_worker"), WorkerClient()
    assert kept.ask("build", str(tmp_path / "kept"))["fault"] == ""
    yield kept, new
    kept.restart()
    new.restart()


def a_news(body: str, **more: str) -> str:
    return article("A", slug="a", tags="[t]", body=body, **more)


@pytest.mark.parametrize(
    ("changes", "is_made_again"),
    [
        ([{"articles/a.md": a_news("Autre.\n\n## Partie\n\nSuite.")}], True),
        ([{"articles/a.md": a_news("Autre.\n\n## Partie\n\n[b](b.md), **x**.")}], True),
        ([{"articles/a.md": a_news(SUMMARY)}, {"articles/a.md": TEXTS["articles/a.md"]}], True),
        ([{"articles/b.md": article("B", slug="b", tags="[t]", body="1")}], True),
        ([{"articles/c.md": article("C", slug="c", status="draft", body="Autre.")}], True),
        ([{"pages/s.md": header(title="S", slug="s", template="sobriety") + "Autre."}], True),
        ([{"articles/a.md": a_news("Un texte.\n\n## Autre partie\n\n## Partie")}], False),
        ([{"articles/a.md": a_news("## Partie\n\n![Vue](/images/p.jpg)")}], False),
        ([{"articles/a.md": a_news("## Partie\n\n[Acte](/files/d.pdf)")}], False),
        ([{"articles/a.md": a_news(SUMMARY, summary="Autre.")}], False),
        ([{"articles/a.md": article("Autre", slug="a", tags="[t]", body="## Partie")}], False),
        ([{"pages/i.md": header(title="I", theme="t") + "Autre."}], False),
        ([{"pages/projects/p.md": project("P", slug="p", body="Autre.")}], False),
        ([{"home.md": header(title="Accueil") + "Autre."}], False),
        ([{"articles/d.md": article("D", slug="d")}], False),
        ([{"themes.yml": "t: Subject\n"}], False),
        ([{"site.yml": sites.settings()}], False),
        ([{"images/p.jpg": photo(300, 200)}], False),
    ],
)
def test_a_site_made_again_equals_a_new_one(workers, tmp_path, changes, is_made_again):
    kept, new = workers
    before = kept.ask("process")
    for change in changes:
        sites.write(tmp_path / "content", change)
        arguments = (
            str(tmp_path / "kept"),
            {},
            "",
            [],
            [str(tmp_path / "content" / name) for name in change],
        )
        answer = kept.ask("build", *arguments)
        assert answer["fault"] == ""
    assert (kept.ask("process") == before) == is_made_again
    assert new.ask("build", str(tmp_path / "new")) == answer
    assert files_of(tmp_path / "kept") == files_of(tmp_path / "new")


def test_a_fault_after_a_page_was_shown_leaves_no_trace(workers, tmp_path):
    kept, new = workers
    for body in ("Faux.\n\n## Partie\n\n[x](nowhere.md)", "Autre.\n\n## Partie"):
        sites.write(tmp_path / "content", {"articles/a.md": a_news(body)})
        changed = [str(tmp_path / "content/articles/a.md")]
        answer = kept.ask("build", str(tmp_path / "kept"), {}, "", [], changed)
        assert ("leads to no file" in answer["fault"]) == ("Faux" in body)
    # The page of this text was rendered for a build that a fault of another text has stopped.
    sites.write(
        tmp_path / "content",
        {"articles/a.md": a_news("Passager.\n\n## Partie"), "articles/b.md": article("", slug="b")},
    )
    assert kept.ask("build", str(tmp_path / "kept"), {}, "", [], changed)["fault"]
    sites.write(
        tmp_path / "content",
        {"articles/a.md": a_news("Autre.\n\n## Partie"), "articles/b.md": TEXTS["articles/b.md"]},
    )
    answer = kept.ask("build", str(tmp_path / "kept"), {}, "", [], [])
    assert new.ask("build", str(tmp_path / "new")) == answer
    assert files_of(tmp_path / "kept") == files_of(tmp_path / "new")


@pytest.mark.parametrize("name", ["theme/favicon.svg", "actualites/b/index.html", "version.txt"])
def test_a_file_of_the_site_that_was_altered_is_put_right(workers, tmp_path, name):
    kept, new = workers
    (tmp_path / "kept" / name).write_text("altered", "utf-8")
    sites.write(tmp_path / "content", {"articles/a.md": a_news("Autre.\n\n## Partie")})
    assert kept.ask("build", str(tmp_path / "kept"))["fault"] == ""
    assert new.ask("build", str(tmp_path / "new"))["fault"] == ""
    assert files_of(tmp_path / "kept") == files_of(tmp_path / "new")
