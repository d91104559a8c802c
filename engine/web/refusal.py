"""What the writing page is told in place of what it asked for."""

from engine.faults import Fault, Message


class RefusalError(Exception):
    """A request that is refused: the status of HTTP, why, and the faults that a command tells.

    `more` is added to the answer.
    """

    def __init__(self, status: int, why: Message, *faults: Fault, **more: object):
        super().__init__(str(why))
        self.status, self.why, self.faults, self.more = status, why, faults, more


def not_found() -> RefusalError:
    """What to raise where there is no such text, file or version."""
    return RefusalError(404, Message("there is no such file any more: open the list again"))
