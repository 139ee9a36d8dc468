"""Detect: what changed from one tree to the next, told by key, by text, by renamed file and by neighbours."""

from datetime import UTC, datetime

import pytest

from extractors import extractor
from extractors.json_messages import JsonMessages
from tests.fakes import as_json
from tm_service.domain.changes import ChangeKind
from tm_service.domain.edits import EditClass
from tm_service.domain.units import Document, Revision, Snapshot, key_text
from tm_service.usecases.detect import detect

AT = datetime(2026, 1, 5, tzinfo=UTC)
LEAD = "Gather the seeds of every plant you wish to keep"
HINT = "Water the young plants in the evening only"


def tree(files, at=AT):
    read = extractor("json")
    return Snapshot(
        Revision("r", at), {path: read.extract(Document(path, as_json(text))) for path, text in files.items()}
    )


def told(before, after, at=AT):
    changes = detect(tree(before), tree(after, at)).changes
    return sorted(
        (
            change.kind.value,
            f"{change.before.resource}:{key_text(change.before.key)}" if change.before else "",
            f"{change.after.resource}:{key_text(change.after.key)}" if change.after else "",
            change.edit,
        )
        for change in changes
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"a": {"x": "One"}}, {"a": {"x": "One"}}, [], id="nothing"),
        pytest.param({"a": {}}, {"a": {"x": "One"}}, [("added", "", "a:x", None)], id="added"),
        pytest.param({"a": {"x": "One"}}, {"a": {}}, [("removed", "a:x", "", None)], id="removed"),
        pytest.param({"a": {"x": "One"}}, {}, [("removed", "a:x", "", None)], id="removed with its file"),
        pytest.param({"a": {"x": "1"}}, {"a": {"x": "2"}}, [], id="a code is no unit"),
        pytest.param(
            {"a": {"x": "30 days"}}, {"a": {"x": "60 days"}}, [("edited", "a:x", "a:x", EditClass.NUMBER)], id="edited"
        ),
        pytest.param({"a": {"x": LEAD}}, {"a": {"y": {"z": LEAD}}}, [("moved", "a:x", "a:y.z", None)], id="moved by key"),
        pytest.param({"a": {"x": LEAD}}, {"b": {"x": LEAD}}, [("moved", "a:x", "b:x", None)], id="moved by file"),
        pytest.param(
            {"a": {"x": LEAD, "y": HINT}},
            {"b": {"x": LEAD, "y": "Rest"}},
            [("edited-and-moved", "a:y", "b:y", EditClass.REWRITE), ("moved", "a:x", "b:x", None)],
            id="edited in a renamed file",
        ),
        pytest.param(
            {"a": {"x": "Open", "y": LEAD, "z": "Close"}},
            {"a": {"x": "Open", "other": f"{LEAD}.", "z": "Close"}},
            [("edited-and-moved", "a:y", "a:other", EditClass.PUNCTUATION)],
            id="edited between the same neighbours",
        ),
        pytest.param(
            {"a": {"x": "Open", "y": LEAD, "z": "Close"}},
            {"a": {"x": "Open", "other": "Rest", "z": "Close"}},
            [("added", "", "a:other", None), ("removed", "a:y", "", None)],
            id="another text between the same neighbours",
        ),
        pytest.param(
            {"a": {"x": "Open", "deep": {"lead": LEAD}}, "b": {"q": "Quit"}},
            {"a": {"x": "Open"}, "b": {"q": "Quit", "lead": f"{LEAD} now"}},
            [("edited-and-moved", "a:deep.lead", "b:lead", EditClass.REWRITE)],
            id="edited under the same name elsewhere",
        ),
        pytest.param(
            {"a": {"x": LEAD, "y": HINT}},
            {"a": {"x": HINT, "y": LEAD}},
            [("edited", "a:x", "a:x", EditClass.REWRITE), ("edited", "a:y", "a:y", EditClass.REWRITE)],
            id="swapped texts are edits, for a key is who a unit is",
        ),
        pytest.param(
            {"a": {"x": LEAD}}, {"a": {"x": LEAD, "y": LEAD}}, [("added", "", "a:y", None)], id="a duplicate is added"
        ),
        pytest.param(
            {"a": {"x": LEAD}},
            {"b": {"x": LEAD, "y": LEAD}},
            [("added", "", "b:y", None), ("moved", "a:x", "b:x", None)],
            id="of two copies the nearest moved",
        ),
        pytest.param({"a": {"x": "e\u0301te\u0301"}}, {"a": {"x": "été"}}, [], id="another normal form is the same text"),
    ],
)  # fmt: skip
def test_a_change_is_told_by_what_it_costs(before, after, expected):
    assert told(before, after) == sorted(expected, key=str) == told(before, after, AT.replace(year=1990))


def test_the_nearest_of_equal_texts_moves_whatever_the_order():
    before = {"a": {"p": LEAD, "title": LEAD}}
    after = {"b": {"q": LEAD, "title": LEAD}}
    assert told(before, after) == [("moved", "a:p", "b:q", None), ("moved", "a:title", "b:title", None)]


def test_from_nothing_everything_is_added():
    changes = detect(None, tree({"a": {"x": LEAD, "y": HINT}}))
    assert {change.kind for change in changes.changes} == {ChangeKind.ADDED}
    assert (changes.base, changes.unchanged) == (None, 0)


def test_what_stayed_is_counted_and_what_moved_has_a_forebear():
    changes = detect(tree({"a": {"x": LEAD, "y": HINT}}), tree({"a": {"x": LEAD, "z": HINT}}))
    assert changes.unchanged == 1
    assert changes.lineage == {("a", ("z",)): ("a", ("y",))}


def test_what_stayed_is_counted_without_being_read_again(house, monkeypatch):
    house.write({"text/home.json": {"lead": "Gather the seeds"}, "text/gate.json": {"gate": "Close the gate"}})
    house.service.deploy(house.name)
    house.write({"text/home.json": {"lead": "Gather all seeds"}})
    read = []
    extract = JsonMessages.extract
    monkeypatch.setattr(JsonMessages, "extract", lambda *given: read.append(given[1].path) or extract(*given))
    found = house.service.detect(house.name)
    assert (len(found.changes), found.unchanged) == (1, 1)
    assert set(read) <= {"text/home.json"}
