"""A whole year of an owner: everything that is decided and written is below `content/`."""

import pytest

from tests import sites

pytestmark = [pytest.mark.needs("git"), pytest.mark.slow, pytest.mark.timeout(900)]

IDENTITY = """\
  name: "Odile Marchenoir"
  trading_form: "EI"
  address: "3 rue du Bief, 42000 Saint-Étienne"
  email: "odile@lieux-communs.fr"
  phone: "01 99 00 12 34"
  siret: "732 829 320 00074"
  host_name: "Hébergement du Bief"
  host_address: "5 quai des Rubans, 42000 Saint-Étienne"
  host_phone: "01 99 00 56 78"
"""
MENU = "menu:\n  fr:\n    - news: Journal\n    - projects\n    - a-propos\n"
COLOURS = "colours:\n  - navy\n  - darkcyan\n"


def write_news(copy, number: int) -> None:
    """Write a news item and publish it; the first ones are begun by the command."""
    title = f"La nouvelle numéro {number}"
    path = copy.folder / "content" / "articles" / f"nouvelle-{number}.md"
    if number <= 3:
        path = copy.folder / copy.runs(f'./inv article "{title}"').splitlines()[0]
    text = f"Ce qui est arrivé la fois {number}."
    path.write_text(sites.article(title, f"2025-{number % 12 + 1:02}", text, summary=text), "utf-8")


def publish(copy) -> None:
    """Check the site and make the release that a publication uploads."""
    assert "0 faults" in copy.runs("./inv check")
    copy.runs("SITE_URL=https://lieux-communs.fr ./inv prepare")


def changed(copy) -> list[str]:
    """The files that differ from what was last saved, those that git leaves out apart."""
    lines = copy.runs("git add -A && git diff --stat=1000 --cached").splitlines()[:-1]
    return [line.split("|")[0].strip().strip('"') for line in lines]


def test_a_year_of_an_owner_changes_content_and_nothing_else(copy):
    settings = "".join((MENU, COLOURS, sites.settings(), IDENTITY))
    for number in range(1, 17):
        if number == 8:
            publish(copy)
        write_news(copy, number)
    for number in (1, 2):
        copy.runs(f'./inv project "Le lieu {number}"')
        copy.runs(f'./inv page "La page {number}"')
    site = copy.folder / "content" / "site.yml"
    site.write_text(settings, "utf-8")
    publish(copy)
    files = changed(copy)
    assert len([name for name in files if name.endswith(".md")]) == 20, files
    assert [name for name in files if not name.startswith("content/")] == []
