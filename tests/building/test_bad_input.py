"""Every bad input gives exit 1, the file, the line, the key and a remedy; the last site stays."""

import datetime
import os
import re
import sys
import unicodedata

import pytest
from PIL import Image

from engine import checking
from engine.preview.worker_client import WorkerClient
from tests import sites
from tests.sites import article, header, project

A = "articles/a.md"
GOOD = article()
P = "pages/projects/p.md"
NEXT_CENTURY = datetime.date.today().year + 100

# name: (files, path of the fault below the content folder, line or None, key, words that are said)
FAULTS = {
    "an empty file": ({A: ""}, A, 1, "header", "the file is empty"),
    "no header": ({A: "Un texte."}, A, 1, "header", "first line is not ---"),
    "a blank line before the header": ({A: "\n" + GOOD}, A, 1, "header", "first line is not ---"),
    "a header that never ends": ({A: "---\ntitle: a\n"}, A, 2, "header", "never ends"),
    "a header without a key": (
        {A: "---\n---\nTexte"},
        A,
        1,
        "title",
        "missing; add a line such as",
    ),
    "a header of one word": ({A: "---\ntitre\n---\nTexte"}, A, 2, "header", "holds no key"),
    "no title": ({A: header(date="2012") + "Texte"}, A, 1, "title", "it is missing"),
    "an image whose address no browser reads": (
        {A: article(body='<img src="/&#9;/[x" alt="a">')},
        A,
        5,
        "image",
        "leads to no file; name a file",
    ),
    "an empty title": ({A: header(title="", date="2012") + "T"}, A, 2, "title", "it is empty"),
    "no date": ({A: header(title="a") + "T"}, A, 1, "date", "it is missing"),
    "a day-first date": ({A: article(date="03/02/2024")}, A, 3, "date", "year-month-day"),
    "a lone number for a date": ({A: article(date="12")}, A, 3, "date", "“12” is not a date"),
    "a day that is not": ({A: article(date="2023-02-29")}, A, 3, "date", "not in the calendar"),
    "a date by mistake": (
        {A: article(date=f"{NEXT_CENTURY}-01-01")},
        A,
        3,
        "date",
        "more than a year ahead",
    ),
    "an unknown status": (
        {A: article(status="publised")},
        A,
        4,
        "status",
        "did you mean published?",
    ),
    "an unknown key": ({A: article(sumary="x")}, A, 4, "sumary", "did you mean summary?"),
    "a key in capitals": ({A: "---\nTitle: x\n---\nT"}, A, 2, "Title", "did you mean title?"),
    "a key given twice": (
        {A: "---\ntitle: a\ntitle: b\ndate: 2012\n---\nT"},
        A,
        3,
        "title",
        "already on line 2",
    ),
    "a language in capitals": ({A: article(lang="FR")}, A, 4, "lang", "did you mean fr?"),
    "a language that the name denies": (
        {A: article(lang="en")},
        A,
        4,
        "lang",
        "name the file a.en.md",
    ),
    "a language that the site has not": (
        {"articles/a.de.md": GOOD},
        "articles/a.de.md",
        None,
        "file",
        "“.de” is no language",
    ),
    "a header in a language that the site has not": (
        {A: article(lang="de")},
        A,
        4,
        "lang",
        "“de” is not known; use one of fr, en",
    ),
    "a language of one country": (
        {"articles/a.de-CH.md": GOOD},
        "articles/a.de-CH.md",
        None,
        "file",
        "“.de-CH” is no language of this site; end the name in .md for French, in .en.md for",
    ),
    "a home page in a language that the site has not": (
        {A: GOOD, "home.de.md": header(title="Hier")},
        "home.de.md",
        None,
        "file",
        "“.de” is no language",
    ),
    "the main language in a name": (
        {"articles/a.fr.md": GOOD},
        "articles/a.fr.md",
        None,
        "file",
        "the name of a French text does not say its language; end the name in .md for French",
    ),
    "a slug that climbs": ({A: article(slug="../../x")}, A, 4, "slug", "only a to z"),
    "a slug beside the output": ({A: article(slug="../out-evil/x")}, A, 4, "slug", "only a to z"),
    "a slug with accents": ({A: article(slug="été")}, A, 4, "slug", "only a to z"),
    "a title of emoji": ({A: article(title="🎉🎉")}, A, 2, "title", "add a line such as slug"),
    "two texts on one address": (
        {A: GOOD, "articles/b.md": GOOD},
        "articles/b.md",
        2,
        "title",
        "already that of",
    ),
    "a page on a list's address": (
        {"pages/parcours.md": header(title="Parcours") + "T"},
        "pages/parcours.md",
        2,
        "title",
        "the site's own page",
    ),
    "a news item named like a year": (
        {A: article(title="2012")},
        A,
        2,
        "title",
        "the news of the year 2012",
    ),
    "a page in the English folder's place": (
        {"pages/en.md": header(title="En") + "T"},
        "pages/en.md",
        2,
        "title",
        "/en/ is already",
    ),
    "an unknown template": (
        {"pages/p.md": header(title="P", template="contacts") + "T"},
        "pages/p.md",
        3,
        "template",
        "did you mean contact?",
    ),
    "a save_as of Pelican's": ({A: article(save_as="index.html")}, A, 4, "save_as", "has this key"),
    "a colon in a bare title": (
        {A: article(title="Projet : la suite")},
        A,
        2,
        "title",
        'write title: "Projet : la suite"',
    ),
    "a bare number sign": ({A: article(title="Le lieu #1")}, A, 2, "title", "would not be read"),
    "a title that begins with a sign": (
        {A: article(title="*Beau* titre")},
        A,
        2,
        "title",
        'write title: "*Beau* titre"',
    ),
    "a quote that never ends": (
        {A: article(title='"Sans fin')},
        A,
        2,
        "title",
        'never closed; write title: "Sans fin"',
    ),
    "a list for a title": ({A: article(title="[a, b]")}, A, 2, "title", "one value, not a list"),
    "an order in letters": ({P: project(order="un")}, P, 3, "order", "not a whole number"),
    "letters of Latin-1": (
        {A: article(body="Un ét").encode("latin-1")},
        A,
        5,
        "file",
        "save it again with the encoding UTF-8",
    ),
    "a news item without text": ({A: article(body="")}, A, 5, "text", "no text under the header"),
    "an announced project with a text": (
        {P: project(status="announced")},
        P,
        3,
        "text",
        "write status: published",
    ),
    "a translation that dates itself": (
        {A: GOOD, "articles/a.en.md": article(title="A")},
        "articles/a.en.md",
        3,
        "date",
        "belongs to the original",
    ),
    "a stamp that no command wrote": (
        {A: GOOD, "articles/a.en.md": header(title="A", translated_from="hier") + "T"},
        "articles/a.en.md",
        3,
        "translated_from",
        "put the line back as ./inv translate wrote it",
    ),
    "a link to no text": ({A: article(body="[x](b.md)")}, A, 5, "link", "b.md leads to no file"),
    "a link of Pelican's to no text": (
        {A: article(body="a\n\n[x]({filename}/articles/b.md)")},
        A,
        7,
        "link",
        "leads to no file",
    ),
    "a link to no heading": (
        {A: article(body="## Un\n\n[x](#deux)")},
        A,
        7,
        "link",
        "no heading #deux",
    ),
    "a link that runs a script": (
        {A: article(body="[x](javascript:alert(1))")},
        A,
        5,
        "link",
        "is not an address for a page",
    ),
    "a link with an unknown name": ({A: article(body="[x][y]")}, A, 5, "link", "called “y”"),
    "a theme that no text bears": (
        {A: article(body="[x]({tag}cultur)", tags="[culture]")},
        A,
        6,
        "link",
        "did you mean culture?",
    ),
    "an image that is not there": (
        {A: article(body="![Un pont](../images/pont.jpg)")},
        A,
        5,
        "image",
        "leads to no file",
    ),
    "an image without words": (
        {A: article(body="![](../images/p.jpg)"), "images/p.jpg": b"x"},
        A,
        5,
        "image",
        "no words for those who do not see it",
    ),
    "a text called a picture": (
        {A: article(body="![Un pont](../images/p.jpg)"), "images/p.jpg": "Un pont."},
        A,
        5,
        "image",
        "../images/p.jpg: ",
    ),
    "a picture cut short": (
        {A: article(body="![Un](../images/p.jpg)"), "images/p.jpg": sites.photo(200, 90)[:900]},
        "images/p.jpg",
        None,
        "image",
        "broken or cut short; copy it again",
    ),
    "a picture that moves": (
        {
            A: article(body="![Un](../images/p.gif)"),
            "images/p.gif": sites.photo(
                8, 8, "GIF", save_all=True, append_images=[Image.new("RGB", (8, 8))]
            ),
        },
        A,
        5,
        "image",
        "a reader could not stop it",
    ),
    "an image from elsewhere": (
        {A: article(body="![Un pont](https://example.org/p.jpg)")},
        A,
        5,
        "image",
        "is not on this site",
    ),
    "a video without poster": (
        {A: article(body="![Un film](https://youtu.be/abc){duration=3:45}")},
        A,
        5,
        "video",
        "as in ![Un film](https://youtu.be/abc){poster=/images/affiche.jpg duration=3:45}",
    ),
    "a video whose poster is not there": (
        {A: article(body="![Un film](https://youtu.be/abc){poster=/images/a.jpg duration=3:45}")},
        A,
        5,
        "video",
        "poster: /images/a.jpg leads to no file",
    ),
    "a video's address alone": (
        {A: article(body="Voir.\n\nhttps://youtu.be/abc")},
        A,
        7,
        "video",
        "write ![Titre de la vidéo](https://youtu.be/abc){poster=",
    ),
    "a video of this site": (
        {A: article(body="![Un film](../files/f.mp4)"), "files/f.mp4": b"x"},
        A,
        5,
        "video",
        "put the file into content/files/ and make a link of it",
    ),
    "a script in a text": ({A: article(body="<script>1</script>")}, A, 5, "html", "a script"),
    "a heading of level 1": ({A: article(body="# Titre")}, A, 5, "heading", "begin with ##"),
    "an id used twice": (
        {A: article(body="## A {#x}\n\n## B {#x}")},
        A,
        7,
        "heading",
        "used twice",
    ),
    "a project that is not": (
        {A: article(project="le-mixer"), "pages/projects/le-mixeur.md": project()},
        A,
        4,
        "project",
        "did you mean le-mixeur?",
    ),
    "a theme without English": (
        {
            A: article(tags="[culture]"),
            "articles/a.en.md": header(title="A") + "Text.",
        },
        A,
        4,
        "tags",
        "add a line to content/themes.yml",
    ),
    "a text in no place": (
        {"notes/a.md": GOOD},
        "notes/a.md",
        None,
        "file",
        "move it to articles/",
    ),
    "two names that differ in case": (
        {A: GOOD, "articles/A.md": GOOD},
        "articles/a.md",
        None,
        "file",
        "its name is that of",
    ),
    "two names that differ in their Unicode form": (
        {
            unicodedata.normalize("NFC", "articles/é.md"): GOOD,
            unicodedata.normalize("NFD", "articles/é.md"): GOOD,
        },
        unicodedata.normalize("NFC", "articles/é.md"),
        None,
        "file",
        "its name is that of",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_bad_input_is_told_and_leaves_the_last_site(name, tmp_path):
    files, path, line, key, words = FAULTS[name]
    if name.startswith("two names") and sys.platform == "darwin":
        pytest.skip("this file system takes the two names for one")
    content = sites.write(tmp_path / "content", files)
    output = sites.write(tmp_path / "output", {"index.html": "the last site"})

    built = sites.build(content, output)

    assert built.code == 1
    place = f"{content}/{path}:{line}: " if line else f"{content}/{path}: "
    said = [text for text in built.complaints.splitlines() if text.startswith(f"{place}{key}: ")]
    assert said, built.complaints
    assert words in said[0]
    assert re.search(r": .+; .+", said[0]), "no remedy"
    assert "Traceback" not in built.complaints
    assert [p.name for p in output.iterdir()] == ["index.html"]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_symbolic_link_is_refused(tmp_path):
    content = sites.write(tmp_path / "content", {A: GOOD})
    (content / "images").mkdir()
    (content / "images" / "passwd").symlink_to("/etc/passwd")
    built = sites.build(content, tmp_path / "output")
    assert built.code == 1
    assert f"{content}/images/passwd: file: it is a symbolic link; put a copy" in built.complaints


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"articles/caf\xe9.md", GOOD),
        (b"articles/caf\xe9.md", article(status="draft")),
        (b"images/caf\xe9.jpg", sites.photo(40, 30)),
        (b"images/caf\xe9/a.jpg", sites.photo(40, 30)),
    ],
    ids=["text", "draft", "image", "folder"],
)
def test_a_name_that_is_not_utf_8_is_told_by_every_command(tmp_path, monkeypatch, name, text):
    monkeypatch.setenv("SITE_CONTENT", str(tmp_path / "content"))
    try:
        content = sites.write(tmp_path / "content", {A: GOOD, os.fsdecode(name): text})
    except OSError:
        pytest.skip("this file system refuses the name")
    shown, _, new = name.decode("latin-1").partition("é")
    new = f"café{new.partition('/')[0]}"
    problem = f"its name is not UTF-8; rename it, for example to {new}"
    told = f"{content}/{shown}\\xe9{new[4:]}: file: {problem}"
    built = sites.build(content, tmp_path / "output")
    assert (built.code, built.complaints) == (1, f"{told}\n")
    worker = WorkerClient()
    assert worker.ask("build", str(tmp_path / "site"))["fault"] == told
    worker.restart()
    found = [str(each) for each in checking.findings(content) if each.rule == "file"]
    assert [line.split(": ", 2)[2] for line in found] == [f"{told.split(': ', 2)[2]} [file]"]


