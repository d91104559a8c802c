"""What other programs read in Markdown is told with the form that works here."""

import pytest

from tests.sites import article, header

A = "articles/a.md"
# What is typed on a line -> the form that is told.
OTHER = {
    "- [ ] Peindre": "write - ☐ Peindre",
    "- [x] Peindre": "write - ☑ Peindre",
    "> [!NOTE]": "write > **NOTE**",
    "!!! warning": "write > **warning**",
    "*[ESS]: économie sociale": 'write <abbr title="économie sociale">ESS</abbr>',
    "[TOC]": "remove it",
    "[[_TOC_]]": "remove it",
    "![[pont.jpg]]": "(/images/pont.jpg)",
    "Voir [[Le lieu]].": "write [Le lieu](",
    "Voir [[lieu|le lieu]].": "write [le lieu](",
    "{{< youtube abc >}}": "](https://www.youtube.com/watch?v=abc){poster=",
    "{{ titre }}": "remove it",
    "{% include x %}": "remove it",
    '[gallery ids="1,2"]': "show each image",
    '[contact-form-7 id="5" title="Contact"]': "remove it, and write what it showed",
    "##Titre": "write ## Titre",
    "• Un": "write - Un",
    "Voir [le lieu(https://a.org).": "write [le lieu](https://a.org)",
    "Voir [le lieu] (https://a.org).": "write [le lieu](https://a.org)",
    "Voir (le lieu)[https://a.org].": "write [le lieu](https://a.org)",
    "Un ==mot==": "write <mark>mot</mark>",
    "H~2~O": "write H<sub>2</sub>",
    "M^me^ Martin": "write M<sup>me</sup>",
    "E = mc^2^.": "write mc<sup>2</sup>",
    "·\u00a0Un": "write - Un",
    "·  Un": "write - Un",
    "\uf0b7 Un": "write - Un",
    "[caption id=1]Une légende[/caption]": "show each image",
    "| a | b |": "|---|---|",
    "[b]gras[/b]": "write **gras**",
    ".. image:: a.png": "remove it",
}
IN_HTML = {
    "<div>\n<p>Un</p>\nUn mot **gras**.\n</div>": 9,
    "<div>\n[un lien](https://a.org)\n</div>": 8,
    "<details>\n<summary>S</summary>\n## Titre\n</details>": 9,
    "<section>\n- un\n- deux\n</section>": 8,
}
NONE = [
    "<div>\n\nUn mot **gras**.\n\n</div>",
    "<pre>\n**a** et [b](c)\n</pre>",
    "<div>\n<!-- **a** --> <code>**a**</code> 2 * 3\n</div>",
    "`[TOC]` et `{{ x }}`",
    "#ESS et #commun",
    "Le [mot] (entre parenthèses) reste.",
    "Si a == b, alors c == d.",
    "Les lecteur·rices et 2^3 et x ^ y ^ z",
    "Un [lien](https://a.org) (et la suite).",
    "~~Barré~~ et ~ 12 personnes",
    "| a |\n|---|\n| b |",
]


@pytest.mark.parametrize("line", OTHER)
def test_what_other_programs_read_is_a_warning_at_its_line(line, find):
    found = find({A: article(body=f"Un texte.\n\n{line}\n")}, "other-syntax", "bare-address")
    assert [(each.line, each.rule, each.severity) for each in found] == [
        (7, "other-syntax", "warning")
    ]
    assert OTHER[line] in str(found[0].remedy)


@pytest.mark.parametrize(
    ("line", "remedies"),
    [
        ("Un [[wiki]] et ==surligné== ici.", ["write <mark>", "write [wiki]("]),
        ('{{< figure >}} [caption id="1"]', ["remove it, and show", "remove it, and write"]),
        ("Un ==mot== et ==deux==.", ["write <mark>deux", "write <mark>mot"]),
        ("##Un ==titre==", ["write ## Un", "write <mark>"]),
        ("• Un ==mot== et H~2~O", ["write - Un", "write <mark>", "write H<sub>"]),
        ("{{< a >}} et {{< b >}}", ["remove it, and write"]),
    ],
)
def test_each_one_of_a_line_is_told(line, remedies, find):
    found = find({A: article(body=f"Un texte.\n\n{line}\n")}, "other-syntax")
    told = sorted(str(finding.remedy) for finding in found)
    assert len(told) == len(remedies)
    for remedy, words in zip(told, remedies, strict=True):
        assert remedy.startswith(words)


@pytest.mark.parametrize("body", IN_HTML)
def test_markdown_in_lines_of_html_is_a_warning_at_its_line(body, find):
    [found] = find({A: article(body=f"Un texte.\n\n{body}\n")}, "other-syntax")
    assert found.line == IN_HTML[body]
    assert "where Markdown is not read" in str(found.problem)


@pytest.mark.parametrize("line", NONE)
def test_what_is_read_here_is_no_warning(line, find):
    assert find({A: article(body=f"Un texte.\n\n{line}\n")}, "other-syntax") == []


@pytest.mark.parametrize(
    "body",
    [
        "Lire [the workshop and the meeting](https://a.org){lang=en}.",
        'Lire <i lang="en">the workshop and the meeting</i>.',
        '<div lang="en">\n\nThe workshop and the meeting.\n\n</div>',
    ],
)
def test_words_of_marks_of_english_are_english(body, find):
    assert find({A: article(body=body)}, "english-unmarked") == []


def test_an_address_read_as_part_of_a_note_is_told_once(told):
    body = "Un [lien][a] ici[^1].\n\n[^1]: Une note.\n[a]: https://a.org"
    files = {A: article(body=body), "home.md": header(title="Accueil")}
    found = [line for path, line, _ in told(files, "link", "bare-address") if path == A]
    assert found == [8]
