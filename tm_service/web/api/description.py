"""Description: the interface as OpenAPI 3.1, for the programs that read it."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.permissions import Action
from tm_service.web.api.examples import UNDER_WAY
from tm_service.web.api.kept_answers import KEY, LONGEST, KeptRoute
from tm_service.web.api.routes import PREFIX, PROBLEM
from tm_service.web.callers import Needs
from tm_service.web.json_answers import MEDIA_TYPE, dumped
from tm_service.web.kept import answer, code_version, tag_of

router = APIRouter(prefix=PREFIX, include_in_schema=False)
_VERSION = "1"
_SAID = (
    "One call a task. Programs show a token (`Authorization: Bearer tms_...`), people have a session. What takes a while is "
    "a job: the call waits for it, or with `Prefer: respond-async` answers at once with where to look. "
    "What changes something takes an `Idempotency-Key`, and what could overwrite takes `If-Match`. "
    "Refusals are problem details (RFC 9457) in the language of `Accept-Language`."
)

_KEY = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "maxLength": LONGEST, "pattern": "^[!-~]*$"},
    "example": "9b1d7c3e-release-7",
    "description": (
        "Who sends the same request again under the same key, within a day, gets the same answer, with "
        "`Idempotency-Replayed: true`, and nothing is done twice. Another request under it is refused (422), and so is the "
        "same while the first is under way (409)."
    ),
}


@router.get("/openapi.json")
def describe(request: Request) -> Response:
    tag = tag_of("openapi", code_version())
    return answer(request, tag, lambda: dumped(_described(request)), media_type=MEDIA_TYPE, headers={})


def _described(request: Request) -> dict[str, Any]:
    app = request.app
    found = get_openapi(title="Translation service", version=_VERSION, description=_SAID, routes=app.routes)
    components = found["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["parameters"] = {"IdempotencyKey": _KEY}
    components.setdefault("securitySchemes", {}).update(
        {
            "client": {"type": "http", "scheme": "bearer", "description": "The token of a registered program."},
            "session": {"type": "apiKey", "in": "cookie", "name": "session"},
        }
    )
    routes = {route.name: route for route in functions(app) if route.include_in_schema}
    dated = {one.name: one for one in app.state.deprecated}
    for path in found["paths"].values():
        for operation in path.values():
            route = routes[operation["operationId"]]
            if action := needed(route):
                operation["security"] = [{"client": []}, {"session": []}]
                operation["x-action"] = action
            _mend(operation, route)
            told = [said["description"] for status, said in operation["responses"].items() if status.startswith("2")]
            operation.setdefault("description", told[0])
            if isinstance(route, KeptRoute):
                _tell_keys(operation, route)
            if old := dated.get(operation["operationId"]):
                operation |= {"deprecated": True, "x-sunset": old.until.isoformat(), "x-instead": old.instead}
    return found


def _mend(operation: dict[str, Any], route: APIRoute) -> None:
    """Put back what FastAPI leaves out of examples, members that are null; take away what OpenAPI has from 3.2 on."""
    for status, said in operation["responses"].items():
        for kind, content in said.get("content", {}).items():
            content.pop("itemSchema", None)
            known = route.responses.get(int(status) if status.isdecimal() else status, {}).get("content", {})
            if "example" in known.get(kind, {}):
                content["example"] = known[kind]["example"]


def _tell_keys(operation: dict[str, Any], route: KeptRoute) -> None:
    """Say of a function that it takes a key, and of one that is a job how it is answered while it is under way."""
    if route.keeps:
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
    elif route.is_job:
        operation["responses"]["202"] = UNDER_WAY


def functions(app: FastAPI) -> Iterator[APIRoute]:
    """All functions below the place of the interface."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.path.startswith(f"{PREFIX}/"):
            yield route


def needed(route: APIRoute) -> Action | None:
    """What calling a function takes; None where it is for everybody."""
    found = (one.dependency.action for one in route.dependencies if isinstance(one.dependency, Needs))
    return next(found, None)
