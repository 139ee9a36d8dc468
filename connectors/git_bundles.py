"""Git bundles: everything of a repository of ours in one file, and back."""

import re
from collections.abc import Collection
from pathlib import Path

from git import Repo
from git.cmd import Git
from git.exc import GitError

from connectors.git_addresses import checked_ref
from connectors.git_clones import LOCAL, refs
from connectors.git_commands import GitCommands, guard, reason
from connectors.mirror import Mirror
from tm_service.domain.errors import ConfigurationError, ConnectorError

_MIRROR = "mirror.git"
_ID = re.compile(r"[0-9a-f]{40}")
_HELD = "refs/tm-service/held/"  # commits that somebody names and no branch leads to any more


def bundle(repository: Path, file: Path, commits: Collection[str]) -> str | None:
    """Write all that a bare repository has, and those of the commits that no branch leads to; returns where HEAD stands.

    None, and no file, for one that is empty. Raises ConnectorError, ConfigurationError.
    """
    git = _opened(repository)
    try:
        for commit in _unreached(git, commits):
            git.run("hold a commit of", "update-ref", "--", _HELD + commit, commit)
        if not refs(git):
            return None
        git.run("bundle", "bundle", "create", "--quiet", str(file.absolute()), "--all")
        return git.run("read the head of", "symbolic-ref", "HEAD").decode().strip()
    finally:
        git.close()


def unbundle(file: Path, repository: Path, head: str) -> None:
    """Make a bare repository of a bundle, its HEAD at a branch; a mirror as mirrors are.

    Raises ConnectorError, ConfigurationError.
    """
    if not checked_ref(head).startswith(LOCAL):
        raise ConfigurationError(f"{head[:80]!r} is no branch that the HEAD of {repository.name} can stand at.")
    if repository.name == _MIRROR:
        mirror = Mirror(repository.parent, head.removeprefix(LOCAL))
        mirror.prepare()
        mirror.close()
    else:
        _initialise(repository)
    git = _opened(repository)
    try:
        git.run(
            "unpack a bundle into",
            "fetch",
            "--quiet",
            "--no-write-fetch-head",
            "--",
            str(file.absolute()),
            "+refs/*:refs/*",
        )
        git.run("set the head of", "symbolic-ref", "HEAD", head)
    finally:
        git.close()


def _unreached(git: GitCommands, commits: Collection[str]) -> list[str]:
    """Those of the commits that are there, and that no ref leads to."""
    asked = "".join(f"{commit}\n" for commit in sorted(filter(_ID.fullmatch, commits))).encode()
    listing = git.run("look for commits in", "cat-file", "--batch-check", stdin=asked)
    there = [line.split()[0] for line in listing.splitlines() if line.split()[1:2] == [b"commit"]]
    if not there:
        return []
    found = git.run("list the commits of", "rev-list", "--stdin", "--not", "--all", stdin=b"\n".join(there) + b"\n")
    return [commit.decode("ascii") for commit in sorted(set(there) & set(found.split()))]


def _opened(place: Path) -> GitCommands:
    try:
        return GitCommands(Repo(place, expand_vars=False), str(place))
    except (GitError, OSError, ValueError) as error:
        raise ConfigurationError(f"{place} is not a git repository; take it away, and it is made anew.") from error


def _initialise(place: Path) -> None:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    git = Git(place.parent)
    guard(git, safe=str(place))
    try:
        git.init("--bare", "--quiet", "--template=", "--", str(place))
    except GitError as error:
        said = reason(str(getattr(error, "stderr", error)))
        raise ConnectorError(f"Git could not create {place}: {said}.") from None
