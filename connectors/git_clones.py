"""Git clones: opens a repository where it stands, or keeps a bare copy of it in the cache."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from time import time

from git import Repo
from git.cmd import Git
from git.exc import GitError

from connectors.git_addresses import Address, Kind
from connectors.git_commands import GitCommands, guard, reason
from tm_service.domain.errors import ConfigurationError, ConnectorError
from tm_service.domain.sentences import NOT_FETCHED

LOCAL = "refs/heads/"
TRACKED = "refs/remotes/origin/"
KEPT = "refs/kept/"
CLONE_HEAD = "refs/tm-service/head"
_REFSPECS = (f"+refs/heads/*:{TRACKED}*", "+refs/tags/*:refs/tags/*")
LONGEST_FETCH, LONGEST_ANSWER = 1800.0, 60.0  # seconds: a first clone may take its time, a question may not
_STALE = 3600  # seconds; no git of ours goes on for so long


def is_cloned(address: Address) -> bool:
    """Whether this repository is read from a copy: an address on a network, a file address, a bundle."""
    return address.kind is not Kind.PATH or Path(address.location).is_file()


def open_repository(address: Address, cache: Path) -> GitCommands:
    """Open a path where it stands; anything else as a bare clone in the cache, fetched anew.

    Raises ConfigurationError where nothing is there, ConnectorError where git fails.
    """
    if is_cloned(address):
        return _cloned(address, cache)
    if not Path(address.location).exists():
        raise ConfigurationError(f"The repository {address} does not exist; mend its address or create it.")
    return _opened(Path(address.location), str(address))


def fetch(git: GitCommands, address: Address) -> None:
    """Bring a clone up to date, branches and tags; what was committed here and not pushed stays."""
    with _alone(git.git_dir.with_suffix(".lock")):
        _tidy(git)
        head = _remote_head(git, address)
        specs = (*_REFSPECS, f"+HEAD:{CLONE_HEAD}") if head else _REFSPECS
        options = ("--prune", "--no-tags", "--update-shallow", "--no-recurse-submodules", "--no-write-fetch-head")
        outcome = git.speak("fetch", "--quiet", *options, "--", address.location, *specs, patience=LONGEST_FETCH)
        if outcome.status:
            raise _unreachable(address, outcome.errors)
        _settle(git)


def remote_tip(git: GitCommands, address: Address, ref: str) -> str:
    """Where a branch of the remote stands now, empty where that cannot be known."""
    outcome = git.speak("ls-remote", "--quiet", "--", address.location, ref, patience=LONGEST_ANSWER)
    lines = outcome.output.decode("utf-8", "surrogateescape").splitlines() if not outcome.status else []
    return next((commit for commit, _, name in (line.partition("\t") for line in lines) if name == ref), "")


def refs(git: GitCommands, *patterns: str) -> dict[str, str]:
    """Object ids of the refs below these prefixes, by full name."""
    listing = git.run("list the refs of", "for-each-ref", "--format=%(refname) %(objectname)", "--", *patterns)
    lines = listing.decode("utf-8", "surrogateescape").splitlines()
    return {name: target for name, _, target in (line.partition(" ") for line in lines)}


def contains(git: GitCommands, descendant: str, ancestor: str) -> bool:
    return git.attempt("merge-base", "--is-ancestor", ancestor, descendant).status == 0


def _cloned(address: Address, cache: Path) -> GitCommands:
    digest = blake2b(address.location.encode("utf-8"), digest_size=12).hexdigest()
    place = cache / f"{digest}.git"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"The cache {cache} cannot be created: {error.strerror}; name another.") from error
    with _alone(place.with_suffix(".lock")):
        if not place.exists():
            _initialised(place)
    git = _opened(place, str(address))
    try:
        fetch(git, address)
    except BaseException:
        git.close()
        raise
    return git


def _initialised(place: Path) -> None:
    """Create an empty bare repository, whole or not at all, without the hooks that a template of this machine may carry."""
    draft = place.with_suffix(".draft")  # one process at a time is here
    shutil.rmtree(draft, ignore_errors=True)
    git = Git(place.parent)
    guard(git, safe=str(draft))
    try:
        git.init("--bare", "--quiet", "--template=", "--", str(draft))
        draft.rename(place)
    except (GitError, OSError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        said = reason(str(getattr(error, "stderr", error)))
        raise ConnectorError(f"Git could not create the clone {place}: {said}.") from None


def _opened(place: Path, shown: str) -> GitCommands:
    try:
        return GitCommands(Repo(place, expand_vars=False), shown)
    except (GitError, OSError, ValueError):
        raise ConfigurationError(
            f"{place} is not a git repository; name the folder that holds .git, a bare repository or a bundle."
        ) from None


def _remote_head(git: GitCommands, address: Address) -> bool:
    """Whether the remote's HEAD points to a commit; it does not where the default branch was renamed or is empty."""
    outcome = git.speak("ls-remote", "--quiet", "--", address.location, "HEAD", patience=LONGEST_ANSWER)
    if outcome.status:
        raise _unreachable(address, outcome.errors)
    return any(line.endswith(b"\tHEAD") for line in outcome.output.splitlines())


def _unreachable(address: Address, errors: str) -> ConnectorError:
    if "dubious ownership" in errors:
        return ConnectorError(
            f"{address} belongs to another user; name it as a path, or add it to git's safe.directory setting."
        )
    return ConnectorError(NOT_FETCHED.say(repository=address, reason=reason(errors)))


def _tidy(git: GitCommands) -> None:
    """Remove what a git left that was killed or had no space: locks, which keep every later one out, and parts of objects."""
    for left in (*git.git_dir.rglob("*.lock"), *git.git_dir.glob("objects/**/tmp_*")):
        with suppress(OSError):
            if time() - left.stat().st_mtime > _STALE:
                left.unlink()


def _settle(git: GitCommands) -> None:
    """Drop local branches that the remote has by now; set aside those that it went another way from."""
    known = refs(git, LOCAL, TRACKED)
    for name, tip in known.items():
        remote = known.get(TRACKED + name.removeprefix(LOCAL))
        if not name.startswith(LOCAL) or remote is None:
            continue
        if not contains(git, remote, tip):
            if contains(git, tip, remote):
                continue
            git.run("set aside a commit of", "update-ref", "--", f"{KEPT}{name.removeprefix(LOCAL)}/{tip}", tip)
        git.run("settle a branch of", "update-ref", "-d", "--", name, tip)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time; the lock ends with the process that holds it."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
