"""The command `./inv publish`, from the owner's texts to the server, and its kin."""

import builtins
import contextlib
import errno
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from engine.building import swap
from engine.faults import FaultsError
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.publishing import doctor, manifest, prepare, publish, readiness, releases
from engine.publishing.prepare import prepare_release
from engine.publishing.ssh import REMOTE_SCRIPT, Connection
from engine.serving import server_files
from engine.settings.publication import MODES, PublicationSettings, read_publication
from engine.settings.site_schema import KEYS
from tests import fake_site, sites, ssh_server, web_server

SERVED = pytest.mark.needs(*ssh_server.NEEDS, *web_server.NEEDS)
OWNER = {key: KEYS[f"owner.{key}"].example for key in readiness.LEGAL_FACTS}
OWNER["email"] = "camille@innovation.fr"


@pytest.fixture
def owner_site(tmp_path, monkeypatch):
    """A content folder with one text, and all legal facts given."""
    content = sites.write(tmp_path / "content", {"articles/a.md": sites.article("Première")})
    monkeypatch.setenv("SITE_CONTENT", str(content))
    monkeypatch.setenv("SITE_URL", "https://innovation.fr")
    write_facts(content)
    return content


def write_facts(content, **others):
    """Give the facts about the owner, but for those that are given otherwise here."""
    sites.write(content, {"site.yml": sites.settings(**OWNER | others)})


