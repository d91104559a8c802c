"""Messages: each is one whole sentence in the code, and quotes any value without being cut."""

import ast
import datetime
import re
import string
from collections.abc import Iterator

import pytest

from engine.texts import library
from pelicanconf import ADDRESSES
from tests import sites
from tests.sites import article, project

A = "articles/a.md"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><use href="x; y"/></svg>'
VIDEO = "![Un](https://vimeo.com/1)"
# Where each callable takes a problem and a remedy; each argument of a method `fault` or `add_fault`
# but the first may be one.
_PLACES = {
    "Fault": (3, 4),
    "Finding": (4, 5),
    "HeaderError": (1, 2),
    "Mistake": (1,),
    "ProblemError": (0, 1),
}
_NAMES = ("problem", "remedy")
# What shows words to the owner.
_SAYING = ("print", "say", "input", "confirm", "exit_code")
# A fault names what a writer types: its file, its key.
_KINDS_OF_MESSAGES = ("Message", "Fault")
# But not a command to paste.
_WORDS = re.compile(r"(?<!\./)\b[^\W\d_]{2,} [^\W\d_]{2,}")

# The files of a text in which a value holds "; ", and what is said of it: problem and remedy.
SEMICOLONS = {
    "a whole number": (
        {"pages/projects/p.md": project(order='"1; 2"')},
        ("“1; 2” is not a whole number", "write for example order: 1"),
    ),
    "a date": (
        {A: article(date='"1; 2"')},
        (
            "“1; 2” is not a date that can be read for certain",
            "write year-month-day, as in date: 2012-03-24, or as much as is known: 2012-03, "
            "2012, end of 2012",
        ),
    ),
    "a status": (
        {A: article(status='"a; b"')},
        ("“a; b” is not known", "use one of published, draft"),
    ),
    "an address": (
        {A: article(slug='"a; b"')},
        (
            "“a; b” cannot stand in an address",
            "use only a to z, 0 to 9 and single hyphens, 100 at most",
        ),
    ),
    "an alias": (
        {A: article(aliases='["a; b"]')},
        (
            "“a; b” is not a path of this site",
            "write what follows the site's name, from the first slash on, such as /ancien/nom/",
        ),
    ),
    "a named link": (
        {A: article(links='{a: "b; c"}')},
        ("“b; c”, of a, is not an address", "write https://…"),
    ),
    "a translation's stamp": (
        {A: article(), "articles/a.en.md": sites.header(title="A", translated_from='"a; b"') + "T"},
        (
            "“a; b” is not what the command writes",
            "put the line back as ./inv translate wrote it, or remove it",
        ),
    ),
    "a link": (
        {A: article(body="[x](<a; b.md>)")},
        ("a; b.md leads to no file", "name a file of the content folder"),
    ),
    "a link of HTML": (
        {A: article(body='<a href="/a; b/">x</a>')},
        ("/a; b/ leads to no page", "name the file of a text, or another page"),
    ),
    "a link to a theme": (
        {A: article(body="[x](<{tag}a; b>)")},
        ("no text of this language has the theme “a; b”", "add it to the tags of a text first"),
    ),
    "an image": (
        {A: article(body="![x](</images/a; b.jpg>)")},
        (
            "/images/a; b.jpg leads to no file",
            "name a file of the content folder",
        ),
    ),
    "a poster": (
        {A: article(body=f'{VIDEO}{{poster="/images/a; b.jpg" duration=1:00}}')},
        (
            "poster: /images/a; b.jpg leads to no file",
            "name a file of the content folder",
        ),
    ),
    "a drawing that is shown": (
        {A: article(body="![x](/images/a.svg)"), "images/a.svg": DRAWING},
        (
            "/images/a.svg: the drawing points to x; y",
            "export it with all that it shows in it",
        ),
    ),
    "a drawing that is linked to": (
        {A: article(body="[x](</images/a; b.svg>)"), "images/a; b.svg": DRAWING},
        (
            "/images/a;%20b.svg: the drawing points to x; y",
            "export it with all that it shows in it",
        ),
    ),
}


@pytest.mark.parametrize("name", SEMICOLONS)
def test_a_value_that_holds_a_semicolon_is_quoted_whole(tmp_path, name):
    files, said = SEMICOLONS[name]
    found = library.read_texts(
        sites.write(tmp_path, files), addresses=ADDRESSES, today=datetime.date(2026, 5, 30)
    )
    assert [(str(fault.problem), str(fault.remedy)) for fault in found.faults] == [said]


