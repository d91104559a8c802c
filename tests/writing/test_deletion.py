"""Deleting, hiding and renaming a text: ./inv delete, ./inv hide, ./inv rename."""

import datetime
import os
import pty
import re
import shlex
import subprocess

import pytest

from engine.faults import FaultsError
from engine.texts import library
from engine.texts.partial_dates import present_day
from engine.texts.translations import digest_of_file
from engine.writing.file_changes import FileChanges
from pelicanconf import ADDRESSES, TIMEZONE
from tests import sites
from tests.sites import article, header, project

pytestmark = pytest.mark.slow

TODAY = present_day(TIMEZONE)
A, A_EN = "articles/2012-03-a.md", "articles/2012-03-a.en.md"
P = "pages/projects/le-mixeur.md"
HOME = header(title="Accueil") + "Mots.\n\nVoir [la nouvelle](articles/2012-03-a.md#un), et plus.\n"
SITE = {
    A: article("Un", slug="un", aliases="[/ancien/]", body="## Un {#un}\n\nTexte."),
    A_EN: header(title="One", slug="one") + "## One {#un}\n\nText.\n",
    P: project("Le Mixeur", slug="le-mixeur"),
    "pages/projects/le-mixeur.en.md": header(title="The Mixer", slug="mixer") + "Text.\n",
    "articles/2013-b.md": article("Deux", "2013", slug="deux", project="le-mixeur"),
    "home.md": HOME,
}


def everything(writer):
    folder = writer.content.parent
    return {name: (folder / name).read_bytes() for name in writer.files()}


def built(writer):
    done = sites.build(writer.content, writer.content.parent / "output")
    assert done.code == 0, done.complaints
    return done.site


def succeeds(writer, *words):
    done = writer.types(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_text_is_deleted_with_its_translation_and_its_readers_are_led_on(writer):
    writer.has(SITE)
    said = succeeds(writer, "delete", f"content/{A}", "--to=/projets/le-mixeur/")
    assert said[:2] == [f"content/{A} is deleted", f"content/{A_EN} is deleted"]
    assert not (writer.content / A).exists()
    assert not (writer.content / A_EN).exists()
    assert "aliases: [/actualites/un/, /ancien/]\n" in writer.reads(P)
    assert "aliases: [/en/news/one/]\n" in writer.reads("pages/projects/le-mixeur.en.md")
    told = (
        "content/home.md:6: link: articles/2012-03-a.md#un leads to nothing any more; "
        f"write /{P} in its place"
    )
    assert told in said

    writer.has({"home.md": HOME.replace("articles/2012-03-a.md#un", f"/{P}")})
    site = built(writer)
    for old, new in {
        "/actualites/un/": "/projets/le-mixeur/",
        "/en/news/one/": "/en/projects/mixer/",
    }.items():
        assert f"url={new}" in site.text(old)


@pytest.mark.parametrize("words", [("delete", A_EN), ("hide", A_EN), ("rename", A_EN, "first")])
def test_readers_of_a_translation_may_be_led_to_the_original(writer, words):
    writer.has(SITE)
    succeeds(writer, *words, "--to=/actualites/un/")
    assert "aliases: [/ancien/, /en/news/one/]\n" in writer.reads(A)
    assert "url=/actualites/un/" in built(writer).text("/en/news/one/")


def test_a_text_whose_translation_cannot_be_read_stays_where_it_is(writer):
    writer.has(SITE | {A_EN: "no header"})
    before = everything(writer)
    done = writer.types("delete", A, "--to=")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"content/{A_EN}:1: header: ")
    assert everything(writer) == before


