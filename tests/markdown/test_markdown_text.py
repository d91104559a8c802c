"""What a writer types becomes the HTML that a visitor reads."""

import re
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from engine.faults import Message, ProblemError
from engine.markdown import markdown_text
from engine.typography.typography_tokens import Words


def html(body: str, **options) -> str:
    text = markdown_text.read_body(body, lang=options.pop("lang", "fr"), **options)
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
        ('<i lang="en">Don\'t *go*: no</i> : ici', '<i lang="en">Don’t <em>go</em>: no</i>_: ici'),
        (
            'Lu ["Yes !"]{lang=en} (["No"]{lang=en}), [she said "yes"]{lang=en}.',
            'Lu <span lang="en">“Yes!”</span> (<span lang="en">“No”</span>), '
            '<span lang="en">she said “yes”</span>.',
        ),
        (
            "Lu *Que faire ?*. [Quoi ?](https://a.fr). **oui !**. <b>oui ;</b>. `a` !.",
            'Lu <em>Que faire␣?</em>. <a href="https://a.fr">Quoi␣?</a>. <strong>oui␣!</strong>. '
            "<b>oui␣;</b>. <code>a</code>␣!.",
        ),
        ("-- Ah! mon *cher*\\\n-- Oui", "–_Ah␣! mon <em>cher</em><br />\n–_Oui"),
        ('la " *loi* " [ ]', "la «␣<em>loi</em>␣» [ ]"),
        ("[was ist's ?]{lang=de} ?", '<span lang="de">was ist\'s ?</span>␣?'),
    ],
)
def test_a_phrase_is_set_as_one_whatever_marks_its_words(typed, printed):
    result = html(typed).removeprefix("<p>").removesuffix("</p>")
    assert result.replace("\u202f", "␣").replace("\u00a0", "_") == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (
            '<details><summary>Voir: la "suite" de l\'été ?</summary>\nOui <b>!</b></details>',
            "<details><summary>Voir_: la «␣suite␣» de l’été␣?</summary>\nOui␣<b>!</b></details>",
        ),
        (
            '<table><tr><td>13"</td><td>"Quoi ?"</td></tr></table>',
            '<table><tr><td>13"</td><td>«␣Quoi␣?␣»</td></tr></table>',
        ),
        (
            "<div title=\"a ?\">l'<code>l'a ?</code> <!-- l'a ? --> ?</div>\n<pre>\nl'a ?\n</pre>",
            "<div title=\"a ?\">l’<code>l'a ?</code>␣<!-- l'a ? -->?</div>\n<pre>\nl'a ?\n</pre>",
        ),
        (
            '<div><i lang="en">it\'s "so" ?</i> l\'R&amp;D &lt; 3 &nbsp;; &eacute;</div>',
            '<div><i lang="en">it’s “so”?</i> l’R&amp;D &lt; 3␣; é</div>',
        ),
        ("<p>R&amp;D &eacute;</p>", "<p>R&amp;D &eacute;</p>"),
    ],
)
def test_the_words_of_a_block_of_raw_html_are_set_too(typed, printed):
    assert html(typed).replace("\u202f", "␣").replace("\u00a0", "_") == printed


def test_a_line_end_lost_to_a_space_in_raw_html_moves_no_fault():
    text = markdown_text.read_body("<div>a\n?</div><p>\n<blink>x</blink></p>", lang="fr")
    assert [line for line, *_ in text.faults] == [3]


def test_the_title_of_a_link_is_set_in_the_language_of_its_words():
    assert html('[a](https://a.fr "L\'été : oui ?") [[b](https://b.fr "it\'s ?")]{lang=en}') == (
        '<p><a href="https://a.fr" title="L’été\u00a0: oui\u202f?">a</a> '
        '<a href="https://b.fr" title="it’s?" lang="en">b</a></p>'
    )


def test_a_quote_never_closes_in_another_paragraph():
    assert html('Un "mot\n\nfort" ici') == "<p>Un &quot;mot</p>\n<p>fort&quot; ici</p>"


