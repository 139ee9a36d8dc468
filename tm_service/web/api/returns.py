"""Returns: what comes back from translators is taken in, and each gets its exact answer."""

from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from locales.findings import SOURCE, said
from tm_service import shapes
from tm_service.domain.errors import NotFound, ReturnRejected
from tm_service.domain.jobs import Job
from tm_service.domain.packages import Package, Receipt
from tm_service.domain.permissions import Action
from tm_service.shapes import handoff_documents as documents
from tm_service.web.api.asked import answer
from tm_service.web.api.examples import JOB
from tm_service.web.api.files import FORM, Sent, file_of, media_type
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import (
    PREFIX,
    Body,
    Cursor,
    Key,
    Most,
    Router,
    documented,
    paged,
    service_of,
    tagged,
    told,
)
from tm_service.web.callers import Asker, asker_of, needs
from tm_service.web.downloads import download
from tm_service.web.faults import problem
from tm_service.web.render import chosen

router = Router("returns")
_JSON, _BYTES, _HTML = "application/json", "application/octet-stream", "text/html; charset=utf-8"
_DIGEST = "2ad4dfaa56bb65adaeb306272f4c335fd94aa877c36695b2ebccecde8c59a267"
RECEIPT = {
    "digest": _DIGEST,
    "at": "2026-11-05T09:30:04+00:00",
    "page": f"{PREFIX}/receipts/{_DIGEST}/page",
    "corrections": f"{PREFIX}/receipts/{_DIGEST}/corrections",
    "outcome": "quarantine",
    "package": "demo-7-fr",
    "accepted": 11,
    "quarantined": ["demo-7-fr.4"],
    "open": 1,
    "repeated": False,
    "repaired": [],
    "proposals": [],
    "answered": [],
    "questions": 0,
    "recognised": {"manifest": 12},
    "findings": [
        {"unit": "demo-7-fr.4", "check": "placeholders", "severity": "error", "message": "{name} is missing."}
    ],
}
_TAKEN = JOB | {
    "kind": "take-in",
    "site": "",
    "arguments": {"name": "demo-D0007-en-fr-v1.zip", "digest": _DIGEST, "places": ["demo/fr"]},
    "result": {"receipt": _DIGEST, "package": "demo-7-fr"},
}
_AT_THE_DOOR = 250_000  # bytes of a file that is read before its sender is answered, some 700 units
_READS = needs(Action.SITES_READ)
_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
_BODY = {
    "required": True,
    "content": {
        FORM: {"schema": {"type": "object", "properties": {"file": _FILES}, "required": ["file"]}},
        _BYTES: {"schema": {"type": "string", "format": "binary"}},
        _JSON: {"schema": {"type": "object", "properties": {"upload": {"type": "string"}}, "required": ["upload"]}},
    },
}


class Uploaded(Body):
    """A file that came by an upload."""

    upload: str = Field(min_length=1, max_length=64)


@router.post(
    "/returns",
    dependencies=[somewhere(Action.TAKE_IN)],
    openapi_extra={"requestBody": _BODY},
    responses=documented(
        "The job, done, and the receipt of each package that was in it.",
        _TAKEN | {"receipts": [RECEIPT]},
        documents.ReturnJob | documents.DryRun,
    ),
)
async def take_in(
    request: Request,
    name: Annotated[
        str, Query(max_length=500, description="What the file is called, where the request does not say.")
    ] = "",
    *,
    dry_run: Annotated[bool, Query(description="Answer as if, and keep nothing.")] = False,
    key: Key = "",
) -> Response:
    """Take in a return of any tool: the body is the file, or a form of files, or names an upload that is whole.

    Whoever sends it must be allowed to for every package in it. The same file again gets its first receipts. A file of more
    than 250 kB is read by the job alone: what is wrong with it is then what the job comes to.
    """
    house, asker = service_of(request), asker_of(request)
    upload = await _upload(request) if media_type(request) == _JSON else ""
    sent = await _uploaded(request, upload) if upload else await file_of(request, name)

    def ask() -> Job:
        places = asker.places(Action.TAKE_IN)
        asked = house.jobs.ask_take_in(sent.name, sent.content, by=asker.by, key=key, places=places)
        if upload:
            with suppress(NotFound):  # it was dropped meanwhile; the file is kept with the job
                house.handoffs.uploads.settle(upload, asker.by, sent.content)
        return asked

    def shown(job: Job) -> object:
        document = shapes.job(job)
        if "rejected" in document["result"]:
            raise ReturnRejected(document["result"]["template"], **document["result"]["values"])
        found = house.handoffs.receipts(document["arguments"]["digest"])
        return document | {"receipts": [kept_receipt(replace(one, repeated=one.at < job.asked)) for one in found]}

    try:
        async with request.app.state.reading:
            if dry_run:
                return await run_in_threadpool(_rehearsed, request, sent)
            if len(sent.content) <= _AT_THE_DOOR:
                await run_in_threadpool(_admit, request, sent)
        return await answer(request, ask, shown)
    except ReturnRejected as rejected:
        return _refused(request, rejected)