def test_what_was_deleted_comes_back_by_the_lines_that_were_printed(writer):
    writer.has(SITE | {"articles/l'été à.md": article("Trois", slug="trois")})
    before = everything(writer)
    for file in (A, "articles/l'été à.md"):
        said = succeeds(writer, "delete", file, "--to=")
        lines = said[said.index("To bring it back, in this folder:") + 1 :]
        moves = [line for line in lines if line.startswith("mv ")]
        assert not (writer.content / file).exists()
        subprocess.run(["sh", "-ec", "\n".join(moves)], cwd=writer.content.parent, check=True)
        assert everything(writer) == before


@pytest.mark.parametrize("command", ["delete", "hide"])
def test_a_text_whose_readers_were_led_on_comes_back_by_what_was_printed(writer, command):
    about, about_en = "pages/a-propos.md", "pages/a-propos.en.md"
    writer.has(
        SITE | {about: header(title="À propos", slug="a-propos", aliases="[/qui/]") + "Texte.\n"}
    )
    writer.has({about_en: header(title="About", slug="about") + "Text.\n"})
    before = everything(writer)
    said = succeeds(writer, command, A, "--to=/a-propos/")
    last = "To bring it back, in this folder:" if command == "delete" else "To show it again:"
    for line in said[said.index(last) + 1 :]:
        if line.startswith("mv "):
            subprocess.run(["sh", "-c", line], cwd=writer.content.parent, check=True)
            continue
        typed, file = re.fullmatch(
            "remove (.+) from (?:the aliases of )?content/(.+)", line
        ).groups()
        text = writer.reads(file)
        if typed.startswith("the line"):
            key = re.search("“([a-z]+: )", typed)[1]
            text = re.sub(f"(?m)^{key}.*\n", "", text, count=1)
        for alias in typed.split(", "):
            text = re.sub(f", {alias}|{alias}, ", "", text)
        writer.has({file: text})
    assert everything(writer) == before


def test_an_address_that_is_given_up_is_told_with_the_command_that_publishes_so(writer):
    writer.has(SITE)
    said = succeeds(writer, "delete", A, "--to=")
    command = said[said.index("When you publish:") + 1]
    assert shlex.split(command) == [
        "./inv",
        "publish",
        *(f"--gone={each}" for each in ("/actualites/un/", "/ancien/", "/en/news/one/")),
        "--gone=/actualites/2012/",
        "--gone=/en/news/2012/",
    ]
    assert any("leave the words alone, without the link" in line for line in said)


def test_the_news_of_a_deleted_project_are_told(writer):
    writer.has(SITE)
    said = succeeds(writer, "delete", P, "--to=/")
    assert (
        "content/articles/2013-b.md:5: project: its project le-mixeur is not shown any more; "
        "remove the line, or name another project" in said
    )
    assert "aliases: [/projets/le-mixeur/, /en/projects/mixer/]\n" in writer.reads("home.md")


def test_a_draft_is_deleted_without_a_question(writer):
    writer.has({"articles/a.md": article("A", slug="a", status="draft")})
    said = succeeds(writer, "delete", "articles/a.md")
    assert said[:2] == ["content/articles/a.md is deleted", "To bring it back, in this folder:"]


def test_a_hidden_text_is_a_draft_in_both_languages_and_nothing_else_changes(writer):
    writer.has(SITE)
    before = writer.reads(A)
    said = succeeds(writer, "hide", A, "--to=/projets/le-mixeur/")
    assert f"content/{A} is a draft" in said
    assert writer.reads(A) == before.replace("\n---\n", "\nstatus: draft\n---\n", 1)
    site = built(writer)
    assert "url=/projets/le-mixeur/" in site.text("/actualites/un/")
    assert "url=/en/projects/mixer/" in site.text("/en/news/one/")
    assert any(line.startswith("content/home.md:6: link: ") for line in said)


def test_a_text_that_was_hidden_by_hand_can_still_lead_its_readers_on(writer):
    hidden = SITE[A].replace("slug: un", "slug: un\nstatus: draft")
    writer.has(SITE | {A: hidden})
    succeeds(writer, "hide", A, "--to=/projets/le-mixeur/")
    assert writer.reads(A) == hidden
    assert "url=/projets/le-mixeur/" in built(writer).text("/actualites/un/")


