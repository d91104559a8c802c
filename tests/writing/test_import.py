"""Moving in from a blog of Pelican, Jekyll or Hugo: ./inv import FOLDER."""

import datetime
import gc
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import terminal
from engine.faults import Message
from engine.slugs import slugify
from engine.texts import library
from engine.texts.partial_dates import present_day
from engine.writing import importing
from pelicanconf import ADDRESSES, TIMEZONE
from tests import sites
from tests.sites import article, photo
from tests.writing.conftest import Writer

# Each call of photo gives other grain.
PHOTO, OTHER_PHOTO, THIRD_PHOTO = photo(80, 50), photo(90, 50), photo(50, 30)
# What is no word of a body, but its markup.
MARKUP = {
    "figure",
    "highlight",
    "endhighlight",
    "tweet",
    "user",
    "class",
    "caption",
    "title",
    "id",
    "img",
    "src",
    "alt",
    "href",
    "a",
    "p",
    "iframe",
    "center",
    "style",
    "script",
    "o",
}
TODAY = present_day(TIMEZONE)
SOON = (TODAY + datetime.timedelta(days=30)).isoformat()
NEXT_YEAR = f"{TODAY.year + 1}-12-31"
PELICAN = {"pelicanconf.py": "PATH = 'content'\nDEFAULT_LANG = 'fr'\n"}
HUGO = {"hugo.toml": 'baseURL = "https://valmont.example/"\nlanguageCode = "fr"\n'}
JEKYLL = {"_config.yml": "url: https://valmont.example\nlang: fr\n"}


