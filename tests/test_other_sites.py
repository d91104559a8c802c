"""Sites of other people, begun by ./inv new-site: one of projects alone, one of much news."""

import os
import subprocess
import sys

import pytest

from engine.writing import new_site
from engine.writing.new_site import NewSite
from tests import sites
from tests.sample_content import ENGLISH_TEXT, TEXT
from tests.sites import article, header, project

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def projects(count: int, years: int) -> dict[str, str]:
    """Projects that begin one every other year; the last two go on."""
    return {
        f"pages/projects/lieu-{number}.md": project(
            f"Le lieu numéro {number}",
            TEXT,
            slug=f"lieu-{number}",
            order=number,
            colour=number,
            start=2008 + 2 * number,
            **({"end": 2008 + 2 * number + years} if number < count - 1 else {}),
            summary=f"Ce qu'est devenu le lieu numéro {number}.",
        )
        for number in range(1, count + 1)
    }


def projects_alone() -> dict[str, str]:
    """Six projects at the same time, and no news."""
    return projects(6, 12)


def much_news() -> dict[str, str]:
    """Two projects and forty news items, all in both languages."""
    files = projects(2, 5)
    for number in (1, 2):
        files[f"pages/projects/lieu-{number}.en.md"] = (
            header(
                title=f"Place number {number}",
                slug=f"place-{number}",
                summary=f"What became of place number {number}.",
            )
            + ENGLISH_TEXT
        )
    for number in range(1, 41):
        files[f"articles/nouvelle-{number:02}.md"] = article(
            f"La nouvelle numéro {number}",
            f"{2010 + number // 8}-{1 + number % 12:02}",
            f"Ce qui est arrivé la fois numéro {number}.",
            slug=f"nouvelle-{number}",
            project=f"lieu-{1 + number % 2}",
            summary=f"En bref, la nouvelle numéro {number}.",
        )
        files[f"articles/nouvelle-{number:02}.en.md"] = (
            header(
                title=f"News item number {number}",
                slug=f"item-{number}",
                summary=f"In brief, news item number {number}.",
            )
            + f"What happened time number {number}.\n"
        )
    return files


SITES = {"projects alone": (("fr",), projects_alone), "much news": (("fr", "en"), much_news)}


def empty_headings(page) -> list[str]:
    """The headings of a page after which no word comes before one of the same level, or the end.

    Years of the time line in which nothing happened are told by their strands.
    """
    found = []
    for heading in page.main.find_all(HEADINGS):
        if heading.find_parent(class_="empty"):
            continue
        following = heading.find_next_siblings()
        for parent in heading.parents:
            if following or parent.name in ("main", "li", "section"):
                break
            following = parent.find_next_siblings()
        words = "".join(each.get_text(strip=True) for each in following[:1])
        if not words or (following[0].name in HEADINGS and following[0].name <= heading.name):
            found.append(heading.get_text())
    return found


@pytest.fixture(scope="module", params=SITES)
def other_site(request, tmp_path_factory):
    """A new site with texts of its owner, checked by the command; the built pages."""
    folder = tmp_path_factory.mktemp("other-site")
    languages, texts = SITES[request.param]
    content = folder / "content"
    new_site.start_site(NewSite("Le Lavoir", "Un lieu à tenir ensemble", languages), content)
    sites.write(content, texts())
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
