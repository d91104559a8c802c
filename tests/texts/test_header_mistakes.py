"""Mistakes in headers, themes and names: where, one fault, and a remedy that works when pasted."""

import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import checking
from engine.texts import headers, library
from engine.texts.header_schema import KINDS
from pelicanconf import ADDRESSES
from tests import sites
from tests.checking.test_fuzzing import CASES

A = "articles/a.md"
TODAY = datetime.date(2026, 5, 30)
BASE = ["title: Un titre", "date: 2026-05-12"]

# The line as typed (it replaces the one of its key, else is added), and the remedy, which is the
# line to paste: what follows "write ", or the key's name after "did you mean".
LINES = {
    "a title with an apostrophe between single quotes": (
        "title: 'L'été à Lyon'",
        'title: "L\'été à Lyon"',
    ),
    "a title whose quote is never closed": ('title: "Sans fin', 'title: "Sans fin"'),
    "a title whose single quote is never closed": ("title: 'Sans fin", 'title: "Sans fin"'),
    "a title with quotes inside": ('title: "Le "mot" juste"', 'title: "Le \\"mot\\" juste"'),
    "a title that goes on after its quote": ('title: "Oui" et non', 'title: "\\"Oui\\" et non"'),
    "a title with a bad backslash": (r'title: "C:\dossier"', r'title: "C:\\dossier"'),
    "a title between curly quotes": ("title: “L'été”", 'title: "L\'été"'),
    "a title between French quotes": ("title: « L'été »", 'title: "L\'été"'),
    "a title between one curly quote and a straight one": ("title: “L'été\"", 'title: "L\'été"'),
    "a title between a straight quote and a curly one": ("title: \"L'été”", 'title: "L\'été"'),
    "a curly title with a colon": ("title: “Projet : suite”", 'title: "Projet : suite"'),
    "a bare title with a colon": ("title: Projet : suite", 'title: "Projet : suite"'),
    "a bare title with a number sign": ("title: Le lieu #1", 'title: "Le lieu #1"'),
    "a title that begins with a number sign": ("title: #1 du lieu", 'title: "#1 du lieu"'),
    "a title that begins with a star": ("title: *Beau* titre", 'title: "*Beau* titre"'),
    "a title that begins with an at sign": ("title: @nom", 'title: "@nom"'),
    "a title that begins with a dash": ("title: - Un", 'title: "- Un"'),
    "a title that begins with a bracket": ("title: [Projet] suite", 'title: "[Projet] suite"'),
    "a title that begins with a brace": ("title: {Projet} suite", 'title: "{Projet} suite"'),
    "a title without its colon": ("title Un titre", 'title: "Un titre"'),
    "a title with an equals sign": ("title = Un titre", 'title: "Un titre"'),
    "a title without a space after its colon": ("title:Un titre", "title: Un titre"),
    "a quoted title without a space": ('title:"Un titre"', 'title: "Un titre"'),
    "a date without its colon": ("date 2026-05-12", "date: 2026-05-12"),
    "a date without a space after its colon": ("date:2026-05-12", "date: 2026-05-12"),
    "a date between curly quotes": ("date: “2026-05-12”", "date: 2026-05-12"),
    "a date whose quote is never closed": ('date: "2026-05-12', "date: 2026-05-12"),
    "a date after a tab": ("\tdate: 2026-05-12", "date: 2026-05-12"),
    "a date after a space": (" date: 2026-05-12", "date: 2026-05-12"),
    "a key in capitals": ("Date: 2026-05-12", "date: 2026-05-12"),
    "a key in French": ("titre: Un titre", "title: Un titre"),
    "a key with an accent missing": ("resume: Un résumé.", "summary: Un résumé."),
    "a key of another program": ("description: Un résumé.", "summary: Un résumé."),
    "draft: true": ("draft: true", "status: draft"),
    "draft: yes": ("draft: oui", "status: draft"),
    "draft: false": ("draft: false", "status: published"),
    "published: false": ("published: false", "status: draft"),
    "published: no": ("Published: non", "status: draft"),
    "publish: true": ("publish: true", "status: published"),
    "private": ("private: true", "status: draft"),
    "a status in French": ("status: brouillon", "status: draft"),
    "a status that hides": ("status: unpublished", "status: draft"),
    "a status in capitals": ("status: Draft", "status: draft"),
    "themes parted by semicolons": ("tags: [culture; design]", "tags: [culture, design]"),
    "bare themes parted by semicolons": ("tags: culture; design", "tags: culture, design"),
    "themes whose bracket is never closed": ("tags: [culture, design", "tags: [culture, design]"),
    "themes whose bracket never opens": ("tags: culture, design]", "tags: [culture, design]"),
    "themes with number signs": ("tags: #culture #design", "tags: [culture, design]"),
    "themes between curly quotes": ("tags: [“culture”, « design »]", "tags: [culture, design]"),
    "themes whose quote is never closed": ('tags: "culture, design', "tags: culture, design"),
    "addresses whose bracket is never closed": ("aliases: [/a/, /b/", "aliases: [/a/, /b/]"),
    "links whose brace is never closed": (
        "links: {lieu: https://exemple.fr",
        "links: {lieu: https://exemple.fr}",
    ),
}
THEMES = "culture: culture\ndesign: design\n"