def test_the_words_of_an_image_and_its_caption_are_set_apart():
    result = html('![L\'"eau" ?](p.jpg "\\"Oui\\", l\'eau ?")')
    assert result == (
        '<figure role="figure" aria-label="«\u202fOui\u202f», l’eau\u202f?">'
        '<img src="p.jpg" alt="L’«\u202feau\u202f»\u202f?">'
        "<figcaption>«\u202fOui\u202f», l’eau\u202f?</figcaption></figure>"
    )


CODE = st.text(alphabet="ab 1.;:!?'\"«»-%", min_size=1, max_size=8).filter(
    lambda code: code.strip() == code
)
TYPED = """mot |l'|"|« | »| ?| !|...| -- | - |14h30|1 000| % | |*mot*|**fort ?**|[mot ?](x.md)|n° 5
M. |[it's ?]{lang=en}|![a ?](b.png)|[^1]|&nbsp;|<b>|</b>|<code>l'a ?</code>|- ||"""
BLOCK = '\n\n<div>l\'a <b>"b"\n?</b><code>l\'a ?</code><p>&lt; ? & "</p></div>\n\n'
TYPED = [*TYPED.replace("\n", "|").split("|"), "\n", "\\\n", "\n\n", BLOCK]
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
    printed = BeautifulSoup(markdown_text.read_body(body, lang=lang).html, "html.parser")
    with mock.patch.object(Words, "typeset"):
        plain = BeautifulSoup(markdown_text.read_body(body, lang=lang).html, "html.parser")
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
        '<figure role="figure" aria-label="Le pont\u00a0: 2012">'
        '<img src="../images/p.jpg" alt="Un pont">'
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


@pytest.mark.parametrize(
    ("typed", "rule", "problem"),
    [
        ("Un [lien vide]() ici.", "link", "a link names no address"),
        ('Un [lien vide](<> "Titre") ici.', "link", "a link names no address"),
        ('Un <a href="">lien vide</a> ici.', "link", "a link names no address"),
        ("Un [lien].\n\n[lien]: <>", "link", "the line [lien]: names no address"),
        ("![Une table]()", "image", "an image names no file"),
        ("Une ![table]( ) ici.", "image", "an image names no file"),
        ("![]()", "image", "an image names no file"),
        ("[![Une table]()](https://a.fr)", "image", "an image names no file"),
    ],
)
def test_an_empty_address_is_one_fault_at_its_line(typed, rule, problem):
    read = markdown_text.read_body(f"Un texte.\n\n{typed}", lang="fr")
    ((line, told_rule, told, _remedy),) = read.faults
    assert (line, told_rule, str(told)) == (3 + typed.count("\n"), rule, problem)


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("Un [a](b c.pdf) et [d](e f.pdf).", 2),
        ("{: .a} et {: .b}", 2),
        ("[a](b c.pdf)", 1),
    ],
)
def test_each_mistake_of_a_line_is_told_at_once(typed, count):
    read = markdown_text.read_body(typed, lang="fr")
    assert len({(str(problem), str(remedy)) for _, _, problem, remedy in read.faults}) == count


