"""All or nothing: what a transaction leaves when it ends, fails, is only a rehearsal, waits, or is killed."""

import gc
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import psycopg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from tests.processes import PATIENCE
from tests.storage.samples import HOME, NOON, deployment, package, page, translation
from tm_service.database.turns import take
from tm_service.domain.errors import Conflict, ConnectorError
from tm_service.domain.ports import Turn
from tm_service.storage import engines
from tm_service.storage.sql_store import SqlStore
from tm_service.storage.tables import metadata, store_identity


def fail(tx, failure):
    fill(tx)
    raise failure


def fill(tx):
    """Something of everything."""
    tx.append([translation("Zones humides")])
    tx.learn_sources("absch", [((HOME, ("title",)), "Wetlands")])
    tx.set_learned("absch", "rev1")
    tx.trace("absch", {(HOME, ("title",)): (HOME, ("old",))})
    tx.save_deployment(deployment(1), [page(tx, "fr", HOME, 1)], [], {("fr", HOME): frozenset({"f"})})
    tx.save_package(package())
    tx.note("absch", "deploy", {}, NOON)


def rows(store):
    """What was put in; the store's own name is there from the beginning."""
    put = [table for table in metadata.sorted_tables if table is not store_identity]
    with store.read() as tx:
        return sum(len(tx.connection.execute(table.select()).all()) for table in put)


def test_a_block_that_ends_well_is_kept(store):
    with store.begin() as tx:
        fill(tx)
    assert rows(store) > 10


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_a_block_that_fails_leaves_nothing_and_its_reason_is_told(store, failure):
    with pytest.raises(failure), store.begin() as tx:
        fail(tx, failure)
    assert rows(store) == 0


def test_a_rehearsal_sees_what_it_does_and_leaves_nothing(store):
    with store.begin() as tx:
        tx.rehearse()
        fill(tx)
        assert tx.latest("absch") == deployment(1)
    assert rows(store) == 0
    with store.begin() as tx:
        fill(tx)
        assert tx.latest("absch") == deployment(1)
    assert rows(store) > 10


def test_a_transaction_that_reads_cannot_write(store):
    with pytest.raises((ConnectorError, DBAPIError), match=r"read.?only"), store.read() as tx:
        tx.append([translation("A")])
    assert rows(store) == 0
    with store.begin() as tx:
        assert tx.append([translation("A")]) == 1


def test_a_reader_sees_one_state_however_long_it_looks_and_whoever_writes(store):
    with store.read() as reader:
        assert reader.latest("absch") is None
        with store.begin() as tx:
            fill(tx)
            assert reader.latest("absch") is None, "nothing is seen before it is kept"
        assert reader.latest("absch") is None
        assert dict(reader.own("absch", "fr", [(HOME, ("title",))])) == {}
    with store.read() as reader:
        assert reader.latest("absch") == deployment(1)


def test_writers_come_one_after_the_other_and_each_sees_what_the_one_before_did(store, monkeypatch):
    monkeypatch.setattr(engines, "BUSY", 1000 * PATIENCE)

    def work(_):
        for _step in range(5):
            with store.begin() as tx:
                number = tx.next_package("absch")
                tx.save_package(package(number, units=1))
                tx.save_deployment(deployment(number), [], [], {})
                tx.append([translation(f"t{number}")])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with store.read() as tx:
        assert [entry.number for entry in tx.deployments("absch")] == list(range(20, 0, -1))
        found = tx.own("absch", "fr", [(HOME, ("title",))])[HOME, ("title",)]
        assert [entry.target for entry in found] == [f"t{number}" for number in range(1, 21)]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_writer_that_waits_in_vain_is_told_so_and_not_by_the_database(url, monkeypatch, elsewhere):
    monkeypatch.setattr(engines, "BUSY", 50)
    store = SqlStore(url)
    other = SqlStore(url) if elsewhere else store
    try:
        with store.begin() as first:
            fill(first)
            with pytest.raises(Conflict, match=r"^Another command is writing to .*; try again when it has ended\.$"):
                other.begin().__enter__()
        with other.begin() as tx:
            assert tx.latest("absch") == deployment(1)
    finally:
        store.close()
        other.close()


