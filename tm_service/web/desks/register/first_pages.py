"""First pages: the sites of whoever asks, a site in one glance, one language on a sheet of paper, and what programs ask for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.domain.units import Locale
from tm_service.usecases.register.freshness import Freshness
from tm_service.usecases.register.work import LocaleWork
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.register import views, work_views
from tm_service.web.desks.register.charts import heat_class
from tm_service.web.desks.register.counts import Counts
from tm_service.web.desks.register.downloads import Format, answered, download
from tm_service.web.desks.register.paper import summary
from tm_service.web.desks.register.shown import all_shown, drawn
from tm_service.web.desks.register.views import Say
from tm_service.web.pages import led_on
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.SITES_READ)]
_USES = [needs(Action.USAGE_READ)]
_ALARMS = 5  # that the first page of a site shows
Days = Annotated[int, Query(ge=1, le=366)]


@dataclass(frozen=True, slots=True)
class Glance:
    """One language of a site in one line; shares and days are None where nothing was deployed."""

    locale: Locale
    share: float | None
    fresh: Freshness | None
    median: int | None
    work: LocaleWork


@dataclass(frozen=True, slots=True)
class Card:
    """A site in a few figures."""

    name: str
    share: float | None
    alarms: int
    overdue: int


@router.api_route("/register", methods=[*METHODS], dependencies=_READS)
def sites(request: Request) -> Response:
    """Those that the asker may see; the only one leads on."""
    asker = asker_of(request)
    there = [name for name in service_of(request).sites() if asker.may(Action.SITES_READ, name)]
    return led_on(request, "overview", there) or page(
        request,
        "register/sites.html",
        here="register",
        cards=[_card(Counts(request, name)) for name in there],
        may=asker.may(Action.USAGE_READ),
    )


def _card(counts: Counts) -> Card:
    total = _total(counts)
    waiting = [one for one in counts.alarms if one.acknowledged is None]
    return Card(counts.name, total, len(waiting), sum(one.overdue for one in counts.work.locales))


def _total(counts: Counts) -> float | None:
    """The share of units that readers see in their languages, of all languages together."""
    newest = counts.deployments[0].coverage if counts.deployments else {}
    tallies = [newest[locale].units for locale in counts.site.locales if locale in newest]
    units = sum(tally.units for tally in tallies)
    return sum(tally.covered for tally in tallies) / units if units else None


def glances(counts: Counts) -> list[Glance]:
    newest = counts.deployments[0].coverage if counts.deployments else {}
    report = counts.freshness
    fresh = {one.locale: one for one in report.locales} if report else {}
    found = []
    for work in counts.work.locales:
        locale = work.locale
        mine = fresh.get(locale)
        median = views.days(report.median(mine), counts.now) if report and mine else None
        share = views.share(newest[locale].units) if locale in newest else None
        found.append(Glance(locale, share, mine, median, work))
    return found


@router.api_route("/sites/{site}/register", methods=[*METHODS], dependencies=_READS)
def overview(request: Request, site: str) -> Response:
    """What needs somebody, and where each language stands."""
    counts = Counts(request, site)
    say = Say(chosen(request), counts.site.name)
    waiting = [one for one in counts.alarms if one.acknowledged is None]
    view = views.trend(say, counts.deployments, counts.site.locales, "units", "translated")
    return page(
        request,
        "register/overview.html",
        here="register",
        of="overview",
        site=counts.site,
        glances=glances(counts),
        heat_class=heat_class,
        may=asker_of(request).may(Action.USAGE_READ),
        waiting=waiting[:_ALARMS],
        more=max(0, len(waiting) - _ALARMS),
        charts=[drawn(request, chart, say.code, f"/sites/{site}/register/trend/file") for chart in view.charts],
    )


@router.api_route("/sites/{site}/register/summary", methods=[*METHODS], dependencies=_READS)
def summary_page(request: Request, site: str, locale: Annotated[str, Query(max_length=20)] = "") -> Response:
    """One language on one page of paper, as PDF; the first one of the site where none is named. Raises NotFound."""
    counts = Counts(request, site)
    wanted = locale or counts.site.locales[0]
    found = {one.locale: one for one in glances(counts)}
    if wanted not in found:
        raise NotFound(f"Site {site} has no locale {wanted}; it has {', '.join(counts.site.locales)}.")
    say = Say(chosen(request), counts.site.name)
    return download(f"{site}-{wanted}.pdf", summary(say, counts, wanted))


# programs


def _usage(request: Request, days: int) -> tuple[Say, views.View]:
    house, say = service_of(request), Say(chosen(request), "")
    room, today = house.people(), house.clock().date()
    names = {client.id: client.name for client in room.clients()}
    used = room.usage(since=today - timedelta(days=days - 1), until=today)
    return say, work_views.usage(say, ((names.get(one.client, one.client), one.function, one.calls) for one in used))


@router.api_route("/register/usage", methods=[*METHODS], dependencies=_USES)
def usage(request: Request, days: Days = 30) -> Response:
    """What programs called in the last days."""
    say, view = _usage(request, days)
    parts = all_shown(request, view, say.code, "/register/usage/file")
    return page(request, "register/usage.html", here="register", days=days, **parts)


@router.api_route("/register/usage/file", methods=[*METHODS], dependencies=_USES)
def usage_file(
    request: Request, days: Days = 30, table: Literal["usage", "functions"] = "usage", kind_of: Format = "csv"
) -> Response:
    say, view = _usage(request, days)
    return answered(say, view, table, kind_of)
