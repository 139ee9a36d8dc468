"""Ending: told to end, a process finishes what it is at or gives it back; told again, it goes at once; nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.cli.houses import TOML, House, build
from tests.processes import PATIENCE, until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SLOW = ROOT / "tests/operating/slow_house.py"


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """A site that is known and not learned yet."""
    house = House(tmp_path_factory.mktemp("told") / "house")
    build(house.site)
    house.toml.write_text(TOML, "utf-8")
    house.ask("site", "add", house.toml)
    return house


@pytest.fixture
def house(told, tmp_path):
    return told.copied(tmp_path / "house")


@contextmanager
def running(house, *args: object, **environment: str):
    """A process of the slow house; killed at the end, if it has not ended by itself."""
    here = {"TM_SERVICE_HOME": str(house.home), "TM_SERVICE_LOG": "json", "PYTHONPATH": str(ROOT), **environment}
    with (house.root / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(SLOW), str(house.root), *map(str, args)],
            cwd=house.root,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **here},
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def begun(house, name="learn"):
    until((house.root / f"{name}.begun").exists, lambda: f"{name} did not begin: {log(house)}")


def log(house):
    lines = (house.root / "log").read_text("utf-8").splitlines()
    return [json.loads(line) if line.startswith("{") else {"event": line} for line in lines]


def ask(house):
    return house.ask("jobs", "ask", "learn", "reef")["job"]


def ended(process, code=0):
    assert process.wait(PATIENCE) == code


def finished_by_the_next(house, job):
    """What was given back is done by the next worker, and everything that was to come of it has come."""
    (house.root / "learn.go").touch()
    house.ask("worker", "--until-idle")
    found = house.ask("jobs", "show", job)
    assert (found["status"], found["attempt"], found["result"]) == ("done", 2, {"translations": 11})


def is_given_back(house, job):
    found = house.ask("jobs", "show", job)
    assert (found["status"], found["attempt"], found["lease"], found["worker"]) == ("waiting", 1, None, "")


def address(process):
    return json.loads(process.stdout.readline())["served"]


def test_a_worker_finishes_the_job_it_is_at(house):
    job = ask(house)
    with running(house, "worker", "--json") as worker:
        begun(house)
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert worker.poll() is None
        (house.root / "learn.go").touch()
        ended(worker)
        assert json.loads(worker.stdout.read()) == {"ended": True}
    found = house.ask("jobs", "show", job)
    assert (found["status"], found["attempt"]) == ("done", 1)


@pytest.mark.parametrize("how", ["grace", "again"])
def test_a_worker_gives_back_what_it_cannot_finish(house, how):
    job = ask(house)
    with running(house, "worker", TM_SERVICE_GRACE="1" if how == "grace" else "600") as worker:
        begun(house)
        worker.send_signal(signal.SIGTERM)
        if how == "again":
            time.sleep(0.5)
            worker.send_signal(signal.SIGTERM)
        ended(worker)
    is_given_back(house, job)
    assert [line["job"] for line in log(house) if "given back" in line["event"]] == [job]
    finished_by_the_next(house, job)


def test_a_server_that_does_jobs_gives_them_back_too(house):
    job = ask(house)
    with running(house, "serve", "--port", 0, "--json", TM_SERVICE_GRACE="1") as server:
        address(server)
        begun(house)
        server.send_signal(signal.SIGTERM)
        ended(server)
    is_given_back(house, job)
    finished_by_the_next(house, job)


def test_a_server_finishes_the_answers_under_way(house):
    with running(house, "serve", "--port", 0, "--json", "--workers", 0) as server:
        page, answers = address(server), []
        asking = Thread(target=lambda: answers.append(httpx.get(f"{page}slow", timeout=PATIENCE)))
        asking.start()
        begun(house, "answer")
        server.send_signal(signal.SIGTERM)
        until(lambda: refused(page), lambda: "it goes on taking requests")
        (house.root / "answer.go").touch()
        asking.join(PATIENCE)
        assert answers[0].status_code == 200
        ended(server)


def refused(page):
    try:
        httpx.get(f"{page}health/live", timeout=1)
    except httpx.ConnectError:
        return True
    except httpx.HTTPError:
        return False
    return False


def test_a_server_told_again_leaves_answers_where_they_are(house):
    with running(house, "serve", "--port", 0, "--json", "--workers", 0, TM_SERVICE_GRACE="600") as server:
        page, answers = address(server), []
        asking = Thread(target=lambda: answers.append(httpx.get(f"{page}slow", timeout=PATIENCE)))
        asking.start()
        begun(house, "answer")
        server.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert (server.poll(), answers) == (None, [])
        server.send_signal(signal.SIGTERM)
        asking.join(PATIENCE)
        assert [answer.status_code for answer in answers] == [500]
        (house.root / "answer.go").touch()  # the thread of an answer cannot be ended from outside
        ended(server)


def test_before_it_takes_no_more_a_server_says_that_it_is_not_ready(house):
    with running(house, "serve", "--port", 0, "--json", TM_SERVICE_DRAIN="600") as server:
        page = address(server)
        assert httpx.get(f"{page}health/ready").status_code == 200
        server.send_signal(signal.SIGTERM)
        until(lambda: httpx.get(f"{page}health/ready").status_code == 503, lambda: "it says that it is ready")
        assert httpx.get(f"{page}health/ready").json() == {"status": "ending"}
        assert httpx.get(f"{page}health/live").status_code == 200
        server.send_signal(signal.SIGTERM)
        ended(server)


def test_ctrl_c_does_not_wait_for_the_drain(house):
    with running(house, "serve", "--port", 0, "--json", TM_SERVICE_DRAIN="600") as server:
        address(server)
        server.send_signal(signal.SIGINT)
        ended(server)


@pytest.mark.parametrize("how", ["finished", "grace", "again"])
def test_a_worker_with_a_broker_ends_the_same_way(house, redis, how):
    job = ask(house)
    grace = {"TM_SERVICE_BROKER": redis.url, "TM_SERVICE_GRACE": "1" if how == "grace" else "600"}
    with running(house, "worker", **grace) as worker, running(house, "schedule", **grace) as schedule:
        begun(house)
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        if how == "finished":
            (house.root / "learn.go").touch()
        if how == "again":
            worker.send_signal(signal.SIGTERM)
        ended(worker)
        schedule.send_signal(signal.SIGTERM)
        ended(schedule)
    if how == "finished":
        assert house.ask("jobs", "show", job)["status"] == "done"
    else:
        is_given_back(house, job)
        finished_by_the_next(house, job)
    assert all("part" in line for line in log(house)), "a line that is no JSON of ours"
