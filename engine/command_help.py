"""Translate `./inv --list`, `./inv --help TASK` and the errors of a mistyped command.

invoke has no catalogue of its own.
"""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager

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
        with _mistakes():
            super().parse_tasks()

    def parse_cleanup(self) -> None:
        with _mistakes():
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
def _mistakes() -> Iterator[None]:
    try:
        yield
    except ParseError as error:
        raise ParseError(str(_in_words(str(error))), error.context) from error


def _in_words(said: str) -> object:
    if found := _UNKNOWN.fullmatch(said):
        return Message(
            "“{name}” is no command and no option; `./inv --list` shows the commands",
            name=found[1],
        )
    if found := _WITHOUT_VALUE.fullmatch(said):
        return Message("the option {option} needs a value", option=_typed(found[1]))
    if found := _WITH_VALUE.fullmatch(said):
        return Message("the option {option} takes no value", option=_typed(found[1]))
    return said


def _typed(name: str) -> str:
    return f"--{name.replace('_', '-')}"
