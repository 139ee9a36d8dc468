"""Settings: what the house and its sites are set to, with what each means; they are changed where they are kept, in files."""

import os

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.redaction import redactor
from tm_service.setting_names import VARIABLES, origin, shown, unknown
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import needs
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)


@router.api_route("/settings", methods=[*METHODS], dependencies=[needs(Action.SETTINGS_EDIT)])
def settings(request: Request) -> Response:
    house = service_of(request)
    found = [(one, shown(one, os.environ), origin(one, os.environ)) for one in VARIABLES]
    sites = list(house.sites().values())
    return page(
        request,
        "house/settings.html",
        here="settings",
        variables=found,
        strange=unknown(os.environ),
        sites=sites,
        redacted=redactor(),
        failed=house.jobs.failed(""),
    )


@router.api_route("/style", methods=[*METHODS])
def style(request: Request) -> Response:
    """The parts that pages are put together from, as they look in the reader's language."""
    return page(request, "house/style.html", here="style")