@dataclass
class Moved:
    """What an import did: its exit code, what it said, the texts of the site by their files."""

    code: int
    said: str
    complaints: str
    content: Path
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The only text."""
        (text,) = self.texts.values()
        return text

    @property
    def body(self) -> str:
        """The body of the only text."""
        return self.text.split("\n---\n", 1)[1]

    @property
    def library(self) -> library.Library:
        """The texts as a build reads them."""
        return library.read_texts(self.content, addresses=ADDRESSES, today=TODAY)

    @property
    def document(self):
        """The only text, as a build reads it."""
        (document,) = self.library.by_source.values()
        return document


@pytest.fixture
def moves(tmp_path, monkeypatch, capsys):
    """Write a blog, import it into the content folder: `moves({"_posts/2012-03-01-a.md": …})`."""
    content = tmp_path / "content"
    content.mkdir()
    monkeypatch.setenv("SITE_CONTENT", str(content))
    monkeypatch.chdir(tmp_path)

    def run(files: dict[str, str | bytes], folder: str = "ancien", **options) -> Moved:
        sites.write(tmp_path / folder, files)
        code = importing.main(str(tmp_path / folder), **options)
        said = capsys.readouterr()
        texts = {
            path.relative_to(content).as_posix(): path.read_text("utf-8")
            for path in sorted(content.rglob("*.md"))
        }
        return Moved(code, said.out, said.err, content, texts)

    return run


def post(body: str = "Un texte.", **more: str) -> dict[str, str]:
    """A blog of Jekyll with one post."""
    keys = "".join(f"{key}: {value}\n" for key, value in {"title": "Un été", **more}.items())
    return {**JEKYLL, "_posts/2012-03-24-un-ete.md": f"---\n{keys}---\n{body}\n"}


BLOGS = {
    "Pelican's lines": (
        {
            **PELICAN,
            "content/valmont/fete.md": "Title: La fête: un essai\nDate: 2012-03-24 10:20\n"
            "Category: Fêtes\nTags: rivière, pont\nSlug: la-fete\nSummary: En bref\n\nUn texte.\n",
        },
        "/la-fete.html",
    ),
    "Pelican's YAML": (
        {
            **PELICAN,
            "content/fete.md": "---\nTitle: 'La fête: un essai'\nDate: 2012-03-24\n"
            "Category: Fêtes\nTags:\n  - rivière\n  - pont\nSlug: la-fete\nSummary: En bref\n"
            "---\n\nUn texte.\n",
        },
        "/la-fete.html",
    ),
    "Jekyll": (
        {
            **JEKYLL,
            "_posts/2012-03-24-la-fete.markdown": "---\nlayout: post\ntitle: 'La fête: un essai'\n"
            "categories: Fêtes\ntags: rivière pont\nexcerpt: En bref\n---\nUn texte.\n",
        },
        "/fetes/2012/03/24/la-fete.html",
    ),
    "Hugo's TOML": (
        {
            **HUGO,
            "content/posts/la-fete.md": '+++\ntitle = "La fête: un essai"\n'
            'date = 2012-03-24T10:20:00+01:00\ncategories = ["Fêtes"]\ntags = ["rivière", "pont"]\n'
            'description = "En bref"\n+++\nUn texte.\n',
        },
        "/posts/la-fete/",
    ),
    "Hugo's YAML in a bundle": (
        {
            **HUGO,
            "content/posts/la-fete/index.md": "---\ntitle: 'La fête: un essai'\ndate: 2012-03-24\n"
            "categories: [Fêtes]\ntags: [rivière, pont]\nsummary: En bref\n---\nUn texte.\n",
        },
        "/posts/la-fete/",
    ),
}


@pytest.mark.parametrize("name", BLOGS)
def test_a_published_post_becomes_a_published_news_item_with_its_header(moves, name):
    files, old_address = BLOGS[name]
    moved = moves(files)
    assert moved.code == 0, moved.complaints
    assert list(moved.texts) == ["articles/2012-03-la-fete.md"]
    header = moved.document.header
    assert moved.library.faults == []
    assert moved.document.status == "published"
    assert (header["title"], header["summary"]) == ("La fête\u00a0: un essai", "En bref")
    assert (header["date"].iso, header["tags"]) == ("2012-03-24", ["Fêtes", "rivière", "pont"])
    assert header["aliases"] == [old_address]
    assert moved.body == "Un texte.\n"
    assert "content/articles/2012-03-la-fete.md: from ancien/" in moved.said


@pytest.mark.parametrize(
    ("settings", "old_address"),
    [
        ({"_config.yml": "permalink: pretty"}, "/2012/03/24/un-ete/"),
        ({"_config.yml": "permalink: /blog/:year/:i_month/:title"}, "/blog/2012/3/un-ete/"),
        ({"_config.yml": "url: https://a.example\nbaseurl: /moi"}, "/moi/2012/03/24/un-ete.html"),
    ],
)
def test_the_settings_of_jekyll_tell_the_old_address(moves, settings, old_address):
    assert moves({**post(), **settings}).document.header["aliases"] == [old_address]


@pytest.mark.parametrize(
    ("files", "old_addresses"),
    [
        ({**HUGO, "hugo.toml": '[permalinks]\nposts = "/:year/:month/:title/"'}, ["/2012/03/ete/"]),
        ({"hugo.toml": '[permalinks.page]\nposts = "/n/:slug/"'}, ["/n/ete/"]),
        ({"config.yaml": "permalinks:\n  posts: /:section/:filename/"}, ["/posts/x/"]),
    ],
)
def test_the_settings_of_hugo_tell_the_old_address(moves, files, old_addresses):
    text = "---\ntitle: Eté\nslug: ete\ndate: 2012-03-24\n---\nUn texte.\n".replace("Eté", "ete")
    moved = moves({**files, "content/posts/x.md": text})
    assert moved.document.header["aliases"] == old_addresses


@pytest.mark.parametrize(
    "setting", ["SLUGIFY_SOURCE = 'basename'", "FILENAME_METADATA = '(?P<slug>.*)'"]
)
def test_pelican_may_take_addresses_from_the_names_of_files(moves, setting):
    text = "Title: Un été\nDate: 2012-03-24\n\nUn texte.\n"
    moved = moves({"pelicanconf.py": setting, "content/la-fete.md": text})
    assert list(moved.texts) == ["articles/2012-03-la-fete.md"]
    assert moved.document.header["aliases"] == ["/la-fete.html"]


def test_the_settings_of_pelican_are_read_and_never_run(moves, tmp_path):
    trap = tmp_path / "run"
    conf = (
        f"import pathlib\npathlib.Path({str(trap)!r}).touch()\nPATH = 'content'\n"
        "ARTICLE_URL = '{date:%Y}/{date:%b}/{category}/{slug}/'\n"
    )
    text = "Title: Un été\nDate: 2012-03-24\nCategory: Le pont\n\nUn texte.\n"
    moved = moves({"pelicanconf.py": conf, "content/a.md": text})
    assert moved.document.header["aliases"] == ["/2012/Mar/le-pont/un-ete/"]
    assert not trap.exists()


@pytest.mark.parametrize(
    ("key", "value", "aliases"),
    [
        ("permalink", "/fete/", ["/fete/"]),
        ("permalink", "/a/:title.html", ["/a/un-ete.html"]),
        ("url", "https://valmont.example/b.html", ["/b.html"]),
        ("redirect_from", "[/c/, d.html]", ["/2012/03/24/un-ete.html", "/c/", "/d.html"]),
    ],
)
def test_addresses_of_the_header_become_aliases(moves, key, value, aliases):
    assert moves(post(**{key: value})).document.header["aliases"] == aliases


def test_a_blog_of_wordpress_made_markdown_keeps_its_addresses(moves):
    header = '---\ntitle: "Un été"\ndate: 2012-03-24\ncategories:\n  - "fetes"\n---\n'
    text = f"{header}\n![Vue](images/v.jpg)\n"
    files = {"un-ete/index.md": text, "un-ete/images/v.jpg": PHOTO}
    moved = moves(files, addresses="/%year%/%monthnum%/%postname%/")
    assert list(moved.texts) == ["articles/2012-03-un-ete.md"]
    assert moved.document.header["aliases"] == ["/2012/03/un-ete/"]
    assert moved.document.header["tags"] == ["fetes"]
    assert moved.body == "![Vue](/images/v.jpg)\n"


@pytest.mark.parametrize(
    "name", ["Non classé", "Uncategorized", "Uncategorised", "non-classe", "uncategorized"]
)
def test_the_category_that_wordpress_gives_for_want_of_another_is_no_theme(moves, name):
    files = post(categories=f"[{name}, Fêtes]")
    moved = moves(files, addresses="/%category%/%postname%/")
    assert moved.document.header["tags"] == ["Fêtes"]
    assert moved.document.header["aliases"] == [f"/{slugify(name)}/un-ete/"]


def test_a_post_of_no_category_has_no_theme(moves):
    assert "\ntags" not in moves(post(categories="[Non classé]")).text


def test_whole_addresses_of_the_old_blog_are_links_between_texts_once_its_name_is_given(moves):
    dated = "---\ntitle: {}\ndate: 2012-03-24\n---\n"
    link = "[b](https://valmont.example/2012/03/b/), [c](https://other.example/2012/03/b/)"
    link += ", [p](https://valmont.example/p/)"
    files = {"a/index.md": dated.format("A") + link, "b/index.md": dated.format("B") + "Mots."}
    files["pages/p.md"] = dated.format("P") + "Mots."
    moved = moves(files, addresses="https://valmont.example/%year%/%monthnum%/%postname%/")
    assert moved.texts["articles/2012-03-a.md"].endswith(
        "[b](2012-03-b.md), [c](https://other.example/2012/03/b/), [p](../pages/p.md)\n"
    )
    assert "aliases" not in moved.texts["pages/p.md"]
    assert "aliases: [/2012/03/b/]" in moved.texts["articles/2012-03-b.md"].replace('"', "")


def test_characters_that_html_names_are_those_of_a_title_and_a_summary(moves):
    typed = {"title": "L&#8217;&eacute;t&eacute; &amp; &copy", "description": "&laquo;Oui&raquo;"}
    (text,) = moves(post(**typed)).texts.values()
    assert '\ntitle: "L’été & &copy"\n' in text
    assert "\nsummary: «Oui»\n" in text.replace('"', "")


def test_a_folder_that_may_come_of_wordpress_is_told(moves):
    remark = "ancien/: folder: if it comes from WordPress, nothing in it say"
    assert remark not in moves(post()).said
    assert remark in moves({"b/index.md": DATED.format("")}, folder="x/ancien").said


def test_an_old_address_that_cannot_lead_here_is_told(moves):
    moved = moves(post(aliases="[/a.php, /actualites/, /theme/x/]"))
    assert moved.library.faults == []
    assert moved.document.header["aliases"] == ["/2012/03/24/un-ete.html"]
    assert "un-ete.md:1: aliases: “/a.php” holds what cannot be redirected safely" in moved.said
    assert "aliases: /actualites/ is the address of something else here" in moved.said
    assert "aliases: /theme/x/ is the address of something else here" in moved.said


@pytest.mark.parametrize(
    "more",
    [
        {"draft": "true"},
        {"published": "false"},
        {"status": "private"},
        {"visibility": "hidden"},
        {"private": "yes"},
        {"date": SOON},
        {"date": NEXT_YEAR},
        {"publishDate": NEXT_YEAR},
        {"expiryDate": "2013-01-01"},
        {"expires": "2013-01-01"},
        {"publish_date": NEXT_YEAR},
        {"published": NEXT_YEAR},
        {"is_draft": "true"},
        {"post_status": "pending"},
        {"visibility": "friends"},
        {"expires": "un jour"},
        {"headless": "true"},
        {"protected": "true"},
    ],
)
def test_what_was_hidden_stays_hidden(moves, more):
    moved = moves(post(**more))
    assert moved.document.status == "draft"
    assert moved.library.visible == []
    assert moved.document.header["aliases"] is None
    for key, value in more.items():
        assert key in ("date", "publishDate") or f"\n# {key.lower()}: {value}\n" in moved.text


@pytest.mark.parametrize(
    "more",
    [
        {"draft": "false"},
        {"published": "true"},
        {"status": "published"},
        {"expiryDate": NEXT_YEAR},
        {"publish_date": "2012-03-24"},
        {"published": "2012-03-24"},
        {"post_password": ""},
        {"visibility": "public"},
    ],
)
def test_what_was_shown_stays_shown(moves, more):
    assert moves(post(**more)).document.status == "published"


@pytest.mark.parametrize("key", ["password", "post_password", "Passwd", "pass-phrase"])
@pytest.mark.parametrize("value", ["sesame", "0", "[un, deux]"])
def test_a_text_behind_a_password_is_a_draft_that_says_so_and_does_not_tell_the_password(
    moves, key, value
):
    moved = moves(post(**{key: value}))
    assert moved.document.status == "draft"
    reason = f"{key.lower()}: the old blog asked for a password"
    assert f"\n# {reason}\n" in moved.text
    assert f"draft because of {reason}\n" in moved.said
    assert value.strip("[]") not in f"{moved.text}{moved.said}" or value == "0"
    assert "kept as comments" not in moved.said


def test_a_password_of_a_whole_section_is_not_told_either(moves):
    section = "---\ntitle: Privé\ncascade:\n  password: sesame\n---\n"
    text = "---\ntitle: Un été\ndate: 2012-03-24\n---\nMots.\n"
    moved = moves({**HUGO, "content/prive/_index.md": section, "content/prive/a.md": text})
    assert "draft because of content/prive/_index.md: password\n" in moved.said
    assert "sesame" not in f"{moved.texts}{moved.said}"
    assert moved.library.visible == []


JSON = '{\n  "title": "Un été",\n  "date": "2012-03-24",\n  "tags": ["eau", "pont"],\n'


def test_the_header_of_hugo_may_be_json(moves):
    text = f'{JSON}  "draft": false,\n  "weight": 3,\n  "x": null,\n  "y": "{{a}}"\n}}\n\nMots.\n'
    moved = moves({**HUGO, "content/post/a.md": text})
    header = moved.document.header
    assert (header["title"], header["date"].iso) == ("Un été", "2012-03-24")
    assert [name.casefold() for name in header["tags"]] == ["eau", "pont"]
    assert moved.document.status == "published"
    assert "\n# y: {a}\n" in moved.text
    assert moved.body.strip() == "Mots."
    assert "content/post/a.md:1: header: kept as comments: y, order; " in moved.said


@pytest.mark.parametrize("broken", [f"{JSON}}}\nMots.\n", '{"title": ', '{"a": ' * 90_000])
def test_json_that_cannot_be_read_is_refused_at_its_text(moves, broken):
    moved = moves({**HUGO, "content/post/a.md": broken})
    assert moved.code == 1
    assert "content/post/a.md: header: it cannot be read as JSON (" in moved.complaints


def test_a_text_that_begins_with_a_command_has_no_header(moves):
    moved = moves({**JEKYLL, "_posts/2012-01-01-a.md": "{% include a %}\n{{ b }}\nMots.\n"})
    assert moved.code == 0
    assert "it has no header, and is not imported" in moved.said


def test_the_settings_of_hugo_may_be_json(moves):
    settings = {"hugo.json": '{"permalinks": {"post": "/:year/:title/"}, "buildDrafts": true}'}
    text = "---\ntitle: Un été\ndate: 2012-03-24\n---\nMots.\n"
    moved = moves({**settings, "content/post/a.md": text})
    assert moved.document.header["aliases"] == ["/2012/un-été/"]


def test_two_imports_at_once_do_not_mix(moves, tmp_path, capsys):
    content = tmp_path / "content"
    with terminal.locked(content, "import", Message("taken")):
        refused = moves(post())
        assert (refused.code, refused.texts) == (1, {})
        assert refused.complaints.startswith("import: import: another import is running; wait ")
    assert len(moves(post()).texts) == 1


DATED = "---\ntitle: T\ndate: 2012-03-24\n{}---\nMots.\n"
NEVER = "build:\n  render: never\n"
META = "Title: T\nDate: 2012-03-24\n\nMots.\n"


@pytest.mark.parametrize(
    ("settings", "name", "text", "reason"),
    [
        ({"_config.yml": ""}, "_prive/a.md", DATED, "settings: _prive is no collection"),
        ({"_config.yml": "collections:\n  x:\n"}, "_x/a.md", DATED, "settings: _x is no"),
        ({"_config.yml": "exclude: [notes/]"}, "notes/a.md", DATED, "settings: exclude: notes"),
        ({"_config.yml": "exclude: ['*/a.*']"}, "b/a.md", DATED, "settings: exclude: */a.*"),
        ({"_config.yml": ""}, "_posts/a.md", DATED, "file: a post without a day"),
        (
            {"_config.yml": "defaults:\n- scope: {path: notes}\n  values: {published: false}\n"},
            "notes/_posts/2012-03-24-a.md",
            DATED,
            "defaults: published: false",
        ),
        (HUGO, "content/a.md", DATED.format(NEVER), ""),
        (HUGO, "content/a.md", DATED.format("_" + NEVER), ""),
        (
            {**HUGO, "content/x/_index.md": "---\ntitle: X\ncascade:\n  draft: true\n---\n"},
            "content/x/y/a.md",
            DATED,
            "content/x/_index.md: draft: true",
        ),
        (
            {"hugo.toml": "[[cascade]]\n_build = {render = 'never'}"},
            "content/a.md",
            DATED,
            "settings: cascade: _build: ",
        ),
        ({"hugo.toml": "ignoreFiles = ['x/a[.]']"}, "content/x/a.md", DATED, "settings: ignore"),
        ({"hugo.toml": "ignoreFiles = ['(a*)*$']"}, "content/b.md", DATED, "settings: ignore"),
        ({**HUGO, "content/b/index.md": ""}, "content/b/a.md", DATED, "file: it is a part of "),
        (
            {"pelicanconf.py": "DEFAULT_METADATA = {'status': 'draft'}"},
            "content/a.md",
            META,
            "DEFAULT_METADATA: status: draft",
        ),
        (
            {"pelicanconf.py": "DEFAULT_METADATA = dict(status='draft')"},
            "content/a.md",
            META,
            "settings: DEFAULT_METADATA cannot be read",
        ),
        (
            {"pelicanconf.py": "ARTICLE_EXCLUDES = ['notes']"},
            "content/notes/a.md",
            META,
            "settings: ARTICLE_PATHS, ",
        ),
        (
            {"pelicanconf.py": "ARTICLE_PATHS = ['b']\nPAGE_EXCLUDES = ['pages/x']"},
            "content/pages/x/a.md",
            META,
            "settings: ARTICLE_PATHS, ",
        ),
        ({"_config.yml": "a: ["}, "a.md", DATED, "settings: _config.yml cannot be read"),
    ],
)
def test_what_the_settings_hid_stays_hidden(moves, settings, name, text, reason):
    moved = moves({**settings, name: text.replace("{}", "")})
    (hidden,) = [written for written in moved.texts.values() if "Mots." in written]
    assert "\nstatus: draft\n" in hidden
    assert f"\n# {reason}" in hidden


@pytest.mark.parametrize(
    ("settings", "name", "text"),
    [
        ({"_config.yml": "collections: {x: {output: true}}"}, "_x/a.md", DATED),
        ({"_config.yml": "include: [_pages]"}, "_pages/a.md", DATED),
        (
            {"_config.yml": "defaults: [{scope: {path: b}, values: {published: false}}]"},
            "a.md",
            DATED,
        ),
        (
            {**HUGO, "content/_index.md": "---\ntitle: X\ncascade:\n  draft: true\n---\n"},
            "content/x/a.md",
            DATED.format("draft: false\n"),
        ),
        (
            {"pelicanconf.py": "ARTICLE_EXCLUDES = ['pages']\nDEFAULT_METADATA = {'a': 'b'}"},
            "content/pages/a.md",
            META,
        ),
    ],
)
def test_what_the_settings_showed_stays_shown(moves, settings, name, text):
    moved = moves({**settings, name: text.replace("{}", "")})
    (shown,) = [written for written in moved.texts.values() if "Mots." in written]
    assert "status:" not in shown


def test_a_post_of_the_drafts_folder_is_a_draft(moves):
    moved = moves({**JEKYLL, "_drafts/un-jour.md": "---\ntitle: Un jour\n---\nUn texte.\n"})
    assert moved.document.status == "draft"
    assert "_drafts/un-jour.md:1: date: the text has no date; add a line such as" in moved.said


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2012-03-24 10:20:00 +0200", "2012-03-24"),
        ("2012/3/4", "2012-03-04"),
        ("March 4, 2012", "2012-03-04"),
        ("Sun, 4 Mar 2012 10:00", "2012-03-04"),
        ("2012-03", "2012-03"),
    ],
)
def test_a_date_is_read_as_blogs_write_it(moves, typed, date):
    text = f"Title: Un été\nDate: {typed}\n\nUn texte.\n"
    assert moves({**PELICAN, "content/a.md": text}).document.header["date"].iso == date


def test_a_date_that_two_readers_read_differently_makes_a_draft_that_says_why(moves):
    text = "Title: Un été\nDate: 03/04/2012\n\nUn texte.\n"
    moved = moves({**PELICAN, "content/a.md": text})
    assert moved.document.status == "draft"
    reason = "date: “03/04/2012” is not a date that can be read for certain"
    assert f"\n# {reason}\n" in moved.text
    assert f"ancien/content/a.md:2: {reason}" in moved.said


def test_other_keys_stay_as_comments_and_are_told(moves):
    moved = moves(post(author="Camille", gallery="[a, b]"))
    assert '\n# author: Camille\n# gallery: ["a", "b"]\n---\n' in moved.text
    assert "un-ete.md:1: header: kept as comments: author, gallery; remove" in moved.said


def test_pages_and_their_order(moves):
    about = "---\ntitle: La vallée\nlayout: page\nweight: 2\ntags: [pont]\n---\nUn texte.\n"
    moved = moves({**JEKYLL, "vallee.md": about})
    assert list(moved.texts) == ["pages/vallee.md"]
    assert moved.document.header["order"] == 2
    assert moved.document.header["aliases"] == ["/vallee.html"]
    assert '# tags: ["pont"]' in moved.text


def test_headings_begin_below_the_title_and_skip_no_level(moves):
    body = "# Un\n\n### Deux\n\n###### Trois\n\n## Quatre ##\n\nCinq\n====\n\n##Six\n\n> # Sept"
    moved = moves(post(body))
    assert moved.body == (
        "## Un\n\n### Deux\n\n#### Trois\n\n### Quatre\n\n## Cinq\n\n### Six\n\n> ## Sept\n"
    )


def test_code_is_never_touched(moves):
    code = "```sh\n# un commentaire\n[a](/b/) {{ x }} <xx>\n```\n\nEt `# [a](/c/) <yy>` aussi.\n"
    assert moves(post(code)).body == code


def test_indented_code_is_never_touched(moves):
    code = (
        "Mots :\n\n    # a <xx>\n\n    [b](/c/) {{ d }}\n\n- Un point\n\n      <yy>\n\n  et <zz>.\n"
    )
    assert moves(post(code)).body == code.replace("et <zz>", "et &lt;zz>")


@pytest.mark.parametrize(
    "code",
    [
        "{% highlight python linenos %}\n# a\n{% endhighlight %}",
        '{{< highlight python "linenos=table" >}}\n# a\n{{< /highlight >}}',
    ],
)
def test_highlighted_code_becomes_a_block_of_code(moves, code):
    assert moves(post(code)).body == "```python\n# a\n```\n"


TWO_POSTS = {
    "Jekyll": (
        JEKYLL,
        ("_posts/2012-03-01-un.md", "_posts/2013-05-02-deux.md"),
        (
            "[x]({% post_url 2013-05-02-deux %})",
            "[x]({{ site.baseurl }}{% link _posts/2013-05-02-deux.md %})",
            "[x](/2013/05/02/deux.html)",
            "[x](https://valmont.example/2013/05/02/deux.html#a)",
            '[x]({{ "/2013/05/02/deux.html" | relative_url }})',
        ),
    ),
    "Hugo": (
        HUGO,
        ("content/posts/un.md", "content/posts/deux.md"),
        (
            '[x]({{< ref "deux.md" >}})',
            '[x]({{% relref "/posts/deux.md" %}})',
            '[x]({{< relref "posts/deux" >}})',
            "[x](/posts/deux/)",
            "[x](../deux/)",
            "[x](deux.md)",
        ),
    ),
    "Pelican": (
        PELICAN,
        ("content/un.md", "content/sub/deux.md"),
        (
            "[x]({filename}sub/deux.md)",
            "[x]({filename}/sub/deux.md)",
            "[x](|filename|/sub/deux.md)",
            "[x](/deux.html)",
        ),
    ),
}


@pytest.mark.parametrize(
    ("name", "link"), [(name, link) for name, blog in TWO_POSTS.items() for link in blog[2]]
)
def test_links_between_posts_name_their_new_files(moves, name, link):
    settings, (one, two), _links = TWO_POSTS[name]
    moved = moves(
        {
            **settings,
            one: f"---\ntitle: Un\ndate: 2012-03-01\n---\nVoir {link} ici.\n",
            two: "---\ntitle: Deux\ndate: 2013-05-02\n---\nUn texte.\n",
        }
    )
    text = moved.texts["articles/2012-03-un.md"]
    assert text.endswith("\nVoir [x](2013-05-deux.md) ici.\n")
    assert moved.library.faults == []


def test_links_that_lead_nowhere_keep_their_words_and_are_told(moves):
    body = 'Voir [la liste](/archives/), [l’ami][ami] et <a href="/x/">lui</a>.\n\n[ami]: /ami/\n'
    moved = moves(post(body))
    assert moved.document.status == "published"
    assert moved.body == "Voir la liste, [l’ami][ami] et <a>lui</a>.\n"
    for address in ("/archives/", "/ami/", "/x/"):
        assert f"link: {address} leads to nothing of this folder: its words stay" in moved.said


def test_links_to_headings_follow_the_headings(moves):
    moved = moves(post("[a](#L’-été) et [b](#nulle-part)\n\n# L’ été\n\nUn texte."))
    assert moved.body.startswith("[a](#l-ete) et b\n")
    assert moved.library.faults == []


PICTURES = {
    "beside the post": ("![Le pont](pont 1.JPG)", "content/posts/a/pont 1.JPG"),
    "in static": ("![Le pont](/img/pont 1.JPG)", "static/img/pont 1.JPG"),
    "encoded": ("![Le pont](/img/pont%201.JPG)", "static/img/pont 1.JPG"),
    "Liquid": ("{% img left pont_1.JPG 80 80 'Le pont' %}", "content/posts/a/pont_1.JPG"),
    "a short code": ('{{< figure src="pont 1.JPG" alt="Le pont" >}}', "content/posts/a/pont 1.JPG"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_copied_under_a_clean_name_and_shown_from_there(moves, name):
    typed, place = PICTURES[name]
    text = f"---\ntitle: Un\ndate: 2012-03-01\n---\n{typed}\n"
    moved = moves({**HUGO, "content/posts/a/index.md": text, place: PHOTO})
    assert moved.body.strip() == "![Le pont](/images/pont-1.jpg)"
    assert (moved.content / "images/pont-1.jpg").read_bytes() == PHOTO
    assert moved.library.faults == []


def test_pelican_marks_of_files_are_resolved(moves):
    text = (
        "Title: Un\nDate: 2012-03-01\n\n![Le pont]({static}/images/p.jpg)\n\n"
        "Voir [le plan]({attach}plan.pdf) et [les ponts]({tag}ponts).\n"
    )
    files = {
        "content/a.md": text,
        "content/images/p.jpg": PHOTO,
        "content/plan.pdf": "%PDF",
    }
    moved = moves({**PELICAN, **files})
    assert "![Le pont](/images/p.jpg)" in moved.body
    assert "[le plan](/files/plan.pdf)" in moved.body
    assert "[les ponts]({tag}ponts)" in moved.body


def test_no_picture_takes_the_place_of_another(moves, tmp_path):
    mine = photo(60, 40)
    sites.write(tmp_path / "content", {"images/A.jpg": mine, "images/same.jpg": THIRD_PHOTO})
    files = {
        "x/A.jpg": PHOTO,
        "y/a.jpg": OTHER_PHOTO,
        "z/same.jpg": THIRD_PHOTO,
    }
    moved = moves({**post("\n\n".join(f"![Vue {p[0]}](/{p})" for p in files)), **files})
    assert re.findall(r"\((.*?)\)", moved.body) == [
        "/images/a-2.jpg",
        "/images/a-3.jpg",
        "/images/same.jpg",
    ]
    assert (moved.content / "images/A.jpg").read_bytes() == mine
    assert (moved.content / "images/a-2.jpg").read_bytes() == PHOTO


def test_pictures_without_words_of_other_sites_or_broken_are_told(moves):
    body = (
        "![](/vue.jpg)\n\n![Loin](https://loin.example/a.jpg)\n\n![Cassée](/b.png)\n\n"
        'Mots ![Vue](/vue.jpg "Le soir") mots.'
    )
    moved = moves({**post(body), "vue.jpg": PHOTO, "b.png": photo(kind="PNG")[:900]})
    assert moved.body == (
        "![vue](/images/vue.jpg)\n\n[Loin](https://loin.example/a.jpg)\n\nCassée\n\n"
        "Mots ![Vue](/images/vue.jpg) (Le soir) mots.\n"
    )
    assert moved.document.status == "published"
    assert "un-ete.md:4: image: /vue.jpg had no words for those who do not see it" in moved.said
    assert "un-ete.md:6: image: https://loin.example/a.jpg is on another site" in moved.said
    assert moved.code == 1
    assert "un-ete.md:8: image: /b.png: the file is broken or cut short" in moved.complaints


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (JEKYLL, "_config.yml"),
        (JEKYLL, ".env"),
        (JEKYLL, "_data/gens.csv"),
        (JEKYLL, "_notes.pdf"),
        (JEKYLL, "Gemfile"),
        (PELICAN, "pelicanconf.py"),
        (PELICAN, "content/outil.py"),
        (HUGO, "hugo.toml"),
        (HUGO, "config/production/hugo.yaml"),
        (HUGO, "netlify.yml"),
    ],
)
def test_no_file_of_settings_is_copied(moves, settings, name):
    folder = {"_config.yml": "_posts/", "hugo.toml": "content/posts/"}.get(
        next(iter(settings)), "content/"
    )
    depth = "../" * folder.count("/")
    text = f"---\ntitle: T\ndate: 2012-03-24\n---\n[Un](/{name}) et [deux]({depth}{name}).\n"
    moved = moves({name: "SECRET = 1", **settings, f"{folder}2012-03-24-a.md": text})
    assert moved.body == "Un et deux.\n"
    assert not (moved.content / "files").exists()
    assert f"2012-03-24-a.md:5: link: {depth}{name} leads to" in moved.said


def test_a_picture_whose_camera_begins_its_name_with_a_line_is_copied(moves):
    moved = moves({**post("![Vue](/_DSC0001.jpg)"), "_DSC0001.jpg": PHOTO})
    assert moved.body == "![Vue](/images/dsc0001.jpg)\n"


def test_commands_that_mean_nothing_here_stay_and_are_told(moves):
    moved = moves(post("Un {{< carte lieu=pont >}} et {% include x.html %}.\n{: .chapeau }"))
    assert moved.body == "Un {{< carte lieu=pont >}} et {% include x.html %}.\n"
    assert "un-ete.md:4: command: {{< carte lieu=pont >}} stays as it is typed" in moved.said
    assert "un-ete.md:4: command: {% include x.html %} stays as it is typed" in moved.said
    assert "un-ete.md:5: look: {: .chapeau } is left out" in moved.said


def test_videos_and_frames_become_links(moves):
    frame = '<iframe src="//www.youtube.com/embed/abcdefghijk" width="1"></iframe>'
    moved = moves(post(f"{{{{< youtube abcdefghijk >}}}}\n\n{frame}\n\n<script>a--b</script>"))
    assert moved.body == (
        "[YouTube](https://www.youtube.com/watch?v=abcdefghijk)\n\n\n\n"
        "[youtube.com](https://www.youtube.com/watch?v=abcdefghijk)\n\n\n\n"
        "<!-- <script>a- -b</script> -->\n"
    )
    assert moved.library.faults == []
    assert "html: <script> is a comment now" in moved.said


def test_what_would_stop_a_build_is_a_draft_that_says_why(moves):
    files = post("Un <form>formulaire</form>.")
    files["_posts/2012-04-01-bon.md"] = "---\ntitle: Bon\n---\nUn texte.\n"
    moved = moves(files)
    assert moved.code == 0
    assert moved.library.faults == []
    assert [document.source for document in moved.library.visible] == ["articles/2012-04-bon.md"]
    bad = moved.texts["articles/2012-03-un-ete.md"]
    assert "\n# html: <form> belongs to a form, and pages of this site send none; " in bad
    assert bad.endswith("\nUn <form>formulaire</form>.\n")
    assert "    draft because of html: <form> belongs to a form" in moved.said


def test_a_translation_is_hidden_with_its_original(moves):
    text = "---\ntitle: {}\ndate: 2012-03-01\n---\n{}\n"
    moved = moves(
        {
            **HUGO,
            "content/a.md": text.format("Un", "<form>"),
            "content/a.en.md": text.format("One", "Words."),
        }
    )
    assert moved.library.faults == []
    assert moved.library.visible == []
    assert moved.said.endswith(
        "2 texts imported, 2 of them as drafts; 0 files copied; "
        "0 texts were imported before; 0 things refused\n"
    )


def test_english_texts_and_translations_take_their_places(moves):
    hello = "---\ntitle: Hello\ndate: 2012-03-01\ntags: [Bridges]\n---\nWords.\n"
    moved = moves(
        {
            **HUGO,
            "content/posts/bonjour.md": hello.replace("Hello", "Bonjour").replace("Words", "Mots"),
            "content/posts/bonjour.en.md": hello,
            "content/posts/alone.md": hello.replace("---\nt", "---\nlang: en-GB\nt", 1),
        }
    )
    assert list(moved.texts) == [
        "articles/2012-03-alone.en.md",
        "articles/2012-03-bonjour.en.md",
        "articles/2012-03-bonjour.md",
    ]
    assert "date:" not in moved.texts["articles/2012-03-bonjour.en.md"]
    assert (moved.content / "themes.yml").read_text("utf-8") == '"Bridges": "Bridges"\n'
    assert moved.library.faults == []


def test_the_language_of_texts_that_do_not_tell_theirs_can_be_given(moves):
    assert list(moves(post(), language="en").texts) == ["articles/2012-03-un-ete.en.md"]


BOTH = 'defaultContentLanguage = "fr"\n[languages.fr]\n[languages.en]\n'


@pytest.mark.parametrize(
    ("settings", "names", "addresses"),
    [
        (BOTH, ("content/post/a.md", "content/post/a.en.md"), ("/post/a/", "/en/post/a/")),
        (
            "defaultContentLanguage = 'fr'\n[languages.fr]\ncontentDir = 'content/fr'\n"
            "[languages.en]\ncontentDir = 'content/en'\n",
            ("content/fr/post/a.md", "content/en/post/a.md"),
            ("/post/a/", "/en/post/a/"),
        ),
        (
            f"defaultContentLanguageInSubdir = true\n{BOTH}",
            ("content/post/a.fr.md", "content/post/a.en.md"),
            ("/fr/post/a/", "/en/post/a/"),
        ),
        (
            f"{BOTH}[permalinks]\npost = '/:year/:filename/'\n",
            ("content/post/a.md", "content/post/a.en.md"),
            ("/2012/a/", "/en/2012/a/"),
        ),
    ],
)
def test_the_two_languages_of_hugo_keep_their_addresses(moves, settings, names, addresses):
    moved = moves({"hugo.toml": settings, **dict.fromkeys(names, DATED.format(""))})
    assert list(moved.texts) == ["articles/2012-03-a.en.md", "articles/2012-03-a.md"]
    found = [text.header["aliases"] for text in moved.library.by_source.values()]
    assert sorted(found) == sorted([address] for address in addresses)


def test_texts_of_pelican_are_translations_by_their_slug(moves):
    text = "Title: {}\nDate: 2012-03-24\nSlug: fete\nLang: {}\n\nMots.\n"
    files = {"content/a.md": text.format("La fête", "fr"), "content/b.md": text.format("F", "en")}
    moved = moves({**PELICAN, **files})
    assert list(moved.texts) == ["articles/2012-03-fete.en.md", "articles/2012-03-fete.md"]
    assert "date:" not in moved.texts["articles/2012-03-fete.en.md"]
    assert 'aliases: ["/fete-en.html"]' in moved.texts["articles/2012-03-fete.en.md"]


@pytest.mark.parametrize("name", ["content/a.de.md", "content/a.pt-br.md", "content/de/a.md"])
def test_a_translation_into_another_language_is_left_out_and_told(moves, name):
    settings = {"hugo.toml": f"{BOTH}[languages.de]\ncontentDir = 'content/de'\n"}
    moved = moves({**settings, "content/a.md": DATED.format(""), name: DATED.format("")})
    assert list(moved.texts) == ["articles/2012-03-a.md"]
    assert f"ancien/{name}: lang: its language is none of this site" in moved.said


def test_a_folder_of_another_language_beside_those_of_the_site_is_left_out(moves):
    texts = dict.fromkeys(("fr/a.md", "de/a.md"), DATED.format(""))
    moved = moves({**JEKYLL, **texts})
    assert len(moved.texts) == 1
    assert "ancien/de/a.md: lang: its language is none of this site" in moved.said


def test_the_settings_of_hugo_may_stand_in_several_files(moves):
    settings = {
        "config/_default/hugo.toml": "defaultContentLanguage = 'fr'",
        "config/_default/languages.toml": "[fr]\n[de]\ncontentDir = 'content/x'",
        "config/_default/cascade.yaml": "draft: true",
        "config/_default/params.toml": "a = [",
    }
    texts = dict.fromkeys(("content/x/a.md", "content/b.md"), DATED.format(""))
    moved = moves({**settings, **texts})
    assert list(moved.texts) == ["articles/2012-03-b.md"]
    assert moved.document.status == "draft"


def test_a_text_whose_name_tells_a_language_is_not_taken_for_that_of_the_settings(moves):
    moved = moves({"hugo.toml": "languageCode = 'de'", "content/a.en.md": DATED.format("")})
    assert list(moved.texts) == ["articles/2012-03-a.en.md"]
    assert moved.document.status == "published"


def test_only_one_text_becomes_the_translation_of_another(moves):
    text = "Title: T\nDate: 2012-03-24\nSlug: fete\nLang: {}\n\nMots.\n"
    langs = {"a": "fr", "b": "en", "c": "en"}
    files = {f"content/{name}.md": text.format(lang) for name, lang in langs.items()}
    moved = moves({**PELICAN, **files})
    assert moved.code == 0
    assert len(moved.texts) == 3
    assert moved.library.faults == []


def test_a_draft_for_its_date_alone_keeps_its_old_address(moves):
    text = "Title: Un été\nDate: 03/04/2012\n\nUn texte.\n"
    moved = moves({**PELICAN, "content/a.md": text})
    assert moved.document.header["aliases"] == ["/un-ete.html"]


def test_the_name_of_a_text_may_hold_a_point(moves):
    assert len(moves({**HUGO, "content/node.js.md": DATED.format("")}).texts) == 1


def test_a_blog_in_another_language_becomes_drafts(moves):
    moved = moves({"hugo.toml": "languageCode = 'de'", "content/a.md": DATED.format("")})
    assert moved.document.status == "draft"


def test_a_language_that_the_site_has_not_makes_a_draft(moves):
    moved = moves(post(lang="de"))
    assert moved.document.status == "draft"
    assert "\n# lang: “de” is no language of this site\n" in moved.text


def test_one_theme_is_spelled_as_the_site_has_it(moves, tmp_path):
    sites.write(tmp_path / "content", {"articles/2011-a.md": article(tags="[Ponts]")})
    moved = moves(post(tags="[ponts, PONTS, rivière]"))
    assert "\ntags: [Ponts, rivière]\n" in moved.texts["articles/2012-03-un-ete.md"]
    assert moved.library.faults == []


def test_a_theme_that_cannot_have_an_address_of_its_own_is_told(moves):
    moved = moves(post(tags='["C", "C++", "!"]'))
    assert moved.document.header["tags"] == ["C"]
    assert "un-ete.md:1: tags: the theme “C++” would have the address of another" in moved.said
    assert "un-ete.md:1: tags: the theme “!” would have" in moved.said


def test_nothing_that_is_there_changes_and_no_address_is_taken_twice(moves, tmp_path):
    there = {
        "articles/2012-03-un-ete.md": article("Un été"),
        "themes.yml": "pont: bridge",
        "mots.txt": "valmontois\n",
    }
    sites.write(tmp_path / "content", there)
    moved = moves(post(slug="un-ete"))
    for name, text in there.items():
        assert (moved.content / name).read_text("utf-8") == text
    assert "\nslug: un-ete-2\n" in moved.texts["articles/2012-03-un-ete-2.md"]
    assert moved.library.faults == []


@pytest.mark.parametrize(("there", "lang"), [("", "en"), (".en", "fr")])
def test_no_text_becomes_a_translation_by_chance(moves, tmp_path, there, lang):
    sites.write(tmp_path / "content", {f"articles/2012-03-un-ete{there}.md": article("Autre")})
    moved = moves(post(lang=lang))
    suffix = ".en" if lang == "en" else ""
    assert f"articles/2012-03-un-ete-2{suffix}.md" in moved.texts
    assert moved.library.faults == []


def test_a_second_import_says_so_and_writes_nothing(moves):
    files = {**post("![Vue](/vue.jpg)"), "vue.jpg": PHOTO}
    first = moves(files)
    before = {path: path.read_bytes() for path in first.content.rglob("*") if path.is_file()}
    again = moves(files)
    assert again.code == 0
    after = {path: path.read_bytes() for path in first.content.rglob("*") if path.is_file()}
    assert after == before
    assert again.said == (
        "0 texts imported, 0 of them as drafts; 0 files copied; "
        "1 texts were imported before; 0 things refused\n"
    )


SEVERAL = {
    **JEKYLL,
    "about.md": "---\ntitle: À propos\n---\nMoi.\n",
    **{
        f"_posts/2012-0{number}-01-a.md": f"---\ntitle: Texte {number}\n---\nMot {number}.\n"
        for number in range(1, 5)
    },
}


@pytest.mark.parametrize("blog", [post(), SEVERAL])
def test_a_blog_is_the_same_under_another_name_and_when_it_was_corrected(moves, tmp_path, blog):
    first = moves(blog)
    (tmp_path / "ancien").rename(tmp_path / "autre")
    corrected = sorted(blog)[-1] if len(blog) > 2 else "_posts/2012-03-24-un-ete.md"
    other = blog[corrected].replace("Mot 4", "Mieux").replace("Un texte", "Mieux")
    again = moves({corrected: other}, folder="autre")
    assert again.said.startswith("0 texts imported")
    assert f"; {len(first.texts)} texts were imported before;" in again.said
    assert again.texts == first.texts


@pytest.mark.parametrize("blog", [post(), SEVERAL])
def test_two_blogs_whose_folders_have_the_same_name_are_both_imported(moves, blog):
    first = moves(blog, folder="un/output")
    texts = {name: re.sub("Mots?|Un|Moi", "Autre", text) for name, text in blog.items()}
    texts = {name: text.replace("Texte", "Titre") for name, text in texts.items()}
    second = moves(texts, folder="deux/output")
    assert len(second.texts) == 2 * len(first.texts)
    assert "; 0 texts were imported before;" in second.said
    for folder in ("un/output", "deux/output"):
        assert moves({}, folder=folder).said.startswith("0 texts imported")


def test_a_part_of_a_blog_is_known_and_what_is_new_in_it_is_imported(moves):
    moves(SEVERAL)
    few = {name: SEVERAL[name] for name in ("_config.yml", "_posts/2012-01-01-a.md")}
    few["_posts/2013-01-01-b.md"] = "---\ntitle: Neuf\n---\nNeuf.\n"
    assert moves(few, folder="b").said.splitlines()[-1].startswith("1 texts imported")
    assert moves(few, folder="c").said.splitlines()[-1].startswith("0 texts imported")


def test_a_new_post_can_link_to_one_that_was_imported_before(moves):
    moves(post())
    link = "[x]({% post_url 2012-03-24-un-ete %})"
    moved = moves({"_posts/2012-04-01-deux.md": f"---\ntitle: Deux\n---\n{link}\n"})
    assert moved.texts["articles/2012-04-deux.md"].endswith("\n[x](2012-03-un-ete.md)\n")


def test_what_is_no_markdown_or_has_no_header_is_told(moves):
    moved = moves({**post(), "README.md": "# Lisez-moi", "_posts/2012-01-01-a.rst": "A"})
    assert len(moved.texts) == 1
    assert "ancien/README.md: header: it has no header, and is not imported" in moved.said
    assert "2012-01-01-a.rst: file: it is not in Markdown, and is not imported" in moved.said


def test_the_source_is_only_read(moves, tmp_path):
    files = {**post("![Vue](/vue.jpg)"), "vue.jpg": PHOTO}
    source = sites.write(tmp_path / "ancien", files)
    everything = [source, *source.rglob("*")]
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in everything}
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert moves({}).code == 0
        assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in before} == before
        assert [source, *source.rglob("*")] == everything
    finally:
        for path in everything:
            path.chmod(0o755)


def test_links_out_of_the_folder_are_refused_and_the_rest_is_imported(moves, tmp_path):
    sites.write(tmp_path, {"secret.md": "---\ntitle: Secret\n---\nS", "secret.jpg": PHOTO})
    source = sites.write(tmp_path / "ancien", post("![Vue](/lien.jpg) et [x](../../secret.jpg)"))
    (source / "_posts/2012-01-01-secret.md").symlink_to(tmp_path / "secret.md")
    (source / "lien.jpg").symlink_to(tmp_path / "secret.jpg")
    (source / "dehors").symlink_to(tmp_path)
    moved = moves({})
    assert moved.code == 1
    assert moved.body == "Vue et x\n"
    for name in ("_posts/2012-01-01-secret.md", "lien.jpg", "dehors"):
        assert f"ancien/{name}: file: it is a symbolic link out of the folder; " in moved.complaints
    assert "link: ../../secret.jpg: ../../secret.jpg leads out of the folder" in moved.complaints
    assert not (moved.content / "images").exists()


@pytest.mark.parametrize("name", [b"a\x1b[31m.md", b"a\nb.md", b"\xe9t\xe9.md"])
def test_a_name_that_no_terminal_can_show_is_refused(moves, tmp_path, name):
    source = sites.write(tmp_path / "ancien", post())
    Path(source, os.fsdecode(name)).write_text("---\ntitle: T\n---\nT", "utf-8")
    moved = moves({})
    assert moved.code == 1
    assert list(moved.texts) == ["articles/2012-03-un-ete.md"]
    assert ": file: its name holds a character that cannot be shown; " in moved.complaints
    assert "\x1b" not in moved.complaints


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "/../../secret.jpg"])
def test_absolute_paths_lead_to_nothing(moves, tmp_path, address):
    sites.write(tmp_path, {"secret.jpg": PHOTO})
    moved = moves(post(f"Voir [x]({address})."))
    assert moved.body == "Voir x.\n"
    assert not (moved.content / "files").exists()


@pytest.mark.parametrize(
    "header",
    [
        "title: !!python/object/apply:os.system ['touch ran']",
        "title: !x a",
        "a: &a [x]\nb: *a\ntitle: T",
        "a: [",
    ],
)
def test_what_yaml_could_run_or_multiply_is_refused(moves, tmp_path, header):
    moved = moves({**post(), "_posts/2012-01-01-mal.md": f"---\n{header}\n---\nMal.\n"})
    assert moved.code == 1
    assert list(moved.texts) == ["articles/2012-03-un-ete.md"]
    assert "ancien/_posts/2012-01-01-mal.md: header: it " in moved.complaints
    assert "Traceback" not in moved.complaints
    assert not (tmp_path / "ran").exists()


def test_huge_files_are_refused(moves):
    huge = "---\ntitle: Long\n---\n" + "mot " * 300_000
    moved = moves({**post(), "_posts/2012-01-01-long.md": huge})
    assert moved.code == 1
    assert "2012-01-01-long.md: header: it has more than 1,000,000 bytes; " in moved.complaints
    assert len(moved.texts) == 1


@pytest.mark.parametrize("folder", ["nulle-part", "content", ".", "~nobody-at-all/x"])
def test_a_folder_that_is_no_other_blog_is_refused(moves, tmp_path, capsys, folder):
    assert importing.main(folder) == 1
    assert f"{folder}: folder: " in capsys.readouterr().err


WORDS = st.text(alphabet="abcé #[]()!<>{}%*_`~-=:/\\\"'&|^.\n\t01", max_size=60)
PIECES = st.sampled_from(
    [
        *("# Titre", "[mot](/x/)", "![alt](y.jpg 'légende')", "{% include z %}", "{{< b c=d >}}"),
        *("{: .e }", "<center>f</center>", "<p style='g'>h</p>", "[j]: /k/", "[l][j]", "`m`"),
        *("<iframe src='//i.example'></iframe>", "```\nn\n```", "<o>", "<!-- p -->", "r\n==="),
        *("<script>q</script>", "[s](#t)", "{filename}u", "<img src=v>", "    <w>", "- > # x"),
        "{{< figure src=x.jpg title='un \"' caption=\"deux\" class='trois' >}}",
        *("{% highlight c linenos %}\nx\n{% endhighlight %}", "{% img a.png 34 56 'sept' %}"),
        *("{{< tweet user=huit id=9 >}}", "{{< gist dix onze douze.py >}}"),
    ]
)


@pytest.fixture(scope="module")
def words_of_a_body(tmp_path_factory):
    """What a body becomes, and what is said of it."""
    from engine.writing.imports.bodies import BodyImport
    from engine.writing.imports.front_matter import FrontMatter
    from engine.writing.imports.source_folder import SourceFolder
    from engine.writing.imports.source_links import SourceLinks
    from engine.writing.imports.source_text import read_source_text

    folder = tmp_path_factory.mktemp("blog")

    def run(body: str) -> str:
        source = SourceFolder(folder, "ancien", "jekyll")
        front = FrontMatter({"title": "T"}, {}, body, 4)
        text = read_source_text(source, "_posts/2012-01-01-a.md", front, TODAY)
        text.target = "articles/2012-01-a.md"
        BodyImport(source, text, SourceLinks(source, [text], folder)).rewrite()
        return "\n".join([text.compose(), *map(str, source.notes)])

    return run


@pytest.fixture
def no_collection():
    """No collection of what other tests have left while a time is taken."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


