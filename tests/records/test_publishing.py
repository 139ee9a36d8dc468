"""Publishing: revisions that are numbered and never change, one watermark for the whole store, nothing cleared."""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.clocks import NOON
from tests.records.samples import (
    A1,
    ADMINISTRATOR,
    AMINA,
    BARAKA,
    C1,
    EDITOR,
    NOBODY,
    P1,
    PIERRE,
    R1,
    article,
    permit,
    resource,
)
from tm_service.domain.drafts import Invalid, Stage
from tm_service.domain.errors import Conflict, NotAllowed, NotFound
from tm_service.domain.records import RecordRef


def put(room, document, based_on=None, ref=A1, by=EDITOR):
    return room.put(ref, document, based_on=based_on, by=by, why="news")


def test_every_published_state_is_a_numbered_revision_with_who_when_and_why(room, clock):
    put(room, article(), 0)
    clock.pass_by(minutes=5)
    put(room, article(tags=["hours"]), 1)
    newest, first = room.revisions(A1)
    assert (first.number, first.by, first.why, first.at, first.stage) == (1, "edith", "news", NOON, Stage.PUBLISHED)
    assert (newest.number, newest.at) == (2, NOON + timedelta(minutes=5))
    assert room.revision(A1, 1).document == article()
    assert room.revision(A1, 2).document == article(tags=["hours"])
    assert room.published(A1).document == article(tags=["hours"])
    assert [step.revision for step in room.journal(A1)] == [2, 1]


def test_the_same_content_again_makes_no_revision_in_whatever_order_its_fields_stand(room, clock):
    first = put(room, article())
    clock.pass_by(hours=1)
    assert put(room, dict(reversed(article().items()))) == first
    assert len(room.revisions(A1)) == 1


def test_a_changed_english_text_leaves_the_other_languages_as_they_are(room):
    put(room, article())
    changed = article(title={"en": "When we open", "fr": "Horaires"})
    put(room, changed, 1)
    assert room.published(A1).document == changed


def test_no_two_changes_have_the_same_moment_even_in_one_millisecond_or_where_the_clock_goes_back(room, clock):
    moments = []
    refs = [RecordRef("article", f"{number:024x}") for number in range(5)]
    for number, ref in enumerate(refs):
        moments.append(put(room, article(tags=[str(number)]), ref=ref).modified)
        clock.pass_by(microseconds=100)
    clock.pass_by(seconds=-30)
    moments.append(put(room, article(), ref=refs[0]).modified)
    assert moments == sorted(set(moments))
    assert all(moment.microsecond % 1000 == 0 for moment in moments)
    assert [entry.ref for entry in room.entries()] == [*refs[1:], refs[0]]
    assert [entry.ref for entry in room.entries(moments[3])] == [refs[3], refs[4], refs[0]]
    assert room.entries(moments[5] + timedelta(milliseconds=1)) == []


def test_who_read_an_older_revision_is_told_and_overwrites_nothing(room):
    put(room, article(), 0)
    put(room, article(tags=["a"]), 1)
    for stale in (0, 1, 3):
        with pytest.raises(
            Conflict, match=r"^article 5b1061d6ae98d8000175c0ef is at revision 2 by now; read it and try again\.$"
        ):
            put(room, article(tags=["b"]), stale)
    assert room.published(A1).document == article(tags=["a"])


def test_an_unpublished_document_is_gone_for_readers_and_its_history_stays(room):
    put(room, article())
    info = room.unpublish(A1, by=EDITOR, why="out of date")
    assert (info.number, info.stage, info.why) == (2, Stage.UNPUBLISHED, "out of date")
    assert room.entries() == []
    assert list(room.read([A1])) == []
    with pytest.raises(NotFound, match="is not published"):
        room.published(A1)
    assert [one.stage for one in room.revisions(A1)] == ["unpublished", "published"]
    assert room.revision(A1, 2).document == article()
    with pytest.raises(Conflict, match="is not published"):
        room.unpublish(A1, by=EDITOR, why="again")


def test_a_deleted_document_comes_back_by_restoring_a_revision_as_a_new_one(room):
    put(room, article())
    put(room, article(tags=["b"]))
    room.save_draft(A1, article(tags=["c"]), based_on=0, by=EDITOR)
    room.delete(A1, by=EDITOR, why="nobody reads it")
    with pytest.raises(NotFound):
        room.draft(A1)
    with pytest.raises(Conflict, match="deleted already"):
        room.delete(A1, by=EDITOR, why="again")
    info = room.restore(A1, 1, by=EDITOR)
    assert (info.number, info.stage, info.why) == (4, Stage.PUBLISHED, "Revision 1 was restored.")
    assert room.published(A1).document == article()
    assert room.restore(A1, 1, by=EDITOR).number == 4, "readers have it already"
    with pytest.raises(NotFound, match="no revision 9"):
        room.restore(A1, 9, by=EDITOR)


def test_what_the_schema_refuses_is_refused_with_every_problem(room):
    with pytest.raises(Invalid, match="permit permit-000001 cannot be published") as refused:
        room.put(P1, {"terms": {"en": "<p>none</p>"}}, based_on=0, by=ADMINISTRATOR)
    assert [dict(finding.values)["field"] for finding in refused.value.findings] == ["header", "government", "title"]
    with pytest.raises(NotFound):
        room.find(P1.identifier)


def test_a_warning_refuses_nothing(room):
    contact = {"header": {"identifier": C1.identifier}, "name": {"en": "Herbarium"}, "email": "none"}
    room.put(C1, contact, based_on=0, by=AMINA)
    assert room.published(C1).document == contact


