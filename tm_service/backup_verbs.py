"""Backup verbs: the whole house into one archive and out of it, between the doors and the backup room."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from tm_service.domain.backups import Backup, Sums
from tm_service.domain.ports import Clock, MemoryRoom, Store, Transaction
from tm_service.domain.ports.backup import BackupRoom, Export, Frozen
from tm_service.domain.site import Site
from tm_service.domain.units import Locale

_OURS = re.compile(r"tm-service-\d{4}-\d\d-\d\dT\d{6}Z-[0-9a-f]{32}\.backup")
_DRAFTS = ".backup-*"
_LONGEST = timedelta(days=1)  # that a backup may take


@dataclass(frozen=True)
class BackupVerbs:
    """What a door, or a job, may ask of backups; one method a verb.

    `prepare` brings all tables up to date, and raises ConfigurationError where the house is half restored.
    """

    sites: Callable[[], Mapping[str, Site]]
    store: Store
    room: BackupRoom
    prepare: Callable[[], None]
    clock: Clock

    def backup(self, file: Path, *, keys: bool = False) -> Backup:
        """Write everything into a new file; who asked for it is in the journal. Raises ConfigurationError, ConnectorError."""
        self.prepare()
        with self.store.begin() as tx:
            tx.note("", "backup", {"file": file.name, "keys": keys}, self.clock())
        return self.room.write(file, self._exports, keys=keys)

    def sums(self) -> Sums:
        """What every table holds now. Raises ConfigurationError, ConnectorError."""
        self.prepare()
        return self.room.sums()

    def check(self, file: Path) -> Backup:
        """Raises ConfigurationError where an archive is not as it was written."""
        return self.room.check(file)

    def restore(self, file: Path) -> Backup:
        """Into an empty house, all or nothing. Raises ConfigurationError, Conflict, ConnectorError."""
        return self.room.restore(file)

    def _exports(self, frozen: Frozen) -> Iterator[Export]:
        """What people may want to read without a house: memories, terms, packages."""
        for (memory, source), locales in self._memories().items():
            yield f"memories/{memory}.{source}.tmx", _memory(frozen.memories, memory, source, locales)
        with frozen.store.read() as tx:
            for (memory, source), locales in self._memories().items():
                yield f"terms/{memory}.{source}.tbx", _terms(frozen.memories, tx, memory, source, locales)
            for package, name in tx.files():
                yield f"packages/{package}/{name}", _package(tx, package)

    def _memories(self) -> Mapping[tuple[str, Locale], tuple[Locale, ...]]:
        """The locales of each memory that a site reads, by its name and its source locale."""
        found: dict[tuple[str, Locale], dict[Locale, None]] = {}
        for site in self.sites().values():
            for memory in site.memories:
                found.setdefault((memory.name, site.source), {}).update(dict.fromkeys(site.locales))
        return {place: tuple(locales) for place, locales in found.items()}


@dataclass(frozen=True)
class KeptBackups:
    """Backups that are made again and again in a folder: the newest `most` of them stay, with the house's keys or without."""

    verbs: BackupVerbs
    folder: Path
    most: int
    keys: bool

    def backup(self, at: datetime, number: str, store: Store) -> tuple[Path, Backup, int]:
        """The backup of this moment (UTC) and number (32 hexadecimal digits), and how many old ones are gone for it.

        One that is there already is only checked. That it is made is noted in `store`.
        Raises ConfigurationError, ConnectorError, OSError.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clear()
        file = self.folder / f"tm-service-{at:%Y-%m-%dT%H%M%SZ}-{number}.backup"
        verbs = replace(self.verbs, store=store)
        made = verbs.check(file) if file.exists() else verbs.backup(file, keys=self.keys)
        others = sorted(one for one in self.folder.iterdir() if _OURS.fullmatch(one.name) and one != file)
        gone = others[: max(0, len(others) + 1 - self.most)]
        for one in gone:
            one.unlink(missing_ok=True)
        return file, made, len(gone)

    def _clear(self) -> None:
        """Take away what was left, keys and all, by processes that ended in the middle of a backup."""
        before = (self.verbs.clock() - _LONGEST).timestamp()
        for draft in self.folder.glob(_DRAFTS):
            if draft.is_dir() and not draft.is_symlink() and draft.stat().st_mtime < before:
                shutil.rmtree(draft)


def _memory(room: MemoryRoom, memory: str, source: Locale, locales: tuple[Locale, ...]) -> Callable[[BinaryIO], object]:
    return lambda out: room.write("memory.tmx", out, memory=memory, source=source, targets=locales)


def _terms(
    room: MemoryRoom, tx: Transaction, memory: str, source: Locale, locales: tuple[Locale, ...]
) -> Callable[[BinaryIO], object]:
    def write(out: BinaryIO) -> int:
        terms = (term for locale in locales for term in tx.terms(memory, source, locale))
        return room.write_terms("terms.tbx", out, terms, source)

    return write


def _package(tx: Transaction, package: str) -> Callable[[BinaryIO], object]:
    return lambda out: out.write(tx.file(package)[1])
