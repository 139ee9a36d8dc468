"""Files: how they come in over the interface, as a body or as parts of a form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from tm_service.domain.errors import Refused
from tm_service.web.downloads import zipped

FORM = "multipart/form-data"
_MOST_FILES, _MOST_FIELDS, _FIELD = 100, 10, 1000  # of a form; bytes of a field that is no file
_LONGEST_NAME = 200  # characters
_UNNAMED = "return"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came in: its name, without any folder, and its bytes."""

    name: str
    content: bytes


async def file_of(request: Request, name: str = "") -> Sent:
    """The file that a request brings: its body, or the file of its form; of several one zip, the same for the same files.

    `name` is what the file is called where it does not say itself. Raises Refused where there is none, HTTPException for a form
    that is none or a line that broke.
    """
    try:
        sent = await (sent_files(request) if media_type(request) == FORM else _body(request, name))
    except ClientDisconnect as gone:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from gone
    found = [one for one in sent if one.content]
    if not found:
        raise Refused("There is no file in this; send it as the body, or as a part of a form with a `filename`.")
    return found[0] if len(found) == 1 else Sent(f"{_UNNAMED}.zip", zipped(_apart(found)))


async def sent_files(request: Request) -> list[Sent]:
    """The files of a form, empty ones as well. Raises ClientDisconnect, HTTPException for a form that is none."""
    async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_FIELD) as form:
        parts = [one for _, one in form.multi_items() if isinstance(one, UploadFile)]
        return [Sent(named(one.filename or ""), await one.read()) for one in parts]


async def _body(request: Request, name: str) -> list[Sent]:
    said = name or _disposed(request.headers.get("Content-Disposition", ""))
    return [Sent(named(said), await request.body())]


def media_type(request: Request) -> str:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().casefold()


def _apart(files: Sequence[Sent]) -> dict[str, bytes]:
    """Files by paths that differ: of those with one name each after the first lies in a folder of its own."""
    found: dict[str, bytes] = {}
    for number, one in enumerate(sorted(files, key=lambda one: (one.name, one.content)), 1):
        found[f"{number}/{one.name}" if one.name in found else one.name] = one.content
    return found


def named(said: str) -> str:
    """What a file is called, whatever system named it: no folder, no character that does not show."""
    last = re.split(r"[/\\]", said)[-1]
    return "".join(one for one in last if one.isprintable())[-_LONGEST_NAME:].strip(". ") or _UNNAMED


def _disposed(header: str) -> str:
    """The file name of a Content-Disposition (RFC 6266); bytes that are UTF-8 are read as such."""
    message = Message()
    try:
        message["Content-Disposition"] = header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        message["Content-Disposition"] = header
    return message.get_filename() or ""
