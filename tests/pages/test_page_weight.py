"""What the pages of a site weigh, and their limits."""

import os
import random
import subprocess
import sys

import pytest

from engine.pages import page_weight
from engine.pages.built_site import BuiltSite
from engine.pages.compression import sent_bytes
from engine.pages.page_weight import Weight, kind_of, weigh
from pelicanconf import ADDRESSES
from tests import sites
from tests.sites import write

HEAD = """<!doctype html><html><head><link rel="icon" href="/icon.svg">
<link rel="preload" as="font" href="/font.woff2"><link rel="canonical" href="/elsewhere/">
<style>@font-face { src: url(/font.woff2) }</style></head><body>"""
PHOTO = """<picture>
<source type="image/avif" srcset="/a-400.avif 400w, /a-640.avif 640w, /a-960.avif 960w">
<source type="image/webp" srcset="/a-400.webp 400w, /a-640.webp 640w">
<img src="/a-640.jpg" srcset="/a-400.jpg 400w, /a-640.jpg 640w" alt=""></picture>"""
FILES = {
    "icon.svg": "<svg/>",
    "font.woff2": b"f" * 1000,
    **{f"a-{width}.avif": b"p" * width for width in (400, 640, 960)},
    "b-300.avif": b"p" * 300,
    "c.svg": "<svg>" + " " * 1000 + "</svg>",
}


_NO_LETTERS = str.maketrans("abcdef", "012345")


def site(folder, pages):
    write(folder, FILES | {path: HEAD + body for path, body in pages.items()})
    return BuiltSite(folder)


def check_weights(built):
    """The faults of all pages."""
    check = page_weight.weight_check(built, ADDRESSES)
    return [fault for page in built.pages for fault in check(page.path, page.markup)]


def words(count, seed=1):
    """Words that hardly compress."""
    chance = random.Random(seed)
    return " ".join(chance.randbytes(8).hex() for _ in range(count))


@pytest.mark.parametrize(
    ("lang", "address", "kind"),
    [
        ("fr", "", "home"),
        ("fr", "projets/", "projects"),
        ("fr", "projets/le-mixeur/", "project"),
        ("fr", "actualites/", "news"),
        ("fr", "actualites/page/2/", "news"),
        ("fr", "actualites/2014/", "year"),
        ("fr", "actualites/2014-en-bref/", "article"),
        ("fr", "themes/", "topics"),
        ("fr", "themes/ptce/page/3/", "topic"),
        ("fr", "parcours/", "timeline"),
        ("fr", "sobriete/", "page"),
        ("fr", "404.html", "not_found"),
        ("fr", "ailleurs/plus/loin/", "page"),
        ("en", "news/a-place/", "article"),
    ],
)
def test_the_kind_of_a_page_follows_from_its_address(lang, address, kind):
    assert kind_of(address, ADDRESSES[lang]) == kind


def test_a_page_weighs_itself_its_font_and_its_icon_once(tmp_path):
    built = site(tmp_path, {"index.html": "<p>Un texte.<svg><g><path/></g></svg>"})
    page = built.files["index.html"]
    size = sent_bytes(page) + 1000 + len("<svg/>")
    # html, head, three links, style, body, p, svg
    assert weigh(built, page) == Weight(size, 3, 9, 0)


def test_of_a_photo_one_file_is_loaded_the_best_for_a_wide_screen(tmp_path):
    pages = {"a.html": PHOTO, "b.html": ""}
    built = site(tmp_path, pages)
    with_photo, without = weigh(built, built.files["a.html"]), weigh(built, built.files["b.html"])
    html = sent_bytes(built.files["a.html"]) - sent_bytes(built.files["b.html"])
    assert with_photo.transferred - without.transferred == 640 + html
    assert (with_photo.requests, with_photo.photos) == (4, 1)


def test_a_small_photo_and_a_drawing_are_loaded_as_they_are(tmp_path):
    small = '<picture><source srcset="/b-300.avif 300w"><img src="/b.jpg" alt=""></picture>'
    built = site(tmp_path, {"a.html": small + '<img src="/c.svg"><img src="/c.svg">'})
    weight = weigh(built, built.files["a.html"])
    assert (weight.requests, weight.photos) == (5, 2)
    assert weight.transferred == sent_bytes(built.files["a.html"]) + 1006 + 300 + sent_bytes(
        built.files["c.svg"]
    )


def test_a_site_below_a_folder_finds_its_files(tmp_path):
    built = site(tmp_path, {"a.html": ""})
    page = built.files["a.html"]
    expected = weigh(built, page).transferred
    below = page.text.replace('="/', '="/blog/').replace("(/", "(/blog/")
    page = built.write("a.html", below.encode())
    assert weigh(built, page, "/blog").transferred == pytest.approx(expected, abs=20)


def test_the_parts_of_a_language_are_its_own(tmp_path):
    paths = ["index.html", "projets/index.html", "en/index.html", "en/projects/index.html"]
    built = site(tmp_path, dict.fromkeys(paths, ""))
    found = {
        lang: {
            kind: [page.path for page in pages]
            for kind, pages in page_weight.pages_by_kind(built, lang, ADDRESSES).items()
        }
        for lang in ADDRESSES
    }
    assert found == {
        "fr": {"home": ["index.html"], "projects": ["projets/index.html"]},
        "en": {"home": ["en/index.html"], "projects": ["en/projects/index.html"]},
    }


