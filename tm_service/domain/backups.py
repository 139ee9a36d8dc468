"""Backups: what an archive of the whole house says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and the SHA-256 of its rows as JSON Lines, in the order of its key."""

    rows: int
    sha256: str


Sums = Mapping[str, TableSum]  # by room and table, such as "store/journal"


def digest_of(sums: Sums) -> str:
    """One hash over all tables: SHA-256 over a line for each, in order; two systems that hold the same have the same."""
    lines = (f"{name} {one.rows} {one.sha256}\n" for name, one in sorted(sums.items()))
    return sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive, or what is restored of one.

    `journal` is the head of the journal, `heads` are the versions of the rooms' tables. `contents` are the files that serve
    content by its hash, `size` is of the archive in bytes. `has_keys` says whether the house's keys are in it.
    """

    at: datetime
    made_by: str
    digest: str
    sums: Sums
    journal: str
    heads: Mapping[str, str]
    contents: int
    size: int
    has_keys: bool

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.sums.values())