def test_a_link_without_an_address_is_plain_text():
    assert html("Voir [*Le* Progrès][le-progres].", links={"le-progres": ""}) == (
        "<p>Voir <em>Le</em> Progrès.</p>"
    )


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


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        (
            "| camille@exemple.fr | b |\n|---|---|\n| c | d |",
            '<table tabindex="0" aria-label="Tableau">',
        ),
        ("| une phrase de plusieurs mots | b |\n|---|---|\n| c | d |", "<table>"),
        ("| a | b |\n|---|---|\n| c | d |", "<table>"),
        (
            "```sh\nun code de plus de vingt lettres\n```",
            '<pre tabindex="0" aria-label="Code" role="group"><code class="language-sh">',
        ),
        (
            "    un code de plus de vingt lettres",
            '<pre tabindex="0" aria-label="Code" role="group"><code>',
        ),
        ("```\nun code\nen deux lignes\n```", "<pre><code>"),
        (
            "<table>\n<tr><td>camille@exemple.fr<td>b\n</table>",
            '<table tabindex="0" aria-label="Tableau">',
        ),
        ("<TABLE class=x>\n<tr><td>une phrase de plusieurs mots</TABLE>", "<TABLE class=x>"),
        (
            "<table>\n<tr><td>\n\ncamille@exemple.fr\n\n</td><td>b</td></tr>\n</table>",
            '<table tabindex="0" aria-label="Tableau">',
        ),
        ('<table>\n<tr><td colspan="2">a</table>', '<table tabindex="0" aria-label="Tableau">'),
        (
            "<table>\n<caption>Prix</caption>\n<tr><td>camille@exemple.fr<td>b\n</table>",
            '<table tabindex="0">',
        ),
        (
            '<table aria-label="Prix">\n<tr><td>camille@exemple.fr<td>b\n</table>',
            '<table tabindex="0" aria-label="Prix">',
        ),
        (
            "<pre><code>un code de plus de vingt lettres</code></pre>",
            '<pre tabindex="0" aria-label="Code" role="group">',
        ),
        (
            "<pre>\nUn poème, vers après vers,\n\n  se lit ainsi\n</pre>",
            '<pre tabindex="0" aria-label="Texte" role="group">',
        ),
        ("<pre>\nUn poème\n\n  vers après vers\n</pre>", "<pre>"),
        ("<pre>Un poème<!-- d’une lectrice de longue date --></pre>", "<pre>"),
        (
            "<table><tr><td><table><caption>Prix</caption><tr><td>camille@exemple.fr</table></table>",
            '<table tabindex="0" aria-label="Tableau">',
        ),
        ("<pre>&lt;&lt;&lt;&gt;&gt;&gt;<b>un code</b></pre>", "<pre>"),
        ('<p title="<table><td>camille@exemple.frbb"></p>', '<p title="<table>'),
    ],
)
def test_the_keyboard_reaches_what_may_be_wider_than_the_page(body, opening):
    assert html(body).startswith(opening)


@pytest.mark.parametrize("body", ["<table>", "<pre>", "<table>\n<tr><td>a", "<pre>a <b", "<table"])
def test_a_table_or_code_that_never_ends_is_a_fault_and_no_more(body):
    text = markdown_text.read_body(body, lang="fr")
    assert [rule for _line, rule, *_ in text.faults] == ["html"]


def test_footnotes_lead_there_and_back():
    result = html("Mot[^a].\n\n[^a]: La note.")
    assert 'href="#note-1" id="note-ref-1"' in result
    assert '<li id="note-1">' in result
    assert ' <a href="#note-ref-1" role="doc-backlink">Retour au texte, note\u00a01</a>' in result


def test_each_way_back_from_a_note_called_twice_has_a_name_of_its_own():
    result = html("Mot[^a], mot[^a].\n\n[^a]: La note.", lang="en")
    assert ">Back to the text, note\u00a01</a>" in result
    assert 'href="#note-ref-1-2" role="doc-backlink">Back to the text, note\u00a01 (2)<' in result


def test_the_columns_of_a_table_are_aligned_without_a_style():
    result = html("| Lieu | Places | Note |\n|:-----|-------:|:-:|\n| Lyon | 12 | x |")
    assert "<th>Lieu</th>" in result
    assert '<td class="align-right">12</td>' in result
    assert '<td class="align-center">x</td>' in result
    assert "style" not in result


@pytest.mark.parametrize(
    ("row", "heads", "remedy"),
    [
        (
            "| `a|b` | l’un ou l’autre |",
            2,
            "write \\| for a | in a cell: | `a\\|b` | l’un ou l’autre |",
        ),
        ("a | b | c", 2, "or remove a cell"),
        ("> | a | b | c |", 2, "or remove a cell"),
        ("| a | b |  |", 2, None),
        ("| a |", 2, None),
        ("| a \\| b | c |", 2, None),
    ],
)
def test_a_cell_under_no_head_is_a_fault(row, heads, remedy):
    mark = "> " if row.startswith(">") else ""
    body = f"Un.\n\n{mark}|{' x |' * heads}\n{mark}|{'---|' * heads}\n{row}"
    faults = markdown_text.read_body(body, lang="fr").faults
    assert [fault[:2] for fault in faults] == ([(5, "table")] if remedy else [])
    assert not remedy or remedy in str(faults[0][3])


