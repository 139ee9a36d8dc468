"""Archive: a zip of known members, written once and read as what comes from outside: nothing in it is believed.

A zip, for people may open one file of it with any tool, and a table streams into it whose size nobody knows beforehand.
"""

import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from tm_service.domain.errors import ConfigurationError, ConnectorError

MANIFEST = "manifest.json"
README = "README.txt"
_PIECE = 1 << 20
_MOST_CONTENTS = 1_000_000  # whose names take some 600 MB of memory
_CONTENT = re.compile(r"contents/[0-9a-f]{2}/[0-9a-f]{64}")
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}"
_ALLOWED = re.compile(
    "|".join(
        (
            re.escape(MANIFEST),
            re.escape(README),
            r"tables/[a-z_]{1,40}/[a-z_]{1,60}\.jsonl",
            _CONTENT.pattern,
            rf"memories/{_NAME}\.tmx",
            rf"terms/{_NAME}\.tbx",
            rf"packages/{_NAME}/{_NAME}",
            rf"git/(?:clones|mirrors)/{_NAME}\.bundle",
            r"sites/[0-9]{1,4}\.toml",
            r"openid\.toml",
            rf"keys/(?:{_NAME}/)?{_NAME}",
        )
    )
)
_END = struct.Struct("<4s4H2LH")  # the end of a zip's list (APPNOTE 4.3.16)
_END_64 = struct.Struct("<4sQ2H2L4Q")  # the same where there is more than 16 and 32 bits count (4.3.14)
_LOCATOR = struct.Struct("<4sLQL")  # says that there is such a one (4.3.15)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may be, in bytes: the list of its members, all of them unpacked, and that to a byte of the archive."""

    listing: int = 128 << 20
    total: int = 1 << 42
    ratio: int = 200
    spare: int = 1 << 30  # which the ratio does not count


@dataclass(frozen=True, slots=True)
class Member:
    size: int
    sha256: str


def content_name(digest: str) -> str:
    return f"contents/{digest[:2]}/{digest}"


def safe(name: str) -> str:
    """A name of people's as a member may have it."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name)[:150].lstrip("._-") or "unnamed"


class _Sum(RawIOBase):
    """Passes bytes on, counted and hashed."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._hash, self.size = out, sha256(), 0

    def write(self, data: Any) -> int:
        self._hash.update(data)
        self.size += len(data)
        return self._out.write(data)

    @property
    def member(self) -> Member:
        return Member(self.size, self._hash.hexdigest())


