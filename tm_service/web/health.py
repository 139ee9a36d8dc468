"""Health: whether this process lives, and whether it can do its work; for those who start, stop and balance processes."""

import logging
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import ServiceError
from tm_service.web.access import METHODS
from tm_service.web.json_answers import answered

router = APIRouter(prefix="/health", include_in_schema=False)

_log = logging.getLogger("tm_service.web")


@router.api_route("/live", methods=[*METHODS])
async def live() -> Response:
    """It answers; nothing else is asked, so that a database that is away kills no process."""
    return answered({"status": "ok"})


@router.api_route("/ready", methods=[*METHODS])
def ready(request: Request) -> Response:
    """Whether its store answers, with tables of this version; 503 where it does not, and once it is told to end."""
    if request.app.state.leaving.is_set():
        return answered({"status": "ending"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        with request.app.state.service.store.read() as tx:
            tx.jobs(most=1)
    except ServiceError as error:
        _log.warning("not ready: %s", error)
        return answered({"status": "not ready"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return answered({"status": "ok"})
