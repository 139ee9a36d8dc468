"""Pages: the Secretariat's register of a site, and its tables and charts as files."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.domain.units import Locale
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, service_of
from tm_service.web.callers import needs
from tm_service.web.desks.register import views, work_views
from tm_service.web.desks.register.counts import Counts
from tm_service.web.desks.register.downloads import Format, answered
from tm_service.web.desks.register.shown import all_shown
from tm_service.web.desks.register.views import Say, View
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.SITES_READ)]
Kind = Literal["units", "words"]
Measure = Literal["translated", "current"]
Number = Annotated[int, Query(ge=0, le=MOST)]
Path = Annotated[str, Query(max_length=1000)]
Code = Annotated[str, Query(max_length=20)]


def _place(site: str, of: str) -> str:
    return f"/sites/{site}/register/{of}/file"


def _say(request: Request, site: str) -> Say:
    return Say(chosen(request), service_of(request).site(site).name)


def _shown(request: Request, site: str, of: str, view: View, **more: Any) -> Response:
    say = _say(request, site)
    parts = all_shown(request, view, say.code, _place(site, of))
    known = service_of(request).site(site)
    return page(
        request, "register/view.html", here="register", site=known, of=of, asked=request.query_params, **parts, **more
    )


# coverage


@router.api_route("/sites/{site}/register/coverage", methods=[*METHODS], dependencies=_READS)
def coverage(
    request: Request,
    site: str,
    below: Path = "",
    deployment: Number = 0,
    kind: Kind = "units",
    measure: Measure = "translated",
) -> Response:
    """By section and language, of the newest deployment or another."""
    counts = Counts(request, site)
    if not counts.deployments:
        return _shown(request, site, "coverage", View((), ()), found=None, numbers=[], kind=kind, measure=measure)
    found = counts.heat(deployment, below)
    view = views.coverage(_say(request, site), found, counts.site.locales, kind, measure)
    numbers = [(one.number, one.at) for one in counts.deployments]
    return _shown(request, site, "coverage", view, found=found, numbers=numbers, kind=kind, measure=measure)


@router.api_route("/sites/{site}/register/coverage/file", methods=[*METHODS], dependencies=_READS)
def coverage_file(
    request: Request,
    site: str,
    below: Path = "",
    deployment: Number = 0,
    kind: Kind = "units",
    measure: Measure = "translated",
    kind_of: Format = "csv",
) -> Response:
    counts, say = Counts(request, site), _say(request, site)
    found = counts.heat(deployment, below)
    return answered(say, views.coverage(say, found, counts.site.locales, kind, measure), "coverage", kind_of)


# over time


def _trend(request: Request, site: str, kind: Kind, measure: Measure) -> View:
    counts = Counts(request, site)
    return views.trend(_say(request, site), counts.deployments, counts.site.locales, kind, measure)


@router.api_route("/sites/{site}/register/trend", methods=[*METHODS], dependencies=_READS)
def trend(request: Request, site: str, kind: Kind = "units", measure: Measure = "translated") -> Response:
    view = _trend(request, site, kind, measure)
    return _shown(request, site, "trend", view, kind=kind, measure=measure)


@router.api_route("/sites/{site}/register/trend/file", methods=[*METHODS], dependencies=_READS)
def trend_file(
    request: Request, site: str, kind: Kind = "units", measure: Measure = "translated", kind_of: Format = "csv"
) -> Response:
    return answered(_say(request, site), _trend(request, site, kind, measure), "trend", kind_of)


# freshness


def _freshness(request: Request, site: str, locale: Locale) -> View:
    counts, say = Counts(request, site), _say(request, site)
    report = counts.longest
    if locale and locale not in counts.site.locales:
        raise NotFound(f"Site {site} has no locale {locale}; it has {', '.join(counts.site.locales)}.")
    if report is None:
        return View((), ())
    view = views.freshness(say, report, counts.now)
    return View(view.charts, (*view.sheets, views.longest(say, report, locale, counts.now)))


@router.api_route("/sites/{site}/register/freshness", methods=[*METHODS], dependencies=_READS)
def freshness(request: Request, site: str, locale: Code = "") -> Response:
    """How long each language has been behind, and why; the units that are the longest."""
    return _shown(request, site, "freshness", _freshness(request, site, locale), locale=locale)


@router.api_route("/sites/{site}/register/freshness/file", methods=[*METHODS], dependencies=_READS)
def freshness_file(
    request: Request, site: str, locale: Code = "", table: Code = "freshness", kind_of: Format = "csv"
) -> Response:
    return answered(_say(request, site), _freshness(request, site, locale), table, kind_of)


# packages


@router.api_route("/sites/{site}/register/work", methods=[*METHODS], dependencies=_READS)
def work(request: Request, site: str) -> Response:
    """What is out and due, and when it will be done."""
    view = work_views.work(_say(request, site), Counts(request, site).work)
    return _shown(request, site, "work", view)


@router.api_route("/sites/{site}/register/work/file", methods=[*METHODS], dependencies=_READS)
def work_file(request: Request, site: str, table: Code = "work", kind_of: Format = "csv") -> Response:
    say = _say(request, site)
    return answered(say, work_views.work(say, Counts(request, site).work), table, kind_of)


def _savings(request: Request, site: str) -> View:
    counts = Counts(request, site)
    return work_views.savings(_say(request, site), counts.savings, counts.site.locales)


@router.api_route("/sites/{site}/register/savings", methods=[*METHODS], dependencies=_READS)
def savings(request: Request, site: str) -> Response:
    """What the memory saved, by language and by month."""
    return _shown(request, site, "savings", _savings(request, site))


@router.api_route("/sites/{site}/register/savings/file", methods=[*METHODS], dependencies=_READS)
def savings_file(request: Request, site: str, table: Code = "savings", kind_of: Format = "csv") -> Response:
    return answered(_say(request, site), _savings(request, site), table, kind_of)


@router.api_route("/sites/{site}/register/quality", methods=[*METHODS], dependencies=_READS)
def quality(request: Request, site: str) -> Response:
    """What was found in returns."""
    view = work_views.quality(_say(request, site), Counts(request, site).quality)
    return _shown(request, site, "quality", view)


@router.api_route("/sites/{site}/register/quality/file", methods=[*METHODS], dependencies=_READS)
def quality_file(request: Request, site: str, table: Code = "quality", kind_of: Format = "csv") -> Response:
    say = _say(request, site)
    return answered(say, work_views.quality(say, Counts(request, site).quality), table, kind_of)