async def _upload(request: Request) -> str:
    try:
        return Uploaded.model_validate_json(await request.body()).upload
    except (ValidationError, ClientDisconnect) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error


async def _uploaded(request: Request, upload: str) -> Sent:
    """Raises NotFound, Conflict where it is not whole."""
    uploads, by = service_of(request).handoffs.uploads, asker_of(request).by
    return Sent(*await run_in_threadpool(uploads.content, upload, by))


def _admit(request: Request, sent: Sent) -> None:
    """Say at once, before anything is asked for, what a file is no return for. Raises ReturnRejected, NotAllowed."""
    for package in service_of(request).handoffs.recognised(sent.name, sent.content):
        asker_of(request).require(Action.TAKE_IN, package.site, package.locale)


def _rehearsed(request: Request, sent: Sent) -> Response:
    """What taking a file in would come to. Raises ReturnRejected, NotAllowed."""
    places = asker_of(request).places(Action.TAKE_IN)
    found = service_of(request).handoffs.take_in(sent.name, sent.content, rehearse=True, places=places)
    return told(
        {"dry_run": True, "receipts": [kept_receipt(one, kept=found.repeated) for one in (found, *found.beside)]}
    )


def _refused(request: Request, rejected: ReturnRejected) -> Response:
    """Why a file is not taken in, and the same in the sender's language as `translated`, where that has the sentence."""
    english, own = (said(rejected.template, rejected.values, locale) for locale in (SOURCE, chosen(request)))
    more = {} if own == english else {"translated": own}
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, english, kind="return-rejected", **more)


def kept_receipt(one: Receipt, *, kept: bool = True) -> dict[str, object]:
    """A receipt, and where its page and the package of corrections are, where they are kept."""
    place = f"{PREFIX}/receipts/{one.digest}"
    return shapes.receipt(one) | {
        "digest": one.digest,
        "at": one.at.isoformat(),
        "page": f"{place}/page" if kept else None,
        "corrections": f"{place}/corrections" if kept and one.corrections else None,
    }


def _receipt(request: Request, digest: str) -> tuple[Package, Receipt]:
    """Raises NotFound, NotAllowed."""
    package, found = service_of(request).handoffs.receipt(digest)
    asker_of(request).require(Action.SITES_READ, package.site, package.locale)
    return package, found


@router.get(
    "/receipts/{digest}", dependencies=[_READS], responses=documented("The receipt.", RECEIPT, documents.KeptReceipt)
)
def show_receipt(request: Request, digest: str) -> Response:
    return tagged(request, kept_receipt(_receipt(request, digest)[1]))


@router.get(
    "/receipts/{digest}/page",
    dependencies=[_READS],
    response_class=Response,
    responses={200: {"description": "The receipt in the translator's language.", "content": {"text/html": {}}}},
)
def download_receipt_page(request: Request, digest: str) -> Response:
    _, found = _receipt(request, digest)
    page, *_ = service_of(request).handoffs.receipt_files(found)
    return download(page.path, page.content, _HTML)


@router.get(
    "/receipts/{digest}/corrections",
    dependencies=[_READS],
    response_class=Response,
    responses={200: {"description": "A package of what is to be corrected.", "content": {"application/zip": {}}}},
)
def download_corrections(request: Request, digest: str) -> Response:
    """What was quarantined, ready to be corrected and sent back."""
    _, found = _receipt(request, digest)
    if not found.corrections:
        raise NotFound(f"Nothing of {found.package} is to be corrected in this return.")
    _, file = service_of(request).handoffs.receipt_files(found)
    return download(file.path, file.content)


@router.get(
    "/sites/{site}/receipts",
    dependencies=[_READS],
    responses=documented(
        "Those you may see, the newest first, without findings.",
        {"receipts": [RECEIPT], "cursor": None},
        documents.Receipts,
    ),
)
def list_receipts(
    request: Request,
    site: str,
    locale: Annotated[str, Query(max_length=40)] = "",
    package: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    asker: Asker = asker_of(request)
    mine = [
        one
        for its, one in service_of(request).handoffs.receipts_of(site)
        if locale in ("", its) and package in ("", one.package) and asker.may(Action.SITES_READ, site, its)
    ]
    page, following = paged(mine, lambda one: one.digest, cursor, most)
    return told({"receipts": [_light(one) for one in page], "cursor": following or None})


def _light(one: Receipt) -> dict[str, object]:
    return {name: value for name, value in kept_receipt(one).items() if name != "findings"}
