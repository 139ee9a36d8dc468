"""Journal: who changed what, when, from where and why, newest first; and the proof that nothing of it was changed since."""

import json
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import needs
from tm_service.web.desks.house.deeds import DEEDS, DOORS
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.AUDIT_READ)]
_AT_ONCE = 50  # rows of a page
_LAST = 10**18  # numbers are below
_Text = Annotated[str, Query(max_length=320, pattern=r"^[^\x00]*$")]


@router.api_route("/audit", methods=[*METHODS], dependencies=_READS)
def journal(
    request: Request, site: _Text = "", by: _Text = "", before: Annotated[int, Query(ge=1, le=_LAST)] = _LAST
) -> Response:
    service = service_of(request)
    found = service.audit.newest_first(site, before=before, most=_AT_ONCE, name=by)
    return page(
        request,
        "house/journal.html",
        here="audit",
        lines=[(line, json.dumps(dict(line.details), ensure_ascii=False, indent=1)) for line in found],
        following=found[-1].entry.number if len(found) == _AT_ONCE else 0,
        sites=list(service.sites()),
        site=site,
        by=by,
        head=service.audit.head(),
        deeds=DEEDS,
        doors=DOORS,
    )


@router.api_route("/audit/verification", methods=[*METHODS], dependencies=_READS)
def verification(request: Request) -> Response:
    """Every entry looked at once more."""
    return page(request, "house/verification.html", here="audit", verdict=service_of(request).audit.verify())
