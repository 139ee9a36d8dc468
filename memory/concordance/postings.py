"""Postings: both sides of a shelf as one immutable file, mapped into memory, complete or not there, and proved by checksums.

bytes 0-7    "TMWORDS" and the version
8-15, 16-23  where the table begins and how many bytes it has, little-endian
24-55        BLAKE2b-256 of the table
56-63        zero
64-          the arrays of the source's half, then of the target's (see `half.Arrays`), each at a multiple of 64
then         the table, JSON: of which shelf, how far, by which rules, where each array stands, BLAKE2b-320 of all arrays
"""

import json
import mmap
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal
from uuid import uuid4

import numpy as np

from memory.concordance.gathering import Gathering, Section
from memory.concordance.half import Arrays, Half
from memory.concordance.words import rules
from tm_service.domain.ports import Shelf
from tm_service.domain.units import Locale

Side = Literal["source", "target"]
SIDES: tuple[Side, ...] = ("source", "target")

_MAGIC = b"TMWORDS\x01"
_DIGEST = 40
_KNOWN = 24  # bytes of the head before the digest
_HEAD = _KNOWN + _DIGEST
_ALIGN = 64
_STEP = 1 << 22
_DRAFT = ".draft"
_LEFT_BEHIND = 86_400  # seconds after which a draft is nobody's


class Unusable(Exception):
    """A concordance's file cannot serve: it is missing, damaged, or made of another shelf or by other rules; build it again."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file was made of: the shelf, how far it had come (newest number, retirements), its languages, the rules."""

    identity: str
    newest: int
    retirements: int
    source: Locale
    target: Locale
    rules: str

    @property
    def languages(self) -> Mapping[Side, Locale]:
        """The language of each side."""
        return {"source": self.source, "target": self.target}


def build(shelf: Shelf, path: Path, *, source: Locale, target: Locale) -> None:
    """Make the file of a shelf anew; the old one serves until the new one is complete, and after a crash.

    Texts are streamed; what stays in memory is the vocabulary and about 100 bytes a pair (430 MB at a million pairs). `source`
    and `target` are the languages of the shelf as read. Raises OSError where the disk does not take it.
    """
    newest, retirements = shelf.position()
    about = About(shelf.identity, newest, retirements, source, target, rules())
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=path.parent) as one, TemporaryFile(dir=path.parent) as other:
        sources, targets = Gathering(source, one), Gathering(target, other)
        for pair in takewhile(lambda pair: pair.number <= newest, shelf.added()):
            sources.add(pair.number, pair.source)
            targets.add(pair.number, pair.target)
        _write(path, about, {"source": sources.sections(), "target": targets.sections()})


def _write(path: Path, about: About, halves: Mapping[Side, Iterable[Section]]) -> None:
    for left in path.parent.glob(f"{path.name}.*{_DRAFT}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()
    draft = path.with_name(f"{path.name}.{uuid4().hex}{_DRAFT}")
    try:
        with draft.open("xb") as out:
            _fill(out, about, halves)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fill(draft: IO[bytes], about: About, halves: Mapping[Side, Iterable[Section]]) -> None:
    draft.write(bytes(_HEAD))
    digest, table = blake2b(digest_size=_DIGEST), {}
    for side, sections in halves.items():
        for name, parts in sections:
            first, kind = draft.tell(), "<u4"
            for part in parts:
                kind = part.dtype.newbyteorder("<").str
                content = part.astype(kind, copy=False).tobytes()
                digest.update(content)
                draft.write(content)
            table[f"{side}.{name}"] = (kind, first, draft.tell() - first)
            gap = bytes(-draft.tell() % _ALIGN)
            digest.update(gap)
            draft.write(gap)
    known = {"about": asdict(about), "arrays": table, "digest": digest.hexdigest()}
    content, place = json.dumps(known).encode(), draft.tell()
    draft.write(content)
    head = _MAGIC + place.to_bytes(8, "little") + len(content).to_bytes(8, "little")
    draft.seek(0)
    draft.write(head + blake2b(head + content, digest_size=_DIGEST).digest())


def opened(path: Path, *, proved: bool = True) -> tuple[About, Mapping[Side, Half]]:
    """A file's halves, mapped: pages are read when they are needed and shared by all processes.

    With `proved` every byte is read once (a tenth of a second for 100 MB); without, only head and table are. Raises Unusable.
    """
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        raise Unusable(f"There is no {path}; build it.") from None
    except ValueError:
        raise Unusable(f"{path} is empty; build it again.") from None
    known, end = _table(content, path)
    if proved and _digest(content, end) != known["digest"]:
        raise Unusable(f"{path} is not what was written; build it again.")
    about = About(**known["about"])
    if about.rules != rules():
        raise Unusable(f"{path} was made by other rules for words; build it again.")
    return about, {side: Half(_arrays(content, side, known["arrays"])) for side in SIDES}


def _table(content: mmap.mmap, path: Path) -> tuple[dict[str, Any], int]:
    """The table and where it begins, which is where the arrays end."""
    place, size = (int.from_bytes(content[at : at + 8], "little") for at in (8, 16))
    if content[:8] != _MAGIC:
        raise Unusable(f"{path} is no concordance of this version; build it again.")
    if _HEAD + size > len(content) or place + size != len(content):
        raise Unusable(f"{path} has {len(content):,} bytes where {place + size:,} were written; build it again.")
    written = content[place:]
    if blake2b(content[:_KNOWN] + written, digest_size=_DIGEST).digest() != content[_KNOWN:_HEAD]:
        raise Unusable(f"{path} has a damaged table; build it again.")
    return json.loads(written), place


def _digest(content: mmap.mmap, end: int) -> str:
    digest = blake2b(digest_size=_DIGEST)
    for place in range(_HEAD, end, _STEP):
        digest.update(content[place : min(place + _STEP, end)])
    return digest.hexdigest()


def _arrays(content: mmap.mmap, side: Side, table: Mapping[str, tuple[str, int, int]]) -> Arrays:
    def found() -> Iterator[tuple[str, Any]]:
        for field in fields(Arrays):
            kind, first, size = table[f"{side}.{field.name}"]
            count = size // np.dtype(kind).itemsize
            yield field.name, np.frombuffer(content, kind, count, first) if count else np.zeros(0, kind)

    return Arrays(**dict(found()))
