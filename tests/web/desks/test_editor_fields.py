"""Fields of the desk of editors: what of a form is a value, and which field shows what changed."""

import pytest

from tm_service.domain.records import FieldDefinition, FieldKind, Schema
from tm_service.web.desks.editor.fields import is_rearranged, read, shown_changes
from tm_service.web.reading import words

SCHEMA = Schema(
    "permit",
    "Permit",
    (
        FieldDefinition("title", FieldKind.TEXT),
        FieldDefinition("grams", FieldKind.NUMBER),
        FieldDefinition("more", FieldKind.ANY),
        FieldDefinition("country", FieldKind.TERM),
        FieldDefinition("parts", FieldKind.GROUPS, fields=(FieldDefinition("place", FieldKind.STRING),)),
    ),
)


@pytest.mark.parametrize("said", ["nan", "inf", "-Infinity", "1e999"])
def test_a_number_is_finite(said):
    assert read(SCHEMA, {}, {"f:grams": said, "f:more": f"[{said}]"})[1].keys() == {"f:grams", "f:more"}
    assert read(SCHEMA, {}, {"f:grams": "2.5", "f:more": "[2.5]"})[0] == {("grams",): 2.5, ("more",): [2.5]}


@pytest.mark.parametrize(
    "name",
    ["title", "title.en.x", "title.1", "grams.x", "parts", "parts.x.place", "parts.x", "parts.0.place.x", "country.x"],
)
def test_what_no_form_has_a_field_for_is_not_read(name):
    assert read(SCHEMA, {}, {f"f:{name}": "x"}) == ({}, {})


def test_what_a_form_has_a_field_for_is_read():
    sent = {"f:title.en": "A", "f:country": "ke", "f:country.customValue.en": "B", "f:parts.0.place": "C"}
    assert len(read(SCHEMA, {}, sent)[0]) == len(sent)


def test_a_part_of_a_value_is_shown_with_the_whole():
    document = {"country": {"identifier": "ke"}, "title": {"en": "A"}}
    changed = [("country", "identifier"), ("title", "en"), ("parts",), ("elsewhere", "x")]
    assert shown_changes(SCHEMA, document, changed) == {"f:country": "ke", "f:title.en": "A"}


def test_a_list_whose_items_have_fields_of_their_own_is_not_what_a_form_shows():
    assert is_rearranged(SCHEMA, [("title", "en"), ("parts",)])
    assert not is_rearranged(SCHEMA, [("title", "en"), ("parts", "0", "place"), ("elsewhere", "x")])


def test_words_are_read_without_the_tags_around_them():
    assert words("<p>Seeds &amp; <b>soil</b></p>\n<p>1 < 2</p>") == "Seeds & soil 1 < 2"
