"""Migrations of the records room."""

from tests.clocks import Clock
from tests.migrations_contract import MigrationsContract
from tests.records.samples import A1, EDITOR, article, make_room
from tm_service.records.migrate import MIGRATIONS
from tm_service.records.tables import metadata


class TestMigrations(MigrationsContract):
    migrations, metadata, index = MIGRATIONS, metadata, "ix_record_reference_target"

    def fill(self, store):
        make_room(store.connected, Clock()).put(A1, article(), based_on=0, by=EDITOR)