@pytest.mark.parametrize("to", [[], ["--to="], ["--to=/"]])
def test_a_draft_that_is_hidden_again_is_told_to_be_one_and_nothing_changes(writer, to):
    writer.has(SITE)
    succeeds(writer, "hide", A, "--to=/projets/le-mixeur/")
    before = everything(writer)
    said = succeeds(writer, "hide", A, *to)
    assert said[:2] == [f"content/{A} is a draft already", f"content/{A_EN} is a draft already"]
    assert not any("--gone" in line or "leads to /" in line for line in said)
    assert everything(writer) == before


def test_a_text_whose_day_is_to_come_has_no_readers(writer):
    day = TODAY + datetime.timedelta(days=30)
    writer.has({"articles/d.md": article("D", day.isoformat(), slug="d"), "home.md": HOME})
    before = everything(writer)
    said = succeeds(writer, "hide", "articles/d.md")
    assert said == [
        "content/articles/d.md is a draft",
        "To show it again:",
        "remove the line “status: draft” from content/articles/d.md",
    ]
    after = everything(writer)
    assert after.keys() == before.keys()
    assert after["content/home.md"] == before["content/home.md"]


@pytest.mark.parametrize("to", ["", "/projets/le-mixeur/"])
def test_a_translation_that_is_a_draft_has_no_readers(writer, to):
    draft = header(title="One", slug="one", status="draft") + "Text."
    writer.has(SITE | {A_EN: draft})
    said = succeeds(writer, "hide", A, f"--to={to}")
    assert f"content/{A_EN} is a draft already" in said
    assert ("--gone=/actualites/un/" in "\n".join(said)) is (not to)
    assert "/en/news/one/" not in "\n".join(said)
    assert writer.reads(A_EN) == draft
    assert "aliases" not in writer.reads("pages/projects/le-mixeur.en.md")


def test_an_announced_project_is_shown_again_by_what_was_printed(writer):
    source = header(title="Bientôt", status="announced", slug="bientot")
    writer.has(SITE | {"pages/projects/b.md": source})
    said = succeeds(writer, "hide", "pages/projects/b.md")
    assert said[-1] == (
        "remove the line “status: draft” from content/pages/projects/b.md, "
        "and the “# ” before “status: announced”"
    )
    hidden = writer.reads("pages/projects/b.md")
    shown = hidden.replace("status: draft\n", "").replace("# status", "status")
    assert shown == source
    assert "Bientôt" not in built(writer).text("/projets/")
    both = hidden.replace("status: draft", "status: announced")
    writer.has({"pages/projects/b.md": both})
    succeeds(writer, "hide", "pages/projects/b.md")
    assert writer.reads("pages/projects/b.md") == hidden


def test_a_translation_that_says_its_own_status_is_hidden_too(writer):
    writer.has(SITE | {A_EN: header(title="One", slug="one", status="published") + "Text."})
    succeeds(writer, "hide", A, "--to=")
    assert "status: draft\n" in writer.reads(A_EN)
    assert not built(writer).has("/en/news/one/")