def read_files(folder, files):
    sites.write(folder, files)
    return library.read_texts(folder, addresses=ADDRESSES, shown_folder="c", today=TODAY)


def with_line(typed: str) -> tuple[list[str], int]:
    """The header's lines with one as it was typed, and the number of that line in the file."""
    name = typed.strip().split(" ")[0].partition(":")[0].lower()
    own = {"titre": "title"}.get(name, name)
    places = [n for n, line in enumerate(BASE) if line.startswith(f"{own}:")]
    lines = list(BASE)
    if places:
        lines[places[0]] = typed
        return lines, places[0] + 2
    return [*lines, typed], len(lines) + 2


def text(lines: list[str], number: int = 0) -> str:
    return "\n".join(
        ["---", *lines, *([f"slug: texte-{number}"] if number else []), "---", "Mots."]
    )


def pasted(lines: list[str], line: int, remedy: str) -> list[str]:
    """The header once the writer has done what the remedy says."""
    new = list(lines)
    if match := re.fullmatch(r"did you mean (\w+)\?", remedy):
        old = new[line - 2]
        if ":" in old and old.partition(":")[0].strip() in {key.name for key in KINDS["article"]}:
            new[line - 2] = f"{old.partition(':')[0]}: {match[1]}"  # a value
        else:
            new[line - 2] = f"{match[1]}:{old.partition(':')[2]}"
    else:
        new[line - 2] = re.fullmatch(r"write (.*)", remedy)[1]
    return new


@pytest.mark.parametrize("name", LINES)
def test_one_mistake_is_one_fault_at_its_line_with_a_remedy_that_works(name, tmp_path):
    typed, meant = LINES[name]
    lines, line = with_line(typed)
    found = read_files(tmp_path, {A: text(lines), "themes.yml": THEMES})
    (fault,) = found.faults
    assert (fault.path, fault.line) == ("c/articles/a.md", line), fault
    new = pasted(lines, line, str(fault.remedy))
    assert new[line - 2] == meant
    assert read_files(tmp_path, {A: text(new), "themes.yml": THEMES}).faults == []


def test_a_theme_without_an_english_name_is_told_once_however_many_texts_bear_it(tmp_path):
    texts = {}
    rare = "tags: [tour de main, culture]"
    for number, (name, typed) in enumerate({"a": rare, "b": rare, "d": "tags: [cultur]"}.items()):
        texts[f"articles/{name}.md"] = text([*BASE, typed], number)
        texts[f"articles/{name}.en.md"] = f'---\ntitle: "{name}"\n---\nText.'
    found = read_files(tmp_path, texts | {"themes.yml": "culture: culture\n"})
    told = [fault for fault in (*found.faults, *found.warnings) if fault.rule == "theme"]
    assert [(fault.path, fault.line) for fault in told] == [
        ("c/articles/a.md", 4),
        ("c/articles/d.md", 4),
    ]
    assert str(told[0].remedy).endswith("tour de main: its English name")


