"""The writing page's server as the page meets it: list, write, save, undo, publish nothing."""

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests import sites
from tests.conftest import parent_of
from tests.sites import ROOT, article, project
from tests.web.conftest import TEXTS, kill, start, stop

pytestmark = pytest.mark.slow
A = "articles/a.md"
ENGLISH = sites.header(title="New") + "A text.\n"


def texts(page) -> dict[str, dict]:
    return {each["source"]: each for each in page.get("texts")["texts"]}


def test_a_name_that_is_not_utf_8_is_told(page):
    try:
        (page.content / os.fsdecode(b"articles/caf\xe9.md")).write_text(article())
    except OSError:
        pytest.skip("this file system refuses the name")
    (fault,) = page.get("texts")["faults"]
    assert fault["source"] == "articles/caf\\xe9.md"
    assert fault["remedy"] == "rename it, for example to café.md"
    assert A in texts(page)
    assert page.edit("draft", page.read(A), whole=page.file(A))["fault"] == (
        f"{page.content}/articles/caf\\xe9.md: file: its name is not UTF-8; {fault['remedy']}"
    )


# --- The server ------------------------------------------------------------------------------


def test_a_second_call_opens_the_page_of_the_one_that_runs(page, tmp_path):
    led = page.content.parent / "writing-page/page.html"
    before = led.read_text()
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    second = subprocess.run(
        [sys.executable, "-m", "engine.web.writing_page"],
        cwd=ROOT,
        env={**page.environment, "BROWSER": str(browser)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 0
    assert second.stdout == "the writing page is open already: here it is again\n"
    assert (tmp_path / "opened").read_text().strip() == led.as_uri()
    assert led.read_text() == before
    assert page.get("texts").status == 200


def test_the_end_of_the_server_leaves_nothing_that_leads_to_it(page):
    led = page.content.parent / "writing-page"
    waiting = subprocess.Popen(
        [sys.executable, "-c", WAIT, page.origin, page.token],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    time.sleep(0.5)
    stop(page)
    assert not led.exists()
    assert waiting.communicate(timeout=60)[0].strip() in ("True", "gone")
    # Nobody is there, or the page of another folder, which this token does not open.
    with contextlib.suppress(OSError):
        assert page.get("texts").status == 401


WAIT = """
import json, sys, urllib.request
origin, token = sys.argv[1:]
address = f"{origin}/api/events?after=0"
request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
try:
    print(json.load(urllib.request.urlopen(request))["stopping"])
except OSError:
    print("gone")
"""


def test_after_a_crash_the_lock_is_free_and_the_words_are_there(page):
    read = page.read(A)
    assert page.edit("draft", read, body="Des mots.\n")["kept"]
    kill(page)
    again = start(page.content)
    try:
        assert again.token != page.token
        assert texts(again)[A]["unsaved"]
        unsaved = again.read(A)["unsaved"]
        assert unsaved["body"] == "Des mots.\n"
        assert not unsaved["conflict"]
        assert "Des mots" not in again.file(A)
        (page.content / A).write_text(article("Autre"), "utf-8")
        assert again.read(A)["unsaved"]["conflict"]
        assert again.post("draft/discard", source=A).status == 200
        assert again.read(A)["unsaved"] is None
    finally:
        stop(again)


def test_the_next_server_has_the_address_where_the_browser_keeps_words(tmp_path):
    content = sites.write(tmp_path / "content", TEXTS)
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    sites.write(tmp_path, {".writing/port": f"{port}"})
    for _ in range(2):
        page = start(content)
        try:
            assert page.port == port
            assert not page.get("site")["moved"]
        finally:
            kill(page)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        page = start(content)
        try:
            assert page.port != port
            assert page.get("site")["moved"]
            lines = [page.process.stdout.readline() for _ in range(2)]
            assert "another program has taken the last one" in lines[1]
        finally:
            kill(page)
    again = start(content)
    try:
        assert again.port == page.port
    finally:
        stop(again)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    content = sites.write(tmp_path / "content", TEXTS)
    (tmp_path / ".writing").write_text("a file")
    done = subprocess.run(
        [sys.executable, "-m", "engine.web.writing_page"],
        cwd=ROOT,
        env={**os.environ, "SITE_CONTENT": str(content), "BROWSER": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert ".writing: file: it cannot be written" in done.stderr


def test_the_page_is_told_what_an_editor_changes_and_not_what_it_saves(page):
    first = page.get("events", after=10**9)["serial"]
    assert page.save(A, body="Neuf.\n").status == 200
    (page.content / "articles/b.md").write_text(article("Seconde bis"), "utf-8")
    told = page.get("events", after=first).json
    assert told["changed"] == ["articles/b.md"]
    assert told["serial"] == first + 1


def test_changes_are_told_after_the_content_folder_was_away(page, tmp_path):
    read = page.read(A)
    page.read("articles/b.md")
    first = page.get("events", after=10**9)["serial"]
    page.content.rename(tmp_path / "away")
    # Longer than between two checks of the folder.
    time.sleep(1.5)
    sites.write(tmp_path / "away", {A: article("Entre-temps")})
    (tmp_path / "away").rename(page.content)
    told = page.get("events", after=first).json
    assert A in told["changed"]
    assert "articles/b.md" not in told["changed"], "it is as it was"
    (page.content / A).write_text(article("Ensuite"), "utf-8")
    told = page.get("events", after=told["serial"]).json
    assert told["changed"] == [A]
    assert page.edit("save", read, body="Neuf.\n").status == 409


def test_changes_are_told_after_the_content_folder_was_replaced_at_once(page, tmp_path):
    first = page.get("events", after=10**9)["serial"]
    shutil.copytree(page.content, tmp_path / "new")
    sites.write(tmp_path / "new", {A: article("Entre-temps")})
    page.content.rename(tmp_path / "old")
    (tmp_path / "new").rename(page.content)
    told = page.get("events", after=first).json
    assert A in told["changed"]
    sites.write(page.content, {"articles/b.md": article("Ensuite")})
    told = page.get("events", after=told["serial"]).json
    assert told["changed"] == ["articles/b.md"]


def test_it_speaks_of_what_it_is(shared_page):
    site = shared_page.get("site").json
    assert site["name"] == "Un nom"
    assert site["projects"] == [{"value": "p", "title": "Un projet"}]
    date = next(key for key in site["kinds"]["article"]["keys"] if key["name"] == "date")
    assert date["required"]
    assert date["example"] == "", "its control says how"
    assert "as precise as" in date["meaning"]
    phone = next(k for k in site["kinds"]["settings"]["keys"] if k["name"] == "owner.phone")
    assert phone["block"] == "owner"


# --- The list --------------------------------------------------------------------------------


def test_the_list_tells_each_state(page):
    sites.write(
        page.content,
        {
            "articles/a.en.md": sites.header(title="First") + "A text.\n",
            "articles/c.md": article("Demain", date="2099-01-01"),
            "articles/d.md": "no header",
            "pages/projects/q.md": project("Bientôt", body="", status="announced"),
        },
    )
    found = texts(page)
    states = {source: text["state"] for source, text in found.items()}
    assert states == {
        "articles/a.en.md": "online",
        A: "online",
        "articles/b.md": "draft",
        "articles/c.md": "scheduled",
        "articles/d.md": "unreadable",
        "home.md": "online",
        "pages/projects/p.md": "online",
        "pages/projects/q.md": "announced",
    }
    assert found[A]["translation"] == "articles/a.en.md"
    assert found[A]["translated"] == "unsure"
    assert found["articles/a.en.md"]["original"] == A
    assert found["articles/b.md"]["translated"] == "missing"
    assert found[A]["address"] == "/actualites/premiere/"
    assert found[A]["date_shown"] == "March 2012"
    assert found[A]["changed"] is None
    counts = page.get("findings")["counts"]
    assert counts["articles/d.md"]["fault"] == 1


def test_texts_are_listed_by_the_day_of_a_partial_date_and_themes_by_the_alphabet(page):
    dates = ["end of 2024", "2024-03", "2024", "start of 2024"]
    written = {f"articles/{n}.md": article(str(n), date=date) for n, date in enumerate(dates)}
    tagged = article("T", tags="[vernis, épicéa, cours, œuvre, Zinc]")
    sites.write(page.content, {**written, "articles/t.md": tagged})
    days = {source: text["date"] for source, text in texts(page).items()}
    assert [days[source] for source in written] == [
        "2024-12-31",
        "2024-03-01",
        "2024-01-01",
        "2024-01-01",
    ]
    themes = [name for name in page.get("site")["themes"] if name != "culture"]
    assert themes == ["cours", "épicéa", "œuvre", "vernis", "Zinc"]


@pytest.mark.slow
def test_a_thousand_texts_are_listed_within_a_second(tmp_path):
    many = {f"articles/{n}.md": article(f"Titre {n}", body="Un texte.\n" * 50) for n in range(1000)}
    page = start(sites.write(tmp_path / "content", {**TEXTS, **many}))
    try:
        page.get("texts")
        took = []
        for _ in range(5):
            begin = time.monotonic()
            assert len(page.get("texts")["texts"]) == 1004
            took.append(time.monotonic() - begin)
        assert min(took) < 1
    finally:
        stop(page)


# --- One text --------------------------------------------------------------------------------


def test_a_save_touches_the_lines_that_changed_alone(page):
    source = (
        "---\r\n# Mon commentaire\r\ntitle: 'Un titre'  # gardé\r\nodd: [1,  2]\r\n"
        "date: 2012\r\n---\r\nUn.  \r\n\r\nDeux.\r\n"
    )
    sites.write(page.content, {A: source.encode()})
    saved = page.save(A, values={"title": "L'autre", "tags": ["culture"]}, body="Un.  \n\nTrois.\n")
    assert saved["values"]["title"] == "L'autre"
    assert saved["modified_at"] > "2026"
    assert page.file(A) == (
        "---\r\n# Mon commentaire\r\ntitle: 'L''autre'  # gardé\r\nodd: [1,  2]\r\n"
        "date: 2012\r\ntags: [culture]\r\n---\r\nUn.  \r\n\r\nTrois.\r\n"
    )


def test_a_save_keeps_the_permissions_of_the_file(page):
    (page.content / A).chmod(0o640)
    assert page.save(A, body="Neuf.\n").status == 200
    assert (page.content / A).stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in (page.content / "articles").iterdir()) == ["a.md", "b.md"]


def test_two_windows_a_save_of_what_was_changed_meanwhile_is_refused(page):
    read = page.read(A)
    theirs = article("La leur")
    (page.content / A).write_text(theirs, "utf-8")
    refused = page.edit("save", read, body="La mienne.\n")
    assert refused.status == 409
    assert refused.json["theirs"] == theirs
    assert "La mienne." in refused.json["yours"]
    assert page.file(A) == theirs
    kept = page.post(
        "save",
        source=A,
        text=theirs,
        digest=refused.json["digest"],
        whole=refused.json["yours"],
    )
    assert kept.status == 200
    assert page.file(A) == refused.json["yours"]
    versions = page.get("history", source=A)["versions"]
    their_version = next(each for each in versions if each["from"] == "file")
    assert page.get("version", source=A, id=their_version["id"])["text"] == theirs


def test_a_text_that_was_removed_meanwhile_is_not_lost(page):
    read = page.read(A)
    (page.content / A).unlink()
    refused = page.edit("save", read, body="Toujours là.\n")
    assert refused.status == 409
    assert refused.json["theirs"] is None
    yours = refused.json["yours"]
    assert "Toujours là." in yours
    again = {"source": A, "digest": refused.json["digest"], "text": "", "whole": yours}
    assert page.post("save", **again).status == 200
    assert page.file(A) == yours
    (page.content / A).write_text(article("D'ailleurs"), "utf-8")
    assert page.post("save", **again).status == 409
    assert page.file(A) == article("D'ailleurs")


def test_a_text_that_is_no_utf_8_and_has_no_header_comes_back_byte_for_byte(page):
    data = b"\xef\xbb\xbfsans en-t\xeate\r\n"
    sites.write(page.content, {A: data})
    read = page.read(A)
    assert not read["readable"]
    saved = page.edit("save", read, whole=read["text"] + "fin")
    assert saved.status == 200
    assert (page.content / A).read_bytes() == data + b"fin"


def test_findings_of_what_is_typed_stand_at_their_key_and_line(page):
    read = page.read(A)
    told = page.edit("draft", read, values={"date": "demain"}, body="Un.\n\n![](/images/x.png)\n")
    found = {each["rule"]: each for each in told["findings"]}
    assert found["header-value"]["key"] == "date"
    assert found["summary-missing"]["key"] == "summary"
    assert found["image"]["body_line"] == 3
    assert told["values"]["date"] == "demain"
    assert told["preview"] == ""
    assert "demain" in told["fault"]
    assert page.file(A) == TEXTS[A]


def test_the_first_page_of_a_site_that_was_never_built_is_shown(tmp_path):
    content = sites.write(tmp_path / "content", TEXTS | {A: article("Une", date="demain")})
    page = start(content)
    try:
        assert page.edit("draft", page.read(A))["preview"] == ""
        sites.write(content, {A: article("Une", body="Enfin.")})
        with urlopen(page.edit("draft", page.read(A))["preview"]) as answer:
            assert "Enfin." in answer.read().decode()
    finally:
        stop(page)


def test_a_finding_in_a_header_stands_at_the_key_of_its_line(page):
    told = page.edit("draft", page.read(A), values={"summary": "Beaucoup de mots. " * 20})
    found = {each["rule"]: each["key"] for each in told["findings"]}
    assert found["summary-long"] == "summary"


def test_the_page_of_what_is_typed_is_built_and_nothing_is_written(page):
    before = {path: path.read_bytes() for path in page.content.rglob("*") if path.is_file()}
    told = page.edit("draft", page.read(A), values={"title": "Tout neuf"}, body="Des *mots*.\n")
    assert told["findings"]
    with urlopen(told["preview"]) as answer:
        html = answer.read().decode()
    assert "<em>mots</em>" in html
    assert "Tout neuf" in html
    assert {path: path.read_bytes() for path in before} == before
    assert set(before) == {path for path in page.content.rglob("*") if path.is_file()}


def test_history_is_of_git_and_of_the_page_and_comes_back(page):
    git = ["git", "-C", str(page.content), "-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "Avant"], check=True)
    sites.write(page.content, {A: article("Entre deux")})
    assert page.save(A, body="Après.\n").status == 200
    versions = page.get("history", source=A)["versions"]
    assert [each["from"] for each in versions] == ["page", "file", "git"]
    assert versions[0]["current"]
    assert versions[2]["words"] == "Avant"
    assert page.get("version", source=A, id=versions[2]["id"])["text"] == TEXTS[A]
    now = page.read(A)["digest"]
    assert page.post("restore", source=A, digest="0" * 64, id=versions[2]["id"]).status == 409
    assert page.post("restore", source=A, digest=now, id=versions[2]["id"]).status == 200
    assert page.file(A) == TEXTS[A]
    assert page.get("version", source=A, id=versions[0]["id"])["body"] == "Après.\n"
    page.save(A, body="Après.\n")
    marks = [each["current"] for each in page.get("history", source=A)["versions"]]
    assert marks.count(True) == 1, "the first of two versions alike is the text of today"
    assert marks[0]


def test_a_full_disk_is_told_and_the_file_stays_whole(tmp_path):
    content = sites.write(tmp_path / "content", TEXTS)
    page = start(content)
    try:
        read = page.read(A)
        for process in Path("/proc").glob("[0-9]*"):
            if parent_of(number := int(process.name)) == page.process.pid:
                resource.prlimit(number, resource.RLIMIT_FSIZE, (20_000, 20_000))
        full = page.edit("save", read, body="Un texte trop long. " * 5000)
        assert full.status == 507
        assert "the disk is full" in full.json["error"]
        assert page.file(A) == TEXTS[A]
        assert sorted(path.name for path in (content / "articles").iterdir()) == ["a.md", "b.md"]
        assert page.edit("save", read, body="Un texte plus court.\n").status == 200
    finally:
        stop(page)


def test_the_settings_of_the_site_have_the_same_form(page):
    read = page.read("site.yml")
    told = page.edit("draft", read, values={"owner.phone": "01"})
    assert [each["key"] for each in told["findings"]] == ["owner.phone"]
    saved = page.edit(
        "save",
        read,
        values={"owner.phone": "01 99 00 12 34", "owner.links": {"M": "https://m.org"}},
    )
    assert saved["values"]["owner.phone"] == "01 99 00 12 34"
    assert page.file("site.yml").startswith(TEXTS["site.yml"].rstrip("\n"))
    assert "  links:\n    M: https://m.org\n" in page.file("site.yml")


def test_the_owners_words_are_a_list_that_need_not_exist_before(page):
    read = page.read("mots.txt")
    assert (read["text"], read["readable"], read["findings"]) == ("", False, [])
    told = page.edit("draft", read, whole="Zorglub")
    assert (told["findings"], told["preview"], told["fault"]) == ([], "", "")
    assert page.read("mots.txt")["unsaved"]["text"] == "Zorglub"
    assert page.edit("save", read, whole="Zorglub\n").status == 200
    assert page.file("mots.txt") == "Zorglub\n"
    assert page.edit("save", read, whole="Autre\n").status == 409
    assert [each["from"] for each in page.get("history", source="mots.txt")["versions"]] == ["page"]


def test_the_english_names_of_themes_are_a_list_with_its_own_faults_and_the_names_that_lack(page):
    texts = {"articles/n.md": article("Neuf", tags="[habitat, eau]"), "articles/n.en.md": ENGLISH}
    sites.write(page.content, texts)
    read = page.read("themes.yml")
    lacking = [(each["problem"], each["line"]) for each in read["findings"]]
    assert lacking == [(f"“{name}” has no English name", None) for name in ("habitat", "eau")]
    told = page.edit("draft", read, whole="habitat: housing\nune eau\n")["findings"]
    assert [(each["source"], each["line"]) for each in told] == [
        ("themes.yml", 2),
        ("themes.yml", None),
    ]
    assert page.edit("save", read, whole="habitat: housing\neau: water\n")["findings"] == []
    assert "theme" not in {each["rule"] for each in page.read("articles/n.md")["findings"]}
    for name, request in {"delete": {"to": ""}, "hide": {}, "show": {}, "announce": {}}.items():
        assert page.post(name, source="themes.yml", **request).status in (404, 422), name
    assert page.file("themes.yml").startswith("habitat")


@pytest.mark.needs("hunspell", "hunspell-fr")
def test_a_finding_of_the_spelling_tells_its_word(page):
    words = [f"zorglub{chr(97 + n) * 3}" for n in range(7)]
    sites.write(page.content, {A: article("A", body="\n\n".join(words))})
    found = [each for each in page.read(A)["findings"] if each["rule"] == "spelling"]
    assert [each["word"] for each in found] == [*words[:5], ""]
    (page.content / "mots.txt").write_text("Autre # un nom")
    assert page.post("accept-word", word=words[0]).status == 200
    assert page.file("mots.txt") == f"Autre # un nom\n{words[0]}\n"
    read = page.read("mots.txt")
    page.edit("draft", read, whole="Rien\n")
    assert page.post("accept-word", word=words[1]).status == 200
    unsaved = page.read("mots.txt")["unsaved"]
    assert (unsaved["text"], unsaved["conflict"]) == ("Rien\n", True)
    assert page.post("accept-word", word=words[1].title()).status == 200, "it is there already"
    assert page.file("mots.txt").split("\n")[1:] == [*words[:2], ""]
    found = [each for each in page.read(A)["findings"] if each["rule"] == "spelling"]
    assert [each["word"] for each in found] == words[2:]
    for refused in ("", " ", "a # b"):
        assert page.post("accept-word", word=refused).status == 404


# --- Whole texts -----------------------------------------------------------------------------


def test_a_text_is_started_translated_and_duplicated(page):
    made = page.post("new", kind="article", title="L’été")["source"]
    assert texts(page)[made]["state"] == "draft"
    assert page.post("new", kind="article", title="L’été").status == 422
    assert page.post("new", kind="article", title=" ").status == 422
    assert page.post("new", kind="home", title="x").status == 404
    translated = page.post("translate", source=A)["source"]
    assert translated == "articles/a.en.md"
    assert texts(page)[A]["translated"] == "present"
    assert page.read(translated)["inherited"] == {"date": "2012-03"}
    page.save(A, body="Autre chose.\n")
    assert texts(page)[A]["translated"] == "older"
    assert page.post("accept", source=translated).status == 200
    assert texts(page)[A]["translated"] == "present"
    copy = page.post("duplicate", source=A, title="Une copie")["source"]
    assert texts(page)[copy]["state"] == "draft"
    assert page.read(copy)["body"] == "Autre chose.\n"
    assert page.post("duplicate", source=A, title="Une copie").status == 422


def test_a_text_is_hidden_and_shown_and_its_readers_are_led(page):
    refused = page.post("hide", source=A)
    assert refused.status == 422
    assert "/actualites/premiere/" in refused.json["error"]
    assert page.post("hide", source=A, to="/").status == 200
    assert texts(page)[A]["state"] == "draft"
    assert "aliases: [/actualites/premiere/]" in page.file("home.md")
    hidden = page.file("home.md")
    assert page.post("show", source=A).status == 200
    assert texts(page)[A]["state"] == "online"
    assert page.file(A) == TEXTS[A]
    assert page.file("home.md") == TEXTS["home.md"]
    versions = page.get("history", source="home.md")["versions"]
    kept = [page.get("version", source="home.md", id=each["id"])["text"] for each in versions]
    assert kept == [TEXTS["home.md"], hidden, TEXTS["home.md"]]


def test_a_project_is_announced_once_it_has_no_text(page):
    source = "pages/projects/p.md"
    assert page.post("announce", source=source).status == 422
    assert page.post("announce", source=A).status == 422
    page.save(source, body="")
    assert page.post("announce", source=source).status == 200
    assert texts(page)[source]["state"] == "announced"


def test_a_deleted_text_comes_back_with_its_translation_and_its_address(page):
    page.post("translate", source=A)
    english = page.file("articles/a.en.md")
    gone = page.post("delete", source=A, to="/")["deleted"]
    assert A not in texts(page)
    assert "articles/a.en.md" not in texts(page)
    assert "aliases" in page.file("home.md")
    (listed,) = page.get("deleted")["deleted"]
    assert listed["id"] == gone
    assert listed["title"] == "Première"
    assert listed["sources"] == [A, "articles/a.en.md"]
    sites.write(page.content, {A: article("Une autre")})
    assert page.post("undelete", id=gone).status == 422
    (page.content / A).unlink()
    assert page.post("undelete", id=gone)["sources"] == [A, "articles/a.en.md"]
    assert page.file(A) == TEXTS[A]
    assert page.file("articles/a.en.md") == english
    assert page.file("home.md") == TEXTS["home.md"]
    assert page.get("deleted")["deleted"] == []


# --- Pictures and documents --------------------------------------------------------------------


def test_a_dropped_photo_stands_in_its_place_and_in_the_page(page):
    put = page.upload("Été 2026.JPG", sites.photo(4000, 3000, quality=70))
    assert put["link"] == "/images/ete-2026.jpg"
    assert (put["width"], put["height"]) == (4000, 3000)
    body = "![Un lavoir, sous la pluie](/images/ete-2026.jpg)\n"
    told = page.edit("draft", page.read(A), body=body)
    assert not [each for each in told["findings"] if each["severity"] == "fault"]
    assert told["preview"]
    (listed,) = page.get("files")["files"]
    assert listed["source"] == "images/ete-2026.jpg"


def test_several_files_arrive_at_once(page):
    data = {f"photo-{number}.jpg": sites.photo(640, 480 + number) for number in range(4)}
    with ThreadPoolExecutor() as windows:
        put = list(windows.map(lambda name: page.upload(name, data[name]), data))
    assert [each["source"] for each in put] == [f"images/{name}" for name in data]
    assert all((page.content / f"images/{name}").read_bytes() == data[name] for name in data)
    assert list((page.content.parent / ".writing/received").iterdir()) == []


def test_a_document_goes_into_its_folder(page):
    assert page.upload("Plan (v2).pdf", b"%PDF-1.7\n")["source"] == "files/plan-v2.pdf"
    assert page.upload("notes.txt", "Été".encode())["kind"] == "file"
    assert page.upload("a.docx", b"PK\3\4rest")["source"] == "files/a.docx"


# --- What visitors get ---------------------------------------------------------------------------


def test_the_published_site_has_not_one_byte_of_it(page, tmp_path):
    """A site that is written in the page builds to the same bytes as one that is not."""
    before = sites.build(page.content, tmp_path / "before")
    assert before.code == 0, before.complaints
    page.edit("draft", page.read(A), body="Pas encore enregistré.\n")
    page.get("findings")
    page.save(A, body="Neuf.\n")
    page.save(A, body=TEXTS[A].rpartition("---\n")[2])
    assert page.file(A) == TEXTS[A]
    after = sites.build(page.content, tmp_path / "after")
    files = {
        path.relative_to(folder): path.read_bytes()
        for folder in (tmp_path / "before", tmp_path / "after")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert after.code == 0, after.complaints
    for path, data in files.items():
        assert (tmp_path / "before" / path).read_bytes() == data
        assert page.token.encode() not in data
        assert b"sessionStorage" not in data
        assert b"/api/" not in data
