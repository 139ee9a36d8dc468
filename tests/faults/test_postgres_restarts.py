"""PostgreSQL stopped, politely or without warning, in the middle of a change, and started again."""

import signal
import subprocess
from contextlib import closing, contextmanager

import psycopg
import pytest
from psycopg import sql

from tests.cli.houses import SCRIPT
from tests.faults.houses import KINDS, SITE, environment
from tests.processes import PATIENCE, until
from tm_service.domain.errors import ConnectorError
from tm_service.domain.jobs import JobStatus

pytestmark = pytest.mark.slow
# A table that each change writes to late, so that it can be held up there.
LATE = {"learn": "site_state", "package": "package_file", "take-in": "receipt", "deploy": "deployment"}


@contextmanager
def held_up(house, table):
    """Whoever writes to this table waits; gives what waits until somebody does."""
    with closing(psycopg.connect(house.database)) as holder:
        holder.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(table)))

        def wait():
            asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
            until(lambda: holder.execute(asked, [table]).fetchone() != (0,), lambda: f"nobody writes to {table}")

        yield wait


def begun(house, *words: object, **more: str):
    with (house.root / "log").open("ab") as log:
        return subprocess.Popen(
            [str(SCRIPT), *map(str, words)],
            cwd=house.root, stdout=subprocess.PIPE, stderr=log, env=environment(**house.environment, **more),
        )  # fmt: skip


def test_a_worker_goes_on_by_itself(served, cluster):
    """Each kind of work is broken off within its change, now politely, now without warning; nobody helps the worker."""
    house = served()
    jobs = [house.asked(kind) for kind in KINDS]
    worker = begun(house, "worker")
    try:
        for kind in KINDS:
            with held_up(house, LATE[kind]) as wait:
                wait()
                cluster.restart(immediate=kind in ("package", "deploy"))
        service = house.service()
        until(
            lambda: all(service.jobs.find(job).is_over for job in jobs),
            lambda: (house.root / "log").read_text("utf-8"),
        )
        assert worker.poll() is None
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(PATIENCE)
    found = [service.jobs.find(job) for job in jobs]
    assert [(job.status, job.tries, job.lost) for job in found] == [(JobStatus.DONE, 1, 0)] * len(jobs)
    assert len(house.outcome()[1]) == 2


@pytest.mark.parametrize("immediate", [False, True], ids=["fast", "immediate"])
@pytest.mark.parametrize("kind", ["package", "deploy"])
def test_a_command_that_is_broken_off_says_one_sentence_and_kept_nothing(served, cluster, kind, immediate):
    house = served()
    before = house.outcome()
    with held_up(house, LATE[kind]) as wait:
        command = begun(house, kind, SITE, "--json")
        wait()
        cluster.restart(immediate=immediate)
    said, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 3
    assert said.count(b"\n") == 1
    assert b"cannot be used" in said
    assert house.outcome() == before
    assert list(house.root.glob("*.zip")) == []
    house.ask(kind, SITE, *(("--out", house.root / "out") if kind == "package" else ()))
    assert house.outcome() != before


def test_a_server_that_is_away_is_named_and_then_found_again(served, cluster):
    house = served()
    service = house.service()
    assert len(service.deployments(SITE)) == 1
    cluster.stop()
    try:
        with pytest.raises(ConnectorError, match="cannot be used"):
            service.deployments(SITE)
        assert house.ask("coverage", SITE, code=3)["error"].startswith("The database postgresql://")
    finally:
        cluster.start()
    assert len(service.deployments(SITE)) == 1
    service.store.close()
