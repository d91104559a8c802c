"""Make the index of the search, one for each language, from the texts that visitors can see.

The index maps each word to its texts. The texts themselves, from which a result shows a passage,
are in separate files, so that a large site sends only the files of the results shown.
`theme/static/search.js` reads both.

Words are compared without accents and case (`fold`); the script folds the query by the same table,
which the index holds. Words with the same stem are one group, so that "coopérations" finds
"coopérer": the index holds the forms of each group, and the browser needs no stemmer.
"""

import hashlib
import html
import json
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonprefix

from engine.languages import ENGLISH, FRENCH
from engine.texts.documents import Document, Library
from engine.texts.partial_dates import format_period

# Letters that are not a letter with an accent (Unicode gives them no decomposition).
FOLDED = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"}
# Words of nearly every text: they distinguish none, and would be a third of the index.
COMMON = {
    FRENCH: """a ai au aux avec c ce ces cet cette d dans de des du elle elles en est et eux il
    ils j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ont ou par
    pas pour qu que qui s sa se ses son sont sur t ta te tes ton tu un une vos votre vous y""",
    ENGLISH: """a an and are as at be been but by d did do does for from had has have he her his
    i in is it its ll m my of on or our re s she so t than that the their them then they this to
    ve was we were which will with you your""",
}
# The place of a word: the title; summary, headings, themes and facts; three times or more in the
# body; the body.
TITLE, HEADING, OFTEN, ONCE = 3, 2, 1, 0
_PLACES = 4
_OFTEN_FROM = 3
# Characters of the texts in one file: some 10 kB as they are sent.
_FILE_LENGTH = 32_000
# The passages of a file of texts -> its name and its content.
EncodedTexts = dict[tuple[str, ...], tuple[str, bytes]]
# Groups of words between two calls of a check.
_CHECKED = 100
_KINDS = ("home", "project", "page", "article")
_FACTS = ("short", "place", "role", "form", "partners")

_WORD = re.compile(r"[^\W_]+")
_TABLE = str.maketrans(FOLDED)
# A tag and its name; an attribute may hold ">".
_TAG = re.compile(r"""<!--.*?-->|</?([A-Za-z][\w-]*)(?:"[^"]*"|'[^']*'|[^<>"'])*>""")
_ALT = re.compile(r'\salt="([^"]*)"')
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>")
# Not `\s`: a no-break space stays.
_LINE_END = re.compile(r" *\n[ \n]*")
# Elements that do not end a line.
_WITHIN_WORDS = frozenset(
    """a abbr b bdi bdo cite code del dfn em i ins kbd mark picture q s samp small source span
    strong sub sup time u var wbr""".split()  # noqa: SIM905 - a list of words is read at a glance
)


@dataclass(frozen=True)
class SearchedText:
    """A text of the index; `address` is path-absolute, `date` is in words or "".

    `headings` are the words that count more than those of `body`: summary, headings, themes, facts.
    """

    kind: str
    title: str
    address: str
    date: str
    summary: str
    headings: str
    body: str


def fold(word: str) -> str:
    """Return a word in lower case, without accents and ligatures."""
    letters = unicodedata.normalize("NFD", word.lower().translate(_TABLE))
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] != "M")


def words_of_html(text: str) -> tuple[str, str]:
    """Return the headings of a body's HTML, and its text, with a line end between two blocks.

    The text holds the alternatives of pictures.
    """
    text = text.replace("\n", " ")
    headings = (_words(heading) for heading in _HEADING.findall(text))
    return "\n".join(headings), _words(text)


def _words(text: str) -> str:
    return _LINE_END.sub("\n", html.unescape(_TAG.sub(_instead_of, text))).strip("\n ")


def _instead_of(tag: re.Match) -> str:
    if tag[1] == "img" and (alt := _ALT.search(tag[0])):
        return f"\n{alt[1]}\n"
    return "" if tag[1] in _WITHIN_WORDS else "\n"


