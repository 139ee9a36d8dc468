"""Clients: programs that use the house on behalf of people, the tokens they show, and how much they use."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tm_service.domain.permissions import OF_PEOPLE, Action


class ClientState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Client:
    """A program that somebody registered: what it is for, whom to ask, and the most that its tokens may do.

    `pinned` names the functions of the interface that it relies on as they are, so that its contact is warned before they
    change. `requested_by` and `decided_by` are persons' ids; `why` are the reasons of the last decision.
    """

    id: str  # 32 hexadecimal digits
    name: str
    contact: str
    purpose: str
    scopes: frozenset[Action]
    pinned: frozenset[str]
    state: ClientState
    requested_by: str
    requested: datetime
    decided_by: str = ""
    decided: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """What the house knows of a client's token: `prefix` is its beginning, by which people tell it from others.

    It works from `issued` and before `until`, unless it is `revoked`; `replaced_by` is the prefix of its successor.
    """

    prefix: str
    client: str
    scopes: frozenset[Action]
    issued: datetime
    issued_by: str
    until: datetime
    revoked: bool = False
    replaced_by: str = ""

    def is_good(self, at: datetime) -> bool:
        return not self.revoked and at < self.until


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token as the client shows it, told this once and kept nowhere."""

    token: Token
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A client that showed a good token."""

    client: Client
    token: Token

    def may(self, action: Action) -> bool:
        return may(self.client.scopes & self.token.scopes, action)


@dataclass(frozen=True, slots=True)
class Use:
    """One call of a function of the interface by a client, `times` of them at once."""

    client: str
    function: str
    at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a client called a function on a day (UTC)."""

    client: str
    function: str
    day: date
    calls: int


def may(scopes: frozenset[Action], action: Action) -> bool:
    """Whether a program with these scopes may do this; what only people do is never a program's."""
    return action in scopes and action not in OF_PEOPLE
