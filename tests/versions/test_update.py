"""`./inv update`, on real histories: a software in two versions, and the project of its owner."""

import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.versions import update
from tests import sites
from tests.versions import killed_update
from tests.versions.conftest import NEW, OLD, History, software

pytestmark = pytest.mark.needs("git")

CONTENT = {
    "content/home.md": "Chez moi",
    "content/site.yml": "software:\n  address: {address}\n  key: {key}\n",
    "content/images/é.jpg": b"\xff\xd8",
}


class Owner(History):
    """A project that was made from the software, with texts of its own."""

    def settings(self, address, key="") -> None:
        text = CONTENT["content/site.yml"].format(address=address, key=key)
        self.write({"content/site.yml": text})

    def updated(self, code: int = 0) -> str:
        """Run `./inv update`; what it says, which must end with an exit code."""
        previous = signal.getsignal(signal.SIGTERM)
        try:
            assert update.main(self.folder) == code, self.capsys.readouterr()
        finally:
            signal.signal(signal.SIGTERM, previous)
        out, complaints = self.capsys.readouterr()
        return out + complaints

    @property
    def files(self) -> dict[str, str]:
        """Every file but those of git and of content/, with its text."""
        return read_tree(self.folder, "content")

    @property
    def content(self) -> dict[str, str]:
        return read_tree(self.folder / "content")

    @property
    def calls(self) -> list[str]:
        return Path(os.environ["CALLS"]).read_text("utf-8").splitlines()


def line_of_the_guide():
    """The command by which the owner's guide takes back an update."""
    guide = (sites.ROOT / "docs/guide.md").read_text("utf-8")
    (line,) = re.findall("`(git revert .+?)`", guide)
    return line


def read_tree(folder, *but):
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8", "replace")
        for path in folder.rglob("*")
        if path.is_file()
        and path.relative_to(folder).parts[0] not in (".git", ".update", "output", *but)
    }


def without_content(files):
    return {name: text for name, text in files.items() if not name.startswith("content/")}


