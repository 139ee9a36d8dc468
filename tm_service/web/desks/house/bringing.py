"""Bringing in: a file of pairs or terms is kept for a day and what it would change is shown, before anything is written."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from fastapi import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.answers import Imported
from tm_service.domain.errors import NotFound, Refused, ServiceError
from tm_service.domain.uploads import PIECE
from tm_service.web.api.files import named
from tm_service.web.api.routes import as_sent, service_of
from tm_service.web.callers import asker_of
from tm_service.web.desks.house.places import Place
from tm_service.web.render import page


class Read(Protocol):
    """What reads a file; a rehearsal keeps nothing of it."""

    def __call__(self, file: Path, *, rehearse: bool) -> Imported: ...


def previewed(request: Request, file: UploadFile | None, place: Place, back: str, read: Read) -> Response:
    """What a file would change. Raises Refused where there is none, ReturnRejected; then nothing of it is kept."""
    if place.site is None or file is None or not file.size:
        raise Refused("There is no file in this; choose one and send it again.")
    uploads, by, name = service_of(request).handoffs.uploads, asker_of(request).by, named(file.filename or "")
    kept = uploads.begin(by, name, file.size)
    try:
        while piece := file.file.read(PIECE):
            kept = uploads.add(kept.id, by, kept.offset, piece)
        file.file.seek(0)
        with _on_disk(name) as there:
            with there.open("wb") as out:
                shutil.copyfileobj(file.file, out)
            with as_sent():
                made = read(there, rehearse=True)
    except ServiceError:
        uploads.remove(kept.id, by)
        raise
    here = back.strip("/")
    return page(request, "house/import.html", here=here, place=place, back=back, file=name, made=made, upload=kept.id)


def brought_in(request: Request, upload: str, back: str, read: Read) -> Response:
    """The same file, written this time; sent again, it is not there any more. Raises NotFound, ReturnRejected."""
    uploads, by = service_of(request).handoffs.uploads, asker_of(request).by
    name, content = uploads.content(upload, by)
    with _on_disk(name) as there, as_sent():
        there.write_bytes(content)
        made = read(there, rehearse=False)
    with suppress(NotFound):  # somebody clicked twice
        uploads.remove(upload, by)
    return page(request, "house/imported.html", here=back.strip("/"), back=back, file=name, made=made)


@contextmanager
def _on_disk(name: str) -> Iterator[Path]:
    """Where a file stands under its own name while it is read."""
    with TemporaryDirectory(prefix="tm-service-") as folder:
        yield Path(folder) / name