def invoke(*words, stdin=subprocess.DEVNULL, **environment):
    """Run an invoke task as the owner does, without a terminal unless `stdin` is one."""
    return subprocess.run(
        [sys.executable, "-m", "invoke", *words],
        cwd=sites.ROOT,
        env={**os.environ, **environment},
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_settings_each_command_tells_what_to_write():
    for command in (["publish", "--yes"], ["rollback"], ["releases"], ["doctor"]):
        done = invoke(*command, SITE_URL="")
        assert done.returncode == 1
        for name in ("address", "publication.host", "publication.user", "publication.folder"):
            assert name in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_without_a_terminal_and_without_yes_it_refuses_before_any_work():
    done = invoke("publish", SITE_URL="https://innovation.fr")
    assert done.returncode == 1
    assert "call with --yes" in done.stderr
    assert "building" not in done.stdout


def test_all_that_stands_against_a_publication_is_told_at_once(owner_site, tmp_path, capsys):
    content = owner_site
    write_facts(content, phone="")
    sites.write(content, {"articles/b.md": sites.article("Deuxième", body="TODO")})
    with pytest.raises(FaultsError) as caught:
        prepare_release(tmp_path / "site")
    told = str(caught.value)
    assert "owner.phone" in told
    assert "“TODO” waits to be replaced" in told
    said = capsys.readouterr().err
    assert "LCEN" in said
    assert "--without-legal-facts" in said


def test_a_fault_that_stops_the_build_hides_no_other(owner_site, tmp_path):
    content = owner_site
    write_facts(content, phone="")
    wrong = sites.article("Deuxième", body="## Un\n\na\n\n#### Deux\n\nb", sumary="x")
    sites.write(content, {"articles/b.md": wrong})
    with pytest.raises(FaultsError) as caught:
        prepare_release(tmp_path / "site")
    told = str(caught.value)
    assert "owner.phone" in told
    assert "did you mean summary?" in told
    assert "heading-skipped" in told


def test_without_legal_facts_it_says_what_the_law_asks(owner_site, tmp_path, capsys):
    write_facts(owner_site, siret="")
    prepare_release(tmp_path / "site", without_legal_facts=True)
    said = capsys.readouterr().out
    assert "LCEN" in said
    assert "the number of the business" in said
    assert (tmp_path / "site" / ".htaccess").is_file()
    assert (tmp_path / "site" / "index.html.br").is_file()


def test_a_publication_reads_and_parses_each_page_once(owner_site, tmp_path, monkeypatch):
    page = sites.header(title="Sobriété", template="sobriety", menu="footer") + "Une page.\n"
    article = sites.article("Deuxième", body="Un autre.", aliases="[/ancien/]")
    sites.write(owner_site, {"articles/b.md": article, "pages/s.md": page})
    reads, parsed = Counter(), Counter()
    opened, parse = io.open, BeautifulSoup.__init__

    def count_reads(file, mode="r", *arguments, **named):
        if not set(mode) & set("wax+"):
            reads[str(file)] += 1
        return opened(file, mode, *arguments, **named)

    def count_parsed(soup, markup="", *arguments, **named):
        parsed[markup] += "<html" in markup
        parse(soup, markup, *arguments, **named)

    for module in (io, builtins):
        monkeypatch.setattr(module, "open", count_reads)
    monkeypatch.setattr(BeautifulSoup, "__init__", count_parsed)
    built = prepare_release(tmp_path / "site").built
    manifest.make_manifest(built)
    redirects.redirects(built)
    # The build makes the site in a folder beside.
    read = {
        path: reads[f"{tmp_path}/site/{path}"] + reads[f"{tmp_path}/.site.build/new/site/{path}"]
        for path in built.files
    }
    written_last = {path for path in read if path.endswith((".br", ".zst", ".gz"))}
    written_last |= {"ancien/index.html"}
    assert {read[page.path] for page in built.pages if page.path not in written_last} == {1}
    assert {read[path] for path in written_last} == {0}
    assert {parsed[page.text] for page in built.pages} == {1}
    assert max(parsed.values()) == 1


def test_drafts_and_texts_of_later_days_have_no_page(owner_site, tmp_path):
    content = owner_site
    draft = sites.article("Brouillon", status="draft")
    sites.write(content, {"articles/brouillon.md": draft})
    built = prepare_release(tmp_path / "site").built
    page = "actualites/brouillon/index.html"
    assert page not in built.files
    built.write(page, b"")
    (fault,) = readiness.published_drafts(built, [("content/articles/brouillon.md", page)])
    assert fault.path.endswith("brouillon.md")


@SERVED
def test_a_dry_run_tells_the_changes_and_changes_nothing_on_the_server(place):
    place.version(2, removed=1)
    before = sorted(path for path in place.folder.rglob("*"))
    said = []
    with pytest.raises(FaultsError, match=r"/texte-17/.*lead nowhere"):
        publish.publish(
            place.settings,
            BuiltSite(place.version(2).folder),
            publish.PublishOptions(dry_run=True),
            lambda: True,
            said.append,
        )
    assert "- /texte-17/" in "\n".join(said)
    place.version(3)
    assert place.publish(3, dry_run=True, yes=False) is None
    assert sorted(path for path in place.folder.rglob("*")) == before


@SERVED
def test_who_says_no_publishes_nothing(place):
    built = BuiltSite(place.version(2).folder)
    said = []
    publish.publish(place.settings, built, publish.PublishOptions(), lambda: False, said.append)
    assert said[-1] == "nothing was published"
    assert place.live == 1
    assert place.leftovers() == []


@SERVED
def test_the_command_gives_up_each_address_that_gone_names(place, tmp_path):
    """The remedies of its refusals work when they are pasted; Ctrl-D at its question is a no."""
    files = {"site.yml": sites.settings(), "articles/a.md": sites.article("Première")}
    content = sites.write(tmp_path / "content", files)
    settings = place.settings
    surroundings = {
        "SITE_CONTENT": str(content),
        "SITE_URL": "https://innovation.fr",
        "PUBLISH_HOST": settings.host,
        "PUBLISH_PORT": str(settings.port),
        "PUBLISH_USER": settings.user,
        "PUBLISH_FOLDER": settings.folder,
        "PUBLISH_KEY": str(settings.key),
        "PUBLISH_KNOWN_HOSTS": str(settings.known_hosts),
    }
    command = ["publish", "--without-legal-facts", "--fewer-pages"]
    refused = invoke(*command, "--dry-run", **surroundings)
    assert refused.returncode == 1
    remedies = re.findall(r"--gone=\S+", refused.stderr)
    assert len(remedies) > 1, refused.stderr

    terminal, stdin = os.openpty()
    os.write(terminal, b"\x04")
    done = invoke(*command, *remedies, stdin=stdin, **surroundings)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Publish this? [y/N] nothing was published\n")
    assert place.live == 1


@SERVED
def test_a_text_that_was_renamed_by_hand_is_refused_with_the_line_to_paste(
    place, tmp_path, monkeypatch
):
    content = tmp_path / "content"
    monkeypatch.setenv("SITE_CONTENT", str(content))
    gone = place.addresses(1)
    for number, slug in ((2, "un"), (3, "autre")):
        text = sites.article("Un", slug=slug, body=" ".join(map(str, range(40))))
        sites.write(content, {"site.yml": sites.settings(), "articles/a.md": text})
        folder = tmp_path / f"release-{number}" / "site"
        built = sites.build(content, folder, SITE_URL=place.settings.site_address)
        assert built.code == 0, built.complaints
        place.versions[number] = fake_site.Version(folder, {})
    place.publish(2, gone=gone, fewer_pages=True)
    line = r"write aliases: \[/actualites/un/\] in the header of .*/articles/a\.md"
    with pytest.raises(FaultsError, match=rf"^/actualites/un/: publish: .*; {line}"):
        place.publish(3)


def test_texts_that_wait_are_told_with_their_day_unless_a_forge_publishes_each_night():
    texts = ["content/articles/a.md (2027-05-01)"]
    told = "\n".join(publish.scheduled_reminder(texts, {}))
    assert "publish again on that day" in told
    assert "content/articles/a.md (2027-05-01)" in told
    assert (
        publish.scheduled_reminder(texts, {"CI": "true"})
        == publish.scheduled_reminder([], {})
        == []
    )


@SERVED
def test_a_site_without_changes_is_not_published_again(place):
    assert place.publish(1) is None
    assert len(list(place.state.glob("0*"))) == 1


@SERVED
def test_roll_backs_go_to_the_release_before_or_to_the_one_that_is_named(place):
    place.publish(2)
    place.publish(3)
    with Connection(place.settings) as connection:
        assert releases.roll_back(connection, None).id.startswith("0002")
        assert releases.roll_back(connection, None).id.startswith("0001")
        with pytest.raises(FaultsError, match="none before the live one"):
            releases.roll_back(connection, None)
        assert releases.roll_back(connection, "3").id.startswith("0003")
        with pytest.raises(FaultsError, match="live one already"):
            releases.roll_back(connection, "0003")
        with pytest.raises(FaultsError, match="on the server are: 0001"):
            releases.roll_back(connection, "9; rm -rf /")


@SERVED
def test_a_damaged_release_is_told_and_never_comes_back(place, capsys):
    place.publish(2)
    (damaged,) = place.state.glob("0001*/site/texte-1/index.html")
    damaged.write_text("other words")
    with Connection(place.settings) as connection:
        assert releases.list_releases(connection, verify_sums=True) == 1
        assert "texte-1/index.html" in capsys.readouterr().out
        with pytest.raises(FaultsError, match="is damaged"):
            releases.roll_back(connection, None)
    assert place.live == 2


@SERVED
def test_names_of_files_reach_no_shell(place):
    site = place.version(2).folder
    names = ["$(touch pwned).html", "a; touch pwned.txt", "'\" `touch pwned`.webp", "-rf", " é "]
    sites.write(site, dict.fromkeys(names, "text"))
    place.publish(2)
    (live,) = place.state.glob("0002*/site")
    assert {name for name in names if (live / name).read_text() == "text"} == set(names)
    place.publish(3, gone=["/$(touch pwned).html"])
    with Connection(place.settings) as connection:
        releases.roll_back(connection, None)
    assert not list(place.here.rglob("pwned*"))
    assert not (sites.ROOT / "pwned").exists()


@SERVED
def test_a_secret_of_the_environment_is_in_no_message_and_in_no_release(place, monkeypatch):
    secret = "s3cr3t-of-the-pipeline"
    for name in ("PUBLISH_TOKEN", "SSH_PASSPHRASE"):
        monkeypatch.setenv(name, secret)
    process = place.start_apart("publish", "2")
    said = process.communicate()[0]
    assert process.returncode == 0, said
    assert secret not in said
    assert not any(
        secret.encode() in path.read_bytes() for path in place.state.rglob("*.*") if path.is_file()
    )


@SERVED
def test_with_the_rsync_of_macos_every_file_is_sent_and_the_site_is_whole(
    place, tmp_path, monkeypatch
):
    commands = tmp_path / "macos"
    commands.mkdir()
    # It knows of rsync's options what OpenBSD's manual names.
    (commands / "rsync").write_text(f"""#!/bin/sh
case $1 in --version) echo 'openrsync: protocol version 29'; exit ;; esac
for word; do case $word in
    -rlp | -e | ssh* | /* | site:*) ;;
    *) echo "rsync: unrecognized option $word" >&2; exit 1 ;;
esac; done
exec {shutil.which("rsync")} "$@"
""")
    (commands / "rsync").chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}:{os.environ['PATH']}")
    said = []
    built = BuiltSite(place.version(2).folder)
    publish.publish(
        place.settings, built, publish.PublishOptions(yes=True), lambda: True, said.append
    )
    assert place.live == 2
    assert any("openrsync" in line for line in said)


