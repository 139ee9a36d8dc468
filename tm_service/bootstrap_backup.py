"""Bootstrap of backups: which tables and files of the house an archive has, and what opens them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from sqlalchemy import Connection

from connectors.git_bundles import bundle, unbundle
from tm_service.backup.home import Home
from tm_service.backup.room import Freeze, Room
from tm_service.backup.tables import KeptRoom
from tm_service.backup_verbs import BackupVerbs, KeptBackups
from tm_service.bootstrap import refuse_half_restored, vet
from tm_service.domain.ports.backup import Frozen
from tm_service.people import migrate as people
from tm_service.records import migrate as records
from tm_service.records.tables import content
from tm_service.service import Service
from tm_service.setting_names import VARIABLES
from tm_service.settings import Settings, known_sites, listed_files
from tm_service.storage import filter_tables, kept_answer_tables
from tm_service.storage import tables as store_tables
from tm_service.storage.engines import place
from tm_service.storage.frozen import frozen
from tm_service.storage.sql_store import SqlStore, migrations

_MADE_AGAIN = (  # from the translations; and a copy of a store has a name of its own, and answered nobody yet
    store_tables.store_identity,
    kept_answer_tables.kept_answer,
    filter_tables.filter_filing,
    filter_tables.filter_element,
    filter_tables.filter_form,
    filter_tables.filter_pair,
    filter_tables.filter_posting,
)
ROOMS = (
    KeptRoom(
        "store",
        migrations(),
        frozenset(store_tables.metadata.tables),
        left_out=frozenset(table.name for table in _MADE_AGAIN),
        contents=store_tables.blob.name,
    ),
    KeptRoom("records", records.MIGRATIONS, prefix="record_", deflated={content.name: content.c.packed.name}),
    KeptRoom("people", people.MIGRATIONS, prefix="people_"),
)


def open_backups(settings: Settings, environment: Mapping[str, str] = os.environ) -> BackupVerbs:
    """What saves the house and brings it back; nothing is opened before it is asked. Raises ConfigurationError."""
    store = SqlStore(settings.database)
    home = Home(
        settings.home,
        place(store.engine.url),
        lambda: listed_files(settings),
        bundle,
        unbundle,
        {one.name: environment[one.name] for one in VARIABLES if one.name in environment and not one.secret},
    )
    room = Room(ROOMS, home, store.connected, _freeze(settings, store), _now, f"tm-service {version('tm-service')}")
    return BackupVerbs(lambda: known_sites(settings, vet), store, room, lambda: _prepare(settings, store), _now)


def with_backups(house: Service, settings: Settings) -> Service:
    """The same house, which makes a backup each day where a folder for them is set."""
    folder = settings.backups
    if folder is None:
        return house
    kept = cache(lambda: KeptBackups(open_backups(settings), folder, settings.backups_kept, settings.backups_keys))
    return replace(house, backups=kept)


def _prepare(settings: Settings, store: SqlStore) -> None:
    """Raises ConfigurationError."""
    refuse_half_restored(settings)
    store.migrate()
    for room in ROOMS[1:]:
        room.migrations.run(store.connected)


def _freeze(settings: Settings, store: SqlStore) -> Freeze:
    from memory.desk import Desk  # noqa: PLC0415 - slow to load
    from memory.library import Library  # noqa: PLC0415 - as above

    @contextmanager
    def freeze() -> Iterator[tuple[Connection, Frozen]]:
        with frozen(store) as still:
            library = Library(settings.home / "index", still.shelf, _now)
            yield still.connection, Frozen(still, Desk(library, still.shelf, _now))

    return freeze


def _now() -> datetime:
    return datetime.now(UTC)
