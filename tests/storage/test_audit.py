"""The journal: who, from where, what and why; nobody changes it unseen, and a name can be erased from it."""

import json
import os
import pwd
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta
from itertools import count
from threading import Barrier

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import column, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.storage.samples import AWKWARD, NOON, after
from tm_service.domain.audit import GENESIS, Broken, Caller, CallerKind, Door, Fault, Head, acting, sealed
from tm_service.domain.errors import ConnectorError
from tm_service.storage import audit, engines
from tm_service.storage.columns import escape
from tm_service.storage.rows import dump
from tm_service.storage.sql_store import SqlStore, SqlTransaction, migrations
from tm_service.storage.tables import journal, pseudonym

AMINA = Caller("amina@seeds.example", CallerKind.PERSON, Door.WEB, "2001:db8::7", "req-1", "The event is over.")
LI = replace(AMINA, name="li@seeds.example", request="req-2", reason="")
HARVEST = Caller("harvest", CallerKind.CLIENT, Door.WEB, "192.0.2.4")


def note(store, *callers: Caller, site="absch", **details: object):
    """One transaction with an entry of each caller. Returns the head after it."""
    with store.begin() as tx:
        for who in callers:
            with acting(who):
                tx.note(site, "deploy", details, NOON)
        return tx.audit_head()


def verdict(store, *published: Head):
    with store.read() as tx:
        return tx.verify_audit(published)


def lines(store, *args: object, **wanted: object):
    with store.read() as tx:
        return tx.audit(*args, **wanted)


def test_the_journal_says_what_was_done_when_and_forgets_nothing(store):
    with store.begin() as tx:
        for value in AWKWARD:
            tx.note(value, value, {"revision": value, "number": 3, value: None}, NOON)
    for line, value in zip(lines(store), AWKWARD, strict=True):
        assert (line.entry.site, line.entry.verb, line.entry.at) == (value, value, NOON)
        assert line.details == {"revision": value, "number": 3, value: None}
    assert verdict(store).broken is None


def test_the_journal_says_who_from_where_and_why(store):
    awkward = [Caller(f"x{value}", CallerKind.CLIENT, Door.WORKER, value, value, value) for value in AWKWARD]
    note(store, AMINA, HARVEST, *awkward)
    assert [line.caller for line in lines(store)] == [AMINA, HARVEST, *awkward]
    assert verdict(store).broken is None


def test_who_says_nothing_acts_for_the_house_as_a_user_of_the_system(store):
    with store.begin() as tx:
        tx.note("absch", "deploy", {}, NOON)
        [line] = tx.audit()
    assert (line.caller.name, line.caller.kind, line.caller.door) == ("tm-service", CallerKind.SYSTEM, Door.CLI)
    assert line.caller.address.startswith(pwd.getpwuid(os.getuid()).pw_name + "@")


def test_a_user_of_the_system_without_a_name_is_told_by_number(monkeypatch):
    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert audit.operator.__wrapped__().address.startswith(f"{os.getuid()}@")


def test_a_name_longer_than_any_index_takes_is_cut(store):
    long = Caller("é" * 9000, address="a" * 9000)
    note(store, long)
    note(store, long)
    [first, second] = lines(store, name=long.name)
    assert first.caller == second.caller == Caller("é" * 200, address="a" * 200)
    assert first.entry.who == second.entry.who
    with store.begin() as tx:
        assert tx.erase_name(long.name, NOON) == 2


def test_pages_of_the_journal_are_read_by_site_by_name_and_from_a_number_on(store):
    for step in range(6):
        note(store, AMINA if step % 2 else LI, site="bch" if step > 2 else "absch", step=step)

    def steps(*args: object, **wanted: object):
        return [line.details["step"] for line in lines(store, *args, **wanted)]

    numbers = [line.entry.number for line in lines(store)]
    assert steps() == [0, 1, 2, 3, 4, 5]
    assert steps(limit=2) == [0, 1]
    assert steps(since=numbers[1], limit=2) == [2, 3]
    assert steps("bch") == [3, 4, 5]
    assert steps("bch", numbers[3]) == [4, 5]
    assert steps(name=AMINA.name) == [1, 3, 5]
    assert steps("absch", name=AMINA.name) == [1]
    assert steps(name="nobody") == steps(name=AMINA.address) == []


# the chain


