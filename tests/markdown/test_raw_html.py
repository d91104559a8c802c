"""HTML typed in a text is shown whole, or one fault tells at its line what to write."""

import pytest
from bs4 import BeautifulSoup

from engine.faults import Message, ProblemError
from engine.markdown import markdown_text

# Body: the line of its one fault, words of the problem, words of the remedy.
REFUSED = {
    "Début.\n\n<!-- à revoir -- >\n\nSuite.\n\n## Fin": (3, "never ends", "end it with -->"),
    "Début.\n\n<!-->\nSuite.": (3, "the comment <!--> never ends", "end it with -->"),
    "Début.\n\n<![CDATA[ copié d’un flux\n\nSuite ?": (
        3,
        "<![CDATA[ copié d’un flux is not HTML",
        "write &lt;![CDATA[ copié d’un flux to show it",
    ),
    "<?php echo 1\n\nSuite": (1, "<?php echo 1 is not HTML", "write &lt;?php echo 1 to show it"),
    "<!DOCTYPE html>\n\nSuite": (1, "<!DOCTYPE html> is not HTML", "remove it"),
    "La balise <textarea> sert.\n\nSuite.": (1, "<textarea> belongs to a form", "`<textarea>`"),
    "La balise <xmp> n’existe plus.": (1, "<xmp> is no longer in HTML", "write `<xmp>`"),
    "La balise <plaintext> aussi.": (1, "<plaintext> is no longer", "write `<plaintext>`"),
    "a\nTapez <votre nom> ici.": (2, "<votre nom> is not an element", "write \\<votre nom>"),
    "Une List<String> vide": (1, "<String> is not an element", "write \\<String>"),
    "si x<y et y>z alors": (1, "<y et y> is not an element", "write \\<y et y>"),
    "<votre nom>": (1, "<votre nom> is not an element", "write \\<votre nom>"),
    "<div>\nun <mot>\n</div>": (2, "<mot> is not an element", "write &lt;mot&gt;"),
    "<my-tag>a</my-tag>": (1, "<my-tag> is not an element", "`<my-tag>`"),
    "a <b>x\n\nc</b>": (1, "<b> is not closed", "write </b> after"),
    "a\n\n<div>\nx": (3, "<div> is not closed", "write </div> after"),
    "<div/>": (1, "<div> is not closed", "write </div>"),
    "a\nx</b> c": (2, "</b> closes nothing here", "remove it"),
    "a</br>c": (1, "</br> closes nothing", "write <br>"),
    "*a <b>b* c</b>": (1, "<b> is not closed", "write </b>"),
    "<b>a *b</b> c*": (1, "<b> begins and ends in different", "the same one"),
    "<b><i>a</b></i>": (1, "<i> is not closed", "write </i>"),
    'a\n<a href="x>lien</a>': (2, "</a> closes nothing here", "close the quotes"),
    '<div class="x>\ntexte\n</div>': (1, 'the tag <div class="x> never ends', "close each quote"),
    '<div>\n<b class="x>y</b>\n</div>': (2, 'the tag <b class="x>y</b> never ends', "close each"),
    "<!-- a --!> b -->\n\nSuite": (
        1,
        "the comment <!-- a --!> b --> never ends",
        "end it with -->",
    ),
    "<div>\n<a\nhref=/x/>a</a>\n<b>c\n</div>": (4, "<b> is not closed", "write </b>"),
    "texte <div>x</div> fin": (1, "does not put <div> where", "on lines of their own"),
    "<a href=/x/>b <a href=/y/>c</a></a>": (1, "does not put <a> where", "on lines of their own"),
    "<table>\nmots\n<tr><td>a</td></tr></table>": (1, "does not put <table>", "on lines of"),
    "<h1>Titre</h1>": (1, "<h1> is already in the page", "begin with <h2>"),
    "<style>p{background:url(/images/x.png)}</style>\n\nTexte.": (1, "holds a style", "remove it"),
    "<script>if (a<b) c()</script>": (1, "<script> belongs to a script", "remove it"),
    "<LINK REL=stylesheet HREF=/x.css>": (1, "<link> belongs to the head", "remove it"),
    "<meta http-equiv=refresh content='0; /x/'>": (1, "<meta> belongs to the head", "remove"),
    "<base href=https://a.org>": (1, "<base> belongs to the head", "remove it"),
    "a\n\n<form action=x>\n<input name=y>\n</form>": (3, "<form> belongs to a form", "[Écrire]("),
    '<audio controls>\n<source src="/files/son.mp3">\n</audio>': (
        1,
        "<audio controls> would play in the page",
        "make a link of it: [Écouter](/files/son.mp3)",
    ),
    "<VIDEO SRC='/files/un film.mp4'></VIDEO>": (1, "would play", "(</files/un film.mp4>)"),
    '<picture><source srcset=a.webp><img src=/images/a.jpg alt="Un"></picture>': (
        1,
        "<picture> is made by the site",
        "write ![Un](/images/a.jpg)",
    ),
    '<iframe src="//www.youtube.com/embed/abc" title="Film"></iframe>': (
        1,
        "a frame from elsewhere",
        "![Film](https://www.youtube.com/embed/abc){poster=/images/affiche.jpg duration=3:45}",
    ),
    '<iframe src="https://carte.org/x"></iframe>': (1, "a frame", "(https://carte.org/x)"),
    "<svg><path d='M0'/></svg>": (1, "<svg> holds a drawing", "content/images/dessin.svg"),
    "<center>\n<b>x</b>\n</center>": (1, "<center> is no longer in HTML", "keep the words"),
    "a\n<p onclick=x>b</p>": (2, "a script", "remove the attribute onclick"),
    "<p STYLE='x'>b</p>": (1, "a style attribute", "the theme gives the style"),
    "<p hidden>b</p>": (1, "words that hidden hides", "remove"),
    "<table background=/x.png><tr><td>a</table>": (1, "the attribute background", "remove it"),
    "<q lang=anglais>a</q>": (1, "“anglais” is not a language", 'lang="en"'),
    "<img src=/a.jpg>": (1, "has no words for those who do not see it", 'write alt="…"'),
    "<img alt=x>": (1, "names no file", 'src="/images/…"'),
    "a\n\n<IMG SRC=https://e.org/a.jpg ALT=x>": (3, "is not on this site", "content/images/"),
    "<img src='data:image/png;base64," + "A" * 5000 + "' alt=x>": (1, "A… is not on this", "put"),
    "## Un\n\n<p id=un>b</p>": (3, "the id “un” is used twice", "un-bis"),
    "a[^1]\n\n<p id=note-1>b</p>\n\n[^1]: c": (3, "is that of a footnote", "note-1-bis"),
}


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body[:30])
def test_html_that_a_page_does_not_have_is_one_fault(body):
    line, problem, remedy = REFUSED[body]
    faults = markdown_text.read_body(body, lang="fr").faults
    assert len(faults) == 1, faults
    assert faults[0][0] == line
    assert problem in str(faults[0][2])
    assert remedy in str(faults[0][3])
    assert len(str(faults[0][2])) < 300


