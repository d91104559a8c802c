"""After any edits, a build with all that earlier builds left equals a clean one, byte for byte.

    BUILD_EDITS=1000 ./inv test --only after_edits

tries as many edits, without the variable 170 in continuous integration, and 17 elsewhere: as many
of each kind of `edits.py`; with the preview half as many. A failure prints the shortest list of
edits that it found, and how to repeat it.
"""

import os
import random
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.building.edited_site import EditedSite
from tests.building.edits import EDITS, Edit, NothingToChangeError
from tests.system_parts import IS_CI

# Edits of one site, one after the other; then another site begins.
ROUND = len(EDITS)
COUNT = int(os.environ.get("BUILD_EDITS") or ROUND * (10 if IS_CI else 1))
# The processes of a run choose the same edits.
SEED = int(
    os.environ.get("EDITS_SEED")
    or zlib.crc32(os.environ.get("PYTEST_XDIST_TESTRUNUID", str(random.random())).encode())
)
# Tries to shorten the list of a failure.
MAX_REPLAYS = 15


@dataclass(frozen=True)
class Step:
    """An edit: its kind, its variant, the seed of its choices."""

    kind: str
    variant: int
    seed: int

    def __str__(self) -> str:
        return f"{self.kind}.{self.variant}.{self.seed}"

    def apply(self, site: EditedSite, edits: Mapping[str, list[Edit]] = EDITS) -> str:
        """Edit, and compare; undo a fault, and compare again. Return the name of the edit.

        A variant that finds nothing to change gives way to the next.
        """
        variants = edits[self.kind]
        for number in range(len(variants)):
            edit = variants[(self.variant + number) % len(variants)]
            site.begin()
            try:
                edit(site, random.Random(self.seed))
            except NothingToChangeError:
                site.undo()
                continue
            if not site.check():
                site.undo()
                assert site.check(), "the repair of a mistake left a fault"
            return getattr(edit, "__name__", None) or f"{edit.func.__name__}{edit.args}"
        raise AssertionError(f"no edit of the kind “{self.kind}” is possible")


def choose_steps(count: int, seed: int) -> list[Step]:
    """Choose edits in rounds, each with one of every kind; variants take turns."""
    chance = random.Random(seed)
    variants = {kind: chance.sample(range(len(edits)), len(edits)) for kind, edits in EDITS.items()}
    rounds = [
        [
            Step(kind, variants[kind][number % len(variants[kind])], chance.randrange(10**6))
            for kind in chance.sample(list(EDITS), len(EDITS))
        ]
        for number in range(-(-count // ROUND))
    ]
    return [step for steps in rounds for step in steps][:count]


def try_edits(steps: list[Step], first_cache: Path, *, has_preview: bool) -> None:
    """Edit a new site; raise AssertionError at the first difference, with the edit's name.

    `first_cache` is a `.cache` to begin with. At the end, nothing of it is kept but the pictures.
    """
    folder = Path(tempfile.mkdtemp(prefix="edits-"))
    site = EditedSite(folder, first_cache, has_preview=has_preview)
    try:
        assert site.check(), site.build()
        for number, step in enumerate(steps):
            try:
                print(number, step, step.apply(site))
            except AssertionError as error:
                error.add_note(str(step))
                raise
        site.forget_clean_cache()
        assert site.check(), "the last build failed"
        if not first_cache.exists():
            shutil.copytree(site.elsewhere / "cache", first_cache)
    finally:
        site.close()
        shutil.rmtree(folder)


def shorten(steps: list[Step], first_cache: Path, *, has_preview: bool) -> list[Step]:
    """Return a shorter list that fails too, if one is found in MAX_REPLAYS tries."""

    def fails(tried: list[Step]) -> bool:
        try:
            try_edits(tried, first_cache, has_preview=has_preview)
        except AssertionError:
            return True
        return False

    tries = 0
    size = len(steps)
    while size > 1 and tries < MAX_REPLAYS:
        size = (size + 1) // 2
        begin = 0
        while begin < len(steps) and tries < MAX_REPLAYS:
            without = steps[:begin] + steps[begin + size :]
            tries += 1
            if without and fails(without):
                steps = without
            else:
                begin += size
    return steps


def refuse_difference(steps: list[Step], first_cache: Path, *, has_preview: bool) -> None:
    """Fail with the shortest list of edits after which the outputs differ."""
    try:
        try_edits(steps, first_cache, has_preview=has_preview)
    except AssertionError as error:
        notes = getattr(error, "__notes__", ())
        failing = next((n for n, step in enumerate(steps) if f"{step}" in notes), 0)
        shortest = shorten(steps[: failing + 1], first_cache, has_preview=has_preview)
        edits = " ".join(map(str, shortest))
        error.add_note(f'repeat it: EDITS="{edits}" ./inv test --only after_edits')
        error.add_note(f"all edits of this run: EDITS_SEED={SEED}")
        raise


def rounds() -> list[list[Step]]:
    """Return the lists of edits to try: those of EDITS, or those of SEED."""
    if given := os.environ.get("EDITS"):
        parts = (word.split(".") for word in given.split())
        return [[Step(kind, int(variant), int(seed)) for kind, variant, seed in parts]]
    steps = choose_steps(COUNT, SEED)
    return [steps[begin : begin + ROUND] for begin in range(0, len(steps), ROUND)]


@pytest.fixture(scope="module")
def first_cache(tmp_path_factory) -> Path:
    """A `.cache` to begin with: most of what sites need is the same."""
    return tmp_path_factory.mktemp("first_cache") / "cache"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("steps", rounds(), ids=range(len(rounds())))
def test_a_build_after_edits_equals_a_clean_one(steps, first_cache):
    refuse_difference(steps, first_cache, has_preview=False)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("steps", rounds()[::2], ids=range(0, len(rounds()), 2))
def test_a_preview_after_edits_equals_that_of_a_new_process(steps, first_cache):
    refuse_difference(steps, first_cache, has_preview=True)


@pytest.mark.slow
def test_a_preview_makes_a_file_again_whose_template_has_changed(tmp_path, first_cache):
    site = EditedSite(tmp_path, first_cache, has_preview=True)
    try:
        assert site.check()
        site.write("theme/templates/robots.txt", site.read("theme/templates/robots.txt") + "# a\n")
        assert site.check()
    finally:
        site.close()
