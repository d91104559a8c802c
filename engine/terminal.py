"""Ask for confirmation at the terminal, and turn the errors of a command into its exit code."""

import sys
from collections.abc import Callable

from engine.faults import FaultsError


def confirm(question: object) -> bool:
    """Ask a question, which ends in “[y/N] ”, at the terminal; Ctrl-D is a no."""
    try:
        answer = input(question)
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes", "o", "oui")


def exit_code(command: Callable[[], None], interrupted: object) -> int:
    """Run a command: 0, or 1 with its faults printed, or 130 with a sentence after Ctrl-C."""
    try:
        command()
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(interrupted, file=sys.stderr)
        return 130
    return 0
