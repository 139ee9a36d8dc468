"""Packages: a package's units side by side with their targets, found by what became of them, and handed in."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.desk import DeskFilter
from tm_service.web.access import METHODS
from tm_service.web.api.desk import desk_of
from tm_service.web.api.routes import MOST
from tm_service.web.callers import asker_of
from tm_service.web.desks.desk.queue import TRANSLATES
from tm_service.web.desks.desk.words import shown
from tm_service.web.desks.forms import see, tried
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
    said: str = "",
) -> Response:
    return _shown(request, package_id, only=only, text=text, first=first, said=said)


def _shown(
    request: Request,
    package_id: str,
    sentence: str = "",
    status: int = 200,
    *,
    only: DeskFilter = DeskFilter.ALL,
    text: str = "",
    first: int = 0,
    said: str = "",
) -> Response:
    desk, _ = desk_of(request, package_id)
    found = desk.page(package_id, only=only, text=text, start=first, most=AT_ONCE)
    return page(
        request,
        "desk/package.html",
        here="desk",
        status=status,
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
        at_once=AT_ONCE,
        sentence=sentence,
        said=said,
        **shown(chosen(request)),
    )


@router.post("/desk/packages/{package_id}", dependencies=TRANSLATES)
def hand_in(request: Request, package_id: str, do: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Hand in what is confirmed, and on to its receipt."""
    desk, _ = desk_of(request, package_id)

    def act() -> Response:
        if do != "hand-in":
            return see(f"/desk/packages/{package_id}")
        return see(f"/desk/receipts?digest={desk.hand_in(package_id).digest}")

    return tried(act, lambda sentence, status: _shown(request, package_id, sentence, status))