@pytest.mark.parametrize(
    "document",
    [[], "text", None, {"title": {"en": math.nan}}, {"title": object()}, {"a": "\ud800" * 3_000_000}],
    ids=["list", "text", "none", "nan", "object", "large"],
)
def test_what_is_no_document_is_refused_in_a_sentence(room, document):
    with pytest.raises(Invalid, match=r"\.$"):
        put(room, document)


def test_a_document_too_deep_is_refused(room):
    deep = {}
    for _level in range(60):
        deep = {"a": [deep]}
    with pytest.raises(Invalid, match="levels deep"):
        put(room, article(more=deep))
    for _level in range(100_000):
        deep = [deep]
    with pytest.raises(Invalid, match="one JSON object"):
        put(room, article(more=deep))


@pytest.mark.parametrize(
    "name", ["", "short", "with space 12", "../../../etc/passwd", "x" * 129, "permit-00000\0", "permit-00000é"]
)
def test_a_name_that_is_none_is_refused_and_finds_nothing(room, name):
    ref = RecordRef("article", name)
    with pytest.raises(Invalid, match="An identifier is 11 to 128"):
        put(room, article(), ref=ref)
    with pytest.raises(Invalid, match="An identifier is 11 to 128"):
        room.save_draft(ref, article(), based_on=None, by=EDITOR)
    with pytest.raises(NotFound):
        room.find(name)
    assert list(room.read([ref])) == []
    assert room.referred_by(name) == []


def test_names_are_told_apart_by_case_and_belong_to_one_kind(room):
    upper = RecordRef("article", A1.identifier.upper())
    put(room, article())
    put(room, article(tags=["x"]), ref=upper)
    assert room.published(A1).document != room.published(upper).document
    with pytest.raises(Conflict, match="is the identifier of a document of article"):
        room.put(
            RecordRef("contact", A1.identifier), {"header": {"a": 1}, "name": {"en": "x"}}, based_on=None, by=AMINA
        )
    with pytest.raises(NotFound):
        room.published(RecordRef("contact", A1.identifier))
    with pytest.raises(NotFound, match="There is no schema 'nothing'; there are permit"):
        put(room, {}, ref=RecordRef("nothing", A1.identifier))


def test_texts_come_back_as_they_were_whatever_is_in_them(room):
    hard = article(
        title={"en": "a\0b \ud83d alone \x1a", "ar": "\u202bنص\u202c"},
        more={"n": 10**30, "f": 1.5, "t": True, "z": None},
    )
    put(room, hard)
    assert room.published(A1).document == hard
    assert room.envelope(A1).title == hard["title"]


def test_true_is_not_one(room):
    put(room, article(flag=True))
    assert put(room, article(flag=1)).revision == 2


def test_who_may_publish_at_once(room):
    for by in (NOBODY, AMINA, BARAKA):
        with pytest.raises(NotAllowed):
            put(room, article(), by=by)
    contact = {"header": {"identifier": C1.identifier}, "name": {"en": "Herbarium"}}
    room.put(C1, contact, based_on=0, by=AMINA)
    room.put(C1, contact | {"email": "a@b"}, based_on=1, by=BARAKA)
    for by in (PIERRE, NOBODY):
        with pytest.raises(NotAllowed):
            room.put(C1, contact, based_on=2, by=by)
    for by in (AMINA, BARAKA, PIERRE, EDITOR, NOBODY):
        with pytest.raises(NotAllowed):
            room.put(P1, permit(), based_on=0, by=by)
    with pytest.raises(NotAllowed, match="without approval"):
        room.put(R1, resource(), based_on=0, by=AMINA)
    room.put(R1, resource(), based_on=0, by=BARAKA)
    room.put(P1, permit(), based_on=0, by=ADMINISTRATOR)
    assert room.envelope(P1).government == "ke"
    for by in (AMINA, PIERRE, NOBODY):
        with pytest.raises(NotAllowed):
            room.unpublish(P1, by=by, why="mine")
        with pytest.raises(NotAllowed):
            room.restore(P1, 1, by=by)
    room.unpublish(P1, by=BARAKA, why="expired")


def test_many_are_published_all_or_none(room):
    many = [(RecordRef("article", f"{number:024x}"), article(tags=[str(number)])) for number in range(900)]
    broken = [*many, (A1, {"content": {"en": "no title"}})]
    with pytest.raises(Invalid):
        room.put_all(broken, by=EDITOR)
    assert room.entries() == []
    assert room.put_all(many, by=EDITOR, why="moved here") == 900
    assert room.put_all([*many, (A1, article())], by=EDITOR) == 1
    assert {record.ref: record.document for record in room.read([ref for ref, _document in many])} == dict(many)
    assert len({entry.modified for entry in room.entries()}) == 901
    with pytest.raises(Conflict, match="same identifier"):
        room.put_all(
            [(A1, article()), (RecordRef("contact", A1.identifier), {"header": {"x": 1}, "name": {"en": "x"}})],
            by=ADMINISTRATOR,
        )


def test_two_who_publish_at_once_make_two_revisions_or_one_is_told(room):
    put(room, article())

    def attempt(number):
        try:
            return put(room, article(tags=[str(number)]), 1).revision
        except Conflict:
            return 0

    with ThreadPoolExecutor(4) as pool:
        made = sorted(pool.map(attempt, range(8)))
    assert made == [0] * 7 + [2]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: put(room, article(tags=[f"then {number}"])), range(8)))
    assert [info.number for info in room.revisions(A1)] == list(range(10, 0, -1))
    assert len({info.at for info in room.revisions(A1)}) == 10
