"""Keeps what Pelican asks to write until the pages of both language sites are known.

A request waits in the settings' PAGES, a list that both sites share;
`engine/building/pelican_run.py` fulfils all of them together, on all processors. Each page gets its
security policy on the way.
"""

import hashlib
from dataclasses import dataclass

from jinja2 import Template
from pelican import signals
from pelican.writers import Writer

from engine.languages import LANGUAGES
from engine.pages import page_policy

# The template of the one page that runs a script.
SEARCH = "search.html"


@dataclass
class TemplateWithPolicy:
    """A template, of which Pelican's writer uses `render` alone; `page` is the last one made."""

    template: Template
    page: str = ""

    def render(self, context: dict) -> str:
        """The page, with the policy that suits it."""
        searches = self.template.name == SEARCH
        self.page = page_policy.filled(self.template.render(context), searches=searches)
        return self.page


@dataclass(frozen=True)
class PageRequest:
    """A call of Pelican's `Writer.write_file`: one page, or all pages of a list."""

    writer: Writer
    name: str
    template: Template
    arguments: tuple
    options: dict

    @property
    def file(self) -> str:
        """The path of its page, the first one of a list, below the output folder."""
        return LANGUAGES[self.writer.settings["DEFAULT_LANG"]].root + self.name

    def fulfil(self) -> list[tuple[str, str]]:
        """Render and write; return the path and the SHA-256 of each file, in hexadecimal."""
        written = []
        template = TemplateWithPolicy(self.template)

        def note(path: str, context: dict) -> None:
            del context
            written.append((path, hashlib.sha256(template.page.encode()).hexdigest()))

        with signals.content_written.connected_to(note):
            Writer.write_file(self.writer, self.name, template, *self.arguments, **self.options)
        return written


class PageWriter(Writer):
    """Pelican's writer, that writes feeds at once and keeps requests of pages."""

    def write_file(self, name: str, template: Template, *arguments: object, **options: object):
        """Keep a request, of which `fulfil` writes the page."""
        request = PageRequest(self, name, template, arguments, options)
        self.settings["PAGES"].append(request)


def register() -> None:
    """Connect to Pelican."""
    signals.get_writer.connect(_writer)


def _writer(_pelican: object) -> type[Writer]:
    return PageWriter
