"""Migrating: the versions of the records room's tables."""

from pathlib import Path

from tm_service.database.migrations import Migrations

MIGRATIONS = Migrations(
    Path(__file__).parent / "migrations",
    newest="20261122_record_pictures",
    versions="record_version",
    what="The record store",
)
