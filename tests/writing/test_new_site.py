"""A site of one's own: ./inv new-site."""

import os
import pty
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from engine.faults import FaultsError
from engine.writing import new_site
from engine.writing.new_site import NewSite
from tests import sample_content, sites
from tests.sites import header

pytestmark = pytest.mark.slow

FRENCH, BOTH = ("fr",), ("fr", "en")
LANGUAGES = {"fr": FRENCH, "fr,en": BOTH}
FACTS = {
    "name": "Camille Martin",
    "trading_form": "EI",
    "address": "3 rue du Bief, 42000 Saint-Étienne",
    "email": "camille@le-lavoir.fr",
    "phone": "01 99 00 12 34",
    "siret": "732 829 320 00074",
    "host_name": "Hébergement du Bief",
    "host_address": "5 quai des Rubans, 42000 Saint-Étienne",
    "host_phone": "01 99 00 56 78",
}
# A first owner, whose name and texts nothing of the new site may have.
OLD = sample_content.full_site()


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def aside_of(writer) -> list[Path]:
    return sorted(writer.content.parent.glob(".set-aside/*"))


def starts(writer, *words: str) -> list[str]:
    done = writer.types("new-site", *words, "--yes")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def refuses(writer, *words: str) -> str:
    before = everything(writer.content.parent)
    done = writer.types("new-site", *words)
    assert done.returncode == 1, done.stdout
    assert everything(writer.content.parent) == before
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def fills_in(writer) -> None:
    """Give each fact that the law asks for a value."""
    text = writer.reads("site.yml")
    for key, value in FACTS.items():
        assert f"\n  {key}:\n" in text
        text = text.replace(f"\n  {key}:\n", f"\n  {key}: {value}\n")
    writer.has({"site.yml": text})


@pytest.mark.slow
@pytest.mark.parametrize("languages", LANGUAGES)
def test_a_new_site_is_without_a_fault_and_only_its_placeholders_keep_it_from_readers(
    writer, languages
):
    writer.has(OLD)
    starts(writer, "--name=Le Lavoir", "--tagline=Un lieu à tenir", f"--languages={languages}")
    checked = writer.types("check", SITE_OUTPUT="output")
    assert checked.returncode == 0, checked.stdout
    assert re.match(r"0 faults, 1 warning, 9 pieces of advice", checked.stdout.splitlines()[-1])
    site = sites.Site(writer.content.parent / "output")
    built = sites.build(writer.content, site.folder)
    assert built.code == 0, built.complaints
    assert site.page("/").h1.get_text() == "Le Lavoir"
    assert site.page("/").select_one("meta[name=description]")["content"] == "Un lieu à tenir"
    assert site.has("/en/about/") == ("en" in languages)
    assert not any("exemple" in address for address in site.addresses)

    fills_in(writer)
    prepared = writer.types("prepare", SITE_OUTPUT="output", SITE_URL="https://le-lavoir.fr")
    assert prepared.returncode == 1
    lines = prepared.stderr.splitlines()
    told = re.compile(
        r"(\S+): placeholder: “\[(à compléter|to be completed)\]” waits to be replaced; .*"
    )
    assert all(told.fullmatch(line) for line in lines), prepared.stderr
    french = ["a-propos", "contact", "", "mentions-legales"]
    english = ["en/about", "en/contact", "en", "en/legal"] if "en" in languages else []
    pages = {f"{name}/index.html".lstrip("/") for name in (*french, *english)}
    assert {told.fullmatch(line)[1] for line in lines} == pages

    for path in writer.content.rglob("*.md"):
        text = path.read_text("utf-8")
        words = re.sub(r" ?\[(à compléter|to be completed)\]", "", text)
        path.write_text(words, "utf-8")
    prepared = writer.types("prepare", SITE_OUTPUT="output", SITE_URL="https://le-lavoir.fr")
    assert prepared.returncode == 0, prepared.stderr


