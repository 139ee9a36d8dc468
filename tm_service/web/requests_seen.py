"""Requests seen: each gets an id that its answer and every line logged of it carry, and is counted by its route."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tm_service.metrics import Metrics
from tm_service.telemetry import begin
from tm_service.tracing import serving

REQUEST_ID = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{1,64}")
# W3C Trace Context, 3.2: version, trace, parent, flags. A later version may say more behind a dash.
_TRACE = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_GONE = 499  # who asked went away before there was an answer
_FAILED = 500
_QUIET = ("/health/", "/metrics")  # asked every few seconds by machines

_log = logging.getLogger("tm_service.web")


class RequestsSeen:
    """Stands before everything else. The id is in `request.state.request_id`; one that was sent is kept, if well-formed."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, began = Headers(scope=scope), perf_counter()
        told = headers.get("traceparent", "")
        named = request_id(headers.get(REQUEST_ID, ""), told)
        scope.setdefault("state", {})["request_id"] = named
        seen = _Answer(send, named, began)
        # Not undone at the end: the server logs a failure after us, in the same task, and should say which request it was.
        begin(request=named)
        with serving(told if _is_trace(told) else "", method(scope)) as span:
            try:
                await self.app(scope, receive, seen.send)
            except Exception:
                seen.status = _FAILED
                raise
            finally:
                route = template(scope)
                span.named(f"{method(scope)} {route}", route=route, status=seen.status, request=named)
                self._tell(scope, seen, route, perf_counter() - began)

    def _tell(self, scope: Scope, seen: "_Answer", route: str, seconds: float) -> None:
        self.metrics.answered(method(scope), route, seen.status, seen.streams or seconds)
        level = logging.WARNING if seen.status >= _FAILED else logging.INFO
        if route.startswith(_QUIET) and level == logging.INFO:
            level = logging.DEBUG
        told = {"method": method(scope), "route": route, "status": seen.status}
        _log.log(level, "request", extra=told | {"duration_ms": round(seconds * 1000, 1), "bytes": seen.bytes})


class _Answer:
    """What is sent, watched: its status, its size, and for a stream of events how long it took until it began."""

    def __init__(self, send: Send, named: str, began: float) -> None:
        self._send, self._named, self._began = send, named, began
        self.status, self.bytes, self.streams = _GONE, 0, 0.0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self._named
            if headers.get("Content-Type", "").startswith("text/event-stream"):
                self.streams = perf_counter() - self._began
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)


def request_id(sent: str, trace: str = "") -> str:
    """The id that was sent along, else the trace's, else a new one of 32 hexadecimal digits."""
    if _WELL_FORMED.fullmatch(sent):
        return sent
    return trace.split("-")[1] if _is_trace(trace) else uuid4().hex


def _is_trace(told: str) -> bool:
    found = _TRACE.fullmatch(told)
    return found is not None and (found[1] != "00" or found[4] is None)


def template(scope: Scope) -> str:
    """The route as it was written, `/api/v1/articles/{id}`, never what stood in its place."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else "none"


def method(scope: Scope) -> str:
    """A method that there is: what somebody makes up is no label of its own."""
    return scope["method"] if scope["method"] in _METHODS else "OTHER"
