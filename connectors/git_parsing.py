"""Git parsing: reads the NUL-separated answers of git's plumbing into the model."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from tm_service.domain.units import Commit, FileChange, Revision

REGULAR = frozenset({"100644", "100755"})
EXECUTABLE = "100755"
LOG_FORMAT = "tformat:%H%x00%cd%x00%an%x00%B%x00"
TAG_FORMAT = (
    "%(refname)%00%(objecttype)%00%(objectname)%00%(committerdate:raw)"
    "%00%(*objecttype)%00%(*objectname)%00%(*committerdate:raw)"
)
_ENTRY = re.compile(rb":(\d{6}) (\d{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) [A-Z]\d*")
_COMMITTER = re.compile(rb"^committer .*> (-?\d+ [+-]\d{4})$", re.MULTILINE)
_DIGITS = re.compile(r"(\d+)")
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a revision: blob ids of the regular ones, and the paths that links and submodules take."""

    files: dict[str, str]
    executable: frozenset[str]
    special: frozenset[str]


@dataclass(slots=True)
class _Step:
    """A commit being read: what its header said, and its changes so far."""

    header: list[bytes]
    changes: list[FileChange] = field(default_factory=list)

    def commit(self) -> Commit:
        name, at, author, message = (value.decode("utf-8", "replace") for value in self.header)
        changes = tuple(sorted(self.changes, key=lambda change: change.path))
        return Commit(Revision(name, time_of(at)), author, message.rstrip("\n"), changes)


def read_tree(listing: bytes) -> Tree:
    """Read `ls-tree -r -z`; paths that are not UTF-8 are left out."""
    files: dict[str, str] = {}
    executable, special = set(), set()
    for record in filter(None, listing.split(b"\0")):
        head, _, raw = record.partition(b"\t")
        path = _path(raw)
        if path is None:
            continue
        mode, _, blob = head.decode("ascii").split(" ")
        if mode not in REGULAR:
            special.add(path)
            continue
        files[path] = blob
        if mode == EXECUTABLE:
            executable.add(path)
    return Tree(files, frozenset(executable), frozenset(special))


def read_changes(tokens: Iterable[bytes]) -> tuple[FileChange, ...]:
    """Read `diff-tree -r -z --raw`: an entry, its path, and so on; sorted by path."""
    stream = iter(tokens)
    changes = [_change(entry, next(stream, b"")) for entry in stream if entry]
    return tuple(sorted(filter(None, changes), key=lambda change: change.path))


def read_log(tokens: Iterable[bytes]) -> Iterator[Commit]:
    """Read `log -z --raw` with LOG_FORMAT: fields are counted, so that no subject can pass for an entry."""
    stream = iter(tokens)
    step: _Step | None = None
    for raw in stream:
        token = raw.removeprefix(b"\n")
        if not token:
            continue
        if token.startswith(b":") and step is not None:
            change = _change(token, next(stream, b""))
            step.changes.extend([change] if change else [])
            continue
        if step is not None:
            yield step.commit()
        step = _Step([token, next(stream, b""), next(stream, b""), next(stream, b"")])
    if step is not None:
        yield step.commit()


def time_of(raw: str) -> datetime:
    """Read git's raw time, `1700000000 +0530`; a time that no calendar has is the epoch."""
    try:
        seconds, zone = raw.split(" ")
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        return datetime.fromtimestamp(int(seconds), timezone(-offset if zone.startswith("-") else offset))
    except (ValueError, OverflowError, OSError):
        return _EPOCH


def commit_time(content: bytes) -> datetime:
    """When a commit object says it was committed."""
    match = _COMMITTER.search(content.split(b"\n\n", 1)[0])
    return time_of(match[1].decode("ascii")) if match else _EPOCH


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key of a name with numbers compared as numbers: v2 before v10."""
    parts = _DIGITS.split(name)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts)


def _change(entry: bytes, raw: bytes) -> FileChange | None:
    """None for what does not concern files: links, submodules, modes, paths that are not UTF-8."""
    match, path = _ENTRY.fullmatch(entry), _path(raw)
    if match is None or path is None:
        return None
    old_mode, new_mode, old, new = (part.decode("ascii") for part in match.groups())
    before = old if old_mode in REGULAR else None
    after = new if new_mode in REGULAR else None
    return FileChange(path, before, after) if before != after else None


def _path(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
