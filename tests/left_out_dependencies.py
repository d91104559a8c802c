"""Show that the test of edits sees each kind of dependency that a build records.

    .venv/bin/python -m tests.left_out_dependencies
    .venv/bin/python -m tests.left_out_dependencies "body: the text" "code: theme"

Each kind is left out of the record by itself (`tests/building/dependency_patches.py`); edits of a
site are then built until an output differs from that of a clean build. A line a kind tells after
which edit; the exit code is 1 if a kind was not missed.
"""

import argparse
import random
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from engine.texts.header_schema import KINDS
from tests.building import edits
from tests.building.dependency_patches import PATCHES
from tests.building.edited_site import EditedSite
from tests.building.test_edits import Step

# Edits tried for each kind.
MAX_EDITS = 25
# Kinds of edits for each kind of dependency; else all.
LIKELY = {
    "variables of one page": ["add", "delete", "hide"],
    "variables of all pages": ["settings", "retitle"],
    "attributes of texts": ["change", "retitle", "reorder"],
    "entries of tables": ["translate", "hide"],
    "reads of shared results": ["retitle", "settings", "hide"],
    "body: the text": ["change"],
    "body: where links lead": ["rename"],
    "document: the original of a translation": ["translate", "delete"],
    "command: the texts": ["change"],
    "command: the day": ["clock"],
    "command: the environment": ["clock"],
    "command: what it says": ["clock"],
    "code: engine": ["code"],
    "code: plugins": ["code"],
    "code: theme": ["template", "style"],
    "code: files of the project": ["code"],
    "font: the words": ["retitle", "change"],
    "output: its files": ["damage"],
    "output: those of the site before": ["damage"],
    "signature: time of change, inode": ["change"],
    "inputs that change during a build": ["damage"],
    "checksums of the cache": ["damage"],
}
_PROJECT_SLUG = next(key for key in KINDS["project"] if key.name == "slug")
_LINKS = next(key for key in KINDS["article"] if key.name == "links")
ADDRESS = next(edit for edit in edits.EDITS["settings"] if edit.args[0] == "address")
# The edits that alone can show a dependency.
ONLY: dict[str, list[edits.Edit]] = {
    "body: the line where it begins": [edits.make_a_mistake],
    "body: the named links": [partial(edits.change_header, "article", _LINKS)],
    "body: the projects' ids": [partial(edits.change_header, "project", _PROJECT_SLUG)],
    "body: the path of the site": [ADDRESS],
    "body: the files that links describe": [edits.change_linked_file],
    "body: the files of pictures": [edits.change_image, edits.replace_image_by_same_size],
    "copied files": [edits.change_linked_file],
}


def edit_until_missed(name: str, warm: Path, seed: int) -> str | None:
    """Return which edit shows that a dependency is left out, None if none of MAX_EDITS does."""
    chance = random.Random(seed)
    kinds = {"chosen": ONLY[name]} if name in ONLY else edits.EDITS
    folder = Path(tempfile.mkdtemp(prefix="left-out-"))
    site = EditedSite(folder, warm)
    site.without = name
    try:
        assert site.check(), site.build()
        if not warm.exists():
            shutil.copytree(site.elsewhere / "cache", warm)
        for number in range(1, MAX_EDITS + 1):
            kind = chance.choice(LIKELY.get(name) or list(kinds))
            step = Step(kind, chance.randrange(len(kinds[kind])), chance.randrange(10**6))
            try:
                step.apply(site, kinds)
            except AssertionError as error:
                return f"edit {number}, {step}, {type(error).__name__} {str(error)[:150]!r}"
        return None
    finally:
        site.close()
        shutil.rmtree(folder)


def main() -> int:
    """Leave out each kind, or those that are named; the exit code is 0 if all were missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="KIND", help="; ".join(PATCHES))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.names) - set(PATCHES):
        parser.error(f"no such kind: {', '.join(unknown)}")
    not_missed = 0
    with tempfile.TemporaryDirectory() as cache:
        warm = Path(cache, "warm")
        for name in options.names or PATCHES:
            found = edit_until_missed(name, warm, options.seed)
            print(f"{name}: {found or 'NOT MISSED'}", flush=True)
            not_missed += not found
    return 1 if not_missed else 0


if __name__ == "__main__":
    sys.exit(main())
