"""A connection that is cut in mid-transaction: before its COMMIT, after it, or after any number of bytes."""

from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from tests.faults.cluster import Cutter, wire
from tests.faults.houses import KINDS
from tm_service.domain.errors import ConnectorError
from tm_service.domain.jobs import JobStatus
from tm_service.storage import engines
from tm_service.worker.runner import Worker

pytestmark = pytest.mark.slow
SHARES = (0.15, 0.5, 0.85)  # of all bytes that a job sends to its database


@pytest.mark.parametrize("kept", [True, False])
def test_who_asks_again_with_the_same_key_finds_the_same_job(served, to_server, kept):
    """Whether the COMMIT was kept nobody can tell; asking again is right in both cases."""
    house = served()
    with wire(to_server, Cutter(at_commit=1, kept=kept)) as cut:
        cut_off = house.over(cut.url(house.database)).service()
        with pytest.raises(ConnectorError, match=r"127\.0\.0\.1.*look whether it was"):
            house.asked("take-in", cut_off)
        assert len(house.service().jobs.listed()) == kept
        job = house.asked("take-in", cut_off)
        assert len(house.service().jobs.listed()) == 1
        cut_off.store.close()
    (done,) = house.finished(job)
    assert (done.status, done.attempt) == (JobStatus.DONE, 1)
    house.outcome()


def worked(house, to_server, cutter):
    """A worker does what is due over a wire that is cut once, and goes on by itself."""
    with wire(to_server, cutter) as cut:
        service = house.over(cut.url(house.database)).service()
        cutter.sent = cutter.commits = 0
        Worker(service, "cut off", lease=timedelta(hours=1)).run(0.001, until_idle=True)
        service.store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_wherever_the_wire_is_cut_the_work_is_done_once(served, to_server, kind):
    whole, counted = served(), Cutter()
    job = whole.asked(kind)
    worked(whole, to_server, counted)
    assert whole.service().jobs.find(job).status is JobStatus.DONE
    expected = whole.outcome()
    cutters = [
        Cutter(at_commit=number, kept=kept) for number in range(1, counted.commits + 1) for kept in (True, False)
    ]
    cutters += [Cutter(after=int(counted.sent * share)) for share in SHARES]
    for cutter in cutters:
        house = served()
        job = house.asked(kind)
        worked(house, to_server, cutter)
        assert cutter.is_cut, cutter
        (done,) = house.finished(job)
        assert done.status is JobStatus.DONE, (cutter, done)
        assert house.outcome() == expected, cutter


@dataclass
class Silence(Cutter):
    """A wire that stays open and carries nothing, from when it is told to."""

    is_silent: bool = False

    def passes(self, chunk, pair, *, from_client):
        return (b"", False) if self.is_silent else super().passes(chunk, pair, from_client=from_client)


def test_a_writer_whose_wire_falls_silent_does_not_keep_others_from_writing(served, to_server, monkeypatch):
    monkeypatch.setattr(engines, "LONGEST_PAUSE", 500)
    house, silence = served(), Silence()
    others = house.service()
    with wire(to_server, silence) as far:
        gone = house.over(far.url(house.database)).service()
        with pytest.raises(ConnectorError), gone.store.begin() as tx:  # noqa: PT012 - what happens within
            tx.set_learned("reef", "lost")
            silence.is_silent = True
            with others.store.begin() as other:
                assert other.learned("reef") != "lost"
                other.set_learned("reef", "kept")
        gone.store.close()
    with others.store.read() as tx:
        assert tx.learned("reef") == "kept"
    others.store.close()


@pytest.mark.parametrize("purpose", ["begin", "read"])
def test_a_statement_without_an_end_is_ended_and_said_in_a_sentence(served, monkeypatch, purpose):
    monkeypatch.setattr(engines, "LONGEST_STATEMENT", 200)
    service = served().service()
    with pytest.raises(ConnectorError, match="statement timeout"), getattr(service.store, purpose)() as tx:
        tx.connection.execute(text("SELECT pg_sleep(600)"))
    service.store.close()


def test_a_session_ended_by_an_administrator_is_one_sentence(served):
    house = served()
    service = house.service()
    with pytest.raises(ConnectorError, match="terminat"), service.store.begin() as tx:  # noqa: PT012 - what is asked within
        with psycopg.connect(house.database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        tx.sequence()
    assert service.deployments("reef")[0].number == 1
    service.store.close()
    house.outcome()
