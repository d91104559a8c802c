"""Run the tests on copies of the project in which the owner has changed texts and settings.

    .venv/bin/python -m tests.owner_changes --quick
    .venv/bin/python -m tests.owner_changes --only="guide or messages" more-projects emptied

Each change is made to the content/ of a copy of the working tree, by itself; the suite is run there
with the interpreter that runs this. A line a change tells the outcome; the exit code is 1 if a
test has failed. What a run printed stays in `.owner-changes/CHANGE.txt`.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from engine.settings.site_file import read_site_file
from engine.settings.site_schema import KEYS
from engine.texts.header_schema import quote
from engine.writing import site_reference
from tests import sample_content, sites

REPORTS = sites.ROOT / ".owner-changes"
# What a copy shares with the project: installed, and large.
SHARED = (".venv", "tests/node_modules")
# What differs from the examples of the schema, and the files that a test does not have.
GIVEN = {"address": "https://lieux-communs.fr", "owner.email": "odile@lieux-communs.fr"}
NOT_GIVEN = ("publication.key", "publication.known_hosts")


def fill_in_every_setting(content: Path) -> None:
    """Give each empty value of the site.yml one."""
    examples = {name: key.example for name, key in KEYS.items() if name not in NOT_GIVEN}
    own = {name: quote(value) for name, value in read_site_file(content).values.items() if value}
    text = site_reference.site_file(examples | GIVEN | own)
    sites.write(content, {"site.yml": text, KEYS["owner.portrait"].example: sites.photo()})


def three_news_items(content: Path) -> None:
    """Write three news items, one of them in two languages."""
    files = {f"articles/{n}.md": sites.article(f"Nouvelle {n}", f"2021-0{n}") for n in (1, 2, 3)}
    files["articles/3.en.md"] = sites.header(title="News") + "A text.\n"
    sites.write(content, files)


def two_projects(content: Path) -> None:
    """Write a fifth and a sixth project, which go before the others."""
    for number in (5, 6):
        text = sites.project(f"Projet {number}", start="2020", order=number)
        sites.write(content, {f"pages/projects/projet-{number}.md": text})


def delete_two_articles(content: Path) -> None:
    """Delete the two oldest news items, with their translations."""
    texts = sorted((content / "articles").glob("*.md"))
    oldest = list(dict.fromkeys(path.name.partition(".")[0] for path in texts))[:2]
    for path in texts:
        if path.name.partition(".")[0] in oldest:
            path.unlink()


def empty(content: Path) -> None:
    """Delete everything."""
    shutil.rmtree(content)
    content.mkdir()


def another_person(content: Path) -> None:
    """Put another person's whole content in its place: other texts, other settings, one language.

    It is written in no order, and only in French.
    """
    empty(content)
    files = sample_content.french_site() | sample_content.many_projects(6)
    files["site.yml"] = sites.settings(name="Une autre personne", email="elle@lieux-communs.fr")
    sites.write(content, files)


CHANGES: dict[str, Callable[[Path], None]] = {
    "settings": fill_in_every_setting,
    "more-news": three_news_items,
    "more-projects": two_projects,
    "less-news": delete_two_articles,
    "emptied": empty,
    "another-person": another_person,
}


def copy_project(folder: Path) -> None:
    """Copy the files that git knows or would add, and link what is installed."""
    command = ["git", "-c", "safe.directory=*", "-C", sites.ROOT, "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (sites.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(sites.ROOT / name, folder / name)
    for name in SHARED:
        if (sites.ROOT / name).is_dir():
            (folder / name).symlink_to(sites.ROOT / name)
    # Tests copy what git lists.
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "A copy"]):
        subprocess.run(["git", "-C", folder, *words], check=True)


def run(change: str, arguments: list[str]) -> bool:
    """Run `pytest` with arguments in a copy with a change; print a line; whether all passed."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "the site")
        folder.mkdir()
        copy_project(folder)
        CHANGES[change](folder / "content")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"--rootdir={folder}", *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / f"{change}.txt").write_text(done.stdout, "utf-8")
    outcome = re.findall(r"^.*\b(?:passed|failed|error|deselected)\b.*$", done.stdout, re.MULTILINE)
    seconds = time.monotonic() - begin
    said = outcome[-1] if outcome else f"exit code {done.returncode}"
    print(f"{change}: {'green' if not done.returncode else 'RED'}: {said} ({seconds:.0f} s)")
    return not done.returncode


def main() -> int:
    """Run each change, or those that are named; the exit code is 0 where all are green."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("changes", nargs="*", metavar="CHANGE", help=", ".join(CHANGES))
    parser.add_argument("--quick", action="store_true", help="without browser, servers and Java")
    parser.add_argument("--only", default="", help="words of the names of tests, as for pytest -k")
    parser.add_argument("--processes", default="auto", help="as for pytest -n")
    options = parser.parse_args()
    if unknown := set(options.changes) - set(CHANGES):
        parser.error(f"no such change: {', '.join(unknown)}; choose from {', '.join(CHANGES)}")
    arguments = ["-n", options.processes, "tests"]
    arguments += ["-m", "not needs and not slow"] if options.quick else []
    arguments += ["-k", options.only] if options.only else []
    passed = [run(change, arguments) for change in options.changes or CHANGES]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
