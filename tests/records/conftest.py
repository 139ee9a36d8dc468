"""Records rooms for these tests: an empty one each, on SQLite and on PostgreSQL, with a clock set by hand."""

import pytest

from tests.clocks import Clock
from tests.databases import RoomTables, empty_url, migrated, migrated_file, postgres, store, url  # noqa: F401 - fixtures
from tests.records.samples import make_room
from tm_service.records.migrate import MIGRATIONS
from tm_service.records.tables import metadata


@pytest.fixture(scope="session")
def tables():
    return RoomTables(lambda made: MIGRATIONS.run(made.connected), metadata)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def room(store, clock):  # noqa: F811 - a fixture's name
    return make_room(store.connected, clock)
