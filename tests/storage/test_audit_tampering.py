"""Tampering with the journal: the database refuses it, and what it cannot refuse is found."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.storage.journal import AMINA, HARVEST, LI, note, tampered, verdict
from tests.storage.samples import NOON
from tm_service.domain.audit import Broken, Fault, Head, sealed
from tm_service.storage import audit
from tm_service.storage.sql_store import SqlTransaction
from tm_service.storage.tables import journal, pseudonym

REFUSED = [
    "UPDATE journal SET verb = 'rollback' WHERE verb = 'deploy'",
    "UPDATE journal SET hash = NULL, previous = NULL",
    "DELETE FROM journal",
    "UPDATE pseudonym SET name = 'li'",
    "UPDATE pseudonym SET name = '', salt = '', holder = 'x'",
    "DELETE FROM pseudonym",
]
REFUSED_BY = {
    "sqlite": [
        "INSERT OR REPLACE INTO journal (number, site, verb, details, at) SELECT number, site, 'x', '{}', at FROM journal",
        "REPLACE INTO journal (number, site, verb, details, at, previous) SELECT 9, '', '', '{}', at, previous FROM journal",
        "UPDATE OR REPLACE journal SET verb = 'x'",
        "REPLACE INTO pseudonym SELECT id, kind, holder, 'li', salt FROM pseudonym",
    ],
    "postgresql": ["TRUNCATE journal", "TRUNCATE journal, pseudonym CASCADE"],
}


def test_the_database_refuses_to_change_what_is_written(store):
    head = note(store, AMINA)
    for statement in REFUSED + REFUSED_BY[store.engine.dialect.name]:
        with pytest.raises(DBAPIError, match=r"only (appended to|erased)\."), store.connected("write") as connection:
            connection.exec_driver_sql(statement)
    assert verdict(store, head).broken is None


def test_the_database_takes_no_second_entry_after_the_same_one(store):
    note(store, AMINA)
    with store.read() as tx:
        again = dict(tx.connection.execute(select(journal)).mappings().one()) | {"number": 99}
    with pytest.raises(IntegrityError), store.connected("write") as connection:
        connection.execute(journal.insert(), again)


@pytest.fixture
def written(store):
    """A journal of nine entries by three callers; with its numbers and its head."""
    for step in range(3):
        note(store, AMINA, LI, HARVEST, by="Zoé", step=step)
    with store.read() as tx:
        return [line.entry for line in tx.audit()], tx.audit_head()


OTHER = {
    "site": "reef", "verb": "rollback", "details": '{"by":"nobody"}', "at": NOON + timedelta(microseconds=1), "who": "",
    "door": "cli", "address": "", "request": "other", "reason": "other", "previous": "e" * 64, "hash": "e" * 64,
}  # fmt: skip


def row(number):
    return journal.update().where(journal.c.number == number)


@pytest.mark.parametrize("field", OTHER)
def test_a_change_of_any_column_is_found_where_it_was_made(store, written, field):
    entries, head = written
    found = tampered(store, lambda work: work.execute(row(entries[4].number).values({field: OTHER[field]})), head)
    assert found.broken == Broken(entries[4].number, Fault.CHANGED, entries[3].number)


def delete(connection, entry, _data):
    connection.execute(journal.delete().where(journal.c.number == entry.number))


def cut(connection, entry, _data):
    connection.execute(journal.delete().where(journal.c.number >= entry.number))


def exchange(connection, entry, data):
    other = data.draw(st.integers(entry.number - 8, entry.number + 8).filter(lambda number: number != entry.number))
    for before, now in ((entry.number, FAR), (other, entry.number), (FAR, other)):
        connection.execute(row(before).values(number=now))


def edit(connection, entry, data):
    field = data.draw(st.sampled_from(sorted(OTHER)))
    values = st.datetimes(timezones=st.just(UTC)) if field == "at" else words
    value = data.draw(values.filter(lambda value: value != getattr(entry, field)))
    connection.execute(row(entry.number).values({field: value}))


def copy(connection, entry, data):
    """The same once more, at the end."""
    found = connection.execute(select(journal).where(journal.c.number == entry.number)).mappings().all()
    for one in found:
        connection.execute(journal.insert(), dict(one) | {"number": FAR, "previous": data.draw(words)})


def unseal(connection, entry, _data):
    connection.execute(row(entry.number).values(previous=None, hash=None))


FAR = 10**6  # a number that no entry has
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=9)


@given(
    st.lists(st.tuples(st.sampled_from([delete, cut, exchange, edit, copy, unseal]), st.integers(0, 8)), max_size=2),
    st.data(),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_an_administrator_does_to_the_journal_is_found(store, written, acts, data):
    """Rows are removed, exchanged, edited, copied; the head was published before, and what is as it was is not broken."""
    entries, head = written
    is_as_it_was = []

    def work(connection):
        for act, place in acts:
            with suppress(IntegrityError), connection.begin_nested():  # two rows of one number are refused even so
                act(connection, entries[place], data)
        is_as_it_was.append(list(SqlTransaction(connection)._entries(0)) == entries)

    found = tampered(store, work, head)
    assert (found.broken is None) == is_as_it_was[0]


def forge(connection, entries, at):
    """Change one entry, and seal it and all that follow."""
    previous = entries[at].previous
    for entry in entries[at:]:
        made = sealed(replace(entry, verb="forged"), previous)
        connection.execute(row(entry.number).values(verb="forged", previous=made.previous, hash=made.hash))
        previous = made.hash


def test_a_journal_written_anew_is_only_betrayed_by_a_head_kept_elsewhere(store, written):
    entries, head = written
    assert tampered(store, lambda work: forge(work, entries, 2)).broken is None
    found = tampered(store, lambda work: forge(work, entries, 2), Head(entries[3].number, entries[3].hash), head)
    assert found.broken == Broken(entries[3].number, Fault.REWRITTEN, entries[2].number)


NAMES = {
    "another name": pseudonym.update().where(pseudonym.c.name == LI.name).values(name=AMINA.name),
    "another salt": pseudonym.update().where(pseudonym.c.name == LI.name).values(salt="0" * 32),
    "another kind": pseudonym.update().where(pseudonym.c.name == LI.name).values(kind="client"),
    "gone": pseudonym.delete().where(pseudonym.c.name == LI.name),
    "erased and not noted": pseudonym.update().where(pseudonym.c.name == LI.name).values(name="", salt=""),
    "address gone": pseudonym.delete().where(pseudonym.c.name == HARVEST.address),
    "address moved": pseudonym.update().where(pseudonym.c.name == HARVEST.address).values(holder=""),
    "named in details": pseudonym.update().where(pseudonym.c.name == "Zoé").values(name="Zoë"),
    "gone from details": pseudonym.delete().where(pseudonym.c.name == "Zoé"),
}  # fmt: skip


@pytest.mark.parametrize("act", NAMES)
def test_a_name_put_in_place_of_another_is_found(store, written, act):
    entries, head = written
    first = entries[0 if "details" in act else 2 if "address" in act else 1].number
    found = tampered(store, lambda work: work.execute(NAMES[act]), head)
    assert found.broken == Broken(first, Fault.NAME, first)


GARBAGE = [
    ("at", "'noon'"),
    ("at", "'2026-99-99 00:00:00'"),
    ("at", "7"),
    ("site", "x'ff'"),
    ("hash", "x'00'"),
    ("details", "x'7b'"),
]


@pytest.mark.parametrize(("field", "value"), GARBAGE)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_is_no_text_and_no_moment_is_a_change_like_any_other(store, written, field, value):
    """SQLite takes anything anywhere; verifying says where, and does not fall over it."""
    entries, head = written

    def work(connection):
        connection.exec_driver_sql(f"UPDATE journal SET {field} = {value} WHERE number = {entries[5].number}")  # noqa: S608 - of our own

    assert tampered(store, work, head).broken == Broken(entries[5].number, Fault.CHANGED, entries[4].number)

    def both(connection):
        work(connection)
        connection.execute(row(entries[3].number).values(verb="x"))

    assert tampered(store, both, head).broken == Broken(entries[3].number, Fault.CHANGED, entries[2].number)


@pytest.mark.parametrize("value", ["infinity", "-infinity", "20000-01-01", "0044-03-15 BC"])
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_moment_that_no_calendar_of_ours_has_is_a_change_like_any_other(store, written, value):
    entries, head = written

    def work(connection):
        connection.execute(
            text("UPDATE journal SET at = :at WHERE number = :number"), {"at": value, "number": entries[5].number}
        )

    assert tampered(store, work, head).broken == Broken(entries[5].number, Fault.CHANGED, entries[4].number)


STRANGE = [
    ("erase", "no JSON"), ("erase", "[1]"), ("deploy", '["by"]'),
    ("erase", '{"pseudonyms":1}'), ("erase", '{"pseudonyms":[{}]}'),
]  # fmt: skip


def test_an_entry_sealed_by_a_strange_hand_does_not_stop_the_verifying(store, written):
    entries, head = written

    def work(connection):
        previous = head
        for number, (verb, details) in enumerate(STRANGE, head.number + 1):
            made = sealed(replace(entries[0], number=number, site="", verb=verb, details=details), previous.hash)
            connection.execute(journal.insert(), audit._row(made))
            previous = Head(number, made.hash)

    found = tampered(store, work, head)
    assert (found.broken, found.entries) == (None, 9 + len(STRANGE))


def test_verifying_goes_through_the_journal_in_pieces(store, written, monkeypatch):
    entries, head = written
    for size in (1, 2, 3, 9, 10):
        monkeypatch.setattr(audit, "_AT_ONCE", size)
        found = verdict(store, head)
        assert (found.entries, found.head, found.broken) == (9, head, None)
        where = journal.c.number == entries[6].number
        broken = tampered(store, lambda work, where=where: work.execute(journal.delete().where(where)), head).broken
        assert broken == Broken(entries[7].number, Fault.MISSING, entries[5].number)
