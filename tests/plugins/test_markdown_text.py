"""What a writer types becomes the HTML that a visitor reads."""

from unittest import mock

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from plugins import markdown_text
from plugins.typography_tokens import Words


def html(body: str, **options) -> str:
    text = markdown_text.read(body, lang=options.pop("lang", "fr"), **options)
    assert text.faults == []
    return text.html.strip()


def test_typography_touches_words_only():
    result = html("Oui ? `non ?` <kbd title='a ?'>x</kbd>\n\n    a ? b")
    assert "Oui\u202f?" in result
    assert "<code>non ?</code>" in result
    assert "title='a ?'" in result
    assert "<pre><code>a ? b" in result


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('un "*mot* fort" ici', "un «␣<em>mot</em> fort␣» ici"),
        ('un *"mot" fort*', "un <em>«␣mot␣» fort</em>"),
        ('"**Oui**" !', "«␣<strong>Oui</strong>␣»␣!"),
        ("l'*Express*", "l’<em>Express</em>"),
        ("[un lieu](https://a.fr) ?", '<a href="https://a.fr">un lieu</a>␣?'),
        ("<https://a.fr/?x;y!z> !", '<a href="https://a.fr/?x;y!z">https://a.fr/?x;y!z</a>␣!'),
        ("**20** % de 1 **000**", "<strong>20</strong>_% de 1␣<strong>000</strong>"),
        ("`a ?` ? l'`ls`", "<code>a ?</code>␣? l’<code>ls</code>"),
        ("<code>a ? l'b</code> ? l'c", "<code>a ? l'b</code>␣? l’c"),
        ("un mot\n! Puis\n« deux\n»", "un mot␣! Puis\n«␣deux␣»"),
        ("un mot\\\n! Puis", "un mot<br />\n! Puis"),
        ("R&amp;D &nbsp;; &laquo; oui &raquo;", "R&amp;D␣; «␣oui␣»"),
        (
            'dit "[it\'s a "cluster" ?]{lang=en}" ?',
            'dit «␣<span lang="en">it’s a “cluster”?</span>␣»␣?',
        ),
        ("[was ist's ?]{lang=de} ?", '<span lang="de">was ist\'s ?</span>␣?'),
    ],
)
def test_a_phrase_is_set_as_one_whatever_marks_its_words(typed, printed):
    result = html(typed).removeprefix("<p>").removesuffix("</p>")
    assert result.replace("\u202f", "␣").replace("\u00a0", "_") == printed


def test_a_quote_never_closes_in_another_paragraph():
    assert html('Un "mot\n\nfort" ici') == "<p>Un &quot;mot</p>\n<p>fort&quot; ici</p>"


def test_the_words_of_an_image_and_its_caption_are_set_apart():
    result = html('![L\'"eau" ?](p.jpg "\\"Oui\\", l\'eau ?")')
    assert result == (
        '<figure><img src="p.jpg" alt="L’«\u202feau\u202f»\u202f?">'
        "<figcaption>«\u202fOui\u202f», l’eau\u202f?</figcaption></figure>"
    )


CODE = st.text(alphabet="ab 1.;:!?'\"«»-%", min_size=1, max_size=8).filter(
    lambda code: code.strip() == code
)
TYPED = """mot |l'|"|« | »| ?| !|...| -- | - |14h30|1 000| % | |*mot*|**fort ?**|[mot ?](x.md)|n° 5
M. |[it's ?]{lang=en}|![a ?](b.png)|[^1]|&nbsp;|<b>|</b>|<code>l'a ?</code>|- ||"""
TYPED = [*TYPED.replace("\n", "|").split("|"), "\n", "\\\n", "\n\n"]
MARKED = st.lists(
    st.one_of(
        st.sampled_from(TYPED),
        CODE.map(lambda code: f"`{code}`"),
        CODE.map(lambda code: f"\n\n```\n{code}\n```\n\n"),
    ),
    max_size=15,
).map(lambda parts: "".join(parts) + "\n\n[^1]: Une note ?\n")


@given(MARKED, st.sampled_from(["fr", "en"]))
def test_any_markdown_keeps_its_code_its_addresses_and_its_letters(body, lang):
    printed = BeautifulSoup(markdown_text.read(body, lang=lang).html, "html.parser")
    with mock.patch.object(Words, "typeset"):
        plain = BeautifulSoup(markdown_text.read(body, lang=lang).html, "html.parser")
    assert [e.get_text() for e in printed.select("code")] == [
        e.get_text() for e in plain.select("code")
    ]
    assert [e.attrs for e in printed.select("a, span")] == [
        e.attrs for e in plain.select("a, span")
    ]
    assert [(e.name, [c for c in e.get_text() if c.isalnum()]) for e in printed.find_all(True)] == [
        (e.name, [c for c in e.get_text() if c.isalnum()]) for e in plain.find_all(True)
    ]
    assert printed.get_text().count("\n") <= plain.get_text().count("\n")


