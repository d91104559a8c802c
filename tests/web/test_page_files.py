"""The files of the writing page: small, without what a policy would refuse, complete in French."""

import json
import re

import brotli
import pytest
from bs4 import BeautifulSoup

from engine.web.answers import schemas
from engine.web.static_files import PAGE_FOLDER

SCRIPTS = sorted(PAGE_FOLDER.glob("*.js"))
FRENCH = json.loads((PAGE_FOLDER / "fr.json").read_text("utf-8"))
ENGLISH = json.loads((PAGE_FOLDER / "en.json").read_text("utf-8"))
# What begins a call of `t`, up to the parenthesis that ends it.
_CALL = re.compile(r"\bt\(((?:[^()]|\([^()]*\))*)\)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def code() -> str:
    return "".join(path.read_text("utf-8") for path in SCRIPTS)


def spoken() -> set[str]:
    """What the page says, in English: the words of its templates, and of the calls of `t`."""
    page = BeautifulSoup((PAGE_FOLDER / "index.html").read_text("utf-8"), "html.parser")
    words = set()
    for template in page.find_all("template"):
        words |= {text.strip() for text in template.find_all(string=True) if text.strip()}
        words |= {each["aria-label"] for each in template.find_all(attrs={"aria-label": True})}
    for call in _CALL.findall(code()):
        words |= {word for word in _STRING.findall(call) if re.search(r"[A-Za-z]{2}", word)}
    return words


def test_the_scripts_are_at_most_60_kb_and_20_kb_with_brotli():
    assert SCRIPTS
    assert len(code().encode()) <= 60_000
    assert len(brotli.compress(code().encode())) <= 20_000


def test_every_word_of_the_page_has_its_french():
    assert spoken() - set(FRENCH) == set()


def test_each_key_of_a_text_and_of_the_settings_has_its_words():
    keys = [key for kind in schemas().values() for key in kind["keys"]]
    names = {key["name"].split(".")[-1] for key in keys}
    assert {"title", "host", "fediverse"} < names
    assert {f"key {name}" for name in names} - set(FRENCH) == set()


def test_every_word_of_the_schemas_has_its_english(monkeypatch):
    monkeypatch.setenv("SITE_MESSAGES", "fr")
    keys = [key for kind in schemas().values() for key in kind["keys"]]
    said = {key["meaning"] for key in keys} | {key.get("block_meaning", "") for key in keys}
    said |= {choice["meaning"] for key in keys for choice in key["choices"]}
    said.discard("")
    assert "Avec qui." in said
    assert said == {words for words in ENGLISH if not words.startswith("key ")}


def test_no_french_is_left_that_the_page_does_not_say():
    keys = {name for name in FRENCH if name.startswith("key ")}
    assert keys == {name for name in ENGLISH if name.startswith("key ")}
    assert [word for word in FRENCH.keys() - keys - spoken() if f'"{word}"' not in code()] == []


@pytest.mark.parametrize("english", FRENCH)
def test_the_french_has_the_same_names_and_french_typography(english):
    french = FRENCH[english]
    original = ENGLISH.get(english, english)
    assert set(re.findall(r"\{\w+\}", french)) == set(re.findall(r"\{\w+\}", original))
    assert french.count(" | ") == original.count(" | ")
    assert not re.search(r"'|“|”|\.\.\.", french)
    assert not re.search(r"(?<!\u202f)[;!?]", french)
    assert not re.search(r"(?<!\u00a0):(?!//)", french)
    assert not re.search(r"«(?!\u00a0)|(?<!\u00a0)»", french)


def test_the_page_has_nothing_that_its_policy_refuses():
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function|document\.write|srcdoc",
        code(),
    )
    page = BeautifulSoup((PAGE_FOLDER / "index.html").read_text("utf-8"), "html.parser")
    elements = [
        *page.find_all(True),
        *(each for template in page.find_all("template") for each in template.find_all(True)),
    ]
    for element in elements:
        assert not [name for name in element.attrs if name == "style" or name.startswith("on")]
    (script,) = page.find_all("script")
    assert script["src"] == "/page/main.js"
    assert not script.string
    assert not page.find_all("style")


def test_the_page_asks_nothing_of_another_machine():
    # An address in words, such as an example, is not asked for.
    files = [path for path in PAGE_FOLDER.iterdir() if path.suffix != ".json"]
    texts = [path.read_text("utf-8") for path in files]
    found = [address for text in texts for address in re.findall(r"https?://[\w.-]+", text)]
    assert found == []
