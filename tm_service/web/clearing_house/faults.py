"""Faults of the clearing-house API: `{statusCode, code, message}`, and one error for each status a client can act on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.responses import Response

from tm_service.domain.drafts import Held, Invalid, Undecided
from tm_service.domain.errors import ServiceError
from tm_service.domain.findings import Finding

PLACES = ("/api/v2013/", "/api/v2017/", "/api/v2023/")
LOCKED = "The record is locked for workflow"  # what clients of the real site look for


class Answered(ServiceError):
    """A refusal with a status of its own."""

    def __init__(self, status: HTTPStatus, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers


def bad(sentence: str) -> Answered:
    return Answered(HTTPStatus.BAD_REQUEST, sentence)


def refusal(status: int, sentence: str = "", headers: Mapping[str, str] | None = None, **more: object) -> Response:
    """An error as the clearing-house API words it."""
    found = HTTPStatus(status)
    code = found.phrase[:1].lower() + found.phrase.title().replace(" ", "").replace("-", "")[1:]
    told = {"statusCode": int(status), "code": code, "message": sentence or f"{found.phrase}.", **more}
    content = json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(content, status, headers, media_type="application/json")


@dataclass(frozen=True)
class Details:
    """What an answer to a refusal says: its status, its sentence, more members and headers."""

    status: HTTPStatus
    sentence: str
    more: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] | None = None


def details(error: ServiceError) -> Details | None:
    """The refusals that say more than a status and a sentence; None for the others."""
    if isinstance(error, Answered):
        return Details(error.status, str(error), headers=error.headers)
    if isinstance(error, Held) and error.lock is None:
        return Details(HTTPStatus.BAD_REQUEST, LOCKED)
    if isinstance(error, Held) and error.lock is not None:
        held = {"lockedBy": error.lock.holder, "until": error.lock.until.isoformat()}
        return Details(HTTPStatus.CONFLICT, str(error), held)
    if isinstance(error, Undecided):
        clashes = [
            {"number": one.number, "field": ".".join(one.path), "language": one.language} for one in error.clashes
        ]
        return Details(HTTPStatus.CONFLICT, str(error), {"clashes": clashes})
    if isinstance(error, Invalid):
        return Details(HTTPStatus.BAD_REQUEST, str(error), {"errors": told(error.findings)})
    return None


def told(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """What is wrong with a document, by field and language."""
    return [
        {"code": one.check, "severity": one.severity.value, "property": one.path, "message": one.message}
        for one in findings
    ]
