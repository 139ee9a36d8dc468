"""History: what changed between two revisions, by field and language, readable and complete."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records.samples import A1, ADMINISTRATOR, AMINA, EDITOR, P1, article, permit
from tm_service.domain.drafts import SpanKind, Stage
from tm_service.domain.errors import NotFound
from tm_service.records.words import spans

SIGNS = {SpanKind.SAME: "{}", SpanKind.INSERTED: "[+{}]", SpanKind.DELETED: "[-{}]"}


def shown(told):
    return "".join(SIGNS[span.kind].format(span.text) for span in told)


def differences(room, before, now):
    room.put(P1, before, based_on=None, by=ADMINISTRATOR)
    room.put(P1, now, based_on=None, by=ADMINISTRATOR)
    told = room.difference(P1, 1, 2)
    return [(one.titles, one.language, shown(one.spans)) for one in told]


def test_words_that_came_and_went_are_told_by_the_title_of_the_field_and_the_language(room):
    before = permit(title={"en": "Seeds from the dry valley", "fr": "Semences"}, expiry="2029-01-01")
    now = permit(title={"en": "Seeds from the green valley", "fr": "Semences", "es": "Semillas"}, expiry="2030-01-01")
    assert differences(room, before, now) == [
        (("Title of the permit",), "en", "Seeds from the [-dry][+green] valley"),
        (("Title of the permit",), "es", "[+Semillas]"),
        (("Date of expiry",), "", "[-2029][+2030]-01-01"),
    ]


def test_of_rich_text_tags_are_words(room):
    before = permit(terms={"en": "<p>Keep the seeds dry. Tell us.</p>"})
    now = permit(terms={"en": "<p>Keep the <em>seeds</em> dry. Tell us.</p><p>Thank you.</p>"})
    assert differences(room, before, now) == [
        (("Terms of use",), "en", "<p>Keep the [+<em>]seeds[+</em>] dry. Tell us.</p>[+<p>Thank you.</p>]")
    ]


def test_items_of_lists_are_followed_by_what_they_are(room):
    before = permit(
        usages=[{"identifier": "use-seeds"}, {"identifier": "use-other", "customValue": {"en": "Tea"}}],
        elements=[{"section": {"en": "First"}}, {"section": {"en": "Second"}}],
        keywords=[{"en": "seed"}],
    )
    now = permit(
        usages=[{"identifier": "use-roots"}, {"identifier": "use-other", "customValue": {"en": "Green tea"}}],
        elements=[{"section": {"en": "Preface"}}, {"section": {"en": "First"}}, {"section": {"en": "Second"}}],
        keywords=[{"en": "seed", "fr": "graine"}],
    )
    assert differences(room, before, now) == [
        (("Keywords",), "fr", "[+graine]"),
        (("Usages", "identifier"), "", "[+use-roots]"),
        (("Usages", "Usages"), "en", "[-Tea][+Green tea]"),
        (("Usages", "identifier"), "", "[-use-seeds]"),
        (("Elements", "Section"), "en", "[+Preface]"),
    ]


def test_chinese_is_compared_by_characters():
    assert shown(spans("请保持种子干燥。", "请保持根干燥。")) == "请保持[-种子][+根]干燥。"


def test_what_the_schema_does_not_know_is_told_too(room):
    room.put(A1, article(), based_on=0, by=EDITOR)
    room.put(A1, article(coverImage={"url": "https://a.example/b.png"}, n=1), based_on=1, by=EDITOR)
    told = [(one.path, one.titles, one.now) for one in room.difference(A1, 1, 2)]
    assert told == [(("coverImage", "url"), ("coverImage", "url"), "https://a.example/b.png"), (("n",), ("n",), "1")]


def test_the_first_revision_and_the_draft_are_compared_too(room):
    room.put(A1, article(), based_on=0, by=EDITOR)
    assert {(one.titles, one.language, one.before) for one in room.difference(A1, 0, 1)} == {
        (("Title",), "en", ""), (("Title",), "fr", ""), (("Content",), "en", ""), (("Content",), "fr", ""),
    }  # fmt: skip
    room.save_draft(A1, article(tags=["new"]), based_on=0, by=EDITOR)
    assert [(one.path, one.now) for one in room.difference(A1, 1, 0)] == [(("tags", "0"), "new")]
    with pytest.raises(NotFound, match="no revision 7"):
        room.difference(A1, 7, 1)
    with pytest.raises(NotFound):
        room.difference(P1, 0, 0)


def test_a_revision_that_only_unpublished_changed_no_field(room):
    room.put(A1, article(), based_on=0, by=EDITOR)
    room.unpublish(A1, by=EDITOR, why="x")
    assert room.difference(A1, 1, 2) == ()


def test_the_envelope_says_what_is_known_of_a_document(room):
    room.save_draft(P1, permit(), based_on=0, by=AMINA)
    envelope = room.envelope(P1)
    assert (envelope.latest, envelope.draft.number, envelope.created_by, envelope.government) == (
        None,
        1,
        "amina",
        "ke",
    )
    assert envelope.title == {"en": "Seeds from the dry valley"}
    assert room.revisions(P1) == []
    assert room.find(P1.identifier) == P1
    room.put(P1, permit(), based_on=0, by=ADMINISTRATOR)
    assert room.envelope(P1).latest.stage is Stage.PUBLISHED
    with pytest.raises(NotFound):
        room.envelope(A1)


TEXTS = st.lists(
    st.sampled_from(
        ["seed", "root ", "<p>", "</p>", " ", ". ", "。", "种", "l’eau", "\n", "<", "&amp;", "é", "البذور "]
    ),
    max_size=25,
).map("".join)


@given(TEXTS | st.text(max_size=30), TEXTS | st.text(max_size=30))
def test_the_words_told_are_both_texts_and_nothing_else(before, now):
    told = spans(before, now)
    assert "".join(span.text for span in told if span.kind is not SpanKind.INSERTED) == before
    assert "".join(span.text for span in told if span.kind is not SpanKind.DELETED) == now
    assert all(span.text for span in told)
    assert all(one.kind is not other.kind for one, other in pairwise(told))


def test_long_texts_changed_all_over_are_told_as_a_whole():
    before, now = "seed " * 40_000, "root leaf " * 30_000
    assert [span.kind for span in spans(before, now)] == [SpanKind.DELETED, SpanKind.INSERTED]
