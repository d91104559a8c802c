"""What a plugin may give to the templates: functions whose results a build can compare."""

import pytest

from engine.dependencies import RecordedTable
from plugins.page_writer import refuse_unrecordable


class Counter:
    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1


def count_words(text):
    return len(text.split())


def closure():
    known = {}
    return lambda key: known[key]


@pytest.mark.parametrize("function", [closure(), Counter(), Counter().__call__, {}.get])
def test_a_function_with_a_state_is_refused_before_a_page_is_made(function):
    with pytest.raises(TypeError):
        refuse_unrecordable({"function": function}, {})
    with pytest.raises(TypeError):
        refuse_unrecordable({}, {"filter": function})


def test_a_function_of_a_module_and_a_table_may_be_called():
    functions = {"count_words": count_words, "table": RecordedTable("table", {})}
    refuse_unrecordable(functions, {"count_words": count_words})