def test_what_the_remedies_say_is_built(build):
    files = {"themes.yml": THEMES}
    for number, (typed, meant) in enumerate(LINES.values(), start=1):
        lines, line = with_line(typed)
        lines[line - 2] = meant.replace("[/a/, /b/]", "[/ancien-a/, /ancien-b/]")
        files[f"articles/{number}.md"] = text(lines, number)
    built = build(files)
    assert built.code == 0, built.complaints
    assert len(re.findall("/actualites/texte-[0-9]+/</loc>", built.site.text("/sitemap.xml"))) == (
        len(LINES) - sum(meant == "status: draft" for _typed, meant in LINES.values())
    )


@pytest.mark.parametrize(
    "line",
    [
        "summary: null",
        "summary: ~",
        "summary: Null",
        "summary:",
        'summary: ""',
        "tags: null",
        "links: ~",
        "aliases:",
    ],
)
def test_yamls_null_is_what_a_writer_leaves_empty(line, tmp_path):
    found = read_files(tmp_path, {A: text([*BASE, line])})
    assert found.faults == []
    assert found.by_source[A].description == "Mots."
    assert not found.by_source[A].header[line.partition(":")[0]]


@pytest.mark.parametrize("value", ['"null"', "'null'", '"~"', "|\n  null", ">\n  null"])
def test_the_quoted_word_null_is_a_word(value, tmp_path):
    found = read_files(tmp_path, {A: text([*BASE, f"summary: {value}"])})
    assert found.faults == []
    assert found.by_source[A].header["summary"] in ("null", "~")


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("|\n  Deux\n  lignes.", "Deux lignes."),
        (">-\n  Deux\n  lignes.", "Deux lignes."),
        ('"Deux\n  lignes."', "Deux lignes."),
        ("'Deux\n  lignes.'", "Deux lignes."),
        ("Deux\n  lignes.", "Deux lignes."),
        ('"Deux" # oui', "Deux"),
        ("'L''été'", "L’été"),
        ("no", "no"),
        ("12:30", "12:30"),
    ],
)
def test_each_way_of_yaml_to_write_a_text_is_read(value, read_as, tmp_path):
    found = read_files(tmp_path, {A: text([*BASE, f"summary: {value}", "status: published"])})
    assert [str(fault) for fault in found.faults] == []
    assert found.by_source[A].header["summary"] == read_as


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("---\ntitle: A\ndate: 2012\n—\nMots.", 4, "“—” is not ---"),
        ("---\ntitle: A\ndate: 2012\n----\nMots.", 4, "“----” is not ---"),
        ("---\ntitle: A\ndate: 2012\n\nMots : oui.", 3, "never ends"),
        ("—\ntitle: A\n---\nMots.", 1, "write --- alone on the very first line"),
    ],
)
def test_a_header_that_does_not_end_is_told_where_it_should(source, line, words, tmp_path):
    (fault,) = read_files(tmp_path, {A: source}).faults
    assert fault.line == line
    assert words in f"{fault.problem}; {fault.remedy}"


def test_a_line_that_cannot_be_read_spoils_no_other(tmp_path):
    found = read_files(tmp_path, {A: text([*BASE, "un mot", "status: draft"])})
    assert found.faults == []
    (warning,) = found.warnings
    assert (warning.line, str(warning.problem)) == (4, "“un mot” is no key with its value")
    assert found.by_source[A].status == "draft", "it is hidden, hence stops nothing"


def test_a_status_that_cannot_be_read_hides_nothing_and_its_text_is_a_fault(tmp_path):
    found = read_files(tmp_path, {A: text([*BASE, "status: ?"])})
    assert [document.source for document in found.visible] == [A]
    assert [fault.key for fault in found.faults] == ["status"]


@given(st.lists(st.sampled_from([typed for typed, _meant in LINES.values()]), max_size=4))
@settings(max_examples=CASES)
def test_no_line_hides_another(typed):
    lines = [*BASE, "lang: fr", *typed, "modified: 2026-05-20"]
    header, _faults = headers.parse_header(lines, "article", "a.md", translation=False)
    assert header.values["lang"] == "fr"
    assert header.values["modified"].iso == "2026-05-20"


