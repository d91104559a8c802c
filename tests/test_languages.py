"""The languages of the site: one structure knows them, and a third one is a fault, not a crash."""

import ast
import re

import pytest

from engine import languages
from tests.sites import ROOT

MODULES = sorted([*ROOT.glob("engine/**/*.py"), *ROOT.glob("plugins/*.py")])
TEMPLATES = sorted(ROOT.glob("theme/templates/**/*.*"))
NAMED = re.compile(rf"""["'.]({"|".join(languages.LANGUAGES)})\b(?!-)""")
GERMAN = '    "de": Language("Deutsch", "Startseite", "de_DE", "de/", ".de", ("de_DE",)),\n'
# Where a third language is put: the file, what it stands below, the line that names it.
THIRD = {
    "LANGUAGES": ("engine/languages.py", "LANGUAGES = {\n", GERMAN),
    "ADDRESSES": (
        "pelicanconf.py",
        "ADDRESSES = {\n",
        '    "de": {"home": "", "year": "{year}/"},\n',
    ),
    "I18N_SUBSITES": (
        "pelicanconf.py",
        'I18N_SUBSITES[OTHER_LANGUAGE]["DIRECT_TEMPLATES"] = list(DIRECT_TEMPLATES)\n',
        'I18N_SUBSITES["de"] = {"SITENAME": "Hier"}\n',
    ),
}


def literals(code: str):
    """The line of each string of a module that is the code of a language."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and node.value in languages.LANGUAGES:
            yield node.lineno


def tables(code: str):
    """The keys of each table of words by language."""
    names = {"FRENCH", "ENGLISH"}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Dict):
            keys = {getattr(key, "id", "") for key in node.keys}
            if keys & names:
                yield keys


def test_no_other_module_names_a_language():
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in MODULES
        if path != ROOT / "engine/languages.py"
        for line in literals(path.read_text("utf-8"))
    }
    assert found == set()
    assert list(literals('a = {"fr": 1}\n\nb = ("de", f"{x}", "en")')) == [1, 3]


def test_no_template_names_a_language():
    assert len(TEMPLATES) > 20
    found = [path.name for path in TEMPLATES if NAMED.search(path.read_text("utf-8"))]
    assert found == []
    for named in ('hreflang="fr"', "pair.fr }}", '{"en": 1}'):
        assert NAMED.search(named)


def test_each_table_of_words_has_every_language():
    found = [keys for path in MODULES for keys in tables(path.read_text("utf-8"))]
    assert len(found) > 7
    names = {name for name, value in vars(languages).items() if value in [*languages.LANGUAGES]}
    assert all(keys == names - {"MAIN_LANGUAGE", "OTHER_LANGUAGE"} for keys in found)


@pytest.mark.parametrize("key", THIRD)
def test_a_third_language_is_one_fault_which_every_command_tells(copy, key):
    name, place, line = THIRD[key]
    file = copy.folder / name
    text = file.read_text("utf-8")
    assert place in text
    text = text.replace(place, place + line, 1)
    file.write_text(text, "utf-8")
    number = text[: text.index('"de"')].count("\n") + 1
    fault = f"{name}:{number}: {key}: “de” is no language of this site; remove it: "
    commands = ["build", "check"]
    if key == "ADDRESSES":
        commands += ["publish --dry-run", "prepare", "doctor", "releases", "rollback"]
        commands += ["server-files", "translations", "article Titre", "translate a"]
    for command in commands:
        said = copy.fails(f"./inv {command}")
        assert said.count("“de”") == said.count(fault) == 1, said
        assert "Traceback" not in said
    assert not (copy.folder / "output").exists()


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("DEFAULT_LANG = MAIN_LANGUAGE", 'DEFAULT_LANG = "de"', "is not the main language; write"),
        ('    "en": {\n', '    "fr": {\n', "ADDRESSES: “en” has no addresses; write them below"),
    ],
)
def test_settings_that_do_not_fit_the_languages_are_told(copy, right, wrong, fault):
    file = copy.folder / "pelicanconf.py"
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), "utf-8")
    said = copy.fails("./inv build")
    assert re.search(rf"^pelicanconf\.py:[0-9]+: .*{fault}", said, re.MULTILINE), said
    assert "Traceback" not in said
