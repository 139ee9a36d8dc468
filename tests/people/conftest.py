"""People rooms for these tests: an empty one each, on SQLite and on PostgreSQL, with a clock set by hand."""

import pytest
from sqlalchemy import MetaData

from tests.clocks import Clock
from tests.databases import RoomTables, empty_url, migrated, migrated_file, postgres, store, url  # noqa: F401 - fixtures
from tests.people.dump import ROOMS
from tests.people.samples import ADMINISTRATOR, FRENCH, make_room, person
from tm_service.people.migrate import MIGRATIONS
from tm_service.records.migrate import MIGRATIONS as RECORDS
from tm_service.storage.sql_store import SqlStore


@pytest.fixture(scope="session")
def tables():
    """Those of every room that keeps tables, for some of what people do leaves traces in others."""
    every = MetaData()
    for room in ROOMS:
        for table in room.sorted_tables:
            table.to_metadata(every)
    return RoomTables(_migrate, every, appended=("journal", "pseudonym"))


def _migrate(made):
    made.migrate()
    RECORDS.run(made.connected)
    MIGRATIONS.run(made.connected)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def room(store, clock):  # noqa: F811 - a fixture's name
    return make_room(store.connected, clock)


@pytest.fixture
def ada(room):
    """The first administrator."""
    return person(room, "Ada", ADMINISTRATOR)


@pytest.fixture
def ben(room):
    """A translator."""
    return person(room, "Ben", FRENCH)


@pytest.fixture
def other_room(url, clock):  # noqa: F811 - as above
    """The room of another process over the same database."""
    other = SqlStore(url)
    yield make_room(other.connected, clock)
    other.close()
