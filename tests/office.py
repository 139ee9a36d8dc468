"""An office in tests: a house whose commands are real processes, over PostgreSQL and Redis."""

import json
import os
import signal
import subprocess
from contextlib import contextmanager

import pytest

from tests.cli.houses import SCRIPT, TOML, Answer, House, build
from tests.postgres import NoPostgres, running_server
from tests.processes import PATIENCE, until


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
        done = subprocess.run(
            words, cwd=self.root, capture_output=True, check=False, env=self.environment, timeout=5 * PATIENCE
        )
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
        def look():
            found = {job["job"]: job for job in self.command("jobs", "list").document["jobs"]}
            return [found[job] for job in jobs] if all(found[job]["status"] == "done" for job in jobs) else []

        return until(look, lambda: f"{self.command('jobs', 'list').out}\n{self.log('worker')}")


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
