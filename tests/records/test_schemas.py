"""The record types are those of the clearing-house, field by field, in words of our own."""

import json
from pathlib import Path

import pytest

from tests.records.generated import fields_of
from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.domain.records import ARTICLE, FieldKind
from tm_service.records.schema_files import read_schema
from tm_service.records.schemas import schema, schemas

SOURCE = Path("/work/shared/data/absch/record_schemas.json")
if not SOURCE.exists():
    SOURCE = Path(__file__).parents[3] / "shared" / "data" / "absch" / "record_schemas.json"
needs_source = pytest.mark.skipif(not SOURCE.exists(), reason="../shared with the field lists is not here")

TEXT = {FieldKind.TEXT, FieldKind.RICH}
KINDS = {
    "header": {FieldKind.HEADER},
    "eheader": {FieldKind.HEADER},
    "lstring": TEXT,
    "lstring[]": {FieldKind.TEXTS},
    "string": {FieldKind.STRING},
    "string[]": {FieldKind.STRINGS},
    "int": {FieldKind.INTEGER},
    "decimal": {FieldKind.NUMBER},
    "bool": {FieldKind.BOOLEAN},
    "boolean": {FieldKind.BOOLEAN},
    "date": {FieldKind.DATE},
    "date (yyyy-mm-dd)": {FieldKind.DATE},
    "datetime": {FieldKind.DATE},  # every example is a day
    "term": {FieldKind.TERM},
    "eterm": {FieldKind.TERM},
    "term[]": {FieldKind.TERMS},
    "eterm[]": {FieldKind.TERMS},
    "reference": {FieldKind.REFERENCE},
    "reference[]": {FieldKind.REFERENCES},
    "link[]": {FieldKind.LINKS},
    "elink[]": {FieldKind.LINKS},
    "nagoya": {FieldKind.GROUP},
    "biosafety": {FieldKind.GROUP},
    "absmeasure": {FieldKind.GROUP},
    "lterm": {FieldKind.GROUP},  # a term whose own words are rich text
    "nationalindicators[]": {FieldKind.GROUPS},
    "maplocation": {FieldKind.ANY},
    "transcriptelement[][]": {FieldKind.ANY},
    "indicatordata": {FieldKind.ANY},
    "amendmentintent": {FieldKind.INTEGER},  # a number in the store's index
    "": {FieldKind.GROUP, FieldKind.GROUPS, FieldKind.ANY, FieldKind.HEADER},
}
# The list calls the national report by the name of the national target, and says nothing of commitments.
NAMES = {"national-report": "nationalReport7", "stakeholderCommitment": "stakeholderCommitment"}
OTHER_KIND = {
    ("absPermit", "relevantDocuments"): (FieldKind.LINKS, "its example is links, as in every other type"),
    ("nationalTarget7Mapping", "headlineIndicator"): (FieldKind.TERM, "its example is a term of the indicators"),
    ("nationalTarget7", "globalTargetAlignment"): (FieldKind.GROUPS, "each term has a degree of alignment beside it"),
}
NOT_MANDATORY = {
    ("absPermit", "keywordOther"): "only where the keyword “other” is chosen",
    ("absPermit", "amendmentIntent"): "only of an amendment",
    ("absPermit", "amendmentDescription"): "only of an amendment",
    ("contact", "contactOrganization"): "an organization is named in words; a record of it need not be there",
    ("independentRiskAssessment", "date"): "dateOfRaNotAvailable says that there is none",
    ("measure", "absMeasures"): "absMesasureNotApplicable says that there are none",
}


def listed():
    """Record type and field of the source list; in places a field's title stands where its name should, and the name there."""
    for key, entry in json.loads(SOURCE.read_text("utf-8")).items():
        name = NAMES.get(key, entry["schema"])
        for field in entry["fields"]:
            swapped = " " in field["name"] or not field["name"]
            yield name, field["title"] if swapped else field["name"], field


@needs_source
def test_every_field_of_the_source_list_is_in_our_schema_alike():
    wrong, seen = [], 0
    for name, path, source in listed():
        ours = {field.name: field for field in fields_of(schema(name).fields)}
        field = ours.get(path.rpartition(".")[2])
        if field is None:
            wrong.append(f"{name}.{path} is not there")
            continue
        seen += 1
        kind = OTHER_KIND[name, path][0] if (name, path) in OTHER_KIND else None
        if field.kind is not kind and field.kind not in KINDS[source["type"].lower()]:
            wrong.append(f"{name}.{path} is {field.kind}, {source['type']} in the list")
        needed = bool(source["mandatory"]) and (name, path) not in NOT_MANDATORY
        if field.mandatory != needed and field.kind is not FieldKind.HEADER:
            wrong.append(f"{name}.{path} is mandatory: {field.mandatory}, {source['mandatory']} in the list")
        if field.kind in TEXT and "<" in str(source["example"]) and field.kind is not FieldKind.RICH:
            wrong.append(f"{name}.{path} has tags in its example")
    assert not wrong, "\n".join(wrong)
    assert seen > 550


