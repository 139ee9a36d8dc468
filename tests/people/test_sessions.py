"""Sessions: opened, seen, renewed, ended; what ended or ran out opens nothing."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.people.dump import dumped
from tests.people.samples import ADMINISTRATOR, DAY, KEY, PASSWORD, let_in, person, signed_in
from tm_service.domain.errors import Conflict
from tm_service.domain.people import PersonState, SignInRefused
from tm_service.people.room import open_room

NEW = "bulbs under the snow"


def is_good(room, token):
    try:
        room.resume(token)
    except SignInRefused:
        return False
    return True


def test_a_session_says_whose_it_is_and_until_when(room, ben, clock):
    opened = signed_in(room, "Ben")
    assert opened.person == ben
    assert opened.session.person == ben.id
    assert opened.session.until == clock.now + timedelta(hours=12)
    assert room.resume(opened.token) == opened
    assert len(opened.token) >= 43


def test_a_session_without_requests_runs_out(room, ben, clock):
    token = signed_in(room, "Ben").token
    clock.pass_by(hours=2, microseconds=-1)
    assert is_good(room, token)
    clock.pass_by(hours=2, microseconds=-1)
    assert is_good(room, token), "the request before counted"
    clock.pass_by(hours=2)
    assert not is_good(room, token)


def test_a_session_ends_at_last_however_busy_it_is(room, ben, clock):
    token = signed_in(room, "Ben").token
    for _hour in range(11):
        clock.pass_by(hours=1)
        assert is_good(room, token)
    token = room.rotate(token).token
    clock.pass_by(minutes=59)
    assert is_good(room, token)
    clock.pass_by(minutes=1)
    assert not is_good(room, token)


def test_the_time_of_the_last_request_is_written_now_and_then(room, ben, clock):
    opened = signed_in(room, "Ben")
    clock.pass_by(minutes=9)
    room.resume(opened.token)
    assert room.sessions(ben.id) == [opened.session]
    clock.pass_by(minutes=1)
    room.resume(opened.token)
    assert room.sessions(ben.id)[0].seen == clock.now


def test_signing_in_again_ends_the_session_that_the_browser_had(room, ben):
    old = signed_in(room, "Ben")
    new = room.sign_in(ben.email, PASSWORD, previous=old.token)
    assert (is_good(room, old.token), is_good(room, new.token)) == (False, True)
    assert room.sessions(ben.id) == [new.session]


def test_a_sign_in_that_fails_ends_nothing(room, ben):
    old = signed_in(room, "Ben").token
    with pytest.raises(SignInRefused):
        room.sign_in(ben.email, "not the password", previous=old)
    assert is_good(room, old)


def test_a_rotated_session_is_the_same_one_under_another_token(room, ben):
    old = signed_in(room, "Ben")
    new = room.rotate(old.token)
    assert new.session == old.session
    assert (is_good(room, old.token), is_good(room, new.token)) == (False, True)
    with pytest.raises(SignInRefused):
        room.rotate(old.token)


def test_one_session_is_ended_or_all(room, ada, ben):
    first, second, third = (signed_in(room, "Ben") for _number in range(3))
    hers = signed_in(room, "Ada")
    room.end_session(ben.id, first.session.id)
    room.end_session(ada.id, second.session.id)
    room.end_session(ben.id, "\0")
    assert [is_good(room, one.token) for one in (first, second, third)] == [False, True, True]
    room.end_sessions(ben.id)
    assert [is_good(room, one.token) for one in (first, second, third)] == [False, False, False]
    assert is_good(room, hers.token)


def test_signing_out_ends_this_session_and_is_harmless_twice(room, ben):
    one, other = signed_in(room, "Ben").token, signed_in(room, "Ben").token
    room.sign_out(one)
    room.sign_out(one)
    room.sign_out("")
    assert (is_good(room, one), is_good(room, other)) == (False, True)


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "x" * 100_000])
def test_a_token_of_nobody_opens_nothing(room, ben, token):
    for ask in (
        room.resume,
        room.rotate,
        room.enrol_totp,
        lambda one: room.confirm_totp(one, "000000"),
        lambda one: room.remove_totp(one, PASSWORD),
        lambda one: room.change_password(one, PASSWORD, NEW),
    ):
        with pytest.raises(SignInRefused, match="not signed in"):
            ask(token)


def test_a_new_password_ends_other_sessions_and_gives_this_one_a_new_token(room, ben):
    here, there = signed_in(room, "Ben"), signed_in(room, "Ben")
    again = room.invite_again(ben.id).token
    renewed = room.change_password(here.token, PASSWORD, NEW)
    assert renewed.session.id == here.session.id
    assert [is_good(room, one.token) for one in (here, there, renewed)] == [False, False, True]
    with pytest.raises(SignInRefused):
        room.accept(again, PASSWORD)
    with pytest.raises(SignInRefused):
        signed_in(room, "Ben")
    assert signed_in(room, "Ben", NEW)


def test_without_the_old_password_nothing_changes(room, ben):
    here, there = signed_in(room, "Ben").token, signed_in(room, "Ben").token
    with pytest.raises(SignInRefused):
        room.change_password(here, "not the password", NEW)
    assert is_good(room, here)
    assert is_good(room, there)
    assert signed_in(room, "Ben")


def test_tidying_forgets_sessions_that_are_over_and_invitations(room, ben, clock):
    signed_in(room, "Ben")
    room.invite("cem@house.example", "Cem", "ru")
    clock.pass_by(hours=1)
    late = signed_in(room, "Ben")
    assert room.tidy() == 0
    clock.pass_by(hours=1)
    assert room.tidy() == 1
    assert room.sessions(ben.id) == [late.session]
    clock.pass_by(days=7)
    assert room.tidy() == 2
    assert room.tidy() == 0


def test_who_is_vouched_for_is_signed_in_without_a_password(room, ben):
    old = signed_in(room, "Ben")
    opened = let_in(room, ben.id, previous=old.token)
    assert room.resume(opened.token) == opened
    assert not is_good(room, old.token)


def test_who_is_vouched_for_and_invited_is_active_and_the_invitation_is_used(room):
    invitation = room.invite("cem@house.example", "Cem", "ru")
    assert let_in(room, invitation.person.id).person.state is PersonState.ACTIVE
    with pytest.raises(SignInRefused):
        room.accept(invitation.token, PASSWORD)
    with pytest.raises(SignInRefused):
        room.sign_in("cem@house.example", "")


def test_nobody_vouches_for_who_is_not_active(room, ada, clock):
    gone, late = person(room, "Dora"), room.invite("cem@house.example", "Cem", "ru", expires=clock.now + DAY).person
    room.deactivate(gone.id)
    clock.pass_by(days=1)
    for who in (gone, late):
        with pytest.raises(SignInRefused, match="not active"):
            let_in(room, who.id)
    assert room.person(late.id).state is PersonState.INVITED


def test_a_first_administrator_who_expires_is_not_let_in_by_others_either(room, clock):
    invitation = room.invite("cem@house.example", "Cem", "ru", [ADMINISTRATOR], expires=clock.now + DAY)
    with pytest.raises(Conflict, match="never expires"):
        let_in(room, invitation.person.id)


def test_a_hash_of_older_measures_is_made_anew_at_the_next_sign_in(room, store, ben, clock):
    assert "m=8,t=1,p=1" in dumped(store)
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    newer = open_room(store.connected, clock, KEY, hasher=stronger)
    with pytest.raises(SignInRefused):
        newer.sign_in(ben.email, "not the password")
    assert "m=16,t=2,p=1" not in dumped(store)
    signed_in(newer, "Ben")
    assert "m=16,t=2,p=1" in dumped(store)
    assert signed_in(newer, "Ben")
