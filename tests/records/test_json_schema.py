"""What the house says of a record type in JSON Schema holds for every validator."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.records.generated import JSON, documents
from tm_service.domain.findings import Severity
from tm_service.records.json_schema import DIALECT, json_schema
from tm_service.records.schemas import schema, schemas
from tm_service.records.validation import problems

VALIDATORS = {name: Draft202012Validator(json.loads(json.dumps(json_schema(one)))) for name, one in schemas().items()}
PERMIT = {
    "header": {"identifier": "seed-bank-0007", "schema": "absPermit", "languages": ["en"]},
    "government": {"identifier": "zz"},
    "absCNA": {"identifier": "authority-0001@2"},
    "title": {"en": "Permit 7"},
    "dateOfIssuance": "2026-11-22",
    "providers": [{"identifier": "garden-00001"}],
    "entitiesToWhomPICGranted": [{"identifier": "herbarium-01"}],
    "subjectMatter": {"en": "<div><!--block-->Seeds of moss</div>"},
    "picGranted": True,
    "matEstablished": False,
    "usages": [{"identifier": "5E833A3F"}],
}


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_valid_against_the_meta_schema(name):
    written = json_schema(schema(name))
    assert written["$schema"] == DIALECT
    Draft202012Validator.check_schema(json.loads(json.dumps(written)))
    assert set(written["properties"]) == {field.name for field in schema(name).fields}


def wrong(changed):
    return [".".join(map(str, error.absolute_path)) for error in VALIDATORS["absPermit"].iter_errors(PERMIT | changed)]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"title": {}}, "title"),
        ({"title": "Permit 7"}, "title"),
        ({"title": {"English": "Permit 7"}}, "title"),
        ({"title": {"en": 7}}, "title.en"),
        ({"dateOfIssuance": "22.11.2026"}, "dateOfIssuance"),
        ({"absCNA": {"identifier": "short"}}, "absCNA.identifier"),
        ({"absCNA": {"identifier": "authority-0001@"}}, "absCNA.identifier"),
        ({"absCNA": {}}, "absCNA"),
        ({"providers": []}, ""),  # it or its flag, which is said of the whole document
        ({"providers": [{"identifier": "garden-00001"}] * 2}, "providers"),
        ({"picGranted": "yes"}, "picGranted"),
        ({"permitFiles": [{"url": "javascript:steal()"}]}, "permitFiles.0.url"),
        ({"permitFiles": [{"url": "//elsewhere.example"}]}, "permitFiles.0.url"),
        ({"keywords": [{"identifier": "moss", "customValue": "moss"}]}, "keywords.0.customValue"),
        ({"header": {"identifier": "seed-bank-0007", "schema": "measure", "languages": ["en"]}}, "header.schema"),
        ({"header": {"identifier": "seed-bank-0007", "schema": "absPermit", "languages": []}}, "header.languages"),
        ({"amendmentIntent": 1.5}, "amendmentIntent"),
    ],
)
def test_a_wrong_value_is_found_where_it_stands(changed, place):
    assert wrong({}) == []
    assert place in wrong(changed)


def test_what_a_flag_hides_may_be_left_out():
    without = {name: value for name, value in PERMIT.items() if name != "usages"}
    valid = VALIDATORS["absPermit"].is_valid
    assert not valid(without)
    assert not valid(without | {"usagesConfidential": False})
    assert valid(without | {"usagesConfidential": True})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_the_house_finds_nothing_wrong_with_is_valid_to_every_validator(data):
    name = data.draw(st.sampled_from(sorted(schemas())))
    document = data.draw(documents(schema(name)))
    assert not [finding for finding in problems(schema(name), document) if finding.severity is Severity.ERROR]
    assert VALIDATORS[name].is_valid(document), [error.message for error in VALIDATORS[name].iter_errors(document)]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_what_every_validator_refuses_the_house_refuses(data):
    """A field of any valid document is replaced by any JSON but null, which counts as a field that is not there."""
    name = data.draw(st.sampled_from(sorted(schemas())))
    document = data.draw(documents(schema(name)))
    place = data.draw(st.sampled_from([field.name for field in schema(name).fields]))
    changed = document | {place: data.draw(JSON.filter(lambda value: value is not None))}
    refused = [finding for finding in problems(schema(name), changed) if finding.severity is Severity.ERROR]
    if not VALIDATORS[name].is_valid(changed) and "null" not in json.dumps(changed[place]):
        assert refused, [error.message for error in VALIDATORS[name].iter_errors(changed)]
