"""Queue: the packages that wait for whoever asks, the next one due first; and the sheet of keys."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.desk import DeskPackage
from tm_service.domain.permissions import Action
from tm_service.web.access import METHODS
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)
TRANSLATES = [somewhere(Action.TRANSLATE)]


@dataclass(frozen=True, slots=True)
class Line:
    """A package in the queue, its words, and whether its day is over."""

    waiting: DeskPackage
    words: int
    overdue: bool


@router.api_route("/desk", methods=[*METHODS], dependencies=TRANSLATES)
def queue(request: Request) -> Response:
    service, asker = service_of(request), asker_of(request)
    mine = [
        one
        for one in service.desk.queue(list(service.sites()))
        if asker.may(Action.TRANSLATE, one.package.site, one.package.locale)
    ]
    words: dict[str, int] = request.app.state.words
    words |= service.desk.words({one.package.id for one in mine} - words.keys())
    today = service.clock().date()
    lines = [
        Line(one, words[one.package.id], bool(one.open and one.package.due and one.package.due < today)) for one in mine
    ]
    return page(request, "desk/queue.html", here="desk", lines=lines)


@router.api_route("/desk/help", methods=[*METHODS], dependencies=TRANSLATES)
def keys(request: Request) -> Response:
    return page(request, "desk/help.html", here="desk")