@needs_source
def test_every_record_type_of_the_source_list_is_there():
    entries = json.loads(SOURCE.read_text("utf-8"))
    assert {NAMES.get(key, entry["schema"]) for key, entry in entries.items()} <= set(schemas())
    assert len(entries) == 26


@needs_source
def test_the_exceptions_are_needed():
    """An exception for what the list says anyway would hide a mistake."""
    told = {(name, path): source for name, path, source in listed()}
    assert all(told[one]["mandatory"] for one in NOT_MANDATORY)
    assert all(kind not in KINDS[told[one]["type"].lower()] for one, (kind, _) in OTHER_KIND.items())


@needs_source
def test_titles_are_ours():
    """Words that only one title can have, such as Title or City, are nobody's."""
    theirs = {source["title"].casefold().strip(" .") for _, _, source in listed() if source["title"]}
    ours = {field.title.casefold() for one in schemas().values() for field in fields_of(one.fields)}
    assert all(len(title.split()) <= 3 for title in ours & theirs), [
        title for title in ours & theirs if len(title.split()) > 3
    ]


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_whole(name):
    one = schema(name)
    assert one.name == name
    assert one.title
    fields = list(fields_of(one.fields))
    assert all(field.title and field.title[0].isupper() for field in fields)
    assert {other for field in fields for other in field.refers_to} <= set(schemas())
    assert all(field.fields for field in fields if field.kind in (FieldKind.GROUP, FieldKind.GROUPS))
    assert (one.fields[0].kind is FieldKind.HEADER) == (name != ARTICLE)
    assert any(field.mandatory for field in one.fields) or name == "communityProtocol"


@pytest.mark.parametrize("name", schemas())
def test_notes_and_flags_are_confidential(name):
    fields = list(fields_of(schema(name).fields))
    internal = [field for field in fields if field.name == "notes" or field.name.endswith("Confidential")]
    assert internal
    assert all(field.confidential for field in internal)


def test_what_a_permit_hides_is_data():
    hidden = {field.name: field.hidden_by for field in schema("absPermit").fields if field.hidden_by}
    assert hidden["providers"] == "providersConfidential"
    assert {name for name, flag in hidden.items() if flag == "usagesConfidential"} == {"usages", "usagesDescription"}


def test_names_of_persons_and_dates_are_not_translated():
    names = {field.name for field in schema("resource").fields if not field.translatable}
    assert names == {"authors", "publisher", "source", "publicationDate"}
    assert {field.name for field in schema(ARTICLE).fields if field.translatable and field.kind in TEXT} == {
        "title",
        "content",
    }


def test_governments_answer_for_national_records():
    national = {name for name, one in schemas().items() if one.national}
    assert {"absPermit", "measure", "authority", "focalPoint", "database"} <= national
    assert national.isdisjoint({"resource", "organization", "contact", ARTICLE})
    assert {name for name, one in schemas().items() if one.direct} == {"contact", ARTICLE}


def test_an_unknown_schema_is_not_found_and_the_known_ones_are_named():
    with pytest.raises(NotFound, match=r"no schema 'herbarium'; there are absCheckpoint, .*resource"):
        schema("herbarium")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title = 3\n[fields", "cannot be read"),
        ("title = 'Bed'", "'fields'"),
        ("title = 'Bed'\n[fields]\nsize = ['metres', 'Size']", "size is of no known kind, metres"),
        ("title = 'Bed'\n[fields]\nsize = ['int', 'Size', 'secret']", "size has a mark that means nothing"),
        ("title = 'Bed'\n[fields]\nsize = ['int plants', 'Size']", "size has a mark that means nothing"),
        ("title = 'Bed'\n[fields]\nsize = ['int', 'Size', 'hidden by flag']", "no field flag"),
        ("title = 'Bed'\n[fields]\nrows = ['group[]', 'Rows']", "rows has to name one table"),
        (
            "title = 'Bed'\n[fields]\nrows = ['group row', 'Rows']\n[group.row]\nrow = ['group row', 'Row']",
            "row has to name",
        ),
        ("title = 'Bed'\n[fields]\nsize = ['int']", "cannot be read"),
    ],
)
def test_a_file_that_is_no_schema_is_refused_by_the_name_of_the_field(content, said):
    with pytest.raises(ConfigurationError, match="The schema bed cannot be read") as refusal:
        read_schema("bed", content)
    assert said in str(refusal.value)
