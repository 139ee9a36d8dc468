"""What happens to a job while an attempt at it runs: it is cancelled, given away, asked for again; the attempt has no say."""

from datetime import timedelta

import pytest

from connectors.git_commits import LONGEST_PUSH
from tests.worker.conftest import HOME
from tm_service.domain.errors import ConnectorError, InDoubt
from tm_service.domain.jobs import MOST_LOST, JobKind, JobStatus
from tm_service.usecases import learn
from tm_service.worker import runner, tasks
from tm_service.worker.runner import LEASE, Worker


@pytest.fixture
def other(house) -> Worker:
    return Worker(house.service, "two", lease=timedelta(hours=1))


@pytest.fixture
def asked(house):
    return house.service.jobs.ask(JobKind.SEND, house.name, {}, by="Ana")


@pytest.fixture
def attempts(monkeypatch):
    """Says what attempts do in place of their work, one after another."""

    def attempts(*does: object):
        left = list(does)

        def done(service, job, tell):
            return left.pop(0)(service, job, tell)

        monkeypatch.setattr(runner, "done", done)

    return attempts


def nothing(_service, _job, _tell):
    return {}


def ends(error, *meanwhile: object):
    """An attempt that ends with an error, after something else happened."""

    def attempt(_service, _job, tell):
        tell(3, 9)
        for happens in meanwhile:
            happens()
        raise error

    return attempt


def later(house, **by: int):
    house.repository.clock.now += timedelta(**by)


def callers(house, verb):
    with house.store.read() as tx:
        lines = [line for line in tx.audit(limit=1000) if line.entry.verb == verb]
    return [(line.caller.name, line.caller.kind, line.caller.door, line.caller.address) for line in lines]


# leases


def test_a_transaction_that_outlasts_the_lease_is_not_done_by_another_too(house, worker, other, asked, attempts):
    seen = []

    def slow(service, _job, _tell):
        with service.store.begin() as tx:
            tx.note(house.name, "deploy", {"deployment": 1}, service.clock())
            later(house, hours=3)
        seen.append(other.run_next())
        return {}

    attempts(slow, nothing)
    assert worker.run_next().status is JobStatus.DONE
    found = house.service.jobs.find(asked.id)
    assert (seen, found.attempt, found.lost, len(found.effects)) == ([None], 1, 0, 1)


def test_a_lease_is_longer_than_a_push():
    assert timedelta(seconds=1.5 * LONGEST_PUSH) < LEASE


# cancelled while it runs


@pytest.mark.parametrize("error", [ConnectorError("The host is away."), InDoubt("Look at it."), ZeroDivisionError()])
def test_a_job_taken_back_stays_so_however_its_attempt_ends(house, worker, asked, attempts, error):
    attempts(ends(error, lambda: house.service.jobs.cancel(asked.id)))
    made, found = worker.run_next(), house.service.jobs.find(asked.id)
    assert (made, found.cancelling, found.result) == (found, False, {})
    assert (found.status, found.done, found.total) == (JobStatus.CANCELLED, 3, 9)
    assert found.error
    later(house, days=1)
    assert worker.run_next() is None


def test_what_was_done_before_anybody_looked_is_done(house, worker, asked, attempts):
    def attempt(_service, job, _tell):
        house.service.jobs.cancel(job.id)
        return {"deliveries": []}

    attempts(attempt)
    found = worker.run_next()
    assert (found.status, found.cancelling, found.result) == (JobStatus.DONE, False, {"deliveries": []})
    assert house.service.jobs.find(asked.id) == found


def test_a_job_taken_back_whose_worker_ended_is_not_begun_again(house, worker, asked):
    with house.store.begin() as tx:
        tx.take_job("lost", house.service.clock(), timedelta(minutes=1), tuple(JobKind))
    house.service.jobs.cancel(asked.id)
    later(house, hours=2)
    assert worker.run_next() is None
    assert house.service.jobs.find(asked.id).status is JobStatus.CANCELLED


