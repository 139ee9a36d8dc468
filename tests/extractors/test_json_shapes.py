"""JSON of any shape: names and texts that mean something to one dialect or another, put together as no site would."""

import json

import json5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.json_detection import dialect_of
from extractors.json_messages import JsonMessages
from tests.extractors.contract import TARGETS, served
from tests.extractors.json_documents import TEXTS, json_samples
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

_WORDS = (
    "s s_one s_two s_other s_zero s_plural s_0 s_1 s_2 s_plural_plural s_ordinal_one s_ordinal_other s_* one other zero few "
    "id description translation translations message defaultMessage placeholders locale @s @@locale // _comment #meta hashes"
)
_NAMES = st.sampled_from(_WORDS.split())
_LEAVES = st.one_of(
    TEXTS, st.sampled_from(["{n} | {n}", "seed|seeds", "{'|'} | x", "{n, plural, other {y}}", "|||"]), st.just(("1",))
)
_TREES = st.recursive(
    _LEAVES,
    lambda below: st.one_of(st.dictionaries(_NAMES, below, max_size=6), st.lists(below, max_size=3)),
    max_leaves=12,
)
_ROOTS = st.one_of(st.dictionaries(_NAMES, _TREES, max_size=7), st.lists(_TREES, max_size=4))
_FORMS = ("{count, plural, =0 {z} few {x} other {|}}", "{count, selectordinal, one {x} other {y}}", "a | b")
_TARGETS = st.one_of(TARGETS, st.sampled_from(_FORMS))
_LOCALES = st.sampled_from(["", "ar", "ru", "zh-Hans", "fr", "xx"])


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(json_samples(_ROOTS), json_samples(_ROOTS, path="a.json5")),
    st.sampled_from(JsonMessages.dialects),
    _LOCALES,
    st.data(),
)
def test_whatever_is_merged_the_file_can_be_read(sample, dialect, locale, data):
    extractor, document = JsonMessages(dialect), sample.document
    assert dialect_of(document.path, document.content) in JsonMessages.dialects
    try:
        resource = extractor.extract(document, "en")
    except ExtractionError:
        assert dialect in ("angular", "md5-meta")  # no "translations"; no JSON5
        return
    assert extractor.merge(resource, {}, locale=locale) == document.content
    targets = {unit.key: data.draw(_TARGETS) for unit in resource.values}
    merged = extractor.merge(resource, served(targets), locale=locale)
    read = (json5 if document.path.endswith("5") else json).loads(merged.decode("utf-8-sig"))
    assert type(read) is type(json5.loads(document.content.decode("utf-8-sig")))
    assert extractor.read(Document(document.path, merged), locale)
