"""The messages in the owner's language: complete, right where they are pasted, never in the way."""

import errno
import re
import string

import pytest

from engine.faults import Fault, Message, ProblemError, system_reason
from engine.messages import catalogue, extraction
from engine.paths import ROOT
from engine.settings import site_schema
from engine.texts import header_schema
from engine.writing import translation_status

CATALOGUES = sorted(catalogue.FOLDER.glob("*.po"))
ENTRIES = [
    (entry.id, entry.string)
    for path in CATALOGUES
    for entry in extraction.read_catalogue(path)
    if entry.id and entry.string
]
NO_BREAK, NARROW = "\u00a0", "\u202f"
KEYS = {part for name in site_schema.KEYS for part in name.split(".")} | {
    key.name for keys in header_schema.KINDS.values() for key in keys
}
# These are words of sentences too.
KEYS -= {"address", "folder", "links", "key", "place", "project", "template"}
# Words that stand for those of the owner.
EXAMPLES = {'"Title"', '"What changed"', '"- One"'}
# What the owner pastes or looks for: a command, an option, an address, a key with its colon, what
# stands in straight quotes or in backticks.
PASTED = re.compile(
    rf"""\./inv(?:\ [a-z-]+)? | (?<!\w)--[a-z][a-z-]+ | https?://\S*\w
    | \b(?:{"|".join(sorted(KEYS))}):(?=\ \S) | "[^"]*" | `[^`]*`""",
    re.VERBOSE,
)
SPACED = re.compile(rf"{NARROW}[;!?]$|{NO_BREAK}:$")


def fields(text: str) -> list[str]:
    return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field)


def pasted(text: str) -> set[str]:
    return set(PASTED.findall(text)) - EXAMPLES


def mistyped(english: str, french: str) -> list[str]:
    """What the typography of French does not have, but for what is typed as in English."""
    typed = {*re.findall(r"[^\s“(]+[:;?!](?=\s|$)", english), "clé:"}
    spaces = rf"[{NO_BREAK} ]"
    prose = re.sub(r'"[^"]*"|`[^`]*`', "×", french)
    signs = re.findall(rf"[^ {NO_BREAK}(]*{spaces}?[:;?!](?=\s|$)", prose)
    found = [each for each in signs if each not in typed and not SPACED.search(each)]
    found += re.findall(rf"«(?!{NO_BREAK}).?|.?(?<!{NO_BREAK})»|\w'\w+|“\w*|\.\.\.", prose)
    return found


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_each_message_has_its_translation(path):
    known = {entry.id for entry in extraction.read_catalogue(path) if entry.string}
    assert (
        sorted({f"{name}: {text}" for text, name in extraction.messages() if text not in known})
        == []
    )


def test_a_translation_has_the_fields_of_its_message():
    assert len(ENTRIES) > 1000
    assert [french for english, french in ENTRIES if fields(french) != fields(english)] == []


def test_a_translation_gives_the_same_to_paste():
    found = [(part, french) for english, french in ENTRIES for part in pasted(english)]
    assert [french for part, french in found if part not in french] == []


def test_a_translation_is_typed_as_french_is():
    assert [each for english, french in ENTRIES for each in mistyped(english, french)] == []


def test_what_is_mistyped_is_found():
    assert mistyped("a", f"«{NO_BREAK}a{NO_BREAK}»{NO_BREAK}: l’un{NARROW}; l’autre") == []
    assert mistyped("write title: a", "écrivez title: a") == []
    for wrong in ("un; deux", "un ; deux", "un: deux", "un : deux", "« a »", "l'un", "“a”", "a..."):
        assert mistyped("write title: a", wrong) != [], wrong


def test_what_is_not_to_be_pasted_is_found():
    assert pasted('call ./inv save --yes, or write tags: "a"') == {
        "./inv save",
        "--yes",
        "tags:",
        '"a"',
    }


@pytest.fixture
def words(tmp_path, monkeypatch):
    """Speak to the owner by a catalogue with these bytes, or without a file: `words(None)`."""

    def write(text: bytes | None) -> None:
        if text is not None:
            (tmp_path / "fr.po").write_bytes(text)
        catalogue._words.cache_clear()

    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    monkeypatch.setenv("SITE_MESSAGES", "fr")
    yield write
    catalogue._words.cache_clear()


