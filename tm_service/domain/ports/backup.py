"""Ports of the backup room: the whole house into one archive, and out of it into an empty one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from tm_service.domain.backups import Backup, Sums
from tm_service.domain.ports.memory import MemoryRoom
from tm_service.domain.ports.store import Store

Export = tuple[str, Callable[[BinaryIO], object]]  # a file's name in the archive, and what writes it


@dataclass(frozen=True, slots=True)
class Frozen:
    """The house as it is at one moment, whatever others write meanwhile; it is only read."""

    store: Store
    memories: MemoryRoom


Exports = Callable[[Frozen], Iterable[Export]]


class BackupRoom(Protocol):
    """Archives of everything that cannot be made again."""

    def write(self, file: Path, exports: Exports, *, keys: bool) -> Backup:
        """Write an archive that only its owner may read: all of it or nothing, and all of one moment.

        Raises ConfigurationError, ConnectorError.
        """

    def sums(self) -> Sums:
        """What every table holds. Raises ConfigurationError."""

    def check(self, file: Path) -> Backup:
        """Read the whole of an archive. Raises ConfigurationError where anything in it is not as it was written."""

    def restore(self, file: Path) -> Backup:
        """Bring back an archive into an empty house: all of it or nothing.

        Raises ConfigurationError, Conflict, ConnectorError.
        """
