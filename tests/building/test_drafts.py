"""Drafts and texts of a later day: marked in the preview, and never in a build."""

import datetime
import queue
import re
import shutil
import subprocess
import sys

import pytest

from engine.building import theme
from engine.preview.worker_client import WorkerClient
from tests import sites
from tests.building.test_site import files_of
from tests.conftest import wait_for
from tests.sites import article, header, photo, project

TRACES = ("brouillon", "[draft]", "preview", "EventSource", "en attente jusqu", "Secret")
DRAFTS = {
    "articles/a.md": article("Vue", body="Un texte."),
    "articles/secret.md": article(
        "Secret", status="draft", body="![Vue](/images/secret.jpg) [le dossier](/files/secret.pdf)"
    ),
    "articles/secret.en.md": header(title="Secret") + "Text.",
    "pages/projects/p.md": project("Visible"),
    "pages/projects/q.md": project("Secret projet", status="draft"),
    "pages/s.md": header(title="Secrets", status="draft", menu="main") + "Texte.",
    "images/secret.jpg": photo(400, 300),
    "files/secret.pdf": b"%PDF-1.4 Secret",
}

# The tags that name a share card, and what they add to a row of the table of weights.
OF_CARDS = re.compile(
    rb'<meta property="og:image[^>]*>\n?'
    rb'|,"image":"[^"]*-1200[.]png"'
    rb"|<td>[0-9,.]+ (sur|of) [0-9,.]+</td><td>[0-9]+</td><td>[0-9]+ \([A-G]\)</td>"
)


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """The process of the preview, for the content folder `content`."""
    (tmp_path / "content").mkdir()
    monkeypatch.setenv("SITE_CONTENT", str(tmp_path / "content"))
    worker = WorkerClient()
    yield worker
    worker.restart()


def test_a_build_holds_no_trace_of_a_draft_nor_of_the_preview(build):
    later = datetime.date.today() + datetime.timedelta(days=30)
    built = build(DRAFTS | {"articles/later.md": article("Secret à venir", later.isoformat())})
    assert built.code == 0, built.complaints
    for name, data in files_of(built.site.folder).items():
        assert "secret" not in name, name
        for trace in TRACES:
            assert trace.encode() not in data, (name, trace)


def test_the_preview_shows_drafts_everywhere_with_their_mark(worker, tmp_path):
    sites.write(tmp_path / "content", DRAFTS)
    answer = worker.ask("build", str(tmp_path / "site"))
    assert answer["fault"] == ""
    shown = sites.Site(tmp_path / "site")
    assert shown.page("/actualites/secret/").h1.get_text() == "Secret [brouillon]"
    assert shown.page("/en/news/secret/").h1.get_text() == "Secret [draft]"
    assert shown.page("/actualites/secret/").select(".prose img")
    assert shown.has("/files/secret.pdf")
    home = shown.page("/")
    assert "Secret projet [brouillon]" in [h2.get_text() for h2 in home.select(".project h2")]
    for link in home.select("a[href*=secret]"):
        assert "[brouillon]" in link.get_text(), link
    texts = answer["texts"]
    assert texts["/actualites/secret/"]["mark"] == "draft"
    assert texts["/actualites/vue/"]["mark"] == ""


@pytest.mark.slow
def test_without_drafts_the_preview_is_the_built_site_after_each_change(worker, tmp_path):
    content = sites.write(
        tmp_path / "content",
        {
            "articles/a.md": article("A", body="[b](b.md)\n\n![Vue](/images/p.jpg)", tags="[t]"),
            "articles/b.md": article("B", tags="[t]"),
            "pages/s.md": header(title="S", template="sobriety") + "Texte.",
            "pages/projects/p.md": project("P"),
            "images/p.jpg": photo(400, 300),
        },
    )
    for change in (
        {},
        {"articles/b.md": article("B", body="Plus long.", tags="[t]")},
        {"articles/b.md": article("B, autrement", body="Plus long.", tags="[t]")},
        {"images/p.jpg": photo(500, 300)},
        {"pages/projects/p.md": project("P", body="Un autre texte, et `du code`.")},
    ):
        sites.write(content, change)
        assert worker.ask("build", str(tmp_path / "site"))["fault"] == ""
        built = sites.build(content, tmp_path / "output")
        assert built.code == 0, built.complaints
        assert without_cards(tmp_path / "site") == without_cards(tmp_path / "output")


def without_cards(folder) -> dict[str, bytes]:
    """The files of a site, but what shares alone see: the preview makes no share cards."""
    return {
        name: OF_CARDS.sub(b"", data)
        for name, data in files_of(folder).items()
        if name != "version.txt" and not name.endswith("-1200.png")
    }


def test_a_fault_of_a_visible_text_stops_the_preview_and_one_of_a_draft_does_not(worker, tmp_path):
    content, output = tmp_path / "content", str(tmp_path / "site")
    sites.write(content, {"articles/a.md": article("A", status="draft", body="[x](none.md)")})
    assert worker.ask("build", output)["fault"] == ""
    (finding,) = [f for f in worker.ask("findings", "articles/a.md")["findings"] if "none.md" in f]
    assert "articles/a.md:6:" in finding
    sites.write(content, {"articles/a.md": article("A", body="[x](none.md)")})
    assert "none.md leads to no file" in worker.ask("build", output)["fault"]
    assert worker.ask("findings", "articles/a.md")["findings"] == []


