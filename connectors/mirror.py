"""Mirror: our own copy of a record store in a bare git repository, and an index that says what it was made from."""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from git import Repo
from git.cmd import Git
from git.exc import GitError

from connectors.git_clones import LOCAL, refs
from connectors.git_commands import GitCommands, guard, reason
from connectors.git_commits import move
from connectors.git_parsing import read_tree
from connectors.intentions import Intentions
from connectors.mirror_index import LONG_AGO, Index, Known, read_index, write_index
from connectors.record_contents import digest
from tm_service.domain.articles import Settled, load
from tm_service.domain.errors import ConfigurationError, ConnectorError

_NAME, _MAIL = "tm-service", "tm-service@localhost"
_NEXT = "refs/tm-service/next"  # a commit that the index speaks of before the branch stands there
_WHOLE = "refs/tm-service/whole"  # the commit at which the first full sync ended
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_NAP = 0.05  # seconds
_SETTINGS = (("core.fsync", "committed,reference"), ("core.compression", "1"), ("gc.autoDetach", "false"))


class Busy(ConnectorError):
    """Another process is at work on the mirror for longer than we wait."""


@dataclass(frozen=True)
class Batch:
    """What one commit changes. `by` is who changed these documents, where it was one, `changed` when that was last."""

    files: Mapping[str, bytes]
    removed: tuple[str, ...]
    message: str
    at: datetime
    changed: datetime | None = None
    by: str = ""


