"""Filling: what a form brings stands at its place in the document, and nothing else moves."""

from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.records import FieldDefinition, FieldKind, Schema
from tm_service.usecases.filling import at, definition, filled

PART = FieldDefinition("parts", FieldKind.GROUPS, fields=(FieldDefinition("section", FieldKind.TEXT),))
SCHEMA = Schema(
    "permit", "Permit", (FieldDefinition("title", FieldKind.TEXT), FieldDefinition("words", FieldKind.TEXTS), PART)
)
DOCUMENT = {
    "header": {"identifier": "permit-000001", "languages": ["en"]},
    "title": {"en": "Reeds\nand sedges", "fr": "Roseaux"},
    "parts": [{"section": {"en": "One"}}, {"section": {"en": "Two"}}],
}

names = st.sampled_from(["title", "note", "parts"])


@given(st.dictionaries(st.tuples(names, st.sampled_from(["en", "fr"])), st.text(min_size=1).filter(str.strip)))
def test_what_is_filled_in_is_what_stands_there(values):
    values = {path: text.replace("\r\n", "\n") for path, text in values.items() if path[0] != "parts"}
    made = filled(DOCUMENT, values, {})
    assert {path: at(made, path) for path in values} == values
    assert made["parts"] == DOCUMENT["parts"]


def test_line_breaks_of_browsers_change_no_text():
    assert filled(DOCUMENT, {("title", "en"): "Reeds\r\nand sedges"}, {}) == DOCUMENT
    old = {"title": {"en": "Reeds\r\nand sedges"}}
    assert filled(old, {("title", "en"): "Reeds\nand sedges"}, {}) == old


def test_an_emptied_text_takes_its_language_out():
    assert filled(DOCUMENT, {("title", "fr"): " \r\n"}, {("title", "fr"): "fr"})["title"] == {"en": "Reeds\nand sedges"}


def test_a_record_names_the_languages_it_gets():
    made = filled(DOCUMENT, {("title", "ar"): "القصب"}, {("title", "ar"): "ar"})
    assert made["header"]["languages"] == ["en", "ar"]


def test_items_go_by_number_and_one_behind_the_last_is_added():
    made = filled(DOCUMENT, {("parts", "2", "section", "en"): "Three", ("parts", "0"): None}, {})
    assert [one["section"]["en"] for one in made["parts"]] == ["Two", "Three"]
    assert filled({}, {("parts", "0", "section", "en"): "One"}, {}) == {"parts": [{"section": {"en": "One"}}]}


def test_a_document_given_stays_as_it_was():
    before = repr(DOCUMENT)
    filled(DOCUMENT, {("parts", "0", "section", "fr"): "Un"}, {})
    assert repr(DOCUMENT) == before


def test_a_path_leads_to_its_field_or_to_none():
    assert definition(SCHEMA, ("parts", "7", "section", "fr")).name == "section"
    assert definition(SCHEMA, ("words", "0", "en")).kind is FieldKind.TEXTS
    assert definition(SCHEMA, ("parts", "1")).name == "parts"
    assert definition(SCHEMA, ("nothing",)) is None
    assert definition(SCHEMA, ()) is None
