"""HTML typed in a text: a browser shows all its words, or a fault tells."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.markdown import markdown_text
from tests.system_parts import IS_CI

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(1800)]

CASES = 3000 if IS_CI else 300
# Typography touches no letter of it, and no mark means anything by it.
WORD = "verlaine"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Parses as a browser does, lays out, and reads what a visitor sees.
_SEEN = """html => {
    const read = new DOMParser().parseFromString(html, 'text/html')
    document.documentElement.replaceWith(document.adoptNode(read.documentElement))
    const after = document.getElementById('after')
    return [document.querySelector('main').innerText, after && after.parentNode.tagName]
}"""

_IN_A_LINE = """W
*W*
**W**
`W`
~~W~~
[W](/contact/)
[W]{lang=en}
<b>W</b>
<I>W</I>
<kbd>W</kbd>
<a href=/contact/>W</a>
<A HREF = '/contact/'>W</A>
<span lang="en">W</span>
<abbr title='a "b"'>W</abbr>
<ins cite=/contact/>W</ins>
<img src="/a.jpg" alt="">
<b>W *W*</b>
**<i>W</i>**
W<br>W
<!-- x -->
a < b & W
\\<W>
&lt;W&gt;"""
IN_A_LINE = st.sampled_from(_IN_A_LINE.split("\n"))
LINES = st.lists(IN_A_LINE, min_size=1, max_size=4).map(" ".join)
BLOCKS = st.one_of(
    LINES,
    LINES,
    LINES.map(lambda line: f"- {line}"),
    LINES.map(lambda line: f"> {line}"),
    LINES.map(lambda line: f"## {line}"),
    LINES.map(lambda line: f"<div class=x>\n\n{line}\n\n</div>"),
    LINES.map(lambda line: f"<details open>\n<summary>W</summary>\n\n{line}\n\n</details>"),
    st.sampled_from(
        [
            "<p>W",
            "<sub\nclass=x>W</sub>",
            "<p>W</p>\n<p>W</p>",
            "<ul>\n<li>W\n<li>W\n</ul>",
            "<table>\n<tr><td>W<td>W\n<tr><td>W\n</table>",
            "<dl><dt>W<dd>W</dl>",
            "<pre>W\n\nW</pre>",
            "<blockquote>\nW\n</blockquote>",
            "<hr>",
            "<!-- x\n\ny -->",
            "W | W\n--|--:\nW | <b>W</b>",
            "```\n<b>W\n```",
            "W\n: W",
            "<math><mi>W</mi><mspace/></math>",
        ]
    ),
)
RIGHT = st.lists(BLOCKS, min_size=1, max_size=5).map("\n\n".join)
ODD = st.sampled_from(
    [
        *("<b>", "</b>", "<div>", "</div>", "<p>", "</p>", "<li>", "<td>", "<table>", "</table>"),
        *("<votre nom>", "<!--", "-->", "-- >", "--!>", "<!-->", "<![CDATA[", "]]>", "<?", "?>"),
        *("<textarea>", "</textarea>", "<xmp>", "<plaintext>", "<script>", "<style>", "<select>"),
        *("<svg>", "</svg>", "<math>", "<br/>", "</br>", "<div/>", "<b", "<", ">", '">', "</"),
        *('<a href="x', "<a href=/x/>", "</a>", "<i class='", "'", '"', "<h2>", "</h2>", "<tr>"),
        *("*", "**", "_", "`", "~~", "\n", "\n\n", "- ", "> ", "# ", "    ", "|", "[W](", "</ul>"),
        *(["W"] * 12),
    ]
)
SPACES = st.sampled_from([" ", " ", "\n", "\n\n"])
WRONG = st.lists(st.tuples(st.one_of(ODD, IN_A_LINE), SPACES).map("".join), max_size=9).map("".join)


def test_html_is_shown_whole_or_a_fault_tells(page):
    reached = []

    @given(st.one_of(RIGHT, RIGHT, WRONG))
    @settings(max_examples=CASES, suppress_health_check=[HealthCheck.too_slow])
    def run(typed):
        body = typed.replace("W", WORD)
        text = markdown_text.read_body(body, lang="fr")
        reached.append(not text.faults)
        lines = body.count("\n") + 1
        assert all(1 <= line <= lines for line, *_ in text.faults), text.faults
        if not text.faults:
            shown = f"<!DOCTYPE html><main>{text.html}</main><p id=after>"
            seen, place = page.evaluate(_SEEN, shown)
            assert seen.count(WORD) >= _COMMENT.sub("", body).count(WORD), text.html
            assert place == "BODY", text.html

    run()
    assert sum(reached) >= 0.6 * len(reached)


def test_right_html_reaches_the_page(page):
    @given(RIGHT)
    @settings(max_examples=CASES // 10, suppress_health_check=[HealthCheck.too_slow])
    def run(typed):
        assert markdown_text.read_body(typed.replace("W", WORD), lang="fr").faults == []

    run()