@pytest.mark.parametrize(
    ("values", "line"),
    [({"date": "demain"}, 3), ({"title": ""}, 2), ({"title": "🎉"}, 2), ({"date": None}, 1)],
)
def test_a_draft_without_what_a_page_needs_is_told_in_the_preview_alone(
    worker, tmp_path, values, line
):
    content = sites.write(tmp_path / "content", {"articles/a.md": article("A")})
    assert worker.ask("build", str(tmp_path / "site"))["fault"] == ""
    draft = article(**{"title": "B", "status": "draft"} | values)
    sites.write(content, {"articles/b.md": draft})
    fault = worker.ask("build", str(tmp_path / "site"))["fault"]
    assert f"articles/b.md:{line}: " in fault
    assert "Traceback" not in fault
    assert sites.build(content, tmp_path / "output").code == 0


def test_a_draft_on_the_address_of_another_text_is_told(worker, tmp_path):
    files = {"articles/a.md": article("A"), "articles/b.md": article("A", status="draft")}
    sites.write(tmp_path / "content", files)
    fault = worker.ask("build", str(tmp_path / "site"))["fault"]
    assert "b.md" in fault or "a.md" in fault
    assert "is already that of" in fault


def test_a_build_that_is_killed_is_told_and_the_next_one_is_made(worker, tmp_path):
    sites.write(tmp_path / "content", {"articles/a.md": article("A")})
    answers = queue.SimpleQueue()
    worker.send("build", str(tmp_path / "site"), answer=answers.put)
    worker._process.popen.kill()
    assert "exited unexpectedly" in answers.get(timeout=60)["fault"]
    assert worker.ask("build", str(tmp_path / "site"))["fault"] == ""


def test_a_process_that_was_killed_meanwhile_is_started_again(worker, tmp_path):
    sites.write(tmp_path / "content", {"articles/a.md": article("A")})
    assert worker.ask("build", str(tmp_path / "site"))["fault"] == ""
    worker._process.popen.kill()
    wait_for(lambda: worker._process.has_ended)
    assert worker.ask("build", str(tmp_path / "site"))["fault"] == ""


def test_a_restarted_worker_is_another_process_with_the_code_as_it_is_now(worker, tmp_path):
    sites.write(tmp_path / "content", {"articles/a.md": article("A")})
    assert worker.ask("build", str(tmp_path / "site"))["fault"] == ""
    first = worker._process.popen
    worker.restart()
    assert first.poll() is not None
    assert worker.ask("build", str(tmp_path / "site"))["fault"] == ""
    assert worker._process.popen.pid != first.pid


def test_a_text_is_built_on_its_day(tmp_path):
    content = sites.write(tmp_path / "content", {"articles/a.md": article("A", "2026-05-12")})
    for day, is_there in (("2026-05-11", False), ("2026-05-12", True)):
        code = (
            "import datetime; from engine.building import site;"
            f"print(site.build(today=datetime.date.fromisoformat({day!r})))"
        )
        environment = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(tmp_path / "output")}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=sites.ROOT,
            env=sites.os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert sites.Site(tmp_path / "output").has("/actualites/a/") is is_there
        assert ("not shown before their day" in done.stdout) is not is_there
        assert ("/actualites/a/" in sites.Site(tmp_path / "output").text("/flux.xml")) is is_there


def test_a_text_that_was_changed_tells_when_on_its_page_in_the_feed_and_in_the_sitemap(build):
    built = build(
        {
            "articles/a.md": article("A", "2012-03-24", modified="2013-05-06"),
            "articles/a.en.md": header(title="A") + "Text.",
            "pages/p.md": header(title="P", modified="2013-05-06") + "Texte.",
            "pages/projects/q.md": project("Q", modified="2013-05"),
        }
    )
    assert built.code == 0, built.complaints
    for address, words, iso in (
        ("/actualites/a/", "mis à jour : 6 mai 2013", "2013-05-06"),
        ("/en/news/a/", "updated: 6 May 2013", "2013-05-06"),
        ("/p/", "mis à jour : 6 mai 2013", "2013-05-06"),
        ("/projets/q/", "mis à jour : mai 2013", "2013-05"),
    ):
        header_ = built.site.page(address).main.header
        text = " ".join(header_.get_text().split()).replace("\xa0", " ").lower()
        assert words.lower() in text, text
        assert header_.find("time", datetime=iso), address
        assert f"<lastmod>{iso}</lastmod>" in built.site.text("/sitemap.xml")
    assert "<updated>2013-05-06T00:00:00+02:00</updated>" in built.site.text("/flux.xml")


@pytest.mark.parametrize(
    "broken", ["templates/page.html", "translations/en/LC_MESSAGES/messages.po"]
)
def test_a_theme_that_was_kept_is_read_anew_once_it_changes(tmp_path, broken):
    folder, cache = tmp_path / "theme", theme.ThemeCache()
    shutil.copytree(sites.ROOT / "theme", folder)
    catalogue, faults = theme.read_theme(folder, cache)
    assert faults == []
    assert theme.read_theme(folder, cache)[0] is catalogue
    (folder / broken).write_text("{{ msgid", "utf-8")
    assert theme.read_theme(folder, cache)[1]
    assert theme.read_theme(folder, cache)[1], "a theme with faults is never kept"
