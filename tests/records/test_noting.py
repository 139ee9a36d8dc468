"""Noting: what happens to a record stands in the house's journal too, in the transaction of the change."""

import pytest

from tests.records.samples import AMINA, BARAKA, CHIKU, P1, make_room, permit
from tm_service.domain.errors import NotAllowed
from tm_service.records.migrate import MIGRATIONS
from tm_service.storage.audit import Audit
from tm_service.storage.sql_store import SqlStore


@pytest.fixture
def house(empty_url):
    """A database with the journal beside the records."""
    store = SqlStore(empty_url)
    store.migrate()
    MIGRATIONS.run(store.connected)
    yield store
    store.close()


def noted(house):
    with house.read() as tx:
        assert tx.verify_audit().broken is None
        return [(line.entry.verb, line.details) for line in tx.audit()]


def test_each_step_to_readers_is_noted_with_who_took_it_and_never_why(house, clock):
    room = make_room(house.connected, clock, Audit)
    room.save_draft(P1, permit(), based_on=0, by=AMINA)
    room.request(P1, by=AMINA, why="Amina is ready")
    with pytest.raises(NotAllowed):
        room.approve(P1, by=AMINA)
    room.reject(P1, by=BARAKA, why="Amina forgot the annex")
    room.request(P1, by=AMINA)
    room.approve(P1, by=BARAKA)
    room.publish(P1, by=CHIKU)
    room.unpublish(P1, by=CHIKU, why="expired")
    found = noted(house)
    assert [verb for verb, _details in found] == [
        "record draft",
        "record requested",
        "record rejected",
        "record requested",
        "record approved",
        "record published",
        "record unpublished",
    ]
    assert found[5][1] == {"record": P1.identifier, "kind": "permit", "by": "chiku", "revision": 1}
    assert not [details for _verb, details in found if "Amina" in str(details) or "annex" in str(details)]


def test_reading_and_locking_note_nothing(house, clock):
    room = make_room(house.connected, clock, Audit)
    room.save_draft(P1, permit(), based_on=0, by=AMINA)
    before = noted(house)
    room.lock(P1, by=AMINA)
    room.draft(P1)
    room.unlock(P1, by=AMINA)
    assert noted(house) == before
