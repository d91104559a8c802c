"""What a writer types becomes the HTML that a visitor reads."""

import pytest

from plugins import markdown_text


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
