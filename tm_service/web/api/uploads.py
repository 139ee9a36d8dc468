"""Uploads: large files over bad lines, piece by piece, as the tus protocol has it (tus.io, 1.0.0); then they are taken in."""

import hashlib
from base64 import b64decode
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tm_service.domain.errors import ServiceError
from tm_service.domain.permissions import Action
from tm_service.domain.uploads import LONGEST, PIECE, Upload
from tm_service.web.api.files import media_type, named
from tm_service.web.api.kept_answers import KeptRoute
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import PREFIX, Router, service_of
from tm_service.web.callers import asker_of
from tm_service.web.faults import fault, refused

_TUS = "1.0.0"
_PIECES = "application/offset+octet-stream"
_ALGORITHMS: Mapping[str, Callable[[bytes], Any]] = {
    "sha1": lambda content: hashlib.sha1(content, usedforsecurity=False),  # the one that every server knows
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
}
_LONGEST_CHECKED = 16 << 20  # bytes that come with a checksum: they are in memory until it is known
_LONGEST_METADATA = 4000  # characters
_DIGITS = 15
_SENDS_ON = ("continue_upload", "reach_upload")
_METHODS = "HEAD, PATCH, POST, DELETE"
_MISMATCH = 460  # what tus calls it, in no registry


class _Unfit(HTTPException):
    """What the protocol refuses, and why."""

    def __init__(self, status: HTTPStatus, said: str, **headers: str) -> None:
        super().__init__(status, said, {name.replace("_", "-"): value for name, value in headers.items()})


class _TusRoute(KeptRoute):
    """A function that speaks tus in refusals, too."""

    @property
    def keeps(self) -> bool:
        """Not of bytes that are sent on: they say by `Upload-Offset` what was done, and stay as far as the line held."""
        return super().keeps and self.name not in _SENDS_ON

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def spoken(request: Request) -> Response:
            try:
                response = await handle(request)
            except ServiceError as error:
                response = refused(request, error)
            except HTTPException as error:
                said = error.detail if isinstance(error, _Unfit) else ""
                response = fault(request, error.status_code, sentence=said, headers=error.headers)
            response.headers["Tus-Resumable"] = _TUS
            return response

        return spoken


async def _speaks(request: Request) -> None:
    """Raises HTTPException."""
    if request.headers.get("Tus-Resumable", "") != _TUS:
        said = f"Uploads are spoken of in tus {_TUS}; say so as `Tus-Resumable`."
        raise _Unfit(HTTPStatus.PRECONDITION_FAILED, said, Tus_Version=_TUS)


router = Router("uploads")
router.route_class = _TusRoute
_SENDS = somewhere(Action.TAKE_IN)
_TUSSED = [_SENDS, Depends(_speaks)]


_READ: Mapping[str, dict[str, Any]] = {
    "Tus-Resumable": {"type": "string", "enum": [_TUS]},
    "Upload-Length": {"type": "integer", "minimum": 1, "maximum": LONGEST},
    "Upload-Offset": {"type": "integer", "minimum": 0, "maximum": LONGEST},
}


def _described(*headers: str) -> dict[str, Any]:
    """Headers that a function reads, for its description."""
    text = {"type": "string", "maxLength": _LONGEST_METADATA}
    named = ("Tus-Resumable", *headers)
    said = [{"name": one, "in": "header", "required": one in _READ, "schema": _READ.get(one, text)} for one in named]
    return {"parameters": said}


def _answers(status: int, description: str, **headers: str) -> dict[int | str, dict[str, Any]]:
    """What a function answers, for its description: nothing but headers such as these."""
    shown = {
        name.replace("_", "-"): {"schema": {"type": "string"}, "example": value} for name, value in headers.items()
    }
    return {status: {"description": description, "headers": shown}}


def _told(found: Upload, status: HTTPStatus, **headers: str) -> Response:
    """How far an upload is, and until when it is kept."""
    said = {
        "Upload-Offset": str(found.offset),
        "Upload-Expires": format_datetime(found.until, usegmt=True),
        "Cache-Control": "no-store",
    }
    return Response(status_code=status, headers=said | {name.replace("_", "-"): one for name, one in headers.items()})