def test_a_renamed_text_keeps_its_readers_and_the_links_of_other_texts(writer):
    writer.has(SITE)
    before = everything(writer)
    said = succeeds(writer, "rename", f"content/{A}", "Deux mots")
    assert said == [
        f"content/{A} is now content/articles/2012-03-deux-mots.md",
        f"content/{A_EN} is now content/articles/2012-03-deux-mots.en.md",
        "/actualites/un/ leads to /actualites/deux-mots/",
        "/ancien/ leads to /actualites/deux-mots/",
        "changed content/home.md:6",
        "content/articles/2012-03-deux-mots.md:2: the title is still “Un”; change it here",
    ]
    after = everything(writer)
    text = after.pop("content/articles/2012-03-deux-mots.md").decode()
    assert "slug: deux-mots\naliases: [/ancien/, /actualites/un/]\n" in text
    assert after.pop("content/articles/2012-03-deux-mots.en.md") == before.pop(f"content/{A_EN}")
    assert after.pop("content/home.md").decode() == HOME.replace(
        "2012-03-a.md", "2012-03-deux-mots.md"
    )
    del before[f"content/{A}"], before["content/home.md"]
    assert after == before
    site = built(writer)
    assert "url=/actualites/deux-mots/" in site.text("/actualites/un/")
    assert site.has("/en/news/one/")

    said = succeeds(writer, "rename", "content/articles/2012-03-deux-mots.md", "un")
    assert not any("title" in line for line in said)
    assert "slug: un\naliases: [/ancien/, /actualites/deux-mots/]\n" in writer.reads(
        "articles/2012-03-un.md"
    )
    built(writer)


def test_a_rename_leaves_each_translation_as_up_to_date_as_it_was(writer):
    c, c_en = "articles/c.md", "articles/c.en.md"
    texts = SITE | {c: article("C", slug="c", body=f"[x](/{A})")}
    stamp = digest_of_file("article", texts[c].encode())
    texts[c_en] = header(title="C", slug="c", translated_from=stamp) + "Text.\n"
    texts["home.en.md"] = header(title="Home", translated_from=f"sha256-{'0' * 16}") + "Text.\n"
    writer.has(texts)
    before = writer.types("translations").stdout
    assert f"present  content/{c_en}" in before
    assert "older    content/home.en.md" in before
    said = succeeds(writer, "rename", A, "autre")
    assert f"changed content/{c_en}:4" in said
    assert not any("home.en.md" in line for line in said)
    after = writer.types("translations").stdout
    assert f"present  content/{c_en}" in after
    assert "older    content/home.en.md" in after


def test_a_renamed_project_keeps_its_news(writer):
    writer.has(SITE)
    said = succeeds(writer, "rename", P, "la-fabrique")
    assert "changed content/articles/2013-b.md:5" in said
    assert "project: la-fabrique\n" in writer.reads("articles/2013-b.md")
    assert "aliases: [/projets/le-mixeur/]" in writer.reads("pages/projects/la-fabrique.md")
    built(writer)


def test_the_readers_of_a_renamed_text_may_be_led_to_another(writer):
    writer.has(SITE)
    succeeds(writer, "rename", A, "autre", "--to=/projets/le-mixeur/")
    assert "aliases: [/actualites/un/, /ancien/]" in writer.reads(P)
    assert "aliases" not in writer.reads("articles/2012-03-autre.md")
    built(writer)


def test_a_new_name_that_begins_with_a_dash_is_given_as_an_option(writer):
    writer.has(SITE)
    told = " ".join(writer.types("--help", "rename").stdout.split())
    assert '--name="- Le soir"' in told
    succeeds(writer, "rename", A, "--name=- Le soir")
    assert "slug: le-soir\n" in writer.reads("articles/2012-03-le-soir.md")


def test_a_translation_alone_changes_its_address_and_keeps_its_file(writer):
    writer.has(SITE)
    said = succeeds(writer, "rename", A_EN, "first")
    assert said == [
        "/en/news/one/ leads to /en/news/first/",
        f"content/{A_EN}:2: the title is still “One”; change it here",
    ]
    assert "slug: first\naliases: [/en/news/one/]\n" in writer.reads(A_EN)


