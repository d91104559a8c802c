"""What a site still lacks before it may be published."""

import pytest

from engine.pages.markup import Markup
from engine.publishing import readiness
from engine.settings import site_file
from engine.settings.site_schema import KEYS
from tests.sites import settings, write


def test_each_fact_that_the_law_asks_for_is_missed_at_its_line(tmp_path):
    full = {key: KEYS[f"owner.{key}"].example for key in readiness.LEGAL_FACTS}
    write(tmp_path, {"site.yml": settings(**full)})
    assert readiness.missing_legal_facts(site_file.read_site_file(tmp_path)) == []
    for place, key in enumerate(full):
        write(tmp_path, {"site.yml": settings(**full | {key: "  "})})
        (fault,) = readiness.missing_legal_facts(site_file.read_site_file(tmp_path))
        assert (fault.key, fault.line) == (f"owner.{key}", 6 + place)


def test_the_director_may_be_the_editor():
    assert "director" not in readiness.LEGAL_FACTS


@pytest.mark.parametrize(
    "words", ["Lorem ipsum dolor", "TODO", "[à compléter]", "Écrire à moi@example.org"]
)
def test_words_that_wait_to_be_replaced_are_found(words):
    page = Markup(f"<p>Un texte. {words}</p>")
    (fault,) = readiness.check_placeholders("a/index.html", page)
    assert fault.path == "a/index.html"


@pytest.mark.parametrize(
    "html",
    [
        "<p>un dossier à compléter, un todo</p>",
        "<code>TODO</code><pre><b>TODO</b></pre>",
        "<style>/* TODO */</style><script>// TODO</script><!-- TODO -->",
        "<p>XX<sup>e</sup></p>",
    ],
)
def test_usual_words_and_code_are_no_placeholders(html):
    assert readiness.check_placeholders("index.html", Markup(html)) == []
