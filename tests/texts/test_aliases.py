"""Old addresses: which may be written, and what becomes of them."""

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.faults import ProblemError
from engine.slugs import slugify
from engine.texts.aliases import normalise_alias
from engine.texts.header_schema import SLUG
from tests import sites

SPECIAL = [*";$(){}[]<>|&\\'\"`*?#%!^~ \t\n\r\0\x7f./:@", "..", "$(id)", "%2e%2e", "%0a", "é"]
hostile = st.lists(st.one_of(st.sampled_from(SPECIAL), st.text(max_size=3)), max_size=8).map(
    "".join
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/ancien/nom/", "/ancien/nom/"),
        ("/ancien/nom", "/ancien/nom/"),
        ("/ancien/nom/index.html", "/ancien/nom/"),
        ("/2012/03/page_1.html", "/2012/03/page_1.html"),
        ("/%C3%A9t%C3%A9/", "/été/"),
        ("/e\u0301te\u0301/", "/été/"),
        ("/en/old", "/en/old/"),
    ],
)
def test_an_alias_has_one_form_however_it_is_typed(typed, meant):
    assert normalise_alias(typed) == meant


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("ancien/nom", "is not a path of this site"),
        ("https://example.org/ancien/", "is not a path of this site"),
        ("//example.org/", "is not a path of this site"),
        ("/?p=12", "question"),
        ("/page#partie", "question"),
        ("/a/../b/", "cannot be redirected safely"),
        ("/a//b/", "cannot be redirected safely"),
        ("/.htaccess", "cannot be redirected safely"),
        ("/a.php", "cannot be redirected safely"),
        ("/a b/", "cannot be redirected safely"),
        ("/a;b/", "cannot be redirected safely"),
        ("/$(id)/", "cannot be redirected safely"),
        ('/a"b/', "cannot be redirected safely"),
        ("/a%0Ab/", "cannot be redirected safely"),
        ("/a%2525b/", "cannot be redirected safely"),
        ("/a%2Fb%2F..%2F/", "cannot be redirected safely"),
        ("/%FF/", "cannot be redirected safely"),
        (f"/{'a' * 201}/", "too long"),
        ("/" + "abcdefghi/" * 51, "too long"),
    ],
)
def test_what_not_every_host_can_redirect_is_refused(typed, reason):
    with pytest.raises(ProblemError, match=reason):
        normalise_alias(typed)


@given(hostile)
def test_an_alias_is_refused_or_harmless_to_shells_servers_and_file_systems(text):
    for typed in (text, f"/{text}", f"/{text}/"):
        try:
            alias = normalise_alias(typed)
        except ProblemError:
            continue
        assert re.fullmatch(r"/(?:[\w~-]+/)*(?:[\w~-]+\.html)?", alias)
        # A shell does not see "é" as special, shlex plays safe and quotes it; nor a ~ in a word.
        plain = re.sub(r"(?<=.)~|[^\x00-\x7f]", "a", alias)
        assert shlex.quote(plain) == plain
        assert ".." not in alias
        assert normalise_alias(alias) == alias


@given(hostile)
def test_a_title_makes_a_harmless_slug_or_none(title):
    slug = slugify(title)
    assert slug == "" or SLUG.fullmatch(slug)


def test_an_old_address_leads_to_the_page_for_readers_robots_and_screen_readers(build):
    built = build(
        {
            "articles/a.md": sites.article("Été & co", aliases="[/ancien/nom, /vieille.html]"),
            "articles/a.en.md": sites.header(title="Summer", aliases="/old/") + "A text.\n",
        }
    )
    assert built.code == 0, built.complaints
    for old, lang, new, title in (
        ("/ancien/nom/", "fr", "/actualites/ete-co/", "Été & co"),
        ("/vieille.html", "fr", "/actualites/ete-co/", "Été & co"),
        ("/old/", "en", "/en/news/summer/", "Summer"),
    ):
        page = built.site.page(old)
        assert page.html["lang"] == lang
        assert page.select_one("meta[http-equiv=refresh]")["content"] == f"0; url={new}"
        assert page.select_one("link[rel=canonical]")["href"] == f"http://localhost:8000{new}"
        assert page.select_one("meta[name=robots]")["content"] == "noindex"
        assert page.title.string == page.a.string == title.replace(" &", "\u00a0&")
        assert page.a["href"] == new
        assert built.site.has(new)
        assert len(built.site.text(old)) < 700
    listed = built.site.text("/sitemap.xml") + built.site.text("/flux.xml")
    assert not re.search("ancien|vieille|/old/", listed)
    assert built.said.startswith(f"{len(built.site.addresses)} pages")


@pytest.mark.parametrize(
    ("aliases", "problem"),
    [
        ("/actualites/premiere/", "/actualites/premiere/ is the address of content/articles/a.md"),
        ("/Actualites/Premiere", "is the address of content/articles/a.md"),
        ("/actualites/seconde/", "is the address of content/articles/b.md"),
        ("/actualites/", "is the address of the site's own page “news”"),
        ("/", "is the address of the site's own page “home”"),
        ("/404.html", "is the address of the site's own page “not_found”"),
        ("/actualites/2012/", "is the address of the news of the year 2012"),
        ("/themes/design/", "/themes/design/ is the address of a page"),
        ("/images/photo/", "is in a folder of the site's own files"),
        ("/theme/x.html", "is in a folder of the site's own files"),
        ("/pris/", "/pris/ is already an alias of content/articles/0.md"),
        ("[/double/, /double]", "/double/ is already an alias of content/articles/a.md"),
        ("/a b/", "cannot be redirected safely"),
        ('["/a/", ""]', "holds an empty item"),
    ],
)
def test_an_alias_that_cannot_lead_is_told_with_its_line(build, aliases, problem):
    built = build(
        {
            "articles/0.md": sites.article("Zéro", aliases="/pris/"),
            "articles/a.md": sites.article("Première", tags="[design]", aliases=aliases),
            "articles/b.md": sites.article("Seconde"),
            "themes.yml": "design: design\n",
        }
    )
    assert built.code == 1
    assert re.search(r"articles/a\.md:5: aliases: ", built.complaints)
    assert problem in re.sub(r"\S*content/", "content/", built.complaints)
    assert not built.site.folder.exists()


def test_the_alias_of_a_text_that_waits_is_not_published(build):
    built = build(
        {
            "articles/a.md": sites.article("Première", status="draft", aliases="/ancien/"),
            "articles/b.md": sites.article("Seconde", aliases="/ancien/"),
        }
    )
    assert built.code == 0, built.complaints
    assert "seconde" in built.site.text("/ancien/")


def test_below_a_path_the_old_address_leads_to_the_new_one_below_it(build):
    built = build(
        {"articles/a.md": sites.article("Première", aliases="/ancien/")},
        SITE_URL="https://example.org/blog",
    )
    assert built.code == 0, built.complaints
    page = built.site.page("/ancien/")
    assert page.a["href"] == "/blog/actualites/premiere/"
    canonical = page.select_one("link[rel=canonical]")["href"]
    assert canonical == "https://example.org/blog/actualites/premiere/"