@given(st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=CASES)
def test_any_title_and_summary_are_read_or_told(title, summary):
    lines = [f"title: {title}", "date: 2012", f"summary: {summary}"]
    if any(character in "".join(lines) for character in "\r\n\x85\u2028\u2029"):
        return
    header, faults = headers.parse_header(lines, "article", "a.md", translation=False)
    assert header.lines["date"] == 3
    for fault in faults:
        assert fault.line in (2, 4), fault


@pytest.mark.parametrize(
    ("header", "rules"),
    [
        ("titre: Le lieu {}\ndate: 2012\nsummary: Le lieu {}.", {"header-key"}),
        ("titre: Le lieu {}\ndate: 2012", {"header-key", "summary-missing"}),
        ("date: 2012", {"header-missing"}),
        ("title: Le lieu {}\ndate: 2012\nsumary: Oui.", {"header-key"}),
        ("title: Le lieu {}\ndate: 2012\nsummary: [a, b]", {"header-value"}),
    ],
)
def test_nothing_follows_from_the_fault_of_a_header(header, rules, tmp_path):
    files = {
        f"articles/{n}.md": f"---\n{header.format(n, n)}\n---\nUn lieu à essayer." for n in (1, 2)
    }
    found = checking.findings(sites.write(tmp_path, files))
    texts = [finding for finding in found if "/articles/" in finding.path]
    assert {finding.rule for finding in texts} == rules
    assert len(texts) == 2 * len(rules)


def test_a_link_to_a_text_whose_header_cannot_be_read_is_no_fault(tmp_path):
    body = "[un](b.md), [deux](/articles/b.md#x), [trois](/actualites/c/)."
    files = {A: text(BASE).replace("Mots.", body), "articles/b.md": "Mots."}
    files["articles/c.md"] = "---\ntitre: C\ndate: 2012\n---\nMots."
    found = read_files(tmp_path, files)
    assert [(fault.path, fault.line) for fault in found.faults] == [
        ("c/articles/b.md", 1),
        ("c/articles/c.md", 2),
    ]


def test_a_text_without_a_title_is_proposed_to_no_link(tmp_path):
    files = {A: text(BASE).replace("Mots.", "[un](/actualites/absente/)")}
    files["articles/b.md"] = "---\ndate: 2012\n---\nMots."
    link = next(fault for fault in read_files(tmp_path, files).faults if fault.key == "link")
    assert "actualites//" not in str(link)


# --- Themes and names ---------------------------------------------------------------------------


def test_one_bad_line_of_the_themes_is_one_fault(tmp_path):
    files = {
        f"articles/{n}.md": sites.article(f"T{n}", tags="[culture, design]") for n in range(9)
    } | {f"articles/{n}.en.md": sites.header(title=f"E{n}") + "Text." for n in range(9)}
    for bad, meant in (
        ('design: "design', "design: design"),
        ("design = design", "design: design"),
        ("design: [design", "design: design"),
        ("- design: design", "design: design"),
        ("« design » : design", "design: design"),
        ("design:", "design: its English name"),
    ):
        found = read_files(tmp_path, files | {"themes.yml": f"culture: culture\n{bad}\n"})
        (fault,) = found.faults
        assert (fault.path, fault.line) == ("c/themes.yml", 2)
        assert str(fault.remedy) == f"write {meant}"
        assert read_files(tmp_path, {"themes.yml": f"culture: culture\n{meant}\n"}).faults == []


@pytest.mark.parametrize(
    ("one", "other", "meant"),
    [
        ("C", "C++", "C plus plus"),
        ("C", "C#", "C sharp"),
        ("pêche", "péché", None),
        ("Design", "design", None),
        ("à-côté", "à côté", None),
    ],
)
def test_two_themes_with_one_address_are_told(one, other, meant, tmp_path):
    found = read_files(
        tmp_path,
        {
            A: sites.article("A", tags=f'["{one}"]'),
            "articles/b.md": sites.article("B", tags=f'["{other}"]'),
        },
    )
    (fault,) = found.faults
    assert fault.line == 4
    assert fault.rule == "theme"
    new = re.search("write (.+) here|such as (.+)$", str(fault.remedy))
    name = new[1] or new[2]
    assert meant in (None, name)
    file = fault.path.removeprefix("c/")
    title = "A" if file == A else "B"
    assert read_files(tmp_path, {file: sites.article(title, tags=f'["{name}"]')}).faults == []