def test_a_job_taken_back_and_then_given_back_is_not_begun_again(house, worker, asked, attempts):
    def ending():
        house.service.jobs.cancel(asked.id)
        assert worker.give_back() == [asked.id]

    attempts(ends(ConnectorError("The host is away."), ending))
    worker.run_next()
    assert worker.run_next() is None
    assert house.service.jobs.find(asked.id).status is JobStatus.CANCELLED


# attempts that are over


def test_an_attempt_that_was_given_back_says_nothing_of_what_came_after(house, worker, asked, attempts):
    def given_back():
        worker.give_back()
        house.service.jobs.cancel(asked.id)

    attempts(ends(ConnectorError("The host is away."), given_back))
    worker.run_next()
    assert house.service.jobs.find(asked.id).status is JobStatus.CANCELLED


def test_a_slow_attempt_does_not_end_the_job_that_was_asked_for_again(house, worker, asked, attempts):
    slow = Worker(house.service, "slow", lease=timedelta(minutes=1))

    def outlives_its_lease(_service, job, _tell):
        assert job.attempt == MOST_LOST
        later(house, hours=1)
        assert worker.run_next() is None
        assert house.service.jobs.find(asked.id).status is JobStatus.FAILED
        house.service.jobs.ask_again(asked.id)
        return {}

    attempts(outlives_its_lease, nothing)
    for _ in range(MOST_LOST - 1):
        with house.store.begin() as tx:
            assert tx.take_job("lost", house.service.clock(), timedelta(minutes=1), tuple(JobKind))
        later(house, hours=1)
    slow.run_next()
    found = house.service.jobs.find(asked.id)
    assert (found.status, found.attempt) == (JobStatus.WAITING, MOST_LOST)
    assert worker.run_next().attempt == MOST_LOST + 1


# what is seen of it


def test_how_far_an_attempt_came_stays_to_be_seen_until_the_next_begins(house, worker, asked, attempts):
    def begins_anew(_service, job, _tell):
        found = house.service.jobs.find(job.id)
        assert (found.done, found.total) == (0, 0)
        return {}

    attempts(ends(ConnectorError("The host is away.")), begins_anew)
    worker.run_next()
    found = house.service.jobs.find(asked.id)
    assert (found.status, found.done, found.total) == (JobStatus.WAITING, 3, 9)
    later(house, hours=1)
    assert worker.run_next().status is JobStatus.DONE


def test_how_far_a_history_is_learned_is_seen_while_it_is_learned(house, worker, monkeypatch):
    """Though no beat comes through while it writes."""
    monkeypatch.setattr(learn, "_AT_ONCE", 1)
    for hint in ("Water in the evening", "Water in the morning", "Water at noon"):
        house.write({HOME: {"hint": hint}})
    asked, seen, real = house.service.jobs.ask(JobKind.LEARN, house.name, {"history": True}, by="Ana"), [], tasks.done

    def done(service, job, tell):
        def told(done, total):
            seen.append(house.service.jobs.find(asked.id).done)
            tell(done, total)

        return real(service, job, told)

    monkeypatch.setattr(runner, "done", done)
    found = worker.run_next()
    assert (found.status, found.done, seen) == (JobStatus.DONE, 4, [0, 1, 2, 3])


def test_the_journal_says_whose_job_failed_and_that_the_house_gave_one_up(house, worker, asked, attempts):
    attempts(ends(ZeroDivisionError()))
    worker.run_next()
    assert callers(house, "job failed") == [("Ana", "person", "worker", "one")]
    house.service.jobs.ask(JobKind.SEND, house.name, {}, by="Ben")
    for _ in range(MOST_LOST):
        with house.store.begin() as tx:
            assert tx.take_job("lost", house.service.clock(), timedelta(minutes=1), tuple(JobKind))
        later(house, hours=1)
    assert worker.run_next() is None
    assert callers(house, "job failed")[1:] == [("tm-service", "system", "worker", "one")]
