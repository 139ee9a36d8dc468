"""Lists: the deployments of a site, one after another and one by one, with what each served and who made it; its packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.audit import Caller
from tm_service.domain.audit import Line as JournalLine
from tm_service.domain.deployments import Coverage, Deployment
from tm_service.domain.permissions import Action
from tm_service.domain.serving import Waiver
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST, service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.deployments.frame import deployment_number, site_page
from tm_service.web.desks.deployments.said import findings
from tm_service.web.pages import card, led_on
from tm_service.web.render import chosen, page
from tm_service.web.site_views import coverage_of, views_of
from tm_service.web.views import Counts, DeploymentRow, counts, deployment_row, package_rows, table

SHOWN = 25  # rows of a page
NEWEST = 5  # deployments that the first page of a site shows
_FINDINGS = 100  # that one deployment shows

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.SITES_READ)]
Place = Annotated[int, Query(ge=0, le=MOST)]


@dataclass(frozen=True, slots=True)
class Made:
    """A deployment with what it served in all languages together; `caller` made it, None where nobody knows who."""

    row: DeploymentRow
    units: Counts
    findings: int
    caller: Caller | None
    reason: str
    waivers: tuple[Waiver, ...]


def made(found: Deployment, line: JournalLine | None, waivers: Sequence[Waiver]) -> Made:
    """`waivers` are all of the site; those that held at the moment stay."""
    total = sum(found.coverage.values(), Coverage())
    held = tuple(waiver for waiver in waivers if waiver.holds(found.at))
    caller, reason = (line.caller, line.entry.reason) if line else (None, "")
    return Made(deployment_row(found), counts(total.units), len(found.findings), caller, reason, held)


@router.api_route("/sites/{site}", methods=[*METHODS], dependencies=_READS)
def site(request: Request, site: str) -> Response:
    """What readers see now, in one glance."""
    releases, known = service_of(request).releases, service_of(request).site(site)
    newest = releases.listed(site, most=NEWEST)
    covered = table(coverage_of(request, site, newest[0].number).locales, known.locales) if newest else None
    rows = [deployment_row(one) for one in newest]
    return site_page(request, "deployments/overview.html", known, "overview", table=covered, deployments=rows)


@router.api_route("/deployments", methods=[*METHODS], dependencies=_READS)
def deployments_of_all(request: Request) -> Response:
    """The sites that the asker may see; the only one leads on."""
    service, asker = service_of(request), asker_of(request)
    there = [site for name, site in service.sites().items() if asker.may(Action.SITES_READ, name)]
    return led_on(request, "deployments", [site.name for site in there]) or page(
        request,
        "sites.html",
        here="deployments",
        cards=[card(service, site) for site in there],
        below="/deployments",
    )


@router.api_route("/sites/{site}/deployments", methods=[*METHODS], dependencies=_READS)
def deployments(request: Request, site: str, before: Place = 0) -> Response:
    releases, known = service_of(request).releases, service_of(request).site(site)
    found = releases.listed(site, before=before, most=SHOWN + 1)
    shown, waivers = found[:SHOWN], releases.waivers(site)
    lines = releases.makers(site, [one.number for one in shown])
    return site_page(
        request,
        "deployments/list.html",
        known,
        "deployments",
        rows=[made(one, lines.get(one.number), waivers) for one in shown],
        older=shown[-1].number if len(found) > SHOWN else 0,
        before=before,
    )


@router.api_route("/sites/{site}/deployments/{number:int}", methods=[*METHODS], dependencies=_READS)
def deployment(request: Request, site: str, number: int, said: str = "") -> Response:
    releases, known = service_of(request).releases, service_of(request).site(site)
    report = coverage_of(request, site, deployment_number(site, number))
    found, code = report.deployment, chosen(request)
    line = releases.makers(site, [number]).get(number)
    return site_page(
        request,
        "deployments/one.html",
        known,
        "deployments",
        said=said,
        made=made(found, line, releases.waivers(site)),
        job=line.caller.request if line and line.caller and line.caller.door == "worker" else "",
        newest=(service_of(request).latest(site) or found).number,
        table=table(report.locales, known.locales),
        findings=findings(found.findings[:_FINDINGS], code),
        more_findings=max(0, len(found.findings) - _FINDINGS),
    )


@router.api_route("/sites/{site}/packages", methods=[*METHODS], dependencies=_READS)
def packages(request: Request, site: str, start: Place = 0) -> Response:
    service, known = service_of(request), service_of(request).site(site)
    today = service.clock().date()
    rows = views_of(request).of(
        service, site, "packages", lambda: package_rows(service.handoffs.packages(site), today), today
    )
    return site_page(
        request,
        "deployments/packages.html",
        known,
        "packages",
        packages=rows[start : start + SHOWN],
        start=start,
        following=start + SHOWN if len(rows) > start + SHOWN else 0,
        step=SHOWN,
    )
