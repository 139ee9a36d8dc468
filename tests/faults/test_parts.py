"""Packages that several processes make at once: killed, or all asked at the same moment, each text goes out once."""

import os
import signal
import subprocess

import pytest

from tests.faults.houses import SITE
from tests.faults.test_postgres_restarts import begun, held_up
from tests.faults.test_together import houses  # noqa: F401 - a fixture
from tests.processes import PATIENCE, until
from tm_service.domain.jobs import JobKind, JobStatus

pytestmark = pytest.mark.slow
WORKERS = 3


def work_in_both(house):
    """A house in which both languages have work."""
    service = house.service()
    for package in service.handoffs.packages(SITE, open_only=True):
        service.handoffs.cancel(package.id)
    service.store.close()
    return house


def asked(house):
    service = house.service()
    job = service.jobs.ask(JobKind.PACKAGE, SITE, {}, by="Ana")
    service.store.close()
    return job.id


def ended(*processes: subprocess.Popen):
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        process.communicate(timeout=PATIENCE)


def undisturbed(house):
    (job,) = house.finished(asked(house))
    assert (job.status, len(job.result["packages"])) == (JobStatus.DONE, 2)
    return house.outcome()


def test_commands_that_package_at_once_share_the_work(houses):  # noqa: F811 - the fixture
    expected = undisturbed(work_in_both(houses()))
    house = work_in_both(houses())
    commands = [begun(house, "package", SITE, "--out", house.root, "--json") for _ in range(2)]
    assert [command.communicate(timeout=PATIENCE) and command.returncode for command in commands] == [0, 0]
    packages, coverage, pairs = house.outcome()
    assert sorted(packages) == sorted(expected[0])
    assert (coverage, pairs) == expected[1:]


def test_a_worker_that_is_killed_over_its_part_leaves_it_to_another(houses):  # noqa: F811 - as above
    expected = undisturbed(work_in_both(houses()))
    house = work_in_both(houses())
    job, service = asked(house), house.service()
    workers = [begun(house, "worker") for _ in range(WORKERS)]
    try:

        def at_a_part():
            return [part.worker for part in service.jobs.find(job).parts if part.worker]

        name = until(at_a_part)[0]
        os.kill(int(name.split("/")[1]), signal.SIGKILL)
        until(lambda: any(part.status is JobStatus.DONE for part in service.jobs.find(job).parts))
    finally:
        ended(*workers)
    (found,) = house.finished(job)
    assert (found.status, len(found.result["packages"])) == (JobStatus.DONE, 2)
    packages, coverage, pairs = house.outcome()
    assert sorted(packages) == sorted(expected[0])
    assert (coverage, pairs) == expected[1:]


def test_a_worker_that_is_killed_while_it_hands_off_changed_nothing(served):
    house = work_in_both(served())
    job, service = asked(house), house.service()
    with held_up(house, "package_file") as wait:
        worker = begun(house, "worker")
        wait()
        worker.kill()
        worker.communicate()
        (part,) = [part for part in service.jobs.find(job).parts if part.worker]
    assert service.handoffs.packages(SITE, open_only=True) == []
    (found,) = house.finished(job)
    assert (found.status, found.lost, len(found.result["packages"])) == (JobStatus.DONE, 0, 2)
    assert service.jobs.find(part.id).lost == 1
    house.outcome()
