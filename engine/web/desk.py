"""List, read and write the texts for the writing page.

What is saved is the whole source, with the digest of what was read: a file that something else has
changed meanwhile is left as it is, and both versions are told.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import replace

from engine.checking.texts import check_texts
from engine.faults import FaultsError, Message
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.messages.catalogue import message_language
from engine.paths import content_folder
from engine.publishing import publication_record
from engine.ribbon import DYES, strand_rules
from engine.settings import site_file
from engine.settings.site_settings import display_path, read_unchecked_settings
from engine.slugs import slugify
from engine.texts import library as texts_library
from engine.texts.bodies import BodyCache
from engine.texts.content_files import FOLDERS, SITE_FILE, THEMES_FILE, WORDS_FILE, kind_of
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS
from engine.texts.strands import assign_hidden_strands, assign_strands
from engine.texts.translations import STAMP, mark_stale, original_of
from engine.versions.git import call_git
from engine.web import answers, form_values
from engine.web.form_values import LINES, SETTINGS, Form, read_form
from engine.web.page_state import PageState
from engine.web.refusal import RefusalError, not_found
from engine.web.safe_files import SafeFolder, digest_of, name_problem
from plugins.library_reader import read_library

# Versions of a text that are listed of git.
_MAX_COMMITS = 50
# Files that are no texts: their kinds. They need not exist.
_OWN_FILES = {SITE_FILE: SETTINGS, THEMES_FILE: LINES, WORDS_FILE: LINES}
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Desk:
    """The content folder as the writing page sees it."""

    def __init__(self):
        self.content = content_folder()
        self.folder = SafeFolder(self.content)
        self.state = PageState(self.content)
        self._bodies = BodyCache()

    # Reading

    @property
    def shown_folder(self) -> str:
        """The name of the content folder in faults."""
        return display_path(self.content)

    def read_headers(self) -> Library:
        """Read every text with its header and its address, without bodies."""
        return self._read(texts_library.read_headers, documents=self._bodies.documents)

    def _read(self, read: Callable[..., Library], **options: object) -> Library:
        return read_library(read_unchecked_settings(), self.shown_folder, read, **options)

    def site(self) -> dict:
        """Return the schemas, the themes and the projects, which the page needs first."""
        library = self.read_headers()
        own = site_file.read_site_file(self.content)
        projects = [
            {"value": text.key.rpartition("/")[2], "title": text.header["title"] or text.key}
            for text in library.by_source.values()
            if text.kind == "project" and text.lang == MAIN_LANGUAGE
        ]
        used = {tag for text in library.by_source.values() for tag in text.header.get("tags") or ()}
        return {
            "languages": list(LANGUAGES),
            "name": own.names[MAIN_LANGUAGE],
            "kinds": answers.schemas(),
            "themes": sorted({*library.themes, *used}, key=slugify),
            "projects": projects,
            "hosting": bool(own.value("publication.host")),
        }

    def list_texts(self) -> dict:
        """List every text with its state."""
        library = self.read_headers()
        mark_stale(library)
        _assign_strands(library)
        record = publication_record.read_record(self.content)
        found = [
            self._entry(library, library.by_source[source], record)
            for source in sorted(library.by_source)
        ]
        for fault in library.faults:
            source = fault.path.removeprefix(f"{self.shown_folder}/")
            if source not in library.by_source and source.endswith(".md") and kind_of(source):
                found.append(self._unreadable(source))
        return {"texts": found, "faults": answers.findings(library.faults, self.shown_folder)}

    def _entry(
        self, library: Library, document: Document, record: publication_record.Record | None
    ) -> dict:
        date = document.header.get("date")
        state = "online" if document.status == "published" else document.status
        if state != "draft" and date and date.first_day > library.today:
            state = "scheduled"
        translation = source_in(OTHER_LANGUAGE, document.key)
        original = original_of(library, document)
        return {
            "source": document.source,
            "kind": document.kind,
            "lang": document.lang,
            "title": document.header["title"] or document.key.rpartition("/")[2],
            "date": date.first_day.isoformat() if date else "",
            "date_shown": date.text(message_language()) if date else "",
            "state": state,
            "published": record.holds(document.source) if record else None,
            "changed": record.is_changed(document.source, document.path) if record else None,
            "address": _address(library, document),
            "original": original.source if original else "",
            "translation": translation
            if document.lang == MAIN_LANGUAGE and translation in library.by_source
            else "",
            "translated": _translated(library, document),
            "unsaved": self.state.is_unsaved(document.source),
            "strand": _strand(library, document),
        }

    def strands(self) -> dict:
        """Return the style sheet with the colours of the strands."""
        library = self.read_headers()
        _assign_strands(library)
        projects = [text for text in library.by_source.values() if text.strand is not None]
        own = site_file.read_site_file(self.content).value("colours")
        dyes = "".join(f"--{dye}:{colour};" for dye, colour in zip(DYES, own, strict=False))
        rules = strand_rules(projects, {project.strand for project in projects})
        return {"css": f":root{{{dyes}}}{rules}"}

    def _unreadable(self, source: str) -> dict:
        name = source.rpartition("/")[2]
        return {
            "source": source,
            "kind": kind_of(source),
            "lang": OTHER_LANGUAGE
            if source.endswith(source_in(OTHER_LANGUAGE, ""))
            else MAIN_LANGUAGE,
            "title": name,
            "state": "unreadable",
            **dict.fromkeys(("date", "date_shown", "address"), ""),
            **dict.fromkeys(("original", "translation", "translated"), ""),
            **dict.fromkeys(("published", "changed", "strand")),
            "unsaved": self.state.is_unsaved(source),
        }

    def all_findings(self) -> dict:
        """Run all checks of the texts; return the findings, and their numbers by text."""
        library = self._read(texts_library.read_texts, bodies=self._bodies)
        found = check_texts.findings_of(library, self.shown_folder)
        told = answers.findings(found, self.shown_folder, library.by_source)
        counts: dict[str, dict[str, int]] = {}
        for each in told:
            own = counts.setdefault(each["source"], {"fault": 0, "warning": 0, "advice": 0})
            own[each["severity"]] += 1
        return {"counts": counts, "findings": told}

    def text(self, source: str) -> dict:
        """Return a text with its form, its findings, and its unsaved text."""
        kind = kind_of_source(source)
        data = self.folder.read(source)
        if data is None and source not in _OWN_FILES:
            raise not_found()
        words = decode(data or b"")
        form = read_form(words, kind)
        found, address, inherited = self._checked(source, kind, None)
        return {
            "source": source,
            "kind": kind,
            "lang": _language(source),
            "digest": digest_of(data),
            "text": words,
            "modified_at": "" if data is None else self._modified_at(source),
            **_form(form),
            "inherited": inherited,
            "address": address,
            "findings": found,
            "unsaved": self._unsaved(source, kind, digest_of(data)),
        }

    def _modified_at(self, source: str) -> str:
        seconds = (self.folder.folder / source).lstat().st_mtime
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")

    def _unsaved(self, source: str, kind: str, digest: str) -> dict | None:
        kept = self.state.unsaved(source)
        if kept is None:
            return None
        return {
            "digest": kept["digest"],
            "text": kept["text"],
            **_form(read_form(kept["text"], kind)),
            "saved_at": kept["saved_at"],
            "conflict": kept["digest"] != digest,
        }

    def _checked(
        self, source: str, kind: str, words: str | None
    ) -> tuple[list[dict], str, dict[str, form_values.Value]]:
        """Return the findings, the address and the inherited values of a text or of `words`."""
        if kind == SETTINGS:
            return self._checked_settings(words), "", {}
        if kind == LINES:
            return self._checked_lines(source, words), "", {}
        unsaved = {} if words is None else {source: encode(words)}
        library = self._read(texts_library.read_texts, bodies=self._bodies, unsaved=unsaved)
        found = check_texts.findings_of(library, self.shown_folder, source)
        document = library.by_source.get(source)
        told = answers.findings(found, self.shown_folder, library.by_source)
        if document is None:
            return told, "", {}
        return told, _address(library, document), self._inherited(library, document)

    def _inherited(self, library: Library, document: Document) -> dict[str, form_values.Value]:
        original = original_of(library, document)
        if original is None:
            return {}
        values = read_form(decode(original.path.read_bytes()), original.kind).values
        shared = [key.name for key in KINDS[original.kind] if key.shared]
        return {name: values[name] for name in shared if name in values}

    def _checked_settings(self, words: str | None) -> list[dict]:
        data = None if words is None else encode(words)
        read = site_file.read_site_file(self.content, data=data)
        return answers.findings(read.faults, self.shown_folder)

    def _checked_lines(self, source: str, words: str | None) -> list[dict]:
        """Return the faults of a list; for that of the themes, those that it lacks too."""
        if source == THEMES_FILE:
            unsaved = {} if words is None else {source: encode(words)}
            library = self._read(texts_library.read_texts, bodies=self._bodies, unsaved=unsaved)
        else:
            # No text need be read for the words.
            library = self.read_headers()
        own = f"{self.shown_folder}/{source}"
        found = [fault for fault in library.faults if fault.path == own]
        # Without bodies no theme has been looked for.
        found += [
            replace(fault, path=own, line=None)
            for fault in library.faults
            if answers.is_unnamed_theme(fault)
        ]
        return answers.findings(found, self.shown_folder)

    # Writing

    def draft(self, source: str, **edit: object) -> dict:
        """Store the unsaved text and return its findings."""
        kind = kind_of_source(source)
        words = edited(kind, **edit)
        if words == edit["text"]:
            # Without an edit, the page alone is asked for.
            if edit.keys() & {"values", "body", "whole"}:
                self.state.forget_unsaved(source)
        else:
            self.state.keep_unsaved(source, {"text": words, "digest": str(edit["digest"])})
        found, address, _inherited = self._checked(source, kind, words)
        return {**_form(read_form(words, kind)), "text": words, "address": address} | {
            "findings": found
        }

    def discard(self, source: str) -> dict:
        """Delete the unsaved text of a source."""
        kind_of_source(source)
        self.state.forget_unsaved(source)
        return {"source": source}

    def save(self, source: str, **edit: object) -> dict:
        """Save an edited text, unless its file has changed since it was read."""
        kind = kind_of_source(source)
        words = edited(kind, **edit)
        self.store(source, encode(words), str(edit["digest"]), words)
        return self.text(source)

    def store(
        self, source: str, data: bytes, digest: str, words: str, *, keeps_unsaved: bool = False
    ) -> None:
        """Replace a file that has the digest, "" if it is gone; store its two versions.

        The unsaved text is deleted, unless it `keeps_unsaved`.
        """
        before = self.folder.read(source)
        if digest_of(before) != digest:
            raise self._conflict(before, words)
        # Both are kept first: what is acknowledged can be brought back, whatever comes.
        if before is not None:
            self.state.keep(source, before, "file")
        self.state.keep(source, data, "page")
        if data != before:
            try:
                self.folder.write(source, data, before)
            except RefusalError as error:
                if error.status != 409:
                    raise
                raise self._conflict(self.folder.read(source), words) from error
        if not keeps_unsaved:
            self.state.forget_unsaved(source)

    @staticmethod
    def _conflict(theirs: bytes | None, yours: str) -> RefusalError:
        return RefusalError(
            409,
            Message("the file was changed by something else meanwhile: choose what to keep"),
            yours=yours,
            theirs=None if theirs is None else decode(theirs),
            digest=digest_of(theirs),
        )

    # Versions

    def history(self, source: str) -> dict:
        """List the versions of a text in `.writing/` and in git, the newest first."""
        kind_of_source(source)
        data = self.folder.read(source)
        current = digest_of(data)
        kept = [
            {
                "id": version.id,
                "saved_at": version.saved_at.isoformat(timespec="seconds"),
                "from": version.origin,
                "words": "",
                "digest": version.digest,
            }
            for version in self.state.versions(source)
        ]
        known = {version["digest"] for version in kept}
        saved = [each for each in self._commits(source) if each["digest"] not in known]
        versions = sorted(
            (*kept, *saved),
            key=lambda each: datetime.datetime.fromisoformat(each["saved_at"]),
            reverse=True,
        )
        for version in versions:
            version["current"] = version["digest"] == current
            # An older version with the same bytes is not the text of today.
            current = "" if version["current"] else current
        return {"versions": versions}

    def _commits(self, source: str) -> list[dict]:
        path = self.folder.folder / source
        log = ("log", f"--max-count={_MAX_COMMITS}", "--format=%H%x09%cI%x09%s", "--", path.name)
        try:
            answer = call_git(path.parent, *log)
        except FaultsError:  # git is not installed
            return []
        found = []
        for line in filter(None, answer.out.split("\n")) if not answer.code else ():
            commit, moment, words = line.split("\t", 2)
            data = self._version_of_git(source, commit)
            if data is not None:
                version = {"id": commit, "saved_at": moment, "from": "git", "words": words}
                found.append(version | {"digest": digest_of(data)})
        return found

    def _version_of_git(self, source: str, commit: str) -> bytes | None:
        path = self.folder.folder / source
        answer = call_git(path.parent, "show", f"{commit}:./{path.name}")
        return None if answer.code else encode(answer.out)

    def _version(self, source: str, version: str) -> bytes:
        if _COMMIT.fullmatch(version):
            data = self._version_of_git(source, version)
        else:
            data = self.state.version(source, version)
        if data is None:
            raise not_found()
        return data

    def version(self, source: str, id: str) -> dict:  # noqa: A002 - the name in the API
        """Return a version of a text, with its form."""
        words = decode(self._version(source, id))
        return {"text": words, **_form(read_form(words, kind_of_source(source)))}

    def restore(self, source: str, digest: str, id: str) -> dict:  # noqa: A002
        """Save a version of a text as the current one."""
        kind_of_source(source)
        data = self._version(source, id)
        self.store(source, data, digest, decode(data))
        return self.text(source)


def kind_of_source(source: str) -> str:
    """Return the kind of a text or of a file of _OWN_FILES. Raises RefusalError for any other."""
    for step in source.split("/"):
        if problem := name_problem(step):
            raise RefusalError(403, problem)
    kind = _OWN_FILES.get(source) or (source.endswith(".md") and kind_of(source))
    if not kind:
        raise not_found()
    return kind


def edited(
    kind: str,
    *,
    text: str,
    digest: str,
    values: dict | None = None,
    body: str | None = None,
    whole: str | None = None,
) -> str:
    """Return an edited text: `whole`, or `text` with other values and body.

    Raises RefusalError if `text` is not what has the digest; a file that is gone has neither.
    """
    is_gone = not text and not digest
    if not is_gone and digest_of(encode(text)) != digest:
        raise RefusalError(400, Message("the page lost what it had read: open the text again"))
    if whole is not None:
        return whole
    words = form_values.with_values(text, kind, values) if values else text
    is_same = body is None or (kind != SETTINGS and body == read_form(words, kind).body)
    return words if is_same else form_values.with_body(words, body)


def encode(words: str) -> bytes:
    """Encode a text; bytes that are not UTF-8 stay as they were. Raises RefusalError."""
    try:
        return words.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise RefusalError(
            400, Message("the text holds half a character: type it again")
        ) from error


def decode(data: bytes) -> str:
    """Decode the bytes of a file, so that `encode` restores them."""
    return data.decode("utf-8", "surrogateescape")


def _language(source: str) -> str:
    return OTHER_LANGUAGE if source.endswith(source_in(OTHER_LANGUAGE, "")) else MAIN_LANGUAGE


def _form(form: Form) -> dict:
    return {
        "values": form.values,
        "body": form.body,
        "body_line": form.body_line,
        "readable": form.is_readable,
    }


def _assign_strands(library: Library) -> None:
    """Assign strands to all projects."""
    seen = [text for text in library.by_source.values() if text.status != "draft"]
    shown = replace(library, visible=seen, faults=[])
    assign_strands(shown)
    assign_hidden_strands(library.by_source.values(), shown)


def _strand(library: Library, document: Document) -> int | None:
    """Return the strand of a project, or of the project of a news item."""
    if document.kind == "project":
        return document.strand
    project = f"{FOLDERS['project']}/{document.header.get('project')}.md"
    return library.by_source[project].strand if project in library.by_source else None


def _address(library: Library, document: Document) -> str:
    """Return the address of a text, "" if it has no page."""
    has_page = document.kind == "home" or (document.slug and not document.is_announced)
    return library.site_path(document) if has_page else ""


def _translated(library: Library, document: Document) -> str:
    """Return the status of the translation of an original; "alone" without an original."""
    if document.lang == OTHER_LANGUAGE:
        return "" if original_of(library, document) else "alone"
    translation = library.by_source.get(source_in(OTHER_LANGUAGE, document.key))
    if translation is None:
        return "missing"
    if translation.header.get(STAMP) is None:
        return "unsure"
    return "older" if translation.is_stale else "present"
