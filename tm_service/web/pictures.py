"""Pictures: what documents show, for whoever knows the address, which is the digest of what is in it."""

import re
from typing import TYPE_CHECKING, cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.domain.pictures import PICTURES
from tm_service.web.access import METHODS

if TYPE_CHECKING:
    from tm_service.service import Service

_NAME = re.compile(r"([0-9a-f]{64})\.(png|jpg|webp)")
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
# Other sites show them in what they read here; opened by itself, one runs nothing.
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

router = APIRouter(include_in_schema=False)


@router.api_route(f"{PICTURES}{{name}}", methods=[*METHODS])
def picture(request: Request, name: str) -> Response:
    named = _NAME.fullmatch(name)
    found = cast("Service", request.app.state.service).records().picture(named[1]) if named else None
    if found is None or named is None or named[2] != found.kind:
        raise NotFound("There is no such picture.")
    return Response(found.content, media_type=_TYPES[found.kind], headers=_HEADERS)
