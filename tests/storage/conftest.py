"""Stores for the tests of storage: an empty migrated one of their own each, on SQLite and on PostgreSQL."""

import pytest

from tests.databases import empty_url, migrated, migrated_file, postgres, store, tables, url  # noqa: F401 - fixtures


@pytest.fixture
def tx(store):  # noqa: F811 - a fixture's name
    """A transaction for tests that need one only."""
    with store.begin() as tx:
        yield tx
