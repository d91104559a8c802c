"""`./inv save`: what is committed, what is sent, and what each thing that stops it is told as."""

import http.server
import re
import shutil
import subprocess
import threading
from functools import partial

import pytest

from engine.faults import Message
from engine.versions import git, remotes, save
from tests import sites

pytestmark = pytest.mark.needs("git")


def paste(history, said):
    """Run the last remedy of a message as a shell would; it must succeed."""
    command = said.strip().splitlines()[-1].rpartition(": ")[2]
    command = command.replace("./inv save", "true")
    subprocess.run(["sh", "-ec", command], check=True, capture_output=True)


# --- What is committed ------------------------------------------------------------------------


def test_all_changes_of_content_are_saved_and_nothing_else(project):
    project.write(
        {"content/b.md": "Deux", "content/old.md": "x", "staged.txt": "1", "free.txt": "1"}
    )
    project.git("add", "content/old.md")
    project.git("commit", "-q", "-m", "Un autre")
    project.git("add", "staged.txt")
    project.write({"content/home.md": "Indexé"})
    project.git("add", "content/home.md")
    project.write({"content/home.md": "Changé depuis", "content/images/É t é.jpg": b"\xff"})
    (project.folder / "content/old.md").unlink()
    project.git("rm", "-q", "--cached", "content/articles/a.md")
    said = project.saved("Un été\n\n# à Saint-Étienne")
    assert project.git("log", "-1", "--format=%B") == "Un été\n\n# à Saint-Étienne"
    assert project.files_of() == [
        "A\tcontent/b.md",
        "M\tcontent/home.md",
        'A\t"content/images/\\303\\211 t \\303\\251.jpg"',
        "D\tcontent/old.md",
    ]
    assert project.git("show", "HEAD:content/home.md") == "Changé depuis"
    assert project.git("status", "--porcelain") == "A  staged.txt\n?? free.txt"
    assert said.startswith("saved: content/b.md, content/home.md, content/images/É t é.jpg, ")
    assert project.saved("Encore").startswith("nothing to save: ")
    # Another program has taken it out of the index, which `git add` brings back as it was.
    project.git("rm", "-q", "--cached", "content/b.md")
    assert project.saved("Encore").startswith("nothing to save: ")
    assert "content" not in project.git("status", "--porcelain")


def test_words_are_made_in_french_from_what_changed(project):
    project.write(
        {
            "content/home.md": "---\ntitle: Le Lavoir\n---\nAutre.\n",
            "content/articles/a.md": '---\ntitle: "L\'été"\n---\nAutre.\n',
            "content/articles/b.md": "---\ntitle: 'Un lieu: ici'\n---\nDeux.\n",
            "content/site.yml": "id:\n",
        }
    )
    (project.folder / "content/images/a.jpg").unlink()
    project.saved()
    assert project.git("log", "-1", "--format=%B") == (
        "Textes\u00a0: 1 ajouté, 2 modifiés. Fichiers\u00a0: 1 ajouté, 1 supprimé\n\n"
        "- modifié\u00a0: content/articles/a.md («\u00a0L'été\u00a0»)\n"
        "- ajouté\u00a0: content/articles/b.md («\u00a0Un lieu: ici\u00a0»)\n"
        "- modifié\u00a0: content/home.md («\u00a0Le Lavoir\u00a0»)\n"
        "- supprimé\u00a0: content/images/a.jpg\n"
        "- ajouté\u00a0: content/site.yml"
    )


def test_a_folder_that_git_does_not_know_is_saved_whole_the_first_time(unknown):
    unknown.write({".venv/python": "1"})
    said = unknown.saved()
    assert f"git did not know this folder: it keeps {unknown.folder} from now on" in said
    assert "saved for the first time: 5 files" in said
    assert unknown.git("ls-files").splitlines()[-1] == "inv"
    assert ".venv" not in unknown.git("ls-files")
    assert unknown.git("branch", "--show-current") == "main"
    assert unknown.saved().startswith("nothing to save: ")


def test_a_first_save_that_was_killed_is_done_by_the_next(unknown):
    unknown.git("init", "-q", "-b", "main")
    unknown.git("add", "content")
    unknown.saved()
    assert len(unknown.git("ls-files").splitlines()) == 5