def _trees() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the product, with its path below the project's root."""
    for folder in ("engine", "plugins"):
        for path in sorted((sites.ROOT / folder).rglob("*.py")):
            yield path.relative_to(sites.ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def _name(function: ast.expr) -> str:
    """The name of what a call calls, with a dot before that of a method."""
    if isinstance(function, ast.Attribute):
        return f".{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def _mistaken_messages(tree: ast.Module) -> Iterator[int]:
    """The line of each message that is not one literal, or whose fields are not its values."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _name(node.func) != "Message":
            continue
        text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if len(node.args) > 1 or not isinstance(text, str):
            yield node.lineno
            continue
        fields = {field for _text, field, *_ in string.Formatter().parse(text) if field is not None}
        if fields != {keyword.arg for keyword in node.keywords}:
            yield node.lineno


def _problems_and_remedies(tree: ast.Module) -> Iterator[ast.expr]:
    """What is given as a problem or a remedy: to a call, or to a variable of that name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            places = _PLACES.get(name, ())
            for place, argument in enumerate(node.args):
                if isinstance(argument, ast.Starred):
                    break
                # A rule or a key is one word.
                is_word = isinstance(argument, ast.Constant) and " " not in str(argument.value)
                if place in places or (
                    name in (".fault", ".add_fault") and place > 0 and not is_word
                ):
                    yield argument
            yield from (keyword.value for keyword in node.keywords if keyword.arg in _NAMES)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            yield from (value for target, value in pairs if getattr(target, "id", "") in _NAMES)


def _texts(node: ast.expr) -> Iterator[int]:
    """The lines of the strings that an expression gives, or is put together from."""
    if isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str):
        yield node.lineno
    elif isinstance(node, (ast.BinOp, ast.BoolOp, ast.IfExp)):
        for part in ast.iter_child_nodes(node):
            yield from _texts(part)


def _bare_texts(tree: ast.Module) -> Iterator[int]:
    """The line of each problem and remedy that is text, and no message."""
    for given in _problems_and_remedies(tree):
        yield from _texts(given)


def _said_texts(tree: ast.Module) -> Iterator[int]:
    """The line of each text of several words that is said to the owner, and is no message."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func).removeprefix(".") in _SAYING:
            parts = [*node.args, *(each.value for each in node.keywords)]
            while parts:
                part = parts.pop()
                if isinstance(part, ast.Constant) and _WORDS.search(str(part.value)):
                    yield part.lineno
                elif not (isinstance(part, ast.Call) and _name(part.func) in _KINDS_OF_MESSAGES):
                    parts += ast.iter_child_nodes(part)


def test_each_message_is_one_literal_whose_fields_are_its_values():
    found = [f"{path}:{line}" for path, tree in _trees() for line in _mistaken_messages(tree)]
    assert found == []


def test_each_problem_and_each_remedy_is_a_message():
    found = [f"{path}:{line}" for path, tree in _trees() for line in _bare_texts(tree)]
    assert found == []


def test_what_is_said_to_the_owner_is_a_message():
    found = [f"{path}:{line}" for path, tree in _trees() for line in _said_texts(tree)]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'print("nothing was changed")',
        'say(f"sent to {place}")',
        'say(str(x or "not sent"))',
        'input("Send it? [y/N] ")',
        'confirm("Send it? ")',
        'exit_code(work, "stopped; call again")',
    ],
)
def test_a_text_that_is_said_is_found(line):
    assert list(_said_texts(ast.parse(line))) == [1]
    assert list(_said_texts(ast.parse('say(str(Message("sent to {place}", place="a b")))'))) == []


@pytest.mark.parametrize(
    "line",
    [
        'Message("there is no {file}")',
        'Message("there is no file", file=path)',
        'Message(f"there is no {file}")',
        'Message("there is no {file}".format(file=path))',
        'Message("there is no {}", path)',
        "Message(text, file=path)",
        'Message("there is no {file}", **values)',
    ],
)
def test_a_message_that_gettext_could_not_translate_is_found(line):
    assert list(_mistaken_messages(ast.parse(line))) == [1]


@pytest.mark.parametrize(
    "line",
    [
        'Fault(path, 1, "link", "there is no file", remedy)',
        'Fault(path, 1, "link", problem=problem, remedy=f"write {near}")',
        'ProblemError(problem, "did you mean this?" if near else remedy)',
        'text.add_fault("link", "there is no file", remedy)',
        'library.add_fault(document, "date", problem, f"write {near}")',
        'problem, line = "there is no file", 1',
        'remedy += ", or remove it"',
    ],
)
def test_a_problem_or_a_remedy_that_is_text_is_found(line):
    assert list(_bare_texts(ast.parse(line))) == [1]
