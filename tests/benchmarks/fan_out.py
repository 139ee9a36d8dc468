"""Fan-out: one job packages a site in five languages, by one worker and by four, processes over PostgreSQL and Redis.

The command that does the same in one process, and reads the site once for all languages, stands beside one worker.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks import handoff
from tests.benchmarks.load import House
from tests.benchmarks.measure import Figure, Skipped, seconds_of
from tests.postgres import NoPostgres, Server, running_server
from tests.redis_server import RedisServer, running_redis
from tm_service.bootstrap import open_service
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.service import Service
from tm_service.settings import read_settings

TEXTS, MANY = 5_000, 4
KNOWN = {"ar": 2_000, "es": 3_000, "fr": 1_000, "ru": 1_500, "zh": 2_500}  # of these; languages are not equally behind
_RUNS = 3
_WARM = "texts/page4{number}.json"  # what workers do first, as those do that have been at work for a while
_PATIENCE = 600  # seconds
_READY = "the worker hears of jobs"


def fan_out(folder: Path) -> Iterator[Figure]:
    """Raises Skipped."""
    handoff.texts(folder, TEXTS, KNOWN)
    try:
        with running_server() as postgres, running_redis() as redis:
            commanded = [_commanded(_house(folder / f"command-{run}", postgres, redis)) for run in range(_RUNS)]
            took = {
                workers: median(
                    _worked(_house(folder / f"{workers}-{run}", postgres, redis), workers) for run in range(_RUNS)
                )
                for workers in (1, MANY)
            }
    except NoPostgres as reason:
        raise Skipped(str(reason)) from reason
    note = f"{len(KNOWN)} languages, {TEXTS - max(KNOWN.values()):,} to {TEXTS - min(KNOWN.values()):,} units"
    yield Figure("package, one worker", took[1], "s", "", "the command, in one process", median(commanded), note)
    yield Figure(f"package, {MANY} workers", took[MANY], "s", "0.59 of one", "one worker", took[1])
    yield Figure(f"package, times as fast by {MANY}", took[1] / took[MANY], "times", "1.7 times")


def _house(root: Path, postgres: Server, redis: RedisServer) -> House:
    """A house that has learned what the site has, and has an index of it."""
    said = {"TM_SERVICE_HOME": str(root), "TM_SERVICE_DATABASE": postgres.create(), "TM_SERVICE_BROKER": redis.url}
    root.mkdir()
    house = House(root, said)
    house.command("site", "add", root.parent / "sites.toml")
    house.command("learn", "reef")
    house.command("memory", "stats")
    return house


def _commanded(house: House) -> float:
    return seconds_of(lambda: house.command("package", "reef", "--out", house.root))


def _worked(house: House, workers: int) -> float:
    """Seconds from when the job was asked for until it was done, by so many workers that wait for it."""
    service = open_service(read_settings(house.root, house.said))
    with ExitStack() as stack:
        logs = []
        for number in range(workers):
            place = house.root / f"worker-{number}"
            place.mkdir()
            logs.append(stack.enter_context(House(place, house.said).running("worker"))[1])
        _until(lambda: all(_READY in log.read_text("utf-8") for log in logs))
        for number in range(MANY):
            _done(service, only=_WARM.format(number=number))
        took = _done(service)
    service.store.close()
    return took


def _done(service: Service, **arguments: object) -> float:
    asked = service.jobs.ask(JobKind.PACKAGE, "reef", arguments, by="Ana")
    _until(lambda: service.jobs.find(asked.id).is_over)
    done = service.jobs.find(asked.id)
    if done.status is not JobStatus.DONE or len(done.effects) < len(KNOWN) or done.ended is None:
        raise RuntimeError(f"The job is {done.status}: {done.error}")
    return (done.ended - done.asked).total_seconds()


def _until(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not look():
        if time.monotonic() > deadline:
            raise RuntimeError("The workers take too long.")
        time.sleep(0.1)
