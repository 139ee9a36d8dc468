"""Identities: who a provider vouches for is found by address once, and by the provider's own name for them from then on."""

import pytest

from tests.people.dump import dumped
from tests.people.samples import ADMINISTRATOR, DAY, KEY, PASSWORD, make_room, person, signed_in
from tm_service.domain.errors import NotFound
from tm_service.domain.openid import Identity
from tm_service.domain.people import PersonState, SignInRefused
from tm_service.people.base import House
from tm_service.storage.audit import Audit

ISSUER, OTHER = "https://garden.example", "https://shore.example"


@pytest.fixture
def room(store, clock):
    return make_room(store.connected, clock, KEY, House(Audit))


def vouched(email="ben@house.example", subject="s-1", issuer=ISSUER):
    return Identity(issuer, subject, email, "Ben at the garden")


def verbs(store):
    with store.read() as tx:
        return [line.entry.verb for line in tx.audit(limit=1000)]


def test_who_has_an_account_is_let_in_by_the_verified_address(room, store, ben):
    opened = room.admit_identity(vouched("BEN@house.example"))
    assert opened.person == ben
    assert room.resume(opened.token).person == ben
    assert verbs(store)[-2:] == ["link identity", "sign in"]
    room.admit_identity(vouched())
    assert verbs(store)[-2:] == ["sign in", "sign in"]


def test_who_was_invited_is_active_and_needs_no_password(room, ada):
    made = room.invite("cem@house.example", "Cem", "tr", by=ada.id)
    assert room.admit_identity(vouched("cem@house.example")).person.state is PersonState.ACTIVE
    with pytest.raises(SignInRefused):
        room.accept(made.token, PASSWORD)


def test_who_nobody_invited_is_not_let_in(room, store, ben):
    before = dumped(store)
    with pytest.raises(SignInRefused, match="ask an administrator for an invitation"):
        room.admit_identity(vouched("nobody@house.example"))
    assert dumped(store) == before


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ("kim@house.example", "\N{KELVIN SIGN}im@house.example", False),
        ("strasse@house.example", "straße@house.example", False),
        ("straße@house.example", "straße@house.example", True),
        ("jose\u0301@house.example", "josé@house.example", True),
        ("Kim@House.example", "kim@house.EXAMPLE ", True),
    ],
)
def test_addresses_that_only_look_alike_are_two(room, here, there, same):
    room.invite(here, "Kim", "en")
    if same:
        assert room.admit_identity(vouched(there)).person.email == here
    else:
        with pytest.raises(SignInRefused):
            room.admit_identity(vouched(there))


def test_another_address_at_the_provider_does_not_lock_out(room, ben):
    room.admit_identity(vouched())
    assert room.admit_identity(vouched("ben.osei@elsewhere.example")).person == ben


def test_an_address_that_changed_hands_at_the_provider_lets_nobody_in(room, ben):
    room.admit_identity(vouched())
    with pytest.raises(SignInRefused):
        room.admit_identity(vouched(subject="s-2"))


def test_an_address_that_another_person_has_here_leads_to_who_was_known_before(room, ada, ben):
    room.admit_identity(vouched())
    assert room.admit_identity(vouched(ada.email)).person == ben


def test_a_subject_of_one_provider_is_nobody_at_another(room, ben):
    room.admit_identity(vouched())
    with pytest.raises(SignInRefused):
        room.admit_identity(vouched("nobody@house.example", issuer=OTHER))
    assert room.admit_identity(vouched(issuer=OTHER, subject="t-9")).person == ben
    assert [one["issuer"] for one in room.personal_data(ben.id)["known_by"]] == [ISSUER, OTHER]


def test_who_is_not_active_is_not_let_in_nor_remembered(room, store, clock, ben):
    room.deactivate(ben.id)
    with pytest.raises(SignInRefused, match="not active"):
        room.admit_identity(vouched())
    assert room.personal_data(ben.id)["known_by"] == []
    room.reactivate(ben.id)
    room.admit_identity(vouched())
    room.set_expiry(ben.id, clock.now + DAY)
    clock.pass_by(days=2)
    with pytest.raises(SignInRefused, match="not active"):
        room.admit_identity(vouched())


def test_a_session_that_the_browser_had_ends(room, ben):
    before = signed_in(room, "Ben")
    room.admit_identity(vouched(), previous=before.token)
    with pytest.raises(SignInRefused):
        room.resume(before.token)


def test_what_a_provider_knows_a_person_by_can_be_forgotten(room, store, ben):
    opened = room.admit_identity(vouched())
    assert room.forget_identities(ben.id) == ben
    with pytest.raises(SignInRefused):
        room.resume(opened.token)
    assert verbs(store)[-1] == "forget identities"
    room.forget_identities(ben.id)  # which changes nothing
    assert verbs(store).count("forget identities") == 1
    assert room.admit_identity(vouched(subject="s-2")).person == ben
    with pytest.raises(SignInRefused):
        room.admit_identity(vouched(subject="s-1"))
    with pytest.raises(NotFound):
        room.forget_identities("0" * 32)


def test_who_is_erased_is_known_by_nobody(room, store, ada, ben):
    room.admit_identity(vouched(subject="the-subject-of-ben"))
    assert "the-subject-of-ben" in dumped(store)
    room.erase(ben.id)
    assert "the-subject-of-ben" not in dumped(store)
    with pytest.raises(SignInRefused):
        room.admit_identity(vouched(subject="the-subject-of-ben"))
    again = person(room, "Ben", ADMINISTRATOR)
    assert room.admit_identity(vouched(subject="the-subject-of-ben")).person == again


def test_no_subject_stands_in_the_journal(room, store, ben):
    room.admit_identity(vouched(subject="the-subject-of-ben"))
    with store.read() as tx:
        assert not [line for line in tx.audit(limit=1000) if "the-subject-of-ben" in str(line)]
