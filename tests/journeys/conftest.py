"""Houses for journeys: as one is begun with, and as one is run where a worker dies at its work."""

import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.askers import Asker, first, joined, served
from tests.cli.houses import TOML, build, own_git  # noqa: F401 - a fixture
from tests.journeys import mortal
from tests.office import Office
from tests.postgres import NoPostgres, running_server
from tests.processes import PATIENCE
from tests.redis_server import running_redis

_ROOT = Path(__file__).parents[2]


class Mailing(Office):
    """An office that is told more by its environment, such as where its mail goes."""

    more: dict[str, str]

    @property
    def environment(self):
        return {**super().environment, **self.more}


@dataclass(frozen=True)
class Journey:
    """A house that is served, and Ines, who administers it; `workers` are its own, none where the web server has one."""

    office: Office
    address: str
    ines: Asker
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def joins(self, name, *roles: str):
        return joined(self.address, self.ines, f"{name}@reef.example", *roles)

    def ended(self):
        """What must be so of every house in the end: one worker died at most, no job failed, the journal is whole."""
        assert sorted(worker.poll() or 0 for worker in self.workers) in ([], [-signal.SIGKILL, 0])
        jobs = self.ines.get("/jobs")["jobs"]
        assert [job for job in jobs if job["status"] in ("failed", "cancelled")] == []
        assert [job["attempt"] > 1 for job in jobs].count(True) >= bool(self.workers), jobs
        assert "broken" not in self.ines.get("/audit/verification")


@pytest.fixture(params=["embedded", "servers and a kill"])
def begun(request, tmp_path):
    """Begins a journey with these sites; where it has servers, the first worker at a job of this kind is killed."""

    @contextmanager
    def begin(kind, sites=TOML, **environment: str):
        with ExitStack() as stack:
            office = Mailing(tmp_path / "office")
            is_large = request.param != "embedded"
            database, broker = _servers(stack) if is_large else ("", "")
            object.__setattr__(office, "database", database)
            object.__setattr__(office, "broker", broker)
            object.__setattr__(office, "more", environment)
            build(office.site)
            office.toml.write_text(sites, "utf-8")
            assert office.command("site", "add", office.toml).code == 0
            address = stack.enter_context(served(office, 0 if is_large else 1))
            journey = Journey(office, address, first(office, address))
            if is_large:
                journey.workers.extend(stack.enter_context(_running(office, kind, number)) for number in range(2))
                stack.enter_context(_running(office, kind, 0, "schedule"))
            yield journey
            journey.ended()

    return begin


def _servers(stack):
    try:
        database = stack.enter_context(running_server()).create()
    except NoPostgres as reason:
        pytest.fail(str(reason), pytrace=False)
    return database, stack.enter_context(running_redis()).url


@contextmanager
def _running(office, kind, number, command="worker"):
    words = [sys.executable, mortal.__file__, kind, office.root / "died", command]
    with (office.root / f"{command}-{number}.log").open("ab") as log:
        around = {**office.environment, "PYTHONPATH": str(_ROOT)}
        process = subprocess.Popen(list(map(str, words)), cwd=office.root, stdout=log, stderr=log, env=around)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