def test_a_repository_around_the_project_that_knows_no_file_of_it_is_left_alone(unknown):
    home = unknown.folder.parent
    unknown.git("init", "-q", folder=home)
    unknown.saved()
    assert (unknown.folder / ".git").is_dir()
    assert unknown.git("ls-files", folder=home) == ""


def test_a_content_folder_with_a_history_of_its_own_is_saved_there(unknown):
    content = unknown.folder / "content"
    unknown.git("init", "-q", folder=content)
    unknown.saved()
    assert len(unknown.git("ls-files", folder=content).splitlines()) == 3
    assert not (unknown.folder / ".git").exists()


def test_ignored_files_are_told_with_what_saves_them(project):
    project.write({".gitignore": "*.jpg\n.DS_Store\n", "content/images/b c.jpg": b"1"})
    project.write({"content/.DS_Store": "1", "content/b.md": "Deux"})
    said = project.saved()
    (line,) = [line for line in said.splitlines() if line.startswith("not saved")]
    assert line.startswith("not saved: content/images/b c.jpg, which a .gitignore names; ")
    paste(project, line)
    assert "not saved" not in project.saved()
    assert project.files_of() == ["A\tcontent/images/b c.jpg"]


def test_an_emptied_content_folder_is_saved(project):
    shutil.rmtree(project.folder / "content")
    (project.folder / "content").mkdir()
    project.saved()
    assert [line[0] for line in project.files_of()] == ["D"] * 3


# --- What stops it ----------------------------------------------------------------------------


def stop_in_a_merge(project):
    project.write({"content/home.md": "Nous"})
    project.git("commit", "-q", "-a", "-m", "Nous")
    project.git("switch", "-q", "-c", "other", "HEAD~1")
    project.write({"content/home.md": "Eux"})
    project.git("commit", "-q", "-a", "-m", "Eux")


def try_git(project, *words):
    subprocess.run(["git", "-C", project.folder, *words], check=False, capture_output=True)


def merge(project):
    stop_in_a_merge(project)
    try_git(project, "merge", "main")


def rebase(project):
    stop_in_a_merge(project)
    try_git(project, "rebase", "main")


def cherry_pick(project):
    stop_in_a_merge(project)
    try_git(project, "cherry-pick", "main")


def revert(project):
    project.write({"content/home.md": "Nous"})
    project.git("commit", "-q", "-a", "-m", "Nous")
    project.git("revert", "--no-commit", "HEAD")


def stash(project):
    project.write({"content/home.md": "Nous"})
    project.git("stash", "-q")
    project.write({"content/home.md": "Eux"})
    project.git("commit", "-q", "-a", "-m", "Eux")
    try_git(project, "stash", "pop")


def detach(project):
    project.git("checkout", "-q", "--detach")


def detach_from_all(project):
    detach(project)
    project.write({"content/home.md": "Nous"})
    project.git("commit", "-q", "-a", "-m", "Nous")


def begin_bisection(project):
    project.write({"content/home.md": "Nous"})
    project.git("commit", "-q", "-a", "-m", "Nous")
    project.git("bisect", "start", "HEAD", "HEAD~1")


