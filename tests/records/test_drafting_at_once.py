"""Drafting at once: whatever several editors do in whatever order, nobody's text is overwritten."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.records.drafting import english, save
from tests.records.samples import (
    A1,
    ADMINISTRATOR,
    article,
)
from tm_service.domain.drafts import Undecided
from tm_service.domain.errors import NotFound
from tm_service.domain.records import Actor, RecordRef


@pytest.mark.parametrize("names_numbers", [True, False])
def test_savers_at_once_lose_nothing(room, names_numbers):
    """Each thread is an editor that writes in a field of its own, and takes up what it is told."""
    save(room, article(), 0)
    people = [Actor(f"editor-{number}", "", frozenset({"article-editor"})) for number in range(4)]

    def write(number):
        document, seen = article(), 1
        for step in range(6):
            document = {**document, "content": {**document["content"], f"l{number}": f"step {step}"}}
            answer = save(room, document, seen if names_numbers else None, people[number])
            assert answer.clashes == ()
            if names_numbers:
                document, seen = answer.draft.document, answer.draft.number

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    content = room.draft(A1).document["content"]
    assert content == article()["content"] | {f"l{number}": "step 5" for number in range(4)}
    assert len({entry.number for entry in room.saves(A1)}) == len(room.saves(A1)) == 25


def test_savers_of_one_text_at_once_leave_one_in_the_draft_and_all_others_waiting(room):
    save(room, article(), 0)
    people = [Actor(f"editor-{number}", "", frozenset({"article-editor"})) for number in range(6)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda by: save(room, english(by.name), 1, by), people))
    draft = room.draft(A1)
    there = {draft.document["title"]["en"], *(clash.mine for clash in draft.clashes)}
    assert there == {by.name for by in people}
    assert len(draft.clashes) == 5


PLACES = [(name, language) for name in ("title", "content") for language in ("en", "fr", "es")]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["type", "type", "type", "open", "publish", "decide", "translate"]),
        st.integers(0, 2),
        st.sampled_from(PLACES),
        st.booleans(),
    ),
    max_size=16,
)
COUNTER = iter(range(10**8))


class Window:
    """An editor's window: what it shows, what it once held at each place, and what it was opened on."""

    def __init__(self, room, ref, by) -> None:
        self.room, self.ref, self.by = room, ref, by
        self.held = {place: set() for place in PLACES}
        self.has_sent = False
        self.open()

    def open(self):
        published = self.room.published(self.ref)
        try:
            draft = self.room.draft(self.ref)
        except NotFound:
            self.show(published.document, None, published.entry.revision)
        else:
            self.show(draft.document, draft.number, draft.based_on)

    def show(self, document, number, revision):
        self.document, self.number, self.revision = document, number, revision
        for place in PLACES:
            self.held[place].add(text(document, place))

    def save(self, *, names_numbers):
        is_named = names_numbers and self.number is not None
        revision = None if is_named or self.has_sent else self.revision
        self.has_sent = True
        number = self.number if is_named else None
        return self.room.save_draft(self.ref, self.document, based_on=number, by=self.by, revision=revision)


def text(document, place):
    return document[place[0]].get(place[1])


def typed(document, place, words):
    return {**document, place[0]: {**document[place[0]], place[1]: words}}


def now(room, ref):
    try:
        return room.draft(ref).document
    except NotFound:
        return room.published(ref).document


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STEPS, st.booleans())
def test_whatever_editors_do_nobody_overwrites_what_they_have_not_seen(room, steps, names_numbers):
    """Three people type, publish and decide while translations arrive; some windows take up what they are told, some never do.

    What is typed is in the draft or waits for a decision; what it takes the place of was in that window before.
    """
    ref = RecordRef("article", f"article-{next(COUNTER):08d}")
    room.put(ref, article(), based_on=0, by=ADMINISTRATOR)
    windows = [Window(room, ref, Actor(f"editor-{at}", "", frozenset({"article-editor"}))) for at in range(3)]
    for at, (verb, who, place, takes_up) in enumerate(steps):
        window, before = windows[who], now(room, ref)
        if verb == "open":
            window.open()
        elif verb == "translate":
            published = room.published(ref)
            changed = typed(published.document, place, f"translation {at}")
            room.put(ref, changed, based_on=published.entry.revision, by=ADMINISTRATOR)
        elif verb == "publish":
            with suppress(Undecided, NotFound):
                room.publish(ref, by=window.by)
        elif verb == "decide":
            with suppress(NotFound):
                for clash in room.draft(ref).clashes[:1]:
                    room.decide(ref, clash.number, clash.mine if takes_up else clash.theirs, by=window.by)
                    window.held[clash.place] |= {clash.mine, clash.theirs}
        else:
            window.document = typed(window.document, place, f"text {at}")
            answer = window.save(names_numbers=names_numbers)
            after = answer.draft.document
            waiting = {(clash.place, clash.mine) for clash in answer.clashes}
            assert text(after, place) == f"text {at}" or (place, f"text {at}") in waiting
            for one in PLACES:
                if text(after, one) != text(before, one):
                    assert text(after, one) == text(window.document, one)
                    assert text(before, one) in window.held[one]
                window.held[one].add(text(window.document, one))
            if takes_up or names_numbers:
                window.show(after, answer.draft.number, answer.draft.based_on)
