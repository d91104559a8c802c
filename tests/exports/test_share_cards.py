"""What other sites show of a text without a photo."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from engine import processes, typeface
from engine.exports import card_drawing, share_cards
from engine.exports.card_drawing import draw_card, draw_ribbon
from engine.exports.ribbon_colours import RibbonColours, StrandColour
from engine.exports.share_card import ShareCard
from engine.exports.share_cards import put_cards
from engine.preview.worker import PreviewWorker
from tests import sites
from tests.sample_content import LONG_TITLE, LONG_WORD
from tests.sites import article, header, project

RED, PAPER, INK = "#e23c2b", "#fbf7f0", "#1f1d36"
RED_VALUES, PAPER_VALUES, INK_VALUES = map(ImageColor.getrgb, (RED, PAPER, INK))
COLOURS = RibbonColours(PAPER, INK, (StrandColour(0, RED, "published"),))


def graph(page) -> dict[str, str]:
    return {m["property"]: m["content"] for m in page.select('meta[property^="og:image"]')}


def card(title: str = "Un lieu", details: str = "2012 · Français", site: str = "Le site") -> bytes:
    return draw_card(ShareCard("a", site, title, details, COLOURS), draw_ribbon(COLOURS))


def colours_of(png: bytes) -> set[tuple[int, int, int]]:
    with Image.open(io.BytesIO(png)) as image:
        return {colour for _, colour in image.convert("RGB").getcolors()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A site of two projects and their news, in both languages."""
    files = {
        "site.yml": sites.settings() + "colours:\n  - '#0b6e4f'\n  - '#b5302a'\n",
        "home.md": header(title="Accueil") + "Un texte.",
        "pages/projects/four.md": project("Le Four", order=1, start="2009", end="2013"),
        "pages/projects/puits.md": project("Le Puits", order=2),
        "articles/a.md": article("Un four", date="2012-03", project="four"),
        "articles/a.en.md": header(title="An oven") + "A text.",
        "articles/b.md": article("Rien de tel"),
        "articles/c.md": article("Une photo", body="![La rue](/images/a.jpg)"),
        "images/a.jpg": sites.photo(800, 450),
    }
    folder = tmp_path_factory.mktemp("cards")
    done = sites.build(sites.write(folder / "content", files), folder / "output")
    assert done.code == 0, done.complaints
    return done.site


def file_of(site: sites.Site, address: str) -> bytes:
    picture = graph(site.page(address))["og:image"]
    return (site.folder / picture.removeprefix("http://localhost:8000/")).read_bytes()


@pytest.mark.parametrize(
    ("address", "alt"),
    [
        ("/", "Accueil · Français"),
        ("/actualites/un-four/", "Un four · mars 2012 · Français"),
        ("/en/news/an-oven/", "An oven · March 2012 · English"),
        ("/projets/le-four/", "Le Four · 2009–2013 · Français"),
        ("/projets/le-puits/", "Le Puits · Français"),
    ],
)
def test_a_text_without_a_photo_is_shared_with_a_card(built, address, alt):
    told = graph(built.page(address))
    assert told.pop("og:image").startswith("http://localhost:8000/images/")
    assert told == {
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": alt,
    }
    png = file_of(built, address)
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 630))
    assert len(png) <= 60_000


def test_a_photo_goes_before_a_card(built):
    assert graph(built.page("/actualites/une-photo/"))["og:image:alt"] == "La rue"
    assert not list(built.folder.glob("images/une-photo-*"))


def test_a_list_of_texts_has_no_card(built):
    assert not graph(built.page("/actualites/"))


def test_the_ribbon_has_the_owners_colour_of_the_project(built):
    oven, well = (11, 110, 79), (181, 48, 42)
    of = {
        "/projets/le-four/": {oven},
        "/actualites/un-four/": {oven},
        # The English site has no project: its ribbon has every dye.
        "/en/news/an-oven/": {oven, well},
        "/projets/le-puits/": {well},
        "/actualites/rien-de-tel/": {oven, well},
        "/": {oven, well},
    }
    shown = {
        address: {
            dye
            for dye in (oven, well)
            # site.yml's colour goes through OKLCH with three digits.
            for colour in colours_of(file_of(built, address))
            if max(abs(one - other) for one, other in zip(dye, colour, strict=True)) <= 3
        }
        for address in of
    }
    assert shown == of


def test_a_preview_draws_no_card(tmp_path, monkeypatch):
    content = sites.write(tmp_path / "content", {"articles/a.md": article("Première")})
    monkeypatch.setenv("SITE_CONTENT", str(content))
    answer = PreviewWorker().build(str(tmp_path / "output"))
    assert answer["fault"] == ""
    assert not graph(sites.Site(tmp_path / "output").page("/actualites/premiere/"))
    assert not (tmp_path / "output/images").exists()


# --- Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("Saint\u2011Étienne", "Saint-Étienne"),
        ("Vrai\u202f?", "Vrai\u202f?"),
        ("Éte\u0301", "Été"),
        ("x\u0331", "x"),
        ("Fête \U0001f389 du pain", "Fête  du pain"),
        ("Дом", "Dom"),
        ("a\u00adb\u200bc\ufeff", "abc"),
        ("un\tdeux\u2003trois", "un deux\u2003trois"),
    ],
)
def test_a_character_that_the_face_lacks_is_never_a_box(title, drawn):
    assert card_drawing.drawable_text(title) == drawn
    assert card(title) == card(drawn)


@given(st.text(max_size=60))
def test_only_characters_of_the_face_are_drawn(title):
    assert set(map(ord, card_drawing.drawable_text(title))) <= set(typeface.face().unicodes)


