"""Whatever a writer types, the site holds it or a fault tells: nothing breaks, nothing is lost."""

import re
import shutil

import pytest
from hypothesis import Phase, assume, example, given, settings
from hypothesis import strategies as st

from engine.checking import Severity, findings_of
from engine.checking.check_all import check_pages
from engine.checking.rules import BUILD_RULES, RULES
from engine.checking.texts import spelling
from engine.checking.texts.check_texts import read_content
from engine.pages.built_site import BuiltSite
from engine.texts.header_schema import KINDS, header_line, quote
from tests import sites
from tests.system_parts import IS_CI

# Whole, a test of it takes minutes.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
# Of headers, of titles, and of bodies.
CASES = 3000 if IS_CI else 50
# So many texts at once are built whole.
BUILDS, TEXTS_OF_A_BUILD = (25, 40) if IS_CI else (1, 20)
# What pages of texts made at random are sure to have.
OF_THE_SITE = ("description", "same-description", "heading-level", "long-text")
# Typography touches no letter of it, and no mark means anything by it.
WORD = "verlaine"

# --- What a writer might type ---------------------------------------------------------------

ODD = st.sampled_from("\0\t\r\x0b\x85\u2028\u2029\ufeff\u202e\ufffc\U0001f389é\u0301\\ \n")
IN_HEADERS = st.sampled_from(
    [
        *("---", "...", ":", "#", "'", '"', "[", "]", "{", "}", "-", "?", "&", "*", "!", "%", "|"),
        *(">", "~", "null", "<<", "@", "`", ",", "../", "2012", "12", "é", "!!python/object"),
    ]
)
IN_BODIES = st.sampled_from(
    [
        *("# ", "## ", "#### ", "- ", "1. ", "> ", "    ", "**", "*", "_", "`", "```\n", "~~~\n"),
        *("[", "]", "(", ")", "](", "][", "]{lang=en}", "]{lang=", "{#x}", "{.decorative}", "!["),
        *(
            "<",
            ">",
            "<div>",
            "<!--",
            "-->",
            "<script>",
            "<p style=x>",
            "</",
            "<b>",
            "&amp;",
            "&#0;",
        ),
        *("[^1]", "[^1]: ", "^[", "|", "a|b\n-|-\n", "\\", "\n", "\n\n", "  \n", "---\n", "===\n"),
        *("https://youtu.be/abc", "{poster=", "duration=3:45}", "{filename}", "{tag}", "%7Btag}"),
        *("a.md", "/images/p.jpg", "../../etc/passwd", "javascript:", "mailto:", "http://[", "#x"),
        *(
            "«",
            "»",
            "{{ x }}",
            "{% x %}",
            "http://",
            "//",
            "[a]",
            "\n\n[a]: ",
            "%2",
            "%C3",
            "?",
            '"',
            "{",
            "}",
        ),
        *([f" {WORD} "] * 12),
    ]
)
VALUES = st.one_of(
    st.lists(st.one_of(IN_HEADERS, ODD, st.text(max_size=9)), max_size=5).map("".join),
    st.sampled_from(["2012", "2012-02-31", "9999-12-31", "0000", "[a,b]", "{a:b}", "draft"]),
    st.sampled_from(["published", "fr", "en"]),
    st.sampled_from(["end of 2016", "announced", "legal", "main", "../../x", "3", "un-mot", '"x"']),
)
KEYS = st.one_of(
    st.sampled_from(sorted({key.name for keys in KINDS.values() for key in keys})),
    st.lists(st.one_of(IN_HEADERS, ODD), max_size=3).map("".join),
)
LINES = st.tuples(KEYS, st.sampled_from([": ", ":", " : ", ""]), VALUES).map("".join)
HEADERS = st.lists(LINES, max_size=6).map(lambda lines: "\n".join(lines) + "\n")
TITLES = st.lists(st.one_of(IN_HEADERS, ODD, st.text(max_size=9)), max_size=5).map(" ".join)
_OPTIONAL = [
    key for key in KINDS["article"] if key.name not in ("title", "date", "project", "tags")
]
RIGHT_LINES = st.lists(
    st.sampled_from([header_line(key, key.example) for key in _OPTIONAL]), unique=True, max_size=4
).map("\n".join)
BODIES = st.lists(st.one_of(IN_BODIES, IN_BODIES, IN_BODIES, ODD), max_size=25).map("".join)
PLACES = st.sampled_from(
    ["articles/a.md", "articles/a.en.md", "pages/p.md", "pages/projects/p.md", "home.md"]
)