def test_a_message_and_its_values_are_in_the_language_of_messages(words):
    words(
        'msgid "there is no {file}"\nmsgstr "{file} n’existe pas"\n\n'
        'msgid "the feed"\nmsgstr "le flux"\n'.encode()
    )
    message = Message("there is no {file}", file=Message("the feed"))
    assert str(message) == "le flux n’existe pas"
    assert str(ProblemError(message, Message("write it"))) == "le flux n’existe pas; write it"


@pytest.mark.parametrize(
    "text",
    [
        None,
        b"",
        b"\xff\xfe\x00",
        b'msgid "there is no {file}"\nmsgstr',
        b'msgid "there is no {file}"\nmsgstr ""\n',
        b'#, fuzzy\nmsgid "there is no {file}"\nmsgstr "autre"\n',
        b'msgid "there is no {file}"\nmsgstr "{chemin}"\n',
        b'msgid "there is no {file}"\nmsgstr "{file"\n',
        b'msgid "there is no {file}"\nmsgstr "{}"\n',
        b'msgid "there is no {file}"\nmsgstr "{file.name}"\n',
    ],
)
def test_a_broken_catalogue_leaves_the_message_as_the_code_has_it(words, text):
    words(text)
    fault = Fault("a.md", 1, "link", Message("there is no {file}", file="b.md"), Message("end"))
    assert str(fault) == "a.md:1: link: there is no b.md; end"


@pytest.mark.parametrize(
    ("variable", "line", "lang"),
    [
        ("", "", "fr"),
        ("", "messages: en\n", "en"),
        ("", 'messages: "en" # anglais\n', "en"),
        ("", "messages: de\n", "fr"),
        ("", "owner:\n  messages: en\n", "fr"),
        ("fr", "messages: en\n", "fr"),
        ("en", "", "en"),
        ("de", "messages: en\n", "en"),
    ],
)
def test_the_language_is_that_of_the_variable_then_of_the_settings(
    tmp_path, monkeypatch, variable, line, lang
):
    (tmp_path / "site.yml").write_text(f"names:\n  fr: Le Lavoir\n{line}", "utf-8")
    monkeypatch.setenv("SITE_CONTENT", str(tmp_path))
    monkeypatch.setenv("SITE_MESSAGES", variable)
    assert catalogue.message_language() == lang


@pytest.mark.parametrize("text", [None, b"\xff\xfe: [", b"names: {"])
def test_settings_that_cannot_be_read_leave_the_language_of_the_site(tmp_path, monkeypatch, text):
    if text:
        (tmp_path / "site.yml").write_bytes(text)
    monkeypatch.setenv("SITE_CONTENT", str(tmp_path))
    monkeypatch.delenv("SITE_MESSAGES")
    assert catalogue.message_language() == "fr"


def test_the_guides_quote_the_messages_as_the_owner_reads_them(monkeypatch):
    monkeypatch.setenv("SITE_MESSAGES", "fr")
    guide, importing = (
        (ROOT / "docs" / name).read_text("utf-8") for name in ("guide.md", "import.md")
    )
    for state in ("missing", "older"):
        assert f"`{translation_status._STATES[state]}`{NO_BREAK}: " in guide
    problem = catalogue.translate("<{tag}> belongs to a form, and pages of this site send none")
    assert f"# html: {problem.format(tag='form')}{NARROW}; " in importing


def test_numbers_and_what_the_system_says_are_in_the_language_of_messages(monkeypatch):
    refused, other = OSError(errno.EACCES, "Permission denied"), OSError(0, "no such thing")
    assert catalogue.format_number(1234.5) == "1,234.5"
    assert str(system_reason(refused)) == "Permission denied"
    monkeypatch.setenv("SITE_MESSAGES", "fr")
    assert catalogue.format_number(1234.5) == f"1{NARROW}234,5"
    assert str(system_reason(refused)) == "permission refusée"
    assert str(system_reason(other)) == "no such thing"