@SERVED
@pytest.mark.parametrize("host", ["::1", "[::1]", "0:0::0001"])
def test_the_server_may_be_named_by_its_ipv6_address(place, host):
    with contextlib.closing(socket.socket(socket.AF_INET6)) as client:
        if client.connect_ex(("::1", place.settings.port)):
            pytest.skip("NOT TESTED: this machine has no IPv6")
    environment = {
        "PUBLISH_HOST": host,
        "PUBLISH_USER": place.settings.user,
        "PUBLISH_FOLDER": place.settings.folder,
        "PUBLISH_KNOWN_HOSTS": str(place.settings.known_hosts),
    }
    given = read_publication({"SITE_URL": "https://innovation.fr"}, environment)
    assert given.shown_folder == f"[::1]:{place.folder}"
    place.settings = replace(place.settings, host=given.host)
    place.publish(2)
    assert place.live == 2
    with Connection(place.settings) as connection:
        releases.roll_back(connection, None)
    assert place.live == 1
    assert doctor.examine(place.settings, lambda _: None) == 0
    with pytest.raises(FaultsError, match="may be an impostor"):
        place.publish(2, replace(place.settings, known_hosts=place.server.folder / "key.pub"))


@SERVED
def test_the_doctor_finds_nothing_to_fix_if_all_is_well(place):
    said = []
    assert doctor.examine(place.settings, said.append) == 0, said
    assert {line.split()[0] for line in said} == {"good"}
    assert any("rehearsed" in line for line in said), "the server's steps too"
    assert place.leftovers() == []


