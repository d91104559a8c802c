"""The writer's guide, done word for word: its commands in its order, its examples as texts."""

import re
import subprocess
import sys

import pytest

from tests.sites import ROOT, article, header, photo, project

GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)( \w+)?\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = [body for language, info, body in BLOCKS if (language, info) == ("sh", "")]
OF_THE_SERVER = [body for language, info, body in BLOCKS if (language, info) == ("sh", " server")]
TEXTS = [body for language, info, body in BLOCKS if (language, info) == ("markdown", " article")]
BODIES = [body for language, info, body in BLOCKS if (language, info) == ("markdown", "")]
BODIES += re.findall(r"`(!\[[^`]*)`", GUIDE)

pytestmark = pytest.mark.needs("git")


SETTINGS = [body for language, info, body in BLOCKS if (language, info) == ("yaml", "")]


def test_each_example_of_the_settings_is_taken(build):
    pages = {f"pages/{name}.md": header(title=name) + "T" for name in ("a-propos", "contact")}
    files = pages | {"site.yml": "\n".join(SETTINGS), "images/portrait.jpg": photo(60, 80)}
    built = build(files | {"pages/projects/p.md": project()})
    assert built.code == 0, built.complaints
    home = built.site.page("/")
    assert "Camille Martin" in home.main.get_text()
    assert "Réalisations" in home.header.get_text()


def test_each_command_of_the_guide_does_what_it_says(copy):
    said = {}
    home = copy.folder / "content" / "home.md"
    saved = home.read_text("utf-8")
    for commands in COMMANDS:
        if "git diff" in commands or "git restore" in commands:
            home.write_text(saved.replace("Mon métier", "Mon étourderie"), "utf-8")
        if commands == "./inv serve\n":
            copy.shows("/actualites/l-ete-a-saint-etienne/", "L’été à Saint-Étienne")
        else:
            said[commands] = copy.runs(commands)
        if "git diff" in commands:
            assert "+## Mon étourderie" in said[commands]
            home.write_text(saved, "utf-8")
        if "git restore" in commands:
            assert home.read_text("utf-8") == saved
    assert len(said) == len(set(COMMANDS)) - 1
    told = "\n".join(said.values())
    (french,) = copy.folder.glob("content/articles/*-l-ete-a-saint-etienne.md")
    assert f"content/articles/{french.name}\naddress: /actualites/l-ete-a-saint-etienne/" in told
    assert french.with_suffix(".en.md").exists()
    assert (copy.folder / "content/pages/projects/l-atelier.md").exists()
    assert not (copy.folder / "content/pages/mes-outils.md").exists()
    assert list(copy.folder.glob(".deleted/*/pages/mes-outils.md"))
    assert "present " in said["./inv translations\n"]
    assert said["./inv check --texts\n"].splitlines()[-1].startswith("0 faults")
    assert (copy.folder / "output/index.html").exists()
    assert not (copy.folder / "output/actualites/l-ete-a-saint-etienne").exists()
    assert "Un été à Saint-Étienne" in copy.runs("git log --oneline")


def test_the_commands_of_publication_are_those_that_there_are():
    names = set()
    for commands in OF_THE_SERVER:
        for line in commands.splitlines():
            _inv, name, *options = line.split()
            names.add(name)
            done = subprocess.run(
                [sys.executable, "-m", "invoke", "--help", name],
                cwd=ROOT,
                check=True,
                capture_output=True,
                encoding="utf-8",
            )
            assert all(option in done.stdout for option in options), line
    assert names == {"doctor", "publish", "releases", "rollback", "update"}


def test_each_example_of_the_guide_makes_a_page_without_a_fault(build):
    files = {f"articles/2026-0{number}-a.md": text for number, text in enumerate(TEXTS, 1)}
    files |= {
        f"articles/2025-{number:02}-b.md": article(
            f"Exemple {number}", "2025", body, slug=f"b{number}"
        )
        for number, body in enumerate(BODIES, 1)
    }
    files["pages/projects/le-lavoir.md"] = project("Le Lavoir")
    files |= dict.fromkeys(re.findall(r"/(files/[\w.-]+)", GUIDE), b"%PDF")
    for name in re.findall(r"/(images/[\w.-]+)", GUIDE):
        files[name] = photo(kind="PNG" if name.endswith(".png") else "JPEG")
    assert len(BODIES) > 5
    built = build(files)
    assert built.code == 0, built.complaints
    for number, body in enumerate(BODIES, 1):
        page = built.site.page(f"/actualites/b{number}/")
        words = page.select_one(".prose").get_text()
        assert not re.search(r"\]\(|\{|\*|^#|^- |\[\^", words, re.MULTILINE), words
        assert page.select(".prose img") if body.startswith("![") else words.strip()


@pytest.mark.parametrize("name", ["guide.md", "import.md", "ecrire.md"])
def test_the_guide_is_set_as_french_is(name):
    guide = (ROOT / "docs" / name).read_text("utf-8")
    prose = re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", "", guide, flags=re.DOTALL)
    assert not re.search(r"[ \u00a0][;!?]|« | »|(?<!\u00a0):(?=\s)|\w'\w", prose)


def test_a_build_has_one_name_for_the_owner():
    files = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    files += [ROOT / "engine/messages/fr.po", ROOT / "engine/web/page/fr.json"]
    words = "\n".join(path.read_text("utf-8") for path in files)
    said = re.sub(r"```.*?```|`[^`\n]*`", "", words, flags=re.DOTALL)
    assert "construi" in said
    assert not re.search(r"\bfabriqu(?:e|er|é)\b", said)