def searched_texts(
    library: Library,
    lang: str,
    *,
    has_contact: bool,
    bodies: dict[bytes, tuple[str, str]],
) -> Iterator[SearchedText]:
    """Yield the visible texts of a language, in the order of results with equal scores.

    A contact page without an address (`SiteFile.has_contact`) shows no text and is left out.
    `bodies` keeps what `words_of_html` returns for the next call.
    """
    articles = sorted(
        library.visible_of(lang, "article"),
        key=lambda text: (-text.header["date"].first_day.toordinal(), text.source),
    )
    of_kind = {kind: library.visible_of(lang, kind) for kind in _KINDS} | {"article": articles}
    for kind, documents in of_kind.items():
        for document in documents:
            if document.header.get("template") == "contact" and not has_contact:
                continue
            if document.encoded_html not in bodies:
                bodies[document.encoded_html] = words_of_html(document.html)
            yield _searched_text(library, kind, document, *bodies[document.encoded_html])


def _searched_text(
    library: Library, kind: str, document: Document, headings: str, body: str
) -> SearchedText:
    header, lang = document.header, document.lang
    date = ""
    if kind == "article":
        date = header["date"].text(lang)
    elif kind == "project" and not document.is_announced:
        date = format_period(header["start"], header["end"], lang, library.today)
    summary = header["summary"] or header.get("definition") or ""
    facts = [header.get(key) or "" for key in _FACTS]
    topics = [topic.name for topic in document.topics]
    return SearchedText(
        kind,
        header["title"] or "",
        library.address(lang, document.url),
        date,
        summary,
        "\n".join([summary, headings, *topics, *facts, date]),
        body,
    )


class CountedWords:
    """The words of a sequence of texts, of which a few change from one index to the next.

    `texts` are those of the last call. `times` has the number of times of each word, with its
    accents; `said` its texts, each with the place: four times the number of the text plus the
    place. A large site has millions of them.
    """

    def __init__(self):
        self.times: dict[str, int] = defaultdict(int)
        self.said: dict[str, array] = defaultdict(_no_places)
        self.texts: list[SearchedText] = []

    def count(
        self, texts: Sequence[SearchedText], check: Callable[[], None] = lambda: None
    ) -> bool:
        """Count the words of these texts, which take the place of those of the last call.

        Return whether a text was not yet counted. `check` is called after each of these, and may
        raise an exception: the next call goes on.
        """
        is_new = len(self.texts) > len(texts)
        if is_new:
            self.__init__()
        for number, text in enumerate(texts):
            if number == len(self.texts):
                self.texts.append(text)
            elif text == self.texts[number]:
                continue
            else:
                self._forget(number)
                self.texts[number] = text
            for word, times, place in _count_words(text):
                self.times[word] += times
                self.said[word].append(number * _PLACES + place)
            is_new = True
            check()
        return is_new

    def _forget(self, number: int) -> None:
        for word, times, place in _count_words(self.texts[number]):
            self.times[word] -= times
            self.said[word].remove(number * _PLACES + place)
            if not self.times[word]:
                del self.times[word], self.said[word]


def _no_places() -> array:
    return array("I")


def _count_words(text: SearchedText) -> Iterator[tuple[str, int, int]]:
    """Yield each word of a text, the number of times and the place, for each part of the text."""
    for place, words in ((TITLE, text.title), (HEADING, text.headings), (ONCE, text.body)):
        for word, times in Counter(_WORD.findall(words.lower())).items():
            is_often = place == ONCE and times >= _OFTEN_FROM
            yield word, times, OFTEN if is_often else place