@pytest.mark.parametrize(
    ("body", "typed", "written"),
    [
        ("Tapez <votre nom> ici", "<votre nom>", "\\<votre nom>"),
        ("<votre nom>", "<votre nom>", "\\<votre nom>"),
        ("<div>\nun <mot>\n</div>", "<mot>", "&lt;mot&gt;"),
        ("<![CDATA[ copié", "<![CDATA[ copié", "&lt;![CDATA[ copié"),
        ("Une <textarea> vide", "<textarea>", "`<textarea>`"),
    ],
)
def test_the_remedy_once_pasted_shows_the_words(body, typed, written):
    [(*_, remedy)] = markdown_text.read_body(body, lang="fr").faults
    assert f"write {written} to show it" in str(remedy)
    text = markdown_text.read_body(body.replace(typed, written), lang="fr")
    assert text.faults == []
    assert typed in BeautifulSoup(text.html, "html.parser").get_text()


SHOWN = {
    "Voir <a href=/actualites/>la liste</a>.": '<a href="/actualites/">la liste</a>',
    "Voir <A HREF = '/actualites/'>la liste</A>.": '<a href="/actualites/">la liste</A>',
    '<img src="/images/rue.jpg" alt="L\'eau" width="8">': '<img src="/images/rue.jpg" alt="L’eau">',
    "<ul><li>a<li>b</ul>": "<ul><li>a<li>b</ul>",
    "<p>a\n<p>b": "<p>a\n<p>b",
    "<table><tr><td>a<td>b<tr><td>c</table>": "<table><tr><td>a<td>b<tr><td>c</table>",
    "<details>\n<summary>S</summary>\n\n*a*\n\n</details>": "<p><em>a</em></p>",
    "a <!-- b --> c": "<p>a <!-- b --> c</p>",
    "<div>\na < b et 3<4\n</div>": "<div>\na &lt; b et 3&lt;4\n</div>",
    "a < b et 3<4": "<p>a &lt; b et 3&lt;4</p>",
    "L'<abbr title='x > y'>ESS</abbr>": "<abbr title='x > y'>ESS</abbr>",
    "<math><mi>x</mi><mspace/></math>": "<math><mi>x</mi><mspace/></math>",
}


@pytest.mark.parametrize("body", SHOWN)
def test_html_that_a_page_may_hold_is_shown(body):
    text = markdown_text.read_body(body, lang="fr")
    assert text.faults == []
    assert SHOWN[body] in text.html


def test_an_address_in_html_is_one_of_the_site_as_in_markdown():
    seen = []
    problem, remedy = Message("not an address for a page"), Message("write https://…")
    refusal = ProblemError(problem, remedy)

    def resolve(address):
        seen.append(address)
        if address.startswith("//"):
            raise refusal
        return f"/base{address}"

    body = "<a href='a.md'>a</a> <q cite=b.md>b</q>\n<a\nhref=//e.org>c</a>"
    text = markdown_text.read_body(body, lang="fr", resolve=resolve)
    assert seen == ["a.md", "b.md", "//e.org"]
    assert '<a href="/basea.md">a</a> <q cite="/baseb.md">b</q>' in text.html
    assert text.faults == [(2, "link", problem, remedy)]


def test_a_link_in_html_to_a_hidden_page_becomes_its_words():
    def resolve(address):
        return "" if address == "hidden.md" else address

    body = (
        "Voir <a class=x href=hidden.md target=_blank rel=next>un <b>mot</b></a>, "
        "<a href=/x/>un lien</a>, <a name=y>rien</a> <q cite=hidden.md>a</q>"
    )
    text = markdown_text.read_body(body, lang="fr", resolve=resolve)
    assert text.faults == []
    assert text.html == (
        '<p>Voir <span class="x">un <b>mot</b></span>, '
        '<a href="/x/">un lien</a>, <a name=y>rien</a> <q>a</q></p>\n'
    )


def test_two_mistakes_are_two_faults_each_at_its_line():
    body = "a <b>x\n\n<votre nom>\n\n```\n<b>\n```\n\nb <i>y"
    faults = markdown_text.read_body(body, lang="fr", first_line=10).faults
    assert sorted(fault[0] for fault in faults) == [10, 12, 18]