class Writer:
    """Writes members one after the other and remembers what they are."""

    def __init__(self, out: IO[bytes], at: datetime) -> None:
        self._zip = ZipFile(out, "w")
        self._at = at.timetuple()[:6]
        self.members: dict[str, Member] = {}
        self.contents = 0

    def free(self, name: str) -> str:
        """A name for what people named, that the archive takes and has not."""
        folder, _, last = "/".join(map(safe, name.split("/"))).rpartition("/")
        found, number = f"{folder}/{last}", 1
        while found in self.members:
            number += 1
            found = f"{folder}/{number}-{last}"
        return found

    @contextmanager
    def member(self, name: str, *, packed: bool = False) -> Iterator[Any]:
        """Something to write bytes into; `packed` are not deflated again."""
        self._admit(name)
        with self._zip.open(self._info(name, packed=packed), "w", force_zip64=True) as opened:
            out = _Sum(opened)
            yield out
        self.members[name] = out.member

    def put(self, name: str, content: bytes) -> None:
        with self.member(name) as out:
            out.write(content)

    def put_content(self, digest: str, content: bytes) -> None:
        """Content that is named by its hash; the manifest only counts it."""
        if self.contents == _MOST_CONTENTS:
            raise ConfigurationError(
                f"An archive takes {_MOST_CONTENTS:,} contents at most; copy the database instead."
            )
        self._zip.writestr(self._info(content_name(digest)), content)
        self.contents += 1

    def close(self, manifest: bytes) -> None:
        self._zip.writestr(self._info(MANIFEST), manifest)
        self._zip.close()

    def give_up(self) -> None:
        """Leave it as it is; nothing where it was closed."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def _admit(self, name: str) -> None:
        if not _ALLOWED.fullmatch(name) or name in self.members:
            raise ConfigurationError(f"The archive takes no file named {name!r}; take it out of the home.")

    def _info(self, name: str, *, packed: bool = False) -> ZipInfo:
        info = ZipInfo(name, self._at)
        info.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info


class Archive:
    """An archive that was opened; its names, its members' sizes and the way they are packed are in bounds."""

    def __init__(self, file: IO[bytes], place: str, limits: Limits) -> None:
        """Raises ConfigurationError."""
        self.place = place
        self.size = file.seek(0, os.SEEK_END)
        with self._refusing():
            if _list_size(file, self.size) > limits.listing:
                raise self.fault("it has more files than any of ours")
            self._zip = ZipFile(file)
        listed = self._zip.infolist()
        self._infos = {info.filename: info for info in listed}
        if len(self._infos) < len(listed):
            raise self.fault("it names a file twice")
        for info in listed:
            self._admit(info)
        if sum(info.file_size for info in listed) > min(limits.total, limits.ratio * self.size + limits.spare):
            raise self.fault("it unpacks to more than an archive of its size holds")

    def _admit(self, info: ZipInfo) -> None:
        if not _ALLOWED.fullmatch(info.filename) or info.orig_filename != info.filename:
            raise self.fault(f"it has a file named {info.filename[:100]!r}, which is none of ours")
        if info.flag_bits & 1 or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise self.fault(f"{info.filename} is encrypted or packed in a way that is not ours")

    @property
    def names(self) -> set[str]:
        return set(self._infos)

    @property
    def contents(self) -> Iterator[str]:
        return (name for name in self._infos if _CONTENT.fullmatch(name))

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, a megabyte at a time and no more than it says to have."""
        left = self._infos[name].file_size
        with self._refusing(name), self._zip.open(self._infos[name]) as opened:
            while piece := opened.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise self.fault(f"{name} is longer than it says")
                yield piece
        if left:
            raise self.fault(f"{name} is shorter than it says")

    def lines(self, name: str, longest: int) -> Iterator[bytes]:
        """The lines of a member, without their ends; each has one."""
        rest: list[bytes] = []
        held = 0
        for piece in self.pieces(name):
            first, *others = piece.split(b"\n")
            rest.append(first)
            held += len(first)
            if held > longest:
                raise self.fault(f"{name} has a line of more than {longest >> 20} MB")
            if others:
                yield b"".join(rest)
                *whole, last = others
                yield from whole
                rest, held = [last], len(last)
        if held:
            raise self.fault(f"{name} ends within a line")

    def read(self, name: str, most: int) -> bytes:
        """All bytes of a member that may have so many."""
        if name not in self._infos:
            raise self.fault(f"it has no {name}")
        if self._infos[name].file_size > most:
            raise self.fault(f"{name} is larger than {most >> 20} MB")
        return b"".join(self.pieces(name))

    def verify(self, members: Mapping[str, Member], name: str) -> None:
        """Raises ConfigurationError where a member is not as the manifest says."""
        hashed, size = sha256(), 0
        for piece in self.pieces(name):
            hashed.update(piece)
            size += len(piece)
        if Member(size, hashed.hexdigest()) != members[name]:
            raise self.fault(f"{name} was changed after it was written")

    def fault(self, said: str) -> ConfigurationError:
        return ConfigurationError(f"The archive {self.place} cannot be used: {said}; take another.")

    @contextmanager
    def _refusing(self, name: str = "it") -> Iterator[None]:
        try:
            yield
        except (BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, ValueError) as error:
            raise self.fault(f"{name} is damaged or no archive of ours") from error
        except OSError as error:
            raise ConnectorError(f"{self.place} cannot be read: {error.strerror or error}.") from error


def _list_size(file: IO[bytes], size: int) -> int:
    """How long a zip says its list of members is, before it is read; ours has no comment behind it. Raises BadZipFile."""
    end = _LOCATOR.size + _END.size
    file.seek(max(size - _END_64.size - end, 0))
    tail = file.read()
    if len(tail) < _END.size:
        raise BadZipFile
    sign, *_, length, _start, comment = _END.unpack(tail[-_END.size :])
    if sign != b"PK\x05\x06" or comment:
        raise BadZipFile
    if len(tail) == _END_64.size + end and _LOCATOR.unpack(tail[-end : -_END.size])[0] == b"PK\x06\x07":
        *_, length, _start = _END_64.unpack(tail[: _END_64.size])
    return int(length)


@contextmanager
def opened(place: Path, limits: Limits | None = None) -> Iterator[Archive]:
    """Raises ConfigurationError, ConnectorError."""
    try:
        file = place.open("rb")
    except OSError as error:
        raise ConfigurationError(f"{place} cannot be read: {error.strerror or error}.") from error
    with file:
        yield Archive(file, str(place), limits or Limits())
