"""Broker: workers that hear of jobs by Celery on Redis; what is to be done stands in the table of jobs alone.

A hint may be lost, late or doubled, and nothing comes of it: whoever gets one takes up the next job that is due. What no hint
told of is found by the schedule.
"""

import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

from celery import Celery, signals

from tm_service.domain.jobs import HINT
from tm_service.worker.ending import Ending, give_back
from tm_service.worker.runner import Worker

LOOK = "tm_service.run_due"
# For what no hint told of: jobs due later, hints that were lost, leases that ran out.
LOOK_EVERY = timedelta(seconds=15)
_CLOSEST = 5  # seconds between two looks at the schedule

_log = logging.getLogger("tm_service.worker")


def work(url: str, worker: Worker, threads: int, grace: float, leave: Callable[[], None]) -> None:
    """Hear of jobs and do them, so many at once, until told to end (SIGTERM: those begun are finished).

    What is not finished `grace` seconds later, or when it is told again, is given back, and `leave` ends the process.
    """
    app, ending = _opened(url), Ending()

    def run_job(job_id: str) -> None:
        _log.debug("a hint for job %s", job_id)
        while not worker.stop.is_set() and worker.run_next():
            _log.debug("looking for more")  # of hints that came at once some lie with workers that are busy
        worker.send()

    def run_due() -> None:
        worker.run(until_idle=True)

    def hurry() -> None:
        ending.now.wait(grace)
        give_back([worker])
        leave()

    def end(**_said: object) -> None:
        if not worker.stop.is_set():
            worker.stop.set()
            ending.told.set()
            signal.signal(signal.SIGTERM, ending.heard)
            Thread(target=hurry, name="grace", daemon=True).start()

    app.task(run_job, name=HINT)
    app.task(run_due, name=LOOK)
    signals.worker_ready.connect(lambda **_said: _log.info("the worker hears of jobs"), weak=False)
    signals.worker_shutting_down.connect(end, weak=False)
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
    signals.beat_init.connect(lambda **_said: _log.info("the schedule tells workers what is due"), weak=False)
    app.Beat(schedule=str(folder / "schedule"), loglevel="INFO", quiet=True).run()


def _opened(url: str) -> Celery:
    signals.setup_logging.connect(_left_alone, weak=False)
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


def _left_alone(**_said: object) -> None:
    """How lines are logged was said at the start; Celery says nothing of its own where somebody else does."""
