"""What the migrations of every room keep: up, the same as its tables, down to nothing, up again, beside the house's own."""

from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text

from tm_service.database.migrations import Migrations
from tm_service.domain.errors import ConfigurationError
from tm_service.storage.sql_store import SqlStore


def run_alembic(migrations, store, act, *args: object):
    with store.connected("write") as connection:
        act(migrations.configuration(connection), *args)
        connection.commit()


def tables_of(store):
    with store.connected("read") as connection:
        return set(inspect(connection).get_table_names())


class MigrationsContract:
    """`index` is one of the room's; `fill` puts something into its tables."""

    migrations: ClassVar[Migrations]
    metadata: ClassVar[MetaData]
    index: ClassVar[str]

    def fill(self, store):
        raise NotImplementedError

    @property
    def ours(self):
        return {self.migrations.versions, *self.metadata.tables}

    @pytest.fixture
    def empty(self, empty_url):
        store = SqlStore(empty_url)
        yield store
        store.close()

    def alembic(self, store, act, *args: object):
        run_alembic(self.migrations, store, act, *args)

    def execute(self, store, statement):
        with store.connected("write") as connection:
            connection.execute(text(statement))
            connection.commit()

    def test_the_tables_go_up_and_down_and_up_again_and_are_what_the_code_says(self, empty):
        for _round in range(2):
            self.migrations.run(empty.connected)
            assert tables_of(empty) == self.ours
            self.alembic(empty, command.check)
            self.fill(empty)
            self.alembic(empty, command.downgrade, "base")
            assert tables_of(empty) == {self.migrations.versions}

    def test_they_stand_beside_the_house_s_own_and_leave_them_alone(self, empty):
        empty.migrate()
        own = tables_of(empty)
        self.migrations.run(empty.connected)
        self.alembic(empty, command.check)
        assert tables_of(empty) == own | self.ours
        self.alembic(empty, command.downgrade, "base")
        assert tables_of(empty) == own | {self.migrations.versions}

    def test_a_difference_between_tables_and_migrations_would_be_noticed(self, empty):
        self.migrations.run(empty.connected)
        self.execute(empty, f"DROP INDEX {self.index}")
        with pytest.raises(Exception, match="New upgrade operations detected"):
            self.alembic(empty, command.check)

    def test_the_newest_version_is_the_head_of_the_scripts(self, store):
        with store.connected("read") as connection:
            scripts = ScriptDirectory.from_config(self.migrations.configuration(connection))
        assert scripts.get_heads() == [self.migrations.newest]

    def test_many_that_migrate_together_all_end_well(self, empty, empty_url):
        def start(_number):
            store = SqlStore(empty_url)
            self.migrations.run(store.connected)
            store.close()

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(start, range(3)))
        assert tables_of(empty) == self.ours

    def test_a_database_of_a_newer_version_is_refused_in_a_sentence(self, empty):
        self.migrations.run(empty.connected)
        self.execute(empty, f"UPDATE {self.migrations.versions} SET version_num = '20990101_later'")  # noqa: S608 - a name of ours
        with pytest.raises(
            ConfigurationError, match=r"is of version 20990101_later, .*; install a newer tm-service\.$"
        ):
            self.migrations.run(empty.connected)