def test_a_light_site_has_no_fault(tmp_path):
    pages = {"index.html": "<p>Un texte.", "actualites/a/index.html": PHOTO}
    assert check_weights(site(tmp_path, pages)) == []


@pytest.mark.parametrize(
    ("kind", "place"),
    [("", "<main>"), ("a-propos/", '<main><div class="prose">'), ("", '<div class="trade"><p>')],
)
def test_a_page_over_its_limit_is_a_fault_of_the_theme_or_advice_on_its_text(tmp_path, kind, place):
    built = site(tmp_path, {f"{kind}index.html": place + words(1600)})
    size = weigh(built, built.files[f"{kind}index.html"]).transferred
    limit = 12_500 if kind else 14_000
    (fault,) = check_weights(built)
    said = f"it weighs {size:,} bytes, above {limit:,}; "
    if place == "<main>":
        assert str(fault).startswith("index.html: weight: without its text it weighs ")
    else:
        assert str(fault).startswith(f"{kind}index.html: long-text: {said}")


def test_what_the_theme_adds_to_the_page_of_a_long_text_is_a_fault(tmp_path):
    text = f'<main><div class="prose">{words(900)}</div>'
    built = site(tmp_path, {"a/index.html": f"{text}<svg>{words(800, 2)}</svg></main>"})
    assert [fault.key for fault in check_weights(built)] == ["long-text"]
    built = site(tmp_path, {"a/index.html": f"{text}<svg>{words(1500, 2)}</svg></main>"})
    assert [fault.key for fault in check_weights(built)] == ["weight"]


def test_a_long_list_is_no_fault_and_a_heavy_entry_is_one(tmp_path):
    built = site(tmp_path, {"index.html": f"<main><ul>{'<li>a <b>b</b></li>' * 300}</ul></main>"})
    assert [fault.key for fault in check_weights(built)] == ["long-text"]
    built = site(tmp_path, {"index.html": f"<main><ul><li>{'<b>b</b>' * 600}</ul></main>"})
    assert [fault.key for fault in check_weights(built)] == ["ecoindex"]


def test_a_page_just_under_its_limit_is_no_fault_however_it_is_compressed(tmp_path, monkeypatch):
    built = site(tmp_path, {"index.html": f"<svg>{words(900)}</svg>"})
    page = built.files["index.html"]
    monkeypatch.setattr(page_weight, "MAX_HOME_BYTES", weigh(built, page).transferred)
    assert check_weights(built) == []
    monkeypatch.setattr(page_weight, "MAX_HOME_BYTES", weigh(built, page).transferred - 1)
    assert [fault.key for fault in check_weights(built)] == ["weight"]


def test_a_photo_raises_the_limits(tmp_path):
    built = site(tmp_path, {"index.html": PHOTO})
    built.write("a-640.avif", b"p" * 32_000)
    assert check_weights(built) == []


def test_a_file_more_than_needed_is_told(tmp_path):
    built = site(tmp_path, {"index.html": '<link rel="stylesheet" href="/c.svg">'})
    (fault,) = check_weights(built)
    assert (fault.path, fault.key) == ("index.html", "requests")
    assert "asks for 4 files, above 3" in str(fault.problem)


def test_a_page_of_too_many_elements_is_told(tmp_path):
    built = site(tmp_path, {"index.html": "<p>a</p>" * 407})
    (fault,) = check_weights(built)
    assert fault.key == "ecoindex"
    assert "is 80 with 414 elements and 3 files, below 81" in str(fault.problem)


@pytest.fixture
def long_site(tmp_path):
    """The content folder of a site with a long text of each kind, and many of them."""
    # Digits: the W3C's checker would guess the language of words.
    chance = random.Random(1)
    body = "\n\n".join(
        f"Voici {chance.randbytes(600).hex().translate(_NO_LETTERS)}." for _ in range(50)
    )
    files = {
        "home.md": sites.header(title="Accueil", summary="Un accueil.") + body,
        "pages/p.md": sites.header(title="Une page", menu="footer", summary="Une page.") + body,
        "pages/projects/p.md": sites.project("Un projet", body, summary="Un projet."),
        "site.yml": sites.settings(),
    }
    for number in range(11):
        files[f"articles/{number}.md"] = sites.article(
            f"N{number}", body=body, summary=f"Nouvelle {number}.", tags="[design]"
        )
    return write(tmp_path / "content", files)


@pytest.mark.slow
def test_long_texts_get_a_word_of_the_check_and_are_published(long_site, tmp_path):
    def run(command):
        return subprocess.run(
            [sys.executable, "-m", "invoke", *command],
            cwd=sites.ROOT,
            env={
                **os.environ,
                "SITE_CONTENT": str(long_site),
                "SITE_OUTPUT": str(tmp_path / "output"),
                "SITE_URL": "https://un-site.fr",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    done = run(["check"])
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if "[long-text]" in line]
    assert len([line for line in told if "content/articles/" in line]) == 11
    assert all(": advice: it weighs " in line for line in told if "content/articles/" in line)
    done = run(["prepare", "--without-legal-facts"])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output" / "actualites" / "n3" / "index.html").is_file()
