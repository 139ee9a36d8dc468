"""Two, or sixteen, do something at the same moment: it ends as if they had come one after the other."""

import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import DATABASES
from tests.faults.houses import KINDS, SITE
from tests.faults.test_postgres_restarts import begun
from tests.processes import PATIENCE
from tm_service.domain.errors import ServiceError
from tm_service.domain.jobs import JobKind, JobStatus

pytestmark = pytest.mark.slow
MANY = 16
UNTIL = datetime.now(UTC) + timedelta(days=30)
WAIVED = ("ar", "texts/home.json", ("turtles",))


@pytest.fixture(params=DATABASES)
def houses(request, tmp_path):
    """Gives houses over one of the databases, each a new one."""
    if request.param == "postgresql":
        return request.getfixturevalue("served")
    first, made = request.getfixturevalue("embedded"), iter(range(1000))
    return lambda: first.copied(tmp_path / f"another-{next(made)}")


def at_once(house, *doings: Callable[..., object]) -> list[object]:
    """Each is done by somebody with a service of their own, all beginning at the same moment; what each came to."""
    start, services = threading.Barrier(len(doings)), [house.service() for _ in doings]

    def done(doing, service):
        start.wait(PATIENCE)
        try:
            return doing(service)
        except ServiceError as error:
            return error

    with ThreadPoolExecutor(len(doings)) as pool:
        results = list(pool.map(done, doings, services))
    for service in services:
        service.store.close()
    return results


def test_a_return_that_comes_sixteen_times_at_once_counts_once(houses):
    house = houses()
    name, content = house.returned.name, house.returned.read_bytes()
    receipts = at_once(house, *[lambda service: service.take_in(name, content)] * MANY)
    assert sorted(receipt.repeated for receipt in receipts) == [False] + [True] * (MANY - 1)
    assert len({(receipt.package, receipt.digest, receipt.accepted, receipt.at) for receipt in receipts}) == 1
    assert [line.entry.verb for line in house.service().audit.listed(SITE)].count("take in") == 1
    house.outcome()


def test_packages_that_are_made_at_once_share_the_work(houses):
    house = houses()
    made = at_once(house, *[lambda service: service.package(SITE)] * 8)
    assert [error for error in made if isinstance(error, ServiceError)] == []
    assert sorted(package.locale for result in made for package, _, _ in result) == ["ar"]
    house.outcome()


def test_one_key_is_one_job(houses):
    house = houses()
    asked = at_once(house, *[lambda service: house.asked("take-in", service)] * MANY)
    assert len(set(asked)) == 1
    assert len(house.service().jobs.listed()) == 1
    house.finished(*asked[:1])
    house.outcome()


def test_workers_that_start_together_do_each_job_once(houses):
    house = houses()
    service = house.service()
    jobs = [service.jobs.ask(JobKind.LEARN, SITE, {}, by="Ana").id for _ in range(2)]
    jobs += [house.asked(kind, service) for kind in KINDS]
    workers = [begun(house, "worker", "--until-idle", "--threads", "4") for _ in range(2)]
    assert [worker.communicate(timeout=PATIENCE) and worker.returncode for worker in workers] == [0, 0]
    found = house.finished(*jobs)
    assert [(job.status, job.attempt, job.lost) for job in found] == [(JobStatus.DONE, 1, 0)] * len(jobs)
    house.outcome()


def test_an_address_that_is_invited_by_many_at_once_has_one_account(houses):
    house = houses()
    made = at_once(house, *[lambda service: service.people().invite("ines@example.org", "Ines", "fr")] * 8)
    refused = [one for one in made if isinstance(one, ServiceError)]
    assert len(made) - len(refused) == 1
    assert len({str(error) for error in refused}) == 1
    house.outcome()


def test_first_keys_that_are_made_at_once_are_one_key(houses):
    house = houses()
    shutil.rmtree(house.home / "keys")
    secrets = at_once(house, *[lambda service: service.secret()] * MANY)
    assert len(set(secrets)) == 1
    shutil.rmtree(house.home / "keys")
    seals = at_once(house, *[lambda service: service.exporter.keys.current().id] * MANY)
    assert len(set(seals)) == 1
    assert [path.name for path in (house.home / "keys" / "packages").iterdir()] == ["seal-0001.pem"]


def test_keys_that_are_rotated_at_once_all_stay_good(houses):
    house = houses()
    rotated = at_once(house, *[lambda service: service.handoffs.rotate_key()] * 8)
    assert not [error for error in rotated if isinstance(error, ServiceError)]
    assert set(rotated) <= set(house.service().exporter.keys.verifiers())
    house.outcome()


def test_two_files_of_sites_that_are_added_at_once_are_both_known(embedded):
    text = embedded.toml.read_text("utf-8")
    files = [embedded.root / f"more-{number}.toml" for number in range(3)]
    for number, file in enumerate(files):
        file.write_text(text.replace("reef", f"reef{number}"), "utf-8")
    both = [begun(embedded, "site", "add", file, "--json") for file in files]
    assert [process.communicate(timeout=PATIENCE) and process.returncode for process in both] == [0] * len(files)
    known = {site["name"] for site in embedded.ask("site", "list")["sites"]}
    assert known == {SITE, "reef0", "reef1", "reef2"}
    embedded.outcome()


DOINGS: dict[str, Callable[..., Callable[..., object]]] = {
    "deploy": lambda _house: lambda service: service.deploy(SITE),
    "rollback": lambda _house: lambda service: service.rollback(SITE, 1),
    "package": lambda _house: lambda service: service.package(SITE, locales=("ar",)),
    "take in": lambda house: lambda service: service.take_in(house.returned.name, house.returned.read_bytes()),
    "learn": lambda _house: lambda service: service.learn(SITE, history=True),
    "waive": lambda _house: lambda service: service.waive(SITE, *WAIVED, by="Ana", reason="new", until=UNTIL),
}


def replayed(house, verbs: Sequence[str]) -> object:
    """What the house comes to when these things are done one after the other."""
    service = house.service()
    for verb in verbs:
        DOINGS[verb](house)(service)
    service.store.close()
    return house.outcome()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=st.lists(st.sampled_from(sorted(DOINGS)), min_size=4, max_size=MANY))
def test_whatever_is_done_at_once_ends_as_if_one_came_after_the_other(houses, doings):
    """The journal says in which order: done again in that order, one by one, the house is the same."""
    house = houses()
    before = len(house.service().audit.listed(SITE, most=1000))
    results = at_once(house, *[DOINGS[doing](house) for doing in doings])
    assert [error for error in results if isinstance(error, Exception)] == []
    verbs = [line.entry.verb for line in house.service().audit.listed(SITE, most=1000)][before:]
    found = house.outcome()
    silent = sorted({"learn"} & set(doings))
    assert replayed(houses(), [*silent, *verbs]) == found or replayed(houses(), [*verbs, *silent]) == found
