"""Remembered sessions: who asked a moment ago is not looked up again, and what ends a session ends it at once."""

import pytest
from sqlalchemy import event

from tests.people.samples import DAY, FRENCH, PASSWORD, person, signed_in, with_second_factor
from tm_service.domain.errors import NotFound
from tm_service.domain.people import SignInRefused
from tm_service.people import remembered
from tm_service.people.remembered import SPAN

NEW = "bulbs under the snow"


@pytest.fixture
def asked(store):
    """The statements that the database was asked."""
    said = []
    event.listen(
        store.engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: said.append(statement)
    )
    return said


def is_good(room, token):
    try:
        room.resume(token)
    except SignInRefused:
        return False
    return True


def test_who_asked_a_moment_ago_is_not_looked_up(room, ben, clock, asked):
    opened = signed_in(room, "Ben")
    assert room.recall(opened.token) is None
    first = room.resume(opened.token)
    asked.clear()
    assert room.resume(opened.token) == room.recall(opened.token) == first == opened
    assert not asked
    clock.now += SPAN
    assert room.recall(opened.token) is None
    assert room.resume(opened.token) == first
    assert asked


def test_that_somebody_was_here_makes_nobody_else_be_looked_up(room, ben, clock):
    long_ago = signed_in(room, "Ben")
    clock.pass_by(minutes=30)
    opened = signed_in(room, "Ben")
    room.resume(opened.token)
    room.resume(long_ago.token)
    assert room.sessions(ben.id)[0].seen == clock.now
    assert room.recall(opened.token) == opened


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800"])
def test_a_token_of_nobody_is_not_remembered(room, ben, token, asked):
    for _again in range(2):
        assert not is_good(room, token)
        assert room.recall(token) is None
    assert len([one for one in asked if "people_session" in one]) == 2


ENDINGS = {
    "signing out": lambda room, _ben, opened: room.sign_out(opened.token),
    "this session": lambda room, ben, opened: room.end_session(ben.id, opened.session.id),
    "all sessions": lambda room, ben, _opened: room.end_sessions(ben.id),
    "another token": lambda room, _ben, opened: room.rotate(opened.token),
    "another password": lambda room, _ben, opened: room.change_password(opened.token, PASSWORD, NEW),
    "other grants": lambda room, ben, _opened: room.set_grants(ben.id, ()),
    "an account that is over": lambda room, ben, opened: room.set_expiry(ben.id, opened.session.since),
    "deactivation": lambda room, ben, _opened: room.deactivate(ben.id),
    "erasing": lambda room, ben, _opened: room.erase(ben.id),
    "signing in again": lambda room, ben, opened: room.sign_in(ben.email, PASSWORD, previous=opened.token),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_a_session_ends_it_at_once(room, ada, ben, ending):
    opened = signed_in(room, "Ben")
    assert is_good(room, opened.token)
    ENDINGS[ending](room, ben, opened)
    assert room.recall(opened.token) is None
    assert not is_good(room, opened.token)


def test_what_a_person_is_called_and_holds_is_as_it_is_now(room, ada, ben):
    token = signed_in(room, "Ben").token
    room.resume(token)
    room.describe(ben.id, name="Benedict", language="fr")
    assert room.resume(token).person.name == "Benedict"
    room.set_expiry(ben.id, ada.created + DAY)
    assert room.resume(token).person.expires == ada.created + DAY


def test_what_another_process_ends_is_over_within_seconds(room, other_room, ada, ben, clock):
    token = signed_in(room, "Ben").token
    assert is_good(room, token)
    other_room.deactivate(ben.id)
    assert not is_good(other_room, token)
    clock.now += SPAN
    assert not is_good(room, token)
    assert SPAN.total_seconds() <= 5


def test_nobody_is_remembered_beyond_their_end(room, clock):
    cem = person(room, "Cem", FRENCH, expires=clock.now + SPAN / 2)
    token = signed_in(room, "Cem").token
    assert room.resume(token).person == cem
    clock.now += SPAN / 2
    assert room.recall(token) is None
    assert not is_good(room, token)


def test_a_session_is_not_remembered_beyond_its_end(room, ben, clock):
    token = signed_in(room, "Ben").token
    until = room.resume(token).session.until
    while clock.now < until - SPAN / 2:
        clock.now = min(clock.now + DAY / 24, until - SPAN / 2)
        assert is_good(room, token)
    clock.now = until
    assert room.recall(token) is None
    assert not is_good(room, token)


def test_a_clock_that_goes_back_makes_nobody_remembered_for_longer(room, ben, clock):
    token = signed_in(room, "Ben").token
    room.resume(token)
    clock.now -= SPAN
    assert room.recall(token) is None


def test_what_was_looked_up_before_a_change_is_not_remembered_after_it(room, other_room, ada, ben, monkeypatch):
    """Somebody is let in while an administrator's change is on its way: the next request is looked up again."""
    token = signed_in(room, "Ben").token
    owned = room.owned

    def slow(work, shown):
        found = owned(work, shown)
        other_room.deactivate(ben.id)
        with pytest.raises(NotFound):  # a change of this process, whatever comes of it
            room.end_sessions("0" * 32)
        return found

    monkeypatch.setattr(room, "owned", slow)
    assert room.resume(token).person == ben
    monkeypatch.undo()
    assert not is_good(room, token)


def test_a_factor_that_is_new_is_known_at_once(room, ben, clock):
    _totp, _codes, opened = with_second_factor(room, clock, "Ben")
    assert room.resume(opened.token).person.has_second_factor


def test_there_is_no_end_of_sessions_but_of_what_is_remembered(room, ben, monkeypatch):
    monkeypatch.setattr(remembered, "_MOST", 2)
    tokens = [signed_in(room, "Ben").token for _number in range(5)]
    assert all(is_good(room, token) for token in tokens)
    assert sum(room.recall(token) is not None for token in tokens) <= 2
    assert room.recall(tokens[-1]) is not None
