"""Packages and analyses of several locales are done by several workers at once, and whoever asked waits for one job."""

import json
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from tests.processes import PATIENCE
from tests.worker.conftest import HOME
from tm_service.domain.errors import ConnectorError
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.worker import runner, tasks
from tm_service.worker.fenced import Progress
from tm_service.worker.runner import Worker

LOCALES = ("ar", "fr")


def ask(house, kind=JobKind.PACKAGE, **arguments: object):
    return house.service.jobs.ask(kind, house.name, arguments, by="Ana")


def find(house, job):
    return house.service.jobs.find(job.id)


def refused(monkeypatch, locale, *errors: Exception):
    """Attempts at the part of this locale that end with these errors, and then as they would."""
    left, real = list(errors), tasks.done

    def done(service, job, tell):
        if job.lane == locale and left:
            raise left.pop(0)
        return real(service, job, tell)

    monkeypatch.setattr(runner, "done", done)


def test_each_locale_is_a_part_and_the_answer_is_one(house, worker):
    job = ask(house, due="2026-03-01", profile="omegat")
    assert worker.run_next().status is JobStatus.RUNNING
    parted = find(house, job)
    assert [(part.lane, part.arguments["locales"], part.arguments["due"]) for part in parted.parts] == [
        (locale, [locale], "2026-03-01") for locale in LOCALES
    ]
    assert (parted.done, parted.total, parted.worker) == (0, 2, "")
    worker.run(until_idle=True)
    done = find(house, job)
    packages = house.service.handoffs.packages(house.name)
    assert (done.status, done.done, done.total) == (JobStatus.DONE, 2, 2)
    assert done.result == {"packages": [package.id for package in reversed(packages)]}
    assert [effect.details["package"] for effect in done.effects] == done.result["packages"]
    assert {(package.locale, package.profile, len(package.work)) for package in packages} == {
        ("ar", "omegat", 2),
        ("fr", "omegat", 2),
    }
    assert [one.id for one in house.service.jobs.listed(house.name)] == [job.id]


def test_one_locale_is_one_job(house, worker):
    job = ask(house, locales=["fr", "fr"])
    worker.run_next()
    assert (find(house, job).status, find(house, job).parts) == (JobStatus.DONE, ())


def test_all_parts_are_of_one_revision_whatever_comes_meanwhile(house, worker):
    job = ask(house)
    worker.run_next()
    worker.run_next()
    house.write({HOME: {"lead": "Gather the cones of every tree"}})
    worker.run(until_idle=True)
    packages = house.service.handoffs.packages(house.name)
    assert len({package.revision for package in packages}) == 1
    assert [len(package.work) for package in packages] == [2, 2]
    assert find(house, job).status is JobStatus.DONE


def test_workers_are_at_the_parts_at_once_and_at_nothing_else_of_the_site(house, worker, monkeypatch):
    both, real, seen = Barrier(2), tasks.done, []

    def done(service, job, tell):
        if job.parent:
            both.wait(PATIENCE)
            with house.store.begin() as tx:
                seen.append(tx.take_job("a third", house.service.clock(), timedelta(hours=1), tuple(JobKind)))
        return real(service, job, tell)

    monkeypatch.setattr(runner, "done", done)
    job, deploys = ask(house), ask(house, JobKind.DEPLOY)
    worker.run_next()
    workers = [Thread(target=replace(worker, name=name).run_next) for name in ("one", "two")]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(PATIENCE)
    assert seen == [None, None]
    assert find(house, job).status is JobStatus.DONE
    worker.run(until_idle=True)
    assert find(house, deploys).status is JobStatus.DONE


def test_workers_hear_of_each_part(house):
    heard = []
    told = replace(house.service, hint=lambda job: heard.append(job.lane))
    job = told.jobs.ask(JobKind.PACKAGE, house.name, {}, by="Ana")
    Worker(told, "one", lease=timedelta(hours=1)).run_next()
    assert heard == ["", *LOCALES]
    assert find(house, job).total == len(LOCALES)


def test_a_part_that_may_pass_is_tried_again_by_itself(house, worker, monkeypatch):
    refused(monkeypatch, "ar", ConnectorError("The disk is full."))
    job = ask(house)
    for _ in range(3):
        worker.run_next()
    waits = find(house, job)
    assert (waits.status, waits.done) == (JobStatus.RUNNING, 1)
    assert [(part.status, part.tries, part.error) for part in waits.parts] == [
        (JobStatus.WAITING, 1, "The disk is full."),
        (JobStatus.DONE, 0, ""),
    ]
    house.repository.clock.now += timedelta(minutes=5)
    worker.run(until_idle=True)
    assert (find(house, job).status, len(find(house, job).result["packages"])) == (JobStatus.DONE, 2)


