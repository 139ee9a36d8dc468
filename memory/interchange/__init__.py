"""Interchange: memories in and out in the formats of other tools; one table says which."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import BinaryIO, Protocol

from memory.interchange.bilingual import read_xliff
from memory.interchange.intake import Limits, Problem
from memory.interchange.tables import read_csv, write_csv
from memory.interchange.tmx_read import read_tmx
from memory.interchange.tmx_write import Dialect, write_tmx
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.serving import Translation
from tm_service.domain.units import Locale

__all__ = [
    "FORMATS",
    "Dialect",
    "Limits",
    "Problem",
    "format_of",
    "read_csv",
    "read_tmx",
    "read_xliff",
    "write_csv",
    "write_tmx",
]


class Reader(Protocol):
    """Gives the entries of a file and what of it was not used, one at a time. Raises ReturnRejected."""

    def __call__(
        self,
        content: BinaryIO | Path,
        *,
        memory: str,
        at: datetime,
        source: Locale | None = None,
        targets: Collection[Locale] | None = None,
        reference: str = "",
    ) -> Iterator[Translation | Problem]: ...


class Writer(Protocol):
    """Writes entries one at a time; returns how many."""

    def __call__(self, entries: Iterable[Translation], out: BinaryIO, *, source: Locale, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format by what it is, the endings of its files, and how it is read and written, where it is written."""

    meaning: str
    suffixes: tuple[str, ...]
    read: Reader
    write: Writer | None = None


def _table(entries: Iterable[Translation], out: BinaryIO, *, source: Locale, at: datetime) -> int:  # noqa: ARG001
    """A table says its languages in every row and has no head to say the rest."""
    return write_csv(entries, out)


FORMATS: Mapping[str, Format] = {
    "tmx": Format("TMX 1.1 to 1.4b of any tool, written as 1.4b", (".tmx",), read_tmx, write_tmx),
    "csv": Format(
        "a table with a header, by commas, semicolons, tabs or bars", (".csv", ".tsv", ".txt"), read_csv, _table
    ),
    "xliff": Format(
        "bilingual XLIFF 1.2 and 2.x, SDLXLIFF, MQXLIFF and MXLIFF among them: what is accepted in it",
        (".xlf", ".xliff", ".sdlxliff", ".mqxliff", ".mxliff"),
        read_xliff,
    ),
}


def format_of(name: str) -> Format:
    """The format of a file by its ending. Raises ConfigurationError."""
    suffix = PurePath(name).suffix.lower()
    found = next((format_ for format_ in FORMATS.values() if suffix in format_.suffixes), None)
    if found is None:
        known = ", ".join(suffix for format_ in FORMATS.values() for suffix in format_.suffixes)
        raise ConfigurationError(f"{PurePath(name).name} is of no format that is read; give a file ending in {known}.")
    return found
