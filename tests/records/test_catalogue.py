"""The list of documents and drafts: who sees what, how it is searched, and how it goes on page by page."""

import pytest

from tests.records.samples import A1, AMINA, BARAKA, EDITOR, NOBODY, P1, PIERRE, SCHEMAS
from tm_service.domain.catalogue import Move, Shown, Wanted
from tm_service.domain.drafts import Stage
from tm_service.domain.records import ARTICLE, RecordRef

KENYA = {"identifier": "ke"}
HEADER = {"identifier": P1.identifier, "schema": "permit", "languages": ["en"]}


def listed(room, by, **said: object):
    wanted = Wanted(frozenset(SCHEMAS), by.name, by.government.lower(), **said)
    return [entry.ref for entry in room.catalogue(wanted).entries]


@pytest.fixture
def filled(room, clock):
    """An article with a draft of an editor's, and a draft of a permit of Kenya's."""
    room.put(A1, {"title": {"en": "Reeds", "ru": "Тростник"}}, based_on=0, by=EDITOR)
    clock.pass_by(minutes=1)
    room.save_draft(
        P1, {"header": HEADER, "government": KENYA, "title": {"en": "A permit for moss"}}, based_on=0, by=AMINA
    )
    clock.pass_by(minutes=1)
    room.save_draft(A1, {"title": {"en": "Reeds and rushes", "ru": "Тростник"}}, based_on=None, by=EDITOR)
    return room


def test_the_newest_change_stands_first_and_a_draft_is_a_change(filled):
    assert listed(filled, AMINA) == [A1, P1]


def test_records_are_listed_for_their_government_and_who_began_them_alone(filled):
    assert listed(filled, BARAKA) == [A1, P1]
    assert listed(filled, PIERRE) == [A1]
    assert listed(filled, NOBODY) == [A1]
    assert listed(filled, NOBODY, whole=True) == [A1, P1]


def test_a_list_may_show_some_kinds_of_drafts(filled):
    assert listed(filled, EDITOR, shown=Shown.MINE) == [A1]
    assert listed(filled, AMINA, shown=Shown.OTHERS) == [A1]
    assert listed(filled, AMINA, shown=Shown.DRAFTS) == [A1, P1]
    assert listed(filled, AMINA, shown=Shown.REQUESTED) == []
    filled.request(P1, by=AMINA)
    assert listed(filled, AMINA, shown=Shown.REQUESTED) == [P1]


@pytest.mark.parametrize("text", ["reeds", "REEDS AND", "тростн", "ТРОСТНИК", A1.identifier])
def test_a_title_is_found_in_any_language_however_it_is_written(filled, text):
    assert listed(filled, EDITOR, text=text) == [A1]


@pytest.mark.parametrize("text", ["ru", "en", "%", "_", "\\u04", '"'])
def test_what_is_no_part_of_a_title_finds_nothing(filled, text):
    found = listed(filled, EDITOR, text=text)
    assert found == ([A1] if text in "Reeds and rushes" else [])


def test_of_what_readers_have_no_draft_is_told(filled):
    wanted = Wanted(frozenset(SCHEMAS), "", text="reeds", shown=Shown.PUBLISHED)
    [entry] = filled.catalogue(wanted).entries
    assert (entry.title["en"], entry.draft) == ("Reeds", None)
    assert not filled.catalogue(Wanted(frozenset(SCHEMAS), "", text="rushes", shown=Shown.PUBLISHED)).entries


def test_a_list_goes_on_without_a_gap_or_a_repetition(room, clock):
    refs = [RecordRef(ARTICLE, f"article-{number:06}") for number in range(7)]
    for number, ref in enumerate(refs):
        room.put(ref, {"title": {"en": f"Fen {number}"}}, based_on=0, by=EDITOR)
        clock.pass_by(seconds=number % 2)
    for text in ("", "fen"):
        found, after = [], ""
        while True:
            page = room.catalogue(Wanted(frozenset({ARTICLE}), "", text=text, after=after, most=3))
            found += [entry.ref for entry in page.entries]
            after = page.following
            if not after:
                break
        assert found == refs[::-1]


def test_a_search_reads_on_until_its_page_is_full(room):
    for number in range(9):
        title = "open fen" if number % 4 == 0 else "bog"
        room.put(RecordRef(ARTICLE, f"article-{number:06}"), {"title": {"en": title}}, based_on=0, by=EDITOR)
    page = room.catalogue(Wanted(frozenset({ARTICLE}), "", text="en", most=2))
    assert [entry.ref.identifier[-1] for entry in page.entries] == ["8", "4"]
    assert page.following == "article-000004"


def test_what_was_deleted_is_listed_no_more(filled):
    filled.discard(A1, by=EDITOR)
    filled.delete(A1, by=EDITOR, why="gone")
    assert A1 not in listed(filled, EDITOR)


def test_what_somebody_may_do_is_what_the_room_lets_them_do(filled):
    assert filled.moves(A1, by=EDITOR) == {Move.WRITE, Move.REQUEST, Move.PUBLISH}
    assert filled.moves(A1, by=AMINA) == set()
    assert filled.moves(P1, by=AMINA) == {Move.WRITE, Move.REQUEST}
    filled.request(P1, by=AMINA)
    assert filled.moves(P1, by=AMINA) == {Move.WITHDRAW}
    assert filled.moves(P1, by=BARAKA) == {Move.APPROVE, Move.REJECT}
    filled.approve(P1, by=BARAKA)
    assert filled.moves(P1, by=BARAKA) == {Move.PUBLISH, Move.REJECT}
    filled.publish(P1, by=BARAKA)
    assert filled.published(P1)
    assert filled.moves(P1, by=AMINA) == {Move.WRITE}


def test_an_entry_says_who_writes_and_what_is_to_be_decided(filled, clock):
    filled.lock(A1, by=EDITOR)
    [entry] = filled.catalogue(Wanted(frozenset({ARTICLE}), "")).entries
    assert (entry.draft.locked_by, entry.draft.clashes, entry.draft.stage) == ("edith", 0, Stage.DRAFT)
    clock.pass_by(minutes=6)
    [entry] = filled.catalogue(Wanted(frozenset({ARTICLE}), "")).entries
    assert entry.draft.locked_by == ""


def test_the_elements_of_rich_text_are_told_with_their_attributes(room):
    told = room.rich_text()
    assert {"href", "lang", "class"} <= set(told["a"])
    assert "script" not in told
