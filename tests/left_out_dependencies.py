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

from engine.settings import site_schema
from engine.texts.header_schema import KINDS
from tests.building import edits
from tests.building.dependency_patches import PATCHES
from tests.building.edited_site import DifferenceError, EditedSite
from tests.building.test_edits import Step

# Edits tried for each kind.
MAX_EDITS = 25
_KEYS = {(kind, key.name): key for kind, keys in KINDS.items() for key in keys}


def _header(kind: str, name: str) -> edits.Edit:
    return partial(edits.change_header, kind, _KEYS[kind, name])


def _setting(name: str) -> edits.Edit:
    return partial(edits.change_setting, name, site_schema.KEYS[name])


_RETITLE = edits.EDITS["retitle"]
# The edits that can show each kind of dependency.
EDITS: dict[str, list[edits.Edit]] = {
    "variables of one page": [edits.add_article, edits.delete_article, edits.schedule],
    "variables of all pages": [_setting("names.fr"), _setting("taglines.fr"), *_RETITLE],
    "attributes of texts": [edits.change_body, edits.add_elements],
    "entries of tables": [edits.introduce_topic],
    "reads of shared results": [_setting("owner.email"), partial(edits.retitle, "page")],
    "body: the text": [edits.change_body],
    "body: the line where it begins": [edits.move_a_mistake],
    "body: the named links": [_header("article", "links")],
    "body: the projects' ids": [_header("project", "slug")],
    "body: the path of the site": [_setting("address")],
    "body: where links lead": [edits.rename_by_slug, _header("article", "slug")],
    "body: the files that links describe": [edits.change_linked_file],
    "body: the files of pictures": [edits.change_image],
    "document: the signature of the file": [edits.change_body, edits.retag],
    "document: the original of a translation": [edits.translate, edits.delete_article],
    "command: the texts": [edits.change_body],
    "command: the day": [edits.pass_midnight, edits.pass_time],
    "command: the environment": [edits.change_environment],
    "command: what it says": [edits.change_environment],
    "code: engine": [partial(edits.change_number_of_code, ["engine/building/font_file.py"])],
    "code: plugins": [edits.change_word_of_code],
    "code: theme": [edits.change_template, edits.add_rule, edits.change_catalogue],
    "code: files of the project": [partial(edits.change_number_of_code, ["pelicanconf.py"])],
    "font: the words": [edits.add_heading, *_RETITLE],
    "copied files": [edits.change_linked_file],
    "output: its files": [edits.damage_output, edits.edit_in_place],
    "output: those of the site before": [edits.damage_cache, edits.delete_cache],
    "signature: time of change, inode": [edits.replace_by_same_size],
    "inputs that change during a build": [edits.save_during_a_build],
    "checksums of the cache": [edits.damage_cache],
}


# A build that finds a fault stores nothing: the process of the preview alone keeps its bodies.
IN_PREVIEW = ("body: the line where it begins",)


def edit_until_missed(name: str, first_cache: Path, seed: int) -> str | None:
    """Return which edit shows that a dependency is left out, None if none of MAX_EDITS does."""
    chance = random.Random(seed)
    chosen = {"chosen": EDITS[name]}
    folder = Path(tempfile.mkdtemp(prefix="left-out-"))
    site = EditedSite(folder, first_cache, has_preview=name in IN_PREVIEW)
    site.without = name
    try:
        assert site.check(), site.build()
        if not first_cache.exists():
            shutil.copytree(site.elsewhere / "cache", first_cache)
        for number in range(1, MAX_EDITS + 1):
            step = Step("chosen", chance.randrange(len(EDITS[name])), chance.randrange(10**6))
            try:
                step.apply(site, chosen)
            except DifferenceError as error:
                return f"edit {number}: {str(error)[:70]!r}"
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
        first_cache = Path(cache, "first_cache")
        for name in options.names or PATCHES:
            found = edit_until_missed(name, first_cache, options.seed)
            print(f"{name}: {found or 'NOT MISSED'}", flush=True)
            not_missed += not found
    return 1 if not_missed else 0


if __name__ == "__main__":
    sys.exit(main())
