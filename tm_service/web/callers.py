"""Callers: who asks, told by a session or a token; what they may; and in whose name the journal says that it was done."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, cast

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tm_service.domain.audit import Caller, CallerKind, Door, acting
from tm_service.domain.clients import Bearer, Use
from tm_service.domain.errors import NotAllowed, ServiceError
from tm_service.domain.people import Opened, Person, SignInRefused
from tm_service.domain.permissions import READING, Action, Place, allowed, places, somewhere
from tm_service.domain.units import Locale
from tm_service.service import Service
from tm_service.web.faults import refused

_COOKIE, _SECURE_COOKIE = "session", "__Host-session"
_CLIENT = "tms_"  # how tokens of clients begin
SCHEMES = frozenset({"bearer", "token", "ticket"})  # the last two as clients of the clearing-house say it
_UNASKED = ("/health/", "/static/", "/metrics", "/api/v1/hooks/")
_AT_HOME = READING - {Action.CLIENTS_REQUEST}
_FLUSH = timedelta(seconds=10)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Where a text is kept every few seconds while somebody writes it; that much longer they may go on.
_WRITING = re.compile(
    r"/editor/(?!records/new$)[^/]+/[^/]+|/desk/packages/[^/]+/units/[^/]+|/api/v1/packages/[^/]+/units/[^/]+/(?:target|check)"
    r"|/api/v2013/documents/[^/]+/versions/draft(?:/locks.*)?"
)


class NotSignedIn(SignInRefused):
    """This takes somebody who is known."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a person in a session, a program that shows its token, or nobody.

    `at_home` says that nobody has an account yet: then whoever reaches the house may look, and change nothing.
    """

    opened: Opened | None = None
    bearer: Bearer | None = None
    at_home: bool = False

    @property
    def person(self) -> Person:
        """Raises NotSignedIn, NotAllowed for a program."""
        if self.bearer:
            raise NotAllowed("This is for people; a program cannot do it.")
        if self.opened is None:
            raise NotSignedIn("Sign in first.")
        return self.opened.person

    @property
    def name(self) -> str:
        """As jobs and the journal name who asks; "" for nobody."""
        if self.bearer:
            return self.bearer.client.name
        return self.opened.person.email if self.opened else ""

    @property
    def by(self) -> str:
        """As a job says who asked for it; "" for nobody."""
        return self.caller("", "", "").asks if self.name else ""

    def may(self, action: Action, site: str = "", locale: Locale = "") -> bool:
        if self.bearer:
            return self.bearer.may(action)
        if self.opened:
            return allowed(self.opened.person.grants, action, site, locale)
        return self.at_home and action in _AT_HOME

    def may_somewhere(self, action: Action) -> bool:
        """On some site, in some locale."""
        if self.opened:
            return somewhere(self.opened.person.grants, action)
        return self.may(action)

    def places(self, action: Action) -> list[Place]:
        """Where they may: sites and locales, "" for all. Programs and who is at home may everywhere or nowhere."""
        if self.opened:
            return places(self.opened.person.grants, action)
        return [("", "")] if self.may(action) else []

    def require(self, action: Action, site: str = "", locale: Locale = "") -> None:
        """Raises NotSignedIn, NotAllowed."""
        if self.may(action, site, locale):
            return
        if not self.name:
            raise NotSignedIn("Sign in first, or show the token of a program: `Authorization: Bearer`.")
        where = f" on {site}{f' in {locale}' if locale else ''}" if site else ""
        raise NotAllowed(f"{self.name} may not do this{where}; it takes {action}.")

    def caller(self, address: str, request: str, reason: str) -> Caller:
        """For the journal; who is nobody yet may be somebody by the end, and is a person then."""
        kind = CallerKind.CLIENT if self.bearer else CallerKind.PERSON
        return Caller(self.name, kind, Door.WEB, address, request, reason)


@dataclass
class Uses:
    """Calls of programs, counted here and written down every few seconds."""

    waiting: Counter[tuple[str, str, datetime]] = field(default_factory=Counter)
    since: datetime | None = None
    lock: Lock = field(default_factory=Lock)

    def add(self, service: Service, client: str, function: str) -> None:
        now = service.clock()
        with self.lock:
            self.waiting[client, function, now.replace(hour=0, minute=0, second=0, microsecond=0)] += 1
            self.since = self.since or now
            due = now - self.since >= _FLUSH
        if due:
            self.flush(service)

    def flush(self, service: Service) -> None:
        """Write them down; what a database that is away does not take is counted later."""
        with self.lock:
            uses, self.waiting, self.since = self.waiting, Counter(), None
        try:
            service.people().count(Use(client, function, at, times) for (client, function, at), times in uses.items())
        except ServiceError:
            with self.lock:
                self.waiting.update(uses)
                self.since = service.clock()


class Callers:
    """Tells who asks, refuses tokens that are no good, and lets everything that is changed be noted in the asker's name."""

    def __init__(self, app: ASGIApp, service: Service, uses: Uses) -> None:
        self.app, self.service, self.uses = app, service, uses
        self.settled = False  # somebody has an account, which stays so
        self.recall: Callable[[str], Opened | None] = lambda _token: None  # as long as the people room is not open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_UNASKED):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        state = scope.setdefault("state", {})
        try:
            asker = await self._known(request)
        except ServiceError as error:
            asker, state["refusal"] = Asker(), refused(request, error)  # which Pace counts and answers
        state["asker"] = asker
        with acting(asker.caller(address_of(request), request_id(request), request.headers.get("X-Reason", ""))):
            await self.app(scope, receive, send)
        if asker.bearer:
            await run_in_threadpool(self.uses.add, self.service, asker.bearer.client.id, _function(scope))

    async def _known(self, request: Request) -> Asker:
        """Raises SignInRefused for a token that is no good, ConnectorError."""
        if recalled := self._recalled(request):
            return recalled
        return await run_in_threadpool(self._asker, request)

    def _recalled(self, request: Request) -> Asker | None:
        """Who asked a moment ago in the same session, where no program asks; this waits for nothing."""
        if _decides(request):
            return None
        scheme, token = _shown(request)
        if not scheme:
            token = session_token(request)
        elif scheme not in SCHEMES or token.startswith(_CLIENT):
            return None
        opened = self.recall(token) if token else None
        return Asker(opened=opened) if opened else None

    def _asker(self, request: Request) -> Asker:
        """Raises SignInRefused for a token that is no good; a session that is over is nobody's."""
        people, anew = self.service.people(), _decides(request)
        self.recall = people.recall
        scheme, token = _shown(request)
        if scheme in SCHEMES:
            if token.startswith(_CLIENT):
                return Asker(bearer=people.authenticate(token))
            return Asker(opened=people.resume(token, anew=anew))
        if scheme and request.url.path.startswith("/api/"):
            raise NotSignedIn("Sign in with `Authorization: Bearer` and a token.")
        if cookie := session_token(request):
            with suppress(SignInRefused):
                return Asker(opened=people.resume(cookie, anew=anew))
        if not self.settled:
            self.settled = bool(people.people())
        return Asker(at_home=not self.settled)