def test_one_example_of_each_kind_is_a_draft(tmp_path):
    content = tmp_path / "content"
    new_site.start_site(NewSite("Le Lavoir", "", FRENCH), content)
    for folder in ("articles", "pages", "pages/projects"):
        drafts = [
            path
            for path in (content / folder).glob("*.md")
            if "\nstatus: draft\n" in path.read_text("utf-8")
        ]
        assert len(drafts) == 1, folder
        assert "[à compléter]" in drafts[0].read_text("utf-8")
    assert (content / "images").is_dir()
    assert (content / "files").is_dir()


def words_of(text: str) -> set[str]:
    """Each four consecutive words of the lines that a visitor reads."""
    lines = [re.findall(r"\w+", line) for line in text.lower().splitlines()]
    return {
        " ".join(words[place : place + 4]) for words in lines for place in range(len(words) - 3)
    }


def visible(text: str | bytes) -> str:
    """The words of a text of the content folder, without the keys of its header and addresses."""
    text = text if isinstance(text, str) else text.decode()
    _mark, head, body = text.split("---\n", 2)
    said = re.findall(r'^(?:title|summary|definition|role): "?(.*)', head, re.MULTILINE)
    return "\n".join([*said, re.sub(r"\]\([^)]*\)", "]", body)])


def test_nothing_of_the_first_owner_stays(writer):
    writer.has(OLD)
    starts(writer, "--name=Le Lavoir", "--languages=fr,en")
    names = [name for name in OLD if name.endswith(".md")]
    old = set().union(*(words_of(visible(OLD[name])) for name in names))
    assert len(old) > 100
    new = everything(writer.content)
    texts = [name for name in new if name.endswith(".md")]
    assert [(name, words_of(visible(new[name])) & old) for name in texts] == [
        (name, set()) for name in texts
    ]
    site = new["site.yml"].decode()
    given = dict(re.findall(r"^ *(\w+): (\S.*)$", OLD["site.yml"], re.MULTILINE))
    for key in ("fr", "en", "id", "name", "email", "siret"):
        if key in given:
            assert given[key] not in site, key
    built = sites.build(writer.content, writer.content.parent / "output")
    assert built.code == 0, built.complaints
    pages = "\n".join(
        BeautifulSoup(built.site.text(address), "html.parser").get_text("\n")
        for address in built.site.addresses
    )
    assert old & words_of(pages) == set()


def test_each_translation_of_a_new_site_is_up_to_date_until_its_french_text_changes(writer):
    starts(writer, "--name=Le Lavoir", "--tagline=Un lieu", "--languages=fr,en")
    listed = writer.types("translations").stdout
    translated = sorted(path.name for path in writer.content.rglob("*.en.md"))
    assert sorted(re.findall(r"^present +.*/(\S+)$", listed, re.MULTILINE)) == translated
    assert {"home.en.md", "contact.en.md"} <= {*translated}
    home = writer.content / "home.md"
    home.write_text(home.read_text("utf-8") + "\nUne phrase de plus.\n", "utf-8")
    listed = writer.types("translations").stdout
    assert re.findall(r"^older +.*/(\S+)$", listed, re.MULTILINE) == ["home.en.md"]


def test_each_new_site_has_a_feed_of_its_own(tmp_path):
    ids = set()
    for name in ("one", "two"):
        new_site.start_site(NewSite("Le Lavoir", "", FRENCH), tmp_path / name)
        settings = (tmp_path / name / "site.yml").read_text("utf-8")
        ids |= set(re.findall(r"^id: (\S+)$", settings, re.MULTILINE))
    assert len(ids) == 2
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}", each) for each in ids)


def test_the_present_content_is_set_aside_whole_and_one_line_brings_it_back(writer):
    writer.has(OLD | {"images/caché.bin": bytes(range(256)), ".brouillon": "x"})
    before = everything(writer.content)
    said = starts(writer, "--name=Le Lavoir")
    (folder,) = aside_of(writer)
    assert everything(folder / "content") == before
    assert said[0] == f"content is set aside, whole: .set-aside/{folder.name}/content"
    made = everything(writer.content)
    subprocess.run(["sh", "-ec", said[2]], cwd=writer.content.parent, check=True)
    assert everything(writer.content) == before
    assert everything(folder / "new") == made


