"""Stores for the tests of storage: an empty migrated one of their own each, on SQLite and on PostgreSQL."""

import pytest

from tests.databases import RoomTables, empty_url, migrated, migrated_file, postgres, store, url  # noqa: F401 - fixtures
from tm_service.storage.tables import metadata


@pytest.fixture(scope="session")
def tables():
    return RoomTables(lambda made: made.migrate(), metadata, appended=("journal", "pseudonym"))


@pytest.fixture
def tx(store):  # noqa: F811 - a fixture's name
    """A transaction for tests that need one only."""
    with store.begin() as tx:
        yield tx
