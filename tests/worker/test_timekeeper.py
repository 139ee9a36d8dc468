"""What is done again and again: asked for once in its time, however many look, and done like any other job."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.people_verbs import PeopleVerbs
from tm_service.worker import timekeeper
from tm_service.worker.runner import Worker
from tm_service.worker.timekeeper import Timekeeper


@pytest.fixture
def service(house):
    """At one moment; a clock that goes on would come to the next slot."""
    now = house.service.clock()
    mails = PeopleVerbs(house.service.people, no_providers, house.service.exporter, lambda: None, (), lambda: now)
    return replace(house.service, clock=lambda: now, signing=lambda: mails)


def no_providers():
    raise AssertionError


def kinds(service):
    return sorted((job.kind, job.site) for job in service.jobs.listed())


def test_everybody_who_looks_asks_for_the_same(service):
    keepers = [Timekeeper(service) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Timekeeper.look, keepers))
    of_site = [(kind, "garden") for kind in (JobKind.REMIND, JobKind.SEND, JobKind.SYNC)]
    assert kinds(service) == sorted([*of_site, *((kind, "") for kind in (JobKind.DIGEST, JobKind.TIDY, JobKind.WARN))])


def test_a_worker_with_a_timekeeper_does_what_recurs(service):
    Worker(service, "test", timekeeper=Timekeeper(service)).run(until_idle=True)
    done = {job.kind: job for job in service.jobs.listed()}
    assert {job.status for job in done.values()} == {JobStatus.DONE}
    with service.reader("garden") as reader:
        assert done[JobKind.SYNC].result == {"revision": reader.connector.resolve("").id}
    assert done[JobKind.REMIND].result == {"deliveries": []}
    assert done[JobKind.TIDY].by == "system:schedule"


def test_the_next_slot_brings_the_next_job(service, monkeypatch):
    monkeypatch.setattr(timekeeper, "_EVERY", 0.0)
    keeper, now = Timekeeper(service), service.clock()
    keeper.look()
    keeper.look()
    assert len(service.jobs.listed()) == 6
    keeper.service = replace(service, clock=lambda: now + timedelta(minutes=15))
    keeper.look()
    assert kinds(service).count((JobKind.SYNC, "garden")) == 2


def test_a_worker_without_one_asks_for_nothing(service):
    Worker(service, "test").run(until_idle=True)
    assert service.jobs.listed() == []


def test_settings_that_cannot_be_read_keep_nobody_from_what_was_asked_for(service, caplog, monkeypatch):
    asked = service.jobs.ask(JobKind.TIDY, "", {}, by="Ana")
    house = replace(service, sites=unreadable)
    worker = Worker(house, "test", timekeeper=Timekeeper(house))
    monkeypatch.setattr(worker.stop, "wait", pytest.fail)
    worker.run(until_idle=True)
    assert service.jobs.find(asked.id).status is JobStatus.DONE
    assert "sites.toml cannot be read" in caplog.text


def test_who_cannot_read_the_settings_looks_again_later(service, monkeypatch):
    keeper = Timekeeper(replace(service, sites=unreadable))
    keeper.look()
    keeper.service = service
    keeper.look()
    assert service.jobs.listed() == []
    monkeypatch.setattr(timekeeper, "monotonic", lambda: keeper.next_look)
    keeper.look()
    assert {JobKind.TIDY, JobKind.SYNC} < {job.kind for job in service.jobs.listed()}


def unreadable():
    raise ConfigurationError("sites.toml cannot be read.")
