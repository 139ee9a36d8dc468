"""The journal across versions: what older code notes meanwhile, and the migration of its entries."""

import json

import pytest
from alembic import command
from sqlalchemy import column, select, table, text
from sqlalchemy.exc import DBAPIError

from tests.migrations_contract import run_alembic
from tests.storage.journal import AMINA, LI, lines, note, verdict
from tests.storage.samples import AWKWARD
from tm_service.storage import audit
from tm_service.storage.audit import Audit
from tm_service.storage.columns import escape
from tm_service.storage.rows import dump
from tm_service.storage.sql_store import SqlStore, migrations
from tm_service.storage.tables import journal, pseudonym

OLD = table("journal", *map(column, ("site", "verb", "details", "at")))


def old_notes(store, *details: object):
    """As the version before wrote."""
    same = {"site": "absch", "verb": "deploy", "at": "2024-07-01 12:00:00.000000"}
    with store.connected("write") as connection:
        connection.execute(OLD.insert(), [same | {"details": escape(dump(said))} for said in details])
        connection.commit()


def test_what_older_code_notes_meanwhile_is_sealed_with_the_next_entry(store):
    head = note(store, AMINA)
    old_notes(store, *({"n": number, "by": "Zoé"} for number in range(3)))
    found = verdict(store, head)
    assert (found.head, found.entries, found.unsealed, found.broken) == (head, 1, 3, None)
    assert [line.caller for line in lines(store)] == [AMINA, None, None, None]
    head = note(store, LI)
    found = verdict(store, head)
    assert (found.head, found.entries, found.unsealed, found.broken) == (head, 5, 0, None)
    assert [line.details for line in lines(store)[1:4]] == [{"n": number, "by": "Zoé"} for number in range(3)]
    old_notes(store, {"n": 9})
    with pytest.raises(DBAPIError, match="only appended to"), store.connected("write") as connection:
        connection.execute(journal.update().values(verb="x"))


@pytest.fixture
def older(empty_url):
    """A store of the version before, over a journal with a gap, names, moments and texts of all kinds."""
    store = SqlStore(empty_url)
    store.migrate()
    run_alembic(migrations(), store, command.downgrade, "20261122_waiting")
    old_notes(store, *OLD_DETAILS)
    with store.connected("write") as connection:
        connection.exec_driver_sql("DELETE FROM journal WHERE number IN (2, 3)")
        connection.commit()
    yield store
    store.close()


OLD_DETAILS = (
    {"n": 0}, {"n": 1}, {"n": 2}, {"by": "Zoé", "numbers": [1, 2.5]}, {"by": ""}, {"by": ["many"]}, {"by": "\ud800\0"},
    {"by": "Zoé"}, *({"revision": text} for text in AWKWARD),
)  # fmt: skip
KEPT = [OLD_DETAILS[0], *OLD_DETAILS[3:]]


def old_rows(store):
    with store.connected("read") as connection:
        return [
            tuple(one)
            for one in connection.execute(text("SELECT number, site, verb, details, at FROM journal ORDER BY number"))
        ]


@pytest.mark.parametrize("at_once", [1, 4, 5000])
def test_the_entries_there_are_become_a_chain(older, monkeypatch, at_once):
    """Expand, fill, and go on; the hashes of the migration are those of the house."""
    before = old_rows(older)
    monkeypatch.setattr(audit, "_AT_ONCE", at_once)
    older.migrate()
    with older.read() as tx:
        told, head = tx.audit(), tx.audit_head()
        assert tx.verify_audit().broken is None
        names = tx.connection.execute(select(pseudonym.c.name)).scalars().all()
    assert [line.details for line in told] == KEPT
    assert [line.entry.number for line in told] == [one[0] for one in before]
    assert {line.caller for line in told} == {None}
    assert sorted(names) == ["Zoé", "\ud800\0"]
    assert "Zoé" not in str(old_rows(older))
    after_it = note(older, AMINA, by="Zoé")
    found = verdict(older, head, after_it)
    assert (found.entries, found.broken) == (len(KEPT) + 1, None)
    assert (
        len({json.loads(line.entry.details).get("by") for line in lines(older) if line.details.get("by") == "Zoé"}) == 1
    )
    with pytest.raises(DBAPIError, match="only appended to"), older.connected("write") as connection:
        connection.execute(journal.update().values(verb="x"))


def test_a_start_that_is_cut_off_is_gone_on_with_where_it_ended(older, monkeypatch):
    """A journal of years is not sealed under one lock: what was sealed is kept, and others note between two batches."""
    monkeypatch.setattr(audit, "_AT_ONCE", 4)
    real, left = Audit.seal_older, [None, None, KeyboardInterrupt()]

    def seal_older(self):
        if left and (end := left.pop(0)):
            raise end
        real(self)

    monkeypatch.setattr(Audit, "seal_older", seal_older)
    with pytest.raises(KeyboardInterrupt):
        older.migrate()
    found = verdict(older)
    assert (found.entries, found.unsealed, found.broken) == (8, len(KEPT) - 8, None)
    older.migrate()
    found = verdict(older, found.head)
    assert (found.entries, found.unsealed, found.broken) == (len(KEPT), 0, None)
    assert [line.details for line in lines(older)] == KEPT


def test_the_version_before_gets_its_journal_back_with_the_names(older):
    before = old_rows(older)
    for _round in range(2):
        older.migrate()
        run_alembic(migrations(), older, command.downgrade, "20261122_waiting")
        assert old_rows(older) == before
    older.migrate()
    assert verdict(older).broken is None
