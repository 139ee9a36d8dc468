"""Search: one field for everything that the asker may see, the first few of each kind, or all of one kind page by page."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.web.access import METHODS
from tm_service.web.callers import needs
from tm_service.web.desks.house import finding
from tm_service.web.desks.house.finding import Look, Row, look_of
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)
_FEW = 5  # of a kind, among the others
_AT_ONCE = 25  # of one kind
_MOST = 1000  # rows that are counted through
# What is found, in the order in which kinds that fit equally well stand.
KINDS: Mapping[str, Callable[[Look], Iterator[Row]]] = {
    "terms": finding.terms,
    "articles": finding.articles,
    "records": finding.records,
    "units": finding.units,
    "memory": finding.pairs,
    "packages": finding.packages,
    "deployments": finding.deployments,
    "people": finding.people,
}


@router.api_route("/search", methods=[*METHODS], dependencies=[needs(Action.SITES_READ)])
def search(
    request: Request,
    q: Annotated[str, Query(max_length=500, pattern=r"^[^\x00]*$")] = "",
    kind: str = "",
    first: Annotated[int, Query(ge=0, le=_MOST)] = 0,
) -> Response:
    """The kinds with the best hits first; of each what fits best."""
    wanted = q.strip()
    kinds = [kind] if kind in KINDS else list(KINDS)
    step = _AT_ONCE if kind in KINDS else _FEW
    begin = first if kind in KINDS else 0
    look = look_of(request, wanted, begin + step + 1)
    found = {name: _best_first(KINDS[name](look))[: begin + step + 1] for name in kinds} if wanted else {}
    sections = [(name, rows[begin : begin + step], len(rows) > begin + step) for name, rows in found.items()]
    sections = sorted((one for one in sections if one[1]), key=lambda one: one[1][0].fits)
    return page(
        request,
        "house/search.html",
        here="search",
        q=wanted,
        kind=kind if kind in KINDS else "",
        sections=sections,
        following=begin + step,
    )


def _best_first(rows: Iterator[Row]) -> list[Row]:
    """Of at most so many rows; those that fit equally well stay in their order."""
    return sorted(islice(rows, _MOST), key=attrgetter("fits"))
