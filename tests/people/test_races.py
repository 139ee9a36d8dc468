"""Races: many processes do the same thing at once, and it happens once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.clocks import NOON
from tests.people.samples import (
    ADMINISTRATOR,
    DAY,
    PASSWORD,
    approved,
    make_room,
    person,
    signed_in,
    with_second_factor,
)
from tests.processes import PATIENCE
from tm_service.domain.clients import Use
from tm_service.domain.errors import ServiceError
from tm_service.domain.people import CodeNeeded, LockedOut, SignInRefused
from tm_service.storage.sql_store import SqlStore

MANY = 4


@pytest.fixture
def rooms(url, clock):
    """Rooms of as many processes, each with connections of its own."""
    stores = [SqlStore(url) for _number in range(MANY)]
    yield [make_room(store.connected, clock) for store in stores]
    for store in stores:
        store.close()


def at_once(acts):
    """What came of acts that begin together: values and refusals."""
    start = Barrier(len(acts))

    def run(act):
        start.wait(PATIENCE)
        try:
            return act()
        except ServiceError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def succeeded(outcomes):
    return [outcome for outcome in outcomes if not isinstance(outcome, ServiceError)]


def test_a_recovery_code_opens_one_session(room, rooms, ben, clock):
    _totp, codes, _opened = with_second_factor(room, clock, "Ben")
    for code in codes[:5]:
        outcomes = at_once([lambda one=one, code=code: signed_in(one, "Ben", code=code) for one in rooms])
        assert len(succeeded(outcomes)) == 1
        assert sum(isinstance(outcome, SignInRefused) for outcome in outcomes) == MANY - 1
        clock.pass_by(hours=1)
        signed_in(room, "Ben", code=codes[5 + codes.index(code)])


def test_a_time_step_opens_one_session(room, rooms, ben, clock):
    totp, codes, _opened = with_second_factor(room, clock, "Ben")
    for round_ in range(5):
        clock.pass_by(hours=1)
        code = totp.at(clock.now)
        outcomes = at_once([lambda one=one, code=code: signed_in(one, "Ben", code=code) for one in rooms])
        assert len(succeeded(outcomes)) == 1
        clock.pass_by(hours=1)
        signed_in(room, "Ben", code=codes[round_])


def test_an_invitation_sets_one_password(room, rooms):
    invitation = room.invite("cem@house.example", "Cem", "ru")
    passwords = [f"seeds of the year {number}" for number in range(MANY)]
    outcomes = at_once(
        [
            lambda one=one, said=said: one.accept(invitation.token, said)
            for one, said in zip(rooms, passwords, strict=True)
        ]
    )
    assert len(succeeded(outcomes)) == 1
    good = [said for said, outcome in zip(passwords, outcomes, strict=True) if not isinstance(outcome, ServiceError)]
    assert signed_in(room, "Cem", good[0])


def test_no_failure_is_lost(room, rooms, ben):
    at_once([lambda one=one: signed_in(one, "Ben", "not the password") for one in rooms])
    assert room.personal_data(ben.id)["failed_sign_ins"] == MANY


def test_of_many_guesses_at_once_those_after_the_fifth_learn_nothing(rooms, ben):
    """All of them begin before any has failed, the right one among them; whoever comes after the fifth is turned away."""
    kept, right = rooms[0].tried(ben.email, PASSWORD)
    assert right
    arrived = Barrier(2 * MANY)
    for one in rooms:
        one._passwords = Late(one._passwords, arrived)
    outcomes = at_once([lambda one=one: signed_in(one, "Ben", "not the password") for one in rooms * 2])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LockedOut"] * 3 + ["SignInRefused"] * 5
    with rooms[0].writing() as work:
        assert isinstance(rooms[0].counted(work, ben.email, kept, right=right), LockedOut)
        assert work.failures(ben.email)[0] == 5


class Late:
    """Passwords that are looked at when all have come."""

    def __init__(self, passwords, arrived) -> None:
        self.passwords, self.arrived = passwords, arrived

    def verify(self, kept, password):
        self.arrived.wait(PATIENCE)
        return self.passwords.verify(kept, password)


def test_a_password_that_is_changed_while_the_old_one_is_looked_at_opens_nothing(room, ben):
    kept, right = room.tried(ben.email, PASSWORD)
    assert right
    room.change_password(signed_in(room, "Ben").token, PASSWORD, "bulbs under the snow")
    with room.writing() as work:
        assert type(room.counted(work, ben.email, kept, right=right)) is SignInRefused


def test_two_administrators_who_send_each_other_away_at_once_leave_one(room, rooms, ada):
    for round_ in range(3):
        other = person(room, f"Eva{round_}", ADMINISTRATOR)
        both = [one for one in room.people() if one.is_administrator and one.is_active(NOON)]
        assert len(both) == 2
        assert other in both
        acts = [rooms[0].deactivate, rooms[1].erase]
        outcomes = at_once([lambda act=act, who=who: act(who.id) for act, who in zip(acts, both, strict=True)])
        assert len(succeeded(outcomes)) == 1


def test_an_address_gets_one_account(rooms, room):
    outcomes = at_once([lambda one=one: one.invite("cem@house.example", "Cem", "ru") for one in rooms])
    assert len(succeeded(outcomes)) == len(room.people()) == 1


def test_a_token_is_rotated_once(room, rooms, ada, ben):
    client = approved(room, ada, ben)
    prefix = room.issue_token(client.id, client.scopes, by=ada.id, lasts=DAY).token.prefix
    outcomes = at_once([lambda one=one: one.rotate_token(prefix, by=ada.id, overlap=DAY) for one in rooms])
    assert len(succeeded(outcomes)) == 1
    assert len(room.tokens(client.id)) == 2


def test_a_session_is_rotated_once(room, rooms, ben):
    token = signed_in(room, "Ben").token
    assert len(succeeded(at_once([lambda one=one: one.rotate(token) for one in rooms]))) == 1


def test_no_call_is_lost_from_the_counts(room, rooms, ada, ben):
    client = approved(room, ada, ben).id
    acts = [lambda one=one: [one.count([Use(client, "packages", NOON, 2)]) for _time in range(10)] for one in rooms]
    assert len(succeeded(at_once(acts))) == MANY
    assert [usage.calls for usage in room.usage()] == [2 * 10 * MANY]


def test_an_enrolment_is_confirmed_once(room, rooms, ben, clock):
    totp, _codes, opened = with_second_factor(room, clock, "Ben")
    token = room.remove_totp(opened.token, PASSWORD).token
    totp.secret = room.enrol_totp(token).secret
    code = totp.at(clock.now)
    outcomes = at_once([lambda one=one: one.confirm_totp(token, code) for one in rooms])
    assert len(succeeded(outcomes)) == 1
    with pytest.raises(CodeNeeded):
        signed_in(room, "Ben")
