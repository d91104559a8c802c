"""What a template reads, and the description of it that two builds compare."""

import datetime
import enum
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, pass_context
from markupsafe import Markup

from engine.dependencies import (
    RecordedObject,
    RecordedTable,
    RecordingContext,
    SharedResults,
    describe,
    record,
    render,
)


class Text(RecordedObject):
    def __init__(self, name, **values):
        self.record_name = name
        vars(self).update(values)


@dataclass(frozen=True)
class Place:
    name: str
    text: Text | None = None
    numbers: list[int] = field(default_factory=list)


class Colour(enum.Enum):
    RED = 1


@pass_context
def greet(context, name):
    return f"{context['greeting']} {name}, {context['site'].title}"


def read_by(template, values, **shared):
    """What a template reads: the page's variables, those of all pages, attributes by object."""
    environment = Environment(
        loader=DictLoader({"page": template, "part": "{{ site.title }}{{ own }}"}),
        undefined=StrictUndefined,
    )
    environment.context_class, environment.globals = RecordingContext, shared
    _page, reads = record(lambda: render(environment.get_template("page"), values))
    return reads


def test_variables_of_the_page_and_of_all_pages_are_told_apart():
    reads = read_by("{{ title }}{% if x is defined %}{% endif %}{{ here }}", {"here": 1}, title=2)
    assert (reads.own, reads.names) == ({"here"}, {"title", "x"})


def test_a_variable_that_a_template_sets_is_not_read():
    assert read_by("{% set title = 1 %}{% block a %}{{ title }}{% endblock %}", {}).names == set()


@pytest.mark.parametrize(
    "template",
    [
        "{{ text.title }}",
        "{{ text['title'] }}",
        "{{ text|attr('title') }}",
        "{{ [text]|map(attribute='title')|list }}",
        "{% for each in [text] %}{{ each.title }}{% endfor %}",
        "{% with other = text %}{% include 'part' %}{{ other.title }}{% endwith %}",
        "{{ title_of(text) }}",
    ],
)
def test_an_attribute_of_a_text_is_noted_however_it_is_read(template):
    def title_of(text):
        return text.title

    text, site = Text("a", title="A", other="O"), Text("site", title="S")
    reads = read_by(template, {"text": text, "own": ""}, title_of=title_of, site=site)
    assert "title" in reads.attributes[id(text)]
    assert "other" not in reads.attributes[id(text)]


def test_what_a_function_reads_is_read_by_the_page():
    site = Text("site", title="S", other="O")
    reads = read_by("{{ greet('you') }}", {}, greet=greet, greeting="Hello", site=site)
    assert reads.names == {"greet", "greeting", "site"}
    assert reads.attributes == {id(site): {"title"}}


def test_each_entry_of_a_table_is_read_by_itself_and_so_is_one_that_is_not_there():
    table = RecordedTable("table", {"a": 1, "b": 2}, default=0)
    reads = read_by("{{ table('a') + table('c') }}", {}, table=table)
    assert reads.attributes == {id(table): {"a", "c"}}


def test_what_a_shared_result_reads_counts_for_each_page_that_uses_it():
    site, shared, made = Text("site", title="S"), SharedResults(), []

    def make():
        made.append(1)
        return site.title

    inner = [record(lambda: shared.get("key", make))[1].shared[0] for _page in range(2)]
    assert made == [1]
    assert [each.attributes for each in inner] == [{id(site): {"title"}}] * 2


def test_a_shared_result_cannot_depend_on_the_page_that_happened_to_be_first():
    @pass_context
    def share(context, *key):
        return context["shared"].get(key, lambda: context["here"], own=key)

    variables = {"share": share, "shared": SharedResults()}
    assert read_by("{{ share('here') }}", {"here": "/a/"}, **variables)
    with pytest.raises(TypeError, match="here"):
        read_by("{{ share() }}", {"here": "/a/"}, **variables)


def test_nothing_is_noted_outside_a_page():
    text = Text("a", title="A")
    assert record(lambda: None)[1].attributes == {}
    assert text.title == "A"


# --- Descriptions --------------------------------------------------------------------------------

VALUES = [
    None,
    True,
    1,
    1.5,
    "1",
    b"1",
    Markup("1"),
    "a" * 500,
    "a" * 499 + "b",
    Markup("a" * 500),
    [1, 2],
    (1, 2),
    [2, 1],
    [],
    {"a": 1, "b": 2},
    {"b": 2, "a": 1},
    {1, 2},
    datetime.date(2012, 3, 1),
    datetime.datetime(2012, 3, 1, tzinfo=datetime.UTC),
    Path("a"),
    Colour.RED,
    Place("a"),
    Place("b"),
    Place("a", Text("x")),
    Place("a", Text("y")),
    Text("x"),
    greet,
    RecordedTable("table", {}),
]


def test_different_values_have_different_descriptions():
    assert len({repr(describe(value)) for value in VALUES}) == len(VALUES)


def test_an_object_is_described_by_its_name_whatever_it_holds():
    assert describe([Text("a", title=1)]) == describe([Text("a", title=object())])


def test_sets_have_no_order():
    # Both have the same place in a table of eight, which the first one takes.
    assert list({1, 9}) != list({9, 1})
    assert describe({1, 9}) == describe({9, 1})


def test_a_dataclass_is_described_with_all_its_fields():
    assert describe(Place("a", numbers=[1])) != describe(Place("a", numbers=[2]))
    assert describe(Place("a", numbers=[1])) == describe(Place("a", numbers=[1]))


def test_a_function_with_a_state_of_its_own_is_refused():
    state = {}

    def look_up(key):
        return state[key]

    for function in (look_up, lambda key: key):
        with pytest.raises(TypeError, match="must be a function of a module"):
            describe({"function": function})


@pytest.mark.parametrize("value", [object(), object, iter(()), (n for n in ()), {}.get, print])
def test_a_value_of_an_unknown_type_is_refused(value):
    with pytest.raises(TypeError, match="cannot describe"):
        describe([("a", value)])