def test_the_remedy_of_a_cell_once_pasted_shows_it():
    table = "| Mot | Sens |\n|---|---|\n"
    [(*_, remedy)] = markdown_text.read_body(f"{table}| `a|b` | l’un |", lang="fr").faults
    pasted = str(remedy).partition(": ")[2]
    assert "<td><code>a|b</code></td>\n<td>l’un</td>" in html(table + pasted)


def test_words_are_struck_and_terms_defined():
    assert html("~~Non~~ oui ?") == "<p><s>Non</s> oui\u202f?</p>"
    assert html("Terme\n: Sa définition") == ("<dl>\n<dt>Terme</dt>\n<dd>Sa définition</dd>\n</dl>")


@pytest.mark.parametrize("title", ["Note 1", "Note ref 1", "Note ref 1 2"])
def test_a_heading_never_takes_the_id_of_a_footnote(title):
    result = BeautifulSoup(html(f"## {title}\n\nUn[^1] et[^1].\n\n[^1]: La note."), "html.parser")
    ids = [element["id"] for element in result.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert result.find(id="note-1").name == "li"
    assert result.h2["id"].startswith("section-note-")


@pytest.mark.parametrize("mark", ["{#mon-id .large}", "{: #mon-id}", "{.large}", "{lang=en}"])
def test_what_cannot_be_read_after_a_heading_is_a_fault(mark):
    text = markdown_text.read_body(f"Un.\n\n## Mon titre {mark}\n\nDeux", lang="fr")
    assert [fault[:2] for fault in text.faults] == [(3, "mark")]
    assert mark in str(text.faults[0][2])
    assert ">Mon titre</h2>" in text.html


@pytest.mark.parametrize(
    "line",
    [
        "{: .lead}",
        "{.lead}",
        "{#ici}",
        "Des mots {: .lead}",
        "::: note",
        "[mot]{title=x}",
        "[mot](/a/){target=_blank}",
    ],
)
def test_marks_of_other_programs_are_faults(line):
    faults = markdown_text.read_body(f"Un.\n\nDes mots\n{line}\n\nDeux", lang="fr").faults
    assert [fault[:2] for fault in faults] == [(4, "mark")]


@pytest.mark.parametrize("note", ["Une vraie note ici.", "Note."])
def test_a_note_whose_name_holds_a_space_is_one_fault(note):
    body = f"Un.\n\nUn mot[^ma note].\n\n[^ma note]: {note}"
    [(line, rule, problem, remedy)] = markdown_text.read_body(body, lang="fr").faults
    assert (line, rule) == (3, "footnote")
    assert "[^ma note] holds a space" in str(problem)
    assert "write [^ma-note] in each place" in str(remedy)
    assert html(body.replace("[^ma note]", "[^ma-note]")).count('id="note-1"') == 1


@pytest.mark.parametrize("typed", ["[la page][]", "[la *page*][]", "[texte][la page]"])
def test_a_link_without_its_address_is_named_by_its_words(typed):
    [(_, rule, problem, remedy)] = markdown_text.read_body(
        f"Voir {typed} demain.", lang="fr"
    ).faults
    assert (rule, str(problem).replace("*", "")) == ("link", "no address is called “la page”")
    assert str(remedy).replace("*", "").endswith("as la page: https://…")
    links = {"la page": "https://example.org"}
    assert 'href="https://example.org"' in html(typed.replace("*", ""), links=links)


def test_an_address_right_under_other_words_is_one_fault_at_its_line():
    body = "Un [lien utile][a] ici[^1].\n\n[^1]: Une note.\n[a]: https://exemple.fr"
    [(line, rule, problem, remedy)] = markdown_text.read_body(body, lang="fr").faults
    assert (line, rule) == (4, "link")
    assert str(problem) == (
        "the line [a]: https://exemple.fr is read as a part of the words above it"
    )
    assert str(remedy) == "leave an empty line before it"
    assert 'href="https://exemple.fr"' in html(body.replace("\n[a]", "\n\n[a]"))


def test_words_of_a_link_and_of_an_image_are_set_in_their_language():
    assert html("Lire [Don't stop: go!](https://a.org){lang=en} ce soir : ici.") == (
        '<p>Lire <a href="https://a.org" lang="en">Don’t stop: go!</a> ce soir\u00a0: ici.</p>'
    )
    assert html("![Don't stop: go!](a.png){lang=en}") == (
        '<figure><img src="a.png" alt="Don’t stop: go!" lang="en"></figure>'
    )


def test_words_between_tags_of_another_language_are_set_in_it():
    result = html('<div lang="en">\n\nDon\'t: go\n\n</div>\n\nOui : ici')
    assert "<p>Don’t: go</p>" in result
    assert "<p>Oui\u00a0: ici</p>" in result


@pytest.mark.parametrize("typed", ["[a](/b/){lang=anglais}", "![a](b.png){lang=anglais}"])
def test_a_link_or_an_image_in_no_language_is_a_fault(typed):
    assert [fault[1] for fault in markdown_text.read_body(typed, lang="fr").faults] == ["lang"]


def test_each_image_alone_on_its_line_shows_its_caption():
    result = html('![A](a.png "Photo : X")\n![B](b.jpg "Photo : Y")')
    assert result.count('<figure role="figure" aria-label="Photo\u00a0: ') == 2
    assert "<figcaption>Photo\u00a0: X</figcaption></figure>" in result
    assert "<figcaption>Photo\u00a0: Y</figcaption></figure>" in result
    linked = html('[![A](a.png "Photo : X")](/a/)')
    assert '<a href="/a/"><img src="a.png" alt="A"></a><figcaption>' in linked
    listed = html('- ![A](a.png "Photo")\n- ![B](b.png)')
    assert listed.count('<figure role="figure" aria-label="Photo">') == 1
    assert listed.count("<figure>") == 1


@pytest.mark.parametrize(
    "body",
    [
        'Un.\n\nMots ![B](b.jpg "Photo : Y") et suite.',
        'Un.\n\n![B](b.jpg "Photo : Y") et suite.',
        'Un.\n\n## ![B](b.jpg "Photo : Y")',
        'Un | Deux\n--|--\n![B](b.jpg "Photo : Y") | 2',
    ],
)
def test_a_caption_that_would_not_show_is_a_fault(body):
    [(line, rule, problem, _)] = markdown_text.read_body(body, lang="fr").faults
    assert (line, rule) == (3, "image")
    assert "the caption “Photo : Y” would not be shown" in str(problem)


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
            raise ProblemError(Message("not an address"), Message("write another"))
        return address

    text = markdown_text.read_body(body, lang="fr", first_line=10, resolve=resolve)
    assert [fault[:2] for fault in text.faults] == [(line, rule)]


@pytest.mark.parametrize(
    "lines", ["`a\nb`", "![a\nb](x.jpg)", "<b\nclass=x>a</b>", "[a\nb](/c/)", "a\\\nb", "[^1]\nb"]
)
def test_a_fault_after_several_lines_of_one_mark_tells_its_line(lines):
    body = f"{lines}\n<votre nom>\n\n[^1]: c"
    faults = markdown_text.read_body(body, lang="fr").faults
    assert 3 in [line for line, rule, *_ in faults if rule == "html"]


def test_the_first_paragraph_is_known_without_its_marks():
    text = markdown_text.read_body("## Titre\n\nUn *beau* [lieu](x).\n\nSuite", lang="fr")
    assert text.first_paragraph == "Un beau lieu."


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["[a](", "[a](b 'c ", "b 'c "])
def test_a_long_line_of_links_that_cannot_be_read_takes_no_time(piece):
    assert markdown_text.read_body(f"[a]({piece * 2000}", lang="fr").faults


_CONSTRUCTS = ("a^[é]", "a![é](b.jpg)", "a [é](b.md)", "a[é]{lang=en}", "é[^1]", "\n\n[^1]: é")
_PIECES = st.sampled_from(
    (*_CONSTRUCTS, "a&amp;", "a<b>é</b>", "~~", "  \n", *"*_`\\\n a!^[]()<&{")
)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_the_parser_passes_over_no_mark(body):
    quick = markdown_text.read_body(body, lang="fr")
    with mock.patch.object(markdown_text._PARSER.inline, "terminator_re", re.compile("(?s:.)")):
        careful = markdown_text.read_body(body, lang="fr")
    assert quick == careful
