"""Shared draft: the page that a link to a draft leads to, for who has no account."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.web.clearing_house.seen import room_of
from tm_service.web.record_rows import Rows
from tm_service.web.render import chosen, page
from tm_service.web.texts import SOURCE

_NOT_TOLD = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}

router = APIRouter(include_in_schema=False)


@router.get("/share/{token}")
def shared(request: Request, token: str) -> Response:
    """A draft as it is now, for reading only; the link is told to nobody who is linked to."""
    room = room_of(request)
    draft = room.shared(token)
    schema, locale = room.schema(draft.ref.kind), chosen(request)
    rows = Rows(locale, SOURCE, room.cleaned).of(schema, draft.document)
    return page(request, "share.html", headers=_NOT_TOLD, schema=schema, found=rows, at=draft.at)