class Mirror:
    """A folder with the repository `mirror.git`, the file `index.json`, what is being pushed, and a lock.

    A commit is made aside, then the index is written, and then the branch moves: whatever happens between, the index speaks
    of the commit that the branch stands at, or of its child, to which the branch is then moved.
    """

    def __init__(self, folder: Path, branch: str) -> None:
        self.folder = folder
        self.repository = folder / "mirror.git"
        self.intentions = Intentions(folder / "pushing")
        self._branch = branch
        self._index_file = folder / "index.json"
        self._lock = RLock()
        self._opened: GitCommands | None = None

    def close(self) -> None:
        """End git's processes."""
        with self._lock:
            if self._opened:
                self._opened.close()

    @contextmanager
    def alone(self, patience: float) -> Iterator[None]:
        """One process, and one thread of it, at a time; raises Busy after so many seconds. The lock ends with its process."""
        self._make_folder()
        try:
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"{self.folder} cannot be written to: {error.strerror}; mend its rights."
            ) from error
        try:
            self._wait(handle, patience)
            yield
        finally:
            os.close(handle)

    def prepare(self) -> None:
        """Make the repository where there is none."""
        self._git  # noqa: B018 - opening it makes it

    def tip(self) -> str:
        """The commit that the branch stands at; empty before the first one."""
        ref = LOCAL + self._branch
        return refs(self._git, ref).get(ref, "")

    def is_whole(self) -> bool:
        """Whether a full sync ever came to its end."""
        return _WHOLE in refs(self._git, _WHOLE)

    def set_whole(self, index: Index) -> None:
        """Remember that everything the store had is there."""
        if not self.is_whole():
            self._git.run("note the first sync of", "update-ref", "--", _WHOLE, index.commit)

    def index(self) -> Index:
        """What is known of the documents at the branch's commit; made anew from them where it is lost or of another commit."""
        tip, known = self.tip(), read_index(self._index_file)
        if known is None:
            return self._rebuilt(tip)
        if known.commit == tip:
            return known
        if self._is_child(known.commit, tip):
            move(self._git, LOCAL + self._branch, known.commit, tip or None)
            return known
        return self._rebuilt(tip)

    def note(self, index: Index) -> None:
        """Keep what is known where no document differs."""
        write_index(self._index_file, index)

    def add(self, index: Index, batch: Batch) -> Index:
        """Commit a batch onto the index's commit, with what is known after it. Raises ConnectorError."""
        git = self._git
        stream = b"".join(_stream(index.commit, batch))
        git.run("write a batch into", "fast-import", "--quiet", "--force", "--done", stdin=stream)
        after = replace(index, commit=refs(git, _NEXT)[_NEXT])
        write_index(self._index_file, after)
        move(git, LOCAL + self._branch, after.commit, index.commit or None)
        return after

    def tidy(self) -> None:
        """Let git pack what many small commits left behind, where it finds that worth while."""
        self._git.attempt("gc", "--auto", "--quiet")

    @property
    def _git(self) -> GitCommands:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> GitCommands:
        if not (self.repository / "HEAD").exists():
            self._make_folder()
            self._initialise()
        try:
            return GitCommands(Repo(self.repository, expand_vars=False), str(self.repository))
        except (GitError, OSError, ValueError):
            raise ConfigurationError(
                f"{self.repository} is not a git repository; take it away, and the next sync makes it anew."
            ) from None

    def _initialise(self) -> None:
        git = Git(self.folder)
        guard(git, safe=str(self.repository))
        place = str(self.repository)
        try:
            git.init("--bare", "--quiet", "--template=", f"--initial-branch={self._branch}", "--", place)
            for name, value in _SETTINGS:
                git.config("--file", str(self.repository / "config"), name, value)
        except GitError as error:
            said = reason(str(getattr(error, "stderr", error)))
            raise ConnectorError(f"Git could not create {place}: {said}.") from None

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"The folder {self.folder} cannot be created: {error.strerror}.") from error

    def _wait(self, handle: int, patience: float) -> None:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Busy(
                        f"Another process is at work on {self.folder} for more than {patience:g} seconds; try again later."
                    ) from None
                time.sleep(_NAP)
            else:
                return

    def _is_child(self, commit: str, tip: str) -> bool:
        if refs(self._git, _NEXT).get(_NEXT) != commit:
            return False
        listing = self._git.run("read a commit of", "rev-list", "--parents", "--max-count=1", commit)
        return listing.decode("ascii").split()[1:] == ([tip] if tip else [])

    def _rebuilt(self, tip: str) -> Index:
        """Hashes from the documents themselves; that nothing is known of when they changed has all of them read again."""
        if not tip:
            return Index()
        listing = self._git.run("list the files of", "ls-tree", "-r", "-z", "--full-tree", tip)
        documents = (readable(self._git.content(blob)[1]) for blob in read_tree(listing).files.values())
        return Index(tip, {one.ref: Known(LONG_AGO, 0, digest(one.ref.kind, one.document)) for one in documents if one})


def readable(content: bytes) -> Settled | None:
    """A settled document; None for what an older version of the house wrote: it is read anew."""
    try:
        return load(content)
    except ValueError:
        return None


def _stream(parent: str, batch: Batch) -> Iterable[bytes]:
    """The batch as git's fast-import reads it (git-fast-import(1)); its paths need no quoting."""
    yield f"commit {_NEXT}\n".encode()
    yield _signature("author", batch.by or _NAME, "" if batch.by else _MAIL, batch.changed or batch.at)
    yield _signature("committer", _NAME, _MAIL, batch.at)
    yield _data(batch.message.rstrip("\n").encode("utf-8", "replace") + b"\n")
    if parent:
        yield f"from {parent}\n".encode()
    for path in batch.removed:
        yield f"D {path}\n".encode()
    for path, content in sorted(batch.files.items()):
        yield f"M 100644 inline {path}\n".encode()
        yield _data(content)
    yield b"done\n"


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


def _signature(role: str, name: str, mail: str, at: datetime) -> bytes:
    if at.tzinfo is None:
        raise ValueError("A commit's time has a zone.")
    inside = min(max(at.astimezone(UTC), datetime.fromtimestamp(0, UTC)), _LATEST)
    return f"{role} {name} <{mail}> {int(inside.timestamp())} +0000\n".encode()
