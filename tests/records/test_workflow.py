"""Workflow: from draft to readers by the right people, with reasons, and nothing moves while it waits."""

import pytest

from tests.records.samples import (
    A1,
    ADMINISTRATOR,
    AMINA,
    BARAKA,
    C1,
    CHIKU,
    EDITOR,
    IMKE,
    NOBODY,
    P1,
    PIERRE,
    R1,
    article,
    permit,
    resource,
)
from tm_service.domain.drafts import Held, Invalid, Stage, Undecided
from tm_service.domain.errors import Conflict, NotAllowed, NotFound


def requested(room, by=AMINA, **more: object):
    room.save_draft(P1, permit(**more), based_on=0, by=by)
    return room.request(P1, by=by, why="ready")


def test_a_permit_goes_from_draft_to_readers_by_two_people(room, clock):
    assert requested(room).stage is Stage.REQUESTED
    clock.pass_by(hours=1)
    assert room.approve(P1, by=BARAKA, why="complete").stage is Stage.APPROVED
    clock.pass_by(hours=1)
    assert room.publish(P1, by=CHIKU).revision == 1
    assert room.published(P1).document == permit()
    assert [(step.stage, step.by, step.why) for step in reversed(room.journal(P1))] == [
        ("draft", "amina", ""),
        ("requested", "amina", "ready"),
        ("approved", "baraka", "complete"),
        ("published", "chiku", "complete"),
    ]
    assert room.drafts() == []


def test_who_asks_does_not_approve(room):
    requested(room, BARAKA)
    with pytest.raises(NotAllowed, match="another publishing authority has to approve it"):
        room.approve(P1, by=BARAKA)
    room.approve(P1, by=CHIKU)
    assert room.publish(P1, by=BARAKA).revision == 1


@pytest.mark.parametrize("by", [AMINA, PIERRE, NOBODY, EDITOR, ADMINISTRATOR])
def test_only_a_publishing_authority_of_that_government_approves_rejects_and_publishes(room, by):
    requested(room)
    with pytest.raises(NotAllowed):
        room.approve(P1, by=by)
    with pytest.raises(NotAllowed):
        room.reject(P1, by=by, why="no")
    room.approve(P1, by=BARAKA)
    with pytest.raises(NotAllowed):
        room.publish(P1, by=by)
    with pytest.raises(NotFound):
        room.published(P1)


def test_a_rejection_says_why_and_it_is_a_draft_again(room):
    requested(room)
    with pytest.raises(Conflict, match="needs its reasons"):
        room.reject(P1, by=BARAKA, why=" ")
    draft = room.reject(P1, by=BARAKA, why="The date is missing.")
    assert (draft.stage, draft.why, draft.requested_by) == (Stage.DRAFT, "The date is missing.", "")
    assert room.journal(P1)[0].stage is Stage.REJECTED
    room.save_draft(P1, permit(expiry="2030-01-01"), based_on=draft.number, by=AMINA)
    room.request(P1, by=AMINA)
    room.approve(P1, by=BARAKA)
    room.reject(P1, by=CHIKU, why="On second thoughts, no.")
    with pytest.raises(NotAllowed, match="without approval"):
        room.publish(P1, by=BARAKA)


def test_while_a_workflow_holds_it_nobody_changes_it(room):
    room.put(P1, permit(), based_on=0, by=ADMINISTRATOR)
    room.save_draft(P1, permit(expiry="2030-01-01"), based_on=None, by=AMINA)
    room.request(P1, by=AMINA)
    attempts = [
        lambda: room.save_draft(P1, permit(), based_on=None, by=AMINA),
        lambda: room.save_draft(P1, permit(), based_on=None, by=ADMINISTRATOR),
        lambda: room.request(P1, by=AMINA),
        lambda: room.discard(P1, by=AMINA),
        lambda: room.lock(P1, by=AMINA),
        lambda: room.put(P1, permit(expiry="2031-01-01"), based_on=1, by=ADMINISTRATOR),
        lambda: room.put_all([(P1, permit(expiry="2031-01-01"))], by=ADMINISTRATOR),
        lambda: room.unpublish(P1, by=BARAKA, why="x"),
        lambda: room.delete(P1, by=BARAKA, why="x"),
        lambda: room.restore(P1, 1, by=BARAKA),
    ]
    for stage in ("requested", "approved"):
        for attempt in attempts:
            with pytest.raises(Held, match=r"^The record is locked for workflow\.$"):
                attempt()
        if stage == "requested":
            room.approve(P1, by=BARAKA)
    room.publish(P1, by=BARAKA)
    assert room.published(P1).document == permit(expiry="2030-01-01")


