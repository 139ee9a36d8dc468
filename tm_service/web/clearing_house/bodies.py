"""Bodies: what clients send, read in measure: no more bytes and no deeper than a document may be."""

import json
import re
from math import isfinite
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from tm_service.web.clearing_house.faults import bad

_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")  # may be half of a character
_DEEPEST = 60  # objects and lists within each other


async def body_of(request: Request) -> dict[str, Any]:
    """The object that was sent, which is in measure already."""
    return parsed(await request.body())


def parsed(content: bytes) -> dict[str, Any]:
    """An object in JSON. Raises Answered in one sentence."""
    try:
        found = json.loads(content, parse_constant=_no_number, parse_float=_number)
        if _ESCAPED.search(content):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise bad("The body is no JSON; send one object, its texts whole and its numbers finite.") from error
    if not isinstance(found, dict):
        raise bad("The body is no object; send one.")
    if _too_deep(found):
        raise bad(f"The body is nested deeper than {_DEEPEST} levels; no document is.")
    return found


def _no_number(written: str) -> Any:
    raise ValueError(written)


def _number(written: str) -> float:
    found = float(written)
    return found if isfinite(found) else _no_number(written)


def _too_deep(found: Any) -> bool:
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            return True
        values = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [value for some in values for value in some if isinstance(value, dict | list)]
    return False


Body = Annotated[dict[str, Any], Depends(body_of)]