def test_one_that_fails_is_named_and_asked_again_only_it_is_done(house, worker, monkeypatch):
    refused(monkeypatch, "ar", ZeroDivisionError())
    job = ask(house)
    worker.run(until_idle=True)
    failed = find(house, job)
    assert failed.status is JobStatus.FAILED
    assert failed.error == "ar: The program failed (ZeroDivisionError); its log says where. Done: fr."
    assert failed.result == {"problem": "ZeroDivisionError"}
    assert [effect.details["package"] for effect in failed.effects] == ["garden-1-fr"]
    house.service.jobs.ask_again(job.id)
    worker.run(until_idle=True)
    assert find(house, job).result == {"packages": ["garden-2-ar", "garden-1-fr"]}
    assert len(house.service.handoffs.packages(house.name)) == 2


def test_taken_back_what_is_done_stays_and_the_rest_is_not_done(house, worker):
    job = ask(house)
    worker.run_next()
    worker.run_next()
    assert house.service.jobs.cancel(job.id).status is JobStatus.CANCELLED
    worker.run(until_idle=True)
    found = find(house, job)
    assert (found.status, found.error) == (JobStatus.CANCELLED, "fr: Cancelled. Done: ar.")
    assert [package.locale for package in house.service.handoffs.packages(house.name)] == ["ar"]


def test_taken_back_while_all_parts_run_none_changes_anything(house, worker, monkeypatch):
    real = tasks.done

    def cancelled_meanwhile(service, job, tell):
        if job.lane == "ar":
            asked = house.service.jobs.cancel(job.parent)
            assert (asked.status, asked.cancelling) == (JobStatus.RUNNING, True)
        return real(service, job, tell)

    monkeypatch.setattr(runner, "done", cancelled_meanwhile)
    job = ask(house)
    worker.run(until_idle=True)
    assert find(house, job).status is JobStatus.CANCELLED
    assert house.service.handoffs.packages(house.name) == []


def test_taken_back_before_it_is_parted_it_has_no_parts(house, worker, monkeypatch):
    real = tasks.done

    def cancelled_meanwhile(service, job, tell):
        made = real(service, job, tell)
        house.service.jobs.cancel(job.id)
        return made

    monkeypatch.setattr(runner, "done", cancelled_meanwhile)
    job = ask(house)
    assert worker.run_next().status is JobStatus.CANCELLED
    assert find(house, job).parts == ()
    assert worker.run_next() is None


def test_a_worker_that_ends_gives_back_its_part_and_not_what_it_parted(house, worker):
    job = ask(house)
    parted = worker.run_next()
    worker.at[job.id] = replace(parted, worker=worker.name)
    assert worker.give_back() == []
    assert find(house, job).status is JobStatus.RUNNING


def test_what_was_parted_is_not_parted_again_where_nobody_heard_that_it_was(house, worker):
    """The answer to a commit was lost: the worker notes it again, and workers are at the parts already."""
    ask(house)
    with house.store.begin() as tx:
        taken = tx.take_job(worker.name, house.service.clock(), worker.lease, tuple(JobKind))
    result = tasks.done(worker._fenced(taken, Progress()), taken, lambda _done, _total: None)
    worker._save(result, taken)
    with house.store.begin() as tx:
        part = tx.take_job("two", house.service.clock(), worker.lease, tuple(JobKind))
    with pytest.raises(runner.LostLease):
        worker._save(result, taken)
    assert find(house, part) == part


def test_analyses_are_parted_and_joined_as_they_are_told(house, worker):
    house.write({f"i18n/fr/{HOME}": {"lead": "Récoltez les graines de chaque plante"}})
    job = ask(house, JobKind.ANALYSE)
    worker.run(until_idle=True)
    found = find(house, job).result["locales"]
    assert list(found) == list(LOCALES)
    for locale in LOCALES:
        told = house.service.memories.analyse(house.name, locale).document
        assert found[locale].pop("job")["target"] == locale
        assert found[locale] == {name: said for name, said in json.loads(json.dumps(told)).items() if name != "job"}
    assert house.translations() == [], "an analysis learns nothing"
    one = ask(house, JobKind.ANALYSE, locales=["fr", "fr"])
    worker.run(until_idle=True)
    (told,) = find(house, one).result["locales"].values()
    assert {name: told[name] for name in found["fr"]} == found["fr"]


@pytest.mark.parametrize("kind", [JobKind.PACKAGE, JobKind.ANALYSE])
def test_a_locale_that_the_site_has_not_is_said_once(house, worker, kind):
    job = ask(house, kind, locales=["fr", "de"])
    assert worker.run_next().status is JobStatus.FAILED
    assert find(house, job).error == "Site garden has no locale de; it has ar, fr."
