"""Alembic's entry: run the migrations on the connection the store hands over; other rooms have migrations of their own."""

from tm_service.database.migrations import run_scripts
from tm_service.storage.tables import metadata

_OTHERS = ("record_", "people_")

run_scripts(metadata, lambda name: not name.startswith(_OTHERS))
