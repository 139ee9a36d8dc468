"""Restoring: only into an empty house, all of it or nothing, from this version and from every one before it."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, String, inspect

from tests.backup.archives import forged
from tests.backup.houses import kept as kept_home
from tests.faults.disks import small_disk
from tm_service.backup.tables import deflate, kept
from tm_service.bootstrap_backup import ROOMS
from tm_service.domain.errors import ConfigurationError, Conflict, ConnectorError
from tm_service.domain.ports.backup import Frozen
from tm_service.storage.sql_store import SqlStore

ROOT = Path(__file__).parents[2]
STORE = ROOMS[0]


def heads():
    """Every version that the store's tables ever had, oldest first."""
    scripts = ScriptDirectory(str(STORE.migrations.folder))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def test_only_an_empty_database_is_restored_into(archive, other):
    with other.service.store.begin() as tx:
        tx.note("reef", "deploy", {}, datetime(2026, 11, 22, tzinfo=UTC))
    before = other.digest()
    with pytest.raises(ConfigurationError, match=r"^The database is not empty: journal has rows; restore into an"):
        other.backups.restore(archive)
    assert other.digest() == before
    assert not (other.home / "sites.list").exists()


@pytest.mark.parametrize("name", ["sites.list", "keys", "mirrors"])
def test_only_an_empty_home_is_restored_into(archive, empty, name):
    there = empty()
    (there.home / name).mkdir(parents=True)
    with pytest.raises(ConfigurationError, match=rf"is not empty: it has {name}; restore into an empty one"):
        there.backups.restore(archive)
    assert (there.home / name).is_dir()
    assert there.service.audit.listed() == []


def test_a_database_that_was_migrated_and_never_used_is_empty(archive, other):
    """Its own name, which nothing is known by yet, and an index that there is nothing in, are no rows of anybody's."""
    name = other.service.store.identity()
    other.restored(archive)
    assert other.service.store.identity() != name


def test_two_at_once(archive, empty):
    there = empty()
    with there.backups.room.home.alone(), pytest.raises(Conflict, match="Another process is restoring into"):
        there.backups.restore(archive)
    assert there.restored(archive).digest()


def test_what_fails_leaves_an_empty_house(archive, other, monkeypatch):
    def fail(*_asked: object):
        raise RuntimeError("the power went")

    monkeypatch.setattr("tm_service.backup.restoring._count_on", fail)
    with pytest.raises(RuntimeError):
        other.backups.restore(archive)
    assert not {"sites.list", "keys", "mirrors", "restoring.json"} & {path.name for path in other.home.iterdir()}
    monkeypatch.undo()
    assert other.restored(archive).digest() == other.backups.check(archive).digest


def dying(there, file, when):
    words = [
        sys.executable,
        str(ROOT / "tests/backup/dying_restore.py"),
        str(there.home),
        there.settings.database,
        file,
        when,
    ]
    done = subprocess.run(
        list(map(str, words)), cwd=ROOT, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    return done.returncode


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database", "when"),
    [("sqlite", when) for when in ("files", "bundle", "60", "commit")]
    + [("postgresql", when) for when in ("1", "200", "commit", "end")],
)
def test_killed_in_the_middle_it_is_empty_or_says_that_it_is_half_restored(archive, empty, database, when):
    """Whatever it was at, it serves nothing; the same command again makes it whole."""
    other = empty(database)
    assert dying(other, archive, when) == -signal.SIGKILL
    if (other.home / "restoring.json").exists():
        for act in (lambda: other.service, other.digest, lambda: other.backups.backup(other.home / "b.zip")):
            with pytest.raises(ConfigurationError, match=r"is half restored; run `tm-service restore FILE` again\.$"):
                act()
    else:
        assert other.service.audit.listed() == []
    assert other.restored(archive).digest() == other.backups.check(archive).digest
    assert other.service.audit.verify().broken is None
    assert sorted(other.service.sites()) == ["articles", "reef"]
    assert not list(other.home.glob(".restoring.b*"))
    with pytest.raises(ConfigurationError, match="is not empty"):
        other.backups.restore(archive)


def test_half_restored_from_one_archive_it_may_be_restored_from_another(archive, origin, empty, tmp_path):
    there, second = empty(), tmp_path / "second.zip"
    origin.backups.backup(second)
    assert dying(there, archive, "commit") == -signal.SIGKILL
    assert there.restored(second).digest() == origin.backups.check(second).digest
    assert not (there.home / "keys").exists(), "what the first one had put there is gone"


def test_whole_but_for_saying_so_it_is_not_taken_apart_by_another_archive(archive, origin, other, tmp_path):
    second = tmp_path / "second.zip"
    origin.backups.backup(second)
    assert dying(other, archive, "end") == -signal.SIGKILL
    with pytest.raises(ConfigurationError, match="The database is not empty"):
        other.backups.restore(second)
    assert (other.home / "keys" / "waivers.key").exists()
    assert other.restored(archive).digest() == other.backups.check(archive).digest


def test_a_database_that_cannot_be_reached_leaves_the_home_as_it_was(archive, tmp_path):
    there = kept_home(tmp_path / "home", "postgresql://tm@127.0.0.1:1/none")
    with pytest.raises(ConnectorError, match="cannot be used"):
        there.backups.restore(archive)
    assert [path.name for path in there.home.iterdir()] == [".restoring.lock"]


