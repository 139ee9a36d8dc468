"""Job hints: tell workers, by Celery on Redis, that a job waits; a hint may be lost, and nothing but a moment with it."""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import Celery
from celery.exceptions import OperationalError

from tm_service.domain.jobs import HINT, Job

_LASTS = timedelta(minutes=5)
_PATIENCE = 2.0  # seconds for a broker that does not answer

_log = logging.getLogger("tm_service.hints")


def job_hints(url: str) -> Callable[[Job], None]:
    """What tells of a job, over the broker at `redis://...`; it is connected to when there is something to tell."""
    app = Celery("tm_service", broker=url)
    app.conf.update(
        task_serializer="json",
        broker_transport_options={"socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE},
    )

    def hint(job: Job) -> None:
        try:
            app.send_task(HINT, [job.id], expires=_LASTS.total_seconds(), retry=False)
        except (OperationalError, OSError) as error:
            _log.warning("No hint for job %s (%s); a worker finds it by itself.", job.id, type(error).__name__)

    return hint
