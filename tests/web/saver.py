"""A process that saves as the writing page's desk does, and is killed where it is told.

Each line of standard input is a list of steps of JSON for the content folder of SITE_CONTENT; each
line of the answer tells what was acknowledged. A step may name the call of the system before which
the process is killed, counted from 1: each gap between two writes is a place where power may fail.
"""

import json
import os
import signal
import sys
from pathlib import Path

from engine.web.desk import Desk, decode, edited, encode
from engine.web.form_values import read_form
from engine.web.refusal import RefusalError
from engine.web.safe_files import digest_of

# What a save calls that leaves something on the disk.
_CALLS = ("open", "write", "fsync", "rename", "replace", "mkdir", "unlink", "fchmod", "link")


def kill_before(count: int) -> None:
    """End this process, without a word, before the call of that number."""
    calls = [0]

    def counted(name: str):
        call = getattr(os, name)

        def count_call(*arguments, **options):
            calls[0] += 1
            if calls[0] == count:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return count_call

    for name in _CALLS:
        setattr(os, name, counted(name))


def step(source: str, kind: str, how: str, words: str, memory: dict) -> dict:
    """Do a step; what was acknowledged, or refused."""
    desk = Desk()
    path = desk.content / source
    if how == "editor":
        path.write_bytes(encode(words))
        return {"editor": words}
    text = decode(path.read_bytes())
    if how == "stale":
        text = memory.get("first", text)
    memory.setdefault("first", text)
    digest = digest_of(encode(text))
    edit = {"whole": words} if how in ("whole", "stale") else {"body": words}
    if how == "title":
        edit = {"values": {"title": words}}
    if how in ("title", "body") and not read_form(text, kind).is_readable:
        return {}
    try:
        new = edited(kind, text=text, digest=digest, **edit)
        print(json.dumps({"trying": new}), flush=True)
        is_stale = path.read_bytes() != encode(text)
        desk.store(source, encode(new), digest, new)
    except RefusalError as error:
        return {"refused": error.status}
    return {"saved": new, "stale": is_stale}


def run(steps: list, source: str, kind: str) -> None:
    """Do all steps in a process of its own; a new one goes on after one that was killed."""
    memory: dict = {}
    while steps:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            os.dup2(writing, 1)
            for number, (how, words, kill) in enumerate(steps):
                if kill:
                    kill_before(kill)
                told = step(source, kind, how, words, memory)
                print(
                    json.dumps({"step": number, "first": memory.get("first"), **told}), flush=True
                )
                if kill:
                    os._exit(0)
            os._exit(0)
        os.close(writing)
        done = -1
        with os.fdopen(reading) as lines:
            for line in lines:
                told = json.loads(line)
                print(json.dumps(told))
                done = max(done, told.get("step", -1))
                memory |= {"first": told["first"]} if told.get("first") else {}
        os.waitpid(child, 0)
        was_killed = done + 1 < len(steps) and steps[done + 1][2]
        steps = steps[done + 1 + bool(was_killed) :]
    print(json.dumps({"end": True}), flush=True)


def main() -> None:
    """Do what is asked until there is no more to read."""
    for line in sys.stdin:
        request = json.loads(line)
        os.environ["SITE_CONTENT"] = request["content"]
        Path(request["content"]).mkdir(parents=True, exist_ok=True)
        run(request["steps"], request["source"], request["kind"])


if __name__ == "__main__":
    main()