def _decides(request: Request) -> bool:
    """Whether more than a text that is being written changes: then nobody is let in who was sent away in another process."""
    writes = request.method != "DELETE" and _WRITING.fullmatch(request.url.path)
    return request.method not in _SAFE and not writes


def _shown(request: Request) -> tuple[str, str]:
    """The scheme of `Authorization` in small letters, and what it shows; both "" where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.casefold(), token.strip()


def _function(scope: Mapping[str, Any]) -> str:
    """The function of the interface that was called, as its description names it."""
    return str(getattr(scope.get("route"), "name", "") or "unknown")


def asker_of(request: Request) -> Asker:
    return cast("Asker", request.state.asker)


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))


class Needs:
    """Lets in who may do something on the site that the address names; stands at every route that is not for everybody."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Asker:
        """Raises NotSignedIn, NotAllowed."""
        asker = asker_of(request)
        asker.require(self.action, request.path_params.get("site", ""))
        return asker


def needs(action: Action) -> Any:
    """A dependency; see Needs."""
    return Depends(Needs(action))


def session_token(request: Request) -> str:
    return request.cookies.get(_cookie(request), "")


def _cookie(request: Request) -> str:
    """Behind https a name that no other host of the domain can set (RFC 6265bis, 4.1.3.2)."""
    return _SECURE_COOKIE if request.url.scheme == "https" else _COOKIE


def remember(request: Request, response: Response, opened: Opened) -> None:
    """Give the browser a session's token, for as long as the browser runs."""
    secure = request.url.scheme == "https"
    response.set_cookie(_cookie(request), opened.token, httponly=True, secure=secure, samesite="lax", path="/")


def forget(request: Request, response: Response) -> None:
    secure = request.url.scheme == "https"
    response.delete_cookie(_cookie(request), httponly=True, secure=secure, samesite="lax", path="/")
