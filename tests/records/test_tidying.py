"""Tidying: a day of typing becomes a few saves, and nothing that anybody could miss goes."""

import pytest
from sqlalchemy import func, select

from tests.clocks import NOON
from tests.records.samples import A1, EDITOR, article
from tm_service.domain.errors import NotFound
from tm_service.domain.records import Actor
from tm_service.records.tables import content

FADI = Actor("fadi", "", frozenset({"article-editor"}))


def english(text):
    return article(title={"en": text, "fr": "Horaires"})


@pytest.fixture
def typed(room, clock):
    """An hour of typing, a save each minute, a colleague in the middle of it, and a publication at the end."""
    for minute in range(60):
        room.save_draft(A1, english(f"minute {minute}"), based_on=None, by=EDITOR)
        if minute == 34:
            room.save_draft(A1, english("minute 0") | {"tags": ["by fadi"]}, based_on=1, by=FADI)
        clock.pass_by(minutes=1)
    room.publish(A1, by=EDITOR)
    return room


def contents(store):
    with store.connected("read") as connection:
        return connection.scalar(select(func.count()).select_from(content))


def test_of_saves_that_their_writer_replaced_two_in_ten_minutes_stay(typed, store, clock):
    assert typed.tidy(NOON) == 0
    before = contents(store)
    gone = typed.tidy(clock())
    kept = [entry.number for entry in typed.saves(A1)]
    assert gone == 61 - len(kept)
    assert {entry.at.minute // 10 for entry in typed.saves(A1)} == set(range(6))
    assert len(kept) < 20
    assert contents(store) < before
    assert typed.tidy(clock()) == 0
    assert typed.published(A1).document == english("minute 59") | {"tags": ["by fadi"]}
    for number in kept:
        typed.saved(A1, number)
        typed.saved(A1, number, as_sent=True)
    with pytest.raises(NotFound):
        typed.saved(A1, 2)


def test_who_took_up_a_save_that_is_gone_is_still_merged_with_what_came_since(typed, clock):
    typed.tidy(clock())
    answer = typed.save_draft(A1, english("minute 3") | {"customTags": ["x"]}, based_on=4, by=FADI)
    assert answer.draft.document["tags"] == ["by fadi"]
    assert answer.draft.document["title"]["en"] == "minute 59"
    assert answer.draft.document["customTags"] == ["x"]


def test_drafts_and_revisions_stay_whole(room, clock, store):
    room.put(A1, article(), based_on=0, by=EDITOR)
    room.put(A1, english("two"), based_on=1, by=EDITOR)
    for text in "abc":
        room.save_draft(A1, english(text), based_on=None, by=EDITOR)
    clock.pass_by(days=1)
    assert room.tidy(clock()) == 1
    assert room.draft(A1).document == english("c")
    assert [room.revision(A1, number).document for number in (1, 2)] == [article(), english("two")]
    assert contents(store) == 4
