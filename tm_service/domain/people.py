"""People: who has an account, what they hold, how long they stay signed in, and when they have to wait."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tm_service.domain.errors import NotAllowed
from tm_service.domain.permissions import Grant, Role, is_of_the_house
from tm_service.domain.units import Locale


class PersonState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `government` is the one whose records they work on, "" for none.

    `expires` is the moment from which the account is of no use, None for never. `is_erased` says that `email` and `name` are a
    pseudonym, which history keeps.
    """

    id: str  # 32 hexadecimal digits
    email: str
    name: str
    language: Locale
    grants: frozenset[Grant]
    state: PersonState
    created: datetime
    government: str = ""
    expires: datetime | None = None
    has_second_factor: bool = False
    is_erased: bool = False

    def is_active(self, at: datetime) -> bool:
        return self.state is PersonState.ACTIVE and (self.expires is None or at < self.expires)

    @property
    def is_administrator(self) -> bool:
        """Whether they administer the whole house."""
        return any(grant.role is Role.ADMINISTRATOR and is_of_the_house(grant) for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A token by which a person sets a password once, told this once and kept nowhere; it works before `until`."""

    person: Person
    until: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A person signed in: since when, seen when (to a few minutes), until when at most. `id` is no secret."""

    id: str
    person: str
    since: datetime
    seen: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session and its token, which is told this once and kept nowhere."""

    session: Session
    person: Person
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that is not confirmed yet: its secret in base 32, and the address that a phone reads from a picture."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A second factor in use, with the recovery codes, each for one use, told this once; and the session with its new token."""

    opened: Opened
    codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lasts without a request (`idle`) and in all, and how long an invitation works."""

    idle: timedelta = timedelta(hours=2)
    longest: timedelta = timedelta(hours=12)
    invitation: timedelta = timedelta(days=7)


class SignInRefused(NotAllowed):
    """Nobody is signed in by this; the sentence never says which part of it was wrong."""


class CodeNeeded(SignInRefused):
    """The password is right; ask for the code of the second factor and send both."""


class LockedOut(SignInRefused):
    """Too many failures; nothing is looked at before `until`."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


FREE_FAILURES = 4  # without a pause
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
_DOUBLINGS = 7  # after which the longest pause is reached


def locked_until(failures: int, last: datetime) -> datetime | None:
    """Until when nothing is looked at, by the failures since the last success and the moment of the last one; None for now.

    The fifth failure costs half a minute, each further one twice as much, up to an hour (OWASP Authentication Cheat Sheet,
    "Account Lockout": exponential, never for good, for otherwise anybody could keep a person out).
    """
    if failures <= FREE_FAILURES:
        return None
    return last + min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(failures - FREE_FAILURES - 1, _DOUBLINGS)))


SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 1024  # characters


def password_flaw(password: str, email: str, name: str) -> str:
    """What is wrong with a password, in a sentence; "" for nothing (NIST SP 800-63B-4, 3.1.1.2: length, no composition)."""
    if len(password) < SHORTEST_PASSWORD:
        return f"The password has fewer than {SHORTEST_PASSWORD} characters; choose a longer one."
    if len(password) > LONGEST_PASSWORD:
        return f"The password has more than {LONGEST_PASSWORD} characters; choose a shorter one."
    if not password.strip():
        return "The password is blank; choose another."
    if password.strip().casefold() in {email.strip().casefold(), name.strip().casefold()}:
        return "The password is the e-mail address or the name; choose another."
    return ""
