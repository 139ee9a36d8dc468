"""Workers that hear of jobs by a broker: real processes over PostgreSQL and Redis, whatever becomes of the broker."""

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest

from tests.cli.houses import SCRIPT, TOML, Answer, House, build
from tests.postgres import NoPostgres, running_server
from tests.redis_server import running_redis

pytestmark = pytest.mark.slow
PATIENCE = 120  # seconds, for machines that do much else


class Office(House):
    """A house whose commands are processes over PostgreSQL and Redis."""

    database: str
    broker: str

    @property
    def environment(self):
        here = {"TM_SERVICE_HOME": str(self.home), "TM_SERVICE_DATABASE": self.database}
        return {**os.environ, **here, "TM_SERVICE_BROKER": self.broker}

    def command(self, *args: object):
        words = [str(SCRIPT), *map(str, args), "--json"]
        done = subprocess.run(words, cwd=self.root, capture_output=True, check=False, env=self.environment, timeout=60)
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def running(self, *args: object):
        """A process that goes on until it is told to end."""
        with (self.root / f"{args[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(SCRIPT), *map(str, args)], cwd=self.root, stdout=log, stderr=log, env=self.environment
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log(self, name):
        return (self.root / f"{name}.log").read_text("utf-8", "replace")

    def ask(self, kind, **arguments: object):
        answer = self.command("jobs", "ask", kind, "reef", "--arguments", json.dumps(arguments))
        assert answer.code == 0, answer
        return answer.document["job"]

    def await_done(self, *jobs: str):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = {job["job"]: job for job in self.command("jobs", "list").document["jobs"]}
            if all(found[job]["status"] == "done" for job in jobs):
                return [found[job] for job in jobs]
            time.sleep(0.3)
        pytest.fail(f"{found}\n{self.log('worker')}", pytrace=False)


@pytest.fixture
def redis():
    with running_redis() as server:
        yield server


@pytest.fixture
def office(tmp_path, redis):
    made = Office(tmp_path / "office")
    build(made.site)
    made.toml.write_text(TOML, "utf-8")
    try:
        with running_server() as postgres:
            object.__setattr__(made, "database", postgres.create())
            object.__setattr__(made, "broker", redis.url)
            assert made.command("site", "add", made.toml).code == 0
            yield made
    except NoPostgres as reason:
        pytest.fail(str(reason), pytrace=False)


def test_hints_are_heard_and_the_walk_is_done_by_workers(office):
    with office.running("worker", "--threads", "2") as worker:
        office.await_done(office.ask("learn", history=True))
        (deployed,) = office.await_done(office.ask("deploy", ref="r1"))
        assert deployed["result"] == {"deployments": [{"site": "reef", "deployment": 1}]}
        packaged, sent = office.await_done(office.ask("package"), office.ask("send"))
        assert packaged["result"]["packages"]
        assert sent["result"] == {"deliveries": []}
        assert worker.poll() is None
    assert worker.returncode == 0
    assert "a job" not in office.command("jobs", "list", "--status", "failed").out


def test_a_broker_that_forgot_everything_loses_nothing(office, redis):
    """It is away while work is asked for, and comes back empty; what is due is found by the schedule."""
    redis.stop()
    asked = office.ask("deploy", ref="r1")
    redis.start()
    with office.running("worker"), office.running("schedule"):
        (job,) = office.await_done(asked)
        assert job["attempt"] == 1
        redis.stop()
        later = office.ask("package")
        redis.start()
        office.await_done(later)
    assert len(office.command("coverage", "reef").document["locales"]) == 2


def test_two_workers_share_the_work_and_do_each_job_once(office):
    with office.running("worker", "--threads", "2"), office.running("worker", "--threads", "2"):
        jobs = office.await_done(*[office.ask("learn") for _ in range(6)])
    assert {job["attempt"] for job in jobs} == {1}


def test_without_a_broker_there_is_no_schedule(office):
    object.__setattr__(office, "broker", "")
    answer = office.command("schedule")
    assert (answer.code, "set TM_SERVICE_BROKER" in answer.document["error"]) == (2, True)
