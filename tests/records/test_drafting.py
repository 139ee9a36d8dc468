"""Drafting: autosaves of several people meet in one draft, and nobody's text is ever overwritten."""

import pytest

from tests.records.drafting import english, save
from tests.records.samples import (
    A1,
    ADMINISTRATOR,
    AMINA,
    BARAKA,
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
from tm_service.domain.drafts import Invalid, Stage, Undecided
from tm_service.domain.errors import Conflict, NotAllowed, NotFound
from tm_service.domain.records import Actor, RecordRef

FADI = Actor("fadi", "", frozenset({"article-editor"}))


def test_a_draft_survives_and_is_found_again_by_who_wrote_it(room, clock):
    saved = save(room, article(), 0)
    assert (saved.draft.number, saved.draft.stage, saved.draft.based_on) == (1, Stage.DRAFT, 0)
    assert not saved.is_merged
    clock.pass_by(days=30)
    draft = room.draft(A1)
    assert draft.document == article()
    (entry,) = room.drafts(EDITOR)
    assert (entry.ref, entry.title, entry.by) == (A1, article()["title"], "edith")
    assert room.drafts(FADI) == []
    assert room.drafts() == [entry]
    assert room.entries() == []
    with pytest.raises(NotFound):
        room.published(A1)


def test_each_save_has_a_number_and_saving_the_same_again_has_none_of_its_own(room):
    numbers = [save(room, english(text)).draft.number for text in "aabbc"]
    assert numbers == [1, 1, 2, 2, 3]
    assert [entry.number for entry in room.saves(A1)] == [3, 2, 1]
    assert room.saved(A1, 1) == english("a")
    with pytest.raises(NotFound, match="There is no save 99"):
        room.saved(A1, 99)
    with pytest.raises(NotFound, match="There is no save 99"):
        save(room, english("d"), 99)


def test_changes_to_different_fields_and_languages_meet_silently(room):
    begun = save(room, article(), 0).draft.number
    save(room, english("Hours"), begun)
    answer = save(room, article(title={"en": "Opening hours", "fr": "Heures d’ouverture"}), begun, FADI)
    assert answer.is_merged
    assert answer.clashes == ()
    assert answer.draft.document["title"] == {"en": "Hours", "fr": "Heures d’ouverture"}


def test_the_same_text_changed_by_two_is_a_clash_and_neither_text_is_lost(room):
    begun = save(room, article(), 0).draft.number
    save(room, english("Hours"), begun)
    answer = save(room, english("When we open", tags=["new"]), begun, FADI)
    (clash,) = answer.clashes
    assert (clash.path, clash.language) == (("title",), "en")
    assert (clash.base, clash.theirs, clash.mine, clash.mine_by) == ("Opening hours", "Hours", "When we open", "fadi")
    assert answer.draft.document == english("Hours", tags=["new"])
    assert room.draft(A1).clashes == answer.draft.clashes
    assert room.drafts()[0].clashes == 1
    assert room.saved(A1, answer.draft.number, as_sent=True) == english("When we open", tags=["new"])
    with pytest.raises(Undecided, match=r"decide: title/en\.$") as told:
        room.publish(A1, by=EDITOR)
    assert told.value.clashes == answer.draft.clashes
    with pytest.raises(Undecided):
        room.request(A1, by=EDITOR)


def clashed(room):
    begun = save(room, article(), 0).draft.number
    save(room, english("Hours"), begun)
    return save(room, english("When we open"), begun, FADI)


@pytest.mark.parametrize("names_numbers", [True, False])
def test_an_editor_that_goes_on_saving_its_text_decides_nothing(room, names_numbers):
    """An autosave every few seconds is no decision."""
    answer = clashed(room)
    for text in ("When we open", "When we open today", "When we open today"):
        answer = save(room, english(text), answer.draft.number if names_numbers else None, FADI)
        assert answer.draft.document["title"]["en"] == "Hours"
    (clash,) = answer.clashes
    assert clash.mine == "When we open today"
    answer = save(room, english("Hours again"), None, EDITOR)
    assert answer.draft.document["title"]["en"] == "Hours again"
    (clash,) = answer.draft.clashes
    assert (clash.theirs, clash.mine) == ("Hours again", "When we open today")


@pytest.mark.parametrize(("value", "title"), [("Hours", {"en": "Hours"}), ("Both", {"en": "Both"}), (None, {})])
def test_a_person_decides_once(room, value, title):
    number = clashed(room).clashes[0].number
    draft = room.decide(A1, number, value, by=FADI)
    assert draft.document["title"] == {**title, "fr": "Horaires"}
    assert draft.clashes == ()
    with pytest.raises(Conflict, match="settled already"):
        room.decide(A1, number, "x", by=EDITOR)
    with pytest.raises(NotFound, match="There is no clash"):
        room.decide(A1, number + 99, "x", by=EDITOR)
    save(room, english("Later"), draft.number, FADI)
    assert room.draft(A1).document["title"]["en"] == "Later"


def test_a_decision_does_not_count_as_having_seen_what_others_wrote(room):
    answer = clashed(room)
    save(room, english("Hours", tags=["by edith"]), None, EDITOR)
    room.decide(A1, answer.clashes[0].number, "When we open", by=FADI)
    answer = save(room, english("When we open", content={"en": "<p>New.</p>"}), None, FADI)
    assert answer.draft.document["tags"] == ["by edith"]
    assert answer.draft.document["content"]["en"] == "<p>New.</p>"


def test_what_a_decision_would_change_may_be_gone_by_then(room):
    usages = [{"identifier": "use-of-seeds", "customValue": {"en": "Sowing"}}]
    begun = save(room, permit(usages=usages), 0, AMINA, P1).draft.number
    usage = {"identifier": "use-of-seeds"}
    save(room, permit(usages=[usage | {"customValue": {"en": "Planting"}}]), begun, AMINA, P1)
    answer = save(room, permit(usages=[usage | {"customValue": {"en": "Seeding"}}]), begun, BARAKA, P1)
    (clash,) = answer.clashes
    assert (clash.path, clash.language) == (("usages", "use-of-seeds", "customValue"), "en")
    save(room, permit(usages=[]), answer.draft.number, AMINA, P1)
    with pytest.raises(Conflict, match="gone from permit"):
        room.decide(P1, clash.number, "Seeding", by=BARAKA)
    assert room.decide(P1, clash.number, None, by=BARAKA).document["usages"] == []


def test_clients_that_name_no_number_never_overwrite_what_they_have_not_seen(room):
    save(room, article())
    save(room, article(tags=["b"]), by=FADI)
    save(room, english("Hours"))
    save(room, english("Opening hours", tags=["b"]), by=FADI)
    draft = room.draft(A1)
    assert draft.document == english("Hours", tags=["b"])
    assert draft.clashes == ()


def test_who_takes_out_again_what_they_put_in_and_puts_it_back_has_it(room):
    """A save that changes nothing for others is remembered all the same as what its writer has seen."""
    save(room, article())
    save(room, article(tags=["x"]))
    save(room, article(), 2, FADI)
    save(room, article())
    assert save(room, article(tags=["x"])).draft.document["tags"] == ["x"]


def test_a_draft_begun_on_a_revision_that_was_replaced_meanwhile_takes_nothing_back(room):
    room.put(A1, article(), based_on=0, by=EDITOR)
    room.put(A1, article(tags=["published"]), based_on=1, by=EDITOR)
    answer = save(room, english("Hours"), revision=1)
    assert answer.draft.document == english("Hours", tags=["published"])
    assert answer.is_merged


def test_an_editor_left_open_after_publication_takes_nothing_back(room):
    number = save(room, article()).draft.number
    room.save_draft(A1, article(tags=["by fadi"]), based_on=number, by=FADI)
    room.publish(A1, by=FADI)
    for based_on in (number, None):
        answer = save(room, english("Hours"), based_on)
        assert answer.draft.document == english("Hours", tags=["by fadi"])
    assert answer.draft.based_on == 1


def test_publishing_brings_a_draft_up_to_what_was_published_meanwhile(room):
    room.put(A1, article(), based_on=0, by=EDITOR)
    save(room, english("Hours"))
    translated = article(title={"en": "Opening hours", "fr": "Heures", "es": "Horario"})
    room.put(A1, translated, based_on=1, by=ADMINISTRATOR)
    entry = room.publish(A1, by=EDITOR)
    assert entry.revision == 3
    assert room.published(A1).document["title"] == {"en": "Hours", "fr": "Heures", "es": "Horario"}
    with pytest.raises(NotFound):
        room.draft(A1)


def test_publishing_stops_where_draft_and_publication_changed_the_same(room):
    room.put(A1, article(), based_on=0, by=EDITOR)
    save(room, english("Hours", tags=["draft"]))
    room.put(A1, english("Times"), based_on=1, by=ADMINISTRATOR)
    with pytest.raises(Undecided) as told:
        room.publish(A1, by=EDITOR)
    (clash,) = told.value.clashes
    assert (clash.base, clash.theirs, clash.mine, clash.mine_by) == ("Opening hours", "Times", "Hours", "edith")
    draft = room.draft(A1)
    assert draft.based_on == 2
    assert draft.document == english("Times", tags=["draft"])
    assert room.published(A1).document == english("Times")
    room.decide(A1, clash.number, "Hours", by=EDITOR)
    assert room.publish(A1, by=EDITOR).revision == 3
    assert room.published(A1).document == english("Hours", tags=["draft"])


def test_who_reads_an_old_publication_and_saves_after_the_draft_moved_on_takes_nothing_back(room):
    room.put(A1, article(), based_on=0, by=EDITOR)
    save(room, article(tags=["edith"]))
    room.put(A1, article(title={"en": "Opening hours", "fr": "Heures"}), based_on=1, by=ADMINISTRATOR)
    room.request(A1, by=EDITOR)
    room.withdraw(A1, by=EDITOR)
    answer = save(room, english("Hours"), by=FADI)
    assert answer.draft.document["title"] == {"en": "Hours", "fr": "Heures"}


def test_publishing_a_draft_that_changes_nothing_makes_no_revision_and_ends_it(room):
    first = room.put(A1, article(), based_on=0, by=EDITOR)
    save(room, article())
    assert room.publish(A1, by=EDITOR) == first
    assert room.drafts() == []


def test_a_draft_given_up_is_gone_and_its_saves_are_not(room):
    save(room, article(), 0)
    room.discard(A1, by=EDITOR)
    with pytest.raises(NotFound):
        room.draft(A1)
    assert room.saved(A1, 1) == article()
    assert save(room, english("Hours"), 0).draft.number == 2
    assert [step.why for step in room.journal(A1)] == ["", "The draft was given up.", ""]


def test_a_draft_need_not_be_valid_but_has_to_be_a_document(room):
    save(room, {})
    for nonsense in ([], "x", {"a": float("inf")}):
        with pytest.raises(Invalid):
            save(room, nonsense)
    with pytest.raises(NotFound, match="There is no schema"):
        save(room, {}, ref=RecordRef("nothing", "nothing-0001"))
    with pytest.raises(Invalid, match="title"):
        room.publish(A1, by=EDITOR)
    assert room.draft(A1).document == {}


def test_who_may_write_a_draft(room):
    for by in (AMINA, NOBODY):
        with pytest.raises(NotAllowed):
            save(room, article(), by=by)
    save(room, permit(), by=AMINA, ref=P1)
    for by in (PIERRE, NOBODY, EDITOR):
        with pytest.raises(NotAllowed):
            save(room, permit(), by=by, ref=P1)
        with pytest.raises(NotAllowed):
            room.discard(P1, by=by)
    with pytest.raises(NotAllowed, match="is of the government ke; it cannot be given to fr"):
        save(room, permit(government={"identifier": "fr"}), by=AMINA, ref=P1)
    with pytest.raises(NotAllowed):
        save(room, permit(government={"identifier": "fr"}), by=AMINA, ref=RecordRef("permit", "permit-000002"))
    for by in (NOBODY, EDITOR):
        with pytest.raises(NotAllowed, match=r"may not write this .*; it is of no government"):
            save(room, resource(), by=by, ref=R1)
    save(room, resource(), by=IMKE, ref=R1)
    for document in (resource(), resource(government={"identifier": "fr"})):
        with pytest.raises(NotAllowed):
            save(room, document, by=PIERRE, ref=R1)
