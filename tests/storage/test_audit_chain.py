"""The chain of the journal: each entry follows the one before it, whoever writes at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests.processes import PATIENCE
from tests.storage.journal import AMINA, LI, lines, note, undone, verdict
from tests.storage.samples import NOON
from tm_service.domain.audit import GENESIS, Caller
from tm_service.domain.errors import ConnectorError
from tm_service.storage import engines
from tm_service.storage.sql_store import SqlStore
from tm_service.storage.tables import pseudonym


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


def let_in_together(monkeypatch):
    """No writer waits for another one's turn, unless both are of one store."""
    monkeypatch.setattr(engines, "take", lambda *_turn: None)


@pytest.mark.parametrize("together", [False, True])
def test_writers_at_once_never_fork_the_chain(store, url, monkeypatch, together):
    if together:
        let_in_together(monkeypatch)
    monkeypatch.setattr(engines, "BUSY", 1000 * PATIENCE)
    started = Barrier(4)

    def work(writer):
        mine = SqlStore(url)  # of a process of its own, for those of one wait for each other
        started.wait(PATIENCE)
        for step in range(8):
            note(mine, Caller(f"writer {writer}"), LI, step=step)
        mine.close()

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
def test_who_notes_first_and_ends_last_keeps_nobody_waiting(store, url, monkeypatch):
    """The end of the journal is taken when a transaction ends; SQLite has no two writers to try it with."""
    let_in_together(monkeypatch)
    other = SqlStore(url)  # of another process, for those of one wait for each other
    with store.begin() as slow:
        slow.note("absch", "slow", {}, NOON)
        with other.begin() as quick:
            quick.note("absch", "quick", {}, NOON)
    other.close()
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
