"""What is made from the schemas: the writer's and the owner's references, the editor's help."""

import json
import re

import jsonschema
import pytest
import yaml

from engine.checking import Finding, Severity
from engine.faults import Fault
from engine.languages import LANGUAGES
from engine.settings.site_file import read_site_file
from engine.settings.site_schema import BLOCKS, KEYS
from engine.texts import headers
from engine.texts.content_files import FOLDERS
from engine.texts.header_schema import KINDS, TYPES, header_line
from engine.writing import from_schema, site_reference
from engine.writing.editor_help import json_schema, site_json_schema, snippets
from tests import sample_content, sites

TEXTS = {name: text for name, text in sample_content.full_site().items() if name.endswith(".md")}


def kind_of(name: str) -> str:
    folder = name.rpartition("/")[0]
    return next((kind for kind, own in FOLDERS.items() if own == folder), "home")


def as_typed(lines: list[str]) -> dict:
    """A header with every value as the writer typed it."""
    return yaml.load("\n".join(lines), Loader=yaml.BaseLoader)


def as_yaml_guesses(lines: list[str]) -> dict:
    """A header as an editor's YAML reads it: numbers are numbers, days stay words (YAML 1.2)."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's interface
            first: [(tag, form) for tag, form in known if not tag.endswith("timestamp")]
            for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return yaml.load("\n".join(lines), Loader=Loader)


@pytest.mark.parametrize("name", from_schema.files())
def test_the_files_are_those_that_the_schema_gives(name):
    text = (sites.ROOT / name).read_bytes().decode()
    assert text == from_schema.files()[name], "run ./inv headers"


def test_the_command_writes_every_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(from_schema, "ROOT", tmp_path)
    from_schema.main()
    written = {
        path.relative_to(tmp_path).as_posix(): path.read_text("utf-8")
        for path in tmp_path.rglob("*.*")
        if path.is_file()
    }
    assert written == from_schema.files()
    assert capsys.readouterr().out.split() == list(from_schema.files())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_schema_is_one(kind, lang):
    jsonschema.Draft7Validator.check_schema(json_schema(kind, lang))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("read", [as_typed, as_yaml_guesses])
def test_the_schema_accepts_each_header_of_the_site_and_no_other_key(name, read):
    lines, _body, _line = headers.split_header(TEXTS[name])
    schema = json_schema(kind_of(name), "en" if name.endswith(".en.md") else "fr")
    header = read(lines)
    jsonschema.validate(header, schema, jsonschema.Draft7Validator)
    with pytest.raises(jsonschema.ValidationError, match="sumary"):
        jsonschema.validate(header | {"sumary": "x"}, schema, jsonschema.Draft7Validator)


# kind, lines: what the build takes or refuses, the editor takes or refuses as well.
LINES = [
    ("article", "date: 2012", True),
    ("article", "date: 2012-03-24", True),
    ("article", "date: end of 2016", True),
    ("article", "date: 03/02/2024", False),
    ("article", "date: 12", False),
    ("article", "date:", False),
    ("article", "title:", False),
    ("article", "title: 1984", True),
    ("article", "summary:", True),
    ("article", "status: announced", False),
    ("project", "status: announced", True),
    ("page", "status: publised", False),
    ("page", "template: legal", True),
    ("page", "template: project", False),
    ("page", "menu: side", False),
    ("page", "order: 2", True),
    ("page", "order: deux", False),
    ("page", "order: -1", False),
    ("page", "date: 2012", False),
    ("project", "start: 2010", True),
    ("home", "definition: x", True),
    ("home", "order: 1", False),
    ("home", "status: draft", True),
    ("article", "slug: l-ete", True),
    ("article", "slug: été", False),
    ("article", f"slug: {'x' * 101}", False),
    ("article", "lang: FR", False),
    ("article", "tags: [a, b]", True),
    ("article", "tags: a, b", True),
    ("article", "tags: []", True),
    ("article", "tags: [a, '']", False),
    ("article", "links: {a: https://example.org}", True),
    ("article", "links: {a: }", True),
    ("article", "links: {a: example.org}", False),
    ("article", "translated_from: sha256-0123456789abcdef", True),
    ("article", "translated_from: sha256-0123456789ABCDEF", False),
    ("article", "translated_from: 0123456789abcdef", False),
    ("article", "title: [a]", False),
]


@pytest.mark.parametrize(("kind", "line", "is_right"), LINES)
@pytest.mark.parametrize("read", [as_typed, as_yaml_guesses])
def test_the_build_and_the_editor_say_the_same_of_a_line(kind, line, is_right, read):
    given = {"title": "title: a"} | ({"date": "date: 2012"} if kind == "article" else {})
    lines = list((given | {line.split(":")[0]: line}).values())
    _header, faults = headers.parse_header(lines, kind, "a.md", translation=False)
    assert (not faults) == is_right, faults
    validator = jsonschema.Draft7Validator(json_schema(kind))
    assert validator.is_valid(read(lines)) == is_right


def test_a_missing_key_is_told_where_no_other_file_can_give_it():
    french, english = json_schema("article"), json_schema("article", "en")
    assert not jsonschema.Draft7Validator(french).is_valid({"title": "a"})
    assert jsonschema.Draft7Validator(english).is_valid({"title": "a"})
    assert jsonschema.Draft7Validator(english).is_valid({"title": "a", "date": "2012"})
    stamped = {"title": "a", "translated_from": "sha256-0123456789abcdef"}
    assert jsonschema.Draft7Validator(english).is_valid(stamped)
    assert not jsonschema.Draft7Validator(english).is_valid(stamped | {"date": "2012"})


@pytest.mark.parametrize("kind", KINDS)
def test_each_example_and_choice_of_the_reference_can_be_typed(kind):
    for key in KINDS[kind]:
        assert key.type in TYPES
        for value in [key.example, *key.choices]:
            given = [header_line(k, k.example) for k in KINDS[kind] if k.required and k != key]
            _header, faults = headers.parse_header(
                [*given, header_line(key, value)], kind, "a.md", translation=False
            )
            assert faults == []


def test_the_reference_names_every_key_where_it_belongs():
    text = (sites.ROOT / "docs/en-tetes.md").read_text("utf-8")
    everywhere, *parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    named = [set(re.findall(r"^\| `(\w+)`", part, flags=re.MULTILINE)) for part in parts]
    shared = set(re.findall(r"^\| `(\w+)`", everywhere, flags=re.MULTILINE))
    assert [keys | shared for keys in named] == [
        {key.name for key in KINDS[kind]} for kind in ("article", "project", "page", "home")
    ]


def test_the_reference_names_every_setting():
    text = (sites.ROOT / "docs/reglages.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+)`", text, flags=re.MULTILINE)
    assert sorted(named) == sorted(key.name for key in KEYS.values())


def settings_of(tmp_path, text: str):
    files = {"site.yml": text, "images/portrait.jpg": b"a photo"}
    return read_site_file(sites.write(tmp_path, files))


def test_each_example_of_a_setting_can_be_typed_and_the_file_of_a_new_site_takes_it(tmp_path):
    values = {name: key.example for name, key in KEYS.items()}
    given = settings_of(tmp_path, site_reference.site_file(values))
    assert given.faults == ()
    assert [name for name in KEYS if not given.value(name)] == []
    assert given.block("owner")["phone"] == KEYS["owner.phone"].example


def test_the_file_of_a_new_site_has_every_setting_and_a_comment_for_each_block(tmp_path):
    text = site_reference.site_file({"names.fr": "Le Lavoir"})
    new = settings_of(tmp_path, text)
    assert new.faults == ()
    assert set(new.lines) == {*KEYS, *BLOCKS}
    assert [name for name in KEYS if new.value(name)] == [
        "names.fr",
        *(name for name, key in KEYS.items() if key.preset),
    ]
    lines = text.split("\n")
    for name in ("names", "id", "owner.siret"):
        assert lines[new.lines[name] - 2].strip().startswith("# "), name


# A block or key of the site's file: what the build takes or refuses, the editor does as well.
SETTINGS = [
    ("owner:\n  siret: 73282932000074", True),
    ("owner:\n  siret: 732 829 320 00074", True),
    ("owner:\n  siret: 7328", False),
    ("owner:\n  phone: +33 1 99 00 12 34", True),
    ("owner:\n  phone: demain", False),
    ("owner:\n  email: a", False),
    ("owner:\n  email:", True),
    ("owner:", True),
    ("owner: Camille", False),
    ("owner:\n  hobby: a", False),
    ("owner:\n  name: [a]", False),
    ("owner:\n  vat_number: FR44732829320", True),
    ("owner:\n  portrait: images/portrait.jpg", True),
    ("owner:\n  portrait: portrait.jpg", False),
    ("owner:\n  links:\n    A: https://a.fr", True),
    ("owner:\n  links:\n    A: http://a.fr", False),
    ("sign: '§'", True),
    ("sign: abcd", False),
    ("news_on_home: 12", True),
    ("news_on_home: 0", False),
    ("hsts_preload: yes", True),
    ("hsts_preload: oui", False),
    ("address: a.fr", False),
    ("adress: https://a.fr", False),
]


@pytest.mark.parametrize(("text", "is_right"), SETTINGS)
def test_the_build_and_the_editor_say_the_same_of_a_setting(tmp_path, text, is_right):
    assert (not settings_of(tmp_path, text).faults) == is_right
    validator = jsonschema.Draft7Validator(site_json_schema())
    assert validator.is_valid(yaml.load(text, Loader=yaml.SafeLoader)) == is_right


def test_the_editors_settings_name_the_schema_of_the_site():
    settings = json.loads((sites.ROOT / ".vscode/settings.json").read_text("utf-8"))
    (name,) = settings["yaml.schemas"]
    assert name in from_schema.files()


@pytest.mark.parametrize("name", snippets())
def test_a_snippet_left_as_it_comes_is_a_right_header(name):
    snippet = snippets()[name]
    assert snippet["scope"] == "markdown"
    text = "\n".join(snippet["body"])
    text = text.replace("$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE", "2026-05-12")
    text = re.sub(r"\$\{\d+\|(\w+)[^|]*\|\}", r"\1", text)
    text = re.sub(r"\$\{\d+:((?:\\.|[^\\}])*)\}", r"\1", text).replace("$0", "")
    lines = [re.sub(r"\\([$}\\])", r"\1", line) for line in text.split("\n")]
    if name.startswith("header of "):
        _header, faults = headers.parse_header(
            lines[1:-2], name.split()[-1], "a.md", translation=False
        )
        assert faults == []
        return
    [line] = lines
    keys = [key for keys in KINDS.values() for key in keys if key.name == snippet["prefix"]]
    assert any(
        line in (header_line(key, key.example), *_choices(key), "date: 2026-05-12") for key in keys
    )


def _choices(key) -> list[str]:
    return [header_line(key, value) for value in key.choices]


@pytest.mark.parametrize(
    ("severity", "level", "message"),
    [
        ("fault", "error", "date: “demain”: no; write 2012:03 [header-value]"),
        ("warning", "warning", "“demain”: no; write 2012:03 [header-value]"),
        ("advice", "info", "“demain”: no; write 2012:03 [header-value]"),
    ],
)
@pytest.mark.parametrize("words", [("en", "; "), ("fr", "\u202f; ")], ids=["en", "fr"])
def test_the_editor_finds_each_finding_that_the_check_prints(
    monkeypatch, words, severity, level, message
):
    lang, joint = words
    monkeypatch.setenv("SITE_MESSAGES", lang)
    tasks = json.loads((sites.ROOT / ".vscode/tasks.json").read_text("utf-8"))
    fault = Fault(
        "content/a b/2012-03-été.md", 3, "date", "“demain”: no", "write 2012:03", "header-value"
    )
    said = str(Finding.of_fault(fault, Severity(severity)))
    found = {
        matcher["severity"]: match.groups()
        for matcher in tasks["tasks"][0]["problemMatcher"]
        if (match := re.fullmatch(matcher["pattern"]["regexp"], said))
    }
    assert found == {level: (fault.path, "3", message.replace("; ", joint))}


def test_the_tables_of_the_references_are_tables():
    for name, text in from_schema.files().items():
        if name.endswith(".md"):
            heads = re.findall(r"(?<!\|\n)^\|.*\|\n(.*)", text, re.MULTILINE)
            assert heads
            assert all(re.fullmatch(r"\|( --- \|)+", line) for line in heads), name


def test_the_editors_settings_can_be_read():
    settings = json.loads((sites.ROOT / ".vscode/settings.json").read_text("utf-8"))
    assert settings["files.eol"] == "\n"
    assert settings["[markdown]"]["editor.quickSuggestions"]["other"] == "on"
