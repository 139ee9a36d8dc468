"""Runs: the jobs of a site: who asked for what, how it went, and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from babel.dates import format_timedelta
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.audit import Caller, Door, asked_by
from tm_service.domain.errors import NotFound
from tm_service.domain.jobs import Job, JobKind, JobStatus
from tm_service.domain.permissions import Action
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, service_of
from tm_service.web.callers import needs
from tm_service.web.desks.deployments.frame import address, site_page
from tm_service.web.desks.deployments.looks import KINDS
from tm_service.web.desks.deployments.said import kept_findings
from tm_service.web.desks.forms import see
from tm_service.web.render import chosen
from tm_service.web.texts import speech

SHOWN = 25  # runs of a page
ROWS = 50  # of what a run found

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.JOBS_READ)]
_FINDINGS = "findings"
_TABS = {kind: tab for tab, kind in KINDS.items()}
Asked = Annotated[str, Query(max_length=200)]
Start = Annotated[int, Query(ge=0, le=MOST)]


@dataclass(frozen=True, slots=True)
class Run:
    """A job as one line of a list: who asked for it, and how long it took, "" while it is under way."""

    job: Job
    caller: Caller
    took: str


def run(job: Job, code: str) -> Run:
    took = job.ended - job.asked if job.ended else None
    return Run(job, asked_by(job.by, Door.WORKER, "", job.id), _spoken(took, code) if took is not None else "")


def _spoken(span: timedelta, code: str) -> str:
    """Rounded as people say it, such as 3 minutes; under a second is told as one."""
    shown = max(span, timedelta(seconds=1))
    return format_timedelta(shown, granularity="second", threshold=1.5, locale=speech(code).locale)


@router.api_route("/sites/{site}/runs", methods=[*METHODS], dependencies=_READS)
def runs(request: Request, site: str, before: Asked = "", status: JobStatus | None = None) -> Response:
    service, known = service_of(request), service_of(request).site(site)
    found = service.jobs.listed(site, before=before, most=SHOWN + 1, statuses=[status] if status else ())
    rows = [run(job, chosen(request)) for job in found[:SHOWN]]
    return site_page(
        request,
        "deployments/runs.html",
        known,
        "runs",
        runs=rows,
        older=rows[-1].job.id if len(found) > SHOWN else "",
        status_asked=status,
        statuses=[*JobStatus],
        before=before,
    )


def _job(request: Request, site: str, job: str) -> Job:
    """A job of this site. Raises NotFound."""
    found = service_of(request).jobs.find(job)
    if found.site != site:
        raise NotFound(f"There is no job {job} of site {site}.")
    return found


@router.api_route("/sites/{site}/runs/{job}", methods=[*METHODS], dependencies=_READS)
def show_run(request: Request, site: str, job: str, rows: Asked = "", locale: Asked = "", start: Start = 0) -> Response:
    """How far a job is; once it is done, what it found, one list at a time."""
    known, found = service_of(request).site(site), _job(request, site, job)
    return site_page(
        request,
        "deployments/run.html",
        known,
        _TABS.get(found.kind, "runs"),
        run=run(found, chosen(request)),
        kind=_TABS.get(found.kind, ""),
        **_found(request, found, rows, locale, start),
    )


def _found(request: Request, job: Job, name: str, locale: str, start: int) -> Mapping[str, Any]:
    """The lists of what a job found, and some rows of the one that is asked for, else of the first."""
    lists = job.result.get("lists", ()) if job.status is JobStatus.DONE else ()
    there: list[Mapping[str, Any]] = list(lists) if isinstance(lists, list) else []
    wanted = next((one for one in there if (one["list"], one["locale"]) == (name, locale)), there[0] if there else None)
    rows = service_of(request).releases.rows(wanted, start, ROWS) if wanted and start < wanted["count"] else []
    is_findings = job.kind is JobKind.ADVISE or (wanted is not None and wanted["list"] == _FINDINGS)
    return {
        "lists": there,
        "wanted": wanted,
        "rows": kept_findings(rows, chosen(request)) if is_findings else rows,
        "is_findings": is_findings,
        "start": start,
        "following": start + ROWS if wanted and start + ROWS < wanted["count"] else 0,
        "step": ROWS,
    }


@router.post("/sites/{site}/runs/{job}/cancellation", dependencies=[needs(Action.JOBS_CANCEL)])
def cancel(request: Request, site: str, job: str) -> Response:
    """Take a job back; one that runs ends before its next change."""
    service_of(request).jobs.cancel(_job(request, site, job).id)
    return see(address(site, f"/runs/{job}"))


@router.post("/sites/{site}/runs/{job}/retry", dependencies=[needs(Action.JOBS_RETRY)])
def retry(request: Request, site: str, job: str) -> Response:
    """Give a job that failed or was cancelled all its tries again."""
    service_of(request).jobs.ask_again(_job(request, site, job).id)
    return see(address(site, f"/runs/{job}"))
