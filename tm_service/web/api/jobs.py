"""Jobs: what was asked for and what became of it, as it happens."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.errors import NotAllowed
from tm_service.domain.jobs import Job, JobStatus
from tm_service.domain.permissions import Action, within
from tm_service.shapes import documents
from tm_service.web.api.examples import JOB
from tm_service.web.api.routes import Cursor, Most, Router, as_sent, documented, service_of, tagged, told
from tm_service.web.api.watch import watch_of
from tm_service.web.callers import Asker, asker_of, needs

router = Router("jobs")
_CANCELLED = JOB | {"status": "cancelled"}
_WAITING = JOB | {"status": "waiting", "ended": None}


@router.get(
    "/jobs",
    dependencies=[needs(Action.JOBS_READ)],
    responses=documented("The newest first.", {"jobs": [JOB], "cursor": None}, documents.Jobs),
)
def list_jobs(
    request: Request,
    site: Annotated[str, Query(max_length=200)] = "",
    status: Annotated[list[JobStatus] | None, Query()] = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    """Of a site, or of all that you may see; of some statuses, or of all."""
    asker = asker_of(request)
    asker.require(Action.JOBS_READ, site)
    with as_sent():
        found = service_of(request).jobs.listed(site, statuses=status or (), before=cursor, most=most)
    mine = [shapes.job(job) for job in found if _is_seen(asker, job)]
    return told({"jobs": mine, "cursor": found[-1].id if len(found) == most else None})


def _is_seen(asker: Asker, job: Job) -> bool:
    """A job of a site is seen by who sees the site; one of none, such as a return, by who asked and who sees all sites."""
    if job.site:
        return asker.may(Action.JOBS_READ, job.site)
    return (bool(asker.by) and asker.by == job.by) or within(asker.places(Action.JOBS_READ), "", "")


def _job(request: Request, job: str) -> Job:
    """The job, for who may see it. Raises NotFound, NotAllowed."""
    found, asker = service_of(request).jobs.find(job), asker_of(request)
    asker.require(Action.JOBS_READ, found.site)
    if not _is_seen(asker, found):
        raise NotAllowed("This job is of no site; it is shown to who asked for it and to who sees all sites.")
    return found


@router.get("/jobs/{job}", dependencies=[needs(Action.JOBS_READ)], responses=documented("A job.", JOB, documents.Job))
def show_job(request: Request, job: str) -> Response:
    """How far it is, what it has changed so far, and what came of it."""
    return tagged(request, shapes.job(_job(request, job)))


@router.post(
    "/jobs/{job}/cancellation",
    dependencies=[needs(Action.JOBS_READ)],
    responses=documented("The job.", _CANCELLED, documents.Job),
)
def cancel_job(request: Request, job: str) -> Response:
    """Take a job back; one that runs ends before its next change."""
    asker_of(request).require(Action.JOBS_CANCEL, _job(request, job).site)
    return told(shapes.job(service_of(request).jobs.cancel(job)))


@router.post(
    "/jobs/{job}/retry",
    dependencies=[needs(Action.JOBS_READ)],
    responses=documented("The job.", _WAITING, documents.Job),
)
def retry_job(request: Request, job: str) -> Response:
    """Give a job that failed or was cancelled all its tries again."""
    asker_of(request).require(Action.JOBS_RETRY, _job(request, job).site)
    return told(shapes.job(service_of(request).jobs.ask_again(job)))


async def _seen(request: Request, job: str) -> Job:
    return await run_in_threadpool(_job, request, job)


@router.get(
    "/jobs/{job}/events",
    dependencies=[needs(Action.JOBS_READ)],
    response_class=EventSourceResponse,
    responses={
        200: {"description": "The job after each change, until it is over.", "content": {"text/event-stream": {}}}
    },
)
async def watch_job(request: Request, seen: Annotated[Job, Depends(_seen)]) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: the job after each change, until it is over."""
    async for found in watch_of(request).changes(seen):
        if found is None:
            yield ServerSentEvent(comment="still here")
        else:
            yield ServerSentEvent(data=shapes.job(found), event=found.status)
