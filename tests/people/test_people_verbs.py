"""Signing in by a provider, from its real answers to a session of the house."""

from datetime import UTC, datetime

import pytest

from connectors.openid import OpenId
from tests.openid_provider import CLIENT, REDIRECT, SECRET, running, visited
from tests.people.samples import person
from tm_service.domain import openid
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.openid import read_pending
from tm_service.domain.people import SignInRefused
from tm_service.exchange.exporter import PackageExporter
from tm_service.exchange.seal import KeyRing
from tm_service.people_verbs import PeopleVerbs, no_people_verbs


@pytest.fixture
def provider():
    with running() as started:
        yield started


@pytest.fixture
def verbs(room, provider, clock, tmp_path):
    garden = openid.Provider("garden", "The garden", provider.address, CLIENT, REDIRECT, SECRET, inside=True)
    known = OpenId([garden], lambda: datetime.now(UTC))
    return PeopleVerbs(lambda: room, lambda: known, PackageExporter(KeyRing(tmp_path)), lambda: None, (), clock)


def came_back(verbs, previous=""):
    """A browser that goes there and comes back with its cookie."""
    begun = verbs.begin("garden")
    cookie = begun.pending.written()
    return verbs.finish("garden", read_pending(cookie), visited(begun.address), previous=previous)


def test_who_was_invited_signs_in_and_is_the_same_when_the_address_changes(verbs, room, provider):
    invited = room.invite("ana@garden.example", "Ana", "es").person
    first = came_back(verbs)
    assert first.person.id == invited.id
    provider.person["email"] = "ana.lopez@garden.example"
    second = came_back(verbs, previous=first.token)
    assert second.person.id == invited.id
    with pytest.raises(SignInRefused):
        room.resume(first.token)
    provider.person |= {"sub": "s-2", "email": "ana@garden.example"}
    with pytest.raises(SignInRefused, match="Nobody here is known"):
        came_back(verbs)


def test_who_was_not_invited_stays_outside(verbs, room):
    person(room, "Ben")
    with pytest.raises(SignInRefused, match="ask an administrator"):
        came_back(verbs)


def test_the_door_learns_whom_to_offer_and_where_to_leave(verbs, provider):
    assert [(one.name, one.title) for one in verbs.providers()] == [("garden", "The garden")]
    assert verbs.leave("garden").startswith(f"{provider.address}/end_session?client_id=")


def test_a_house_without_them_says_so():
    with pytest.raises(ConfigurationError, match="from elsewhere"):
        no_people_verbs()