def make_index(
    counted: CountedWords,
    lang: str,
    stems_of: Callable[[Iterable[str]], Mapping[str, str]],
    write: Callable[[str, bytes], None],
    *,
    encoded: EncodedTexts | None = None,
    check: Callable[[], None] = lambda: None,
) -> str:
    """Make the index of the texts that are counted, and return its name.

    `write` is called with the name of each file, which holds a digest of its content, and the
    content. `stems_of` returns the stem of each word, in lower case. `encoded` has the files of
    texts that were made before, and gets those that are made. `check` is called from time to time,
    and may raise an exception. The same texts give the same bytes.
    """
    common, texts = frozenset(COMMON[lang].split()), counted.texts
    spellings = defaultdict(list)
    for word in counted.times:
        if (form := fold(word)) not in common:
            spellings[form].append(word)
    names = _write_texts(texts, write, encoded, check)
    groups = _group(spellings, counted.times, stems_of)
    found = []
    for number, (_start, _ends, forms) in enumerate(groups):
        if number % _CHECKED == 0:
            check()
        words = (word for form in forms for word in spellings[form])
        found.append(_found(place for word in words for place in counted.said[word]))
    content = {
        "folded": FOLDED,
        "common": " ".join(sorted(common)),
        "texts": [[text.title, text.address, _KINDS.index(text.kind), text.date] for text in texts],
        "files": names,
        # Of each group: the common beginning of its forms, and their endings.
        "words": [" ".join([start, *ends]) for start, ends, _forms in groups],
        "found": found,
    }
    data = _encode(content)
    name = _name("index", data)
    write(name, data)
    return name


def _group(
    spellings: Mapping[str, Sequence[str]],
    counts: Mapping[str, int],
    stems_of: Callable[[Iterable[str]], Mapping[str, str]],
) -> list[tuple[str, list[str], list[str]]]:
    """Group the forms by their stems: the common beginning, the endings, the forms; sorted.

    Of the spellings of a form, the most frequent one gives the stem: a query may lack the accents.
    """
    spelt = {
        form: min(words, key=lambda word: (-counts[word], word))
        for form, words in spellings.items()
    }
    stems = stems_of(spelt.values())
    groups = defaultdict(list)
    for form in sorted(spelt):
        groups[fold(stems[spelt[form]])].append(form)
    found = []
    for stem, forms in groups.items():
        start = commonprefix([stem, *forms])  # noqa: RUF071 - of letters, not of folders
        found.append((start, [form.removeprefix(start) for form in forms], forms))
    return sorted(found)


def _found(said: Iterable[int]) -> array:
    """Encode texts with places: for each text, four times the gap to the previous one plus the
    best place.
    """
    # Sorted, the best place of a text is its last.
    best = dict(divmod(each, _PLACES) for each in sorted(said))
    # A list of numbers would take nine times the memory.
    found, previous = array("I"), -1
    for number, place in best.items():
        found.append((number - previous - 1) * _PLACES + place)
        previous = number
    return found


def _write_texts(
    texts: Sequence[SearchedText],
    write: Callable[[str, bytes], None],
    encoded: EncodedTexts | None,
    check: Callable[[], None],
) -> list[tuple[int, str]]:
    """Write the files of texts; return the number of the first text and the name of each file."""
    names, first, used = [], 0, {}
    for share in _shares(f"{text.summary}\n{text.body}".strip() for text in texts):
        if encoded and share in encoded:
            name, data = encoded[share]
        else:
            data = _encode(share)
            name = _name("texts", data)
        if encoded is not None:
            used[share] = name, data
        write(name, data)
        names.append((first, name))
        first += len(share)
        check()
    if encoded is not None:
        encoded.clear()
        encoded.update(used)
    return names


def _shares(passages: Iterable[str]) -> Iterator[tuple[str, ...]]:
    share: list[str] = []
    length = 0
    for passage in passages:
        if share and length + len(passage) > _FILE_LENGTH:
            yield tuple(share)
            share, length = [], 0
        share.append(passage)
        length += len(passage)
    if share:
        yield tuple(share)


def _encode(content: object) -> bytes:
    encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=array.tolist)
    return encoded.encode()


def _name(kind: str, content: bytes) -> str:
    return f"{kind}-{hashlib.sha256(content).hexdigest()[:12]}.json"
