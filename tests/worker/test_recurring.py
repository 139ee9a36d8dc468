"""What recurs, asked for and done by workers in processes of their own over PostgreSQL: once in each slot."""

import os
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.houses import TOML, House, build
from tests.databases import postgres  # noqa: F401 - a fixture
from tm_service.bootstrap import open_service
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.domain.schedule import BACKUP, BY, USUAL, due
from tm_service.settings import add_sites, read_settings

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 22, 23, 20, tzinfo=UTC)
MOMENTS = [START + timedelta(minutes=minutes) for minutes in (0, 5, 15, 30, 45, 24 * 60 + 45, 24 * 60 + 46)]
WORKERS = 2


@pytest.fixture
def url(postgres):  # noqa: F811 - the fixture itself
    made = postgres.create()
    yield made
    postgres.drop(made)


def started(*args: object):
    words = [sys.executable, str(ROOT / "tests/worker/recurring_worker.py"), *map(str, args)]
    return subprocess.Popen(
        words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=-1, stdout=-1, text=True
    )


def test_two_workers_ask_for_all_that_recurs_and_do_it_once_in_its_slot(tmp_path, url):
    house, backups = House(tmp_path / "house"), tmp_path / "backups"
    build(house.site)
    house.toml.write_text(TOML, "utf-8")
    settings = read_settings(house.home, {"TM_SERVICE_DATABASE": url})
    add_sites(settings, house.toml)
    with ExitStack() as opened:
        workers = [opened.enter_context(started(house.home, url, backups)) for _ in range(WORKERS)]
        for moment in MOMENTS:
            for one in workers:
                one.stdin.write(f"{moment.isoformat()}\n")
                one.stdin.flush()
            assert [one.stdout.readline() for one in workers] == ["idle\n"] * WORKERS
        for one in workers:
            one.stdin.close()
    assert [one.returncode for one in workers] == [0] * WORKERS
    service = open_service(settings)
    slots = {slot.key: (slot.kind, slot.site) for at in MOMENTS for slot in due(at, ["reef"], (*USUAL, BACKUP))}
    jobs = service.jobs.listed(most=1000)
    service.store.close()
    assert Counter((job.kind, job.site) for job in jobs) == Counter(slots.values())
    assert {(job.status, job.attempt, job.by) for job in jobs} == {(JobStatus.DONE, 1, BY)}
    daily = [job for job in jobs if job.kind is JobKind.BACKUP]
    assert sorted(job.result["file"] for job in daily) == sorted(one.name for one in backups.iterdir())
    assert len(daily) == 3, "before and after midnight, and a day later"