@pytest.mark.parametrize(
    ("begin", "told"),
    [
        (revert, "git: git: a revert is not finished; finish it: GIT_EDITOR=true git revert --con"),
        (begin_bisection, "a bisection is not finished; finish it, or give it up: git bisect"),
        (detach, "git: branch: no branch is checked out (detached HEAD); go back to a branch"),
        (detach_from_all, "your changes stay: git switch --create textes-"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_was_begun_stops_a_save_until_the_remedy_is_pasted(project, begin, told):
    begin(project)
    before = project.git("log", "--all", "--format=%H"), project.git("status", "--porcelain")
    said = project.saved("Un texte", code=1)
    assert told in said
    assert len(said.splitlines()) == 1
    assert (
        project.git("log", "--all", "--format=%H"),
        project.git("status", "--porcelain"),
    ) == before
    paste(project, said)
    project.write({"content/b.md": "Deux"})
    project.saved("Un texte")
    assert project.git("log", "-1", "--format=%s") == "Un texte"


TWO_VERSIONS = (
    "content/home.md: git: it holds two versions that git could not join; keep the right lines and "
    "remove the lines <<<<<<<, ======= and >>>>>>>, then: git add -- content/home.md && "
)


@pytest.mark.parametrize(
    "begin", [merge, rebase, cherry_pick, stash], ids=lambda each: each.__name__
)
@pytest.mark.parametrize("is_added", [False, True])
def test_two_versions_of_a_text_stop_a_save_until_one_is_kept(project, begin, is_added):
    begin(project)
    said = project.saved("Un texte", code=1)
    assert said.startswith(TWO_VERSIONS)
    assert len(said.splitlines()) == 1
    project.write({"content/home.md": "Les deux"})
    if is_added and begin is not stash:
        project.git("add", "content/home.md")
        said = project.saved("Un texte", code=1)
        assert "is not finished; finish it: GIT_EDITOR=true git " in said
    if begin is rebase:  # another text that was changed meanwhile
        project.write({"content/articles/a.md": "Autre"})
        said = project.saved("Un texte", code=1)
    paste(project, said)
    project.write({"content/b.md": "Deux"})
    project.saved("Un texte")
    assert project.git("show", "HEAD:content/home.md") == "Les deux"
    assert project.git("log", "-1", "--format=%s") == "Un texte"


def test_each_text_of_two_versions_is_named_and_one_command_ends_it(project, monkeypatch, tmp_path):
    project.git("switch", "-q", "-c", "other")
    for branch in ("other", "main"):
        project.git("switch", "-q", branch)
        project.write({"content/home.md": branch, "content/articles/a.md": branch})
        project.git("commit", "-q", "-a", "-m", branch)
    try_git(project, "rebase", "other")
    monkeypatch.chdir(tmp_path)
    said = project.saved("Un texte", code=1)
    assert [line.partition(": ")[0] for line in said.splitlines()] == [
        "content/articles/a.md",
        "content/home.md",
    ]
    project.write({"content/home.md": "Les deux", "content/articles/a.md": "Les deux"})
    paste(project, said)
    assert project.git("status", "--porcelain") == ""
    assert project.git("log", "-2", "--format=%s") == "main\nother"


def test_the_guides_lines_give_a_text_back_as_it_was_at_a_state(project):
    for words in ("Deux", "Trois"):
        project.write({"content/home.md": words})
        project.saved(words)
    project.write({"content/b.md": "Autre"})
    project.saved("Autre")
    guide = (sites.ROOT / "docs/guide.md").read_text("utf-8")
    at, before = re.findall("`(git restore --source=a1b2c3d.+?)`", guide)
    number = project.git("log", "--oneline", "content/home.md").split()[0]
    for command, text in ((before, "Deux"), (at, "Trois")):
        typed = command.replace("a1b2c3d", number)
        subprocess.run(["sh", "-ec", typed], cwd=project.folder, check=True)
        assert (project.folder / "content/home.md").read_text() == text


def test_without_a_name_nothing_is_saved_and_the_remedy_has_the_owners(
    project, git_settings, tmp_path, monkeypatch
):
    git_settings.write_text("")
    monkeypatch.chdir(tmp_path)
    project.write(
        {"content/site.yml": "owner:\n  name: Odile d'Ys, git &\n  email: o@exemple.fr\n"}
    )
    said = project.saved(code=1)
    assert "git: user.name: git does not know who you are; " in said
    paste(project, said)
    project.saved()
    assert project.git("log", "-1", "--format=%an %ae") == "Odile d'Ys, git & o@exemple.fr"


def test_without_a_name_an_unknown_folder_stays_unknown(unknown, git_settings):
    git_settings.write_text("")
    said = unknown.saved(code=1)
    assert not (unknown.folder / ".git").exists()
    paste(unknown, said)
    assert "saved for the first time" in unknown.saved()


def test_without_git_the_remedy_installs_it(project, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert project.saved(code=1) == (
        "git: git: git is not installed; "
        "install it: sudo apt install git, on macOS: xcode-select --install\n"
    )
    assert save.unsaved_line() == ""


def test_a_folder_that_is_a_repository_of_its_own_is_told(project):
    project.git("init", "-q", "content/images/d'autres")
    project.write({"content/images/d'autres/a.jpg": b"1"})
    said = project.saved(code=1)
    assert "its files would not be saved" in said
    paste(project, said)
    project.saved()
    assert project.files_of() == ["A\tcontent/images/d'autres/a.jpg"]


def test_a_hook_that_refuses_is_told_in_its_words(project):
    hook = project.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'trop long' >&2; exit 1\n")
    hook.chmod(0o755)
    project.write({"content/b.md": "Deux"})
    assert "git commit failed: trop long; " in project.saved(code=1)


def test_a_command_is_typed_for_the_folder_that_one_stands_in(project, monkeypatch, tmp_path):
    detach(project)
    monkeypatch.chdir(tmp_path)
    said = project.saved(code=1)
    assert f"git -C '{project.folder}' switch main" in said
    paste(project, said)
    assert project.git("branch", "--show-current") == "main"


# --- What is sent -----------------------------------------------------------------------------


def test_without_a_remote_it_says_how_to_have_one_and_makes_the_upstream(project):
    project.write({"content/b.md": "Deux"})
    said = project.saved(code=0)
    assert "saved on this computer only: git knows no remote." in said
    remote = project.folder.parent / "remote.git"
    project.git("init", "-q", "--bare", str(remote))
    paste(project, said.replace("ADDRESS", f"'{remote}'"))
    assert "there is no terminal to ask at" in project.saved(code=1, yes=False)
    assert f"whoever can read the folder {remote} can read them" in project.saved()
    assert project.git("rev-parse", "main", folder=remote) == project.git("rev-parse", "HEAD")
    assert project.git("rev-parse", "--abbrev-ref", "main@{upstream}") == "origin/main"


def test_a_branch_that_follows_one_of_this_repository_is_sent_and_goes_on_following(project):
    remote = project.add_remote()
    project.git("switch", "-q", "-c", "essai", "--track", "main")
    project.write({"content/b.md": "Deux"})
    project.saved()
    assert project.git("rev-parse", "essai", folder=remote) == project.git("rev-parse", "HEAD")
    assert project.git("rev-parse", "--abbrev-ref", "essai@{upstream}") == "main"


def test_the_first_time_it_tells_who_reads_and_asks_then_never_again(project, monkeypatch):
    remote = project.add_remote()
    project.write({"content/b.md": "Deux"})
    said = project.saved(code=1, yes=False)
    assert "save: yes: it is saved here and not sent: there is no terminal to ask at" in said
    assert "all of content/: drafts, texts that wait for their day, and the original" in said
    assert project.git("rev-list", "--count", "main", folder=remote) == "1"
    assert "whoever can read the folder " in project.saved(yes=True)
    assert project.git("rev-list", "--count", "main", folder=remote) == "2"
    project.write({"content/c.md": "Trois"})
    said = project.saved(yes=False)
    assert said.splitlines() == ["saved: content/c.md", f"sending to {remote}", "sent"]
    assert project.git("rev-list", "--count", "main", folder=remote) == "3"
    other = remote.rename(remote.with_name("other.git"))
    project.git("remote", "set-url", "origin", str(other))
    assert "there is no terminal to ask at" in project.saved(code=1, yes=False)


@pytest.mark.parametrize(("answer", "sent"), [("o", True), ("", False), (None, False)])
def test_at_a_terminal_it_asks(project, monkeypatch, answer, sent):
    remote = project.add_remote()
    project.write({"content/b.md": "Deux"})

    def give(_question):
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", give)
    monkeypatch.setattr(save.sys.stdin, "isatty", lambda: True, raising=False)
    said = project.saved(yes=False)
    assert ("nothing was sent" in said) is not sent
    assert project.git("rev-list", "--count", "main", folder=remote) == str(1 + sent)


def test_each_address_that_a_push_goes_to_is_told(project):
    remote = project.add_remote()
    other = remote.with_name("other.git")
    project.git("clone", "-q", "--bare", str(remote), str(other))
    for address in (remote, other):
        project.git("remote", "set-url", "--add", "--push", "origin", str(address))
    project.write({"content/b.md": "Deux"})
    said = project.saved()
    assert f"what is sent to {remote}, {other}:" in said
    assert f"whoever can read the folder {other} can" in said


@pytest.mark.parametrize("has_name", [True, False])
def test_a_remote_that_is_ahead_is_told_and_never_forced(project, has_name):
    remote = project.add_remote()
    if not has_name:
        project.git("config", "branch.main.remote", str(remote))
    other = project.folder.parent / "other"
    project.git("clone", "-q", str(remote), str(other))
    (other / "content/c.md").write_text("Trois")
    project.git("add", "-A", folder=other)
    project.git("commit", "-q", "-m", "D’ailleurs", folder=other)
    project.git("push", "-q", folder=other)
    ahead = project.git("rev-parse", "main", folder=remote)
    project.write({"content/b.md": "Deux", "inv": "#!/bin/sh\n# Changed\n"})
    said = project.saved(code=1)
    assert "push: it has changes that this computer has not; yours are saved here; take" in said
    assert project.git("rev-parse", "main", folder=remote) == ahead
    assert project.git("show", "HEAD:content/b.md") == "Deux"
    command = "--autostash origin main && " if has_name else "--autostash && "
    assert command in said
    paste(project, said)
    assert "sent" in project.saved()
    assert (project.folder / "content/c.md").exists()
    assert project.git("status", "--porcelain") == " M inv"
    assert project.git("rev-parse", "main", folder=remote) == project.git("rev-parse", "HEAD")


def test_a_text_that_both_sides_changed_is_sent_by_what_is_pasted(project):
    other = project.folder.parent / "other"
    remote = project.add_remote()
    project.git("clone", "-q", str(remote), str(other))
    (other / "content/home.md").write_text("D’ailleurs")
    project.git("commit", "-q", "-a", "-m", "D’ailleurs", folder=other)
    project.git("push", "-q", folder=other)
    project.write({"content/home.md": "D’ici"})
    command = project.saved(code=1).strip().rpartition(": ")[2]
    pasted = command.replace("./inv save", "true")
    assert subprocess.run(["sh", "-c", pasted], check=False, capture_output=True).returncode
    said = project.saved(code=1)
    assert "<<<<<<< " in (project.folder / "content/home.md").read_text()
    project.write({"content/home.md": "D’ici et d’ailleurs"})
    paste(project, said)
    assert "sent" in project.saved()
    assert project.git("show", "main:content/home.md", folder=remote) == "D’ici et d’ailleurs"


def test_a_remote_that_refuses_is_told_in_its_words(project):
    remote = project.add_remote()
    hook = remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf 'pas le\\033[2J dimanche\\n' >&2; exit 1\n")
    hook.chmod(0o755)
    project.write({"content/b.md": "Deux"})
    said = project.saved(code=1)
    assert "pre-receive hook declined" in said
    assert "pas le [2J dimanche" in said
    assert said.endswith("it is saved here; once that is fixed, call ./inv save again\n")
    hook.unlink()
    assert "sent" in project.saved()


@pytest.mark.parametrize(
    "address",
    [
        "https://camille:s3cr%40t@127.0.0.1:1/site.git",
        "https://camille:s3cr/t@127.0.0.1:1/site.git",
        "https://s3cret-token@127.0.0.1:1/site.git?private_token=s3cret",
        "http://camille:s3cr@t@127.0.0.1:1/site.git",
        "ssh://camille:s3cret@127.0.0.1:1/site.git",
    ],
)
def test_no_credential_is_ever_printed(project, address):
    project.add_remote(address)
    project.write({"content/b.md": "Deux"})
    said = project.saved(code=1)
    assert "127.0.0.1:1/site.git" in said
    assert "push: nothing was sent: " in said
    assert "s3cr" not in said
    assert "camille" not in said.replace(str(project.folder), "")
    assert "s3cr" not in project.git("config", "--get", "inv.toldRemote")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            "git@a.fr: Permission denied (publickey)., fatal: Could not read",
            "n’accepte pas votre clé",
        ),
        ("Host key verification failed., fatal: Could not read from", "sa clé n’est pas connue"),
        ("ssh: Could not resolve hostname a.fr: Name or service not known", "son nom n’est pas"),
        ("fatal: unable to access 'https://a.fr/': Could not resolve host: a.fr", "son nom n’est"),
        ("ssh: connect to host a.fr port 22: Connection refused", "ne répond pas"),
        ("ssh: connect to host a.fr port 22: Connection timed out", "ne répond pas"),
        ("fatal: unable to access 'https://a/': Failed to connect to a", "ne répond pas"),
        ("fatal: Authentication failed for 'https://a.fr/'", "ne sait pas qui vous êtes"),
        ("fatal: could not read Username for 'https://a.fr'", "ne sait pas qui vous êtes"),
        ("remote: Repository not found., fatal: repository 'x' not found", "n’y a pas de dépôt"),
        ("fatal: '/x' does not appear to be a git repository", "n’y a pas de dépôt"),
        ("error: file write error: No space left on device", "le disque est plein"),
    ],
)
def test_what_git_says_is_quoted_after_the_reason_in_the_owners_language(
    said, problem, monkeypatch
):
    monkeypatch.setenv("SITE_MESSAGES", "fr")
    reason, remedy = git.explain(said, Message("call again"))
    assert problem in reason.partition(" (")[0]
    assert reason.endswith(f"({said})")
    assert str(remedy) != "call again"


def test_what_git_says_for_the_first_time_is_quoted_as_it_is():
    remedy = Message("call again")
    assert git.explain("fatal: bad object", remedy) == ("fatal: bad object", remedy)


def test_requests_are_not_traced(project, monkeypatch):
    monkeypatch.setenv("GIT_TRACE", "1")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    project.write({"content/b.md": "Deux"})
    assert "trace" not in project.saved()


def served(folder):
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.log_message = lambda *_: None
    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)


