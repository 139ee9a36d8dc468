"""Waivers: what people signed that readers may lose for a while, and the form to sign one."""

from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.domain.units import parse_key
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, as_sent, service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.deployments.frame import address, site_page
from tm_service.web.desks.forms import Text, see, tried

SHOWN = 50  # waivers of a page

router = APIRouter(include_in_schema=False)
_FORM = "/sites/{site}/waivers/form"
_SIGNS = [needs(Action.WAIVE)]
_LONG = timedelta(days=30)  # a waiver's usual term
Asked = Annotated[str, Query(max_length=2000)]


@router.api_route("/sites/{site}/waivers", methods=[*METHODS], dependencies=[needs(Action.SITES_READ)])
def waivers(request: Request, site: str, said: str = "", start: Annotated[int, Query(ge=0, le=MOST)] = 0) -> Response:
    """Newest first."""
    service, known = service_of(request), service_of(request).site(site)
    found = service.releases.waivers(site)
    return site_page(
        request,
        "deployments/waivers.html",
        known,
        "waivers",
        waivers=found[start : start + SHOWN],
        now=service.clock(),
        said=said,
        start=start,
        following=start + SHOWN if start + SHOWN < len(found) else 0,
        step=SHOWN,
    )


@router.api_route(_FORM, methods=[*METHODS], dependencies=_SIGNS)
def show_form(request: Request, site: str, locale: Asked = "", resource: Asked = "", key: Asked = "") -> Response:
    until = (service_of(request).clock() + _LONG).date().isoformat()
    return _form(request, site, {"locale": locale, "resource": resource, "key": key, "reason": "", "until": until})


@router.post(_FORM, dependencies=_SIGNS)
def sign(
    request: Request,
    site: str,
    locale: Text = "",
    resource: Text = "",
    key: Text = "",
    reason: Text = "",
    until: Text = "",
) -> Response:
    """The last day counts as a whole."""
    typed = {"locale": locale, "resource": resource.strip(), "key": key.strip(), "reason": reason, "until": until}
    end = _end(until)
    missing = [name for name in ("locale", "resource", "key", "reason") if not typed[name].strip()]
    missing += [] if end else ["until"]
    if end is None or missing:
        return _form(request, site, typed, *missing, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def act() -> Response:
        by = asker_of(request).person.email
        unit = (locale, typed["resource"], parse_key(typed["key"]))
        with as_sent():
            service_of(request).waive(site, *unit, by=by, reason=reason.strip(), until=end)
        return see(address(site, "/waivers"), "signed")

    def again(sentence: str, status: HTTPStatus) -> Response:
        return _form(request, site, typed, "refused", status=status, sentence=sentence)

    return tried(act, again)


def _end(until: str) -> datetime | None:
    """The last moment of the day; None for what is no day, and for the last one, which ends later than some zones can tell."""
    try:
        day = datetime.strptime(until, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return datetime.combine(day, time.max, UTC) if day < date.max else None


def _form(
    request: Request,
    site: str,
    typed: dict[str, str],
    *problems: str,
    status: HTTPStatus = HTTPStatus.OK,
    sentence: str = "",
) -> Response:
    known = service_of(request).site(site)
    content = {"typed": typed, "problems": problems, "sentence": sentence}
    return site_page(request, "deployments/waiver_form.html", known, "waivers", status=status, **content)
