"""HTTP calls: asks a remote store patiently, believes only whole answers, and keeps its credentials to itself."""

import json
import random
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from tm_service.domain.errors import (
    ConfigurationError,
    Conflict,
    ConnectorError,
    NotFound,
    Refused,
    TryLater,
)

Answered = TypeVar("Answered")
MEGABYTE = 1 << 20
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_FOLLOWED = 3  # redirects, all on the same host
_LONGEST_REASON = 200  # characters of a server's words that are repeated to people
_IS_LOCKED = re.compile(r"\block(?:ed|s)?\b", re.IGNORECASE)
_LOGIN = "/api/v2013/authentication/token"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the store."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is made in all, and how many seconds are waited: `first`, doubled each time, never beyond `longest`.

    `answer` is how long each piece of an answer may take and `whole` how long all of it; `largest` is how many bytes it may
    have once it is unpacked.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 30.0
    answer: float = 30.0
    whole: float = 120.0
    largest: int = 64 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of the store."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Raises Passing for what is no JSON: half an answer, or a proxy's page."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise Passing("it answered what is no JSON") from None


class Passing(Exception):
    """What may be different the next time; `after` is how many seconds the store asks for."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


class TooLarge(ConnectorError):
    """An answer has more bytes than are read; a part of what it speaks of may be asked for."""


class HttpCalls:
    """One store's address, asked with a token that is renewed when it runs out. Threads may share it.

    Raises ConfigurationError for an address that would carry the token in the open, or carries credentials itself.
    """

    def __init__(
        self,
        address: str,
        *,
        realm: str,
        credentials: Credentials | None = None,
        patience: Patience = Patience(),
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base, self.host = _vetted(address)
        self.realm, self._credentials = realm, credentials
        self.patience, self._sleep = patience, sleep
        self._token, self._lock = "", Lock()
        self._client = httpx.Client(
            verify=context or (ssl.create_default_context() if self._base.startswith("https:") else False),
            timeout=httpx.Timeout(patience.answer, connect=min(10.0, patience.answer), pool=None),
            trust_env=self.host.partition(":")[0] not in _HERE,
            headers={"Accept": "application/json"} | ({"realm": realm} if realm else {}),
        )

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def get(
        self, step: str, path: str, read: Callable[[Any], Answered], params: Mapping[str, str] | None = None
    ) -> Answered:
        """Ask until a whole answer comes that `read` understands; it raises Passing for one that it does not.

        Raises ConnectorError naming the store and the step, where it is refused or patience is at its end.
        """
        for last in self.attempts(step):
            try:
                return read(self.once("GET", path, params=params).json())
            except Passing as passing:
                last(passing)
            except (NotFound, Conflict) as error:
                raise ConnectorError(f"{error} ({step})") from error
        raise AssertionError("unreachable")

    def attempts(self, step: str) -> Iterator[Callable[[Passing], None]]:
        """Attempts of one thing; each is given a function to call with what went wrong, which waits or, at the end, raises."""
        for number in range(1, self.patience.attempts + 1):
            yield partial(self._failed, step, number)

    def once(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One call; a token that ran out is renewed and the call made again. Raises Passing, or what the status means."""
        token = self._signed_in()
        answer = self._sent(method, path, params, body, dict(headers or {}) | _bearer(token))
        if answer.status == httpx.codes.UNAUTHORIZED and self._credentials:
            token = self._signed_in(instead_of=token)
            answer = self._sent(method, path, params, body, dict(headers or {}) | _bearer(token))
        if answer.status in _PASSING:
            raise Passing(f"it answered {answer.status}", _after(answer.headers))
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise Passing(f"a page for people answered in its place, with {answer.status}")
        if not httpx.codes.is_success(answer.status):
            raise self._failure(answer)
        return answer

    def _failed(self, step: str, number: int, passing: Passing) -> None:
        if number >= self.patience.attempts or passing.after > self.patience.whole:
            times = f"{number} times" if number > 1 else "once"
            said = self._without_secrets(str(passing))
            raise ConnectorError(f"The record store {self.host} failed at {step}: {said} (asked {times}).") from None
        longest = min(self.patience.longest, self.patience.first * 2 ** (number - 1))
        # Chance keeps many clients from coming back all at once; it is no secret.
        self._sleep(max(passing.after, longest * (0.5 + random.random() / 2)))  # noqa: S311

    def _signed_in(self, instead_of: str | None = None) -> str:
        """The token; a new one where there is none, or where the store no longer takes the one named."""
        if self._credentials is None:
            return ""
        with self._lock:
            if not self._token or self._token == instead_of:
                self._token = self._new_token(self._credentials)
            return self._token

    def _new_token(self, credentials: Credentials) -> str:
        answer = self._sent("POST", _LOGIN, None, {"email": credentials.email, "password": credentials.password}, {})
        if answer.status in _PASSING:
            raise Passing(f"it answered {answer.status} to the login", _after(answer.headers))
        if not httpx.codes.is_success(answer.status):
            raise ConnectorError(
                f"The record store {self.host} refused the login with {answer.status}; look at its e-mail and password."
            )
        said = answer.json()
        token = said.get("authenticationToken") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token.isprintable() or not token.isascii() or not token:
            raise Passing("it answered to the login without a token")
        return token

    def _sent(
        self, method: str, path: str, params: Mapping[str, str] | None, body: object, headers: dict[str, str]
    ) -> Answer:
        url = httpx.URL(self._base + path, params=params) if params else httpx.URL(self._base + path)
        for _ in range(_FOLLOWED + 1):
            answer = self._exchanged(method, url, body, headers)
            place = answer.headers.get("location")
            if not place or not httpx.codes.is_redirect(answer.status):
                return answer
            url = self._redirected(method, url, answer.status, place)
        raise ConnectorError(
            f"The record store {self.host} sends us from one address to the next; look at its address."
        )

    def _redirected(self, method: str, url: httpx.URL, status: int, place: str) -> httpx.URL:
        try:
            target = url.join(place)
        except httpx.InvalidURL:
            target = httpx.URL()
        kept = method == "GET" or status in (httpx.codes.TEMPORARY_REDIRECT, httpx.codes.PERMANENT_REDIRECT)
        if not kept or (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
            raise ConnectorError(
                f"The record store {self.host} sends us to {target.host or 'nowhere'}; mend its address, no other host is told"
                " what is meant for it."
            )
        return target

    def _exchanged(self, method: str, url: httpx.URL, body: object, headers: dict[str, str]) -> Answer:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if content is not None:
            headers = headers | {"Content-Type": "application/json; charset=utf-8"}
        try:
            with self._client.stream(method, url, content=content, headers=headers) as response:
                return Answer(response.status_code, response.headers, self._received(response))
        except httpx.TimeoutException:
            raise Passing("it did not answer in time") from None
        except (httpx.TransportError, httpx.DecodingError, ssl.SSLError) as error:
            raise Passing(f"the connection failed ({' '.join(str(error).split()) or type(error).__name__})") from None

    def _received(self, response: httpx.Response) -> bytes:
        """Everything it answers, within the limits of bytes and of time."""
        until = time.monotonic() + self.patience.whole
        pieces, size = [], 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > self.patience.largest:
                raise TooLarge(
                    f"The record store {self.host} answered with more than {self.patience.largest:,} bytes; it is not read."
                )
            if time.monotonic() > until:
                raise Passing(f"its answer was not there after {self.patience.whole:g} seconds")
            pieces.append(piece)
        return b"".join(pieces)

    def _failure(self, answer: Answer) -> ConnectorError | NotFound | Conflict:
        """What a refusal means, in the store's own words as far as they are fit to be repeated."""
        said = self._words(answer)
        sentence = f"The record store {self.host} answered {answer.status}: {said or 'no reason given'}"
        if answer.status == httpx.codes.LOCKED or _IS_LOCKED.search(said):
            return TryLater(sentence)
        if answer.status == httpx.codes.UNAUTHORIZED:
            return ConnectorError(sentence)
        if answer.status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            return NotFound(sentence)
        if answer.status in (httpx.codes.CONFLICT, httpx.codes.PRECONDITION_FAILED):
            return Conflict(sentence)
        return Refused(sentence)

    def _words(self, answer: Answer) -> str:
        try:
            read = json.loads(answer.content)
        except (ValueError, RecursionError):
            return ""
        told = [read.get(name) for name in ("message", "error", "detail", "code")] if isinstance(read, dict) else [read]
        text = next((one for one in told if isinstance(one, str) and one.strip()), "")
        line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
        return self._without_secrets(line)[:_LONGEST_REASON]

    def _without_secrets(self, text: str) -> str:
        """A server may repeat what it was told; what opens it stays out of every message and log."""
        secrets = (self._token, self._credentials.password if self._credentials else "")
        for secret in filter(None, secrets):
            text = text.replace(secret, "…")
        return text


def _vetted(address: str) -> tuple[str, str]:
    """The address without its last slash, and its host as people are told it."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError("The record store's address is not understood; write https://host.") from None
    if parts.username or parts.password:
        raise ConfigurationError(
            "The record store's address carries credentials; name them by the environment instead."
        )
    if not host or parts.query or parts.fragment or not address.isprintable():
        raise ConfigurationError("The record store's address is not understood; write https://host.")
    if parts.scheme != "https" and (parts.scheme != "http" or host not in _HERE):
        raise ConfigurationError(f"The record store {host} would be spoken with in the open; write an https address.")
    return address.strip().rstrip("/"), f"{host}:{port}" if port else host


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _after(headers: Mapping[str, str]) -> float:
    """How many seconds `Retry-After` asks for, as a number or a date (RFC 9110, 10.2.3); 0 where it says nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0
