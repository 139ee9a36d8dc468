"""Frame: what the pages of one site share: its tabs, who looks, and what they may do there."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain import sentences
from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.domain.site import Site
from tm_service.domain.units import key_text
from tm_service.web.api.routes import MOST
from tm_service.web.callers import asker_of
from tm_service.web.render import page

_DETECT = Action.DETECT
# Tabs by name, which templates say in words: the last part of the address, and what it takes to go there.
TABS: Mapping[str, tuple[str, Action]] = {
    "overview": ("", Action.SITES_READ),
    "deployments": ("/deployments", Action.SITES_READ),
    "differences": ("/differences", Action.SITES_READ),
    "reading": ("/reading", Action.SITES_READ),
    "packages": ("/packages", Action.SITES_READ),
    "waivers": ("/waivers", Action.SITES_READ),
    "runs": ("/runs", Action.JOBS_READ),
    "gate": ("/gate", _DETECT),
    "estimate": ("/estimate", _DETECT),
    "advice": ("/advice", _DETECT),
    "keys": ("/keys", _DETECT),
    "ci": ("/ci", Action.SITES_READ),
}


def address(site: str, place: str) -> str:
    """Where a page of a site is; `place` begins with a slash."""
    return f"/sites/{quote(site)}{place}"


def query(**said: object) -> str:
    """What an address asks, without what is empty; names of files may have letters that UTF-8 has no bytes for."""
    return f"?{urlencode({name: value for name, value in said.items() if value}, errors='surrogatepass')}"


def site_page(
    request: Request, template: str, site: Site, tab: str, *, status: HTTPStatus = HTTPStatus.OK, **content: Any
) -> Response:
    """A page of a site below its tabs; `tab` is the one that it belongs to."""
    asker = asker_of(request)
    tabs = [(name, address(site.name, place)) for name, (place, action) in TABS.items() if asker.may(action, site.name)]
    may = {
        "roll_back": asker.may(Action.ROLL_BACK, site.name),
        "waive": bool(asker.opened) and asker.may(Action.WAIVE, site.name),
        "detect": asker.may(_DETECT, site.name),
        "cancel": asker.may(Action.JOBS_CANCEL, site.name),
        "retry": asker.may(Action.JOBS_RETRY, site.name),
    }
    here: dict[str, Any] = {"here": "deployments", "site": site, "at": quote(site.name), "tab": tab, "site_tabs": tabs}
    return page(request, template, status=status, may=may, key_text=key_text, query=query, **here, **content)


def deployment_number(site: str, number: int) -> int:
    """Raises NotFound for what no database takes."""
    if not 1 <= number <= MOST:
        raise NotFound(sentences.NO_SUCH_NUMBER.say(site=site, number=number))
    return number
