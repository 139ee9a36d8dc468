"""The people room: accounts, sessions and client applications, each verb one transaction."""

from collections.abc import Callable
from datetime import datetime

from argon2 import PasswordHasher

from tm_service.database.migrations import Connect
from tm_service.domain.people import SessionRules
from tm_service.people.accounts import Accounts
from tm_service.people.leaving import Leaving
from tm_service.people.migrate import MIGRATIONS
from tm_service.people.programs import Programs
from tm_service.people.second_factor import SecondFactor
from tm_service.people.secrets_kept import Factors, Passwords
from tm_service.people.tokens import Tokens


class Room(Accounts, SecondFactor, Leaving, Programs, Tokens):
    """`PeopleRoom` over SQLite or PostgreSQL; what each verb does and refuses is said there."""


def open_room(
    connect: Connect,
    clock: Callable[[], datetime],
    key: bytes,
    *,
    issuer: str = "tm-service",
    rules: SessionRules | None = None,
    hasher: PasswordHasher | None = None,
) -> Room:
    """The people of this house, their tables brought up to date. Raises ConfigurationError.

    `key` is 32 bytes of chance that seal the secrets of second factors; `issuer` names the house on people's phones.
    """
    factors = Factors(key)
    MIGRATIONS.run(connect)
    return Room(connect, clock, Passwords(hasher or PasswordHasher()), factors, rules or SessionRules(), issuer)
