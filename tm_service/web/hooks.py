"""Hooks: where git hosts say that a site's repository moved; its signature is all that lets a delivery in."""

import asyncio

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tm_service.domain.pushes import Delivered
from tm_service.web.callers import address_of
from tm_service.web.faults import fault
from tm_service.web.json_answers import answered

_PATIENCE = 30.0  # seconds for all of it
_SIGN = {"WWW-Authenticate": "HMAC-SHA256"}

router = APIRouter(prefix="/api/v1/hooks", include_in_schema=False)


@router.post("/{site}")
async def receive(request: Request, site: str) -> Response:
    """A delivery of GitHub, GitLab or Gitea: 202 with the jobs it brought, 200 where it brought nothing new."""
    try:
        async with asyncio.timeout(_PATIENCE):
            body = await request.body()  # no larger than `access` lets in
    except TimeoutError:
        return fault(request, 408, sentence=f"A delivery has to be here within {_PATIENCE:g} seconds.")
    except ClientDisconnect:
        return fault(request, 400, sentence="The delivery ended before its end.")
    verbs = request.app.state.service.webhooks
    delivered = Delivered(dict(request.headers), body)
    found = await run_in_threadpool(verbs.receive, site, delivered, address=address_of(request))
    if found is None:
        said = "This delivery is not signed with a secret of this site; `tm-service hooks secret` makes one."
        return fault(request, 401, sentence=said, headers=_SIGN)
    told = found.said or ("Asked for." if found.new else "This was delivered before; nothing new is done about it.")
    return answered(
        {"detail": told, "jobs": [job.id for job in found.jobs]}, status=200 if found.jobs and not found.new else 202
    )
