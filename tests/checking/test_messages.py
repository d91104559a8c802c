"""Every finding has a file, a line, a rule of the reference, and a remedy."""

import ast
import datetime
import re

import pytest

from engine import checking
from engine.checking.rules import BUILD_RULES, PAGE_RULES, RULES, TEXT_RULES
from engine.faults import Fault
from tests import sample_content, sites
from tests.building import test_bad_input
from tests.sites import article, header, photo, project, settings

A, B, P = "articles/a.md", "articles/b.md", "pages/projects/p.md"
IMAGES = {"images/pont.jpg": b"x", "images/IMG_1234.jpg": b"x"}
# Two days: it stays ahead in every time zone, and when a run of the tests passes midnight.
LATER = datetime.date.today() + datetime.timedelta(days=2)

# name: (files, path of the finding below the content folder, line, rule, severity, words said)
FINDINGS = {
    "no summary": ({A: article()}, A, 2, "summary-missing", "warning", "has no summary; add"),
    "a summary that would be cut": (
        {A: article(summary="mot " * 41)},
        A,
        4,
        "summary-long",
        "warning",
        "163 characters",
    ),
    "a level of headings skipped": (
        {A: article(body="## Un\n\n#### Deux")},
        A,
        7,
        "heading-skipped",
        "fault",
        "“#### Deux” comes right after ##; write ### Deux",
    ),
    "a first heading too deep": (
        {A: article(body="Un.\n\n### Deux\n{lang=fr}")},
        A,
        7,
        "heading-skipped",
        "fault",
        "right after the title of the page; write ## Deux",
    ),
    "an alternative that says image": (
        {A: article(body="![Image](/images/pont.jpg)"), **IMAGES},
        A,
        5,
        "alt-says-nothing",
        "warning",
        "“Image” says nothing",
    ),
    "an alternative that numbers photos": (
        {A: article(body="a\nb ![Photo 2](/images/pont.jpg)"), **IMAGES},
        A,
        6,
        "alt-says-nothing",
        "warning",
        "“Photo 2” says nothing",
    ),
    "an alternative that is the file's name": (
        {A: article(body="![pont.jpg](/images/pont.jpg)"), **IMAGES},
        A,
        5,
        "alt-says-nothing",
        "warning",
        "“pont.jpg” says nothing",
    ),
    "an alternative that a camera made": (
        {A: article(body="![IMG_1234](/images/IMG_1234.jpg)"), **IMAGES},
        A,
        5,
        "alt-says-nothing",
        "warning",
        "“IMG_1234” says nothing",
    ),
    "an alternative of HTML that says image": (
        {A: article(body="a\nb <img src=/images/pont.jpg\nalt=Photo>"), **IMAGES},
        A,
        6,
        "alt-says-nothing",
        "warning",
        'or write alt="" where the image says nothing',
    ),
    "an alternative of lines of HTML that says image": (
        {A: article(body="<div>\n<img src=/images/pont.jpg alt=Photo>\n</div>"), **IMAGES},
        A,
        6,
        "alt-says-nothing",
        "warning",
        "the alternative “Photo” says nothing",
    ),
    "a link on cliquez ici": (
        {A: article(body="Voir\nplus : [Cliquez **ici** !](https://example.org)")},
        A,
        6,
        "link-says-nothing",
        "warning",
        "“Cliquez ici !” does not say",
    ),
    "a link on lire la suite": (
        {A: article(body="[Lire la suite…](b.md)"), B: article("B")},
        A,
        5,
        "link-says-nothing",
        "warning",
        "“Lire la suite…” does not say",
    ),
    "a link on here": (
        {A: article(), "articles/a.en.md": header(title="A") + "See [here](https://a.org)."},
        "articles/a.en.md",
        4,
        "link-says-nothing",
        "warning",
        "“here” does not say",
    ),
    "an address among the words": (
        {A: article(body="Un.\n\nVoir https://example.org/x, puis partir.")},
        A,
        7,
        "bare-address",
        "warning",
        "the address https://example.org/x stands bare",
    ),
    "an address between angles": (
        {A: article(body="Voir <https://example.org>.")},
        A,
        5,
        "bare-address",
        "warning",
        "https://example.org stands bare; write the words",
    ),
    "an address without its beginning": (
        {A: article(body="Voir www.example.org.")},
        A,
        5,
        "bare-address",
        "warning",
        "the address www.example.org stands",
    ),
    "a list of a word processor": (
        {A: article(body="Un.\n\n• Deux")},
        A,
        7,
        "other-syntax",
        "warning",
        "“• Deux”, is printed as it stands; write - Deux",
    ),
    "a cell under no head": (
        {A: article(body="| a |\n|---|\n| b | c |")},
        A,
        7,
        "table",
        "fault",
        "the row has 2 cells, the first row 1: its last",
    ),
    "an English word": (
        {A: article(body="Un *workshop* à Lyon.")},
        A,
        5,
        "english-unmarked",
        "warning",
        "“workshop” is English; write [workshop]{lang=en}",
    ),
    "two English words": (
        {A: article(body="Par le Design thinking.")},
        A,
        5,
        "english-unmarked",
        "warning",
        "“Design thinking” is English",
    ),
    "two texts of one title": (
        {A: article("Été", slug="un"), B: article("été", slug="deux")},
        B,
        2,
        "title-twice",
        "warning",
        "“été” is also the title of",
    ),
    "a date still to come": (
        {A: article(date=LATER)},
        A,
        3,
        "date-ahead",
        "advice",
        f"appears on {LATER}",
    ),
    "a change still to come": (
        {A: article(modified=LATER)},
        A,
        4,
        "modified-ahead",
        "warning",
        "is still to come",
    ),
    "a heavy image": (
        {"images/pont.png": bytes(8_400_000), A: article(body="![Un pont](/images/pont.png)")},
        "images/pont.png",
        1,
        "image-heavy",
        "warning",
        "the file has 8.4 MB",
    ),
    "an image that no text uses": (
        {A: article(), "images/pont.jpg": b"x"},
        "images/pont.jpg",
        1,
        "image-unused",
        "warning",
        "no text uses this image; show it",
    ),
    "a link without its address": (
        {A: article(links="{le-progres: }", body="[Le Progrès][le-progres]")},
        A,
        4,
        "link-without-address",
        "advice",
        "“le-progres” has no address yet",
    ),
    "silences that are no YAML": (
        {"silences.yml": "- rule: spelling\n  file: [\n"},
        "silences.yml",
        3,
        "silence",
        "fault",
        "it cannot be read; write - rule",
    ),
    "silences with brackets without end": (
        {"silences.yml": f"- {'[' * 5000}\n"},
        "silences.yml",
        1,
        "silence",
        "fault",
        "it cannot be read; write - rule",
    ),
    "silences that are no list": (
        {"silences.yml": "rule: spelling\n"},
        "silences.yml",
        1,
        "silence",
        "fault",
        "it holds no list",
    ),
    "a silence of no rule": (
        {"silences.yml": "- rule: speling\n  file: articles/a.md\n  reason: x\n"},
        "silences.yml",
        1,
        "silence",
        "fault",
        "no rule is called “speling”; did you mean spelling?",
    ),
    "a silence of what stops the build": (
        {"silences.yml": "- rule: link\n  file: articles/a.md\n  reason: x\n"},
        "silences.yml",
        1,
        "silence",
        "fault",
        "link cannot be silenced; fix",
    ),
    "a silence with an unknown key": (
        {"silences.yml": "- rule: spelling\n  files: articles/a.md\n  reason: x\n"},
        "silences.yml",
        1,
        "silence",
        "fault",
        "“files” is no key of a silence; use rule",
    ),
    "a silence without a file": (
        {"silences.yml": "- rule: spelling\n  reason: x\n"},
        "silences.yml",
        1,
        "silence",
        "fault",
        "lacks its rule or its file",
    ),
    "a silence without a reason": (
        {"silences.yml": "# deux\n- rule: summary-missing\n  file: articles/a.md\n", A: article()},
        "silences.yml",
        2,
        "silence-without-reason",
        "warning",
        "has no reason; add a line",
    ),
    "a silence of nothing": (
        {"silences.yml": "- rule: spelling\n  file: articles/a.md\n  reason: x\n"},
        "silences.yml",
        1,
        "silence-unused",
        "warning",
        "it silences nothing; remove it",
    ),
    "a draft with a broken link": (
        {A: article(status="draft", body="[x](b.md)")},
        A,
        6,
        "link",
        "warning",
        "b.md leads to no file",
    ),
    "a scheduled text with a broken link": (
        {A: article(date=LATER, body="[x](#y)")},
        A,
        5,
        "fragment",
        "fault",
        "has no heading #y",
    ),
    "a note that nothing calls": (
        {A: article(body="Un.\n\n[^1]: Perdue.")},
        A,
        7,
        "footnote",
        "fault",
        "nothing calls the note [^1]; write",
    ),
    "a note that is not there": (
        {A: article(body="Un.[^1]")},
        A,
        5,
        "footnote",
        "fault",
        "there is no note [^1]; write",
    ),
    "two notes of one name": (
        {A: article(body="Un.[^1]\n\n[^1]: Une.\n\n[^1]: Deux.")},
        A,
        9,
        "footnote",
        "fault",
        "the note [^1] is there twice",
    ),
    "a line that the parser takes for an address": (
        {A: article(body="Un.\n\n[Note]: important")},
        A,
        7,
        "link",
        "fault",
        "the line [note]: important is shown nowhere, and no link uses it; remove it",
    ),
    "a line of the themes that cannot be read": (
        {"themes.yml": "culture: culture\ndesign: [\n"},
        "themes.yml",
        2,
        "themes",
        "fault",
        "the line cannot be read; write design: its English name",
    ),
    "a copy that a synchroniser made": (
        {A: article(), "articles/a.sync-conflict-20260512-101010-ABCDEFG.md": article("B")},
        "articles/a.sync-conflict-20260512-101010-ABCDEFG.md",
        1,
        "conflict-copy",
        "warning",
        "the conflict copy of articles/a.md; it is not published; take what is good",
    ),
    "a file that nothing reads": (
        {"articles/a.txt": "x"},
        "articles/a.txt",
        1,
        "file-unread",
        "warning",
        "name a text NAME.md",
    ),
    "a link to a draft": (
        {A: article(body="[mot](b.md)"), B: article("B", status="draft")},
        A,
        5,
        "hidden-target",
        "warning",
        "the link “mot” leads to",
    ),
    "a project that is a draft": (
        {A: article(project="p"), P: project(status="draft")},
        A,
        4,
        "hidden-target",
        "warning",
        "the project p is hidden",
    ),
    "no text for the home page": ({A: article()}, "home.md", 1, "home-missing", "warning", "title"),
    "an English draft that is still in French": (
        {
            A: article(body="Une phrase de plusieurs mots."),
            "articles/a.en.md": header(title="A") + "Une phrase de plusieurs mots.",
        },
        "articles/a.en.md",
        4,
        "untranslated",
        "warning",
        "in French; translate it",
    ),
    "two projects in one place": (
        {P: project("P", order=1), "pages/projects/q.md": project("Q", order=1)},
        "pages/projects/q.md",
        3,
        "order-twice",
        "warning",
        "p.md; write order: 2",
    ),
    "a theme that is nearly another": (
        {A: article(tags="[design]"), B: article("B", tags="[desing]"), "c.md": article("C")}
        | {"articles/c.md": article("C", tags="[design]")},
        B,
        4,
        "theme-alone",
        "warning",
        "“desing”; did you mean design?",
    ),
    "two themes that are alike, each on one text": (
        {A: article("A", tags="[design]"), B: article("B", tags="[desing]", summary="b")},
        A,
        4,
        "theme-alone",
        "warning",
        "did you mean desing?",
    ),
    "two texts that begin alike": (
        {A: article("A"), B: article("B")},
        B,
        2,
        "description-twice",
        "fault",
        "a line such as summary: ",
    ),
    "a theme named twice": (
        {"themes.yml": "design: design\ndesign: design\n"},
        "themes.yml",
        2,
        "themes",
        "fault",
        "already named above; keep one",
    ),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_names_its_place_its_rule_and_its_remedy(name, find, tmp_path):
    files, path, line, rule, severity, words = FINDINGS[name]
    place = f"{tmp_path / 'content'}/{path}"
    found = find(files, rule)
    assert [finding.path for finding in found] == [place], found
    said = str(found[0])
    assert (found[0].line, found[0].severity) == (line, severity), said
    assert re.fullmatch(rf"{re.escape(place)}:{line}: [\w-]+: .+; .+ \[{rule}\]", said)
    assert words in said


# Broken photos show when they are encoded.
@pytest.mark.parametrize("name", sorted(test_bad_input.FAULTS.keys() - {"a picture cut short"}))
def test_a_fault_of_the_build_is_one_of_the_check_with_its_rule(name, find, tmp_path):
    files, path, line, key, words = test_bad_input.FAULTS[name]
    place = f"{tmp_path / 'content'}/{path}:{line or 1}: {key}: "
    found = [finding for finding in find(files) if str(finding).startswith(place)]
    assert found
    assert all(finding.rule in BUILD_RULES for finding in found)
    assert words in str(found[0])
    assert str(found[0]).endswith(f" [{found[0].rule}]")


def test_every_rule_that_looks_at_texts_has_its_case():
    apart = {"spelling", "owner", "contact-unreachable"}  # each with tests of its own
    assert {case[3] for case in FINDINGS.values()} >= TEXT_RULES.keys() - apart


def test_no_two_tables_know_a_rule_by_one_name():
    assert len(RULES) == len(BUILD_RULES) + len(TEXT_RULES) + len(PAGE_RULES)


def _names_in_the_code() -> set[str]:
    """The rule, or the key that is one, of each fault that is written out in the code."""
    names = set()
    # The modules of the other folders belong to commands of their own.
    folders = ("texts", "markdown", "pictures", "building", "pages", "checking/pages")
    paths = [path for name in folders for path in (sites.ROOT / "engine" / name).glob("*.py")]
    for path in (path for path in paths if path.name != "w3c_check.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called == "text.add_fault":
                place = 0
            elif called == "Fault" and len(node.args) >= 5:
                place = 5 if len(node.args) > 5 else 2
            else:
                continue
            if isinstance(node.args[place], ast.Constant):
                names.add(node.args[place].value)
    return names


def test_every_rule_that_the_code_names_is_in_the_reference():
    names = _names_in_the_code()
    assert len(names) > 25
    assert names <= RULES.keys()


def test_every_name_is_in_kebab_case():
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in RULES)


def test_a_fault_keeps_the_form_that_the_build_prints():
    fault = Fault("content/a.md", 3, "date", "no", "yes", "header-value")
    assert str(checking.Finding.of_fault(fault)) == f"{fault} [header-value]"


def test_good_texts_have_neither_fault_nor_warning(find):
    found = find(sample_content.full_site())
    assert [str(finding) for finding in found if finding.severity != "advice"] == []


def test_what_only_the_owner_can_give_is_advice_at_its_line(told):
    settings = "names:\n  fr: Un nom\nowner:\n  name: Camille\n  phone:\n"
    found = told({"site.yml": settings, A: article(summary="Un.")}, "owner")
    assert ("site.yml", 5, "phone is not given yet") in found
    assert ("site.yml", 3, "email is not given yet") in found, "at the line of its block"
    assert not any("director" in problem or problem[:7] == "name is" for _, _, problem in found)


def test_a_contact_page_without_a_way_to_answer_is_told(told):
    contact = header(title="Contact", template="contact") + "Parlons-en."
    files = {"pages/contact.md": contact, "site.yml": settings(name="Camille")}
    problem = "nobody could answer: its text is not shown, and no menu leads to it"
    assert told(files, "contact-unreachable") == [("pages/contact.md", 3, problem)]
    files["site.yml"] = settings(phone="01 99 00 12 34")
    assert told(files, "contact-unreachable") == []


def test_an_invalid_fact_is_told_once(told):
    contact = header(title="Contact", template="contact") + "Parlons-en."
    files = {"pages/contact.md": contact, "site.yml": settings(phone="demain")}
    said = told(files, "settings", "owner", "contact-unreachable")
    assert [problem for _, line, problem in said if line == 6] == [
        "“demain” is not a telephone number"
    ]
    assert not any("nobody" in problem for _, _, problem in said)


def test_the_portrait_is_an_image_that_is_used(told):
    files = {"site.yml": settings(portrait="images/a.png"), "images/a.png": photo(8, 8, "PNG")}
    assert told(files, "image-unused") == []


def test_a_named_address_that_means_nothing_is_told_once(told):
    text = article(links="{lieu: nulle-part}", body="[Le lieu][lieu], [encore][lieu].")
    rules = ("header-value", "link", "link-says-nothing", "link-without-address")
    problem = "“nulle-part”, of lieu, is not an address"
    assert told({A: text}, *rules) == [(A, 4, problem)]


QUIET = {
    "words of another language that are marked": "Un [workshop]{lang=en} à Lyon.",
    "words marked in HTML": 'Un <span lang="en">workshop</span> à Lyon.',
    "an English word that is code": "Taper `workshop` et <https>.",
    "an English word in an address": "[Le Mixeur](https://example.org/workshop)",
    "an address as code": "Taper `https://example.org`.",
    "a link that says where it leads": "[Lire la suite du Mixeur](https://example.org)",
    "a link on a picture": "[![Un pont](/images/pont.jpg)](https://example.org)",
    "a picture that decorates": "![](/images/pont.jpg){.decorative}",
    "words of a picture that decorates": "![Image](/images/pont.jpg){.decorative}",
    "a video's address, which is a fault already": "Voir.\n\nhttps://youtu.be/abc",
    "an alternative with the word image": "![Une image du pont au soir](/images/pont.jpg)",
    "addresses that links name, and one kept for later": (
        "[Le pont][a], ![Un pont][b].\n\n[a]: b.md\n[b]: /images/pont.jpg\n[c]: https://c.org"
    ),
    "headings one by one, then up": "## Un\n\n### Deux\n\n## Trois\n\n### Quatre",
}


@pytest.mark.parametrize("name", QUIET)
def test_what_is_right_is_not_told(name, told):
    files = {
        A: article("Le workshop", summary="Un feedback sur www.example.org", body=QUIET[name]),
        B: article("B"),
        "images/pont.jpg": sites.photo(20, 20),
    }
    rules = (
        "link",
        "image",
        "english-unmarked",
        "bare-address",
        "link-says-nothing",
        "alt-says-nothing",
        "heading-skipped",
    )
    assert told(files, *rules) == []


@pytest.mark.parametrize(
    "body",
    [
        "![Un pont](/images/pont.jpg)",
        "![Un pont](../images/pont.jpg)",
        "[Le plan]({static}/images/pont.jpg)",
        '<img src="/images/pont.jpg" alt="Un pont">',
        "![Un film](https://youtu.be/abc){poster=/images/pont.jpg duration=3:45}",
    ],
)
def test_an_image_that_any_text_uses_is_used_even_by_a_draft(body, told):
    files = {A: article(status="draft", body=body), "images/pont.jpg": b"x"}
    assert told(files, "image-unused") == []


def test_an_announced_project_needs_no_summary_since_nothing_shows_it(told):
    files = {P: header(title="Un projet", status="announced"), A: article()}
    assert [path for path, *_ in told(files, "summary-missing")] == [A]


def test_one_file_of_a_folder_is_looked_at_alone(tmp_path):
    folder = sites.write(tmp_path, {A: article(), B: article("B"), P: project(), **IMAGES})
    found = checking.findings(folder, A)
    assert [finding.rule for finding in found] == ["summary-missing"]
    assert found == [f for f in checking.findings(folder) if f.path == f"{folder}/{A}"]


def test_findings_come_by_file_and_line(find):
    found = find(
        {
            B: article("B", body="[ici](https://example.org)\n\nhttps://example.org"),
            A: article(sumary="x"),
            "pages/p.md": "no header",
        }
    )
    places = [(finding.path, finding.line) for finding in found]
    assert places == sorted(places)
    assert len(places) > 5
