"""Migrating: the versions of the people room's tables."""

from pathlib import Path

from tm_service.database.migrations import Migrations

MIGRATIONS = Migrations(
    Path(__file__).parent / "migrations",
    newest="20261122_preferences",
    versions="people_version",
    what="The register of people",
)
