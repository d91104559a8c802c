"""Translate `./inv --list`, `./inv --help TASK` and the errors of a mistyped command.

invoke has no catalogue of its own.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from invoke.collection import Collection
from invoke.exceptions import ParseError
from invoke.main import program
from invoke.program import Program

from engine.faults import Message
from engine.messages.catalogue import translate

# As invoke.parser and invoke.program raise them.
_UNKNOWN = re.compile(r"No idea what '(.*)' is!")
_WITHOUT_VALUE = re.compile(r"Flag <Argument: ([^ >]+).*> needed value and was not given one!")
_WITH_VALUE = re.compile(r"Flag <Argument: ([^ >]+).*> doesn't take any value!")


def translate_program() -> None:
    """Make the running program of invoke, called `./inv` or `invoke`, use these words."""
    program.__class__ = _Commands


class _Commands(Program):
    def parse_tasks(self) -> None:
        with _mistakes(self.collection):
            super().parse_tasks()

    def parse_cleanup(self) -> None:
        with _mistakes(self.collection):
            super().parse_cleanup()

    def list_tasks(self) -> None:
        for task in self.collection.tasks.values():
            task.__doc__ = translate(inspect.getdoc(task))
        super().list_tasks()

    def task_list_opener(self, extra: str = "") -> str:
        # invoke adds the colon.
        return str(Message("Commands of this site:")).removesuffix(":")

    def print_task_help(self, name: str) -> None:
        print(Message("Usage: ./inv {name} [options]", name=name), end="\n\n")
        print(self.leading_indent + translate(inspect.getdoc(self.collection[name])), end="\n\n")
        options = [
            (flags, translate(text)) for flags, text in self.parser.contexts[name].help_tuples()
        ]
        if options:
            print(Message("Options:"))
            self.print_columns(options)


@contextmanager
def _mistakes(tasks: Collection) -> Iterator[None]:
    try:
        yield
    except ParseError as error:
        raise ParseError(str(_in_words(error, tasks)), error.context) from error


def _in_words(error: ParseError, tasks: Collection) -> object:
    said = str(error)
    if found := _UNKNOWN.fullmatch(said):
        # invoke cuts what follows a single dash into letters.
        typed = next((word for word in sys.argv[1:] if word.startswith(found[1])), found[1])
        if option := _option_of(typed, error.context and error.context.name, tasks):
            return Message(
                "“{typed}” begins with a dash, as options do; write {option}",
                typed=typed,
                option=f'{option}="{typed}"',
            )
        return Message(
            "“{name}” is no command and no option; `./inv --list` shows the commands",
            name=typed,
        )
    if found := _WITHOUT_VALUE.fullmatch(said):
        return Message("the option {option} needs a value", option=_typed(found[1]))
    if found := _WITH_VALUE.fullmatch(said):
        return Message("the option {option} takes no value", option=_typed(found[1]))
    return said


def _option_of(typed: str, name: str | None, tasks: Collection) -> str:
    """Return the option for the word of a task that begins with a dash, "" for a wrong option."""
    is_option = not typed.startswith("-") or (typed.startswith("--") and " " not in typed)
    if is_option or not {name, typed} <= set(sys.argv):
        return ""
    before = sys.argv[sys.argv.index(name) + 1 : sys.argv.index(typed)]
    takes = list(inspect.signature(tasks[name].body).parameters.values())[1:]
    given = takes[len(before) :]
    return _typed(given[0].name) if given and given[0].default is None else ""


def _typed(name: str) -> str:
    return f"--{name.replace('_', '-')}"