@SERVED
@pytest.mark.parametrize(
    ("changed", "remedy"),
    [
        ({"folder": "/nowhere/at/all"}, "fix the setting"),
        ({"port": 9}, "publication.host and publication.port"),
        ({"site_address": "http://127.0.0.1:9"}, "DNS"),
        ({"user": "nobody-of-this-name"}, "give the host your public key"),
    ],
)
def test_the_doctor_says_what_to_fix(place, changed, remedy):
    said = []
    assert doctor.examine(replace(place.settings, **changed), said.append) == 1
    (bad,) = [line for line in said if line.startswith("BAD")]
    assert remedy in bad


@SERVED
def test_without_ssh_the_doctor_says_what_to_install(place, tmp_path, monkeypatch):
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "rsync").symlink_to(shutil.which("rsync"))
    monkeypatch.setenv("PATH", str(commands))
    said = []
    assert doctor.examine(place.settings, said.append) == 1
    (bad,) = [line for line in said if line.startswith("BAD")]
    assert "ssh is missing; install it" in bad


def test_a_full_disk_is_told_and_the_last_output_stays(owner_site, tmp_path, monkeypatch, capsys):
    def fail(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    output = sites.write(tmp_path / "output", {"index.html": "the last one"})
    monkeypatch.setenv("SITE_OUTPUT", str(output))
    monkeypatch.setattr(prepare, "compress", fail)
    assert prepare.main() == 1
    assert "this machine: disk: " in capsys.readouterr().err
    assert [path.name for path in output.iterdir()] == ["index.html"]


@pytest.mark.parametrize("command", ["prepare", "clean"])
def test_what_replaces_the_output_waits_for_a_build_of_it(
    owner_site, tmp_path, monkeypatch, command
):
    output = sites.write(tmp_path / "output", {"index.html": "the last one"})
    monkeypatch.setenv("SITE_OUTPUT", str(output))
    with ThreadPoolExecutor() as others:
        with swap.lock(output):
            run = {"prepare": prepare.main, "clean": lambda: swap.remove(output, owner_site)}
            ended = others.submit(run[command])
            with pytest.raises(TimeoutError):
                ended.result(3)
            assert (output / "index.html").read_text() == "the last one"
        assert not ended.result(30)
    assert (output / "index.html.br").is_file() == (command == "prepare")


def test_the_files_for_web_servers_are_counted_in_the_manifest(tmp_path):
    files = {"index.html": "<p>A</p>", "404.html": "<p>B</p>"}
    built = BuiltSite(sites.write(tmp_path, files))
    server_files.write_server_files(built)
    assert {".htaccess", "_headers", "_redirects"} < set(manifest.make_manifest(built))


def run_here(*words):
    """Run a command of the server's script on this machine."""
    command, script = ["sh", "-s", "--", *words], REMOTE_SCRIPT.read_text("utf-8")
    return subprocess.run(command, input=script, capture_output=True, text=True, check=False)


def told(said):
    """The fault that is made of what a server's script said on standard error."""
    settings = PublicationSettings("https://a.org", "a.org", "u", "site", REMOTE_SCRIPT)
    return str(Connection(settings).error(said))


def test_each_refusal_of_the_server_is_told_with_its_values():
    refusals = re.findall(r'refuse ([a-z-]+)((?: "[^"]*")*)', REMOTE_SCRIPT.read_text("utf-8"))
    assert len(refusals) > 20
    for code, quoted in refusals:
        values = re.findall('"([^"]*)"', quoted)
        fault = told("\x1f".join([f"refused: {code}", *values]) + "\x1e\n")
        assert fault.startswith("a.org:site: server: ")
        assert all(value in fault for value in values), fault


def test_a_refusal_is_told_on_one_line_whatever_else_the_server_says(tmp_path):
    release = tmp_path / "releases/0001-a"
    sums = "".join(f"{'0' * 64}  {name}\n" for name in ("a.html", "b.html"))
    sites.write(release, {"manifest": sums, "site/a.html": "a", "site/b.html": "b"})
    words = ["symlink", str(tmp_path), str(tmp_path / "releases")]
    done = run_here("restore", *words, "0001-a", "", "x", "/")
    assert done.returncode == 3
    damaged = "the release 0001-a is damaged: a.html: FAILED, b.html: FAILED"
    fault = told(f"Welcome; enjoy.\n{done.stderr}Good bye.\n")
    assert fault == f"a.org:site: server: {damaged}; choose another one"


def test_an_upload_that_begins_as_its_client_is_killed_is_removed(tmp_path):
    words = ["symlink", str(tmp_path / "www"), str(tmp_path / "state"), "token"]
    (tmp_path / "www").mkdir()
    (tmp_path / "state").mkdir()
    held = subprocess.Popen(
        ["sh", "-s", "--", "hold", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    held.stdin.write(REMOTE_SCRIPT.read_text("utf-8"))
    held.stdin.flush()
    holder = held.stdout.readline().split()[1]
    held.stdin.close()
    time.sleep(0.5)
    assert run_here("begin", *words, holder).returncode == 0
    held.wait(60)
    held.stdout.close()
    assert list((tmp_path / "state").iterdir()) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_begun_upload_removes_what_an_interrupted_switch_left_and_nothing_else(tmp_path, mode):
    dead, other = (subprocess.Popen(["true"]) for _ in range(2))
    dead.wait(), other.wait()
    folder, state = tmp_path / "www", tmp_path / "state"
    # Copies that the owner named after a year, or anything else that is a number.
    names = [f".htaccess-{dead.pid}", f".current-{dead.pid}", ".htaccess-avant"]
    sites.write(folder, dict.fromkeys(names, "of the owner"))
    (folder / f".current-{other.pid}").symlink_to("releases/0001-a/site")
    ours = (f".htaccess-{os.getpid()}", f".htaccess-{dead.pid}", f".current-{dead.pid}")
    sites.write(state, dict.fromkeys(ours, ""))
    done = run_here("begin", mode, str(folder), str(state), "token", str(os.getpid()))
    assert done.returncode == 0
    assert {path.name for path in folder.iterdir()} == set(names)
    assert {path.name for path in state.iterdir()} == {f".htaccess-{os.getpid()}", ".tmp-token"}