@router.options(
    "/uploads",
    dependencies=[_SENDS],
    status_code=204,
    response_class=Response,
    responses=_answers(204, "What is spoken.", Tus_Version=_TUS, Tus_Max_Size=str(LONGEST)),
)
def describe_uploads() -> Response:
    """What of the tus protocol is spoken here."""
    said = {
        "Tus-Version": _TUS,
        "Tus-Extension": "creation,termination,checksum,expiration",
        "Tus-Max-Size": str(LONGEST),
        "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=said)


@router.post(
    "/uploads",
    dependencies=_TUSSED,
    status_code=201,
    response_class=Response,
    openapi_extra=_described("Upload-Length", "Upload-Metadata"),
    responses=_answers(201, "Where its bytes go.", Location=f"{PREFIX}/uploads/6e1f…", Upload_Offset="0"),
)
def begin_upload(request: Request) -> Response:
    """Begin an upload of `Upload-Length` bytes; `Upload-Metadata` may name the file as `filename`."""
    metadata = request.headers.get("Upload-Metadata", "")
    length, name = _number(request, "Upload-Length"), _file_name(metadata)
    if length > LONGEST:
        raise _Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A file may have {LONGEST:,} bytes; send it in parts.")
    made = service_of(request).handoffs.uploads.begin(asker_of(request).by, name, length, metadata)
    return _told(made, HTTPStatus.CREATED, Location=f"{PREFIX}/uploads/{made.id}")


@router.head(
    "/uploads/{upload}",
    dependencies=_TUSSED,
    response_class=Response,
    openapi_extra=_described(),
    responses=_answers(200, "How far it is.", Upload_Offset="262144", Upload_Length="9000000"),
)
def show_upload(request: Request, upload: str) -> Response:
    """How many bytes are here and stay: `Upload-Offset`, of `Upload-Length`."""
    found = service_of(request).handoffs.uploads.find(upload, asker_of(request).by)
    said = {"Upload_Metadata": found.metadata} if found.metadata else {}
    return _told(found, HTTPStatus.OK, Upload_Length=str(found.length), **said)


@router.delete(
    "/uploads/{upload}",
    dependencies=_TUSSED,
    status_code=204,
    response_class=Response,
    openapi_extra=_described(),
    responses=_answers(204, "It is gone."),
)
def drop_upload(request: Request, upload: str) -> Response:
    """Forget an upload, whole or not; what was taken in stays."""
    service_of(request).handoffs.uploads.remove(upload, asker_of(request).by)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.patch(
    "/uploads/{upload}",
    dependencies=_TUSSED,
    status_code=204,
    response_class=Response,
    openapi_extra=_described("Upload-Offset", "Upload-Checksum")
    | {"requestBody": {"required": True, "content": {_PIECES: {"schema": {"type": "string", "format": "binary"}}}}},
    responses=_answers(204, "How far it is now.", Upload_Offset="524288"),
)
async def continue_upload(request: Request, upload: str) -> Response:
    """Send bytes on from `Upload-Offset`; whatever came of them before a line broke is kept.

    With `Upload-Checksum` they are kept whole or not at all.
    """
    uploads, by = service_of(request).handoffs.uploads, asker_of(request).by
    found = await run_in_threadpool(uploads.find, upload, by)
    _refuse(request, found)

    async def keep(content: bytes) -> None:
        nonlocal found
        found = await run_in_threadpool(uploads.add, found.id, by, found.offset, content)

    if checksum := _checksum(request):
        content, (algorithm, digest) = await _whole(request), checksum
        if _ALGORITHMS[algorithm](content).digest() != digest:
            response = fault(request, HTTPStatus.BAD_REQUEST, sentence="The bytes are not those of the checksum.")
            response.status_code = _MISMATCH
            return response
        if content:
            await keep(content)
    else:
        await _streamed(request, keep)
    return _told(found, HTTPStatus.NO_CONTENT)


@router.post(
    "/uploads/{upload}",
    dependencies=_TUSSED,
    status_code=204,
    response_class=Response,
    openapi_extra=_described("X-HTTP-Method-Override", "Upload-Checksum"),
    responses=_answers(204, "As the method that is meant answers."),
)
async def reach_upload(request: Request, upload: str) -> Response:
    """For clients that cannot send PATCH or DELETE: `X-HTTP-Method-Override` says which is meant."""
    meant = request.headers.get("X-HTTP-Method-Override", "").upper()
    if meant == "PATCH":
        return await continue_upload(request, upload)
    if meant == "DELETE":
        return await run_in_threadpool(drop_upload, request, upload)
    raise _Unfit(HTTPStatus.METHOD_NOT_ALLOWED, "`X-HTTP-Method-Override` is PATCH or DELETE here.", Allow=_METHODS)


def _refuse(request: Request, found: Upload) -> None:
    """Raises HTTPException where bytes cannot be added so."""
    if media_type(request) != _PIECES:
        raise _Unfit(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Bytes of an upload come as {_PIECES}.")
    start = _number(request, "Upload-Offset")
    if start != found.offset:
        raise _Unfit(
            HTTPStatus.CONFLICT, f"The upload is at byte {found.offset:,}, not at {start:,}; go on from there."
        )
    if "Content-Length" in request.headers and start + _number(request, "Content-Length") > found.length:
        said = f"The upload ends at byte {found.length:,}; send no more than that."
        raise _Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)


async def _streamed(request: Request, keep: Callable[[bytes], Awaitable[None]]) -> None:
    """Keep what comes, in pieces; of a line that breaks what came until then."""
    waiting = bytearray()
    with suppress(ClientDisconnect):
        async for part in request.stream():
            waiting += part
            while len(waiting) >= PIECE:
                await keep(bytes(waiting[:PIECE]))
                del waiting[:PIECE]
    if waiting:
        await keep(bytes(waiting))


async def _whole(request: Request) -> bytes:
    """Raises HTTPException where more comes than is held for a checksum."""
    waiting = bytearray()
    with suppress(ClientDisconnect):  # then the checksum does not fit
        async for part in request.stream():
            waiting += part
            if len(waiting) > _LONGEST_CHECKED:
                said = f"With a checksum {_LONGEST_CHECKED:,} bytes are taken at a time; send less at once."
                raise _Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
    return bytes(waiting)


def _number(request: Request, name: str) -> int:
    """Raises HTTPException."""
    said = request.headers.get(name, "")
    if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS):
        raise _Unfit(HTTPStatus.BAD_REQUEST, f"`{name}` is a number of bytes.")
    return int(said)


