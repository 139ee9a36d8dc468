"""Lock-out: failures cost time, more each, never for good; known and unknown addresses alike."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import NOON
from tests.people.samples import PASSWORD, person, signed_in
from tm_service.domain.people import FREE_FAILURES, LockedOut, SignInRefused, locked_until

SPANS = st.timedeltas(timedelta(0), timedelta(hours=3))


@given(st.lists(SPANS, max_size=60))
def test_every_further_failure_locks_for_longer_or_as_long(waits):
    now, until = NOON, None
    for failures, wait in enumerate(waits, 1):
        now += wait
        later = locked_until(failures, now)
        assert until is None or (later is not None and later >= until)
        assert (later is None) == (failures <= FREE_FAILURES)
        until = later


def test_pauses_double_up_to_an_hour():
    pauses = [locked_until(FREE_FAILURES + number, NOON) - NOON for number in range(1, 10)]
    assert [pause.total_seconds() for pause in pauses] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_million_failures_lock_for_an_hour_as_well():
    assert locked_until(1_000_000, NOON) == NOON + timedelta(hours=1)


def fail(room, email, times=1):
    for _time in range(times):
        with pytest.raises(SignInRefused) as refused:
            room.sign_in(email, "not the password")
    return refused.value


@pytest.mark.parametrize("email", ["ben@house.example", "nobody@house.example"])
def test_the_fifth_failure_locks_an_address_whether_anybody_has_it_or_not(room, ben, clock, email):
    assert not isinstance(fail(room, email, 5), LockedOut)
    locked = fail(room, email)
    assert isinstance(locked, LockedOut)
    assert locked.until == clock.now + timedelta(seconds=30)
    assert "2026-11-22 12:00:30 UTC" in str(locked)


def test_while_it_is_locked_the_right_password_opens_nothing_and_failures_cost_nothing(room, ben, clock):
    fail(room, ben.email, 5)
    with pytest.raises(LockedOut) as first:
        signed_in(room, "Ben")
    clock.pass_by(seconds=10)
    assert fail(room, ben.email, 3).until == first.value.until
    clock.pass_by(seconds=20)
    assert signed_in(room, "Ben").person.id == ben.id


def test_success_makes_the_next_failures_free_again(room, ben):
    fail(room, ben.email, 4)
    signed_in(room, "Ben")
    fail(room, ben.email, 4)
    assert signed_in(room, "Ben")


def test_another_case_of_the_address_is_the_same_address(room, ben):
    fail(room, " BEN@House.Example", 5)
    with pytest.raises(LockedOut):
        signed_in(room, "Ben")


def test_others_are_not_kept_out(room, ada, ben):
    fail(room, ben.email, 6)
    assert signed_in(room, "Ada")


def test_a_clock_that_jumps_back_shortens_no_pause(room, ben, clock):
    fail(room, ben.email, 5)
    until = fail(room, ben.email).until
    clock.pass_by(seconds=30)
    clock.pass_by(hours=-1)
    assert fail(room, ben.email).until == until


def test_a_new_invitation_that_is_accepted_opens_the_door_at_once(room, ben):
    fail(room, ben.email, 6)
    room.accept(room.invite_again(ben.id).token, "bulbs under the snow")
    assert signed_in(room, "Ben", "bulbs under the snow")


def test_failures_are_forgotten_after_a_month_and_not_before(room, ben, clock):
    fail(room, ben.email, 5)
    fail(room, "nobody@house.example", 5)
    clock.pass_by(days=29)
    assert room.tidy() == 0
    fail(room, ben.email)
    assert isinstance(fail(room, ben.email), LockedOut)
    clock.pass_by(days=2)
    assert room.tidy() == 1, "of nobody; Ben's last one is two days old"


def test_the_old_password_is_not_guessed_through_an_open_session_either(room, ben):
    token = signed_in(room, "Ben").token
    for _time in range(5):
        with pytest.raises(SignInRefused):
            room.change_password(token, "not the password", "bulbs under the snow")
    with pytest.raises(LockedOut):
        room.change_password(token, PASSWORD, "bulbs under the snow")
    with pytest.raises(LockedOut):
        room.remove_totp(token, PASSWORD)


def test_two_rooms_over_one_database_count_together(room, other_room, ben):
    fail(room, ben.email, 3)
    fail(other_room, ben.email, 2)
    assert isinstance(fail(room, ben.email), LockedOut)


def test_who_is_not_active_is_told_nothing_else(room, ada, clock):
    said = set()
    invited = room.invite("cem@house.example", "Cem", "ru")
    dora = person(room, "Dora")
    room.deactivate(dora.id)
    eva = person(room, "Eva", expires=clock.now + timedelta(days=1))
    clock.pass_by(days=2)
    for email in (invited.person.email, dora.email, eva.email, "nobody@house.example", "", "\0", "\ud800@x"):
        with pytest.raises(SignInRefused) as refused:
            room.sign_in(email, PASSWORD)
        said.add(str(refused.value))
    assert len(said) == 1
