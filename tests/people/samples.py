"""Samples: a house with people in it, whose clock stands still until it is moved and whose hashes are cheap."""

from datetime import timedelta

from argon2 import PasswordHasher
from pyotp import TOTP

from tm_service.domain.openid import Identity
from tm_service.domain.permissions import Action, Grant, Role
from tm_service.people.room import open_room

KEY = b"0123456789abcdef0123456789abcdef"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "seeds in the cellar"  # noqa: S105 - of nobody
ADMINISTRATOR = Grant(Role.ADMINISTRATOR)
FRENCH = Grant(Role.TRANSLATOR, "garden", "fr")
SCOPES = frozenset({Action.SITES_READ, Action.PACKAGE, Action.TAKE_IN})
DAY = timedelta(days=1)


def make_room(connect, clock, key=KEY, house=None):
    return open_room(connect, clock, key, issuer="The seed house", hasher=CHEAP, house=house)


def person(room, name, *grants: Grant, password=PASSWORD, **said: object):
    """Somebody who has accepted an invitation."""
    invitation = room.invite(f"{name.lower()}@house.example", name, "en", grants, **said)
    return room.accept(invitation.token, password)


def signed_in(room, name, password=PASSWORD, code=""):
    return room.sign_in(f"{name.lower()}@house.example", password, code)


def let_in(room, person, previous=""):
    """The session of somebody whom a provider vouches for."""
    who = room.person(person)
    return room.admit_identity(Identity("https://shore.example", person, who.email, who.name), previous=previous)


def with_second_factor(room, clock, name):
    """A second factor for who signs in by their password: its TOTP, its recovery codes and the session."""
    opened = signed_in(room, name)
    totp = TOTP(room.enrol_totp(opened.token).secret)
    confirmed = room.confirm_totp(opened.token, totp.at(clock.now))
    return totp, confirmed.codes, confirmed.opened


def approved(room, by, other, scopes=SCOPES):
    client = room.request_client("Seed labels", "labels@house.example", "Prints labels.", scopes, by=by.id)
    return room.approve_client(client.id, by=other.id)
