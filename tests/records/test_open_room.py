"""The room of this house, with its own schemas: what it refuses, what it hides, what is found across its record types."""

import pytest

from tests.clocks import Clock
from tests.records.samples import ADMINISTRATOR, AMINA, BARAKA, EDITOR, article
from tm_service.domain.drafts import Invalid, Standing
from tm_service.domain.errors import NotFound
from tm_service.domain.records import ARTICLE, RecordRef
from tm_service.records.room import open_room

CHECKPOINT = RecordRef("absCheckpoint", "checkpoint-0001")
CONTACT = RecordRef("contact", "contact-000001")


@pytest.fixture
def house(store):
    return open_room(store.connected, Clock())


def checkpoint(**more: object):
    return {
        "header": {"identifier": CHECKPOINT.identifier, "schema": "absCheckpoint", "languages": ["en"]},
        "government": {"identifier": "ke"},
        "jurisdiction": {"identifier": "national"},
        "name": {"en": "Harbour office"},
        "responsibilities": {"en": "<p>It looks at what leaves by ship.</p>"},
        "informAllAuthorities": True,
        "contactsToInform": [{"identifier": f"{CONTACT.identifier}@1"}],
        **more,
    }


def test_opening_it_twice_changes_nothing(house, store):
    house.put(RecordRef(ARTICLE, "5b1061d6ae98d8000175c0ef"), article(), based_on=0, by=EDITOR)
    assert open_room(store.connected, Clock()).entries() == house.entries()


def test_a_checkpoint_goes_through_the_workflow_and_its_contact_knows_of_it(house):
    house.save_draft(CHECKPOINT, checkpoint(notes="ask again in May"), based_on=0, by=AMINA)
    assert "notes" not in house.shared(house.share(CHECKPOINT, by=AMINA).token).document
    house.request(CHECKPOINT, by=AMINA)
    house.approve(CHECKPOINT, by=BARAKA)
    house.publish(CHECKPOINT, by=BARAKA)
    assert house.published(CHECKPOINT).document["notes"] == "ask again in May"
    (named,) = house.referred_by(CONTACT.identifier)
    assert (named.source, named.path, named.standing) == (CHECKPOINT, ("contactsToInform", "0"), Standing.BROKEN)
    assert named.title == {"en": "Harbour office"}


def test_an_invalid_checkpoint_is_refused_with_every_problem(house):
    document = checkpoint(name={}, responsibilities={"en": "<p>It looks.</p>", "fr": "<p>Il regarde.</p>"})
    document["header"]["languages"] = []
    with pytest.raises(Invalid) as refused:
        house.put(CHECKPOINT, document, based_on=0, by=ADMINISTRATOR)
    assert len(refused.value.findings) >= 2
    with pytest.raises(NotFound):
        house.find(CHECKPOINT.identifier)
