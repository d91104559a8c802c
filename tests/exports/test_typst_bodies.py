"""A body in the portfolio: everything that it may hold, and no code."""

import json
import re

import typst
from hypothesis import given
from hypothesis import strategies as st

from engine.exports.typst_bodies import BodyConverter, string

MARKUP = [
    "#panic()",
    '"',
    "\\",
    "\\u{0}",
    "$x$",
    "*a*",
    "@b",
    "<c>",
    "//",
    "/*",
    "{",
    "}",
    "[",
    "`",
    "\n",
]
TEXTS = st.lists(st.one_of(st.sampled_from(MARKUP), st.text(max_size=8)), max_size=8).map("".join)


def converted(html: str, images: tuple[str, ...] = ()) -> str:
    find = {image: image for image in images}.get
    return BodyConverter("https://a.fr/projets/p/", find, "n").convert(html)


@given(TEXTS)
def test_a_string_is_read_as_the_words_that_it_was_made_of(text):
    read = typst.query(f"#metadata({string(text)})<x>".encode(), "<x>", field="value", one=True)
    shown = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    assert json.loads(read) == shown


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_of_a_body_becomes_code(words, address, alt):
    def attribute(text: str) -> str:
        return text.replace("&", "&amp;").replace('"', "&quot;")

    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    html = (
        f'<p>{escaped(words)} <a href="{attribute(address)}" lang="{attribute(alt)}">x</a></p>'
        f'<ol start="{attribute(words)}"><li><code>{escaped(alt)}</code></li></ol>'
        f'<img src="{attribute(address)}" alt="{attribute(alt)}"><pre>{escaped(words)}</pre>'
        f'<table><tr><td colspan="{attribute(words)}">{escaped(alt)}</td></tr></table>'
    )
    source = converted(html)
    # Outside of strings, only the names of our functions and numbers are left.
    code = re.sub(r'"(?:[^"\\]|\\.)*"', "", source, flags=re.DOTALL)
    assert set(re.findall(r"[a-z][a-z.-]*", code)) <= {
        *("par", "link", "text", "lang", "region", "none", "enum", "start", "raw", "block", "true"),
        *("table", "columns", "table.cell", "colspan", "rowspan"),
    }
    assert not set(code.replace("[]", "")) & set("#$@<>`*_/\\[")
    typst.compile(f"#{source}".encode(), format="pdf")


def test_each_element_keeps_its_meaning():
    html = (
        '<p>Un <em>mot</em> <span lang="en-GB">word</span><br><s>non</s> <code>x</code> '
        '<a href="../q/">lien</a></p><hr><ul>\n<li>a<ul><li>b</li></ul></li>\n</ul>'
        '<ol start="3"><li>c</li></ol><blockquote><p>d</p></blockquote>'
        "<dl><dt>t</dt><dt>u</dt><dd>v</dd></dl><pre><code>y\n z\n</code></pre>"
    )
    assert converted(html) == (
        '{par({"Un "; emph({"mot"}); " "; text(lang: "en", region: "GB", {"word"}); linebreak(); '
        'strike({"non"}); " "; raw("x"); " "; link("https://a.fr/projets/q/", {"lien"})}); '
        'pdf.artifact(line(length: 20%)); list({"a"; list({"b"})}); enum(start: 3, {"c"}); '
        'quote.with(block: true)({par({"d"})}); '
        'terms(terms.item({{"t"}; ", "; {"u"}}, {"v"})); raw("y\\n z", block: true)}'
    )


def test_a_heading_never_leaves_out_a_level():
    html = "<h2>a</h2><h5>b</h5><h3>c</h3><h2>d</h2><h4>e</h4>"
    assert re.findall(r"level: (\d)", converted(html)) == ["2", "3", "3", "2", "3"]


def test_a_picture_keeps_its_alternative_text_and_a_decorative_one_is_no_content():
    html = (
        '<figure><img src="/images/a.jpg" alt="La rue" width="400" height="800">'
        "<figcaption>En mai</figcaption></figure>"
        '<img src="/images/a.jpg" alt=""><img src="/images/gone.jpg" alt="Perdue">'
        '<video poster="/images/a.jpg" src="/files/f.mp4" aria-label="Un film"></video>'
    )
    image = 'image("/images/a.jpg", width: {}%, alt: "{}")'
    assert converted(html, ("/images/a.jpg",)) == (
        f'{{block(breakable: false, {{{image.format(55, "La rue")}; par({{"En mai"}})}}); '
        'pdf.artifact(image("/images/a.jpg", width: 100%)); "Perdue"; '
        f'{{{image.format(100, "Un film")}; par(link("https://a.fr/files/f.mp4", "Un film"))}}}}'
    )


def test_a_note_is_at_its_call_and_a_second_call_refers_to_it():
    call = '<sup class="footnote-ref"><a href="#note-1" role="doc-noteref">1</a></sup>'
    html = (
        f'<p>Un{call} deux{call}</p><section class="footnotes"><ol>'
        '<li id="note-1"><p>La <em>note</em>. <a href="#x" role="doc-backlink">Retour</a></p></li>'
        "</ol></section>"
    )
    assert converted(html) == (
        '{par({"Un"; [#footnote({"La "; emph({"note"}); "."})<n-note-1>]; " deux"; '
        "footnote(<n-note-1>)})}"
    )


def test_the_first_rows_of_a_table_are_its_header():
    html = (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
        '<tbody><tr><td colspan="2">c</td></tr></tbody></table>'
    )
    assert converted(html) == (
        "{{table(columns: 2, table.header("
        'table.cell(colspan: 1, rowspan: 1, strong({"a"})), '
        'table.cell(colspan: 1, rowspan: 1, strong({"b"}))), '
        'table.cell(colspan: 2, rowspan: 1, {"c"}))}}'
    )