def test_a_backup_from_before_a_room_was_built_leaves_it_empty(archive, other, tmp_path):
    def change(content, manifest):
        for name in [name for name in manifest["tables"] if name.startswith("people/")]:
            del content[f"tables/{name}.jsonl"], manifest["tables"][name]
        del manifest["heads"]["people"]

    service = other.restored(forged(archive, tmp_path / "a.zip", change)).service
    assert list(service.people().people()) == []
    assert sorted(service.sites()) == ["articles", "reef"]


def test_a_full_disk_leaves_no_archive_and_an_empty_house(archive, origin, empty, tmp_path):
    with small_disk(tmp_path / "disk", 8) as disk:
        disk.fill(leave=archive.stat().st_size // 2)
        file = disk.root / "backup.zip"
        with pytest.raises(ConnectorError, match=r"backup.zip cannot be written: No space left on device"):
            origin.backups.backup(file)
        assert [path.name for path in disk.root.iterdir()] == ["filler"]
        there = empty()
        small = replace(there, settings=replace(there.settings, database=f"sqlite:///{disk.root / 'store.sqlite'}"))
        with pytest.raises(ConnectorError, match=r"cannot be used: .*(full|disk)"):
            small.backups.restore(archive)
        assert small.backups.room.home.is_begun() or not (small.home / "sites.list").exists()
        disk.empty()
        assert small.restored(archive).digest() == small.backups.check(archive).digest
        small.backups.store.close()


def test_a_folder_that_is_not_there_is_named(origin, tmp_path):
    with pytest.raises(ConnectorError, match=r"none/b.zip cannot be written: No such file"):
        origin.backups.backup(tmp_path / "none" / "b.zip")


# versions before this one


VALUES = (
    (Boolean, True),
    (Integer, 1),
    (Float, 99.5),
    (LargeBinary, b"{}"),
    (DateTime, datetime(2024, 7, 1, 12, 0, 0, 5, UTC)),
    (Date, date(2024, 7, 1)),
    (String, "{}"),  # whatever is a text could be JSON
)


def value(column):
    """Something that fits."""
    return None if column.nullable else next(said for kind, said in VALUES if isinstance(column.type, kind))


def fill(connection, rooms):
    """A row in every table that refers to the rows before it; no table of that version is forgotten."""
    made = {}
    skipped = {name for room in rooms for name in (*room.left_out, room.migrations.versions)}
    assert {table.name for _room, table in kept(connection, rooms)} == set(
        inspect(connection).get_table_names()
    ) - skipped
    for room, table in kept(connection, rooms):
        row = {column.name: value(column) for column in table.columns}
        if table.name == room.contents:
            row = {"digest": sha256(b"a page").hexdigest(), "content": deflate(b"a page")}
        if table.name in room.deflated:
            row[room.deflated[table.name]] = deflate(b"{}")
        for key in table.foreign_keys:
            row[key.parent.name] = made[key.column.table.name][key.column.name]
        connection.execute(table.insert(), row)
        made[table.name] = row


def of_older_version(url, head, fills):
    """A database as an older house had it: rows of its own in every table, or none."""
    store = SqlStore(url)
    store.migrate()
    for room in ROOMS[1:]:
        room.migrations.run(store.connected)
    with store.connected("write") as connection:
        command.downgrade(STORE.migrations.configuration(connection), head)
        fills(connection)
        connection.commit()
    return store


def save(there, store, file):
    """What the backup of that house had written; its journal had no head yet."""

    @contextmanager
    def reading():
        yield SimpleNamespace(audit_head=lambda: "0:0", revisions=lambda: ())

    @contextmanager
    def freeze():
        with store.connected("read") as connection:
            yield connection, Frozen(SimpleNamespace(read=reading), None)

    room = replace(there.backups.room, freeze=freeze)
    return room.write(file, lambda _frozen: (), keys=False)


@pytest.mark.parametrize("head", heads())
def test_a_backup_of_any_version_before_is_brought_up_to_this_one(empty, tmp_path, head):
    store = of_older_version(f"sqlite:///{tmp_path / 'old.sqlite'}", head, lambda connection: fill(connection, ROOMS))
    there, file = empty(), tmp_path / "old.zip"
    made = save(there, store, file)
    store.close()
    assert made.heads["store"] == head
    assert {one.rows for one in made.sums.values()} == {1}
    there.restored(file)
    after = there.backups.sums()
    assert made.sums.keys() <= after.keys()
    assert all(after[name].rows == one.rows for name, one in made.sums.items() if name != "store/pseudonym")
    assert there.execute("SELECT version_num FROM alembic_version") == [(STORE.migrations.newest,)]


def test_an_older_journal_is_sealed_on_the_way_to_postgresql(empty, tmp_path):
    def fills(connection):
        journal = {table.name: table for _room, table in kept(connection, [STORE])}["journal"]
        connection.execute(journal.insert(), [
            {"number": number, "site": "reef", "verb": "deploy", "details": '{"by":"Ana Lopez"}',
             "at": datetime(2024, 7, number, 12, tzinfo=UTC)}
            for number in (1, 2, 5)
        ])  # fmt: skip

    store = of_older_version(f"sqlite:///{tmp_path / 'old.sqlite'}", "20261122_waiting", fills)
    there, file = empty("postgresql"), tmp_path / "old.zip"
    save(there, store, file)
    store.close()
    service = there.restored(file).service
    verdict = service.audit.verify()
    assert (verdict.entries, verdict.broken) == (3, None)
    assert {line.details["by"] for line in service.audit.listed()} == {"Ana Lopez"}
    with service.store.begin() as tx:
        tx.note("reef", "deploy", {}, datetime(2026, 11, 22, tzinfo=UTC))
    assert service.audit.listed()[-1].entry.number == 6
