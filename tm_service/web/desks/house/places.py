"""Places: on which site and in which language the memory and the terms are looked at."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from tm_service.domain.permissions import Action
from tm_service.domain.site import Site
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of
from tm_service.web.render import chosen

Query_ = Annotated[str, Query(max_length=5000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class Place:
    """Where is looked: a site that the asker sees, and one of its locales; None where they see none."""

    sites: tuple[Site, ...]
    site: Site | None
    locale: str


def place_of(request: Request, action: Action, site: str, locale: str) -> Place:
    """The site and locale asked for, else the first of each, the reader's own language before others.

    Raises NotFound, NotAllowed.
    """
    service, asker = service_of(request), asker_of(request)
    sites = tuple(
        one for one in service.sites().values() if any(asker.may(action, one.name, code) for code in one.locales)
    )
    if site:
        found = service.site(site)
    elif sites:
        found = sites[0]
    else:
        return Place(sites, None, "")
    mine = [one for one in found.locales if asker.may(action, found.name, one)] or list(found.locales)
    wanted = locale or (chosen(request) if chosen(request) in mine else mine[0])
    asker.require(action, found.name, wanted)
    return Place(sites, found, wanted)
