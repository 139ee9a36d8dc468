"""Alarm pages: what a person should know of a site, and the note of whoever has seen to it."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.domain.register import AlarmKind
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.forms import Text, see, tried
from tm_service.web.desks.register import work_views
from tm_service.web.desks.register.counts import Counts
from tm_service.web.desks.register.downloads import Format, answered
from tm_service.web.desks.register.shown import all_shown
from tm_service.web.desks.register.views import Say
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.SITES_READ)]
_OPEN = 50  # alarms that are shown with a form


@router.api_route("/sites/{site}/register/alarms", methods=[*METHODS], dependencies=_READS)
def alarms(request: Request, site: str) -> Response:
    """Open ones first, each with a form for who may acknowledge it; all of them as a table."""
    return _alarms(request, site)


def _alarms(
    request: Request, site: str, sentence: str = "", status: HTTPStatus = HTTPStatus.OK, alarm: str = "", note: str = ""
) -> Response:
    counts = Counts(request, site)
    say = Say(chosen(request), counts.site.name)
    found = counts.alarms
    waiting = [one for one in found if one.acknowledged is None]
    parts = all_shown(request, work_views.alarms(say, found), say.code, f"/sites/{site}/register/alarms/file")
    content: dict[str, Any] = {
        "site": counts.site,
        "of": "alarms",
        "waiting": waiting[:_OPEN],
        "more": max(0, len(waiting) - _OPEN),
        "fall": AlarmKind.FALL,
        "overdue": AlarmKind.OVERDUE,
        "may": asker_of(request).may(Action.ACKNOWLEDGE, site),
        "said": request.query_params.get("said", ""),
        "sentence": sentence,
        "wrong": alarm,
        "typed": note,
    }
    return page(request, "register/alarms.html", status=status, here="register", **content, **parts)


@router.api_route("/sites/{site}/register/alarms/file", methods=[*METHODS], dependencies=_READS)
def alarms_file(request: Request, site: str, kind_of: Format = "csv") -> Response:
    counts = Counts(request, site)
    say = Say(chosen(request), counts.site.name)
    return answered(say, work_views.alarms(say, counts.alarms), "alarms", kind_of)


@router.post("/sites/{site}/register/alarms", dependencies=[needs(Action.ACKNOWLEDGE)])
def acknowledge(request: Request, site: str, alarm: Text = "", note: Text = "") -> Response:
    """The list once more, with a sentence beside the note where it is not taken."""

    def act() -> Response:
        register = service_of(request).register
        register.acknowledge(site, alarm, by=asker_of(request).person.email, note=note)
        return see(f"/sites/{site}/register/alarms", "acknowledged")

    return tried(act, lambda sentence, status: _alarms(request, site, sentence, status, alarm, note))