PIECES_TO_REPEAT = [
    *("{{ ", "{% ", "<!-- ", "<pre> ", "<script> ", "<iframe> ", "{% highlight a %} ", "# ", "> "),
    *("<h2> ", "[", "![", "[a](", "[a][", "`", "`` ` ", " ", "<a '", "{:", "<iframe a", "[a](b '"),
    *("<iframe>", "<p style=a>b</p>\n", "# a\n", "<b></i>", "{% img a.png %}", "{{ site.url }}"),
    *("<img src=a>", "<div>\n\n", "<b id=a>", "<center>a</center>", "{: .a}\n", "[a]: /b\n"),
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", [*PIECES_TO_REPEAT, "x: b\n    c\n"])
@pytest.mark.usefixtures("no_collection")
def test_a_piece_repeated_takes_no_time_that_grows_with_its_square(moves, piece):
    seconds = []
    for number, count in enumerate((1500, 6000)):
        text = piece * count if piece.startswith("x") else f"\n{piece * count}"
        text = f"title: a {number}\ndate: 2012-03-24\n{text}"
        name = f"ancien-{number}"
        start = time.process_time()
        assert moves({**PELICAN, "a.md": text}, folder=name).said.count("from ancien") == 1
        seconds.append(time.process_time() - start)
    # Four times the text: four times the time, where the square would be sixteen.
    assert seconds[1] < 9 * seconds[0] + 0.3


@pytest.mark.slow
@pytest.mark.usefixtures("no_collection")
def test_many_files_take_no_time_that_grows_with_their_square(moves):
    seconds = []
    for number, count in enumerate((200, 800)):
        files = {
            f"content/{n}/_index.md": f"---\ntitle: T {number} {n}\n---\n" for n in range(count)
        }
        files |= {f"content/{n}/a.pdf": f"{number} {n}" for n in range(count)}
        links = " ".join(f"[a](../{n}/a.pdf)" for n in range(count))
        files["content/b/c.md"] = f"---\ntitle: T {number}\n---\n{links}\n"
        start = time.process_time()
        moved = moves({**HUGO, **files}, folder=f"ancien-{number}")
        seconds.append(time.process_time() - start)
        assert f"; {count} files copied; " in moved.said
    assert seconds[1] < 9 * seconds[0] + 0.3


@given(st.lists(st.one_of(WORDS, PIECES), max_size=8).map("\n\n".join))
@example("[a](<b c> 'd')")
@example("![a][b]\n\n[b]: /c/ 'd'")
@settings(max_examples=300, deadline=None)
def test_no_word_of_a_body_is_lost(words_of_a_body, body):
    kept = set(re.findall(r"\w+", words_of_a_body(body)))
    lost = set(re.findall(r"\w+", body)) - kept - MARKUP
    assert not lost


@pytest.mark.slow
def test_an_imported_blog_is_built_with_its_old_addresses(writer, tmp_path):
    sites.write(tmp_path / "ancien", {**post("![Vue](/vue.jpg)"), "vue.jpg": PHOTO})
    done = writer.types("import", "ancien")
    assert done.returncode == 0, done.stderr
    built = sites.build(writer.content, tmp_path / "output")
    assert built.code == 0, built.complaints
    assert built.site.page("/actualites/un-ete/").select_one(".prose img")["alt"] == "Vue"
    assert "/actualites/un-ete/" in built.site.text("/2012/03/24/un-ete.html")
    assert writer.types("import", "nulle-part").returncode == 1


@pytest.mark.slow
def test_the_commands_of_the_guide_import_what_they_say(tmp_path):
    guide = (sites.ROOT / "docs" / "import.md").read_text("utf-8")
    commands = re.findall(r"^\./inv import (.*)$", guide, re.MULTILINE)
    assert len(commands) == 2
    here = Writer(tmp_path / "site" / "content")
    here.content.mkdir(parents=True)
    text = "---\ntitle: {}\ndate: 2012-03-24\n---\nUn texte.\n"
    for number, command in enumerate(commands):
        folder, *options = command.split()
        name = f"a-{number}.md"
        sites.write(here.content.parent / folder, {name: text.format(f"Un texte {number}")})
        done = here.types("import", folder, *options)
        assert done.returncode == 0, done.stderr
        assert f"content/articles/2012-03-a-{number}.md: from " in done.stdout
    assert "/2012/03/a-1/" in here.reads("articles/2012-03-a-1.md")


def test_a_title_that_begins_with_a_number_is_built(build):
    built = build({"articles/2015-04-350-pas.md": article("350 pas", "2015-04")})
    assert built.code == 0, built.complaints
    assert built.site.has("/actualites/350-pas/")
