"""Create the English version of a text: a draft beside it, with the French words to replace.

Starting from the French text keeps its links, headings and notes.
"""

from pathlib import Path

from engine.faults import Fault, FaultsError, Message
from engine.languages import MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.settings.site_settings import display_path, read_site_settings
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS, header_line, quote
from engine.texts.library import read_headers
from engine.texts.translations import digest
from engine.writing import text_file
from engine.writing.new_text import DRAFT
from engine.writing.text_file import NewFile
from plugins.library_reader import read_library

_ADVICE = (
    "# Traduisez ce qui est entre guillemets, puis le texte ; l’adresse viendra du titre anglais."
)


def compose(original: Document) -> str:
    """Return the text of a new translation: a draft with the keys that it does not inherit."""
    header = original.header
    lines = [_ADVICE]
    for key in KINDS[original.kind]:
        if key.name == "status":
            lines += [DRAFT, "status: draft"]
        elif key.type == "text" and header[key.name]:
            lines.append(header_line(key, header[key.name]))
        elif key.type == "links" and header[key.name]:
            addresses = (f"{quote(name)}: {quote(at)}" for name, at in header[key.name].items())
            lines.append(f"{key.name}: {{{', '.join(addresses)}}}")
        elif key.type == "digest":
            lines.append(f"{key.name}: {digest(original.kind, header, original.body)}")
    body = original.body.rstrip("\n")
    return text_file.header(lines) + (f"{body}\n" if body else "")


def start_translation(file: str | None) -> NewFile:
    """Create the translation of the text in a file.

    Raises FaultsError if there is nothing to translate, or if a setting is invalid.
    """
    example = "content/articles/2026-05-un-lieu.md"
    file = text_file.answer("translate", "file", file, example).strip()
    settings = read_site_settings()
    content = Path(settings["PATH"])
    library = read_library(settings, display_path(content), read_headers)
    original = _original(library, content, file)
    path = content / source_in(OTHER_LANGUAGE, original.key)
    text_file.create(path, compose(original), content)
    pattern = library.addresses[OTHER_LANGUAGE][original.kind]
    address = library.address(OTHER_LANGUAGE, pattern.format(slug="…"))
    if original.kind != "home":
        address = Message("{address} (… will come from the English title)", address=address)
    next_step = Message("draft: translate it, then remove the line “status: draft” to publish it")
    return NewFile(path, address, next_step)


def _original(library: Library, content: Path, file: str) -> Document:
    """Return the French text at a path, relative to here or to the content folder."""
    document = text_file.named_text(library, content, file, is_faultless=True)
    if document.lang == OTHER_LANGUAGE:
        original = library.by_source.get(source_in(MAIN_LANGUAGE, document.key))
        problem = Message("it is in English already")
        remedy = Message("translations are made of the French texts")
        if original:
            problem = Message("it is the translation already")
            remedy = Message(
                "open it, or translate another text than {file}", file=original.shown_path
            )
        raise FaultsError(Fault(document.shown_path, None, "file", problem, remedy))
    return document


def main(file: str | None = None) -> int:
    """Create the translation, print its path and open it in the editor; return the exit code."""
    return text_file.run(lambda: start_translation(file))
