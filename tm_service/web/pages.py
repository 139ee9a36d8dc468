"""Pages: the first one, with what waits for whoever is signed in and the sites they may see; and what can be downloaded."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.domain.site import Site
from tm_service.service import Service
from tm_service.web.access import METHODS
from tm_service.web.api.routes import MOST
from tm_service.web.assets import assets, edition
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.house.own import waiting_of
from tm_service.web.downloads import download, zipped
from tm_service.web.render import page
from tm_service.web.views import SiteCard, deployment_row

_PACKAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_FOREVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.SITES_READ)]


def _service(request: Request) -> Service:
    return cast("Service", request.app.state.service)


@router.api_route("/", methods=[*METHODS], dependencies=_READS)
def first(request: Request) -> Response:
    """What waits for whoever is signed in, and the sites that they may see; for others the sites, the only one at once."""
    service, asker = _service(request), asker_of(request)
    there = [found for name, found in service.sites().items() if asker.may(Action.SITES_READ, name)]
    if asker.opened:
        waiting = waiting_of(request, asker.opened.person)
        cards = [card(service, site) for site in there]
        return page(request, "house/notifications.html", here="notifications", waiting=waiting, cards=cards)
    return led_on(request, "site", [site.name for site in there]) or page(
        request, "sites.html", here="deployments", cards=[card(service, site) for site in there], below=""
    )


def led_on(request: Request, route: str, sites: Sequence[str]) -> Response | None:
    """On to the page of the only site, asking the same; None where there are others to choose from."""
    if len(sites) != 1:
        return None
    only = request.url_for(route, site=sites[0])
    return RedirectResponse(f"{only.path}?{request.url.query}".rstrip("?"), HTTPStatus.SEE_OTHER)


def card(service: Service, site: Site) -> SiteCard:
    """A site in one glance."""
    newest = service.latest(site.name)
    return SiteCard(site.name, site.source, site.locales, deployment_row(newest) if newest else None)


def _deployment_number(site: str, number: int) -> int:
    if not 1 <= number <= MOST:
        raise NotFound(f"Site {site} has no deployment {number}.")
    return number


@router.api_route("/sites/{site}/deployments/{number:int}/catalogs.zip", methods=[*METHODS], dependencies=_READS)
def catalogs(request: Request, site: str, number: int) -> Response:
    service = _service(request)
    content = zipped(service.catalogs(service.site(site).name, _deployment_number(site, number)))
    return download(f"{site}-{number}-catalogs.zip", content)


@router.api_route("/packages/{package_id}/file", methods=[*METHODS], dependencies=_READS)
def package_file(request: Request, package_id: str) -> Response:
    if not _PACKAGE_ID.fullmatch(package_id):
        raise NotFound("There is no such package.")
    house = _service(request).handoffs
    for package in house.named([package_id]):
        asker_of(request).require(Action.SITES_READ, package.site, package.locale)
    name, content = house.file(package_id)
    return download(name, content)


@router.api_route("/static/{digest}/{name:path}", methods=[*METHODS])
def static(request: Request, digest: str, name: str) -> Response:
    asset = assets().get(name)
    if asset is None or digest != edition():
        raise NotFound("There is no such file.")
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if asset.small and "gzip" in request.headers.get("Accept-Encoding", ""):
        return Response(asset.small, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)