def test_every_step_needs_the_one_before(room):
    with pytest.raises(NotFound):
        room.request(P1, by=AMINA)
    room.save_draft(P1, permit(), based_on=0, by=AMINA)
    for verb in (room.approve, room.withdraw):
        with pytest.raises(Conflict, match="is at stage draft, not requested"):
            verb(P1, by=BARAKA)
    with pytest.raises(Conflict, match="is at stage draft"):
        room.reject(P1, by=BARAKA, why="no")
    room.request(P1, by=AMINA)
    with pytest.raises(Conflict, match="is at stage requested, not draft"):
        room.publish(P1, by=BARAKA)
    room.approve(P1, by=BARAKA)
    with pytest.raises(Conflict, match="is at stage approved, not requested"):
        room.approve(P1, by=CHIKU)


def test_a_request_is_taken_back_by_who_made_it(room):
    requested(room)
    for by in (BARAKA, PIERRE):
        with pytest.raises(NotAllowed):
            room.withdraw(P1, by=by)
    assert room.withdraw(P1, by=AMINA, why="not yet").stage is Stage.DRAFT
    room.request(P1, by=AMINA)
    room.approve(P1, by=BARAKA)
    room.withdraw(P1, by=ADMINISTRATOR)
    room.save_draft(P1, permit(expiry="2030-01-01"), based_on=None, by=AMINA)


def test_an_invalid_draft_is_not_requested_and_every_problem_is_told(room):
    room.save_draft(P1, {"government": {"identifier": "ke"}}, based_on=0, by=AMINA)
    with pytest.raises(Invalid) as refused:
        room.request(P1, by=AMINA)
    assert [dict(finding.values)["field"] for finding in refused.value.findings] == ["header", "title"]
    assert room.draft(P1).stage is Stage.DRAFT


def test_articles_and_direct_schemas_are_published_by_who_writes_them(room):
    room.save_draft(A1, article(), based_on=0, by=EDITOR)
    for by in (AMINA, BARAKA, NOBODY):
        with pytest.raises(NotAllowed):
            room.publish(A1, by=by)
    assert room.publish(A1, by=EDITOR).revision == 1
    room.save_draft(C1, {"header": {"a": 1}, "name": {"en": "Herbarium"}}, based_on=0, by=AMINA)
    assert room.publish(C1, by=AMINA).revision == 1


def test_a_record_of_nobody_s_government_is_approved_by_an_administrator(room):
    room.save_draft(R1, resource(), based_on=0, by=IMKE)
    room.request(R1, by=IMKE)
    with pytest.raises(NotAllowed):
        room.approve(R1, by=BARAKA)
    room.approve(R1, by=ADMINISTRATOR)
    assert room.publish(R1, by=ADMINISTRATOR).revision == 1


def test_a_request_is_brought_up_to_what_was_published_meanwhile(room):
    """Who approves sees what readers will get."""
    room.put(P1, permit(), based_on=0, by=ADMINISTRATOR)
    room.save_draft(P1, permit(expiry="2030-01-01"), based_on=None, by=AMINA)
    room.put(P1, permit(title={"en": "Seeds from the dry valley", "fr": "Semences"}), based_on=1, by=ADMINISTRATOR)
    draft = room.request(P1, by=AMINA)
    assert draft.document == permit(title={"en": "Seeds from the dry valley", "fr": "Semences"}, expiry="2030-01-01")
    room.withdraw(P1, by=AMINA)
    room.put(P1, permit(expiry="2029-01-01"), based_on=2, by=ADMINISTRATOR)
    with pytest.raises(Undecided, match="decide: expiry"):
        room.request(P1, by=AMINA)
    assert room.draft(P1).stage is Stage.DRAFT
    assert room.draft(P1).clashes[0].mine == "2030-01-01"