@pytest.mark.parametrize("site", ["# The site\nid: 12", "# The site\nid: [", b"#\n\xe9"])
def test_all_faults_come_in_one_run_and_those_of_texts_sorted(build, site):
    built = build(
        {
            "articles/b.md": article(title="", date="12", body="[x](y.md)"),
            "articles/a.md": article(sumary="x", body=""),
            "pages/p.md": "no header",
            "themes.yml": "a",
            "site.yml": site,
        },
        SITE_URL="example.org",
    )
    places = [line.split(" ")[0] for line in built.complaints.splitlines()]
    names = [place.rpartition("content/")[2] for place in places]
    assert names == [
        "site.yml:2:",
        "environment:",
        "articles/a.md:4:",
        "articles/a.md:6:",
        "articles/b.md:2:",
        "articles/b.md:3:",
        "articles/b.md:5:",
        "pages/p.md:1:",
        "themes.yml:1:",
    ]


def test_a_missing_content_folder_is_told(tmp_path):
    built = sites.build(tmp_path / "nowhere", tmp_path / "output")
    assert built.code == 1
    assert "nowhere: content: there is no such folder; " in built.complaints


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "https://", "https:///x"])
def test_a_site_address_that_is_none_is_told(build, address):
    built = build({A: GOOD}, SITE_URL=address)
    assert built.code == 1
    assert "environment: SITE_URL: " in built.complaints
    assert "SITE_URL=https://example.org" in built.complaints


@pytest.mark.parametrize(
    "name",
    ["a byte order mark", "lines that end in CRLF", "Jinja in a text", "an emoji in a name"],
)
def test_what_only_looks_odd_is_built(build, name):
    odd = {
        "a byte order mark": {A: b"\xef\xbb\xbf" + GOOD.encode()},
        "lines that end in CRLF": {A: GOOD.replace("\n", "\r\n")},
        "Jinja in a text": {A: article(body="Un texte {{ 7 * 7 }} {% if %}.")},
        "an emoji in a name": {"articles/🎉.md": GOOD},
    }
    built = build(odd[name])
    assert built.code == 0, built.complaints
    text = built.site.page("/actualites/une-nouvelle/").main.get_text()
    assert "Un texte" in text
    if name == "Jinja in a text":
        assert "{{ 7 * 7 }} {% if %}" in text
