"""The people room: accounts, sessions and client applications, each verb one transaction."""

from collections.abc import Callable
from datetime import datetime

from argon2 import PasswordHasher

from tm_service.database.migrations import Connect
from tm_service.domain.people import SessionRules
from tm_service.people.accounts import Accounts
from tm_service.people.base import House
from tm_service.people.leaving import Leaving
from tm_service.people.migrate import MIGRATIONS
from tm_service.people.preferences import Preferences
from tm_service.people.programs import Programs
from tm_service.people.second_factor import SecondFactor
from tm_service.people.secrets_kept import Factors, Passwords
from tm_service.people.tokens import Tokens
from tm_service.people.warnings import Warnings


class Room(Accounts, SecondFactor, Leaving, Programs, Tokens, Warnings, Preferences):
    """`PeopleRoom` over SQLite or PostgreSQL; what each verb does and refuses is said there."""


def open_room(
    connect: Connect,
    clock: Callable[[], datetime],
    key: bytes,
    *,
    issuer: str = "tm-service",
    rules: SessionRules | None = None,
    hasher: PasswordHasher | None = None,
    house: House | None = None,
) -> Room:
    """The people of this house, their tables brought up to date. Raises ConfigurationError.

    `key` is 32 bytes of chance that seal the secrets of second factors; `issuer` names the house on people's phones;
    `house` is what the rest of the house is to this room, nothing for a room that stands alone.
    """
    factors = Factors(key)
    MIGRATIONS.run(connect)
    passwords = Passwords(hasher or PasswordHasher())
    return Room(connect, clock, passwords, factors, rules or SessionRules(), issuer, house or House())
