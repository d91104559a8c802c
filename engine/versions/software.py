"""Find, fetch and verify versions of the software: tags vX.Y.Z at the address in site.yml."""

import re
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from engine.faults import FaultsError, Message
from engine.settings.site_file import SiteFile
from engine.versions.git import Repository, explain

Version = tuple[int, int, int]

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
# The refs of fetched tags: apart from the owner's own tags, and never pushed.
_REFS = "refs/inv/tags"
_SSH_KEY = re.compile(r"((?:ssh|ecdsa|sk)-\S+) ([A-Za-z0-9+/]+=*)")
_FINGERPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")


def tag_of(version: Version) -> str:
    """Return the tag of a version, such as "v1.2.3"."""
    return "v{}.{}.{}".format(*version)


def ref_of(version: Version) -> str:
    """Return the local ref of a version's fetched tag."""
    return f"{_REFS}/{tag_of(version)}"


def read_version(pyproject: str) -> Version | None:
    """Return the version in the text of a pyproject.toml; None if it is not X.Y.Z."""
    try:
        found = _VERSION.fullmatch(tomllib.loads(pyproject)["project"]["version"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return None
    return tuple(map(int, found.groups())) if found else None


@dataclass(frozen=True)
class Source:
    """The source of versions: the project's repository, and the address and key of site.yml."""

    repository: Repository
    site: SiteFile

    @property
    def address(self) -> str:
        """The address of the software's repository, "" if none is given."""
        return self.site.block("software")["address"]

    def error(self, key: str, problem: Message, remedy: Message) -> FaultsError:
        """Return the error of one key of the block `software`."""
        return FaultsError(self.site.fault(f"software.{key}", problem, remedy))

    def versions(self) -> dict[Version, str]:
        """List the versions at the address with the hashes of their tags. Raises FaultsError."""
        if not self.address:
            problem = Message("nothing says where newer versions of the software are")
            remedy = Message("write below software: address: https://… of its repository")
            raise self.error("address", problem, remedy)
        answer = self.repository.try_git("ls-remote", "--tags", "--refs", "--", self.address)
        if answer.code:
            remedy = Message("look at the address and the network, then call ./inv update again")
            reason, remedy = explain(answer.reason, remedy)
            problem = Message("git cannot read it: {reason}", reason=reason)
            raise self.error("address", problem, remedy)
        found = {}
        for line in answer.out.splitlines():
            digest, _tab, name = line.partition("\t")
            if match := _VERSION.fullmatch(name.removeprefix("refs/tags/v")):
                found[tuple(map(int, match.groups()))] = digest
        if not found:
            problem = Message("it has no version: no tag of the form v1.2.3")
            raise self.error("address", problem, Message("look at the address"))
        return found

    def fetch(self, version: Version, digest: str) -> None:
        """Fetch the tag of a version, whose hash at the address is `digest`.

        Raises FaultsError if the tag has changed since the last fetch, or cannot be fetched.
        """
        ref, tag = ref_of(version), tag_of(version)
        known = self.repository.try_git("rev-parse", "--quiet", "--verify", ref).out.strip()
        if known not in ("", digest):
            problem = Message(
                "its tag {tag} was moved: {known} before, {digest} now",
                tag=tag,
                known=known[:12],
                digest=digest[:12],
            )
            command = self.repository.command_line(f"git update-ref -d {ref}")
            remedy = Message("ask its maintainer why; to accept it: {command}", command=command)
            raise self.error("address", problem, remedy)
        self.repository.git(
            *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", self.address),
            f"refs/tags/{tag}:{ref}",
        )

    def refuse_untrusted(self, version: Version) -> None:
        """Raise FaultsError if a fetched version does not match its tag, or is not signed.

        Its pyproject.toml must have the version of the tag. If the settings have a key, the tag
        must be signed by it.
        """
        ref, tag = ref_of(version), tag_of(version)
        said = self.repository.try_git("show", f"{ref}^{{commit}}:pyproject.toml")
        if read_version(said.out) != version:
            problem = Message("its tag {tag} holds another version than it says", tag=tag)
            remedy = Message("report it to its maintainer; this version stays")
        elif self._is_signed(ref, tag):
            return
        else:
            problem = Message("its tag {tag} is not signed by this key", tag=tag)
            remedy = Message("ask its maintainer; this version stays")
        self.repository.git("update-ref", "-d", ref)
        key = "address" if read_version(said.out) != version else "key"
        raise self.error(key, problem, remedy)

    def _is_signed(self, ref: str, tag: str) -> bool:
        """Whether a tag is signed by the key of the settings; True if they have none."""
        key = self.site.block("software")["key"]
        if not key:
            return True
        fingerprint = key.replace(" ", "").upper()
        with tempfile.TemporaryDirectory() as folder:
            signers = Path(folder, "signers")
            if found := _SSH_KEY.match(key):
                signers.write_text(f'* namespaces="git" {found[1]} {found[2]}\n', "ascii")
                # Keys of the user's own keyring are not accepted.
                programs = ["gpg.program=false", "gpg.openpgp.program=false"]
            elif _FINGERPRINT.fullmatch(fingerprint):
                programs = ["gpg.ssh.program=false"]
            else:
                problem = Message("it is neither a public key of ssh nor a fingerprint of gpg")
                remedy = Message(
                    "write key: ssh-ed25519 AAAA…, or the 40 characters that gpg shows"
                )
                raise self.error("key", problem, remedy)
            programs += ["gpg.x509.program=false", f"gpg.ssh.allowedSignersFile={signers}"]
            options = [word for setting in programs for word in ("-c", setting)]
            answer = self.repository.try_git(*options, "verify-tag", "--raw", ref)
        # A signed tag under another name would install an older version as a newer one.
        if self.repository.git("for-each-ref", "--format=%(tag)", ref).strip() != tag:
            return False
        if answer.code or found:
            return not answer.code
        # The first field is the key, the last its primary key:
        # https://github.com/gpg/gnupg/blob/master/doc/DETAILS
        valid = re.search(r"^\[GNUPG:\] VALIDSIG (\S+) .*?(\S+)$", answer.errors, re.MULTILINE)
        return valid is not None and fingerprint in valid.groups()
