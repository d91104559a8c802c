"""What typography changes on a built site, and what it must never change."""

import feedparser

from tests import sites

TEXT = sites.header(
    title="'\"L''été\" : 1 000 idées ?'",
    date="2012-03-05",
    slug="l-ete",
    summary="'\"Un lieu d''essai\", ouvert à 14h30 !'",
    tags='["L\'ESS & nous"]',
    links="""{presse: "https://example.org/?a=l'b;c!"}""",
) + (
    "Un \"*mot* d'ici\"\n? Voir [l'article][presse] :\n\n"
    "![L'\"eau\" ?](../images/l'eau.png)\n\n"
    "    code d'ici ?\n\n[it's \"fine\" ?]{lang=en}\n"
)


def test_a_build_prints_titles_summaries_words_and_alternatives(build):
    built = build({"articles/a.md": TEXT, "images/l'eau.png": sites.photo(80, 50, "PNG")})
    assert built.code == 0, built.complaints
    page = built.site.page("/actualites/l-ete/")
    title = "«\u202fL’été\u202f»\u00a0: 1\u202f000 idées\u202f?"
    summary = "«\u202fUn lieu d’essai\u202f», ouvert à 14\u00a0h\u00a030\u202f!"
    assert page.h1.get_text() == title
    assert page.select_one("meta[name=description]")["content"] == summary
    prose = page.select_one(".prose")
    assert prose.p.get_text() == "Un «\u202fmot d’ici\u202f»\u202f? Voir l’article\u00a0:"
    assert prose.img["alt"] == "L’«\u202feau\u202f»\u202f?"
    assert prose.select_one("[lang=en]").get_text() == "it’s “fine”?"
    assert prose.code.get_text() == "code d'ici ?\n"


def test_a_build_leaves_addresses_ids_dates_and_the_source_as_typed(build, tmp_path):
    built = build({"articles/a.md": TEXT, "images/l'eau.png": sites.photo(80, 50, "PNG")})
    assert built.code == 0, built.complaints
    assert (tmp_path / "content/articles/a.md").read_bytes() == TEXT.encode()
    page = built.site.page("/actualites/l-ete/")
    assert page.select_one(".prose a")["href"] == "https://example.org/?a=l'b;c!"
    assert page.select_one(".prose img")["src"]
    feed = feedparser.parse(built.site.text("/flux.xml"))
    (entry,) = feed.entries
    assert entry.link == "http://localhost:8000/actualites/l-ete/"
    for value in (feed.feed.id, feed.feed.updated, entry.id, entry.link, entry.published):
        assert value.isascii(), value
