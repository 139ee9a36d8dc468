"""Differences: what readers of one deployment see otherwise than those of another, unit by unit, and why."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any
from urllib.parse import urlencode
from weakref import WeakValueDictionary

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.domain.units import Locale
from tm_service.service import Service
from tm_service.usecases.compare import SEEN, Comparison, DifferenceKind, Wanted, counted
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, service_of
from tm_service.web.callers import needs
from tm_service.web.desks.deployments.frame import deployment_number, site_page
from tm_service.web.views import deployment_row

SHOWN = 50  # differences of a page
_KEPT = 20  # comparisons

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Query(ge=0, le=MOST)]
Asked = Annotated[str, Query(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many units became what: by locale and kind, by kind, and of the kinds that are shown."""

    by_locale: Counter[tuple[Locale, DifferenceKind]]
    by_kind: Counter[DifferenceKind]
    shown: int


@dataclass(frozen=True, eq=False)
class _Turn:
    """Who counts a comparison; it is there as long as somebody holds or awaits it."""

    lock: Lock = field(default_factory=Lock)


@dataclass
class Comparisons:
    """Deployments never change: what was counted once of two of them holds. Those longest unused are forgotten first.

    Of several who open the same comparison one counts it, and the others wait.
    """

    kept: OrderedDict[tuple[object, ...], Comparison] = field(default_factory=OrderedDict)
    turns: WeakValueDictionary[tuple[object, ...], _Turn] = field(default_factory=WeakValueDictionary)
    lock: Lock = field(default_factory=Lock)

    def of(self, service: Service, site: str, before: int, now: int) -> Comparison:
        """Raises NotFound."""
        moments = [service.deployment(site, number).at for number in (before, now)]
        key = (site, before, now, *moments)
        with self.lock:
            turn = self.turns.setdefault(key, _Turn())
        with turn.lock:
            found = self.kept.get(key) or service.releases.compare(site, before, now)
            with self.lock:
                self.kept[key] = found
                self.kept.move_to_end(key)
                while len(self.kept) > _KEPT:
                    self.kept.popitem(last=False)
        return found


def comparison_of(request: Request, site: str, before: int, now: int) -> Comparison:
    """Raises NotFound."""
    kept: Comparisons = request.app.state.comparisons
    return kept.of(service_of(request), site, before, now)


def tallies(found: Comparison, wanted: Wanted) -> Tallies:
    by_locale = counted(found, wanted)
    by_kind: Counter[DifferenceKind] = Counter()
    for (_, kind), count in by_locale.items():
        by_kind[kind] += count
    return Tallies(by_locale, by_kind, sum(by_kind[kind] for kind in wanted.kinds))


@router.api_route("/sites/{site}/differences", methods=[*METHODS], dependencies=[needs(Action.SITES_READ)])
def differences(
    request: Request,
    site: str,
    before: Number = 0,
    now: Number = 0,
    kind: Annotated[list[DifferenceKind] | None, Query()] = None,
    locale: Asked = "",
    path: Asked = "",
    start: Number = 0,
) -> Response:
    """Two deployments, the newest and the one before it where none is named."""
    service, known = service_of(request), service_of(request).site(site)
    latest = service.latest(site)
    newest = latest.number if latest else 0
    now = now or newest
    before = before or max(1, now - 1)
    wanted = Wanted(tuple(dict.fromkeys(kind or SEEN)), locale, path)
    content: dict[str, Any] = {"before": before, "now": now, "newest": newest, "wanted": wanted, "found": None}
    if newest:
        found = comparison_of(request, site, deployment_number(site, before), deployment_number(site, now))
        told = tallies(found, wanted)
        content |= {
            "found": found,
            "rows": (deployment_row(found.before), deployment_row(found.now)),
            "locales": [*known.locales, *sorted({page.locale for page in found.pages} - {*known.locales})],
            "tallies": told,
            "shown": service.releases.differences(found, wanted, start, SHOWN) if start < told.shown else (),
            "start": start,
            "following": start + SHOWN if start + SHOWN < told.shown else 0,
            "step": SHOWN,
            "asked": _asked(before, now, wanted),
        }
    return site_page(request, "deployments/differences.html", known, "differences", kinds=[*DifferenceKind], **content)


def _asked(before: int, now: int, wanted: Wanted) -> str:
    """What is asked for, as links to other parts of the list say it."""
    kinds = [("kind", kind.value) for kind in wanted.kinds] if tuple(wanted.kinds) != SEEN else []
    said = [("before", before), ("now", now), *kinds, ("locale", wanted.locale), ("path", wanted.path)]
    return urlencode([(name, value) for name, value in said if value])
