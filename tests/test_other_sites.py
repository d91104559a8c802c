"""Sites of other people have no fault, each of their strands, and words under each heading."""

import os
import subprocess
import sys

import pytest

from tests import sites
from tests.other_sites import SITES, write_site

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def empty_headings(page) -> list[str]:
    """The headings of a page after which no word comes before one of the same level, or the end.

    Years of the time line in which nothing happened are told by their strands.
    """
    found = []
    for heading in page.main.find_all(HEADINGS):
        if heading.find_parent(class_="empty"):
            continue
        following = heading.find_next_siblings(_is_shown)
        for parent in heading.parents:
            if following or parent.name in ("main", "li", "section"):
                break
            following = parent.find_next_siblings(_is_shown)
        words = "".join(each.get_text(strip=True) for each in following[:1])
        if not words or (following[0].name in HEADINGS and following[0].name <= heading.name):
            found.append(heading.get_text())
    return found


def _is_shown(element) -> bool:
    """Whether it is for readers: the address of an h-entry is for machines."""
    return element.name != "data"


@pytest.fixture(scope="module", params=SITES)
def other_site(request, tmp_path_factory):
    """A new site with texts of its owner, checked by the command; the built pages."""
    folder = tmp_path_factory.mktemp("other-site")
    content = folder / "content"
    write_site(request.param, content)
    places = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(folder / "output")}
    checked = subprocess.run(
        [sys.executable, "-m", "invoke", "check"],
        cwd=sites.ROOT,
        env={**os.environ, **places},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    built = sites.build(content, folder / "output")
    assert built.code == 0, built.complaints
    return request.param, checked, built.site


@pytest.mark.slow
def test_a_site_of_another_is_checked_without_a_fault(other_site):
    _name, checked, _site = other_site
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.splitlines()[-1].startswith("0 faults"), checked.stdout


@pytest.mark.slow
def test_the_time_line_of_another_has_each_strand(other_site):
    name, _checked, site = other_site
    count = 6 if name == "projects alone" else 2
    page = site.page("/parcours/")
    strands = {
        word
        for run in page.select(".timeline .run")
        for word in run["class"]
        if word.startswith("strand-")
    }
    assert len(strands) == count
    assert len(page.select(".event.begins")) == count
    for event in page.select(".event.begins"):
        assert event.select(".run.comes-in"), event.get_text()


@pytest.mark.slow
def test_no_heading_of_another_has_nothing_under_it(other_site):
    _name, _checked, site = other_site
    found = {address: empty_headings(site.page(address)) for address in site.addresses}
    assert {address: titles for address, titles in found.items() if titles} == {}