def test_two_english_names_with_one_address_are_told_in_themes_yml(tmp_path):
    files = {
        A: sites.article("A", tags="[métier]"),
        "articles/b.md": sites.article("B", tags="[artisanat]"),
        "articles/a.en.md": sites.header(title="A") + "Text.",
        "articles/b.en.md": sites.header(title="B") + "Text.",
    }
    found = read_files(tmp_path, files | {"themes.yml": "artisanat: craft\nmétier: Craft\n"})
    (fault,) = found.faults
    assert (fault.path, fault.line) == ("c/themes.yml", 2)
    assert str(fault.remedy) == "write métier: Craft other"
    assert (
        read_files(tmp_path, {"themes.yml": "artisanat: craft\nmétier: Craft other\n"}).faults == []
    )


@pytest.mark.parametrize(
    ("typed", "said", "meant"),
    [
        ("![Vue](images/été.png)", "images/été.png", "/images/été.png"),
        ("![Vue](../image/été.png)", "../image/été.png", "/images/été.png"),
        ("[la page](pages/p.md)", "pages/p.md", "/pages/p.md"),
        ("[le plan](./files/a.pdf)", "./files/a.pdf", "/files/a.pdf"),
        ("[le plan](files/a.pdf)", "files/a.pdf", "/files/a.pdf"),
        ("[le plan](</files/un plan>)", "/files/un plan", "</files/un plan.pdf>"),
        ("[le plan](/files/un%20plam.pdf)", "/files/un plam.pdf", "</files/un plan.pdf>"),
        ("[le fil](/actualités/)", "/actualités/", "/actualites/"),
        ("[le parcours](/parcours)", "/parcours", "/parcours/"),
        ("[le parcours](/parcour/)", "/parcour/", "/parcours/"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_as_typed_with_one_that_leads(
    typed, said, meant, tmp_path
):
    files = {
        "pages/p.md": sites.header(title="P") + "Texte.",
        "images/été.png": sites.photo(40, 30, "PNG"),
        "files/a.pdf": b"%PDF",
        "files/un plan.pdf": b"%PDF",
    }
    for status in (None, "draft"):
        found = read_files(tmp_path, files | {A: sites.article(body=typed, status=status)})
        faults = found.faults or library.collect_warnings(found)
        (fault,) = faults
        assert bool(found.faults) == (status is None)
        assert (fault.path, fault.line) == ("c/articles/a.md", 6 if status else 5)
        assert str(fault.problem).startswith(said)
        assert str(fault.remedy) == f"did you mean {meant}?"
    body = re.sub(r"\(.*\)", lambda _: f"({meant})", typed)
    assert read_files(tmp_path, {A: sites.article(body=body)}).faults == []


def test_an_old_address_is_told_at_the_text(tmp_path):
    found = read_files(
        tmp_path,
        {
            A: sites.article(body="[x](/ancien/)"),
            "articles/b.md": sites.article("B", aliases="[/ancien/]"),
        },
    )
    (fault,) = found.faults
    assert (fault.line, str(fault.remedy)) == (5, "write the new one, /actualites/b/")


def test_a_translation_that_lost_its_original_is_told_once(tmp_path):
    stamp = "sha256-0123456789abcdef"
    found = read_files(
        tmp_path,
        {"articles/a.en.md": sites.header(title="A", translated_from=stamp) + "Text."},
    )
    (fault,) = found.faults
    assert fault.line == 3
    assert "the French text articles/a.md, which it translates, is not there" in str(fault.problem)
    assert read_files(tmp_path, {A: sites.article("A")}).faults == []


def test_a_file_in_english_alone_says_where_its_date_could_come_from(tmp_path):
    (fault,) = read_files(tmp_path, {"articles/a.en.md": sites.header(title="A") + "Text."}).faults
    assert str(fault.problem) == "it is missing, and there is no articles/a.md to take it from"