def _checksum(request: Request) -> tuple[str, bytes] | None:
    """Raises HTTPException."""
    said = request.headers.get("Upload-Checksum")
    if said is None:
        return None
    algorithm, _, written = said.partition(" ")
    if algorithm not in _ALGORITHMS:
        raise _Unfit(HTTPStatus.BAD_REQUEST, f"`Upload-Checksum` is by {', '.join(_ALGORITHMS)}.")
    return algorithm, _decoded(written, "Upload-Checksum")


def _decoded(written: str, name: str) -> bytes:
    """Raises HTTPException."""
    try:
        return b64decode(written, validate=True)
    except ValueError as error:
        raise _Unfit(HTTPStatus.BAD_REQUEST, f"`{name}` is not in base64.") from error


def _file_name(metadata: str) -> str:
    """What a client says that the file is called. Raises HTTPException where it says it otherwise than tus has it."""
    if len(metadata) > _LONGEST_METADATA or not (metadata.isascii() and metadata.isprintable()):
        raise _Unfit(HTTPStatus.BAD_REQUEST, f"`Upload-Metadata` has up to {_LONGEST_METADATA:,} characters of ASCII.")
    pairs = [one.strip().partition(" ") for one in metadata.split(",")] if metadata else []
    said = {key: _decoded(value, "Upload-Metadata") for key, _, value in pairs}
    return named((said.get("filename") or said.get("name") or b"").decode("utf-8", "replace"))