BODIES = {
    "a path from the content folder": ("[x](/articles/2012-03-a.md)", "2012-03-a"),
    "a title and a fragment": ('[x]( ../articles/2012-03-a.md#un "Une" )', "2012-03-a"),
    "an address in brackets": ("[x](<2012-03-a.md>)", "2012-03-a"),
    "encoded letters": ("[x](2012-03-%61.md)", "2012-03-%61"),
    "an escaped letter": (r"[x](2012\-03-a.md)", r"2012\-03-a"),
    "a Pelican mark": ("[x]({filename}2012-03-a.md)", "2012-03-a"),
    "a named address": ("[x] et [y][x].\n\n[x]: 2012-03-a.md", "2012-03-a"),
    "HTML": ('<a href="2012-03-a.md">x</a>', "2012-03-a"),
    "the English file": ("[x](2012-03-a.en.md)", "2012-03-a"),
    "Windows lines and letters apart": (
        "e\u0301te\u0301\r\n\r\n[x](2012-03-a.md)\r\n",
        "2012-03-a",
    ),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_link_changes_its_name_alone_however_it_is_written(writer, body):
    typed, name = BODIES[body]
    code = "`[x](2012-03-a.md)` et [z](2012-03-ab.md)."
    source = article("C", slug="c", body=f"{typed}\n\n{code}")
    other = article("Z", slug="z", body="Texte.")
    writer.has(SITE | {"articles/c.md": source, "articles/2012-03-ab.md": other})
    succeeds(writer, "rename", A, "autre")
    expected = source.replace(typed, typed.replace(name, "2012-03-autre"))
    assert writer.reads("articles/c.md") == expected


def test_a_link_by_address_is_told_with_the_new_one(writer):
    writer.has(SITE | {"articles/c.md": article("C", slug="c", body="[x](/actualites/un/#un)")})
    said = succeeds(writer, "rename", A, "autre")
    assert (
        "content/articles/c.md:6: link: /actualites/un/#un is an old address; "
        "write the new one, /actualites/autre/" in said
    )


def test_a_silence_follows_the_file(writer):
    silence = f'- rule: spelling\n  file: {A} # la nouvelle\n  reason: "Un nom."\n'
    writer.has(SITE | {"silences.yml": silence})
    succeeds(writer, "rename", A, "autre")
    assert writer.reads("silences.yml") == silence.replace(A, "articles/2012-03-autre.md")


def test_lines_are_told_as_they_stand_afterwards(writer):
    links = "[x](/articles/2012-03-a.md)\n\n[y](/actualites/un/)"
    site = SITE | {P: project("Le Mixeur", links, slug="le-mixeur")}
    writer.has(site)
    said = succeeds(writer, "delete", A, "--to=/projets/le-mixeur/")
    assert [line.split(": ")[0] for line in said if line.startswith(f"content/{P}:")] == [
        f"content/{P}:6",
        f"content/{P}:8",
    ]
    writer.has(site)
    said = succeeds(writer, "rename", A, "autre", "--to=/projets/le-mixeur/")
    assert f"changed content/{P}:6" in said
    assert any(line.startswith(f"content/{P}:8: link: ") for line in said)


def test_a_preview_of_a_hidden_text_gives_it_back_its_addresses(writer):
    writer.has(SITE)
    succeeds(writer, "hide", A, "--to=/projets/le-mixeur/")
    found = library.read_texts(writer.content, addresses=ADDRESSES, today=TODAY)
    revealed = library.with_hidden_texts(found)
    assert [str(fault) for fault in revealed.faults] == []
    aliases = [alias for text in revealed.visible for alias in text.header["aliases"] or ()]
    assert aliases == ["/ancien/"]
    kept = [alias for text in found.visible for alias in text.header["aliases"] or ()]
    assert sorted(kept) == ["/actualites/un/", "/ancien/", "/en/news/one/"]


@pytest.mark.parametrize(("typed", "is_kept"), [("/projets/le-mixeur/\n", True), ("\n", False)])
def test_a_person_at_a_terminal_is_asked_where_readers_go(writer, typed, is_kept):
    writer.has(SITE)
    asking, answering = pty.openpty()
    os.write(asking, typed.encode())
    done = subprocess.run(
        writer.command("delete", A),
        cwd=writer.content.parent,
        env=writer.environment(),
        stdin=answering,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    os.close(asking)
    os.close(answering)
    assert done.returncode == 0, done.stderr
    assert "Where should readers of /actualites/un/ go?" in done.stdout
    assert ("aliases: [/actualites/un/, /ancien/]" in writer.reads(P)) is is_kept
    assert ("--gone=/actualites/un/" in done.stdout) is not is_kept


def test_several_files_change_or_none(tmp_path):
    sites.write(tmp_path, {"a": "A", "b": "B", "c": "C", "taken": "T"})
    paths = {name: tmp_path / name for name in "abc"}
    changes = FileChanges(
        {paths["a"]: "1", paths["b"]: "2"},
        {paths["c"]: tmp_path / "new/c", paths["a"]: tmp_path / "taken"},
    )
    with pytest.raises(FaultsError, match="taken: file: it cannot be changed"):
        changes.make()
    files = {p.name: p.read_text() for p in tmp_path.rglob("*") if p.is_file()}
    assert files == {"a": "A", "b": "B", "c": "C", "taken": "T"}
    FileChanges({paths["a"]: "1"}, {paths["c"]: tmp_path / "new/c"}).make()
    assert (tmp_path / "a").read_text() + (tmp_path / "new/c").read_text() == "1C"


REFUSED = {
    "no such file": (("delete", "articles/x.md", "--to="), "articles/x.md: file: there is no such"),
    "a file elsewhere": (("delete", "outside.md", "--to="), "file: it is no text of the site"),
    "a way out": (("delete", "content/../outside.md", "--to="), "file: it is no text of the site"),
    "a link": (("delete", "articles/link.md", "--to="), "file: it is a symbolic link"),
    "the home page": (("delete", "home.md", "--to="), "home page always has its address"),
    "the home page, hidden": (("hide", "home.md", "--to="), "home page always has its address"),
    "a page that is not there": (("delete", A, "--to=/x/"), "--to: to: “/x/” is the address of no"),
    "itself": (("delete", A, "--to=/actualites/un/"), "is the address that is given up"),
    "a list": (("hide", A, "--to=/actualites/"), "is a list of the site"),
    "another site": (("hide", A, "--to=https://x.org/"), "is the address of no page of the site"),
    "a way out as target": (("delete", A, "--to=/../x/"), "is the address of no page of the site"),
    "no answer": (("delete", A), "nothing says where readers of /actualites/un/ go; call with"),
    "no new name": (("rename", A), "rename: name: it is missing; write it after the name"),
    "a name with a folder": (("rename", A, "../x"), "“../x” is no name of a text"),
    "a name without a letter": (("rename", A, "!"), "“!” is no name of a text"),
    "its own name": (("rename", "articles/2013-deux.md", "deux"), "is called deux already"),
    "a taken address": (("rename", A, "deux"), "is already that of content/articles/2013-deux.md"),
    "a taken file": (("rename", A, "c"), "content/articles/2012-03-c.md: file: it exists already"),
    "a comment beside": (
        ("hide", "articles/2014-d.md", "--to="),
        "content/articles/2014-d.md:5: status: this command cannot change it",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_refused_and_nothing_changes(writer, name):
    words, fault = REFUSED[name]
    writer.has(
        SITE
        | {
            "articles/2013-deux.md": article("Deux", "2013", slug="deux"),
            "articles/2012-03-c.md": article("C", slug="autre"),
            "articles/2014-d.md": article("D", "2014", slug="d", status="published # vu"),
        }
    )
    (writer.content / "articles/2013-b.md").unlink()
    sites.write(writer.content.parent, {"outside.md": SITE[A]})
    (writer.content / "articles/link.md").symlink_to(writer.content.parent / "outside.md")
    before = everything(writer)
    done = writer.types(*words)
    assert done.returncode == 1, done.stdout
    assert fault in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(writer) == before
