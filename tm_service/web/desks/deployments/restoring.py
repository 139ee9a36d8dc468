"""Restoring: readers get an earlier deployment again, once somebody has seen what would change and said why."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.audit import acting
from tm_service.domain.permissions import Action
from tm_service.usecases.compare import Wanted
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, service_of
from tm_service.web.callers import address_of, asker_of, needs, request_id
from tm_service.web.desks.deployments.differences import comparison_of, tallies
from tm_service.web.desks.deployments.frame import address, deployment_number, site_page
from tm_service.web.desks.forms import Text, see, tried
from tm_service.web.views import deployment_row

router = APIRouter(include_in_schema=False)
_RESTORES = [needs(Action.ROLL_BACK)]
_PLACE = "/sites/{site}/deployments/{number:int}/restoration"
Seen = Annotated[int, Form(ge=0, le=MOST)]


@router.api_route(_PLACE, methods=[*METHODS], dependencies=_RESTORES)
def show_restoration(request: Request, site: str, number: int) -> Response:
    return _form(request, site, number)


@router.post(_PLACE, dependencies=_RESTORES)
def restore(request: Request, site: str, number: int, reason: Text = "", seen: Seen = 0) -> Response:
    """`seen` is the newest deployment that the form compared with; another one means that it is looked at again."""
    if not reason.strip():
        return _form(request, site, number, "reason", status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def act() -> Response:
        asker = asker_of(request)
        with acting(asker.caller(address_of(request), request_id(request), reason.strip())):
            made = service_of(request).releases.roll_back(site, deployment_number(site, number), seen=seen)
        return see(address(site, f"/deployments/{made.number}"), "restored")

    def again(sentence: str, status: HTTPStatus) -> Response:
        return _form(request, site, number, "refused", status=status, sentence=sentence, reason=reason)

    return tried(act, again)


def _form(
    request: Request,
    site: str,
    number: int,
    *problems: str,
    status: HTTPStatus = HTTPStatus.OK,
    sentence: str = "",
    reason: str = "",
) -> Response:
    """What would change for readers, and why one goes back."""
    service, known = service_of(request), service_of(request).site(site)
    wanted = service.deployment(site, deployment_number(site, number))
    newest = service.latest(site) or wanted
    found = comparison_of(request, site, newest.number, number)
    return site_page(
        request,
        "deployments/restoration.html",
        known,
        "deployments",
        status=status,
        problems=problems,
        sentence=sentence,
        reason=reason,
        deployment=deployment_row(wanted),
        newest=deployment_row(newest),
        tallies=tallies(found, Wanted()),
        pages=len(found.pages),
    )
