"""What the tasks are given of the words that a person types, through invoke itself."""

import os
import signal
import subprocess
import sys

import pytest
from invoke import Collection

import tasks
from tests.sites import ROOT, article, write

# Each case starts a Python of its own.
pytestmark = pytest.mark.slow

TASKS = sorted(Collection.from_module(tasks).task_names)
WITH_A_WORD = ["article", "page", "project", "rollback", "save", "translate"]
# Runs invoke with stand-ins for the functions that the tasks call.
DRIVER = """
import importlib, sys
from invoke.main import program

def stand_in(*given, **named):
    print(*map(repr, given), *(f"{name}={value!r}" for name, value in named.items()))
    return 0

for name in FUNCTIONS:
    module, _, function = name.rpartition(".")
    setattr(importlib.import_module(module), function, stand_in)
program.run(["inv", *sys.argv[1:]])
"""


def run(*words, folder=ROOT, functions=None, stdin=subprocess.DEVNULL):
    command = [sys.executable, "-m", "invoke"]
    if functions:
        command = [sys.executable, "-c", DRIVER.replace("FUNCTIONS", repr(functions))]
    return subprocess.run(
        [*command, "--search-root", str(ROOT), *words],
        cwd=folder,
        env={
            "SITE_CONTENT": str(folder),
            "SITE_MESSAGES": "en",
            "SITE_URL": "https://example.org",
            "PYTHONPATH": str(ROOT),
        },
        stdin=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("function", "words", "given"),
    [
        ("engine.writing.new_text.main", ["article"], "'article' None"),
        ("engine.writing.new_text.main", ["article", ""], "'article' ''"),
        ("engine.writing.new_text.main", ["article", " un  lieu "], "'article' ' un  lieu '"),
        ("engine.writing.new_text.main", ["article", "a -- --help"], "'article' 'a -- --help'"),
        ("engine.writing.new_text.main", ["article", "page"], "'article' 'page'"),
        ("engine.writing.new_text.main", ["page", "article"], "'page' 'article'"),
        (
            "engine.writing.new_text.main",
            ["project", "--title=- Un = deux"],
            "'project' '- Un = deux'",
        ),
        ("engine.writing.new_text.main", ["project", "--title", "--help"], "'project' '--help'"),
        ("engine.writing.translation.main", ["translate", "a b.md"], "'a b.md'"),
        ("engine.writing.translation.main", ["translate", "--file=-a.md"], "'-a.md'"),
        ("engine.writing.translation_status.main", ["translations"], "None"),
        (
            "engine.writing.translation_status.main",
            ["translations", "--accept=-a b.md"],
            "'-a b.md'",
        ),
        ("engine.checking.check_all.main", ["check", "--format=-x"], "'-x' only_texts=False"),
        ("engine.checking.check_all.main", ["check", "--texts"], "'text' only_texts=True"),
        ("engine.publishing.releases.main_rollback", ["rollback"], "None"),
        ("engine.publishing.releases.main_rollback", ["rollback", "12"], "'12'"),
        ("engine.publishing.releases.main_rollback", ["rollback", "publish"], "'publish'"),
        ("engine.publishing.releases.main_rollback", ["rollback", "--release=-5"], "'-5'"),
        ("engine.publishing.releases.main_list", ["releases", "--verify"], "verify_sums=True"),
        ("engine.versions.save.main", ["save"], "None yes=False"),
        ("engine.versions.save.main", ["save", "Un été", "--yes"], "'Un été' yes=True"),
        ("engine.publishing.prepare.main", ["prepare"], "without_legal_facts=False"),
        ("pytest.main", ["test", "--only=-x y"], "'-k-x y'"),
        ("engine.serving.server_files.main", ["server-files", "--root=-a b"], "'-a b'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_task_is_given_the_words_as_they_were_typed(function, words, given):
    done = run(*words, functions=[function])
    assert done.returncode == 0, done.stderr
    assert given in done.stdout


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ([], "()"),
        (["--gone=/a/"], "('/a/',)"),
        (["--gone", "/a/"], "('/a/',)"),
        (["--gone=/a/", "--gone", "/b c/", "--yes"], "('/a/', '/b c/')"),
        (["--gone=-a.html", "--gone", "--yes.html"], "('-a.html', '--yes.html')"),
    ],
    ids=" ".join,
)
def test_an_address_may_be_given_up_and_several(words, gone):
    done = run("publish", *words, functions=["engine.publishing.publish.main"])
    assert done.returncode == 0, done.stderr
    assert f"gone={gone}" in done.stdout


@pytest.mark.parametrize(
    "words", [*([name, "--help"] for name in TASKS), *([name, "-h"] for name in WITH_A_WORD)]
)
def test_each_task_shows_its_help_and_does_nothing_else(words, tmp_path):
    done = run(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: ./inv {words[0]} [options]\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WITH_A_WORD)
def test_an_unknown_option_is_refused(name, tmp_path):
    done = run(name, "--titel=x", folder=tmp_path)
    assert done.returncode == 1
    assert "--titel" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["article", "- Un titre"], '--title="- Un titre"'),
        (["page", "-Un titre"], '--title="-Un titre"'),
        (["project", "-- Un titre"], '--title="-- Un titre"'),
        (["rename", "a.md", "- Un titre"], '--name="- Un titre"'),
        (["save", "- un"], '--words="- un"'),
        (["translate", "-a.md"], '--file="-a.md"'),
    ],
    ids=" ".join,
)
def test_a_word_that_begins_with_a_dash_is_told_with_its_option(words, option, tmp_path):
    done = run(*words, folder=tmp_path)
    assert done.returncode == 1
    assert f"“{words[-1]}” begins with a dash, as options do; write {option}\n" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["article", "--titel=x"], ["check", "-x"], ["biuld"], ["-y"]])
def test_what_is_no_option_is_named_whole(words, tmp_path):
    done = run(*words, folder=tmp_path)
    assert "is no command and no option" in done.stderr
    assert words[-1].partition("=")[0] in done.stderr


@pytest.mark.parametrize("name", ["article", "page", "project", "translate"])
def test_ctrl_d_at_the_question_makes_nothing_and_tells_how_to_call(name, tmp_path):
    terminal, stdin = os.openpty()
    os.write(terminal, b"\x04")
    done = run(name, folder=tmp_path, stdin=stdin)
    assert done.returncode == 1
    assert f"as in ./inv {name}" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        "invoke --list",
        "invoke check --help",
        "invoke check --texts",
        "invoke biuld",
        "invoke build",
        "invoke doctor",
        "invoke releases",
        "invoke translations",
        "engine.checking.check_all",
        "engine.building.site",
    ],
)
@pytest.mark.parametrize("python", [[sys.executable], [sys.executable, "-u"]], ids=["", "-u"])
def test_a_command_ends_quietly_once_nobody_reads_its_words(command, python, tmp_path):
    write(tmp_path / "content", {"articles/a.md": article("A"), "articles/b.md": article("")})
    kept, closed = os.pipe()
    os.close(kept)
    with os.fdopen(closed, "wb") as output:
        for errors in (subprocess.PIPE, output):
            done = subprocess.run(
                [*python, "-m", *command.split()],
                cwd=ROOT,
                env={
                    "SITE_CONTENT": str(tmp_path / "content"),
                    "SITE_OUTPUT": str(tmp_path / "output"),
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                check=False,
            )
            said = done.stderr or b""
            assert b"Traceback" not in said
            assert b"BrokenPipeError" not in said
            # What was wanted may come as words about a fault, on the other output, before.
            assert done.returncode in ((1, -signal.SIGPIPE) if said else (-signal.SIGPIPE,))
