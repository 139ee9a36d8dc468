"""Warnings: of each change a client is told once, whoever asks how often and wherever a process ends."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.people.samples import approved
from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.errors import NotFound
from tm_service.domain.functions import Deprecated, changing

OLD = Deprecated("returns/v0", date(2026, 11, 1), date(2027, 3, 1), "returns")


@pytest.fixture
def client(room, ada, ben):
    return approved(room, ben, ada)


def test_an_attempt_is_remembered_before_it_begins_and_after_it_ended(room, client, clock):
    mine = room.begin_warning(client.id, OLD)
    assert (mine.client, mine.function, mine.day) == (client.id, "returns/v0", date(2027, 3, 1))
    assert room.warnings() == [mine]
    assert (mine.status, mine.attempts) == (DeliveryStatus.SENDING, 1)
    room.end_warning(replace(mine, status=DeliveryStatus.SENT))
    assert [one.status for one in room.warnings()] == [DeliveryStatus.SENT]
    clock.pass_by(days=30)
    assert room.begin_warning(client.id, OLD) is None


def test_of_two_who_try_at_once_one_does(room, other_room, client):
    with ThreadPoolExecutor(2) as pool:
        tried = list(pool.map(lambda one: one.begin_warning(client.id, OLD), (room, other_room)))
    assert len([one for one in tried if one is not None]) == 1


def test_what_nobody_knows_the_end_of_is_not_sent_again(room, client, clock):
    mine = room.begin_warning(client.id, OLD)
    assert room.begin_warning(client.id, OLD) is None
    assert [one.status for one in room.warnings()] == [DeliveryStatus.SENDING]
    clock.pass_by(hours=2)
    assert room.begin_warning(client.id, OLD) is None
    (kept,) = room.warnings()
    assert (kept.status, kept.id) == (DeliveryStatus.IN_DOUBT, mine.id)
    assert "ask the contact" in kept.error
    clock.pass_by(days=9)
    assert room.begin_warning(client.id, OLD) is None


@pytest.mark.parametrize("status", [DeliveryStatus.WAITING, DeliveryStatus.REFUSED])
def test_what_did_not_go_out_is_tried_again_when_its_time_comes(room, client, clock, status):
    mine = room.begin_warning(client.id, OLD)
    room.end_warning(replace(mine, status=status, next_at=clock.now + timedelta(hours=1), error="no room"))
    assert room.begin_warning(client.id, OLD) is None
    clock.pass_by(hours=1)
    again = room.begin_warning(client.id, OLD)
    assert (again.id, again.attempts, again.error) == (mine.id, 2, "")


def test_another_day_is_another_change(room, client):
    room.begin_warning(client.id, OLD)
    later = replace(OLD, until=date(2027, 6, 1))
    assert room.begin_warning(client.id, later).day == date(2027, 6, 1)
    assert room.begin_warning(client.id, replace(OLD, name="sites/v0")) is not None
    assert len({one.id for one in room.warnings()}) == 3


def test_a_client_that_is_not_there_is_told_nothing(room):
    with pytest.raises(NotFound):
        room.begin_warning("0" * 32, OLD)


@pytest.mark.parametrize(
    ("today", "pinned", "found"),
    [
        (date(2026, 11, 1), {"returns/v0"}, True),
        (date(2027, 2, 28), {"returns/v0", "sites"}, True),
        (date(2026, 10, 31), {"returns/v0"}, False),
        (date(2027, 3, 1), {"returns/v0"}, False),
        (date(2026, 12, 1), {"returns"}, False),
    ],
)
def test_what_changes_is_told_from_the_day_it_is_out_of_date_until_it_has_changed(today, pinned, found):
    assert changing([OLD], pinned, today) == ([OLD] if found else [])


def test_the_next_change_comes_first():
    sooner = Deprecated("sites/v0", date(2026, 1, 1), date(2026, 12, 1))
    assert changing([OLD, sooner], {"returns/v0", "sites/v0"}, date(2026, 11, 22)) == [sooner, OLD]
