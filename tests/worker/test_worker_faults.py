"""A worker killed with kill -9 at every step: the next one finishes its work, and nothing is lost or done twice."""

import json
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.houses import FRENCH, TOML, House, build, fill
from tests.worker.deaths import NEVER, along, between, work
from tm_service.bootstrap import open_service
from tm_service.domain.jobs import JobStatus
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def walked(tmp_path_factory):
    """The first release is served, the second has come; one package is out, its translations have come back."""
    house = House(tmp_path_factory.mktemp("walked") / "house")
    build(house.site)
    house.toml.write_text(TOML, "utf-8")
    house.ask("site", "add", house.toml)
    house.ask("learn", "reef", "--history")
    house.ask("deploy", "reef", "--ref", "r1")
    (package,) = house.packages("--locale", "fr")
    fill(package, FRENCH).rename(house.root / "returned.xlf")
    return house


def ask(house, kind):
    if kind == "take-in":
        return house.ask("jobs", "take-in", house.root / "returned.xlf")["job"]
    if kind == "package in parts":
        house.ask("packages", "cancel", "reef-1-fr")
        return house.ask("jobs", "ask", "package", "reef")["job"]
    arguments = {"locales": ["ar"]} if kind == "package" else {}
    return house.ask("jobs", "ask", kind, "reef", "--arguments", json.dumps(arguments))["job"]


def outcome(house, job_id):
    """What came of a job, and of everything that people would see of it."""
    service = open_service(read_settings(house.home, {}))
    later = replace(service, clock=lambda: datetime.now(UTC) + timedelta(hours=2))
    Worker(later, "the next").run(until_idle=True)
    job = service.jobs.find(job_id)
    assert job.status is JobStatus.DONE, job
    packages = [(one.locale, one.status, len(one.work)) for one in service.handoffs.packages("reef")]
    deployments = service.deployments("reef")
    served = service.catalogs("reef", deployments[0].number)
    with service.store.read() as tx:
        pairs = tx.memory_size()
    return job, (packages, len(deployments), sorted(served), pairs, [one.coverage for one in deployments])


@pytest.mark.parametrize("kind", ["learn", "package", "package in parts", "take-in", "deploy"])
def test_killed_at_every_step_nothing_is_lost_or_done_twice(walked, tmp_path, kind):
    whole = walked.copied(tmp_path / "whole")
    job_id = ask(whole, kind)
    counted = walked.copied(tmp_path / "counted")
    ask(counted, kind)
    code, commits = work(whole, "before", NEVER)
    assert (code, commits > 1) == (0, True)
    code, statements = work(counted, "statement", NEVER)
    assert code == 0
    _, expected = outcome(whole, job_id)
    attempts = set()
    for place, (when, number) in enumerate([*between(commits), *along(statements)]):
        house = walked.copied(tmp_path / f"killed-{place}")
        job_id = ask(house, kind)
        assert work(house, when, number)[0] == -signal.SIGKILL
        job, found = outcome(house, job_id)
        assert found == expected, (when, number)
        attempts.add(max(one.attempt for one in (job, *job.parts)))
    assert attempts == {1, 2}
