"""Accounts: invited, accepted, changed, deactivated; and the house is never left without an administrator."""

from datetime import timedelta

import pytest

from tests.people.samples import ADMINISTRATOR, DAY, FRENCH, PASSWORD, person, signed_in
from tm_service.domain.errors import Conflict, NotFound, Refused
from tm_service.domain.people import PersonState, SignInRefused
from tm_service.domain.permissions import Grant, Role

NOBODY = "0" * 32


def invite(room, **said: object):
    return room.invite("cem@house.example", "Cem", "ru", **said)


def test_an_invitation_makes_a_person_who_cannot_sign_in_yet(room, ada, clock):
    invitation = invite(room, grants=[FRENCH], by=ada.id, government="xx")
    assert invitation.person.state is PersonState.INVITED
    assert (invitation.person.grants, invitation.person.government) == ({FRENCH}, "xx")
    assert invitation.until == clock.now + timedelta(days=7)
    with pytest.raises(SignInRefused):
        room.sign_in("cem@house.example", "")


def test_who_accepts_is_active_and_signs_in_by_the_password_they_set(room):
    accepted = room.accept(invite(room).token, PASSWORD)
    assert accepted.state is PersonState.ACTIVE
    assert signed_in(room, "Cem").person == accepted


def test_an_invitation_is_for_one_use(room):
    token = invite(room).token
    room.accept(token, PASSWORD)
    with pytest.raises(SignInRefused, match="unknown, used or too old"):
        room.accept(token, "bulbs under the snow")
    assert signed_in(room, "Cem")


def test_an_invitation_that_is_too_old_is_refused(room, clock):
    token = invite(room).token
    clock.pass_by(days=7)
    with pytest.raises(SignInRefused, match="too old"):
        room.accept(token, PASSWORD)
    assert room.accept(room.invite_again(room.find("cem@house.example").id).token, PASSWORD)


def test_a_second_invitation_ends_the_first(room):
    first = invite(room)
    second = room.invite_again(first.person.id)
    with pytest.raises(SignInRefused):
        room.accept(first.token, PASSWORD)
    assert room.accept(second.token, PASSWORD)


def test_a_token_that_never_was_is_refused_like_an_old_one(room):
    for token in ("", "x", "\0", "\ud800", "a" * 100_000):
        with pytest.raises(SignInRefused, match="unknown, used or too old"):
            room.accept(token, PASSWORD)


def test_who_forgot_the_password_sets_another_and_is_signed_out_everywhere(room, ben):
    token = signed_in(room, "Ben").token
    room.accept(room.invite_again(ben.id).token, "bulbs under the snow")
    with pytest.raises(SignInRefused):
        room.resume(token)
    with pytest.raises(SignInRefused):
        signed_in(room, "Ben")
    assert signed_in(room, "Ben", "bulbs under the snow")


@pytest.mark.parametrize("email", ["ben@house.example", "BEN@house.EXAMPLE ", "Ben@House.example"])
def test_an_address_has_one_account(room, ben, email):
    with pytest.raises(Conflict, match="has an account already"):
        room.invite(email, "Another Ben", "en")
    assert room.find(email).id == ben.id


@pytest.mark.parametrize(
    "email", ["", "ben", "@house.example", "ben@", "b@c@d", "b en@c", "a@\0", "a@\ud800", "a" * 250 + "@b.cd"]
)
def test_what_is_no_address_is_refused_in_a_sentence(room, email):
    with pytest.raises(Refused, match=r"e-mail address .*\.$"):
        room.invite(email, "Ben", "en")


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "B\0n"},
        {"name": "B" * 201},
        {"language": ""},
        {"language": "English"},
        {"government": "\x1b"},
        {"grants": [Grant(Role.TRANSLATOR, " garden")]},
        {"grants": [Grant(Role.TRANSLATOR, "garden", "f\0")]},
    ],
)
def test_what_an_account_cannot_hold_is_refused(room, said):
    with pytest.raises(Refused):
        room.invite(**({"email": "cem@house.example", "name": "Cem", "language": "ru"} | said))
    assert room.people() == []


def test_a_moment_without_a_zone_is_refused(room, ben, clock):
    with pytest.raises(Refused, match="no zone"):
        room.set_expiry(ben.id, clock.now.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("eleven char", "fewer than 12"),
        ("x" * 1025, "more than 1024"),
        (" " * 20, "blank"),
        ("CEM@house.example", "e-mail address or the name"),
        ("cem the gardener ", "e-mail address or the name"),
    ],
)
def test_a_bad_password_is_refused_and_the_invitation_still_works(room, password, said):
    invitation = room.invite("cem@house.example", "Cem the Gardener", "ru")
    with pytest.raises(Refused, match=said):
        room.accept(invitation.token, password)
    assert room.accept(invitation.token, PASSWORD)


def test_a_password_may_have_1024_letters_of_any_script_however_they_are_composed(room):
    room.accept(invite(room).token, "é" * 1023 + "水")
    assert signed_in(room, "Cem", "é" * 1023 + "水")
    person(room, "Dora", password="e\N{COMBINING ACUTE ACCENT}" * 12)
    assert signed_in(room, "Dora", "é" * 12)
    with pytest.raises(SignInRefused):
        signed_in(room, "Cem", "é" * 1023 + "水" + "x")


def test_expiry_is_a_moment_from_which_nothing_works(room, ben, clock):
    token = signed_in(room, "Ben").token
    room.set_expiry(ben.id, clock.now + timedelta(minutes=10))
    clock.pass_by(minutes=10, microseconds=-1)
    assert room.resume(token)
    clock.pass_by(microseconds=1)
    with pytest.raises(SignInRefused):
        room.resume(token)
    with pytest.raises(SignInRefused):
        signed_in(room, "Ben")
    room.set_expiry(ben.id, None)
    assert signed_in(room, "Ben")


