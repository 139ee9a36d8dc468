"""Journal: who changed what, when, from where and why; and the proof that nothing of it was changed since."""

from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.audit import Head
from tm_service.domain.errors import Refused
from tm_service.domain.permissions import Action
from tm_service.shapes import people_documents
from tm_service.web.api.routes import TEXT, Most, Router, documented, service_of, told
from tm_service.web.callers import needs

router = Router("audit")
_READS = needs(Action.AUDIT_READ)
_HASH = "9f2c66e1f0a94a9c8d4e2b7705c1d3aa6a1be0c2d93f4f1c8e7d6b5a49382716"
_ENTRY = {
    "number": 12,
    "at": "2026-11-22T09:30:00+00:00",
    "site": "demo",
    "verb": "deploy",
    "by": "amina@example.org",
    "kind": "person",
    "door": "web",
    "address": "192.0.2.7",
    "request": "5f0c1b3a9d2e4c7f8a6b1d0e2f3c4a5b",
    "reason": "",
    "hash": _HASH,
    "details": {"number": 4, "ref": "2026.4"},
}
_DIGITS, _LONGEST_NUMBER = 64, 18


@router.get(
    "/audit",
    dependencies=[_READS],
    responses=documented("Entries, the oldest first.", {"entries": [_ENTRY], "cursor": 12}, people_documents.Entries),
)
def list_entries(
    request: Request,
    site: Annotated[str, Query(max_length=200, pattern=TEXT, description="Only of this site.")] = "",
    by: Annotated[str, Query(max_length=320, pattern=TEXT, description="Only by this person or program.")] = "",
    cursor: Annotated[int, Query(ge=0, lt=10**_LONGEST_NUMBER, description="Only entries after this number.")] = 0,
    most: Most = 50,
) -> Response:
    """Who did what, through which door, from where and why."""
    found = service_of(request).audit.listed(site, since=cursor, most=most, name=by)
    following = found[-1].entry.number if len(found) == most else None
    return told({"entries": [shapes.journal_entry(line) for line in found], "cursor": following})


@router.get(
    "/audit/head",
    dependencies=[_READS],
    responses=documented(
        "The newest entry by number and hash.",
        {"head": f"12:{_HASH}", "number": 12, "hash": _HASH},
        people_documents.Head,
    ),
)
def show_head(request: Request) -> Response:
    """What to keep elsewhere: who shows it later proves that nothing before it changed."""
    return told(shapes.head(service_of(request).audit.head()))


@router.get(
    "/audit/verification",
    dependencies=[_READS],
    responses=documented(
        "Whether every entry follows the one before.",
        {"head": f"12:{_HASH}", "entries": 12, "unsealed": 0},
        people_documents.Verdict,
    ),
)
def verify_journal(
    request: Request,
    published: Annotated[
        list[Annotated[str, Field(max_length=100)]] | None,
        Query(max_length=100, description="Heads that were kept elsewhere, each NUMBER:HASH."),
    ] = None,
) -> Response:
    """Prove that nothing was changed, taken out or put in; `broken` names the first entry that does not follow."""
    verdict = service_of(request).audit.verify([_head(said) for said in published or ()])
    return told(shapes.verdict(verdict))


def _head(said: str) -> Head:
    """Raises Refused."""
    number, _, digest = said.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER and len(digest) == _DIGITS):
        raise Refused("A published head is written NUMBER:HASH, as the journal's head is.")
    return Head(int(number), digest)