def test_words_of_another_language_are_marked_and_keep_its_spaces():
    assert html("Un [cluster: what?]{lang=en} ?") == (
        '<p>Un <span lang="en">cluster: what?</span>\u202f?</p>'
    )


def test_headings_get_lasting_ids_from_their_words():
    assert html("## Qu'est-ce qu'un PTCE ?") == (
        '<h2 id="qu-est-ce-qu-un-ptce">Qu’est-ce qu’un PTCE\u202f?</h2>'
    )


def test_a_writer_may_give_a_heading_its_id():
    assert html("## L'innovation {#maison}") == '<h2 id="maison">L’innovation</h2>'


def test_two_headings_of_the_same_words_get_two_ids():
    result = html("## Suite\n\n## Suite\n\n## 🎉")
    found = [part for part in result.replace(">", " ").split() if part.startswith("id=")]
    assert found == ['id="suite"', 'id="suite-2"', 'id="section"']


def test_an_image_alone_is_a_figure_with_its_caption():
    result = html('![Un pont](../images/p.jpg "Le pont : 2012")')
    assert result == (
        '<figure><img src="../images/p.jpg" alt="Un pont">'
        "<figcaption>Le pont\u00a0: 2012</figcaption></figure>"
    )


def test_only_an_image_at_the_top_of_a_text_is_loaded_at_once():
    result = html("![Un](a.jpg)\n\nMots ![Deux](b.jpg) encore.")
    assert '<img src="a.jpg" alt="Un">' in result
    assert 'Mots <img src="b.jpg" alt="Deux" loading="lazy"> encore.' in result


def test_an_image_that_says_nothing_is_marked_as_such():
    assert 'alt=""' in html("![](p.jpg){.decorative}")
    assert "decorative" not in html("![](p.jpg){.decorative}")


def test_a_named_link_leads_to_the_address_of_the_header():
    links = {"le-progres": "https://example.org/a"}
    assert '<a href="https://example.org/a">Le Progrès</a>' in html(
        "Voir [Le Progrès][le-progres]", links=links
    )


def test_a_link_without_an_address_is_plain_text():
    assert html("Voir [*Le* Progrès][le-progres].", links={"le-progres": ""}) == (
        "<p>Voir <em>Le</em> Progrès.</p>"
    )
    assert html("Voir [Le Progrès]().") == "<p>Voir Le Progrès.</p>"


@pytest.mark.parametrize(
    ("body", "alone"),
    [
        ("[La suite](/a/)", 1),
        ("- [Un](/a/)\n- [Deux](/b/)\n- [Trois](/c/), en mieux", 2),
        ("[Un](/a/) [deux](/b/)", 0),
        ("Voir [la suite](/a/).", 0),
        ("*[La suite](/a/)*, donc", 0),
    ],
)
def test_a_link_alone_in_its_paragraph_is_marked_for_the_finger(body, alone):
    assert html(body).count('class="alone"') == alone


def test_footnotes_lead_there_and_back():
    result = html("Mot[^a].\n\n[^a]: La note.")
    assert 'href="#note-1" id="note-ref-1"' in result
    assert '<li id="note-1">' in result
    assert 'href="#note-ref-1"' in result
    assert 'aria-label="Retour au texte, note 1"' in result


def test_tables_and_raw_html_pass():
    assert "<td>1</td>" in html("| a |\n|---|\n| 1 |")
    assert '<abbr title="x">ESS</abbr>' in html('L\'<abbr title="x">ESS</abbr>')


@pytest.mark.parametrize(
    ("body", "line", "rule"),
    [
        ("a\n\nb\n[x](javascript:1)", 13, "link"),
        ("a\n\n- b\n- ![](x.jpg)", 13, "image"),
        ("a\n\n<p onclick=x>", 12, "html"),
        ("a\n\n<p style='x'>", 12, "html"),
        ("[x]{lang=francais}", 10, "lang"),
        ("[x]{lang=français}", 10, "mark"),
        ("## a {#1x}", 10, "heading"),
    ],
)
def test_a_fault_tells_its_line_in_the_file(body, line, rule):
    def resolve(address):
        if address.startswith("javascript"):
            raise ValueError("not an address; write another")
        return address

    text = markdown_text.read(body, lang="fr", first_line=10, resolve=resolve)
    assert [fault[:2] for fault in text.faults] == [(line, rule)]


def test_the_first_paragraph_is_known_without_its_marks():
    text = markdown_text.read("## Titre\n\nUn *beau* [lieu](x).\n\nSuite", lang="fr")
    assert text.first_paragraph == "Un beau lieu."
