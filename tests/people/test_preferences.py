"""Preferences: what people chose, kept, taken along and forgotten; a digest is one person's to send each day."""

from datetime import date

from tests.people.samples import ADMINISTRATOR, FRENCH, person
from tm_service.domain.waiting import Digest

MONDAY = date(2026, 11, 23)


def test_who_chose_nothing_is_told_nothing(room):
    ana = person(room, "Ana", ADMINISTRATOR)
    assert (room.digest(ana.id), room.digest_told(ana.id)) == (Digest.NEVER, None)
    assert not room.begin_digest(ana.id, MONDAY)


def test_a_digest_is_begun_once_a_day(room):
    ana = person(room, "Ana", ADMINISTRATOR)
    room.set_digest(ana.id, Digest.DAILY)
    assert [room.begin_digest(ana.id, MONDAY) for _ in range(3)] == [True, False, False]
    assert room.digest_told(ana.id) == MONDAY
    room.set_digest(ana.id, Digest.WEEKLY)
    assert room.digest_told(ana.id) == MONDAY
    assert room.begin_digest(ana.id, date(2026, 11, 24))


def test_what_was_chosen_is_taken_along_and_forgotten(room):
    person(room, "Ana", ADMINISTRATOR)
    ben = person(room, "Ben", FRENCH)
    room.set_digest(ben.id, Digest.WEEKLY)
    assert room.personal_data(ben.id)["preferences"] == {"digest": "weekly", "told": None}
    room.erase(ben.id)
    assert room.digest(ben.id) is Digest.NEVER