def test_who_is_invited_and_expires_before_accepting_is_refused(room, clock):
    invitation = invite(room, expires=clock.now + DAY)
    clock.pass_by(days=1)
    with pytest.raises(SignInRefused):
        room.accept(invitation.token, PASSWORD)


def test_deactivation_ends_sessions_and_invitations_and_reactivation_brings_the_account_back(room, ben):
    token, again = signed_in(room, "Ben").token, room.invite_again(ben.id).token
    assert room.deactivate(ben.id).state is PersonState.DEACTIVATED
    with pytest.raises(SignInRefused):
        room.resume(token)
    with pytest.raises(SignInRefused):
        room.accept(again, PASSWORD)
    with pytest.raises(Conflict, match="reactivate"):
        room.invite_again(ben.id)
    assert room.reactivate(ben.id) == ben
    with pytest.raises(SignInRefused):
        room.resume(token)
    assert signed_in(room, "Ben")


def test_who_never_set_a_password_comes_back_as_invited(room):
    id_ = invite(room).person.id
    room.deactivate(id_)
    assert room.reactivate(id_).state is PersonState.INVITED
    with pytest.raises(Conflict, match="comes back"):
        room.reactivate(id_)


def test_a_change_of_rights_ends_sessions_and_no_change_does_not(room, ada, ben):
    token = signed_in(room, "Ben").token
    room.set_grants(ben.id, [FRENCH], by=ada.id)
    assert room.resume(token)
    changed = room.set_grants(ben.id, [FRENCH, Grant(Role.REVIEWER, "garden")], by=ada.id)
    assert changed.grants == {FRENCH, Grant(Role.REVIEWER, "garden")}
    with pytest.raises(SignInRefused):
        room.resume(token)
    token = signed_in(room, "Ben").token
    assert room.set_grants(ben.id, changed.grants, government="xx").government == "xx"
    with pytest.raises(SignInRefused):
        room.resume(token)
    assert room.set_grants(ben.id, [], by=ada.id).government == "xx", "a government stays until another is named"


def test_a_grant_that_stays_keeps_who_gave_it(room, ada, ben):
    room.set_grants(ben.id, [FRENCH, Grant(Role.REVIEWER)], by=ada.id)
    given = {grant["role"]: grant["given_by"] for grant in room.personal_data(ben.id)["grants"]}
    assert given == {"translator": "", "reviewer": ada.id}


def test_a_person_is_described_anew(room, ben):
    described = room.describe(ben.id, name=" Benjamin ", language="fr")
    assert (described.name, described.language) == ("Benjamin", "fr")
    assert room.person(ben.id) == described


def test_people_are_listed_by_name_the_erased_last(room, ada, ben):
    zoe, cem = person(room, "zoe"), person(room, "Cem")
    room.erase(cem.id)
    assert [one.id for one in room.people()] == [ada.id, ben.id, zoe.id, cem.id]


@pytest.mark.parametrize("id_", ["", "ada", NOBODY, "\0", "\ud800" * 32, "0" * 31 + "\n"])
def test_who_is_not_there_is_not_found_by_any_verb(room, ben, id_):
    for ask in (
        room.person,
        room.invite_again,
        room.deactivate,
        room.reactivate,
        room.erase,
        room.personal_data,
        room.sessions,
        room.end_sessions,
        room.reset_totp,
        lambda one: room.set_grants(one, []),
        lambda one: room.set_expiry(one, None),
        lambda one: room.describe(one, name="Ben", language="en"),
        lambda one: room.end_session(one, NOBODY),
        lambda one: room.set_grants(ben.id, [], by=one or NOBODY),
        lambda one: invite(room, by=one or NOBODY),
    ):
        with pytest.raises(NotFound):
            ask(id_)


@pytest.mark.parametrize(
    "act",
    [
        lambda room, id_, _now: room.deactivate(id_),
        lambda room, id_, _now: room.erase(id_),
        lambda room, id_, _now: room.set_grants(id_, [FRENCH]),
        lambda room, id_, _now: room.set_grants(id_, [Grant(Role.ADMINISTRATOR, "garden")]),
        lambda room, id_, now: room.set_expiry(id_, now + DAY),
        lambda room, id_, now: room.set_expiry(id_, now),
    ],
)
def test_the_last_administrator_stays(room, ada, ben, clock, act):
    token = signed_in(room, "Ada").token
    invite(room, grants=[ADMINISTRATOR])
    with pytest.raises(Conflict, match="without an active administrator"):
        act(room, ada.id, clock.now)
    assert room.person(ada.id) == ada
    assert room.resume(token), "nothing of it was done"
    room.set_grants(ben.id, [ADMINISTRATOR])
    act(room, ada.id, clock.now)
    with pytest.raises(Conflict, match="without an active administrator"):
        act(room, ben.id, clock.now)


def test_an_administrator_who_expires_does_not_count(room, ada, ben, clock):
    room.set_grants(ben.id, [ADMINISTRATOR])
    room.set_expiry(ben.id, clock.now + DAY)
    with pytest.raises(Conflict):
        room.deactivate(ada.id)
    assert room.deactivate(ben.id)


def test_the_first_administrator_does_not_expire(room, clock):
    token = invite(room, grants=[ADMINISTRATOR], expires=clock.now + DAY).token
    with pytest.raises(Conflict, match="never expires"):
        room.accept(token, PASSWORD)
    assert room.people()[0].state is PersonState.INVITED
