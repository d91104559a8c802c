"""Answer the server of the writing page, in a process without threads.

What it calls may fork. The server (`engine/web/server.py`) asks it as `inv serve` asks its worker:
a line of JSON for a request, a line of JSON for the answer, which holds the status of HTTP and the
body.
"""

import traceback
from collections.abc import Callable

from engine.faults import FaultsError, Message, join_messages
from engine.preview.worker_client import answer_requests
from engine.web import actions, answers, uploads
from engine.web.desk import Desk
from engine.web.refusal import RefusalError

MODULE = "engine.web.desk_process"

_ANSWERS: dict[str, Callable[..., dict]] = {
    "site": Desk.site,
    "texts": Desk.list_texts,
    "strands": Desk.strands,
    "findings": Desk.all_findings,
    "text": Desk.text,
    "draft": Desk.draft,
    "discard": Desk.discard,
    "save": Desk.save,
    "history": Desk.history,
    "version": Desk.version,
    "restore": Desk.restore,
    "new": actions.new,
    "translate": actions.translate,
    "duplicate": actions.duplicate,
    "hide": actions.hide,
    "show": actions.show,
    "announce": actions.announce,
    "delete": actions.delete,
    "deleted": actions.deleted,
    "undelete": actions.undelete,
    "accept": actions.accept,
    "accept-word": actions.accept_word,
    "files": uploads.files,
    "upload": uploads.upload,
}


class DeskProcess:
    """Answers each request with a status of HTTP."""

    def __init__(self):
        self._desk = Desk()

    def answer(self, name: str, request: dict) -> dict:
        """Return the status and the body of the answer to a request of _ANSWERS."""
        try:
            return {"status": 200, "body": _ANSWERS[name](self._desk, **request)}
        except RefusalError as error:
            return self._refused(error.status, error.why, *error.faults, **error.more)
        except FaultsError as error:
            told = join_messages(fault.problem for fault in error.faults)
            return self._refused(422, told, *error.faults)
        except TypeError:
            print(traceback.format_exc())
            return self._refused(400, Message("the page asked for something that nobody knows"))
        except Exception as error:
            print(traceback.format_exc())
            why = Message("the software has failed ({said})", said=repr(error))
            return self._refused(500, why)

    def _refused(self, status: int, why: Message, *faults: object, **more: object) -> dict:
        told = answers.findings(faults, self._desk.shown_folder)
        return {"status": status, "body": {"error": str(why), "faults": told, **more}}


if __name__ == "__main__":
    answer_requests(DeskProcess())