def test_a_remote_that_answers_a_stranger_is_told(project, tmp_path, git_settings):
    remote = project.add_remote()
    project.git("update-server-info", folder=remote)
    with served(tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://camille:secret@127.0.0.1:{server.server_port}"
        # What this user's own settings open is closed to a stranger.
        with git_settings.open("a") as file:
            private = f"http://127.0.0.1:{server.server_port}/none.git"
            file.write(f'[url "{remote}"]\n\tinsteadOf = {private}\n')
        for path, is_public in (("remote.git", True), ("none.git", False)):
            assert remotes.is_public(f"{address}/{path}") is is_public
        project.git("remote", "set-url", "origin", f"{address}/remote.git")
        project.write({"content/b.md": "Deux"})
        said = project.saved(code=1, yes=False)
        assert "can read them: http://127.0.0.1:" in said
        server.shutdown()


@pytest.mark.parametrize(
    ("host", "files", "branch", "found"),
    [
        ("github.com", [".github/workflows/site.yml"], "main", ".github/workflows/site.yml"),
        ("github.com", [".gitlab-ci.yml", ".forgejo/workflows/site.yml"], "main", ""),
        ("gitlab.example.org", [".gitlab-ci.yml"], "main", ".gitlab-ci.yml"),
        ("codeberg.org", [".forgejo/workflows/site.yml"], "main", ".forgejo/workflows/site.yml"),
        ("git.example.org", [".forgejo/workflows/a.yml"], "main", ".forgejo/workflows/a.yml"),
        ("github.com", [".github/workflows/site.yml"], "essai", ""),
        ("", [".github/workflows/site.yml"], "main", ""),
    ],
)
def test_a_push_that_publishes_is_known(project, host, files, branch, found):
    project.write(dict.fromkeys(files, "run: ./inv publish --yes"))
    project.write({".github/workflows/audit.yml": "run: ./inv check"})
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "CI")
    address = f"git@{host}:a/b.git" if host else str(project.folder)
    repository = git.Repository(project.folder)
    assert remotes.publishing_workflow(repository, address, branch) == found


