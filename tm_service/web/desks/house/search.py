"""Search: one field for everything that the asker may see: memory, terms, packages, articles and people."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.domain.site import Site
from tm_service.web.access import METHODS
from tm_service.web.api.memory_places import verbs_of
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.house.memory import marked
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
_FEW = 5  # of a kind


@router.api_route("/search", methods=[*METHODS], dependencies=[needs(Action.SITES_READ)])
def search(
    request: Request, q: Annotated[str, Query(max_length=500, pattern=r"^[^\x00]*$")] = "", said: str = ""
) -> Response:
    """The first few of each kind, and where the rest is."""
    wanted = q.strip()
    sites = _sites(request) if wanted else []
    return page(
        request,
        "house/search.html",
        here="search",
        q=wanted,
        said=said,
        packages=list(_packages(request, sites, wanted)),
        pairs=list(_pairs(request, sites, wanted)),
        terms=list(_terms(request, sites, wanted)),
        articles=list(_articles(request, sites, wanted)),
        people=_people(request, wanted),
    )


def _sites(request: Request) -> list[Site]:
    asker = asker_of(request)
    return [site for site in service_of(request).sites().values() if asker.may(Action.SITES_READ, site.name)]


def _locale(request: Request, site: Site) -> str:
    """The reader's language where the site has it, else the site's first."""
    return chosen(request) if chosen(request) in site.locales else site.locales[0]


def _packages(request: Request, sites: list[Site], wanted: str) -> Iterator[tuple[str, str, str]]:
    """Id, site and locale of packages whose id has what is wanted in it; the newest first."""
    house, few = service_of(request).handoffs, 0
    for site in sites:
        for name, locale, _status in house.places(site.name):
            if wanted.casefold() in name.casefold() and few < _FEW:
                few += 1
                yield name, site.name, locale


def _pairs(
    request: Request, sites: list[Site], wanted: str
) -> Iterator[tuple[object, list[tuple[bool, str]], str, str]]:
    """Hits of the memories with their pieces, the site and the locale."""
    verbs, asker = verbs_of(request), asker_of(request)
    for site in sites:
        locale = _locale(request, site)
        if asker.may(Action.MEMORY_READ, site.name, locale):
            found = verbs.concordance(verbs.reading(site.name, locale), wanted, side="both", limit=_FEW)
            for hit in found.hits:
                yield hit, list(marked(hit)), site.name, locale


def _terms(request: Request, sites: list[Site], wanted: str) -> Iterator[tuple[object, str, str]]:
    verbs, asker = verbs_of(request), asker_of(request)
    for site in sites:
        locale = _locale(request, site)
        if not asker.may(Action.TERMS_READ, site.name, locale):
            continue
        there = verbs.terms(site.name, locales=[locale])
        found = [one for one in there if wanted.casefold() in f"{one.source}\n{one.target}".casefold()]
        for one in found[:_FEW]:
            yield one, site.name, locale


def _articles(request: Request, sites: list[Site], wanted: str) -> Iterator[tuple[str, str, str, str]]:
    """Identifier, title, its language and the site of articles whose title has what is wanted in it, among the newest."""
    house = service_of(request).articles
    for site in sites:
        if not site.is_record_store:
            continue
        try:
            there = house.listed(_locale(request, site), site.name)
        except NotFound:  # nothing of it was deployed yet
            continue
        found = [entry for entry in there.entries if wanted.casefold() in entry.title.casefold()]
        for entry in found[:_FEW]:
            yield entry.identifier, entry.title, entry.spoken, site.name


def _people(request: Request, wanted: str) -> list[tuple[str, str]]:
    if not wanted or not asker_of(request).may(Action.ACCOUNTS_MANAGE):
        return []
    there = service_of(request).people().people()
    return [(one.id, one.name) for one in there if wanted.casefold() in f"{one.name} {one.email}".casefold()][:_FEW]
