"""An invalid document is refused with every error named, by field and by language; its editor sees what would be lost."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.records.generated import JSON, documents
from tm_service.domain.findings import Severity
from tm_service.domain.records import ARTICLE
from tm_service.records.limits import LIMITS, Limits, excesses
from tm_service.records.schemas import schema, schemas
from tm_service.records.validation import problems

PERMIT = {
    "header": {"identifier": "seed-bank-0007", "schema": "absPermit", "languages": ["en", "fr"]},
    "government": {"identifier": "zz"},
    "absCNA": {"identifier": "authority-0001@2"},
    "title": {"en": "Permit 7", "fr": "Permis 7"},
    "dateOfIssuance": "2026-11-22",
    "providers": [{"identifier": "garden-00001"}],
    "entitiesToWhomPICGranted": [{"identifier": "herbarium-01"}],
    "subjectMatter": {"en": "<div><!--block-->Seeds of moss</div>"},
    "picGranted": True,
    "matEstablished": False,
    "usages": [{"identifier": "5E833A3F"}],
}
MOSS = {"identifier": "moss-garden"}
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def found_in(**changed: object):
    document = {name: value for name, value in (PERMIT | changed).items() if value is not ...}
    return problems(schema("absPermit"), document)


def told(**changed: object):
    return {(finding.severity, finding.path): finding.message for finding in found_in(**changed)}


def header(**changed: object):
    return PERMIT["header"] | changed


def test_a_document_in_order_has_nothing_to_say():
    assert found_in() == ()


def test_every_error_is_named_and_not_the_first_alone():
    many = {
        "title": ...,
        "dateOfIssuance": "tomorrow",
        "usages": [],
        "picGranted": "yes",
        "absCNA": {"identifier": "x"},
    }
    wrong = {path for severity, path in told(**many) if severity is ERROR}
    assert wrong == {"title", "dateOfIssuance", "usages", "picGranted", "absCNA.identifier"}


@pytest.mark.parametrize("nothing", [..., None, {}, {"en": "  "}, {"en": None}])
def test_a_mandatory_text_has_to_be_there_in_a_language(nothing):
    assert told(title=nothing)[ERROR, "title"] == "title is missing; fill it in."


def test_one_language_is_enough_for_a_mandatory_text():
    assert found_in(title={"fr": "Permis 7"}) == ()


def test_a_term_in_words_of_ones_own_may_stand_beside_another():
    own = [{"identifier": "other", "customValue": {"en": moss}} for moss in ("liverwort", "hornwort")]
    assert found_in(keywords=own) == ()


def test_a_mandatory_no_is_an_answer():
    assert not [one for one in found_in(picGranted=False) if one.path == "picGranted"]


def test_what_is_confidential_by_its_flag_may_be_left_out():
    assert (ERROR, "usages") in told(usages=...)
    assert (ERROR, "usages") not in told(usages=..., usagesConfidential=True)


def test_a_text_in_a_language_that_is_not_listed_is_an_error_naming_both():
    said = told(title={"en": "Permit 7", "fr": "Permis 7", "es": "Permiso 7"})
    assert said == {
        (
            ERROR,
            "title.es",
        ): "title.es has a text in Spanish, which the record does not list; list it, or take the text out."
    }


def test_a_text_deep_in_a_document_has_to_be_in_a_listed_language():
    paths = {path for _, path in told(keywords=[{"identifier": "moss", "customValue": {"ru": "мох"}}])}
    assert paths == {"keywords.0.customValue.ru"}


def test_a_language_without_any_text_is_a_warning():
    said = told(header=header(languages=["en", "fr", "zh"]))
    assert list(said) == [(WARNING, "header.languages")]
    assert "Chinese" in said[WARNING, "header.languages"]


def test_blank_texts_in_other_languages_are_no_texts():
    assert found_in(title={"en": "Permit 7", "fr": "Permis 7", "ar": " "}) == ()


@pytest.mark.parametrize(
    ("changed", "path", "said"),
    [
        ({"title": "Permit 7"}, "title", "a text by language and is a text"),
        ({"title": {"en": ["Permit"]}}, "title.en", "a text and is a list"),
        ({"title": {"en": "Permit 7", "English": "Permit 7"}}, "title.English", "“English”, no code of a language"),
        ({"absCNA": "authority-0001"}, "absCNA", "a reference and is a text"),
        ({"absCNA": {"identifier": "authority-0001@first"}}, "absCNA.identifier", "no reference"),
        ({"absCNA": {}}, "absCNA", "missing"),
        ({"providers": [None]}, "providers", "missing"),
        ({"providers": {"identifier": "garden-00001"}}, "providers", "a list and is a group of fields"),
        ({"providers": [{"identifier": "garden-00001"}, None]}, "providers.1", "a reference and is nothing"),
        ({"providers": [MOSS | {"identifier": "moss-garden@1"}, MOSS]}, "providers", "“moss-garden” more than once"),
        ({"keywords": [{"identifier": "moss"}, {"identifier": "moss"}]}, "keywords", "“moss” more than once"),
        ({"keywords": [{"identifier": "two words"}]}, "keywords.0.identifier", "no term"),
        ({"keywords": [{"identifier": "moss", "customValue": 3}]}, "keywords.0.customValue", "by language and is a number"),
        ({"dateOfIssuance": "2026-02-30"}, "dateOfIssuance", "no day that there is"),
        ({"dateOfIssuance": "2026-11-22\n"}, "dateOfIssuance", "no day that there is"),
        ({"dateOfIssuance": 20261122}, "dateOfIssuance", "a date and is a number"),
        ({"picGranted": 1}, "picGranted", "yes or no and is a number"),
        ({"amendmentIntent": True}, "amendmentIntent", "a whole number and is yes or no"),
        ({"amendmentIntent": 1.5}, "amendmentIntent", "a whole number and is a number"),
        ({"permitFiles": [{"url": "javascript:steal()"}]}, "permitFiles.0.url", "no address that is allowed"),
        ({"permitFiles": [{"url": "//elsewhere.example"}]}, "permitFiles.0.url", "no address that is allowed"),
        ({"permitFiles": [{"url": "https:\\\\elsewhere.example"}]}, "permitFiles.0.url", "no address that is allowed"),
        ({"permitFiles": [{"url": "https://garden.example/plan\n"}]}, "permitFiles.0.url", "no address that is allowed"),
        ({"absCNA": {"identifier": "authority-0001\n"}}, "absCNA.identifier", "no reference"),
        ({"permitFiles": [{"name": "plan"}]}, "permitFiles.0.url", "no address that is allowed"),
        ({"header": header(identifier="moss")}, "header.identifier", "“moss”, no identifier"),
        ({"header": header(schema="measure")}, "header.schema", "kept as absPermit"),
        ({"header": header(languages=[])}, "header.languages", "names no language"),
        ({"header": header(languages=["en", "en", "fr"])}, "header.languages", "“en” more than once"),
        ({"header": header(languages=["en", "fr", "EN"])}, "header.languages.2", "“EN”, no code"),
        ({"header": ...}, "header", "missing"),
        ({"header": []}, "header", "a header and is a list"),
        ({"notes": "a\0b"}, "notes", "U+0000"),
        ({"title": {"en": "\ud800", "fr": "x"}}, "title.en", "U+D800"),
        ({"amendmentIntent": 2**70}, "amendmentIntent", "a number that cannot be kept"),
        ({"gisMapCenter": {"x\0": 1}}, "gisMapCenter", "has a name that cannot be kept"),
        ({"gisMapCenter": {"lat": math.nan}}, "gisMapCenter.lat", "a number that cannot be kept"),
        ({"gisMapCenter": {"seen": {1, 2}}}, "gisMapCenter.seen", "JSON does not have"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_an_error_at_its_place(changed, path, said):
    assert said in told(**changed)[ERROR, path]


@pytest.mark.parametrize(
    "url",
    [
        "https://garden.example/a b?q=é#x",
        "HTTP://garden.example",
        "mailto:desk@garden.example",
        "/api/v2013/documents/x/attachments/1",
    ],
)
def test_addresses_of_the_web_of_mail_and_of_the_store_are_right(url):
    assert found_in(permitFiles=[{"url": url, "name": "Plan", "language": "en"}]) == ()


def test_a_field_that_no_schema_names_is_a_warning():
    (finding,) = found_in(favouriteMoss="Sphagnum")
    assert (finding.severity, finding.path) == (WARNING, "favouriteMoss")
    assert "Sphagnum" not in finding.message


def test_what_would_be_taken_out_of_rich_text_is_shown_with_its_place():
    text = "<div><!--block-->Seeds</div>\n<p onclick='x()'>of moss</p>"
    (finding,) = found_in(subjectMatter={"fr": text})
    assert (finding.severity, finding.path) == (WARNING, "subjectMatter.fr")
    assert finding.message == "Line 2: the attribute onclick of <p> is not allowed and will be removed."
    start, end = finding.place
    assert text[start:end] == "<p onclick='x()'>"


def test_nothing_confidential_is_quoted_in_a_sentence_about_it():
    wrong = {
        "providers": [{"identifier": "secret moss"}, {"identifier": "secret-garden"}, {"identifier": "secret-garden"}],
        "providersConfidential": True,
        "subjectMatter": {"en": "<p class='secret'>x</p>", "fr": "<secret x"},
        "subjectMatterConfidential": "yes",
    }
    findings = found_in(**wrong)
    assert {finding.path for finding in findings} >= {"providers", "providers.0.identifier", "subjectMatter.en"}
    assert all("secret" not in repr((finding.message, finding.values)) for finding in findings)


def test_errors_of_groups_are_named_by_their_whole_path():
    document = {
        "header": {"identifier": "moss-target-1", "schema": "nationalTarget7", "languages": ["en"]},
        "government": {"identifier": "zz"},
        "title": {"en": "More moss"},
        "globalTargetAlignment": [{"identifier": "GBF-TARGET-01", "degreeOfAlignment": {"identifier": ""}}, {}],
        "additionalImplementation": {"identifier": "needed", "customValue": {"en": "<script>x</script>"}},
    }
    paths = [finding.path for finding in problems(schema("nationalTarget7"), document)]
    assert paths == [
        "globalTargetAlignment.0.degreeOfAlignment.identifier",
        "globalTargetAlignment.1.identifier",
        "additionalImplementation.customValue.en",
    ]


def test_an_article_has_no_header_and_any_languages():
    article = {
        "title": {"en": "Moss", "ru": "Мох"},
        "content": {"en": "<p>Water it.</p>"},
        "customProperties": {"parity": True},
    }
    assert problems(schema(ARTICLE), article) == ()
    assert [finding.path for finding in problems(schema(ARTICLE), article | {"content": {}})] == ["content"]


@pytest.mark.parametrize("moment", ["2026-11-22T09:30:00Z", "2026-11-22T09:30:00.123+03:00", "2026-11-22T09:30Z"])
def test_a_moment_has_a_zone(moment):
    article = {"title": {"en": "Moss"}, "content": {"en": "x"}, "meta": {"modifiedOn": moment}}
    assert problems(schema(ARTICLE), article) == ()
    for wrong in (
        moment.rstrip("Z").removesuffix("+03:00"),
        moment.replace("T09", "T25"),
        moment.replace("-11-", "-13-"),
    ):
        assert [one.path for one in problems(schema(ARTICLE), article | {"meta": {"modifiedOn": wrong}})] == [
            "meta.modifiedOn"
        ]


SMALL = Limits(text=10, total=25, items=3, values=9, depth=4)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"a": "x" * 11}, "a has 11 characters, and 10 are the most; shorten it."),
        ({"a": ["x" * 9] * 3}, "The texts of the document have more than 25 characters together; shorten them."),
        ({"a": {"b": [1, 2, 3, 4]}}, "a.b has more than 3 entries; shorten it."),
        ({"a": [[1, 2, 3], [1, 2, 3]]}, "The document has more than 9 values; split it."),
        ({"a": [[[[1]]]]}, "a.0.0.0 is nested deeper than 4 levels; flatten it."),
        (dict.fromkeys("abcd"), "document has more than 3 entries; shorten it."),
    ],
)
def test_what_goes_too_far_is_named(document, said):
    assert said in [finding.message for finding in excesses(document, SMALL)]


def test_the_deepest_and_longest_document_does_not_stop_the_house():
    deep = here = {}
    for _ in range(100_000):
        here["x"] = {}
        here = here["x"]
    messages = [finding.message for finding in found_in(gisMapCenter=deep, annex=["x"] * (LIMITS.items + 1))]
    assert any("nested deeper" in message for message in messages)
    assert any("annex has more than" in message for message in messages)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_json_is_answered_and_kept_as_it_is(data):
    """Whatever stands in a document, it is examined without an error of ours and without a change."""
    name = data.draw(st.sampled_from(sorted(schemas())))
    document = data.draw(documents(schema(name)))
    places = data.draw(st.lists(st.sampled_from([*document, "elsewhere"]), max_size=3))
    document |= {place: data.draw(JSON) for place in places}
    before = json.dumps(document)
    for finding in problems(schema(name), document):
        assert finding.message == finding.template.format(**dict(finding.values))
        assert finding.path.split(".")[0] in {*document, *(field.name for field in schema(name).fields), ""}
    assert json.dumps(document) == before
