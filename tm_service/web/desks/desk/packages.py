"""Packages: a package's units side by side with their targets, found by what became of them."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.desk import DeskFilter
from tm_service.web.access import METHODS
from tm_service.web.api.desk import desk_of
from tm_service.web.api.routes import MOST
from tm_service.web.callers import asker_of
from tm_service.web.desks.desk.queue import TRANSLATES
from tm_service.web.desks.desk.words import shown
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
AT_ONCE = 50  # rows of a page


@router.api_route("/desk/packages/{package_id}", methods=[*METHODS], dependencies=TRANSLATES)
def package(
    request: Request,
    package_id: str,
    *,
    only: DeskFilter = DeskFilter.ALL,
    text: Annotated[str, Query(max_length=500)] = "",
    first: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> Response:
    desk, _ = desk_of(request, package_id)
    found = desk.page(package_id, only=only, text=text, start=first, most=AT_ONCE)
    return page(
        request,
        "desk/package.html",
        here="desk",
        found=found,
        package=found.package,
        by=asker_of(request).name,
        progress=desk.progress(package_id),
        filters=list(DeskFilter),
        only=only,
        text=text,
        first=first,
        previous=max(0, first - AT_ONCE) if first else -1,
        following=first + AT_ONCE if first + AT_ONCE < found.found else 0,
        **shown(chosen(request)),
    )
