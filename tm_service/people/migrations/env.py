"""Alembic's entry: run the people room's migrations on the connection it hands over, beside everybody else's tables."""

from tm_service.database.migrations import run_scripts
from tm_service.people.tables import metadata

run_scripts(metadata, lambda name: name.startswith("people_"))
