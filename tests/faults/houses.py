"""A house with work to do, over either database: the first release is served, the second has come, a return waits."""

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from tests.cli.houses import FRENCH, TOML, Answer, House, build, fill
from tests.faults.laws import hold
from tm_service.bootstrap import open_service
from tm_service.cli import main
from tm_service.domain.jobs import JobKind
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker

SITE = "reef"
KINDS = ("learn", "package", "take-in", "deploy")
ARGUMENTS = {"learn": {"history": True}, "package": {"locales": ["ar"]}}


@dataclass(frozen=True)
class Walked(House):
    """`database` is a URL, empty for the SQLite file in the home."""

    database: str = ""

    @property
    def environment(self):
        return {"TM_SERVICE_HOME": str(self.home), "TM_SERVICE_DATABASE": self.database}

    def run(self, *args: object, home: Path | None = None):
        """A command in this process."""
        words = ["--home", str(home or self.home), *map(str, args)]
        done = CliRunner().invoke(main, words, catch_exceptions=False, env={"TM_SERVICE_DATABASE": self.database})
        return Answer(done.exit_code, done.stdout, done.stderr)

    def start(self, *args: object, **environment: str):
        return super().start(*args, **{**self.environment, **environment})

    def service(self, **environment: str):
        return open_service(read_settings(self.home, {**self.environment, **environment}))

    def copied(self, to: Path):
        return Walked(super().copied(to).root, self.database)

    def over(self, database: str):
        return replace(self, database=database)

    @property
    def returned(self):
        return self.root / "returned.xlf"

    def asked(self, kind: str, service=None):
        """A job of this kind in the table of jobs; its id."""
        jobs = (service or self.service()).jobs
        if kind == "take-in":
            return jobs.ask_take_in(self.returned.name, self.returned.read_bytes(), by="Ana", key=f"key-{kind}").id
        return jobs.ask(JobKind(kind), SITE, ARGUMENTS.get(kind, {}), by="Ana", key=f"key-{kind}").id

    def finished(self, *jobs: str):
        """What is left is done by a worker of another day; the jobs as they ended."""
        service = self.service()
        later = replace(service, clock=lambda: datetime.now(UTC) + timedelta(hours=2))
        Worker(later, "the next").run(until_idle=True)
        return [service.jobs.find(job) for job in jobs]

    def outcome(self):
        """Everything that people would see of the house."""
        service = self.service()
        hold(service, SITE, self.home)
        packages = [(one.locale, one.status, len(one.work)) for one in service.handoffs.packages(SITE)]
        deployments = service.deployments(SITE)
        with service.store.read() as tx:
            pairs = tx.memory_size()
        service.store.close()
        return packages, [one.coverage for one in deployments], pairs


def walked(root: Path, database: str = "") -> Walked:
    """The first release is served, the second has come; one package is out, its translations have come back."""
    house = Walked(root, database)
    build(house.site)
    house.toml.write_text(TOML, "utf-8")
    house.ask("site", "add", house.toml)
    house.ask("learn", SITE, "--history")
    house.ask("deploy", SITE, "--ref", "r1")
    out = root / "out"
    out.mkdir()
    (made,) = house.ask("package", SITE, "--out", out, "--locale", "fr")["packages"]
    fill(Path(made["path"]), FRENCH).rename(house.returned)
    return house


def environment(**more: str):
    return {**os.environ, **more}
