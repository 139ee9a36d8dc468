"""Migrations of the people room."""

from tests.migrations_contract import MigrationsContract
from tests.people.samples import Clock, make_room, person
from tm_service.people.migrate import MIGRATIONS
from tm_service.people.tables import metadata


class TestMigrations(MigrationsContract):
    migrations, metadata, index = MIGRATIONS, metadata, "ix_people_session_person"

    def fill(self, store):
        person(make_room(store.connected, Clock()), "Ada")