# --- Publication, another computer ------------------------------------------------------------


def test_what_is_not_saved_is_told_in_a_line(project):
    assert save.unsaved_line() == ""
    project.write({"content/b.md": "Deux", "elsewhere.md": "Un"})
    assert save.unsaved_line() == "not saved: content/b.md; ./inv save saves them"
    project.write({f"content/{number}.md": "Un" for number in range(9)})
    assert save.unsaved_line().endswith("content/4.md and 5 more; ./inv save saves them")


def test_a_folder_that_git_does_not_know_is_not_saved(unknown):
    assert save.unsaved_line() == "not saved: nothing of content/ is; ./inv save saves it"


@pytest.mark.slow
def test_a_clone_of_a_saved_project_builds_with_its_settings(copy, tmp_path):
    copy.runs("git init -q --bare -b main ../remote.git && git branch -M main")
    copy.runs("git remote add origin ../remote.git && git push -q -u origin main")
    site = copy.folder / "content/site.yml"
    site.write_text(site.read_text("utf-8").replace("réparations", "réemplois"), "utf-8")
    copy.runs("git config user.name A && git config user.email a@example.org")
    assert "not saved: content/site.yml" in copy.fails("./inv publish --yes")
    assert copy.runs('./inv save "Un autre nom" --yes').endswith("sent\n")
    clone = tmp_path / "another computer"
    shutil.move(copy.folder, tmp_path / "broken computer")
    subprocess.run(["git", "clone", "-q", tmp_path / "remote.git", clone], check=True)
    copy.folder = clone
    copy.runs("./inv build")
    assert "réemplois" in (clone / "output/index.html").read_text("utf-8")
