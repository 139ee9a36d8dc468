"""Migrations: up, the same as our tables, down to nothing, up again; once, whoever starts them together."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import column, table, text

from tests.migrations_contract import run_alembic, tables_of
from tests.storage.samples import HOME, translation
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.text import fingerprint
from tm_service.storage import sql_store
from tm_service.storage.sql_store import SqlStore, migrations
from tm_service.storage.tables import metadata


@pytest.fixture
def empty(empty_url):
    """A store over a database without tables."""
    store = SqlStore(empty_url)
    yield store
    store.close()


OURS = {"alembic_version", *metadata.tables}


def test_the_tables_go_up_and_down_and_up_again_and_are_what_the_code_says(empty):
    for _round in range(2):
        empty.migrate()
        assert tables_of(empty) == OURS
        run_alembic(migrations(), empty, command.check)
        with empty.begin() as tx:
            tx.append([translation("A")])
        run_alembic(migrations(), empty, command.downgrade, "base")
        assert tables_of(empty) == {"alembic_version"}


def test_a_difference_between_tables_and_migrations_would_be_noticed(empty):
    empty.migrate()
    with empty.connected("write") as connection:
        connection.execute(text("DROP INDEX ix_translation_exact"))
        connection.commit()
    with pytest.raises(Exception, match="New upgrade operations detected"):
        run_alembic(migrations(), empty, command.check)


OLD_ROW = {
    "locale": "fr", "resource": "home.json", "fingerprint": "f", "source": "Wetlands", "at": "2024-07-01 12:00:00.000000",
    "origin": "site", "state": "translated", "answer": "text", "author": "", "reference": "", "previous": "", "following": "",
}  # fmt: skip
OLD_PACKAGE = {
    "number": 1, "locale": "fr", "code": "fr", "revision": "", "created": "2024-07-01 12:00:00.000000", "due": "",
    "status": "sent",
}  # fmt: skip

OLD_DELIVERY = {
    "site": "absch", "package": "absch-1-fr", "channel": "mail", "recipient": "ines@example.org", "status": "waiting",
    "at": "2024-07-01 12:00:00.000000", "attempts": 0, "reference": "", "error": "",
}  # fmt: skip


def old_rows(connection, name, rows, same):
    for row in rows:
        said = same | row
        connection.execute(table(name, *map(column, said)).insert(), said)


def test_what_older_code_wrote_before_and_after_the_memories_came_is_on_the_shelf_from_either_side(empty):
    empty.migrate()
    run_alembic(migrations(), empty, command.downgrade, "20261121_first")
    targets = ["Zones humides", "Ferme\u0301\r\nle soir", "\x1ad83d seul"]
    with empty.connected("write") as connection:
        rows = [
            {"identity": str(number), "site": "absch", "key": f'["{number}"]', "target": target}
            for number, target in enumerate(targets)
        ]
        old_rows(connection, "translation", rows, OLD_ROW)
        old_rows(connection, "translation", [{"identity": "9", "site": "bch", "key": "[]", "target": "Zones"}], OLD_ROW)
        packages = [
            {"id": "absch-1-fr", "site": "absch", "source_locale": "en"},
            {"id": "bch-1-fr", "site": "bch", "source_locale": "es"},
        ]
        old_rows(connection, "package", packages, OLD_PACKAGE)
        connection.commit()
    empty.migrate()
    with empty.connected("write") as connection:
        old_rows(
            connection,
            "translation",
            [{"identity": "later", "site": "absch", "key": "[]", "target": "Marais"}],
            OLD_ROW,
        )
        marks = connection.execute(text("SELECT target_print FROM translation ORDER BY number")).scalars().all()
        connection.commit()
    assert [mark is None for mark in marks] == [False, False, False, False, True]
    shelf = empty.shelf("absch", "fr", "en")
    assert [(entry.source, entry.target) for entry in shelf.added()] == [
        (target, "Wetlands") for target in ("Zones humides", "Ferme\u0301\r\nle soir", "\ud83d seul", "Marais")
    ]
    for source in ("Zones humides", "Fermé\nle soir", "\ud83d seul", "Marais"):
        assert shelf.exact([fingerprint(source)]).keys() == {fingerprint(source)}
    assert [entry.target for entry in empty.shelf("bch", "es", "fr").added()] == ["Zones"]
    assert all(entry.properties == () for entry in shelf.added())


def test_a_delivery_known_before_the_memories_came_is_not_written_twice(empty):
    """What a row is known by stays the same for what there was; this is the name the first version gave it."""
    empty.migrate()
    with empty.begin() as tx:
        tx.append([translation("Zones humides", reference="c0ffee")])
        known = tx.connection.execute(text("SELECT identity FROM translation")).scalar_one()
    said = ["absch", "fr", HOME, '["title"]', fingerprint("Wetlands"), "Zones humides", "translated", "text", "c0ffee"]
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    assert known == sha256(written.encode()).hexdigest()


def test_what_older_code_posts_before_and_after_reminders_came_is_none(empty):
    empty.migrate()
    run_alembic(migrations(), empty, command.downgrade, "20261122_uploads")
    with empty.connected("write") as connection:
        old_rows(connection, "package", [{"id": "absch-1-fr", "site": "absch", "source_locale": "en"}], OLD_PACKAGE)
        old_rows(connection, "delivery", [{"id": "before"}], OLD_DELIVERY)
        connection.commit()
    empty.migrate()
    with empty.connected("write") as connection:
        old_rows(connection, "delivery", [{"id": "after"}], OLD_DELIVERY)
        connection.commit()
    with empty.begin() as tx:
        found = {entry.id: entry for entry in tx.postings("absch")}
        assert {name: entry.reminder for name, entry in found.items()} == {"before": "", "after": ""}
        tx.save_posting(replace(found["before"], id="new", reminder="overdue 2"))
        assert tx.posting("new").reminder == "overdue 2"


def test_the_newest_version_is_the_head_of_the_scripts(store):
    with store.connected("read") as connection:
        scripts = ScriptDirectory.from_config(migrations().configuration(connection))
    assert scripts.get_heads() == [migrations().newest]


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
    assert tables_of(empty) == set()
    monkeypatch.undo()
    empty.migrate()
    assert tables_of(empty) == OURS


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(empty):
    empty.migrate()
    with empty.connected("write") as connection:
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
    assert tables_of(empty) == OURS


def test_the_template_of_migrations_gives_one_that_names_no_types_of_ours(empty, tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    shutil.copytree(
        Path(sql_store.__file__).parent / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    empty.migrate()
    with empty.connected("write") as connection:
        connection.execute(text("DROP TABLE waiver"))
        config = migrations().configuration(connection)
        config.set_main_option("script_location", str(folder))
        script = command.revision(config, "The waivers", autogenerate=True, rev_id="20261122_waivers")
        written = Path(script.path).read_text()
        assert written.startswith('"""The waivers."""\n')
        assert "tm_service" not in written
        assert "sa.DateTime(timezone=True)" in written
        command.upgrade(config, "head")
        command.check(config)
        command.downgrade(config, migrations().newest)
        connection.rollback()
