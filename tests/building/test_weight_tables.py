"""The page that shows the site's own weight."""

import json

import pytest
from babel.numbers import parse_decimal

from engine.building import weight_tables
from engine.pages import page_policy, page_weight
from engine.pages.built_site import BuiltFile, BuiltSite
from pelicanconf import ADDRESSES
from plugins.weight_table import PLACE
from tests.sites import article, header, photo, write

SOBRIETY = header(title="Sobriété", slug="sobriete", template="sobriety") + "Un texte.\n"


def rows(site, address):
    """The table of a page: the first cell of each row -> the others."""
    return {
        row.th.get_text(): [cell.get_text() for cell in row.find_all("td")]
        for row in site.page(address).select("tbody tr")
    }


def kilobytes(cell, lang="fr"):
    return float(parse_decimal(cell.split()[0], lang))


def test_the_table_has_a_row_for_each_kind_of_page_that_there_is(build):
    built = build({"pages/s.md": SOBRIETY, "articles/a.md": article()})
    assert built.code == 0, built.complaints
    assert list(rows(built.site, "/sobriete/")) == [
        "Accueil",
        "Liste des projets",
        "Liste des actualités",
        "Actualité",
        "Actualités d’une année",
        "Liste des thèmes",
        "Parcours",
        "Plan du site",
        "Recherche",
        "Autre page",
        "Page introuvable",
    ]


@pytest.mark.parametrize(("lang", "address"), [("fr", "/sobriete/"), ("en", "/en/sobriety/")])
def test_each_figure_is_that_of_the_longest_page_of_its_kind(full_site, lang, address):
    built = BuiltSite(full_site.folder)
    kinds = page_weight.pages_by_kind(built, lang, ADDRESSES)
    shown = rows(full_site, address)
    assert {*kinds, "feed"} == set(ADDRESSES[lang])
    for cells, (kind, pages) in zip(shown.values(), kinds.items(), strict=True):
        longest = max(pages, key=lambda page: page.size)
        weight = page_weight.weigh(built, longest)
        # Half a tenth, and the bytes by which a figure on the edge of two tenths changes its page.
        assert kilobytes(cells[0], lang) == pytest.approx(weight.transferred / 1000, abs=0.06)
        most = page_weight.byte_limit(kind, weight.photos) / 1000
        assert kilobytes(cells[0].replace(" of ", " sur ").partition(" sur ")[2], lang) == most
        assert weight.requests == page_weight.request_limit(kind, weight.photos)
        assert cells[1:] == [str(weight.elements), f"{weight.ecoindex} (A)"]


def test_the_page_of_the_table_counts_itself(build):
    built = build({"pages/s.md": SOBRIETY})
    site = BuiltSite(built.site.folder)
    weight = page_weight.weigh(site, site.files["sobriete/index.html"])
    cells = rows(built.site, "/sobriete/")["Autre page"]
    assert kilobytes(cells[0]) == pytest.approx(weight.transferred / 1000, abs=0.1)
    assert cells[1] == str(weight.elements)


@pytest.mark.slow
def test_a_photo_counts(build):
    text = article(body="Un texte.\n\n![Une photo](../images/p.jpg)")
    files = {"pages/s.md": SOBRIETY, "articles/a.md": text, "images/p.jpg": photo()}
    site = build(files).site
    assert rows(site, "/sobriete/")["Actualité"][0].endswith(" sur 45,0")
    assert "plus de 4 fichiers, photos à part" in site.page("/sobriete/").main.get_text()


def test_the_policy_of_a_page_is_that_of_the_page_with_its_table(tmp_path):
    page = f"<head>{page_policy.EMPTY}</head>{PLACE}"
    files = {"index.html": page_policy.filled(page), "sobriete/index.html": page}
    site = write(tmp_path / "site", files)

    def render(**_figures):
        return "<style>td { order: 1 }</style>"

    table = weight_tables.WeightTable(site / "sobriete" / "index.html", "fr", render)
    weight_tables.fill([table], BuiltSite(site), "", ADDRESSES, tmp_path / "weights.json")
    html = table.file.read_text("utf-8")
    assert f"; style-src {page_policy.style_sources(html)}; " in html
    assert "style-src 'sha256-" in html


@pytest.mark.parametrize("damage", ["", "[]", '{"a": 1}', "[1]", "not JSON"])
def test_a_damaged_cache_changes_nothing(tmp_path, damage):
    cache = tmp_path / "cache" / "weights.json"
    write(tmp_path, {"a.html": "<p>" * 100, "cache/weights.json": damage})
    sizes = weight_tables.SizeCache(cache)
    size = sizes.sent_bytes(BuiltFile(tmp_path, "a.html"))
    sizes.save()
    assert list(json.loads(cache.read_text("utf-8")).values()) == [size]


def test_the_same_bytes_are_compressed_once(tmp_path, monkeypatch):
    cache = tmp_path / "cache" / "weights.json"
    write(tmp_path, {"a.html": "<p>" * 100, "b.html": "<p>" * 100})
    sizes = weight_tables.SizeCache(cache)
    size = sizes.sent_bytes(BuiltFile(tmp_path, "a.html"))
    sizes.save()
    monkeypatch.setattr(weight_tables.compression, "sent_bytes", lambda _file: 0)
    assert weight_tables.SizeCache(cache).sent_bytes(BuiltFile(tmp_path, "b.html")) == size


def test_what_a_page_holds_is_known_by_its_own_html_alone(tmp_path):
    cache = tmp_path / "weights.json"
    sizes = weight_tables.SizeCache(cache)
    one = BuiltFile(tmp_path, "a.html", b"<p>a</p>")
    two = BuiltFile(tmp_path, "a.html", b'<p>a</p><p><img src="/b.png" alt=""></p>')
    assert sizes.contents(one).loaded == []
    found = sizes.contents(two)
    assert (found.loaded, found.photos) == (["/b.png"], 1)
    sizes.save()
    again = weight_tables.SizeCache(cache)
    assert (again.contents(two), again.contents(one)) == (found, sizes.contents(one))
