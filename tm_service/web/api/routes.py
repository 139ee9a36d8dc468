"""Routes: what all functions of the interface share: their place, their refusals, and how bodies and lists are read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from types import UnionType
from typing import Annotated, Any, TypeVar, cast

from fastapi import APIRouter, Header, Path, Query
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import ConfigurationError, NotFound, Refused
from tm_service.service import Service
from tm_service.web.api.kept_answers import KEY, LONGEST, KeptRoute
from tm_service.web.json_answers import answered
from tm_service.web.kept import has, tag_of

PREFIX = "/api/v1"
MOST = 2**31 - 1  # of numbers that something is known by
_MOST = 200  # of a page of a list
_Item = TypeVar("_Item")

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457); `title` and `advice` are in the language of `Accept-Language`.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "advice": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail", "advice"],
}
_NOT_THERE = {
    "type": "urn:tm-service:problem:not-found",
    "title": "This is not there",
    "status": 404,
    "detail": "There is no site reef: there are demo.",
    "advice": "What you asked for does not exist, or not any more.",
}
_REFUSAL = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _NOT_THERE}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    kind: {"description": said, "content": _REFUSAL}
    for kind, said in {"4XX": "What was asked cannot be done.", "5XX": "Something failed here or outside."}.items()
}


class Body(BaseModel):
    """What a client sends: these members and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=100_000)


class Router(APIRouter):
    """Functions of one area of the interface; each is named as its Python function is."""

    def __init__(self, area: str) -> None:
        super().__init__(
            prefix=PREFIX,
            tags=[area],
            responses=_REFUSALS,
            generate_unique_id_function=_named,
            route_class=KeptRoute,
        )


def _named(route: APIRoute) -> str:
    return route.name


def service_of(request: Request) -> Service:
    return cast("Service", request.app.state.service)


def told(content: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A document as it is sent."""
    return answered(content, headers, status)


def documented(
    description: str, example: object, answer: type[BaseModel] | UnionType | None = None, *, status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """What a function answers, for its description: a document such as `example`, which has the members of `answer`."""
    content: dict[str, Any] = {"example": example}
    said: dict[str, Any] = {"description": description, "content": {"application/json": content}}
    if answer is None:
        content["schema"] = {"type": "object", "additionalProperties": True}
    else:
        said["model"] = answer
    return {status: said}


Number = Annotated[int, Path(ge=1, le=MOST)]
# No earlier and no later: every database and every zone can tell it.
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]
TEXT = r"^[^\x00]*$"  # PostgreSQL has no text with a zero in it
Cursor = Annotated[str, Query(max_length=200, pattern=TEXT, description="What the page before gave as its `cursor`.")]
Most = Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")]
Key = Annotated[
    str,
    Header(
        alias=KEY,
        max_length=LONGEST,
        description="Who sends the same key again gets the same answer, and nothing is done twice.",
    ),
]


def paged(
    found: Sequence[_Item],
    name: Callable[[_Item], str],
    cursor: str,
    most: int,
    wanted: Callable[[_Item], bool] = lambda _item: True,
) -> tuple[Sequence[_Item], str]:
    """Of a list the wanted items after the one that the cursor names, and the cursor of the next page; "" at the end.

    The cursor's item need not be wanted any more: who pages on while things change misses nothing. Raises Refused where it
    is no longer in the list at all.
    """
    names = [name(item) for item in found]
    if cursor and cursor not in names:
        raise Refused("This cursor is of an item that is no longer in this list; begin again without one.")
    after = found[names.index(cursor) + 1 :] if cursor else found
    rest = [item for item in after if wanted(item)]
    return rest[:most], name(rest[most - 1]) if most < len(rest) else ""


def tagged(request: Request, document: object) -> Response:
    """A document with its entity tag, or 304 where the client has it."""
    tag = tag_of(repr(document))
    if has(request.headers.get("If-None-Match", ""), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return told(document, headers={"ETag": tag})


Seen = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=2000,
        description="The entity tag of what you have seen, so that nobody overwrites what others wrote.",
    ),
]


def unmoved(seen: str, document: object) -> None:
    """Let on who has seen the document as it is now (RFC 9110, 13.1.1), or says by `*` that any will do.

    Raises HTTPException: 428 where it is not said (RFC 6585, 3), 412 where it moved.
    """
    named = {one.strip() for one in seen.split(",")}
    if not seen.strip():
        raise HTTPException(HTTPStatus.PRECONDITION_REQUIRED)
    if not named & {"*", tag_of(repr(document))}:
        raise HTTPException(HTTPStatus.PRECONDITION_FAILED)


def as_seen(seen: str, shape: Callable[[_Item], object]) -> Callable[[_Item], None]:
    """What looks, in the transaction of a change, whether what is changed is as it was seen; see `unmoved`."""
    return lambda known: unmoved(seen, shape(known))


@contextmanager
def as_sent() -> Iterator[None]:
    """What is wrong with something that was sent, or not there, is the sender's to put right. Raises Refused."""
    try:
        yield
    except (ConfigurationError, NotFound) as error:
        raise Refused(str(error)) from error
