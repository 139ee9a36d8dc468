"""Translators get the texts of a record that may be translated, and the rules its translations are under."""

from datetime import UTC, datetime

import pytest

from tm_service.domain.records import ARTICLE, Place, Record, RecordEntry, RecordRef, text_at
from tm_service.records.places import is_legal, places, public_record


def record(kind, document):
    return Record(RecordEntry(RecordRef(kind, "moss-000001"), datetime(2026, 11, 22, tzinfo=UTC)), document)


def test_the_texts_of_a_record_are_its_schemas():
    document = {
        "title": {"en": "Permit 7"},
        "subjectMatter": {"en": "<p>Moss</p>"},
        "referenceToNationalPermit": {"en": "No. 7 of the garden"},
        "keywords": [{"identifier": "moss"}, {"identifier": "other", "customValue": {"en": "liverwort"}}],
        "notes": {"en": "ask the gardener"},
        "unheardOf": {"en": "?"},
    }
    found = places(record("absPermit", document))
    assert found.texts == (
        Place(("title",)),
        Place(("subjectMatter",), rich=True),
        Place(("keywords", "1", "customValue")),
    )
    assert text_at(document, found.texts[2].path) == {"en": "liverwort"}
    assert found.national
    assert not found.legal


def test_texts_in_groups_and_lists_have_their_place():
    document = {
        "sectionI": {"processUndertaken": {"en": "We met."}},
        "sectionIII": [
            {"targetType": "national"},
            {"mainActionsInfo": {"en": "We planted."}, "indicatorData": {"en": "7"}},
        ],
    }
    paths = [place.path for place in places(record("nationalReport7", document)).texts]
    assert paths == [("sectionI", "processUndertaken"), ("sectionIII", "1", "mainActionsInfo")]
    tags = {"tags": [{"en": "moss"}, {"en": "fern"}], "authors": {"en": "M. Oss"}}
    assert [place.path for place in places(record("resource", tags)).texts] == [("tags", "0"), ("tags", "1")]


@pytest.mark.parametrize(
    ("article", "legal"),
    [
        ({}, False),
        ({"customProperties": {"parity": True}}, True),
        ({"customProperties": {"parity": "true"}}, True),
        ({"customProperties": {"parity": False}}, False),
        ({"customProperties": ["parity"]}, False),
        ({"adminTags": ["garden", "legal"]}, True),
        ({"adminTags": "legal"}, False),
        ({"adminTags": ["illegal"]}, False),
    ],
)
def test_an_article_is_legal_by_its_property_or_its_tag(article, legal):
    assert is_legal(article) == legal
    assert places(record(ARTICLE, article)).legal == legal


def test_a_record_that_is_no_article_is_not_legal_by_its_tags():
    found = places(record("resource", {"adminTags": ["legal"]}))
    assert not found.legal
    assert not found.national


def test_nothing_of_a_record_of_an_unknown_type_leaves():
    found = places(record("herbariumSheet", {"title": {"en": "Moss"}}))
    assert found.texts == ()
    assert found.findings[0].message == (
        "There is no schema herbariumSheet, so nothing of this record is translated; add the schema."
    )


def test_our_copy_of_a_store_has_nothing_confidential():
    known = public_record(record("database", {"title": {"en": "Moss"}, "notes": "ask the gardener"}))
    assert known.document == {"title": {"en": "Moss"}}
    header = {"identifier": "moss-000001", "schema": "herbariumSheet", "languages": ["en"]}
    unknown = public_record(record("herbariumSheet", {"header": header | {"owner": "?"}, "title": {"en": "Moss"}}))
    assert unknown.document == {"header": header}
    assert unknown.ref == RecordRef("herbariumSheet", "moss-000001")
