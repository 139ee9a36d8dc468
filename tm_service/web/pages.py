"""Pages: sites, coverage, deployments and packages, and what can be downloaded from them."""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.domain.site import Site
from tm_service.service import Service
from tm_service.web.access import METHODS
from tm_service.web.assets import assets
from tm_service.web.callers import asker_of, needs
from tm_service.web.render import page
from tm_service.web.site_views import coverage_of, views_of
from tm_service.web.views import SiteCard, deployment_row, package_rows, table

SHOWN = 25  # rows of a list before it is cut
_LARGEST_NUMBER = 2**31 - 1
_PACKAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_FOREVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.SITES_READ)]


def _service(request: Request) -> Service:
    return cast("Service", request.app.state.service)


@router.api_route("/", methods=[*METHODS], dependencies=_READS)
def sites(request: Request) -> Response:
    """Those that the asker may see; the only one is the first page."""
    service, asker = _service(request), asker_of(request)
    there = {name: found for name, found in service.sites().items() if asker.may(Action.SITES_READ, name)}
    if len(there) == 1:
        only = request.url_for("site", site=next(iter(there)))
        return RedirectResponse(f"{only.path}?{request.url.query}".rstrip("?"), status_code=303)
    return page(request, "sites.html", cards=[_card(service, site) for site in there.values()])


def _card(service: Service, site: Site) -> SiteCard:
    deployments = service.deployments(site.name)
    newest = deployment_row(deployments[0]) if deployments else None
    return SiteCard(site.name, site.source, site.locales, newest)


@router.api_route("/sites/{site}", methods=[*METHODS], dependencies=_READS)
def site(request: Request, site: str) -> Response:
    service = _service(request)
    known = service.site(site)
    deployments = service.deployments(site)
    today = service.clock().date()
    packages = views_of(request).of(
        service, site, "packages", lambda: package_rows(service.handoffs.packages(site), today), today
    )
    shown = None if "all" in request.query_params else SHOWN
    return page(
        request,
        "site.html",
        site=known,
        table=table(coverage_of(request, site, deployments[0].number).locales, known.locales) if deployments else None,
        deployments=[deployment_row(deployment) for deployment in deployments[:shown]],
        more_deployments=len(deployments) - len(deployments[:shown]),
        packages=packages[:shown],
        more_packages=len(packages) - len(packages[:shown]),
    )


@router.api_route("/sites/{site}/deployments/{number:int}", methods=[*METHODS], dependencies=_READS)
def deployment(request: Request, site: str, number: int) -> Response:
    service = _service(request)
    known = service.site(site)
    report = coverage_of(request, site, _deployment_number(site, number))
    return page(
        request,
        "deployment.html",
        site=known,
        deployment=deployment_row(report.deployment),
        table=table(report.locales, known.locales),
    )


def _deployment_number(site: str, number: int) -> int:
    if not 1 <= number <= _LARGEST_NUMBER:
        raise NotFound(f"Site {site} has no deployment {number}.")
    return number


@router.api_route("/sites/{site}/deployments/{number:int}/catalogs.zip", methods=[*METHODS], dependencies=_READS)
def catalogs(request: Request, site: str, number: int) -> Response:
    service = _service(request)
    content = zipped(service.catalogs(service.site(site).name, _deployment_number(site, number)))
    return _download(f"{site}-{number}-catalogs.zip", content)


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """A zip of these files by path, the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path)  # dated 1980-01-01, so that no clock shows
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, contents[path])
    return made.getvalue()


@router.api_route("/packages/{package_id}/file", methods=[*METHODS], dependencies=_READS)
def package_file(request: Request, package_id: str) -> Response:
    if not _PACKAGE_ID.fullmatch(package_id):
        raise NotFound("There is no such package.")
    house = _service(request).handoffs
    for package in house.named([package_id]):
        asker_of(request).require(Action.SITES_READ, package.site, package.locale)
    name, content = house.file(package_id)
    return _download(name, content)


def _download(name: str, content: bytes) -> Response:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".") or "download.zip"
    headers = {"Content-Disposition": f'attachment; filename="{safe}"'}
    return Response(content, media_type="application/zip", headers=headers)


@router.api_route("/static/{digest}/{name}", methods=[*METHODS])
def static(digest: str, name: str) -> Response:
    asset = assets().get(name)
    if asset is None or asset.digest != digest:
        raise NotFound("There is no such file.")
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _FOREVER})
