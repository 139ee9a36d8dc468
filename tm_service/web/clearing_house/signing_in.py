"""Signing in: tokens that run out, made for who knows a password, and patience with who does not.

A token is kept nowhere: it names its account and its end, signed with the house's key and the account's password hash, so that
another password, or no account, ends it.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from secrets import token_hex
from threading import Lock
from typing import Annotated, cast

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.accounts import Account
from tm_service.domain.ports.accounts import Accounts
from tm_service.domain.records import Actor
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import Answered, bad
from tm_service.web.json_answers import answered

REALMS = ("abs", "abs-dev", "bch", "bch-dev", "chm", "chm-dev", "ort", "ort-dev")
_LIFE = timedelta(hours=4)
_SCHEMES = ("bearer", "token", "ticket")
_PURPOSE = b"clearing-house token 1"
_LONGEST = 2_000  # characters of a token
_FREE = 5  # wrong passwords of one address for one account before it has to wait
_FREE_FOR_ALL = 50  # of one address, or for one account
_LONGEST_WAIT = 900  # seconds
_REMEMBERED = 10_000
_NEED = {"WWW-Authenticate": "Bearer"}

router = APIRouter(prefix="/api/v2013/authentication", include_in_schema=False)


@dataclass
class Patience:
    """Wrong passwords by account and address; each beyond a few doubles the wait. What is longest ago is forgotten first."""

    wrong: OrderedDict[tuple[str, str], tuple[int, datetime]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def wait(self, email: str, address: str, now: datetime) -> int:
        """Seconds until another password is looked at."""
        with self.lock:
            ends = [self.wrong[key][1] for key in self._keys(email, address) if key in self.wrong]
        return max([0, *(int((end - now).total_seconds()) + 1 for end in ends if end > now)])

    def failed(self, email: str, address: str, now: datetime) -> None:
        with self.lock:
            for key in self._keys(email, address):
                times = self.wrong.get(key, (0, now))[0] + 1
                beyond = times - (_FREE if all(key) else _FREE_FOR_ALL)
                seconds = min(_LONGEST_WAIT, 2 ** min(beyond, 20)) if beyond >= 0 else 0
                self.wrong[key] = times, now + timedelta(seconds=seconds)
                self.wrong.move_to_end(key)
            while len(self.wrong) > _REMEMBERED:
                self.wrong.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        with self.lock:
            self.wrong.pop((email, address), None)

    @staticmethod
    def _keys(email: str, address: str) -> tuple[tuple[str, str], ...]:
        return (email, address), (email, ""), ("", address)


@dataclass(frozen=True)
class Doorkeeper:
    """Makes and reads tokens."""

    accounts: Accounts
    secret: Callable[[], bytes]
    clock: Callable[[], datetime]
    patience: Patience = field(default_factory=Patience)

    def token(self, email: str, password: str, address: str) -> tuple[str, datetime]:
        """A token and its end. Raises Answered."""
        named, now = email.strip().casefold()[:320], self.clock()
        seconds = self.patience.wait(named, address, now)
        if seconds:
            said = f"There were too many wrong passwords; try again in {seconds} seconds."
            raise Answered(HTTPStatus.TOO_MANY_REQUESTS, said, {"Retry-After": str(seconds)})
        account = self.accounts.find(named)
        if not self.accounts.verify(account, password) or account is None:
            self.patience.failed(named, address, now)
            raise Answered(HTTPStatus.UNAUTHORIZED, "The e-mail address or the password is wrong.", _NEED)
        self.patience.succeeded(named, address)
        end = (now + _LIFE).astimezone(UTC).replace(microsecond=0)
        claims = {"e": named, "x": int(end.timestamp()), "n": token_hex(8)}
        told = urlsafe_b64encode(json.dumps(claims).encode()).decode()
        return f"{told}.{self._signature(told, account)}", end

    def actor(self, token: str) -> Actor:
        """Who a token speaks for. Raises Answered where it is none of ours, or has run out."""
        told, _, signature = token[:_LONGEST].partition(".")
        try:
            claims = json.loads(urlsafe_b64decode(told.encode()))
            email, end = str(claims["e"]), int(claims["x"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _unknown() from error
        account = self.accounts.find(email)
        expected = self._signature(told, account or Account(email, ""))
        genuine = hmac.compare_digest(expected.encode(), signature.encode())
        if account is None or not genuine or end <= self.clock().timestamp():
            raise _unknown()
        return account.actor

    def _signature(self, told: str, account: Account) -> str:
        key = hmac.new(self.secret(), _PURPOSE + account.password.encode(), sha256).digest()
        return urlsafe_b64encode(hmac.new(key, told.encode(), sha256).digest()).decode().rstrip("=")


def _unknown() -> Answered:
    return Answered(HTTPStatus.UNAUTHORIZED, "The token is unknown or has run out; sign in again.", _NEED)


def doorkeeper(request: Request) -> Doorkeeper:
    service = request.app.state.service
    return Doorkeeper(cast("Accounts", service.accounts), service.secret, service.clock, request.app.state.patience)


def visitor(request: Request) -> Actor | None:
    """Who asks; None for somebody unknown. Raises Answered for a token that is no good, or a realm that is none."""
    realm_of(request)
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.casefold() not in _SCHEMES:
        raise Answered(HTTPStatus.UNAUTHORIZED, "Sign in with `Authorization: Bearer` and a token.", _NEED)
    return doorkeeper(request).actor(token.strip())


def signed_in(request: Request) -> Actor:
    """Who asks, somebody known. Raises Answered."""
    by = visitor(request)
    if by is None:
        raise Answered(HTTPStatus.UNAUTHORIZED, "Sign in first; this takes a token.", _NEED)
    return by


def realm_of(request: Request) -> str:
    """The realm that is asked for by header or address. Raises Answered for an unknown one."""
    realm = request.headers.get("realm") or request.query_params.get("realm") or REALMS[0]
    if realm.casefold() not in REALMS:
        raise bad(f"There is no such realm; there are {', '.join(REALMS)}.")
    return realm.casefold()


Visitor = Annotated[Actor | None, Depends(visitor)]
SignedIn = Annotated[Actor, Depends(signed_in)]
Realm = Annotated[str, Depends(realm_of)]


@router.post("/token")
def token(request: Request, body: Body) -> Response:
    email, password = body.get("email"), body.get("password")
    if not isinstance(email, str) or not isinstance(password, str):
        raise bad("Send an e-mail address and a password.")
    address = request.client.host if request.client else ""
    made, end = doorkeeper(request).token(email, password, address)
    return answered({"authenticationToken": made, "expiration": end.isoformat().replace("+00:00", ".000Z")})


@router.get("/user")
def user(by: SignedIn) -> Response:
    """Who the token speaks for, as clients ask at their start."""
    return answered({"email": by.name, "government": by.government or None, "roles": sorted(by.roles)})


def is_administrator(by: Actor | None) -> bool:
    return by is not None and "administrator" in by.roles
