"""Sites of other people, begun by ./inv new-site: one of projects alone, one of much news."""

from collections.abc import Callable
from pathlib import Path

from engine.writing import new_site
from engine.writing.new_site import NewSite
from tests import sites
from tests.sample_content import ENGLISH_TEXT, TEXT
from tests.sites import article, header, project


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


SITES: dict[str, tuple[tuple[str, ...], Callable[[], dict[str, str]]]] = {
    "projects alone": (("fr",), projects_alone),
    "much news": (("fr", "en"), much_news),
}


def write_site(name: str, content: Path) -> None:
    """Begin a site of SITES by the command, and write its owner's texts into it."""
    languages, texts = SITES[name]
    new_site.start_site(NewSite("Le Lavoir", "Un lieu à tenir ensemble", languages), content)
    sites.write(content, texts())
