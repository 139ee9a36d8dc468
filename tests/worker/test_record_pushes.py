"""Deployments that are written back to a record store: one each, however many attempts it takes, and killed at every step."""

import signal
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.record_site import RecordSite
from tests.cli.houses import House
from tests.worker.deaths import NEVER, between, work
from tm_service.bootstrap import open_service
from tm_service.demo.records import records
from tm_service.domain.errors import ConnectorError
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.domain.records import Actor
from tm_service.settings import add_sites, read_settings
from tm_service.worker.runner import Worker

SITE = "wetlands"
SITES = """\
[site.wetlands]
connector  = "records"
repository = "local"
source     = "en"
locales    = ["ar", "es", "fr", "ru", "zh"]

[[site.wetlands.content]]
match     = "records/**/*.json"
extractor = "record"
target    = "{path}"
serve     = "keep-dated"
"""
KINDS = ("contact", "organization")  # no government's, so that translations of them are written back


@dataclass(frozen=True)
class Wetlands:
    """A house with records whose translations were learned, and are not in their store as they would be served."""

    house: House

    @property
    def service(self):
        return open_service(read_settings(self.house.home, {}))

    def ask(self):
        return self.service.jobs.ask(JobKind.DEPLOY, SITE, {"push": True}, by="Ana").id

    def written(self):
        """Documents of the store that are no longer as they were put there."""
        room = self.service.records()
        held = [(ref, document) for ref, document in records() if ref.kind in KINDS]
        return [ref for ref, document in held if room.published(ref).document != document]


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("wetlands") / "house")
    house.root.mkdir(exist_ok=True)
    house.toml.write_text(SITES, "utf-8")
    settings = read_settings(house.home, {})
    add_sites(settings, house.toml)
    service = open_service(settings)
    who = Actor("root", "", frozenset({"administrator"}))
    for ref, document in records():
        if ref.kind in KINDS:
            service.records().put(ref, document, based_on=0, by=who, why="first")
    service.learn(SITE)
    service.store.close()
    return Wetlands(house)


@pytest.fixture
def wetlands(filled, tmp_path):
    return Wetlands(filled.house.copied(tmp_path / "house"))


def done(service, asked):
    """What came of a job two hours later."""
    later = replace(service, clock=lambda: datetime.now(UTC) + timedelta(hours=2))
    Worker(later, "the next").run(until_idle=True)
    return service.jobs.find(asked)


def test_a_store_that_could_not_be_written_is_written_by_the_next_attempt(wetlands, monkeypatch):
    real = RecordSite.commit

    def away(*_told: object, **_named: object):
        monkeypatch.setattr(RecordSite, "commit", real)
        raise ConnectorError("The store is away.")

    monkeypatch.setattr(RecordSite, "commit", away)
    service, asked = wetlands.service, wetlands.ask()
    waits = Worker(service, "one").run_next()
    assert (waits.status, waits.error, wetlands.written()) == (JobStatus.WAITING, "The store is away.", [])
    found = done(service, asked)
    assert (found.status, found.attempt) == (JobStatus.DONE, 2)
    assert found.result == {"deployments": [{"site": SITE, "deployment": 1}]}
    (made,) = service.deployments(SITE)
    assert made.commit
    assert wetlands.written()


def test_what_was_written_back_is_not_written_again(wetlands, monkeypatch):
    service = wetlands.service
    service.deploy(SITE, push=True)
    monkeypatch.setattr(RecordSite, "commit", pytest.fail)
    service.write_back(SITE, 1)
    assert service.deployment(SITE, 1).commit


@pytest.mark.slow
def test_killed_at_every_step_there_is_one_deployment_and_it_is_written_back(wetlands, tmp_path):
    whole = Wetlands(wetlands.house.copied(tmp_path / "whole"))
    whole.ask()
    code, commits = work(whole.house, "before", NEVER)
    assert (code, commits > 1) == (0, True)
    expected, attempts = whole.written(), set()
    assert expected
    for when, number in between(commits):
        killed = Wetlands(wetlands.house.copied(tmp_path / f"{when}-{number}"))
        asked = killed.ask()
        assert work(killed.house, when, number)[0] == -signal.SIGKILL
        found = done(killed.service, asked)
        assert found.status is JobStatus.DONE, (when, number, found)
        made = killed.service.deployments(SITE)
        assert ([one.number for one in made], killed.written()) == ([1], expected), (when, number)
        assert made[0].commit, (when, number)
        attempts.add(found.attempt)
    assert attempts == {1, 2}
