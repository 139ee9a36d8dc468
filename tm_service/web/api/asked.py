"""Asked: work that takes a while is a job; who asks waits for it, or is told where to look."""

import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain import errors
from tm_service.domain.jobs import Job, JobStatus
from tm_service.web.api.routes import PREFIX, told
from tm_service.web.api.watch import watch_of
from tm_service.web.faults import problem, status_of

_PATIENCE, _LONGEST = 30.0, 300.0  # seconds that an answer is waited for
_ASYNC = re.compile(r"(?:^|,)\s*respond-async\s*(?:[,;]|$)", re.IGNORECASE)  # RFC 7240, 4.1
_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?(\d{1,6})\"?", re.IGNORECASE)  # RFC 7240, 4.3


async def answer(request: Request, ask: Callable[[], Job], shown: Callable[[Job], object] = shapes.job) -> Response:
    """200 with the job when it is done, a problem when it failed, 202 with its address while it is under way.

    `shown` makes the document of one that is done. `Prefer: respond-async` does not wait, `Prefer: wait=N` waits N seconds
    (RFC 7240). Raises what asking and showing raise.
    """
    job = await run_in_threadpool(ask)
    seconds = patience(request)
    job = await watch_of(request).over(job.id, seconds)
    if job.status is JobStatus.FAILED:
        return failed(request, job)
    headers = {"Location": f"{PREFIX}/jobs/{job.id}"}
    if "Prefer" in request.headers:
        headers["Preference-Applied"] = "respond-async" if not seconds else f"wait={seconds:.0f}"
    if job.status is JobStatus.DONE:
        return told(await run_in_threadpool(shown, job), headers=headers)
    if job.is_over:
        return told(shapes.job(job), headers=headers)
    return told(shapes.job(job), status=HTTPStatus.ACCEPTED, headers=headers | {"Retry-After": "2"})


def patience(request: Request) -> float:
    """How many seconds the asker waits."""
    said = request.headers.get("Prefer", "")
    if _ASYNC.search(said):
        return 0.0
    wait = _WAIT.search(said)
    return min(_LONGEST, float(wait[1])) if wait else _PATIENCE


def failed(request: Request, job: Job) -> Response:
    """Why a job failed, as if the call itself had."""
    name = str(job.result.get("problem", ""))
    status = status_of(getattr(errors, name, object))
    return problem(request, status, job.error, kind=name, job=shapes.job(job))
