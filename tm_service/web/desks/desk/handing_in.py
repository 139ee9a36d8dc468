"""Handing in: what is confirmed is given to the house, few texts at once, many by a job whose progress is shown."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.domain.jobs import Job, JobKind
from tm_service.web.access import METHODS
from tm_service.web.api.desk import AT_ONCE, ask_hand_in, desk_of
from tm_service.web.api.routes import service_of
from tm_service.web.desks.desk.queue import TRANSLATES
from tm_service.web.desks.desk.words import shown
from tm_service.web.desks.forms import see, tried
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)


@router.api_route("/desk/packages/{package_id}/hand-in", methods=[*METHODS], dependencies=TRANSLATES)
def handing_in(request: Request, package_id: str, job: Annotated[str, Query(max_length=64)] = "") -> Response:
    """What would be handed in; with a job how far that is, and in the end its receipt."""
    return _shown(request, package_id, job)


def _shown(request: Request, package_id: str, job_id: str = "", sentence: str = "", status: int = 200) -> Response:
    desk, package = desk_of(request, package_id)
    job = _job(request, package_id, job_id) if job_id else None
    digest = str(job.result.get("receipt", "")) if job else ""
    return page(
        request,
        "desk/hand_in.html",
        here="desk",
        status=status,
        package=package,
        progress=desk.progress(package_id),
        job=job,
        receipt=service_of(request).handoffs.receipt(digest)[1] if digest else None,
        sentence=sentence,
        **shown(chosen(request)),
    )


def _job(request: Request, package_id: str, job_id: str) -> Job:
    """Raises NotFound."""
    found = service_of(request).jobs.find(job_id)
    if found.kind is not JobKind.HAND_IN or found.arguments["package"] != package_id:
        raise NotFound(f"There is no job {job_id} that hands in {package_id}.")
    return found


@router.post("/desk/packages/{package_id}/hand-in", dependencies=TRANSLATES)
def hand_in(request: Request, package_id: str, do: Annotated[str, Form(max_length=20)] = "") -> Response:
    """On to the receipt, or to the page that shows how far it is."""
    desk, package = desk_of(request, package_id)
    place = f"/desk/packages/{package_id}/hand-in"

    def act() -> Response:
        if do != "hand-in":
            return see(place)
        if desk.progress(package_id).confirmed > AT_ONCE:
            return see(f"{place}?job={ask_hand_in(request, package).id}")
        return see(f"/desk/receipts?digest={desk.hand_in(package_id).digest}")

    return tried(act, lambda sentence, status: _shown(request, package_id, "", sentence, status))
