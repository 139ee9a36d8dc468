"""What is confidential leaves the house nowhere: not by its field, its flag, its shape or its neighbours."""

import json
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.records.generated import documents
from tm_service.domain.records import ARTICLE, FieldKind, is_confidential, is_set, text_at, texts_of
from tm_service.records.confidential import public
from tm_service.records.schemas import schema, schemas

HIDDEN = "hidden moss "


def marked(value, numbers):
    """The same JSON with every text in it replaced by a secret of its own; of flags there is nothing to hide but themselves."""
    if isinstance(value, dict):
        return {name: marked(one, numbers) for name, one in value.items()}
    if isinstance(value, list):
        return [marked(one, numbers) for one in value]
    return value if isinstance(value, bool) else f"{HIDDEN}{next(numbers)}"


def hide(fields, held, numbers):
    """Put a secret in everything that is confidential in a document, and in fields that nobody knows."""
    for field in fields:
        if field.name not in held:
            continue
        if is_confidential(field, held):
            held[field.name] = marked(held[field.name], numbers)
        elif field.kind is FieldKind.GROUP:
            hide(field.fields, held[field.name], numbers)
        elif field.kind is FieldKind.GROUPS:
            for item in held[field.name]:
                hide(field.fields, item, numbers)
    held["notes"] = [f"{HIDDEN}{next(numbers)}"]
    held["unheardOf"] = {"en": f"{HIDDEN}{next(numbers)}"}


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_confidential_value_is_in_what_leaves(data):
    name = data.draw(st.sampled_from(sorted(schemas())))
    document = data.draw(documents(schema(name)))
    for field in schema(name).fields:
        if field.hidden_by and data.draw(st.booleans()):
            document[field.hidden_by] = data.draw(st.sampled_from([True, "true", "TRUE", 1, "yes", {"set": True}]))
    hide(schema(name).fields, document, count())
    left = json.dumps(public(schema(name), document))
    assert HIDDEN not in left
    assert "Confidential" not in left
    assert '"notes"' not in left


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_confidential_text_is_offered_for_translation(data):
    name = data.draw(st.sampled_from(sorted(schemas())))
    document = data.draw(documents(schema(name)))
    for field in schema(name).fields:
        if field.hidden_by and data.draw(st.booleans()):
            document[field.hidden_by] = True
    hide(schema(name).fields, document, count())
    texts = [text_at(document, place.path) for place in texts_of(schema(name), document)]
    assert HIDDEN not in json.dumps(texts)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_is_public_stays_as_it_is(data):
    """Without anything confidential in it, a valid document leaves whole."""
    name = data.draw(st.sampled_from(sorted(schemas())))
    known = {field.name: field for field in schema(name).fields}
    document = data.draw(documents(schema(name)))
    open_ones = {
        one: value
        for one, value in document.items()
        if not known[one].confidential and known[one].kind is not FieldKind.ANY
    }
    open_ones.pop("meta", None)
    assert public(schema(name), open_ones) == open_ones


@pytest.mark.parametrize("flag", [True, "true", "True", "yes", 1, "1", [1], {"value": True}, "confidential"])
def test_a_flag_is_set_unless_it_plainly_says_no(flag):
    document = {"subjectMatter": {"en": "moss"}, "subjectMatterConfidential": flag}
    assert public(schema("absPermit"), document) == {}


@pytest.mark.parametrize("flag", [False, None, 0, "", "false", "FALSE", "no", "0", [], {}])
def test_a_flag_that_says_no_hides_nothing(flag):
    assert not is_set(flag)
    document = {"subjectMatter": {"en": "moss"}, "subjectMatterConfidential": flag}
    assert public(schema("absPermit"), document) == {"subjectMatter": {"en": "moss"}}


def test_a_flag_that_no_schema_knows_hides_its_field_too():
    document = {"thirdPartyTransferCondition": {"en": "moss"}, "thirdPartyTransferConditionConfidential": True}
    assert public(schema("absPermit"), document) == {}
    assert list(texts_of(schema("absPermit"), document)) == []


def test_what_describes_a_hidden_field_is_hidden_with_it():
    document = {"usagesDescription": {"en": "sold"}, "taxonomies": [{"url": "/moss"}], "usagesConfidential": True}
    assert public(schema("absPermit"), document) == {"taxonomies": [{"url": "/moss"}]}


AUTHORITY = {"identifier": "authority-0001"}
MAP = {"lat": 1, "Notes": "moss", "inner": [{"a": 1, "aConfidential": True, "b": 2}]}


@pytest.mark.parametrize(
    ("field", "value", "left"),
    [
        ("title", "moss", None),
        ("title", {"en": {"notes": "moss"}, "fr": "mousse"}, {"fr": "mousse"}),
        ("absCNA", AUTHORITY | {"record": {"notes": "moss"}}, AUTHORITY),
        ("keywords", [{"identifier": "moss", "internal": 1}, "moss"], [{"identifier": "moss"}]),
        ("permitFiles", [{"url": "/a", "name": "A", "owner": "moss"}], [{"url": "/a", "name": "A"}]),
        ("permitFiles", [{"url": "/a", "name": {"en": "A", "fr": 1}}], [{"url": "/a", "name": {"en": "A"}}]),
        ("dateOfIssuance", {"notes": "moss"}, None),
        ("providers", {"identifier": "moss"}, None),
        ("header", {"languages": ["en", {"notes": 1}], "owner": "moss"}, {"languages": ["en"]}),
        ("gisMapCenter", MAP, {"lat": 1, "inner": [{"b": 2}]}),
    ],
)
def test_what_does_not_belong_in_a_field_stays_in_the_house(field, value, left):
    assert public(schema("absPermit"), {field: value}) == ({} if left is None else {field: left})


def test_readers_of_an_article_do_not_see_who_wrote_it():
    article = {
        "title": {"en": "Moss"},
        "customProperties": {"parity": True, "notes": "ask the gardener"},
        "meta": {
            "modifiedOn": "2026-11-22T09:30:00Z",
            "modifiedBy": 7,
            "modifiedByInfo": {"email": "gardener@garden.example"},
        },
    }
    assert public(schema(ARTICLE), article) == {
        "title": {"en": "Moss"},
        "customProperties": {"parity": True},
        "meta": {"modifiedOn": "2026-11-22T09:30:00Z"},
    }


def test_the_document_itself_is_left_alone():
    document = {"title": {"en": "Moss"}, "notes": "ask the gardener"}
    public(schema("absPermit"), document)
    assert document == {"title": {"en": "Moss"}, "notes": "ask the gardener"}
