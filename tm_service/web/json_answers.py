"""JSON answers: values as the bytes that are sent."""

import json
from collections.abc import Mapping

from starlette.responses import Response

MEDIA_TYPE = "application/json"


def dumped(content: object) -> bytes:
    """JSON as it is sent; what is no Unicode text is escaped."""
    try:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(content, separators=(",", ":")).encode()


def answered(content: object, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    return Response(dumped(content), status, dict(headers or {}), media_type=MEDIA_TYPE)
