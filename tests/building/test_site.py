"""A build as a whole: all or nothing, the same twice, from any content folder."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from engine.building import swap
from engine.paths import ROOT
from pelicanconf import PAGINATED_TEMPLATES
from tests import sample_content, sites
from tests.sites import article, header, project

MARKUP = "<b>&\"quoted\"</b> 'x' {{ y }} %s"
ALIKE = {f"articles/{n}.md": article(f"N {n}", "2012-03", tags="[a, b]") for n in range(310)}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def titles(site: sites.Site, address: str = "/") -> list[str]:
    return [
        heading.get_text(" ", strip=True) for heading in site.page(address).select(".project h2")
    ]


@pytest.mark.parametrize(
    ("files", "projects"),
    [
        ({}, []),
        ({"pages/projects/a.md": project("A")}, ["A"]),
        ({"articles/a.md": article("Seule")}, []),
    ],
    ids=["nothing", "one project", "one news item"],
)
def test_the_smallest_content_is_a_site(build, files, projects):
    built = build(files)
    assert built.code == 0, built.complaints
    assert titles(built.site) == projects
    assert built.site.page("/").h1.get_text(strip=True)
    assert built.site.page("/projets/").main.get_text(strip=True)
    news = built.site.page("/actualites/").main.get_text()
    assert ("Seule" in news) == ("articles/a.md" in files)
    assert not built.site.has("/actualites/page/2/")


@pytest.mark.slow
def test_three_hundred_news_items_of_forty_themes_are_a_site(build):
    built = build(
        {
            f"articles/n{n}.md": article(
                f"Nouvelle {n}",
                f"{2000 + n % 20}-{n % 12 + 1:02}",
                tags=f"[t{n % 40}, t{(n * 7 + 1) % 40}]",
            )
            for n in range(300)
        }
    )
    assert built.code == 0, built.complaints
    pages = 300 // PAGINATED_TEMPLATES["news"]
    assert built.site.has(f"/actualites/page/{pages}/")
    assert not built.site.has(f"/actualites/page/{pages + 1}/")
    themes = [a for a in built.site.addresses if a.startswith("/themes/") and a.count("/") == 3]
    assert len(themes) == 40
    # Page 2 of a theme is not the page of another theme (getpelican/pelican#2754).
    assert "t1" in built.site.page("/themes/t1/page/2/").h1.get_text()
    first, second = (
        {a["href"] for a in built.site.page(address).select(".dated-list a")}
        for address in ("/themes/t1/", "/themes/t1/page/2/")
    )
    assert len(first) >= len(second) > 0
    assert not first & second


def test_without_english_there_is_no_english_site_and_no_switch(build):
    built = build({"articles/a.md": article(), "pages/p.md": header(title="P") + "T"})
    assert built.code == 0, built.complaints
    assert not (built.site.folder / "en").exists()
    for address in built.site.addresses:
        assert not built.site.page(address).select("[hreflang=en]"), address


def test_a_title_of_200_characters_is_built(build):
    title = ("Un titre vraiment long " * 9)[:200].strip()
    built = build({"articles/a.md": article(title), "pages/projects/p.md": project(title)})
    assert built.code == 0, built.complaints
    assert titles(built.site) == [title]


def test_special_characters_in_every_field_are_shown_as_typed(build):
    typed = "'" + MARKUP.replace("'", "''") + "'"
    built = build(
        {
            "home.md": header(title=typed, definition=typed, summary=typed) + "## A\n\nb",
            "themes.yml": f"{typed}: {typed}\n",
            "articles/a.md": article(typed, slug="a", summary=typed, tags=f"[{typed}]"),
            "articles/a.en.md": header(title=typed, summary=typed, slug="a") + "Text.",
            "pages/p.md": header(title=typed, slug="p", menu="main", summary=typed) + "T",
            "pages/f.md": header(title=typed, slug="f", menu="footer", summary=typed) + "T",
            "pages/projects/q.md": project(
                typed,
                slug="q",
                summary=typed,
                place=typed,
                role=typed,
                form=typed,
                partners=typed,
                short=typed,
                tags=f"[{typed}]",
            ),
        }
    )
    assert built.code == 0, built.complaints
    for address in built.site.addresses:
        page = built.site.page(address)
        assert not page.select("main b"), address
        assert not page.select("nav b:not([aria-hidden])"), address
    assert "<b>&" in built.site.page("/actualites/a/").h1.get_text()
    assert "<b>&" in built.site.page("/projets/q/").main.get_text()
    assert (
        "<b>&" in built.site.page("/actualites/a/").select_one("meta[name=description]")["content"]
    )


@pytest.fixture
def project_copy(tmp_path):
    """A copy of the whole project, to be broken, in a path with a space and an accent."""
    copy = tmp_path / "projet copié ici"
    ignored = shutil.ignore_patterns(".*", "content", "output", "node_modules", "tests")
    shutil.copytree(sites.ROOT, copy, ignore=ignored)
    sites.write(copy / "content", sample_content.full_site())
    return copy


def build_in(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "engine.building.site"],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("SITE_")},
            "SITE_MESSAGES": "en",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def spoil(path: Path, right: str, wrong: str) -> int:
    """Put `wrong` in place of the first `right`; return the line."""
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    return text[: text.index(right)].count("\n") + 1


def test_a_missing_translation_of_the_theme_fails_the_build(project_copy):
    catalogue = project_copy / "theme/translations/en/LC_MESSAGES/messages.po"
    line = spoil(catalogue, 'msgid "Actualités"\nmsgstr "News"', 'msgid "Actualités"\nmsgstr ""')
    done = build_in(project_copy)
    assert done.returncode == 1
    assert f"messages.po:{line}: msgstr: “Actualités”" in done.stderr
    spoil(catalogue, 'msgid "Actualités"\nmsgstr ""', "")
    assert "messages.po: msgid: “Actualités”" in build_in(project_copy).stderr


def test_a_site_of_one_language_needs_no_words_of_the_other(project_copy):
    content = project_copy / "content"
    shutil.rmtree(content)
    sites.write(content, sample_content.french_site())
    shutil.rmtree(project_copy / "theme/translations")
    done = build_in(project_copy)
    assert done.returncode == 0, done.stderr
    # The preview shows drafts, in their language.
    sites.write(content, {"articles/one.en.md": article("One", status="draft")})
    assert "messages.po: catalogue: there is no such file" in build_in(project_copy).stderr


@pytest.mark.parametrize(
    "command",
    [
        *("build", "check", "publish --dry-run", "prepare", "doctor", "releases", "server-files"),
        "translations",
    ],
)
def test_a_fault_in_the_settings_is_told_by_every_command(copy, command):
    line = spoil(copy.folder / "pelicanconf.py", "TIMEZONE = SITE", 'TIMEZONE = "SITE')
    said = copy.fails(f"./inv {command}")
    assert f"pelicanconf.py:{line}: settings: it cannot be read" in said
    assert "Traceback" not in said


def test_a_fault_in_the_settings_is_told_by_the_preview(copy):
    spoil(copy.folder / "pelicanconf.py", "TIMEZONE = SITE", 'TIMEZONE = "SITE')
    shell = copy.started("exec ./inv serve")
    lines = []
    for line in shell.stdout:
        lines.append(line)
        if line.startswith("http://"):
            break
    shell.send_signal(signal.SIGINT)
    said = "".join([*lines, shell.communicate(timeout=60)[0]])
    assert re.search(r"pelicanconf\.py:[0-9]+: settings: it cannot be read", said)
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("{{ 1 + 'a' }}", "TypeError: unsupported operand"),
        ("{{ article.date.nothing() }}", "has no attribute"),
        ("{{ [][3] }}", "has no element 3"),
        ("{{ 1 / 0 }}", "ZeroDivisionError: division by zero"),
        ("{{ article.contnet }}", "contnet"),
        ("{{ article.content } }}", "unexpected '}'"),
    ],
)
def test_whatever_fails_in_a_template_is_told_with_its_line(project_copy, broken, said):
    template = project_copy / "theme/templates/article.html"
    lines = template.read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("<article"))
    lines.insert(place + 1, broken)
    template.write_text("\n".join(lines), "utf-8")
    done = build_in(project_copy)
    assert done.returncode == 1
    assert f"theme/templates/article.html:{place + 2}: template: " in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project_copy / "output").exists()


def test_temporary_files_of_editors_in_the_theme_are_not_read(project_copy):
    sites.write(project_copy / "content", ALIKE)
    sites.write(
        project_copy / "theme/templates",
        {
            ".DS_Store": b"\0\1Bud1\377\376",
            ".base.html.swp": b"b0VIM 9.1\377",
            "base.html~": "{% if x",
            "partials/#base.html#": "{% if x",
        },
    )
    (project_copy / "theme/templates/.#base.html").symlink_to("user@host.1:2")
    done = build_in(project_copy)
    assert done.returncode == 0, done.stderr


def test_a_template_that_is_not_utf_8_is_told_with_its_line(project_copy):
    sites.write(project_copy / "theme/templates", {"a.html": "\n{# été #}".encode("latin-1")})
    (project_copy / "theme/templates/b.html").symlink_to("nowhere")
    done = build_in(project_copy)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "theme/templates/a.html:2: template: its letters are not UTF-8; "
        "save it again with the encoding UTF-8",
        "theme/templates/b.html: template: it cannot be read (No such file or directory); "
        "fix its permissions",
    ]


@pytest.mark.slow
def test_what_fails_on_many_pages_is_told_once(project_copy):
    sites.write(project_copy / "content", ALIKE)
    template = project_copy / "theme/templates/article.html"
    spoil(template, "{% block content %}", "{% block content %}{{ 1 / 0 }}")
    spoil(
        project_copy / "theme/templates/tag.html",
        "{% block content %}",
        "{% block content %}{{ [][3] }}",
    )
    done = build_in(project_copy)
    assert done.returncode == 1
    places = re.findall(r"^(.+):[0-9]+: template: ", done.stderr, re.MULTILINE)
    assert sorted(places) == ["theme/templates/article.html", "theme/templates/tag.html"]


@pytest.mark.slow
def test_each_of_many_texts_tells_its_faults(build):
    faulty = {name: text.replace("2012-03", "hier") for name, text in ALIKE.items()}
    built = build(faulty)
    assert built.code == 1
    assert len(re.findall(r"articles/[0-9]+\.md:3: date: “hier” is not", built.complaints)) == 310


@pytest.mark.slow
def test_a_text_that_a_plugin_loses_fails_the_build(project_copy):
    reader = project_copy / "plugins" / "library_reader.py"
    spoil(reader, 'pages = _texts(self.settings, "page") +', "pages =")
    done = build_in(project_copy)
    assert done.returncode == 1
    assert "content/pages/contact.md: build: its page was not written" in done.stderr


@contextmanager
def processors(number):
    """Processes that are started meanwhile have so many processors, all of them for None."""
    if not hasattr(os, "sched_getaffinity"):
        yield
        return
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_of_them)[:number])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


@pytest.mark.slow
@pytest.mark.parametrize("files", [ALIKE, sample_content.full_site()], ids=["alike", "full"])
def test_two_builds_of_one_content_are_the_same_to_the_byte(tmp_path, files):
    content = sites.write(tmp_path / "content", files)
    outputs = []
    for number, (zone, locale, seed) in enumerate(
        [("Pacific/Kiritimati", "C", "1"), ("America/Los_Angeles", "C.UTF-8", "2")]
    ):
        copy = tmp_path / f"place {number}" / "content"
        shutil.copytree(content, copy)
        if number:
            for path in copy.rglob("*.md"):
                os.utime(path, (1, 1))
        output = tmp_path / f"place {number}" / "out"
        with processors(1 if number else None):
            built = sites.build(copy, output, TZ=zone, LC_ALL=locale, PYTHONHASHSEED=seed)
        assert built.code == 0, built.complaints
        outputs.append(files_of(output))
    assert outputs[0].keys() == outputs[1].keys()
    assert [name for name in outputs[0] if outputs[0][name] != outputs[1][name]] == []


@pytest.mark.slow
def test_stale_files_never_survive(build):
    built = build({"articles/a.md": article("A"), "articles/b.md": article("B")})
    (built.site.folder / "stray.html").write_text("x")
    (built.site.folder.parent / "content/articles/b.md").unlink()
    again = build({})
    assert again.code == 0, again.complaints
    assert not again.site.has("/stray.html")
    assert not again.site.has("/actualites/b/")
    assert again.site.has("/actualites/a/")


def test_files_can_be_read_by_a_web_server_whatever_the_umask(tmp_path):
    content = sites.write(tmp_path / "content", {"articles/a.md": article()})
    old = os.umask(0o077)
    try:
        built = sites.build(content, tmp_path / "output")
    finally:
        os.umask(old)
    assert built.code == 0, built.complaints
    assert built.site.folder.stat().st_mode & 0o777 == 0o755
    for path in built.site.folder.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def start_build(content: Path, output: Path, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "engine.building.site"],
        cwd=sites.ROOT,
        env={**os.environ, "SITE_CONTENT": str(content), "SITE_OUTPUT": str(output)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def pages_in(folder: Path) -> int:
    try:
        return len(list(folder.rglob("*.html")))
    except FileNotFoundError:  # removed while it was counted
        return 0


@pytest.mark.slow
def test_a_killed_build_leaves_the_last_site_and_the_next_build_cleans_up(tmp_path):
    many = {f"articles/{n}.md": article(f"N {n}", tags="[a]") for n in range(200)}
    content = sites.write(tmp_path / "content", many)
    output = sites.write(tmp_path / "output", {"index.html": "the last site"})
    aside = tmp_path / ".output.build/new"
    for wait_for in (aside.exists, lambda: pages_in(aside) > 20):
        process = start_build(content, output)
        deadline = time.monotonic() + 60
        while not wait_for():
            assert time.monotonic() < deadline, "the build never began to write"
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert files_of(output) == {"index.html": b"the last site"}
    assert aside.exists()
    built = sites.build(content, output)
    assert built.code == 0, built.complaints
    assert not aside.exists()
    assert built.site.has("/actualites/n-7/")


# The first file that has no room is the page of the text, or one that Pelican copies.
@pytest.mark.parametrize("room", [60_000, 300])
def test_a_full_disk_leaves_the_last_site_and_says_so(tmp_path, room):
    content = sites.write(tmp_path / "content", {"articles/a.md": article(body="mot " * 30_000)})
    output = sites.write(tmp_path / "output", {"index.html": "the last site"})

    def no_room():
        # Writing past this many bytes fails as a full disk does, for any user.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    process = start_build(content, output, preexec_fn=no_room)
    _said, complaints = process.communicate()
    assert process.returncode == 1
    remedy = "free some, then build again"
    assert complaints == f"{output}: disk: there is no room left; {remedy}\n"
    assert files_of(output) == {"index.html": b"the last site"}
    assert not (tmp_path / ".output.build/new").exists()


def test_a_file_of_the_theme_that_cannot_be_read_is_named(project_copy):
    css = project_copy / "theme/static/css/site-header.css"
    css.unlink()
    css.symlink_to("nowhere")
    done = build_in(project_copy)
    reason = "it cannot be read (No such file or directory); fix its permissions"
    assert done.stderr.endswith(f"theme/static/css/site-header.css: file: {reason}\n")


def test_two_builds_of_one_output_at_once_both_end_well(tmp_path):
    content = sites.write(tmp_path / "content", {"articles/a.md": article()})
    processes = [start_build(content, tmp_path / "output") for _ in range(3)]
    for process in processes:
        _said, complaints = process.communicate()
        assert process.returncode == 0, complaints
    assert sites.Site(tmp_path / "output").has("/actualites/une-nouvelle/")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("home", "which a build would erase"),
        ("project", "which a build would erase"),
        ("content", "which a build"),
        ("folder of photos", "no build of this site made it"),
        ("file", "it is a file"),
    ],
)
def test_an_output_folder_that_holds_other_things_is_never_replaced(tmp_path, name, words):
    content = sites.write(tmp_path / "content", {"articles/a.md": article()})
    photos = sites.write(tmp_path / "photos", {"a.jpg": "x"})
    places = {
        "home": Path.home(),
        "project": sites.ROOT,
        "content": content,
        "folder of photos": photos,
        "file": photos / "a.jpg",
    }
    built = sites.build(content, places[name])
    assert built.code == 1
    assert "SITE_OUTPUT: " in built.complaints
    assert words in built.complaints
    assert (photos / "a.jpg").read_text() == "x"
    assert (content / "articles/a.md").exists()


def test_a_folder_is_exchanged_with_another_in_one_step(tmp_path):
    old = sites.write(tmp_path / "old", {"a": "old"})
    new = sites.write(tmp_path / "new", {"a": "new"})
    swap.replace(new, old)
    assert (old / "a").read_text() == "new"


def test_a_reader_never_finds_the_site_missing_while_builds_replace_it(tmp_path):
    output = sites.write(tmp_path / "output", {f"{n}.html": "0" for n in range(50)})
    done, missed, polls = threading.Event(), [], 0

    def replace_again_and_again():
        for _ in range(60):
            with swap.staged_output(output) as staging:
                sites.write(staging.folder, {f"{n}.html": "1" for n in range(50)})
        done.set()

    builder = threading.Thread(target=replace_again_and_again)
    builder.start()
    while not done.is_set():
        for name in ("0.html", "49.html"):
            polls += 1
            if not (output / name).is_file():
                missed.append(name)
    builder.join()
    assert polls > 100
    assert missed == []


def test_where_names_cannot_be_exchanged_two_renames_do(tmp_path, monkeypatch):
    monkeypatch.setattr(swap, "_exchange", lambda *_names: False)
    old = sites.write(tmp_path / "old", {"a": "old", "b": "x"})
    new = sites.write(tmp_path / "new", {"a": "new"})
    swap.replace(new, old)
    assert files_of(old) == {"a": b"new"}
    assert files_of(new) == {"a": b"old", "b": b"x"}
    assert {path.name for path in tmp_path.iterdir()} == {"new", "old"}


def test_a_folder_that_may_not_be_written_is_told(tmp_path):
    if os.geteuid() == 0:
        place = Path("/proc/site-output")
    else:
        (tmp_path / "locked").mkdir(mode=0o555)
        place = tmp_path / "locked" / "output"
    content = sites.write(tmp_path / "content", {"articles/a.md": article()})
    built = sites.build(content, place)
    assert built.code == 1
    assert "disk: it cannot be written (" in built.complaints
    assert "Traceback" not in built.complaints


def test_a_photo_comes_in_the_sizes_of_the_page_once_for_both_languages(build):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (45.0, 26.0, 0.0)}
    body = 'Un texte.\n\n![Le lieu](../images/le lieu.jpg "Le lieu, photo : Camille")'
    built = build(
        {
            "articles/a.md": article("A", body=body.replace("le lieu.jpg", "le%20lieu.jpg")),
            "articles/a.en.md": header(title="A") + "![The place](../images/le%20lieu.jpg)",
            "images/le lieu.jpg": sites.photo(exif=exif),
        }
    )
    assert built.code == 0, built.complaints
    french = built.site.page("/actualites/a/").select_one("figure")
    image = french.img
    assert (image["width"], image["height"], image["loading"]) == ("1280", "800", "lazy")
    assert image["alt"] == "Le lieu"
    assert french.figcaption.get_text() == "Le lieu, photo\u00a0: Camille"
    english = built.site.page("/en/news/a/").select_one("picture")
    assert english.source["srcset"] == french.source["srcset"]
    assert "loading" not in english.img.attrs, "above the fold"
    files = {path.name for path in (built.site.folder / "images").iterdir()}
    named = {
        address.split()[0].rpartition("/")[2]
        for element in french.select("source, img")
        for address in element["srcset"].split(",")
    }
    assert files == named
    assert {name.rpartition(".")[2] for name in files} == {"avif", "webp", "jpg"}
    for path in (built.site.folder / "images").iterdir():
        with Image.open(path) as made:
            assert not made.getexif(), path
    assert not (built.site.folder / "en" / "images").exists()


def test_drafts_and_scheduled_texts_are_named_and_not_shown(build):
    built = build({"articles/a.md": article("A", status="draft"), "articles/b.md": article("B")})
    assert "not shown, drafts:" in built.said
    assert "articles/a.md" in built.said
    assert not built.site.has("/actualites/a/")
    assert "/actualites/a/" not in built.site.text("/sitemap.xml")


def test_empty_folders_for_pictures_and_files_are_no_part_of_the_site(build):
    built = build({"articles/a.md": article("A"), "images/.gitkeep": "", "files/.gitkeep": ""})
    assert (built.code, built.complaints) == (0, "")
    assert not (built.site.folder / "files").exists()
    # The card of the text.
    assert [path.suffix for path in (built.site.folder / "images").iterdir()] == [".png"]


def test_an_announced_project_reads_soon_wherever_it_is_named(build):
    head = {"status": "announced", "start": 2030, "place": "Lyon", "tags": "[culture]"}
    built = build({"pages/projects/p.md": header(title="Plus tard", **head), "themes.yml": ""})
    assert built.code == 0, built.complaints
    (entry,) = built.site.page("/").select(".project-list li")
    assert entry.get_text(" ", strip=True) == "Plus tard bientôt"
    for address in ("/", "/projets/", "/themes/culture/", "/parcours/"):
        text = built.site.page(address).main.get_text(" ", strip=True)
        assert "bientôt" in text, address
        assert "Lyon" not in text, address
        assert "2030" not in text or address == "/parcours/", "the heading of the year"


def test_a_heading_of_the_home_page_may_have_the_name_of_a_project(build):
    home = header(title="Accueil") + "Un texte.\n\n## Le Mixeur\n\nUn [lien](#le-mixeur-2)."
    files = {"home.md": home, "pages/projects/m.md": project("Le Mixeur")}
    built = build(files)
    assert built.code == 0, built.complaints
    page = built.site.page("/")
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert page.find(id="le-mixeur-2").get_text() == "Le Mixeur"
    assert page.find(id="le-mixeur").name == "div"
    given = {"home.md": home.replace("Mixeur\n", "Mixeur {#le-mixeur}\n")}
    built = build(files | given)
    assert built.code == 1
    assert "home.md:6: heading: the id “le-mixeur” is used twice; write" in built.complaints


def test_the_page_of_the_projects_begins_with_the_sentence_of_the_home_text(build):
    def leads(files):
        built = build({"pages/projects/p.md": project("Un lieu", slug="lieu")} | files)
        assert built.code == 0, built.complaints
        pages = [built.site.page(address) for address in ("/projets/", "/en/projects/")]
        for page in pages:
            said = page.select_one("meta[name=description]")["content"]
            assert said == page.select_one(".page-lead").get_text()
        return [page.select_one(".page-lead").get_text() for page in pages]

    english = {"pages/projects/p.en.md": header(title="A place") + "Text.\n"}
    assert leads(english) == ["Les projets, un par un.", "The projects, one by one."]
    home = header(title="Accueil", projects="Des lieux à tenir.") + "Mots.\n"
    home_en = header(title="Home", projects="Places to keep.") + "Words.\n"
    files = english | {"home.md": home, "home.en.md": home_en}
    assert leads(files) == ["Des lieux à tenir.", "Places to keep."]


def test_a_build_loads_no_parser_of_pages_and_nothing_of_pictures_before_they_are_needed():
    unneeded = {"bs4", "brotli", "pillow_heif", "resvg_py", "rich.progress", "snowballstemmer"}
    unneeded |= {"typst"}
    code = f"import sys, engine.building.site; print(sorted({unneeded} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr
