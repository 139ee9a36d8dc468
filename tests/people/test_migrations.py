"""Migrations of the people room: up, the same as its tables, down to nothing, up again, beside the house's own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from tests.people.samples import Clock, make_room, person
from tm_service.domain.errors import ConfigurationError
from tm_service.people.migrate import MIGRATIONS
from tm_service.people.tables import metadata
from tm_service.storage.sql_store import SqlStore

OURS = {"people_version", *metadata.tables}


@pytest.fixture
def empty(empty_url):
    store = SqlStore(empty_url)
    yield store
    store.close()


def alembic(store, act, *args: object):
    with store.connected("write") as connection:
        act(MIGRATIONS.configuration(connection), *args)
        connection.commit()


def tables(store):
    with store.connected("read") as connection:
        return set(inspect(connection).get_table_names())


def test_the_tables_go_up_and_down_and_up_again_and_are_what_the_code_says(empty):
    for _round in range(2):
        MIGRATIONS.run(empty.connected)
        assert tables(empty) == OURS
        alembic(empty, command.check)
        person(make_room(empty.connected, Clock()), "Ada")
        alembic(empty, command.downgrade, "base")
        assert tables(empty) == {"people_version"}


def test_they_stand_beside_the_house_s_own_and_leave_them_alone(empty):
    empty.migrate()
    own = tables(empty)
    MIGRATIONS.run(empty.connected)
    alembic(empty, command.check)
    assert tables(empty) == own | OURS
    alembic(empty, command.downgrade, "base")
    assert tables(empty) == own | {"people_version"}


def test_a_difference_between_tables_and_migrations_would_be_noticed(empty):
    MIGRATIONS.run(empty.connected)
    with empty.connected("write") as connection:
        connection.execute(text("DROP INDEX ix_people_session_person"))
        connection.commit()
    with pytest.raises(Exception, match="New upgrade operations detected"):
        alembic(empty, command.check)


def test_the_newest_version_is_the_head_of_the_scripts(store):
    with store.connected("read") as connection:
        assert ScriptDirectory.from_config(MIGRATIONS.configuration(connection)).get_heads() == [MIGRATIONS.newest]


def test_many_that_migrate_together_all_end_well(empty, empty_url):
    def start(_number):
        store = SqlStore(empty_url)
        MIGRATIONS.run(store.connected)
        store.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(start, range(3)))
    assert tables(empty) == OURS


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(empty):
    MIGRATIONS.run(empty.connected)
    with empty.connected("write") as connection:
        connection.execute(text("UPDATE people_version SET version_num = '20990101_later'"))
        connection.commit()
    with pytest.raises(ConfigurationError, match=r"is of version 20990101_later, .*; install a newer tm-service\.$"):
        MIGRATIONS.run(empty.connected)
