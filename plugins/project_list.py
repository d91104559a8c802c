"""Provide the projects in order, and the expandable list of the home page.

Each project of the list contains its whole text, one heading level lower than on its own page, with
ids that are unique on the page.
"""

from collections import defaultdict
from collections.abc import Iterable

from pelican import signals
from pelican.generators import ArticlesGenerator, PagesGenerator

from engine.dependencies import RecordedTable
from engine.texts.documents import list_position

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_REFERENCES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")


def group_projects(pages: Iterable) -> list:
    """Return the project pages among `pages`, sorted by `order` (none last), then by title."""
    projects = [page for page in pages if page.template == "project"]
    return sorted(projects, key=lambda page: list_position(page.order, page.title, page.slug))


def embed_text(html: str, prefix: str) -> str:
    """Adapt the text of a page for a place below a heading of level 2 of another page.

    Headings are lowered by one level, except the sixth, the last of HTML. `prefix` is added to the
    ids that the text refers to; the others are removed.
    """
    # A site without projects need not load it.
    from bs4 import BeautifulSoup  # noqa: PLC0415

    soup = BeautifulSoup(html, "html.parser")
    referred_to = {a["href"][1:] for a in soup.select('a[href^="#"]')}
    for attribute in _REFERENCES:
        for element in soup.find_all(attrs={attribute: True}):
            referred_to.update(_names(element[attribute]))
    ids = {element["id"] for element in soup.find_all(id=True)} & referred_to
    for element in soup.find_all(True):
        if element.name in _HEADINGS:
            element.name = f"h{int(element.name[1]) + 1}"
        if element.get("id") in ids:
            element["id"] = f"{prefix}--{element['id']}"
        else:
            del element["id"]
        href = element.get("href", "")
        if href.startswith("#") and href[1:] in ids:
            element["href"] = f"#{prefix}--{href[1:]}"
        for attribute in _REFERENCES:
            if value := element.get(attribute):
                element[attribute] = " ".join(
                    f"{prefix}--{name}" if name in ids else name for name in _names(value)
                )
    return soup.decode(formatter="minimal")


def _names(value: str | list[str]) -> list[str]:
    """Return the ids in an attribute, which Beautiful Soup splits for some names only."""
    return value.split() if isinstance(value, str) else value


def by_topic(projects: Iterable) -> dict[str, list]:
    """Return the projects of each theme, by its slug."""
    topics = defaultdict(list)
    for project in projects:
        for tag in project.tags:
            topics[tag.slug].append(project)
    return dict(topics)


def add_projects(generators: list) -> None:
    """Put the projects and their portfolio into the context; set the project of each article."""
    pages = next(g for g in generators if isinstance(g, PagesGenerator))
    articles = next(g for g in generators if isinstance(g, ArticlesGenerator))
    context = pages.context
    projects = group_projects(pages.pages)
    for project in projects:
        project.status = "announced" if project.announced else "published"
    neighbours = zip([None, *projects], projects, [*projects[1:], None], strict=False)
    for previous, project, following in neighbours:
        project.previous, project.next = previous, following
    topics = by_topic(projects)
    context["projects"] = projects
    lang = pages.settings["DEFAULT_LANG"]
    context["portfolio"] = pages.settings["PORTFOLIOS"].get(lang)
    context["tagged_projects"] = RecordedTable(f"{lang} tagged projects", topics, [])
    context["embed_text"] = embed_text
    by_name = {project.key.rpartition("/")[2]: project for project in projects}
    for article in articles.articles:
        article.project = by_name.get(article.project)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_projects)