def test_a_second_call_sets_the_first_new_site_aside(writer):
    writer.has(OLD)
    starts(writer, "--name=Le Lavoir")
    first = everything(writer.content)
    said = starts(writer, "--name=Le Four")
    assert len(aside_of(writer)) == 2
    assert everything(writer.content.parent / shlex.split(said[2])[-2]) == first
    assert everything(writer.content).keys() == first.keys()
    assert "Le Four" in writer.reads("site.yml")


def test_a_missing_content_folder_is_made(tmp_path):
    said = new_site.start_site(NewSite("Le Lavoir", "", FRENCH), tmp_path / "content")
    assert not any("mv " in line for line in said)
    assert (tmp_path / "content/home.md").exists()


@pytest.mark.parametrize(
    "name", ['L\'été : « a » & "b" #1', "{digest}: {id}, {name}", "- Un tiret", "no", "C:\\lavoir"]
)
def test_a_name_may_hold_what_yaml_reads_as_something_else(tmp_path, name):
    content = tmp_path / "content"
    new_site.start_site(NewSite(name, name, BOTH), content)
    built = sites.build(content, tmp_path / "output")
    assert built.code == 0, built.complaints
    for address in ("/", "/en/"):
        title = built.site.page(address).h1.get_text()
        # Typography gives it other spaces, quotes and dashes.
        assert re.findall(r"[\w{}#]+", title) == re.findall(r"[\w{}#]+", name)


def test_a_symbolic_link_is_told(writer, tmp_path):
    writer.content.rename(tmp_path / "elsewhere")
    writer.content.symlink_to(tmp_path / "elsewhere")
    told = refuses(writer, "--name=Le Lavoir", "--yes")
    assert told == (
        "content: folder: it is a symbolic link; put the folder itself in its place, then call "
        "again\n"
    )


def test_without_a_terminal_what_is_missing_is_told(writer):
    told = refuses(writer, "--name=Le Lavoir")
    assert told == "new-site: yes: there is no terminal to ask at; call with --yes\n"
    told = refuses(writer, "--yes")
    assert told.startswith("new-site: name: it is missing; write it after the name, as in ./inv ")


@pytest.mark.parametrize("typed", ["en", "fr,de", "French"])
def test_languages_that_there_are_not_are_told(typed):
    with pytest.raises(FaultsError, match=r"write --languages=fr or --languages=fr,en$"):
        new_site.read_languages(typed)


@pytest.mark.parametrize("typed", ["fr,en", "en, fr", "FR,EN,"])
def test_languages_may_be_typed_in_any_order(typed):
    assert new_site.read_languages(typed) == BOTH


def test_a_character_that_no_page_can_show_is_told(writer):
    assert "new-site: name: it holds a character" in refuses(writer, "--name=Le\x1bLavoir", "--yes")


def test_at_a_terminal_each_thing_is_asked(writer):
    writer.has({"home.md": header(title="Accueil") + "Mots.\n"})
    parent, child = pty.openpty()
    shell = subprocess.Popen(
        writer.command("new-site"),
        cwd=writer.content.parent,
        env=writer.environment(),
        stdin=child,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    os.write(parent, b"Le Lavoir\nUn lieu\nfr,en\ny\n")
    said, complaints = shell.communicate(timeout=60)
    os.close(parent)
    os.close(child)
    assert shell.returncode == 0, complaints
    for question in ("name: ", "tagline", "languages", "[y/N]"):
        assert question in said
    assert 'summary: "Un lieu"' in writer.reads("home.md")
    assert (writer.content / "home.en.md").exists()


def test_a_folder_that_cannot_be_replaced_stays(tmp_path, monkeypatch):
    content = sites.write(tmp_path / "content", {"home.md": "a"})
    rename = Path.rename

    def refuse(path, target):
        if Path(target) == content:
            raise OSError(28, "No space left on device", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(FaultsError, match="nothing was changed"):
        new_site.start_site(NewSite("Le Lavoir", "", FRENCH), content)
    assert everything(tmp_path) == {"content/home.md": b"a"}
