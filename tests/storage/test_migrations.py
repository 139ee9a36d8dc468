"""Migrations: up, the same as our tables, down to nothing, up again; once, whoever starts them together."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from tests.storage.samples import translation
from tm_service.domain.errors import ConfigurationError
from tm_service.storage import sql_store
from tm_service.storage.sql_store import NEWEST, SqlStore
from tm_service.storage.tables import metadata


@pytest.fixture
def empty(empty_url):
    """A store over a database without tables."""
    store = SqlStore(empty_url)
    yield store
    store.close()


def alembic(store, act, *args: object):
    with store._connected("write") as connection:
        act(sql_store._config(connection), *args)
        connection.commit()


def tables(store):
    with store._connected("read") as connection:
        return set(inspect(connection).get_table_names())


OURS = {"alembic_version", *metadata.tables}


def test_the_tables_go_up_and_down_and_up_again_and_are_what_the_code_says(empty):
    for _round in range(2):
        empty.migrate()
        assert tables(empty) == OURS
        alembic(empty, command.check)
        with empty.begin() as tx:
            tx.append([translation("A")])
        alembic(empty, command.downgrade, "base")
        assert tables(empty) == {"alembic_version"}


def test_a_difference_between_tables_and_migrations_would_be_noticed(empty):
    empty.migrate()
    with empty._connected("write") as connection:
        connection.execute(text("DROP INDEX ix_translation_exact"))
        connection.commit()
    with pytest.raises(Exception, match="New upgrade operations detected"):
        alembic(empty, command.check)


def test_the_newest_version_is_the_head_of_the_scripts(store):
    with store._connected("read") as connection:
        scripts = ScriptDirectory.from_config(sql_store._config(connection))
    assert scripts.get_heads() == [NEWEST]


def test_migrating_again_changes_nothing(store):
    with store.begin() as tx:
        tx.append([translation("A")])
    store.migrate()
    store.migrate()
    with store.read() as tx:
        assert tx.memory_size()[0] == 1


def test_a_migration_that_fails_leaves_nothing(empty, monkeypatch):
    class Power(Exception):
        pass

    def fail(*_args: object):
        raise Power

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
    with pytest.raises(Power):
        empty.migrate()
    assert tables(empty) == set()
    monkeypatch.undo()
    empty.migrate()
    assert tables(empty) == OURS


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(empty):
    empty.migrate()
    with empty._connected("write") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '20990101_later'"))
        connection.commit()
    with pytest.raises(ConfigurationError, match=r"is of version 20990101_later, .*; install a newer tm-service\.$"):
        empty.migrate()


MIGRATE = """
import sys
from tm_service.storage.sql_store import SqlStore

print("ready", flush=True)
sys.stdin.readline()
SqlStore(sys.argv[1]).migrate()
"""


@pytest.mark.slow
def test_processes_that_migrate_an_empty_database_together_all_end_well(empty, empty_url):
    command_line = [sys.executable, "-c", MIGRATE, empty_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command_line, **pipes) for _ in range(4)]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    failures = [process.communicate()[1] for process in processes]
    assert failures == [""] * 4
    assert tables(empty) == OURS


def test_the_template_of_migrations_gives_one_that_names_no_types_of_ours(empty, tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    shutil.copytree(
        Path(sql_store.__file__).parent / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    empty.migrate()
    with empty._connected("write") as connection:
        connection.execute(text("DROP TABLE waiver"))
        config = sql_store._config(connection)
        config.set_main_option("script_location", str(folder))
        script = command.revision(config, "The waivers", autogenerate=True, rev_id="20261122_waivers")
        written = Path(script.path).read_text()
        assert written.startswith('"""The waivers."""\n')
        assert "tm_service" not in written
        assert "sa.DateTime(timezone=True)" in written
        command.upgrade(config, "head")
        command.check(config)
        command.downgrade(config, NEWEST)
        connection.rollback()
