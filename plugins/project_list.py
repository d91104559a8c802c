"""The projects: their order everywhere, and the expandable list of the home page.

Each project of the list holds its whole text, one heading level lower than on its own page, with
ids that stay unique beside those of the other projects.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pelican import signals
from pelican.generators import ArticlesGenerator, PagesGenerator

from engine.texts.documents import list_position

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_REFERENCES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")


@dataclass(frozen=True)
class ProjectEntry:
    """One project as the home page lists it; `html` is its text, "" where it is only announced."""

    slug: str
    title: str
    short: str
    period: str
    place: str
    role: str
    form: str
    partners: str
    status: str
    strand: int
    url: str
    html: str


def group_projects(pages: Iterable) -> list:
    """The project pages among `pages`, in the order of the list.

    Those without an `order` come last; those of the same order go by their title.
    """
    projects = [page for page in pages if page.template == "project"]
    return sorted(projects, key=lambda page: list_position(page.order, page.title, page.slug))


def list_entry(project) -> ProjectEntry:
    """The entry of a project page in the expandable list."""
    return ProjectEntry(
        slug=project.slug,
        title=project.title,
        short=project.short,
        period=project.period,
        place=project.place,
        role=project.role,
        form=project.form,
        partners=project.partners,
        status="announced" if project.announced else "published",
        strand=project.strand,
        url=project.url,
        html="" if project.announced else embedded(project.document.html, project.slug),
    )


def embedded(html: str, prefix: str) -> str:
    """A page's text made fit to stand below a heading of level 2 of another page.

    Headings sink by one level (the sixth stays: HTML has no seventh). Ids that the text itself
    refers to begin with `prefix`; the others are left to the project's own page.
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
    """The ids in an attribute, which Beautiful Soup splits for some names and not for others."""
    return value.split() if isinstance(value, str) else value


def by_topic(projects: Iterable) -> dict[str, list]:
    """The projects of each theme, by the theme's slug."""
    topics = defaultdict(list)
    for project in projects:
        for tag in project.tags:
            topics[tag.slug].append(project)
    return dict(topics)


def add_projects(generators: list) -> None:
    """Put the projects into the context, and into each article the project it belongs to."""
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
    context["project_list"] = [list_entry(project) for project in projects]
    context["tagged_projects"] = lambda slug: topics.get(slug, [])
    by_name = {project.key.rpartition("/")[2]: project for project in projects}
    for article in articles.articles:
        article.project = by_name.get(article.project)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_projects)
