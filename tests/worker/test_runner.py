"""A worker does what was asked, once, whoever else believes to be at it; what cannot be done is a person's."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from tests.fakes import SITE
from tests.laws.world import answered
from tests.processes import PATIENCE, until
from tests.worker.conftest import HOME
from tm_service.domain.errors import ConnectorError
from tm_service.domain.jobs import JobKind, JobStatus, LostLease
from tm_service.worker import runner, tasks
from tm_service.worker.fenced import Progress
from tm_service.worker.runner import Worker


def ask(house, kind, **arguments: object):
    return house.service.jobs.ask(kind, house.name, arguments, by="Ana")


def failing(monkeypatch, *errors: Exception):
    """Attempts that end with these errors, and then as they would."""
    left, real = list(errors), tasks.done

    def done(service, job, tell):
        if left:
            raise left.pop(0)
        return real(service, job, tell)

    monkeypatch.setattr(runner, "done", done)


def test_nothing_to_do_is_nothing_done(worker):
    assert worker.run_next() is None


def test_a_job_is_done_and_says_what_it_came_to(house, worker):
    asked = ask(house, JobKind.DEPLOY)
    done = worker.run_next()
    assert (done.id, done.status, done.attempt) == (asked.id, JobStatus.DONE, 1)
    assert done.result == {"deployments": [{"site": house.name, "deployment": 1}]}
    found = house.service.jobs.find(asked.id)
    assert found.result == done.result
    assert [effect.details["deployment"] for effect in found.effects] == [1]
    assert house.service.deployments(house.name)[0].number == 1
    assert worker.run_next() is None
    with house.store.read() as tx:
        (line,) = tx.audit(house.name)
    assert (line.entry.verb, line.caller.name, line.caller.door) == ("deploy", "Ana", "worker")
    assert line.caller.request == asked.id


def test_the_whole_walk_by_jobs(house, worker):
    ask(house, JobKind.DEPLOY)
    ask(house, JobKind.PACKAGE, locales=["fr"])
    ask(house, JobKind.SEND)
    worker.run(until_idle=True)
    jobs = house.service.jobs.listed(house.name)
    assert {job.status for job in jobs} == {JobStatus.DONE}
    (package_id,) = next(job.result["packages"] for job in jobs if job.kind is JobKind.PACKAGE)
    name, content = house.service.handoffs.file(package_id)
    returned = house.service.jobs.ask_take_in(name, answered(content, lambda _place: 0), by="Marie")
    worker.run(until_idle=True)
    assert house.service.jobs.find(returned.id).result["package"] == package_id
    ask(house, JobKind.LEARN, history=True)
    ask(house, JobKind.DEPLOY)
    worker.run(until_idle=True)
    catalog = json.loads(house.service.catalogs(house.name, 2)[f"i18n/fr/{HOME}"])
    assert catalog["lead"] != "Gather the seeds of every plant"


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (JobKind.DEPLOY, lambda house: len(house.service.deployments(house.name))),
        (JobKind.PACKAGE, lambda house: len(house.service.handoffs.packages(house.name))),
    ],
)
def test_an_effect_whose_end_was_never_noted_is_not_made_twice(house, worker, kind, count):
    ask(house, kind, **({"locales": ["fr"]} if kind is JobKind.PACKAGE else {}))
    with house.store.begin() as tx:
        first = tx.take_job("lost", house.service.clock(), timedelta(minutes=1), tuple(JobKind))
    result = tasks.done(worker._fenced(first, Progress()), first, lambda _done, _total: None)
    made = count(house)
    assert made
    house.repository.clock.now += timedelta(hours=2)
    again = worker.run_next()
    assert (again.status, again.attempt, again.lost) == (JobStatus.DONE, 2, 1)
    assert (again.result, count(house)) == (result, made)


def test_who_lost_the_lease_changes_nothing(house, worker):
    ask(house, JobKind.DEPLOY)
    with house.store.begin() as tx:
        late = tx.take_job("late", house.service.clock(), timedelta(minutes=1), tuple(JobKind))
    house.repository.clock.now += timedelta(hours=2)
    assert worker.run_next().status is JobStatus.DONE
    with pytest.raises(LostLease):
        tasks.done(worker._fenced(late, Progress()), late, lambda _done, _total: None)
    assert len(house.service.deployments(house.name)) == 1


def test_a_return_taken_in_twice_counts_once(house, worker):
    ask(house, JobKind.PACKAGE, locales=["fr"])
    worker.run_next()
    (package,) = house.service.handoffs.packages(house.name)
    name, content = house.service.handoffs.file(package.id)
    full = answered(content, lambda _place: 0)
    results = []
    for _ in range(2):
        asked = house.service.jobs.ask_take_in(name, full, by="Marie")
        worker.run_next()
        results.append(house.service.jobs.find(asked.id).result)
    assert results[0] == results[1]
    assert len(house.translations("fr")) == len(package.work)


def test_a_file_that_is_no_return_is_answered(house, worker):
    asked = house.service.jobs.ask_take_in("photo.xlf", b"not a package", by="Marie")
    worker.run_next()
    found = house.service.jobs.find(asked.id)
    assert found.status is JobStatus.DONE
    assert found.result["rejected"]


def test_what_may_pass_is_tried_again_later(house, worker, monkeypatch):
    failing(monkeypatch, ConnectorError("The store is down."))
    asked = ask(house, JobKind.DEPLOY)
    waits = worker.run_next()
    assert (waits.status, waits.error, waits.tries) == (JobStatus.WAITING, "The store is down.", 1)
    assert waits.due > waits.asked
    house.repository.clock.now += timedelta(minutes=5)
    assert worker.run_next().status is JobStatus.DONE
    assert house.service.jobs.find(asked.id).error == ""


def test_a_closed_gate_is_a_persons(house, worker):
    house.site = replace(SITE, content=(replace(SITE.content[0], parity=True),))
    house.write({f"i18n/fr/{HOME}": {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    house.write({HOME: {"lead": "Gather the seeds of every tree", "hint": "Water the young plants"}})
    asked = ask(house, JobKind.DEPLOY)
    assert worker.run_next().status is JobStatus.FAILED
    found = house.service.jobs.find(asked.id)
    assert "The gate is closed" in found.error
    assert house.service.jobs.ask_again(asked.id).status is JobStatus.WAITING
    assert worker.run_next().status is JobStatus.FAILED


def test_a_fault_of_ours_is_named_without_its_words(house, worker, monkeypatch, caplog):
    failing(monkeypatch, ZeroDivisionError("secret"))
    asked = ask(house, JobKind.DEPLOY)
    worker.run_next()
    found = house.service.jobs.find(asked.id)
    assert found.status is JobStatus.FAILED
    assert found.error == "The program failed (ZeroDivisionError); its log says where."
    assert "ZeroDivisionError" in caplog.text


def test_a_job_taken_back_while_it_runs_changes_nothing(house, worker, monkeypatch):
    real = tasks.done

    def cancelled_meanwhile(service, job, tell):
        house.service.jobs.cancel(job.id)
        return real(service, job, tell)

    monkeypatch.setattr(runner, "done", cancelled_meanwhile)
    asked = ask(house, JobKind.DEPLOY)
    assert worker.run_next().status is JobStatus.CANCELLED
    assert house.service.jobs.find(asked.id).status is JobStatus.CANCELLED
    assert house.service.deployments(house.name) == []


def test_the_lease_is_kept_while_work_goes_on_and_progress_is_seen(house, monkeypatch):
    """With a clock that tells the time."""
    service, over = replace(house.service, clock=lambda: datetime.now(UTC)), Event()
    monkeypatch.setattr(runner, "_BEATS", 600)

    def slow(_service, _job, tell):
        tell(3, 9)
        over.wait(PATIENCE)
        return {}

    monkeypatch.setattr(runner, "done", slow)
    asked = service.jobs.ask(JobKind.DEPLOY, house.name, {}, by="Ana")
    working = Thread(target=Worker(service, "one", lease=timedelta(minutes=1)).run_next)
    working.start()
    leases, found = set(), asked

    def kept():
        nonlocal found
        found = service.jobs.find(asked.id)
        leases.update({found.lease} - {None})
        return len(leases) >= 4 and found.total

    until(kept)
    assert (found.worker, found.attempt, found.done, found.total) == ("one", 1, 3, 9)
    over.set()
    working.join()
    assert service.jobs.find(asked.id).status is JobStatus.DONE


def test_a_store_that_is_down_is_asked_again(house, worker, monkeypatch):
    ask(house, JobKind.SEND)
    downs, real = [ConnectorError("The database is down."), RuntimeError("odd")] * 2, Worker.run_next
    monkeypatch.setattr(worker.stop, "wait", lambda _seconds: False)

    def run_next(self):
        if downs:
            raise downs.pop()
        return real(self)

    monkeypatch.setattr(Worker, "run_next", run_next)
    worker.run(nap=0.01, until_idle=True)
    assert [job.status for job in house.service.jobs.listed()] == [JobStatus.DONE]


def test_a_worker_that_is_told_to_end_ends(house, worker):
    working = Thread(target=worker.run, args=(0.01,))
    working.start()
    worker.stop.set()
    working.join(PATIENCE)
    assert not working.is_alive()