def text(header: str, body: str) -> bytes:
    """A text as a program saves it."""
    return f"---\n{header}---\n{body}\n".encode("utf-8", "ignore")


# --- What has to hold -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder in which nothing but the content and the output may appear."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(autouse=True, scope="module")
def _without_dictionaries():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelling, "dictionary", lambda _lang: None)
        yield


def look(desk, files):
    """Read and check the texts; the library, and the files that a fault tells of."""
    content = desk / "content"
    shutil.rmtree(content, ignore_errors=True)
    sites.write(content, files)
    library = read_content(content, "content")
    findings = findings_of(library, "content")
    for finding in findings:
        assert finding.rule in RULES, finding
        assert finding.problem, finding
        assert finding.remedy, finding
        assert re.fullmatch(r"[^\n]+:\d+: .*", str(finding)), finding
        if source := files.get(finding.path.removeprefix("content/")):
            assert 1 <= finding.line <= len(re.findall(rb"\r\n?|\n", source)) + 1, finding
    assert {path.name for path in desk.iterdir()} <= {"content", "output", ".output.build"}
    assert {p.relative_to(content).as_posix() for p in content.rglob("*.md")} == files.keys()
    # Of a draft, what would stop the build is told as a warning.
    told = {
        finding.path
        for finding in findings
        if finding.severity is Severity.FAULT or finding.rule in BUILD_RULES
    }
    return library, {path.removeprefix("content/") for path in told}


def is_kept(library, place):
    """Whether a text is shown, or waits as a draft or for its day."""
    document = library.by_source[place]
    waits = library.drafts + library.scheduled
    return document in waits or (document in library.visible and WORD in document.html)


@given(PLACES, HEADERS)
@settings(max_examples=CASES)
def test_a_header_is_read_or_a_fault_tells(desk, place, header):
    library, told = look(desk, {place: text(header, WORD)})
    assert place in told or is_kept(library, place)


@given(TITLES, RIGHT_LINES, st.one_of(st.just(""), LINES))
@settings(max_examples=CASES)
def test_a_title_keeps_its_letters_whatever_stands_beside_it(desk, title, right, odd):
    place = "articles/a.md"
    header = f"title: {quote(title)}\ndate: 2012\n{right}\n{odd}\n"
    library, told = look(desk, {place: text(header, WORD)})
    if place not in told:
        assert is_kept(library, place)
        assert letters(library.by_source[place].header["title"]) == letters(title)


def letters(words):
    return [letter for letter in words if letter.isalnum()]


@given(BODIES)
@example(f"[a]: {WORD}")
@example(f"[^1]: {WORD}")
@settings(max_examples=CASES)
def test_a_body_is_shown_whole_or_a_fault_tells(desk, body):
    place = "articles/a.md"
    library, told = look(desk, {place: text("title: Un titre\ndate: 2012\n", body)})
    if place not in told:
        assert library.by_source[place].html.count(WORD) >= body.count(WORD)


@given(st.lists(BODIES, min_size=TEXTS_OF_A_BUILD, max_size=TEXTS_OF_A_BUILD))
@settings(max_examples=BUILDS, phases=[Phase.generate])
def test_texts_without_a_fault_are_built(desk, bodies):
    files = {
        f"articles/t{number}.md": text(f"title: Texte t{number}\ndate: 2012\n", body)
        for number, body in enumerate(bodies)
    }
    _, told = look(desk, files)
    files = {name: content for name, content in files.items() if name not in told}
    assume(files)
    assert look(desk, files)[1] == set()
    built = sites.build(desk / "content", desk / "output")
    assert built.code == 0, built.complaints
    for name in files:
        number = name.removeprefix("articles/t").removesuffix(".md")
        assert built.site.has(f"/actualites/texte-t{number}/"), name
    # A feed that is not well-formed is the fault "xml", a text that breaks its page another.
    faults = check_pages(BuiltSite(desk / "output"), "http://localhost:8000")
    assert [str(fault) for fault in faults if fault.key not in OF_THE_SITE] == []
    assert {path.name for path in desk.iterdir()} <= {"content", "output", ".output.build"}
