"""Each kind of page looks as its snapshots do, in every width, colour scheme and language."""

import shutil

import pytest
from PIL import Image, ImageDraw

from tests import chromium
from tests.browser import snapshots
from tests.browser.comparison import difference

CHANGED = """{changes}
The pages as they are now, and where they differ: {report}
Where the change is meant, accept it: {accept}"""


@pytest.fixture(scope="session")
def sample_address(tmp_path_factory):
    """The address of the sample site, served on this machine."""
    site = snapshots.build(tmp_path_factory.mktemp("sample"))
    with chromium.served(site.folder) as address:
        yield address


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("language", snapshots.LANGUAGES)
@pytest.mark.parametrize("kind", snapshots.PAGES)
def test_a_page_looks_as_it_was_accepted(browser, sample_address, kind, language):
    compare(browser, sample_address, kind, language)


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("kind", snapshots.OTHER_PAGES)
def test_a_page_of_another_site_looks_as_it_was_accepted(browser, tmp_path, kind):
    name, language, _path = snapshots.OTHER_PAGES[kind]
    with chromium.served(snapshots.build(tmp_path, name).folder) as address:
        compare(browser, address, kind, language)


def compare(browser, address, kind, language):
    """Fail with what has changed in a page since its snapshots were accepted."""
    taken = snapshots.take(browser, address, kind, language)
    changes = "\n".join(filter(None, (snapshot.change() for snapshot in taken)))
    if changes:
        report = snapshots.REPORT
        pytest.fail(
            CHANGED.format(changes=changes, report=report, accept=snapshots.ACCEPT), pytrace=False
        )


def test_every_snapshot_is_that_of_a_page():
    kept = {path.name.rsplit("-", 2)[0] for path in snapshots.FOLDER.glob("*.webp")}
    assert kept == {
        *(f"{kind}-{language}" for kind in snapshots.PAGES for language in snapshots.LANGUAGES),
        *(f"{kind}-{language}" for kind, (_, language, _) in snapshots.OTHER_PAGES.items()),
    }


# --- What counts as a change ----------------------------------------------------------------


def strand(left: float = 40, colour: str = "#d8402f", smoothing: int = 4) -> Image.Image:
    """A vertical strand and a slanted one, drawn large and reduced: the edges are smoothed."""
    large = Image.new("RGB", (160 * smoothing, 160 * smoothing), "#fbf7ee")
    draw = ImageDraw.Draw(large)
    draw.rectangle((left * smoothing, 0, (left + 10) * smoothing - 1, large.height), fill=colour)
    draw.line((60 * smoothing, 0, 140 * smoothing, large.height), fill=colour, width=9 * smoothing)
    return large.reduce(smoothing)


def test_the_same_picture_has_no_difference():
    assert difference(strand(), strand()) is None


def test_edges_smoothed_otherwise_are_no_difference():
    assert difference(strand(), strand(smoothing=2)) is None


def test_a_colour_off_by_rounding_is_no_difference():
    assert difference(strand(), strand(colour="#d9412e")) is None


def test_a_colour_that_is_a_little_off_is_a_difference():
    assert "surfaces" in difference(strand(), strand(colour="#d8452f")).words


def test_a_strand_that_moved_by_a_pixel_of_the_snapshot_is_a_difference():
    found = difference(strand(), strand(left=41))
    assert "shapes" in found.words
    assert found.places.getbbox()[0] <= 41


def test_another_height_of_the_page_is_a_difference():
    taller = Image.new("RGB", (160, 161))
    assert "320 × 322 pixels, it was 320 × 320" in difference(strand(), taller).words


def test_a_change_is_told_with_pictures_of_it_and_can_be_accepted(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshots, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(snapshots, "REPORT", tmp_path / "report")
    before = snapshots.Snapshot("home-fr-320-light.webp", strand())
    after = snapshots.Snapshot("home-fr-320-light.webp", strand(left=45))
    assert "no such snapshot yet" in before.change()
    before.keep()
    shutil.rmtree(tmp_path / "report")
    assert before.change() == ""
    assert not (tmp_path / "report").exists()
    assert "shapes" in after.change()
    assert {path.name for path in (tmp_path / "report").iterdir()} == {
        "home-fr-320-light.actual.webp",
        "home-fr-320-light.difference.webp",
    }
    after.keep()
    assert after.change() == ""
