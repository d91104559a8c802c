"""A worker whose answers and requests are as long as is asked for."""

from engine.preview.worker_client import answer_requests


class LongAnswers:
    """Answers with as many letters as it is told."""

    def say(self, length: int, _words: str) -> dict:
        """Return a text of `length` letters."""
        return {"said": "x" * length}


if __name__ == "__main__":
    answer_requests(LongAnswers())
