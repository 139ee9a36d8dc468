"""Layout: an immutable run of the index as one file of named arrays, mapped into memory and proved by a checksum."""

import json
import mmap
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

_MAGIC = b"TMINDEX\x03"
_ALIGN = 64
_DIGEST = 32
_MOST_HEADER = 1 << 16
_CHUNK = 1 << 22


class CorruptRun(Exception):
    """A file that is not the run it should be; the index is built anew from the shelf."""


def write_run(path: Path, arrays: Arrays, about: Mapping[str, Any]) -> str:
    """Write a run under its final name only when every byte is on the disk; returns its checksum."""
    table, offset = {}, 0
    for name, array in arrays.items():
        table[name] = (array.dtype.str, offset, len(array))
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    digest = blake2b(digest_size=_DIGEST)
    for block in _blocks(arrays):
        digest.update(block)
    header = json.dumps({"about": dict(about), "arrays": table, "bytes": offset, "digest": digest.hexdigest()}).encode()
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        with draft.open("wb") as out:
            out.write(
                _MAGIC + len(header).to_bytes(4, "little") + blake2b(header, digest_size=_DIGEST).digest() + header
            )
            out.write(b"\0" * (-out.tell() % _ALIGN))
            for block in _blocks(arrays):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return digest.hexdigest()


def _blocks(arrays: Arrays) -> Any:
    for array in arrays.values():
        content = np.ascontiguousarray(array).view(np.uint8).data
        yield content
        yield b"\0" * (-len(content) % _ALIGN)


class MappedRun:
    """A run as its file is: opened at once, its pages shared by every process that maps it.

    Opening proves the header and the size; `proved` reads every byte, which takes a tenth of a second for 100 MB, and is
    for the background. Until then nothing here is trusted: whoever reads it stays within the arrays' bounds.
    """

    def __init__(self, path: Path) -> None:
        """Raises CorruptRun."""
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise CorruptRun(f"{path} cannot be opened: {error}") from error
        start = len(_MAGIC) + 4 + _DIGEST
        length = int.from_bytes(self._map[len(_MAGIC) : len(_MAGIC) + 4], "little")
        header = self._map[start : start + min(length, _MOST_HEADER)]
        if (
            self._map[: len(_MAGIC)] != _MAGIC
            or blake2b(header, digest_size=_DIGEST).digest() != self._map[start - _DIGEST : start]
        ):
            raise CorruptRun(f"{path} has no valid header.")
        self._first = -(-(start + length) // _ALIGN) * _ALIGN
        found = json.loads(header)
        if len(self._map) != self._first + found["bytes"]:
            raise CorruptRun(f"{path} has {len(self._map)} bytes instead of {self._first + found['bytes']}.")
        self.about: Mapping[str, Any] = found["about"]
        self.digest: str = found["digest"]
        self.arrays: Arrays = {
            name: np.frombuffer(self._map, dtype, count, self._first + offset)
            for name, (dtype, offset, count) in found["arrays"].items()
        }

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self._map)

    def proved(self) -> bool:
        """Whether every byte is what was written."""
        digest = blake2b(digest_size=_DIGEST)
        with memoryview(self._map) as content:
            for place in range(self._first, len(content), _CHUNK):
                digest.update(content[place : place + _CHUNK])
        return digest.hexdigest() == self.digest