@pytest.mark.parametrize(
    "title", [LONG_TITLE, LONG_WORD, "W" * 200, "à " * 100, "-" * 200, "a", "", "Le Four " * 3]
)
def test_a_title_of_any_length_fits_beside_the_ampersand(title):
    size, lines = card_drawing.fit_title(title)
    assert "".join("".join(lines).split()) == "".join(title.split()), "nothing is lost"
    widest = max(card_drawing.text_width(line) for line in lines) * size
    assert widest <= 664
    assert len(lines) * size * 1.08 <= 400
    assert len(card(title)) <= 60_000


def test_a_short_title_is_larger_than_a_long_one():
    assert card_drawing.fit_title("Le Four")[0] > card_drawing.fit_title(LONG_TITLE)[0]


def test_a_title_is_broken_at_spaces_and_after_hyphens_only():
    lines = card_drawing.break_lines("Le pique-nique à Saint\u2011Étienne !", 3)
    assert lines is None, "a word is wider"
    lines = card_drawing.break_lines("Le pique-nique de\u00a0mai, ici", 5.2)
    assert lines == ["Le pique-", "nique de\u00a0mai,", "ici"]
    lines = card_drawing.break_lines("Le vernis de M.\u00a0J.-B.\u00a0Vuillaume", 8)
    assert lines == ["Le vernis de", "M.\u00a0J.-B.\u00a0Vuillaume"], "initials"


def test_a_title_that_has_no_room_is_cut_with_an_ellipsis():
    lines = card_drawing.fit_title("Un mot de plus " * 60)[1]
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("words", range(1, 60, 6))
def test_no_word_is_drawn_on_the_band(words):
    with Image.open(io.BytesIO(card("Un mot " * words))) as image:
        band = image.convert("RGB").crop((0, 540, 700, 630))
    column = band.crop((0, 0, 1, 90))
    assert band.tobytes() == column.resize(band.size).tobytes()


# --- Pixels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("strands", [1, 2, 3, 4])
@pytest.mark.parametrize("title", ["", "Le Four", LONG_TITLE])
def test_a_card_is_a_png_that_a_strict_reader_accepts(title, strands):
    colours = RibbonColours(PAPER, INK, COLOURS.strands * strands)
    png = draw_card(ShareCard("a", "Le site", title, "2012", colours), draw_ribbon(colours))
    # https://www.w3.org/TR/png-3/#5Chunk-layout
    chunks, rest = [], png.removeprefix(b"\x89PNG\r\n\x1a\n")
    while rest:
        length = int.from_bytes(rest[:4])
        chunk, checksum, rest = rest[4 : 8 + length], rest[8 + length :][:4], rest[12 + length :]
        assert zlib.crc32(chunk) == int.from_bytes(checksum)
        chunks.append((chunk[:4], chunk[4:]))
    (_, head), (_, colours_of_palette), (_, data), (_, end) = chunks
    assert [kind for kind, _ in chunks] == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert (head, end) == (struct.pack(">II5B", 1200, 630, 4, 3, 0, 0, 0), b"")
    assert len(colours_of_palette) <= 16 * 3
    rows = zlib.decompress(data)
    assert (len(rows), set(rows[::601])) == (630 * 601, {0})


def test_a_card_has_the_ink_of_its_words_and_the_paper():
    assert {RED_VALUES, PAPER_VALUES, INK_VALUES} <= colours_of(card())


def test_the_name_of_another_site_is_drawn_on_the_same_ribbon():
    assert card(site="Le site") == card(site="Le site") != card(site="Un autre")


# --- Files ---------------------------------------------------------------------------------------


def cards_of(*titles: str) -> dict[str, ShareCard]:
    return {
        f"/{number}/": ShareCard(f"t{number}", "Le site", title, "Français", COLOURS)
        for number, title in enumerate(titles)
    }


def drawn(cards, cache, output) -> dict[str, bytes]:
    put_cards(cards, cache, output)
    return {path.name: path.read_bytes() for path in (output / "images").iterdir()}


def test_cards_are_the_same_on_one_processor_and_on_all(tmp_path, monkeypatch):
    cards = cards_of(*(f"Le four numéro {number}" for number in range(70)))
    shared = drawn(cards, tmp_path / "a", tmp_path / "1")
    monkeypatch.setattr(processes, "processors", lambda: 1)
    card_drawing._letter.cache_clear()
    assert len(shared) == 70
    assert drawn(cards, tmp_path / "b", tmp_path / "2") == shared


def test_an_unchanged_card_comes_from_the_cache(tmp_path, monkeypatch):
    cards = cards_of("Un", "Deux")
    first = drawn(cards, tmp_path / "cache", tmp_path / "1")
    asked = []
    # What a forked process notes stays there.
    monkeypatch.setattr(processes, "processors", lambda: 1)
    monkeypatch.setattr(card_drawing, "draw_card", lambda card, _ribbon: asked.append(card.title))
    monkeypatch.setattr(share_cards, "write_atomically", lambda *_: None)
    assert drawn(cards, tmp_path / "cache", tmp_path / "2") == first
    assert asked == []
    # After a power failure.
    (tmp_path / "cache" / next(name for name in first if name.startswith("t1"))).write_bytes(b"")
    drawn(cards, tmp_path / "cache", tmp_path / "3")
    assert asked == ["Deux"]


def test_what_is_drawn_is_in_the_name_of_the_file():
    names = {
        ShareCard("a", site, title, details, colours).name
        for site, title, details, colours in (
            ("S", "T", "D", COLOURS),
            ("X", "T", "D", COLOURS),
            ("S", "X", "D", COLOURS),
            ("S", "T", "X", COLOURS),
            ("S", "T", "D", RibbonColours(PAPER, "#000", COLOURS.strands)),
        )
    }
    assert len(names) == 5