def test_the_chain_goes_on_from_one_transaction_to_the_next(store):
    with store.read() as tx:
        assert tx.audit_head() == GENESIS
    heads = [note(store, AMINA, LI), note(store), note(store, AMINA)]
    assert heads[0] == heads[1]
    entries = [line.entry for line in lines(store)]
    assert entries[0].previous == GENESIS.hash
    assert entries[2].previous == entries[1].hash == heads[0].hash
    found = verdict(store, *heads)
    assert (found.head, found.entries, found.unsealed, found.broken) == (heads[2], 3, 0, None)


def undone(tx, act, *args: object):
    """Done as far as the journal, and then not at all."""
    act(*args)
    assert tx.audit()
    raise ValueError("no")


def test_what_is_undone_leaves_no_gap_that_is_called_broken(store):
    note(store, AMINA)
    with pytest.raises(ValueError, match="no"), store.begin() as tx:
        undone(tx, tx.note, "absch", "deploy", {}, NOON)
    with store.begin() as tx:
        tx.rehearse()
        tx.note("absch", "deploy", {}, NOON)
        assert len(tx.audit()) == 2, "a rehearsal sees what it does"
    note(store, LI)
    assert [line.caller for line in lines(store)] == [AMINA, LI]
    assert verdict(store).broken is None


def test_nothing_is_noted_where_only_reading_is_allowed(store):
    with pytest.raises((ConnectorError, DBAPIError), match=r"read.?only"), store.read() as tx:
        tx.note("absch", "deploy", {}, NOON)
    assert lines(store) == []


class Each:
    """A lock of its own for every writer: as if the store let them in together."""

    numbers = count(1)

    def __format__(self, _spec) -> str:
        return str(next(self.numbers))


@pytest.mark.parametrize("together", [False, True])
def test_writers_at_once_never_fork_the_chain(store, monkeypatch, together):
    if together:
        monkeypatch.setattr(engines, "_WRITER", Each())
    started = Barrier(4)

    def work(writer):
        started.wait(20)
        for step in range(8):
            note(store, Caller(f"writer {writer}"), LI, step=step)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    found = verdict(store)
    assert (found.entries, found.broken) == (64, None)
    with store.read() as tx:
        rows = tx.connection.execute(select(pseudonym.c.name).where(pseudonym.c.kind == "person")).scalars()
        assert sorted(rows) == [LI.name, *(f"writer {number}" for number in range(4))]
    for number in range(4):
        told = [line.details["step"] for line in lines(store, name=f"writer {number}")]
        assert told == list(range(8))


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_who_notes_first_and_ends_last_keeps_nobody_waiting(store, monkeypatch):
    """The end of the journal is taken when a transaction ends; SQLite has no two writers to try it with."""
    monkeypatch.setattr(engines, "_WRITER", Each())
    with store.begin() as slow:
        slow.note("absch", "slow", {}, NOON)
        with store.begin() as quick:
            quick.note("absch", "quick", {}, NOON)
    assert [line.entry.verb for line in lines(store)] == ["quick", "slow"]
    assert verdict(store).broken is None


PROCESS = """
import sys
from datetime import UTC, datetime
from tm_service.storage.sql_store import SqlStore, migrations

store = SqlStore(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for step in range(5):
    with store.begin() as tx:
        tx.note("absch", "deploy", {"step": step}, datetime.now(UTC))
"""


@pytest.mark.slow
def test_the_chain_goes_on_over_processes(store, url):
    head = note(store, AMINA)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-c", PROCESS, url], **pipes) for _ in range(3)]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in processes] == [""] * 3
    found = verdict(store, head)
    assert (found.entries, found.broken) == (16, None)


# append-only


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


def disarm(connection):
    """What an administrator with bad intentions does first."""
    if connection.dialect.name == "sqlite":
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for name in ("journal", "pseudonym"):
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")


def tampered(store, act, *published: Head):
    """What verifying says after `act`, all of which is undone again."""
    with store.connected("write") as connection:
        disarm(connection)
        act(connection)
        return SqlTransaction(connection).verify_audit(published)


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


# names


def everything(store):
    with store.read() as tx:
        return "\n".join(str(row) for table in (journal, pseudonym) for row in tx.connection.execute(select(table)))


def test_a_name_is_nowhere_in_the_journal_itself(store):
    note(store, AMINA, by=AMINA.name)
    with store.read() as tx:
        written = str(tx.connection.execute(select(journal)).all())
    assert AMINA.name not in written
    assert AMINA.address not in written
    [line] = lines(store)
    assert line.details == {"by": AMINA.name}
    assert json.loads(line.entry.details) == {"by": line.entry.who}, "one person, one pseudonym"


