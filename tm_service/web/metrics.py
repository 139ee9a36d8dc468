"""Metrics: what Prometheus reads, for who shows the token, or asks from this machine where there is none."""

from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.web.access import METHODS
from tm_service.web.faults import fault

router = APIRouter(include_in_schema=False)

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@router.api_route("/metrics", methods=[*METHODS])
def metrics(request: Request) -> Response:
    """How the house is doing, by site and locale: nobody's texts, but not for everybody either."""
    token: str = request.app.state.operation.metrics_token
    if token:
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not compare_digest(shown, f"Bearer {token}".encode()):
            return fault(request, HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    elif not _from_here(request):
        return fault(request, HTTPStatus.FORBIDDEN)
    return Response(request.app.state.metrics.page(), media_type=_TYPE)


def _from_here(request: Request) -> bool:
    """A proxy on this machine asks from here too, for somebody who may be anywhere; it says so in a header."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
