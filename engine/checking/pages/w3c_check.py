"""Check the built site's HTML, SVG and CSS with the W3C's checker, vnu.jar, which needs Java."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engine.faults import Fault, Message, ProblemError
from engine.paths import ROOT

JAR = ROOT / "tests" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

# Messages of the checker that are no fault of the site: pattern of the message -> the reason.
FILTERED: dict[str, str] = {
    r"CSS: “--thin”: Cannot invoke .* because \"val\" is null.*": (
        "it fails on a colour made from another, as CSS Color Module Level 5 allows"
    ),
    r"CSS: “interpolate-size”: Property .* doesn't exist.*": (
        "it does not know the property that CSS Values and Units Module Level 5 added"
    ),
    r"CSS: “transition”: “allow-discrete” is not a “transition” value.*": (
        "it does not know the value that CSS Transitions Level 2 added"
    ),
    r"Resource violates Content Security Policy .*: (?:image|external script) “/(?!/).*” "
    r"blocked by “(?:img|script)-src” .*": (
        "it reads the pages as files, and a file has no origin that 'self' could name"
    ),
}


def check_markup(output: Path) -> list[Fault]:
    """Return the checker's errors and warnings about a folder's pages, drawings and style sheets.

    Raises ProblemError if the checker cannot run: Java or vnu.jar is missing, or does not work.
    """
    output = output.resolve()
    if not any(output.rglob("*.html")):
        problem, remedy = Message("there is no page"), Message("build the site first")
        return [Fault(str(output), None, "w3c", problem, remedy)]
    messages = _run(output, "--skip-non-html", "--also-check-svg", ".")
    # A separate call: --also-check-css makes the line numbers of pages one too low.
    if style_sheets := sorted(str(path.relative_to(output)) for path in output.rglob("*.css")):
        messages += _run(output, "--css", *style_sheets)
    faults = [_fault(message, output) for message in messages if not is_filtered(message)]
    return sorted(faults, key=lambda fault: fault.sort_key)


def is_filtered(message: dict, filtered: dict[str, str] = FILTERED) -> bool:
    """Whether a message of the checker is ignored: an information, or one of the table."""
    if message["type"] == "info" and message.get("subType") != "warning":
        return True
    return any(re.fullmatch(pattern, message["message"]) for pattern in filtered)


def _run(folder: Path, *arguments: str) -> list[dict]:
    """Run the checker in a folder and return its messages."""
    java = shutil.which("java")
    if java is None:
        raise ProblemError(
            Message("java is missing"),
            Message("install it (on Debian: apt-get install default-jre-headless)"),
        )
    if not JAR.is_file():
        raise ProblemError(
            Message("{file} is missing", file=JAR),
            Message("call `npm ci --prefix=tests --ignore-scripts` in {folder}", folder=ROOT),
        )
    command = [java, "-Dfile.encoding=UTF-8", "-jar", str(JAR)]
    options = ["--stdout", "--exit-zero-always", "--format", "json"]
    done = subprocess.run(
        [*command, *options, *arguments],
        cwd=folder,
        # Without a UTF-8 locale Java can neither open a file named “é” nor print its name.
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    try:
        return json.loads(done.stdout)["messages"]
    except (ValueError, KeyError) as error:
        said = (done.stderr or done.stdout).strip()[-1000:]
        raise ProblemError(
            Message("the checker does not work ({said})", said=said),
            Message("install Java 17 or newer"),
        ) from error


def _fault(message: dict, output: Path) -> Fault:
    path = Path(os.path.normpath(unquote(urlsplit(message.get("url", "")).path)))
    shown = path.relative_to(output) if path.is_relative_to(output) else path
    key = "w3c-warning" if message["type"] == "info" else "w3c-error"
    said = message["message"].rstrip(".")
    problem = Message("{said}", said=said)
    if extract := " ".join(message.get("extract", "").split()):
        problem = Message("{said}, at “{extract}”", said=said, extract=extract)
    remedy = Message("fix the text or the template that it comes from")
    return Fault(shown.as_posix(), message.get("lastLine"), key, problem, remedy)


def main(arguments: list[str] | None = None) -> int:
    """Check a folder and print its faults, or that there is none; return the exit code."""
    parser = argparse.ArgumentParser(prog="w3c_check", description=__doc__)
    parser.add_argument("output", type=Path, help="the folder of the built site")
    options = parser.parse_args(arguments)
    try:
        faults = check_markup(options.output)
    except ProblemError as error:
        print(error, file=sys.stderr)
        return 1
    if faults:
        print(*faults, sep="\n")
        return 1
    pages = sum(1 for _ in options.output.rglob("*.html"))
    print(Message("{pages} pages: no fault", pages=pages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
