"""Broker: workers that hear of jobs by Celery on Redis; what is to be done stands in the table of jobs alone.

A hint may be lost, late or doubled, and nothing comes of it: whoever gets one takes up the next job that is due. What no hint
told of is found by the schedule.
"""

import logging
from datetime import timedelta
from pathlib import Path

from celery import Celery

from tm_service.domain.jobs import HINT
from tm_service.worker.runner import Worker

LOOK = "tm_service.run_due"
# For what no hint told of: jobs due later, hints that were lost, leases that ran out.
LOOK_EVERY = timedelta(seconds=15)
_CLOSEST = 5  # seconds between two looks at the schedule

_log = logging.getLogger("tm_service.worker")


def work(url: str, worker: Worker, threads: int) -> None:
    """Hear of jobs and do them, so many at once, until told to end (SIGTERM: those begun are finished)."""
    app = _opened(url)

    def run_job(job_id: str) -> None:
        _log.debug("a hint for job %s", job_id)
        worker.run_next()

    def run_due() -> None:
        worker.run(until_idle=True)

    app.task(run_job, name=HINT)
    app.task(run_due, name=LOOK)
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(
        ["worker", "--pool=threads", f"--concurrency={threads}", f"--hostname={worker.name}", "--loglevel=INFO", *quiet]
    )


def keep_time(url: str, folder: Path) -> None:
    """Send the hints that nobody else sends, until told to end; one such process is enough."""
    app = _opened(url)
    app.conf.update(
        beat_schedule={"due": {"task": LOOK, "schedule": LOOK_EVERY, "options": {"expires": LOOK_EVERY.seconds}}},
        beat_max_loop_interval=_CLOSEST,
    )
    app.Beat(schedule=str(folder / "schedule"), loglevel="INFO", quiet=True).run()


def _opened(url: str) -> Celery:
    app = Celery("tm_service", broker=url)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        timezone="UTC",
    )
    return app
