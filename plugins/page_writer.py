"""Store what Pelican asks to write until the pages of both language sites are known.

A request waits in the settings' PAGES, a list that both sites share;
`engine/building/pelican_run.py` fulfils all of them together, on all processors. A list of several
pages is a request for each of them: it may be that only one must be rendered. Each page gets its
security policy on the way.
"""

import hashlib
import os
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Template
from pelican import signals
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.paginator import Paginator
from pelican.writers import Writer

from engine.dependencies import RecordedObject, RecordedTable, RecordingContext, describe, render
from engine.languages import LANGUAGES
from engine.pages import page_policy

# The template of the one page that runs a script.
SEARCH = "search.html"


@dataclass(frozen=True)
class ListPage:
    """A page of a list; the address of the previous and of the next one, "" if there is none."""

    number: int
    pages: int
    object_list: Sequence
    previous_url: str
    next_url: str


@dataclass(frozen=True)
class PageRequest:
    """A page to write.

    `path` is that of its file below the output folder. `values` are the variables that this page
    alone has: those of Pelican, its address `here`, and a value of each table in the variable
    `by_address`. Its template has those of all pages as globals.
    """

    path: str
    lang: str
    template: Template
    values: Mapping[str, object]

    def fulfil(self, folder: str) -> str:
        """Render the page, write it below a folder; return its SHA-256, in hexadecimal."""
        searches = self.template.name == SEARCH
        page = page_policy.filled(render(self.template, self.values), searches=searches).encode()
        # Most pages have a folder of their own.
        file = os.path.join(folder, self.path)
        os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103
        Path(file).write_bytes(page)
        return hashlib.sha256(page).hexdigest()


class PageWriter(Writer):
    """Pelican's writer, which stores a request for each page and feed."""

    def write_file(
        self,
        name: str,
        template: Template,
        context: Mapping,
        *,
        template_name: str | None = None,
        url: str | None = None,
        **values: object,
    ) -> None:
        """Keep a request for each page, which `fulfil` writes."""
        if not name:
            return
        for option in ("relative_urls", "override_output"):
            values.pop(option, None)
        shared = self.settings["PAGE_SOURCES"][self.settings["DEFAULT_LANG"]].maps[0]
        if context is not shared:
            # Pelican gives the page of a year a context of its own.
            values |= {key: held for key, held in context.items() if shared.get(key) is not held}
        length = self.settings["PAGINATED_TEMPLATES"].get(template_name)
        if not length:
            self._keep(name, template, values)
            return
        paginator = Paginator(name, url, values.pop("articles"), self.settings, length)
        pages = [paginator.page(number) for number in paginator.page_range]
        urls = ["", *(page.url for page in pages), ""]
        for page in pages:
            neighbours = urls[page.number - 1], urls[page.number + 1]
            shown = ListPage(page.number, len(pages), page.object_list, *neighbours)
            self._keep(page.save_as, template, {**values, "articles_page": shown})

    def _keep(self, name: str, template: Template, values: dict) -> None:
        lang = self.settings["DEFAULT_LANG"]
        if ".." in name.split("/"):
            raise RuntimeError(f"{name} is not below the output folder")
        here = f"{self.settings['SITEURL']}/{name.removesuffix('index.html')}"
        values |= {"output_file": name, "here": here}
        by_address = self.settings["PAGE_SOURCES"][lang]["by_address"]
        values |= {variable: held.get(here) for variable, held in by_address.items()}
        request = PageRequest(LANGUAGES[lang].root + name, lang, template, values)
        self.settings["PAGES"].append(request)


def refuse_unrecordable(context: Mapping, filters: Mapping) -> None:
    """Raise TypeError for a function of the templates with a state that no record could notice.

    Names in capitals are Pelican's settings, which `describe` refuses once a template reads them.
    """
    for name, value in context.items():
        if callable(value) and not name.isupper():
            describe(value)
    for value in filters.values():
        describe(value)


def record_reads(generators: list) -> None:
    """Have the reads of templates noted; name all that is noted in the setting PAGE_SOURCES.

    `PAGE_SOURCES` maps the name of an object or a table to it, and a language to its context.
    """
    settings, sources = generators[0].settings, generators[0].settings["PAGE_SOURCES"]
    refuse_unrecordable(generators[0].context, settings["JINJA_FILTERS"])
    lang = settings["DEFAULT_LANG"]
    for generator in generators:
        generator.env.context_class = RecordingContext
    articles = next(g for g in generators if isinstance(g, ArticlesGenerator))
    pages = next(g for g in generators if isinstance(g, PagesGenerator))
    # i18n_subsites adds variables later.
    sources[lang] = ChainMap(articles.context, articles.env.globals)
    named = [*articles.articles, *pages.pages, *settings["TAGS_BY_TOPIC"].values()]
    recorded = (RecordedObject, RecordedTable)
    named += [value for value in articles.context.values() if isinstance(value, recorded)]
    sources |= {each.record_name: each for each in named}


def register() -> None:
    """Connect to Pelican, after all that fills contexts."""
    signals.all_generators_finalized.connect(record_reads)
    signals.get_writer.connect(_writer)


def _writer(_pelican: object) -> type[Writer]:
    return PageWriter
