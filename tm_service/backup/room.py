"""The backup room: writes, checks and brings back archives of the whole house."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table

from tm_service.backup import tables
from tm_service.backup.archive import README, Archive, Writer, opened
from tm_service.backup.checking import verified
from tm_service.backup.home import Home
from tm_service.backup.manifest import KeptTable, Manifest, read, table_member
from tm_service.backup.restoring import is_empty, refuse_unless_empty, restore_tables
from tm_service.backup.tables import KeptRoom
from tm_service.database.migrations import Connect
from tm_service.domain.backups import Backup, Sums
from tm_service.domain.errors import ConfigurationError, ConnectorError
from tm_service.domain.ports.backup import Exports, Frozen

_README = """\
A backup of a tm-service: everything that cannot be made again, in open formats.

manifest.json   what is here: versions of the tables, rows, the SHA-256 of every file but those in contents/, what was set
tables/         every row, one JSON object a line, one file a table; columns by name, moments in UTC
contents/       served pages, packages and returns, each named by the SHA-256 of what is in it
memories/       the translation memories as TMX
terms/          the terms as TBX
packages/       what was handed off to translators, as it was
git/            clones and mirrors of record stores as git bundles
sites/          the files that describe the sites
keys/           the keys of the house, where they were asked for

`tm-service restore --check FILE` holds all of it against the manifest, `tm-service restore FILE` brings it back.
"""
_PIECE = 1 << 20  # bytes of lines that are written together

Freeze = Callable[[], AbstractContextManager[tuple[Connection, Frozen]]]


@dataclass(frozen=True)
class Room:
    """`BackupRoom` over the tables of all rooms and the files of a home.

    `freeze` gives a transaction that only reads, and the house as it sees it.
    """

    rooms: Sequence[KeptRoom]
    home: Home
    connect: Connect
    freeze: Freeze
    clock: Callable[[], datetime]
    made_by: str

    def write(self, file: Path, exports: Exports, *, keys: bool) -> Backup:
        if file.exists():
            raise ConfigurationError(f"{file} is there already; name another file.")
        try:
            with TemporaryDirectory(dir=file.parent, prefix=".backup-") as scratch:
                draft = Path(scratch) / "archive"
                with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as out:
                    writer = Writer(out, self.clock())
                    try:
                        writer.close(self._saved(writer, exports, Path(scratch), keys=keys).written())
                    finally:
                        writer.give_up()
                    os.fsync(out.fileno())
                with opened(draft) as archive:  # what we would not take back is no backup
                    made = read(archive).backup(archive.size)
                draft.rename(file)
        except OSError as error:
            raise ConnectorError(f"{file} cannot be written: {error.strerror or error}; name another file.") from error
        return made

    def sums(self) -> Sums:
        with self.freeze() as (connection, _):
            return tables.sums(connection, tables.kept(connection, self.rooms))

    def check(self, file: Path) -> Backup:
        with opened(file) as archive:
            return verified(archive, self.rooms).backup(archive.size)

    def restore(self, file: Path) -> Backup:
        with opened(file) as archive, self.home.alone():
            manifest = verified(archive, self.rooms)
            made = manifest.backup(archive.size)
            if not self._is_whole(made.digest):
                self._restore(archive, manifest, made.digest)
            self.home.end()
        return made

    # into an archive

    def _saved(self, writer: Writer, exports: Exports, scratch: Path, *, keys: bool) -> Manifest:
        """Rows first, then the repositories: what rows name is in them by then."""
        at = self.clock()
        writer.put(README, _README.encode())
        with self.freeze() as (connection, frozen):
            heads = {room.name: room.head(connection) for room in self.rooms}
            kept = {
                room.member(table): self._table(writer, connection, room, table)
                for room, table in tables.kept(connection, self.rooms)
            }
            for name, export in exports(frozen):
                with writer.member(writer.free(name), packed=name.startswith("packages/")) as out:
                    export(out)
            with frozen.store.read() as tx:
                journal, commits = str(tx.audit_head()), tx.revisions()
        repositories = self.home.save_repositories(writer, commits, scratch)
        sites = self.home.save_files(writer, keys=keys)
        about = heads, kept, writer.contents, writer.members, sites, repositories, self.home.settings
        return Manifest(at, self.made_by, journal, *about)

    def _table(self, writer: Writer, connection: Connection, room: KeptRoom, table: Table) -> KeptTable:
        rows = 0
        with writer.member(table_member(room.member(table))) as out:
            for piece, count in _pieces(room.lines(connection, table)):
                out.write(piece)
                rows += count
        if table.name == room.contents:
            for digest, content in room.content(connection, table):
                writer.put_content(digest, content)
        return KeptTable(rows, room.columns(table))

    # out of an archive

    def _is_whole(self, digest: str) -> bool:
        """Whether a restoring of this archive ended but for saying so: rows are committed last, and all at once."""
        if not self.home.is_of(digest):
            return False
        with self.connect("read") as connection:
            return not is_empty(connection, self.rooms)

    def _restore(self, archive: Archive, manifest: Manifest, digest: str) -> None:
        with self.connect("write") as connection:
            refuse_unless_empty(connection, self.rooms)
            if self.home.is_begun():
                self.home.clear()
            self.home.begin(manifest, digest)
            try:
                self.home.unpack(archive, manifest)
                restore_tables(connection, self.rooms, archive, manifest)
            except BaseException:
                self.home.clear()
                raise
            connection.commit()  # where nobody can tell whether it came about, the house says that it is half restored


def _pieces(lines: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Lines put together, and how many they are."""
    held, size = list[bytes](), 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > _PIECE:
            yield b"".join(held), len(held)
            held, size = [], 0
    if held:
        yield b"".join(held), len(held)
