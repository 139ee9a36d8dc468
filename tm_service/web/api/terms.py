"""Terms: what things are to be called, listed, said, changed and withdrawn; in and out as TBX or a table."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.permissions import Action
from tm_service.domain.terms import Term, TermStatus
from tm_service.shapes import memory_documents as documents
from tm_service.web.api.memory_places import (
    FILE_BODY,
    DryRun,
    Locales,
    Memory,
    SiteName,
    owned,
    received,
    sent_off,
    verbs_of,
)
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import (
    PREFIX,
    Body,
    Cursor,
    Most,
    Number,
    Router,
    Seen,
    as_sent,
    documented,
    paged,
    service_of,
    tagged,
    told,
    unmoved,
)
from tm_service.web.callers import asker_of, needs
from tm_service.web.kept import tag_of

router = Router("terms")
_READS, _EDITS = needs(Action.TERMS_READ), somewhere(Action.TERMS_EDIT)
_TERM = {
    "number": 4,
    "memory": "demo",
    "source_locale": "en",
    "term": "seed bank",
    "locale": "fr",
    "target": "banque de semences",
    "status": "approved",
    "definition": "",
    "part_of_speech": "noun",
    "author": "amina@example.org",
    "reference": "",
    "at": "2026-11-05T09:30:00+00:00",
}
_IMPORTED = {"file": "garden.tbx", "read": 40, "new": 38, "problems": [], "dry_run": False}
_Word = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]


class TermFile(StrEnum):
    """As what terms are handed out."""

    TBX = "tbx"
    CSV = "csv"


KINDS = {TermFile.TBX: "application/x-tbx+xml", TermFile.CSV: "text/csv; charset=utf-8"}


@router.get(
    "/terms",
    dependencies=[_READS],
    responses=documented(
        "The terms in use, those of each locale oldest first.", {"terms": [_TERM], "cursor": None}, documents.Terms
    ),
)
def list_terms(
    request: Request,
    site: SiteName,
    memory: Memory = "",
    locales: Locales = None,
    words: Annotated[str, Query(alias="text", max_length=200, description="Only those in which this stands.")] = "",
    status: Annotated[list[TermStatus] | None, Query()] = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    for locale in locales or ("",):
        asker_of(request).require(Action.TERMS_READ, site, locale)
    looked_for = words.casefold()

    def wanted(term: Term) -> bool:
        return (not status or term.status in status) and looked_for in f"{term.source}\n{term.target}".casefold()

    found = verbs_of(request).terms(site, memory=memory, locales=locales or ())
    page, following = paged(found, lambda term: str(term.number), cursor, most, wanted)
    return told({"terms": [shapes.term(term) for term in page], "cursor": following or None})


def _term(request: Request, number: int, site: str, memory: str) -> Term:
    """Raises NotFound, NotAllowed."""
    asker_of(request).require(Action.TERMS_READ, site)
    return verbs_of(request).term(site, number, memory=memory)


@router.get(
    "/terms/export",
    dependencies=[_READS],
    response_class=Response,
    responses={200: {"description": "The terms in use.", "content": {"application/x-tbx+xml": {}, "text/csv": {}}}},
)
def export_terms(
    request: Request,
    site: SiteName,
    memory: Memory = "",
    locales: Locales = None,
    kind: Annotated[TermFile, Query(alias="format")] = TermFile.TBX,
) -> Response:
    """Hand out terms: TBX for other tools, CSV for people."""
    name = owned(request, Action.TERMS_READ, site, memory, locales or ())
    verbs, wanted = verbs_of(request), locales or ()
    file = f"{name}-terms.{kind}"
    return sent_off(file, KINDS[kind], lambda out: verbs.write_terms(site, file, out, memory=memory, locales=wanted))


@router.get("/terms/{number}", dependencies=[_READS], responses=documented("A term.", _TERM, documents.Term))
def show_term(request: Request, number: Number, site: SiteName, memory: Memory = "") -> Response:
    return tagged(request, shapes.term(_term(request, number, site, memory)))


class Said(Body):
    """What is said of a term and one of its targets."""

    status: TermStatus = TermStatus.APPROVED
    definition: str = Field("", max_length=4000)
    part_of_speech: str = Field("", max_length=100)
    reference: str = Field("", max_length=1000)


class Saying(Said):
    """A term and one of its targets; several targets are several of these."""

    site: str = Field(max_length=200)
    memory: str = Field("", max_length=200)
    locale: str = Field(max_length=40)
    term: _Word
    target: _Word


@router.post(
    "/terms",
    status_code=201,
    dependencies=[_EDITS],
    responses=documented("The term.", _TERM, documents.Term, status=201),
)
def add_term(request: Request, asked: Saying) -> Response:
    """Say what something is to be called, or not to be called. Refused where this is said of it already."""
    memory = owned(request, Action.TERMS_EDIT, asked.site, asked.memory, [asked.locale])
    verbs = verbs_of(request)
    with as_sent():
        where = verbs.reading(asked.site, asked.locale)
    known_as = Term(
        memory, where.source, asked.term, asked.locale, asked.target, asked.status, service_of(request).clock()
    )
    made = verbs.say_term(_said(request, asked, known_as), seen=_unsaid)
    return told(shapes.term(made), status=201, headers={"Location": f"{PREFIX}/terms/{made.number}?site={asked.site}"})


def _unsaid(there: Term | None) -> None:
    """Raises Conflict."""
    if there:
        raise Conflict(
            f"The term {there.source} has this target already, under number {there.number}; change that one."
        )


def _said(request: Request, asked: Said, known: Term) -> Term:
    """A term as it is said now, by who asks."""
    return replace(
        known,
        status=asked.status,
        definition=asked.definition,
        part_of_speech=asked.part_of_speech,
        reference=asked.reference,
        author=asker_of(request).name,
        at=service_of(request).clock(),
    )


@router.put(
    "/terms/{number}",
    dependencies=[_EDITS],
    responses=documented(
        "The term as it is from now on; what was changed has a new number.", _TERM | {"number": 5}, documents.Term
    ),
)
def change_term(
    request: Request, number: Number, asked: Said, site: SiteName, memory: Memory = "", seen: Seen = ""
) -> Response:
    """Say something else of a term and its target: its status, what it means, where it is attested."""
    known = _term(request, number, site, memory)
    owned(request, Action.TERMS_EDIT, site, memory, [known.locale])
    document = shapes.term(verbs_of(request).say_term(_said(request, asked, known), seen=_as_seen(seen)))
    return told(document, headers={"ETag": tag_of(repr(document))})


@router.delete("/terms/{number}", status_code=204, dependencies=[_EDITS])
def withdraw_term(request: Request, number: Number, site: SiteName, memory: Memory = "", seen: Seen = "") -> Response:
    """Take a term out of use, until it is said again."""
    known = _term(request, number, site, memory)
    owned(request, Action.TERMS_EDIT, site, memory, [known.locale])
    verbs_of(request).withdraw_term(known, by=asker_of(request).name, seen=_as_seen(seen))
    return Response(status_code=204)


def _as_seen(seen: str) -> Callable[[Term | None], None]:
    """Whether what is said of a term is still what was seen; NotFound where nothing is, whatever was."""

    def look(known: Term | None) -> None:
        if known is None:
            raise NotFound("This term was taken out of use meanwhile; list the terms again.")
        unmoved(seen, shapes.term(known))

    return look


@router.post(
    "/terms/imports",
    dependencies=[_EDITS],
    openapi_extra=FILE_BODY,
    responses=documented(
        "What was read, what of it was new, and each damaged entry in a sentence.", _IMPORTED, documents.Imported
    ),
)
def import_terms(
    request: Request,
    site: SiteName,
    file: Annotated[Path, Depends(received)],
    memory: Memory = "",
    locales: Locales = None,
    *,
    dry_run: DryRun = False,
) -> Response:
    """Bring in terms from TBX or a table (CSV, TSV)."""
    owned(request, Action.TERMS_EDIT, site, memory, locales or ())
    with as_sent():
        found = verbs_of(request).bring_in_terms(site, file, memory=memory, locales=locales or (), rehearse=dry_run)
    return told(shapes.imported(file.name, found) | {"dry_run": dry_run})
