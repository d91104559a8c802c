"""Find the remote of a push, who can read it, and whether the push publishes the site."""

import os
import re
from dataclasses import dataclass

from engine.faults import Message
from engine.versions.git import Repository, call_git, without_credentials

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/]+)/(?P<path>.*)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/:]{2,}):(?!//)(?P<path>.+)")
# A word of the host's name -> the paths of its workflows; other hosts may run all of them.
_WORKFLOWS = {
    "github": (".github/workflows",),
    "gitlab": (".gitlab-ci.yml",),
    "codeberg": (".forgejo/workflows",),
}
_PUBLISHED_BRANCH = "main"
# Seconds to wait for an anonymous request.
_PATIENCE = 15


@dataclass(frozen=True)
class Remote:
    """A remote: its name, its addresses for pushes, and the target branch.

    `is_new` if the branch has no upstream yet.
    """

    name: str
    addresses: tuple[str, ...]
    branch: str
    is_new: bool

    @property
    def shown(self) -> str:
        """The addresses without their credentials."""
        return without_credentials(", ".join(self.addresses))


def find_remote(repository: Repository) -> Remote | None:
    """Return the target of a push of the branch; None without a remote.

    It is the branch's upstream, else the branch of the same name at `origin` or another remote.
    """
    branch = repository.branch
    name = repository.try_git("config", f"branch.{branch}.remote").out.strip()
    target = repository.try_git("config", f"branch.{branch}.merge").out.strip()
    is_new = not name
    # “.” names the repository itself.
    if name in ("", ".") or not target.startswith("refs/heads/"):
        names = repository.git("remote").split()
        if not names:
            return None
        name, target = ("origin" if "origin" in names else names[0]), branch
    found = repository.try_git("remote", "get-url", "--push", "--all", "--", name).out.splitlines()
    # The setting may hold an address in place of a name.
    return Remote(name, tuple(found) or (name,), target.removeprefix("refs/heads/"), is_new)


def _parts(address: str) -> tuple[str, str, str] | None:
    """Split an address into scheme, host with port and path; None for a local folder."""
    address = without_credentials(address)
    if found := _URL.match(address):
        return found["scheme"].lower(), found["host"], found["path"]
    if found := _SCP.match(address):
        return "ssh", found["host"], found["path"]
    return None


def host_of(address: str) -> str:
    """Return the host of an address; "" for a local folder."""
    found = _parts(address)
    return found[1].partition(":")[0] if found else ""


def publishing_workflow(repository: Repository, address: str, branch: str) -> str:
    """Return the workflow that publishes the site after a push, "" if there is none."""
    host = host_of(address)
    if not host or branch != _PUBLISHED_BRANCH:
        return ""
    named = (files for word, files in _WORKFLOWS.items() if word in host.lower())
    files = next(named, [name for own in _WORKFLOWS.values() for name in own])
    publishes = ("-e", r"inv publish", "-e", r"inv prepare")
    answer = repository.try_git("grep", "--name-only", *publishes, "HEAD", "--", *files)
    return answer.out.split("\n")[0].removeprefix("HEAD:")


def is_public(address: str) -> bool:
    """Whether an address can be read without a key or a password."""
    found = _parts(address)
    if not found:
        return False
    scheme, host, path = found
    if scheme not in ("http", "https"):
        scheme, host = "https", host.partition(":")[0]
    # Without the user's settings, which may hold a password.
    nothing = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"), os.devnull)
    nothing |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true"}
    words = ("ls-remote", "--", f"{scheme}://{host}/{path.lstrip('/')}")
    return call_git("/", *words, timeout=_PATIENCE, **nothing).code == 0


def consequences(repository: Repository, remote: Remote) -> list[str]:
    """Describe in lines who can read a push to this remote, and whether it publishes."""
    lines = [
        Message(
            "all of content/: drafts, texts that wait for their day, and the original photos, with"
            "\nthe place and the time that they tell"
        )
    ]
    for address in remote.addresses:
        host, shown = host_of(address), without_credentials(address)
        if not host:
            lines.append(
                Message("whoever can read the folder {folder} can read them", folder=shown)
            )
        elif is_public(address):
            lines.append(
                Message("anyone can read them: {address} answers without a password", address=shown)
            )
        else:
            lines.append(
                Message("whomever {host} lets in can read them; it answers nobody else", host=host)
            )
        if workflow := publishing_workflow(repository, address, remote.branch):
            lines.append(
                Message(
                    "this push publishes the site: {host} runs {workflow}, at each push to\n"
                    "{branch}, if its variable PUBLISH_TO is set (docs/hosting.md)",
                    host=host,
                    workflow=workflow,
                    branch=remote.branch,
                )
            )
        else:
            lines.append(Message("this push publishes nothing"))
    return "\n".join(map(str, lines)).split("\n")
