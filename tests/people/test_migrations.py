"""Migrations of the people room."""

from alembic import command

from tests.clocks import Clock
from tests.migrations_contract import MigrationsContract
from tests.people.samples import ADMINISTRATOR, make_room, person, signed_in
from tm_service.domain.openid import Identity
from tm_service.people.migrate import MIGRATIONS
from tm_service.people.tables import metadata


class TestMigrations(MigrationsContract):
    migrations, metadata, index = MIGRATIONS, metadata, "ix_people_session_person"

    def fill(self, store):
        person(make_room(store.connected, Clock()), "Ada")

    def test_people_of_before_may_sign_in_elsewhere_after_and_older_code_goes_on(self, empty):
        self.migrations.run(empty.connected)
        room = make_room(empty.connected, Clock())
        ada = person(room, "Ada", ADMINISTRATOR)
        self.alembic(empty, command.downgrade, "20261122_people")
        assert signed_in(room, "Ada").person == ada
        self.migrations.run(empty.connected)
        assert room.admit_identity(Identity("https://garden.example", "s-1", ada.email)).person == ada
        assert room.warnings() == []