def test_writers_that_wait_keep_no_connection_from_readers(url, monkeypatch):
    """As many as there are connections in the pool, and more."""
    monkeypatch.setattr(engines, "BUSY", 1000 * PATIENCE)  # the last one waits for all the others, on any machine
    store, many = SqlStore(url), 40
    try:
        with ThreadPoolExecutor(many) as pool, store.begin() as first:
            waiting = [pool.submit(_deploy_next, store) for _ in range(2, many)]
            with store.read() as tx:
                assert tx.latest("absch") is None
            fill(first)
            first.connection.commit()
            first.connection.begin()
        for done in waiting:
            done.result()
        with store.read() as tx:
            assert len(tx.deployments("absch")) == many - 1
    finally:
        store.close()


def test_who_types_waits_for_others_who_type_and_not_for_the_house(url, monkeypatch):
    """On SQLite, which lets in one writer, they wait in vain here."""
    monkeypatch.setattr(engines, "BUSY", 50)
    store = SqlStore(url)
    elsewhere = SqlStore(url)  # as another process has it
    parted = url.startswith("postgresql")
    try:
        with store.begin():
            for other in (store, elsewhere):
                for turn in (Turn.DESK, Turn.RECORDS):
                    lets_in = nullcontext() if parted else pytest.raises(Conflict)
                    with lets_in, other.begin(turn), pytest.raises(Conflict):
                        elsewhere.begin(turn).__enter__()
    finally:
        store.close()
        elsewhere.close()


def test_who_erases_waits_for_everybody(url, monkeypatch):
    monkeypatch.setattr(engines, "BUSY", 50)
    store = SqlStore(url)
    elsewhere = SqlStore(url)
    try:
        with store.begin() as tx:
            take(tx.connection, *Turn)
            for turn in Turn:
                with pytest.raises(Conflict), elsewhere.begin(turn):
                    pass
    finally:
        store.close()
        elsewhere.close()


def _deploy_next(store):
    """Whoever gets the lock next writes the next one: in which order they come is the machine's business."""
    with store.begin() as tx:
        tx.save_deployment(deployment(tx.latest("absch").number + 1), [], [], {})


HALF_DONE = """
import sys
sys.path.insert(0, sys.argv[2])
from tests.storage.samples import translation
from tm_service.storage.sql_store import SqlStore

with SqlStore(sys.argv[1]).begin() as tx:
    tx.append([translation(f"t{n}", f"s{n}", key=(str(n),)) for n in range(20_000)])
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_nothing_and_the_store_opens_again(store, url, pytestconfig):
    command = [sys.executable, "-c", HALF_DONE, url, str(pytestconfig.rootpath)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"written\n"
        process.kill()
    again = SqlStore(url)
    again.migrate()
    with again.begin() as tx:
        assert tx.memory_size() == (0, 0)
        assert tx.append([translation("A")]) == 1
    again.close()


def end_sessions(postgres, url, tx):
    tx.append([translation("A")])
    with psycopg.connect(postgres.url, autocommit=True) as other:
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        other.execute(ends, [make_url(url).database])
    tx.sequence()


def test_a_server_that_ends_a_session_is_said_in_a_sentence_and_the_store_goes_on(postgres, migrated):
    store = SqlStore(migrated)
    with pytest.raises(ConnectorError, match=r"^The database .* cannot be used: .*\.$"), store.begin() as tx:
        end_sessions(postgres, migrated, tx)
    assert rows(store) == 0
    store.close()


def test_what_a_server_refuses_of_rows_copied_to_it_is_said_as_of_any_others(postgres, migrated):
    store = SqlStore(migrated)
    with pytest.raises(DBAPIError, match="0x00"), store.begin() as tx:
        tx.append([translation("A", fingerprint="\0")])
    assert rows(store) == 0
    store.close()


def test_a_closed_store_holds_nothing_open(url, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store = SqlStore(url)
        with store.begin() as tx:
            fill(tx)
        with pytest.raises(ValueError, match="no"), store.read() as tx:
            raise ValueError("no")
        store.close()
        del store, tx
        gc.collect()
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"store.sqlite"}, "the write-ahead log goes with the last connection"


def test_a_store_can_be_used_again_after_it_was_closed(store):
    store.close()
    store.close()
    with store.begin() as tx:
        fill(tx)
    assert rows(store) > 10
