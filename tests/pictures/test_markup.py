"""The HTML of a picture."""

from bs4 import BeautifulSoup

from engine.pictures.cache import encode
from engine.pictures.inspection import inspect
from engine.pictures.markup import markup
from engine.pictures.variants import Picture
from tests.pictures.samples import photo, quarters, save


def parsed(picture: Picture, alt: str = "Une rue", **options) -> BeautifulSoup:
    return BeautifulSoup(markup(picture, alt, **options), "html.parser")


def test_a_browser_finds_avif_first_then_webp_then_jpeg_in_each_width(tmp_path):
    picture = inspect(save(photo(1600, 1000), tmp_path / "rue.jpg"))
    page = parsed(picture)
    assert [child.name for child in page.picture.children] == ["source", "source", "img"]
    assert [source["type"] for source in page("source")] == ["image/avif", "image/webp"]
    for tag, ending in zip(page(["source", "img"]), ("avif", "webp", "jpg"), strict=True):
        assert tag["srcset"].split(", ") == [
            f"/images/rue-{picture.digest}-{width}.{ending} {width}w"
            for width in (400, 640, 960, 1280)
        ]
        assert tag["sizes"] == "(min-width: 42em) 38rem, 92vw"
    assert page.img["src"] == f"/images/rue-{picture.digest}-640.jpg"
    assert (page.img["width"], page.img["height"]) == ("1280", "800")
    assert page.img["alt"] == "Une rue"


def test_every_address_of_the_markup_is_a_file_that_is_made(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    encode(picture, tmp_path / "cache", tmp_path / "output")
    page = parsed(picture, base="/blog")
    addresses = {page.img["src"]} | {
        candidate.split()[0]
        for tag in page(["source", "img"])
        for candidate in tag["srcset"].split(", ")
    }
    made = {path.name for path in (tmp_path / "output" / "images").iterdir()}
    assert addresses == {f"/blog/images/{name}" for name in made}


def test_a_picture_below_the_fold_waits_and_one_above_does_not(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    below, above = parsed(picture).img, parsed(picture, eager=True).img
    assert (below["loading"], below["decoding"]) == ("lazy", "async")
    assert "fetchpriority" not in below.attrs
    assert above["fetchpriority"] == "high"
    assert "loading" not in above.attrs


def test_the_words_of_a_picture_are_escaped(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    page = parsed(picture, 'L\'« usine » "<b>" & co', attributes={"id": "a", "lang": '"en"'})
    assert page.img["alt"] == 'L\'« usine » "<b>" & co'
    assert (page.img["id"], page.img["lang"]) == ("a", '"en"')
    assert page.b is None


def test_a_small_picture_has_one_file_a_format(tmp_path):
    page = parsed(inspect(save(quarters(size=(300, 150)), tmp_path / "a.png")))
    assert (page.img["width"], page.img["height"]) == ("300", "150")
    assert "srcset" not in page.img.attrs
    assert [source["srcset"].count(" ") for source in page("source")] == [1, 1]
