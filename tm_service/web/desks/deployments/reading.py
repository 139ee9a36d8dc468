"""Reading: what a reader sees at any deployment in any language, resource by resource or by a search, and why."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.deployments import PageRef
from tm_service.domain.permissions import Action
from tm_service.usecases.shown import Place
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, service_of
from tm_service.web.callers import needs
from tm_service.web.desks.deployments.frame import deployment_number, query, site_page

SHOWN = 50  # lines of a page
RESOURCES = 100

router = APIRouter(include_in_schema=False)


class Asked(BaseModel, frozen=True):
    """What is looked at: a deployment, 0 for the newest; a language; a resource, letters of its path, or of a text."""

    deployment: int = Field(0, ge=0, le=MOST)
    locale: str = Field("", max_length=40)
    resource: str = Field("", max_length=2000)
    key: str = Field("", max_length=2000)
    q: str = Field("", max_length=500)
    path: str = Field("", max_length=500)
    start: int = Field(0, ge=0, le=MOST)
    after: str = Field("", max_length=2000)

    def link(self, **other: object) -> str:
        """The address of the same with something else; from the beginning, where that is not said."""
        said = {**self.model_dump(), "start": 0, "after": "", **other}
        return query(**said)


@router.api_route("/sites/{site}/reading", methods=[*METHODS], dependencies=[needs(Action.SITES_READ)])
def reading(request: Request, site: str, said: Annotated[Asked, Query()]) -> Response:
    """The resources of a language; the lines of one of them; or the lines that have certain letters."""
    service, known = service_of(request), service_of(request).site(site)
    latest = service.latest(site)
    newest = latest.number if latest else 0
    usual = {"deployment": said.deployment or newest, "locale": said.locale or known.locales[0]}
    asked = said.model_copy(update=usual)
    content: Mapping[str, Any] = _shown(request, site, asked) if newest else {"mode": "empty"}
    content = {"newest": newest, "asked": asked, "link": asked.link, **content}
    return site_page(request, "deployments/reading.html", known, "reading", **content)


def _shown(request: Request, site: str, asked: Asked) -> Mapping[str, Any]:
    releases, number = service_of(request).releases, deployment_number(site, asked.deployment)
    if asked.q.strip():
        refs = releases.resources(site, number, asked.locale)
        found = releases.search(site, refs, asked.q.strip(), begin=Place(asked.after, asked.start), most=SHOWN)
        return {"mode": "search", "lines": found.lines, "following": found.following}
    if asked.resource:
        of_resource = (asked.locale, asked.resource)
        lines, whole = releases.lines(site, number, *of_resource, key=asked.key, start=asked.start, most=SHOWN)
        return {"mode": "lines", "lines": lines} | _place(asked.start, SHOWN, whole)
    refs = [ref for ref in releases.resources(site, number, asked.locale) if _fits(ref, asked.path)]
    some = refs[asked.start : asked.start + RESOURCES]
    return {"mode": "resources", "resources": some} | _place(asked.start, RESOURCES, len(refs))


def _place(start: int, step: int, whole: int) -> dict[str, Any]:
    """Where a part of a list stands in the whole of it."""
    return {"following": start + step if start + step < whole else 0, "step": step, "whole": whole}


def _fits(ref: PageRef, path: str) -> bool:
    return path.casefold() in ref.resource.casefold()
