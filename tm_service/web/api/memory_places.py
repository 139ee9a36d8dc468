"""Memory places: which memory is meant, through which site, and whether who asks may do this to whoever owns it."""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from io import SEEK_END
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO

from fastapi import Query
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from tm_service.domain.errors import Refused
from tm_service.domain.permissions import Action
from tm_service.memory_verbs import MemoryVerbs
from tm_service.web.api.files import named
from tm_service.web.api.routes import as_sent, service_of
from tm_service.web.callers import asker_of

SiteName = Annotated[str, Query(alias="site", max_length=200, description="The site that reads the memory.")]
Memory = Annotated[
    str, Query(max_length=200, description="Which of the memories that the site reads; its first where it is left out.")
]
Locale = Annotated[str, Query(max_length=40)]
Locales = Annotated[
    list[Annotated[str, Query(max_length=40)]] | None,
    Query(alias="locale", max_length=50, description="Only these locales; may be repeated."),
]
FileName = Annotated[
    str, Query(max_length=200, description="What the file is called: its ending says which format it is in.")
]
DryRun = Annotated[bool, Query(description="Answer as if, and keep nothing.")]
FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_PIECE = 1 << 16  # bytes


def verbs_of(request: Request) -> MemoryVerbs:
    return service_of(request).memories


def owned(request: Request, action: Action, site: str, memory: str, locales: Sequence[str]) -> str:
    """The name of a memory, for who may do this to it: on the site that asks and on the one that owns it, in each locale.

    Raises NotFound, NotSignedIn, NotAllowed.
    """
    asker = asker_of(request)
    for locale in locales or ("",):
        asker.require(action, site, locale)
    name = verbs_of(request).memory(site, memory).name
    for locale in locales or ("",):
        asker.require(action, name, locale)
    return name


async def received(request: Request, file: FileName) -> AsyncIterator[Path]:
    """The body as a file that is gone afterwards; it is never whole in memory. Raises HTTPException, Refused."""
    with TemporaryDirectory(prefix="tm-service-") as folder:
        place = Path(folder) / named(file)
        size = 0
        with place.open("wb") as out:
            try:
                async for piece in request.stream():
                    size += await run_in_threadpool(out.write, piece)
            except ClientDisconnect as error:
                raise HTTPException(400) from error
        if not size:
            raise Refused("There is no file in this; send its bytes as the body.")
        yield place


def sent_off(name: str, kind: str, write: Callable[[BinaryIO], int]) -> Response:
    """What is written, streamed from a file that is gone afterwards. Raises Refused."""
    out = tempfile.TemporaryFile(prefix="tm-service-")  # noqa: SIM115 - closed once it is sent
    try:
        with as_sent():
            write(out)
        size = out.seek(0, SEEK_END)
        out.seek(0)
    except Exception:
        out.close()
        raise
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return StreamingResponse(_pieces(out), media_type=kind, headers=headers, background=BackgroundTask(out.close))


def _pieces(out: BinaryIO) -> Iterator[bytes]:
    while piece := out.read(_PIECE):
        yield piece