@pytest.fixture(params=["clone", "template"])
def owner(request, upstream, tmp_path, monkeypatch, capsys):
    """A project at version 0.1.0: a clone, or a copy without a common ancestor."""
    made = Owner(tmp_path / "chez moi [1]", capsys)
    if request.param == "clone":
        upstream.git("clone", "-q", str(upstream.folder), str(made.folder))
        made.git("reset", "-q", "--hard", "v0.1.0")
        made.git("tag", "--delete", "v0.1.0", "v0.2.0")
    else:
        made.folder.mkdir()
        made.write(OLD)
        (made.folder / "inv").chmod(0o755)
        made.git("init", "-q", "-b", "main")
    made.write(CONTENT)
    made.settings(upstream.folder)
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "Chez moi")
    monkeypatch.setenv("SITE_CONTENT", str(made.folder / "content"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.chdir(made.folder)
    return made


only_a_template = pytest.mark.parametrize("owner", ["template"], indirect=True)


def test_everything_outside_content_becomes_that_of_the_newest_version(owner):
    owner.write({"content/b.md": "Pas enregistré", "output/index.html": "x", "mine.txt": "1"})
    owner.write({"content/home.md": "Chez moi, indexé", "old/deep/__pycache__/a.pyc": "x"})
    owner.git("add", "content/home.md", "mine.txt")
    owner.write({"content/home.md": "Chez moi, changé"})
    content = owner.content
    said = owner.updated()
    assert "building the site with v0.2.0, apart" in said
    assert "updated to v0.2.0" in said
    assert owner.files == without_content(NEW) | {"mine.txt": "1"}
    assert not (owner.folder / "old").exists()
    assert os.access(owner.folder / "inv", os.X_OK)
    assert owner.content == content
    assert owner.git("log", "-1", "--format=%s (%an)") == "Update to v0.2.0 (Camille)"
    assert owner.git("rev-list", "--count", "HEAD~1..HEAD") == "1"
    assert not any("content/" in line for line in owner.files_of())
    status = ["A  mine.txt", "MM content/home.md", "?? content/b.md"]
    assert sorted(owner.git("status", "--porcelain").splitlines()) == sorted(status)
    assert [call.partition(" Chez")[0] for call in owner.calls] == [
        "build 0.2.0",
        "check 0.2.0",
        "--list 0.2.0",
    ]
    assert owner.calls[0] == "build 0.2.0 Chez moi, changé"
    assert "this is v0.2.0, the newest version there v0.2.0: nothing to do" in owner.updated()


@only_a_template
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_line_of_the_guide_takes_back_an_update_in_the_owners_language(
    owner, monkeypatch, language
):
    monkeypatch.setenv("SITE_MESSAGES", language)
    previous = owner.files
    owner.updated()
    owner.git("commit", "-q", "--allow-empty", "-m", "Un texte")
    subprocess.run(["sh", "-c", line_of_the_guide()], cwd=owner.folder, check=True)
    assert owner.files == previous


@only_a_template
@pytest.mark.parametrize(
    ("failing", "told"),
    [
        ("build 0.2.0", "update: version: the site does not build with v0.2.0, for the reasons"),
        ("check 0.2.0", "update: version: the checks of v0.2.0 find the faults above; "),
        ("--list 0.2.0", "update: packages: the packages of v0.2.0 cannot be installed; "),
    ],
)
def test_a_version_with_which_the_site_fails_is_not_kept(owner, monkeypatch, failing, told):
    monkeypatch.setenv("FAILING", failing)
    owner.write({"content/home.md": "Chez moi, changé"})
    head, content = owner.git("rev-parse", "HEAD"), owner.content
    assert told in owner.updated(code=1)
    assert owner.files == without_content(OLD)
    assert owner.git("rev-parse", "HEAD") == head
    assert owner.git("status", "--porcelain") == " M content/home.md"
    assert owner.content == content
    if failing == "--list 0.2.0":
        assert owner.calls[-1].startswith("--list 0.1.0"), "its packages are put back too"
    monkeypatch.delenv("FAILING")
    assert "updated to v0.2.0" in owner.updated()


@only_a_template
def test_a_check_that_failed_before_stops_nothing(owner, monkeypatch):
    monkeypatch.setenv("FAILING", "check")
    assert "updated to v0.2.0" in owner.updated()
    assert [call.split()[0] for call in owner.calls] == ["build", "check", "check", "--list"]


@only_a_template
def test_files_that_were_edited_stop_it_by_name_until_the_remedy_is_pasted(owner):
    owner.write({"engine/each.py": "à moi\n", "new/deep/b.py": "à moi aussi"})
    owner.git("commit", "-q", "-a", "-m", "Un changement")
    (owner.folder / "é t.txt").unlink()
    (owner.folder / "inv").chmod(0o644)
    before = owner.files
    said = owner.updated(code=1).splitlines()[1:]
    assert [line.partition(": ")[0] for line in said] == [
        "engine/each.py",
        "inv",
        "é t.txt",
        "new/deep/b.py",
    ]
    assert "edited: it was changed here since v0.1.0; to lose that: git restore" in said[0]
    assert "edited: v0.2.0 brings a file of this name; to keep yours: mv -- " in said[3]
    assert owner.files == before
    for line in said:
        command = line.rpartition(": ")[2]
        subprocess.run(["sh", "-ec", command], cwd=owner.folder, check=True)
    assert "updated to v0.2.0" in owner.updated()
    assert (owner.folder / "new/deep/b.py.mine").read_text("utf-8") == "à moi aussi"


@only_a_template
@pytest.mark.parametrize("path", ["engine/each.py", "engine/same.py", "was", "new/deep/b.py"])
def test_what_is_edited_while_the_site_is_built_apart_stops_it(owner, monkeypatch, path):
    monkeypatch.setenv("DURING", f"cd ../.. && mkdir -p new/deep && echo MINE >>{path}")
    said = owner.updated(code=1).splitlines()
    assert len([line for line in said if f"{path}: edited: " in line]) == 1
    assert owner.files == without_content(OLD) | {path: OLD.get(path, "") + "MINE\n"}
    assert owner.git("log", "-1", "--format=%s") == "Chez moi"


@only_a_template
@pytest.mark.parametrize("path", ["engine/each.py", "old/deep/a.py", "new/deep/b.py"])
def test_what_is_edited_while_files_are_replaced_stays_and_stops_it(owner, monkeypatch, path):
    replace = update._Update._move_files

    def edit_first(self, *arguments):
        (owner.folder / path).parent.mkdir(parents=True, exist_ok=True)
        with (owner.folder / path).open("a") as file:
            file.write("MINE\n")
        replace(self, *arguments)

    monkeypatch.setattr(update._Update, "_move_files", edit_first)
    assert f"{path}: edited: " in owner.updated(code=1)
    assert owner.files == without_content(OLD) | {path: OLD.get(path, "") + "MINE\n"}
    assert not (owner.folder / ".update").exists()
    (owner.folder / "inv").chmod(0o755)
    assert owner.git("diff", "--name-only", "HEAD") == (path if path in OLD else "")


@only_a_template
def test_a_file_or_folder_of_the_owner_in_the_way_is_told_until_the_remedy_is_pasted(
    owner, upstream
):
    files = software("0.3.0", **{"notes/a.py": "a", "notes/b.py": "b", "old": "a", "own": "a"})
    upstream.add("0.3.0", files)
    owner.write({"notes": "MINE", "old/deep/mine é.txt": "MINE", "own/mine.txt": "MINE"})
    before = owner.files
    said = owner.updated(code=1).splitlines()[1:]
    assert [line.partition(": ")[0] for line in said] == ["notes", "old/deep/mine é.txt", "own"]
    assert "edited: v0.3.0 brings a folder of this name; to keep yours: mv -- " in said[0]
    assert "edited: v0.3.0 brings a file in place of its folder; to keep yours: mk" in said[1]
    assert "edited: v0.3.0 brings a file of this name; to keep yours: mv -- own own" in said[2]
    assert owner.files == before
    for line in said:
        command = line.rpartition(": ")[2]
        subprocess.run(["sh", "-ec", command], cwd=owner.folder, check=True)
    assert "updated to v0.3.0" in owner.updated()
    mine = ["notes.mine", "old.mine/mine é.txt", "own.mine/mine.txt"]
    assert owner.files == without_content(files) | dict.fromkeys(mine, "MINE")


@only_a_template
def test_what_the_system_refuses_is_one_fault_and_puts_everything_back(owner, monkeypatch):
    move = Path.replace

    def refuse(self, target):
        if self.name == "b.py":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    said = owner.updated(code=1).splitlines()
    told = "update: disk: a file cannot be written or removed: No space left on device: "
    assert said[-1].startswith(told)
    assert "new/deep/b.py; the present version stays; make room, or" in said[-1]
    assert len(said) == 4
    assert owner.files == without_content(OLD)
    assert owner.git("status", "--porcelain") == ""


@only_a_template
def test_the_line_that_goes_back_leaves_what_was_saved_meanwhile(owner):
    said = owner.updated()
    owner.write({"content/b.md": "Deux"})
    owner.git("add", "-A")
    owner.git("commit", "-q", "-m", "Un texte")
    command = said.splitlines()[-1].rpartition(": ")[2]
    subprocess.run(["sh", "-ec", command], cwd=owner.folder, check=True, capture_output=True)
    assert owner.files == without_content(OLD)
    assert owner.content["b.md"] == "Deux"


@only_a_template
def test_an_older_version_is_never_installed(owner, upstream):
    upstream.git("tag", "--delete", "v0.2.0")
    owner.write({"pyproject.toml": '[project]\nversion = "0.1.1"\n'})
    before = owner.files
    assert "this is v0.1.1, the newest version there v0.1.0: nothing to do" in owner.updated()
    assert owner.files == before
    upstream.add("0.3.0", software("0.0.9"))
    owner.write({"pyproject.toml": OLD["pyproject.toml"]})
    said = owner.updated(code=1)
    assert "content/site.yml:2: software.address: its tag v0.3.0 holds another version" in said
    assert owner.files == without_content(OLD)


@only_a_template
def test_no_version_brings_a_file_into_content_however_it_is_written(owner, upstream):
    upstream.add("0.3.0", software("0.3.0", **{"Content/home.md": "La leur"}))
    assert "updated to v0.3.0" in owner.updated()
    assert owner.files == without_content(software("0.3.0"))


@only_a_template
def test_versions_are_compared_as_numbers_and_others_are_passed_over(owner, upstream):
    for tag in ("v0.10.0-rc.1", "0.11.0", "v1", "release"):
        upstream.git("tag", tag)
    upstream.add("0.10.0", software("0.10.0"))
    upstream.add("0.9.0", software("0.9.0"))
    assert "updated to v0.10.0" in owner.updated()
    assert owner.files == without_content(software("0.10.0"))


@only_a_template
def test_what_the_address_lacks_is_told_at_its_line(owner, upstream, tmp_path):
    owner.settings("")
    assert "content/site.yml:2: software.address: nothing says where newer" in owner.updated(1)
    owner.settings("https://camille:s3cret@127.0.0.1:1/a.git")
    said = owner.updated(code=1)
    assert "content/site.yml:2: software.address: git cannot read it: it does not answer (" in said
    assert "s3cret" not in said
    owner.settings(upstream.folder)
    upstream.git("tag", "--delete", "v0.1.0")
    assert "software.address: it has no tag for the version of pyproject" in owner.updated(1)
    upstream.git("tag", "--delete", "v0.2.0")
    assert "software.address: it has no version: no tag of the form v1.2.3" in owner.updated(1)


@only_a_template
def test_a_tag_that_was_moved_is_told_and_accepted_by_the_remedy(owner, upstream, monkeypatch):
    monkeypatch.setenv("FAILING", "build 0.2.0")
    owner.updated(code=1)
    monkeypatch.delenv("FAILING")
    upstream.git("tag", "--delete", "v0.2.0")
    upstream.add("0.2.0", NEW | {"engine/each.py": "autre\n"})
    said = owner.updated(code=1)
    assert "software.address: its tag v0.2.0 was moved: " in said
    assert owner.files == without_content(OLD)
    subprocess.run(["sh", "-ec", said.strip().rpartition(": ")[2]], cwd=owner.folder, check=True)
    owner.updated()
    assert owner.files["engine/each.py"] == "autre\n"


@only_a_template
def test_what_git_does_not_keep_is_not_updated(owner):
    shutil.rmtree(owner.folder / ".git")
    assert "git does not know this folder yet" in owner.updated(code=1)
    owner.git("init", "-q", folder=owner.folder.parent)
    owner.git("add", "chez moi [1]", folder=owner.folder.parent)
    owner.git("commit", "-q", "-m", "Tout", folder=owner.folder.parent)
    assert "the project is a folder of the repository " in owner.updated(code=1)
    assert owner.files == without_content(OLD)


# --- Signatures -------------------------------------------------------------------------------


@pytest.fixture
def ssh_key(tmp_path):
    """A function that makes a key of ssh; the path of its private part."""

    def make(name):
        path = tmp_path / name
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a b", "-f", str(path)]
        subprocess.run(command, check=True)
        return path

    return make


def sign(upstream, tag, key, *, of="HEAD"):
    options = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}")
    upstream.git(*options, "tag", "--force", "--sign", "-m", "signed", tag, of)


@only_a_template
@pytest.mark.needs("git", "ssh-keygen")
def test_only_a_version_signed_by_the_key_is_installed(owner, upstream, ssh_key):
    right, wrong = ssh_key("right"), ssh_key("wrong")
    owner.settings(upstream.folder, right.with_suffix(".pub").read_text().strip())
    refused = "content/site.yml:3: software.key: its tag v0.2.0 is not signed by this key"
    assert refused in owner.updated(code=1), "a tag without a signature"
    sign(upstream, "v0.2.0", wrong)
    assert refused in owner.updated(code=1)
    # A signed tag of a version under the name of a newer one.
    upstream.git("tag", "--delete", "v0.2.0")
    upstream.add("0.2.0", NEW)
    sign(upstream, "v0.3.0", right)
    digest = upstream.git("rev-parse", "v0.3.0")
    upstream.git("tag", "--delete", "v0.3.0")
    upstream.git("update-ref", "refs/tags/v0.2.0", digest)
    assert refused in owner.updated(code=1)
    assert owner.files == without_content(OLD)
    sign(upstream, "v0.2.0", right)
    assert "updated to v0.2.0" in owner.updated()


@only_a_template
@pytest.mark.needs("git", "gpg")
@pytest.mark.slow
def test_a_version_signed_with_gpg_is_installed(owner, upstream, tmp_path, monkeypatch):
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))

    def make_key(name):
        options = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key"]
        subprocess.run([*options, name, "ed25519", "sign", "never"], check=True)
        listed = subprocess.run(
            ["gpg", "--with-colons", "--list-keys", name],
            check=True,
            capture_output=True,
            text=True,
        )
        (line,) = [line for line in listed.stdout.splitlines() if line.startswith("fpr")]
        return line.split(":")[9]

    try:
        right, wrong = make_key("right"), make_key("wrong")
        options = ("-c", f"user.signingkey={wrong}")
        upstream.git(*options, "tag", "--force", "--sign", "-m", "signed", "v0.2.0")
        owner.settings(upstream.folder, f"{right[:20]} {right[20:].lower()}")
        assert "software.key: its tag v0.2.0 is not signed by this key" in owner.updated(code=1)
        options = ("-c", f"user.signingkey={right}")
        upstream.git(*options, "tag", "--force", "--sign", "-m", "signed", "v0.2.0")
        assert "updated to v0.2.0" in owner.updated()
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=False)


