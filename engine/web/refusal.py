"""The refusal of a request of the writing page."""

from engine.faults import Fault, Message


class RefusalError(Exception):
    """A refused request: the status of HTTP, the reason, the faults of the command.

    `more` is added to the answer.
    """

    def __init__(self, status: int, why: Message, *faults: Fault, **more: object):
        super().__init__(str(why))
        self.status, self.why, self.faults, self.more = status, why, faults, more


def not_found() -> RefusalError:
    """Return the refusal for a missing text, file or version."""
    return RefusalError(404, Message("there is no such file any more: open the list again"))
