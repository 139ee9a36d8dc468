"""Kept answers: who sends a call again under the same key gets the first answer, and nothing is done twice.

After IETF draft-ietf-httpapi-idempotency-key-header-07. A key is its asker's own and of one function, for a day. Answers are
kept; refusals and failures are not: what was refused changed nothing, and may be asked again under the same key. Where this
process ends, or the store goes away, between the change and the keeping of its answer, nobody knows any more whether it was
done: for five minutes the key is under way, after that the same request is done again. What must not even then be done twice
is a job.
"""

import json
import logging
import math
from base64 import b64decode, b64encode
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from email.message import Message
from http import HTTPStatus
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tm_service.answer_verbs import AnswerVerbs
from tm_service.domain.errors import ServiceError
from tm_service.domain.kept_answers import KeptAnswer, Standing
from tm_service.web.callers import Asker, Needs, asker_of
from tm_service.web.faults import problem

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 160  # characters of a key
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_PARTS = 200  # of a form, more than any function takes
_PAUSE = 5  # seconds until it is worth asking again
_log = logging.getLogger("tm_service.web")
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class KeptRoute(APIRoute):
    """A function whose answers are kept for who sends a key; jobs have keys of their own, which nothing is added to."""

    @property
    def keeps(self) -> bool:
        return self._changes and not self._has_key

    @property
    def is_job(self) -> bool:
        return self._changes and self._has_key

    @property
    def _changes(self) -> bool:
        return not (self.methods or _SAFE) <= _SAFE

    @property
    def _has_key(self) -> bool:
        return any(one.alias == KEY for one in self.dependant.header_params)

    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()
        if not self.keeps:
            return handle

        async def once(request: Request) -> Response:
            key, asker = request.headers.get(KEY, "").strip().strip('"'), asker_of(request)
            if not key or not asker.name:  # nobody's keys are anybody's
                return await handle(request)
            if len(key) > LONGEST:
                raise HTTPException(HTTPStatus.BAD_REQUEST)
            for one in self.dependencies:
                if isinstance(one.dependency, Needs):
                    await one.dependency(request)
            name = f"{_of(asker)}\n{self.name}\n{key}"
            return await _once(request, name, handle)

        return once


def _of(asker: Asker) -> str:
    if asker.bearer:
        return f"client {asker.bearer.client.id}"
    return f"person {asker.person.id}"


async def _once(request: Request, name: str, handle: _Handler) -> Response:
    """The answer kept under a name, or made now. Raises what the function raises."""
    house = request.app.state.service
    verbs = house.answers
    asked = await _asked(request)
    found, kept = await run_in_threadpool(verbs.begin, name, asked)
    if found is not Standing.ITS_TURN:
        return _told(request, verbs, found, kept)
    try:
        response = await handle(request)
    except Exception:
        await run_in_threadpool(verbs.drop, kept)
        raise
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        await run_in_threadpool(verbs.drop, kept)
        return response
    try:
        await run_in_threadpool(verbs.finish, kept, _written(response))
    except ServiceError as error:  # it is done, and who asked is told so
        _log.warning("the answer of %s is not kept: %s", request.url.path, error)
    return response


async def _asked(request: Request) -> list[bytes | memoryview]:
    """All that makes a request what it is, in pieces; the line between parts is another each time, and is left out.

    Raises HTTPException for a body that breaks off.
    """
    try:
        body, said = await request.body(), Message()
    except ClientDisconnect as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    said["Content-Type"] = request.headers.get("Content-Type", "")
    line, kind = (said.get_boundary() or "").encode("utf-8", "replace"), said.get_content_type()
    head = [request.method, request.url.path, request.url.query, kind, request.headers.get("If-Match", "")]
    return [json.dumps(head).encode(), *_without(line, body)]


def _without(line: bytes, body: bytes) -> Iterator[memoryview]:
    """A body without the line between its parts; nothing is copied."""
    whole, start = memoryview(body), 0
    for _ in range(_MOST_PARTS if line else 0):
        if (end := body.find(line, start)) < 0:
            break
        yield whole[start:end]
        start = end + len(line)
    yield whole[start:]


def _told(request: Request, verbs: AnswerVerbs, found: Standing, kept: KeptAnswer) -> Response:
    """What is told instead of doing it again."""
    if found is Standing.ANOTHER:
        said = "This key was used for another request; use a new one."
        return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, said, kind="key-used")
    if found is Standing.UNDER_WAY:
        pause = _pause(verbs.clock(), kept)
        said = f"The same request is under way; ask again in {pause} seconds."
        response = problem(request, HTTPStatus.CONFLICT, said, kind="under-way")
        response.headers["Retry-After"] = str(pause)
        return response
    answer = verbs.opened(kept)
    if answer is None:
        said = "This was done, and its answer is no longer there; look at what it changed."
        return problem(request, HTTPStatus.CONFLICT, said, kind="answer-not-kept")
    return _read(answer)


def _pause(now: datetime, kept: KeptAnswer) -> int:
    left = (kept.lease - now).total_seconds() if kept.lease else 0
    return max(1, min(_PAUSE, math.ceil(left)))


def _written(response: Response) -> bytes | None:
    """An answer as it is kept; None for one that is sent bit by bit."""
    if not hasattr(response, "body"):
        return None
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
    said = {"status": response.status_code, "headers": headers, "body": b64encode(bytes(response.body)).decode()}
    return json.dumps(said).encode()


def _read(answer: bytes) -> Response:
    said = json.loads(answer)
    response = Response(b64decode(said["body"]), said["status"])
    written = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said["headers"]]
    response.raw_headers = [*written, (REPLAYED.lower().encode(), b"true")]
    return response