def test_an_erased_name_is_gone_and_the_chain_holds(store):
    note(store, AMINA, LI, by=AMINA.name)
    head = note(store, replace(AMINA, address="198.51.100.1"), AMINA)
    before = lines(store)
    with acting(LI), store.begin() as tx:
        assert tx.erase_name(AMINA.name, after(days=1)) == 3
    assert verdict(store, head).broken is None
    left = everything(store)
    assert AMINA.name not in left
    assert "198.51.100.1" not in left
    *old, noted = lines(store)
    assert [line.entry for line in old] == [line.entry for line in before]
    aliases = {line.caller.name for line in old if line.entry.who == before[0].entry.who}
    assert aliases == {f"#{before[0].entry.who[:8]}"}, "one person still, whoever it was"
    assert old[0].details == {"by": f"#{before[0].entry.who[:8]}"}
    assert old[0].caller.request == AMINA.request
    assert old[1].caller == LI, "who shares the address keeps it"
    assert (noted.entry.verb, noted.caller) == ("erase", LI)
    assert before[0].entry.who in noted.details["pseudonyms"]
    assert lines(store, name=AMINA.name) == []
    with store.begin() as tx:
        assert tx.erase_name(AMINA.name, after(days=1)) == 0
        assert tx.erase_name("", after(days=1)) == 0
    assert len(lines(store)) == 5, "what did nothing is not noted"


def test_who_comes_back_after_an_erasure_is_somebody_else(store):
    note(store, AMINA)
    with acting(LI), store.begin() as tx:
        tx.erase_name(AMINA.name, NOON)
    note(store, AMINA)
    first, _erased, last = lines(store)
    assert first.entry.who != last.entry.who
    assert last.caller == AMINA
    assert verdict(store).broken is None


def test_who_erases_their_own_name_is_not_remembered_for_it(store):
    note(store, AMINA)
    with acting(AMINA), store.begin() as tx:
        tx.note("absch", "leave", {}, NOON)
        assert tx.erase_name(AMINA.name, NOON) == 2
        assert tx.erase_name(AMINA.name, NOON) == 0
    assert AMINA.name not in everything(store)
    assert AMINA.address not in everything(store)
    assert len({line.caller for line in lines(store)}) == 1
    assert [line.entry.verb for line in lines(store)] == ["deploy", "leave", "erase"]
    assert verdict(store).broken is None


def test_what_is_noted_after_an_erasure_and_with_it_is_somebody_elses(store):
    with acting(AMINA), store.begin() as tx:
        tx.note("absch", "deploy", {}, NOON)
        tx.audit_head()
        tx.erase_name(AMINA.name, NOON)
        tx.note("absch", "deploy", {}, NOON)
    first, _erased, last = lines(store)
    assert (first.caller.name, last.caller.name) == (f"#{first.entry.who[:8]}", AMINA.name)
    assert verdict(store).broken is None


def test_an_erasure_that_is_undone_was_none(store):
    note(store, AMINA)
    with pytest.raises(ValueError, match="no"), store.begin() as tx:
        undone(tx, tx.erase_name, AMINA.name, NOON)
    assert [line.caller for line in lines(store)] == [AMINA]


# older code


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


# the migration


@pytest.fixture
def older(empty_url):
    """A store of the version before, over a journal with a gap, names, moments and texts of all kinds."""
    store = SqlStore(empty_url)
    store.migrate()
    move(store, command.downgrade, "20261122_waiting")
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


def move(store, act, *args: object):
    with store.connected("write") as connection:
        act(migrations().configuration(connection), *args)
        connection.commit()


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
    shorten(monkeypatch, at_once)
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
        connection.execute(row(1).values(verb="x"))


def shorten(monkeypatch, at_once):
    """Alembic loads a migration anew each time; what it takes for a batch is set when it is loaded."""
    loaded = ScriptDirectory.run_env

    def run(scripts):
        scripts.get_revision("20261122_audit").module._AT_ONCE = at_once
        loaded(scripts)

    monkeypatch.setattr(ScriptDirectory, "run_env", run)


def test_the_version_before_gets_its_journal_back_with_the_names(older):
    before = old_rows(older)
    for _round in range(2):
        older.migrate()
        move(older, command.downgrade, "20261122_waiting")
        assert old_rows(older) == before
    older.migrate()
    assert verdict(older).broken is None