@only_a_template
def test_a_key_that_is_none_is_told(owner, upstream):
    owner.settings(upstream.folder, "AAAA")
    assert "content/site.yml:3: software.key: it is neither a public key" in owner.updated(code=1)


# --- An update that is killed -----------------------------------------------------------------


@only_a_template
@pytest.mark.slow
def test_wherever_it_is_killed_the_next_call_makes_the_project_whole(owner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    owner.write({"content/home.md": "Chez moi, changé", "mine.txt": "1"})
    owner.git("add", "mine.txt")
    shutil.copytree(owner.folder, tmp_path / "kept", symlinks=True)
    content, seen = owner.content, []
    for step in range(100):
        shutil.rmtree(owner.folder)
        shutil.copytree(tmp_path / "kept", owner.folder, symlinks=True)
        code = killed_update.run(owner.folder, step)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        mixed = owner.files
        subprocess.run([owner.folder / "inv", "build"], check=True, capture_output=True)
        subject = owner.git("log", "-1", "--format=%s")
        new = subject == "Update to v0.2.0"
        assert owner.files == without_content(NEW if new else OLD) | {"mine.txt": "1"}, step
        assert owner.content == content
        status = sorted(owner.git("status", "--porcelain").splitlines())
        assert status == sorted([" M content/home.md", "A  mine.txt"]), step
        seen.append((new, mixed == owner.files))
    assert code == 0
    assert len(seen) > 10
    assert set(seen) == {(True, True), (False, True), (False, False)}
    assert owner.files == without_content(NEW) | {"mine.txt": "1"}


def step_that_mixes(owner, kept) -> None:
    """Kill an update where some files are of the new version, and others of the old one."""
    for step in range(1, 30):
        shutil.rmtree(owner.folder)
        shutil.copytree(kept, owner.folder, symlinks=True)
        assert killed_update.run(owner.folder, step) == -signal.SIGKILL
        if owner.files not in (without_content(OLD), without_content(NEW)):
            return
    pytest.fail("no step left the files mixed")


@only_a_template
@pytest.mark.slow
def test_a_recovery_that_is_cut_short_is_done_again(owner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(owner.folder, tmp_path / "kept", symlinks=True)
    step_that_mixes(owner, tmp_path / "kept")
    program = tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$1" != checkout-index ] && exec {shutil.which("git")} "$@"\n'
    )
    program.chmod(0o755)
    path = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    cut = subprocess.run([owner.folder / "inv", "build"], env=os.environ | path, check=False)
    assert cut.returncode == 1
    assert not Path(os.environ["CALLS"]).read_text().endswith("build 0.1.0 Chez moi\n")
    subprocess.run([owner.folder / "inv", "build"], check=True)
    assert owner.files == without_content(OLD)
    assert owner.git("status", "--porcelain") == ""
    assert "updated to v0.2.0" in owner.updated()


@only_a_template
def test_while_an_update_replaces_files_other_commands_wait(owner):
    recovery = update._recovery("HEAD")
    owner.write({".update/recover": recovery})
    call = [owner.folder / "inv", "build"]
    done = subprocess.run(call, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "inv: ./inv update is replacing files; wait until it ends." in done.stderr
    assert (owner.folder / ".update/recover").exists()
    subprocess.run(call, check=True, env=os.environ | {"INV_UPDATE": "undo"})
    assert not (owner.folder / ".update").exists()


@only_a_template
def test_two_updates_do_not_run_at_once(owner):
    lock = os.open(owner.folder / ".git", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert "update: another update is running; wait until it ends" in owner.updated(code=1)
    os.close(lock)
    assert "updated to v0.2.0" in owner.updated()


@only_a_template
@pytest.mark.slow
@pytest.mark.parametrize("step", [1, 4, 8])
def test_an_update_that_is_stopped_puts_everything_back_itself(owner, step):
    assert killed_update.run(owner.folder, step, "SIGTERM") == 143
    assert owner.files == without_content(OLD)
    assert owner.git("status", "--porcelain") == ""
    assert not (owner.folder / ".update").exists()


# --- The project's own software ---------------------------------------------------------------


@pytest.mark.slow
def test_the_software_itself_is_updated_and_stays_where_the_site_would_break(copy, tmp_path):
    (recovery,) = [
        line
        for line in (sites.ROOT / "inv").read_text().splitlines()
        if "sh " in line and "recover" in line
    ]
    (copy.folder / "inv").write_text(
        f'#!/bin/sh\nhere=$(cd -P "$(dirname "$0")" && pwd)\n{recovery}\n'
        f'exec "{sys.executable}" -m invoke --search-root "$here" "$@"\n'
    )
    copy.runs("git config user.name A && git config user.email a@example.org")
    copy.runs("git commit -qam 'Version 0.1.0' && git tag v0.1.0")
    software_folder = tmp_path / "software"
    shutil.copytree(copy.folder, software_folder)

    def release(version, file, old, new):
        for name, before, after in (
            (file, old, new),
            ("pyproject.toml", 'version = "0.', f'version = "{version}" # '),
        ):
            text = (software_folder / name).read_text("utf-8")
            assert before in text
            (software_folder / name).write_text(text.replace(before, after, 1), "utf-8")
        command = f"cd '{software_folder}' && git commit -qam x && git tag v{version}"
        copy.runs(command)

    copy.runs("rm -rf .git && git init -q && git config user.name A")
    copy.runs("git config user.email a@example.org")
    site = copy.folder / "content/site.yml"
    site.write_text(site.read_text("utf-8") + f"software:\n  address: {software_folder}\n", "utf-8")
    assert "saved for the first time" in copy.runs("./inv save")
    content = read_tree(copy.folder / "content")
    release("0.2.0", "theme/templates/partials/site_footer.html", "<footer", "<footer data-new")
    assert "updated to v0.2.0" in copy.runs("./inv update")
    copy.runs("./inv build")
    assert "data-new" in (copy.folder / "output/index.html").read_text("utf-8")
    release("0.3.0", "theme/templates/base.html", "{% block", "{% blok")
    said = copy.fails("./inv update")
    assert "theme/templates/base.html" in said
    assert "the site does not build with v0.3.0, for the reasons above" in said
    copy.runs("./inv build")
    assert copy.runs("git status --porcelain") == ""
    assert copy.runs("git log --format=%s") == "Update to v0.2.0\nPremier enregistrement\n"
    assert read_tree(copy.folder / "content") == content
    copy.runs("git commit -q --allow-empty -m 'Un texte'")
    copy.runs(f"{line_of_the_guide()} && ./inv build")
    assert "data-new" not in (copy.folder / "output/index.html").read_text("utf-8")
