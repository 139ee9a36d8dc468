"""Histories: what readers of every deployment saw of one text in one language, why, and who made it so."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.domain.units import parse_key
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, service_of
from tm_service.web.callers import needs
from tm_service.web.desks.deployments.frame import site_page

SHOWN = 20  # stretches of a page

router = APIRouter(include_in_schema=False)
Asked = Annotated[str, Query(max_length=2000)]


@router.api_route("/sites/{site}/history", methods=[*METHODS], dependencies=[needs(Action.SITES_READ)])
def history(
    request: Request,
    site: str,
    locale: Annotated[str, Query(max_length=40)] = "",
    resource: Asked = "",
    key: Asked = "",
    before: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> Response:
    """The newest deployments first; nothing but the question where no text is named."""
    releases, known = service_of(request).releases, service_of(request).site(site)
    locale = locale or known.locales[0]
    content: dict[str, Any] = {"history": None, "makers": {}}
    if resource and key:
        found = releases.history(site, locale, resource, parse_key(key), before=before, most=SHOWN)
        makers = releases.makers(site, [one.stretch.first for one in found.chapters])
        content = {"history": found, "makers": {number: line.caller for number, line in makers.items()}}
    asked = {"locale": locale, "resource": resource, "key": key}
    return site_page(request, "deployments/history.html", known, "reading", asked=asked, before=before, **content)
