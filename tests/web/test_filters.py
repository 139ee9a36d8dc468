"""What clients may ask of lists: the languages of filters, and that nothing else gets through them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.web.clearing_house import mongo, odata
from tm_service.web.clearing_house.bodies import parsed
from tm_service.web.clearing_house.faults import Answered

GARDEN = {
    "title": {"en": "The garden", "fr": "Le jardin"},
    "tags": ["seeds", "Paths"],
    "open": True,
    "beds": 12,
    "places": [{"name": "north", "size": 3}, {"name": "south", "size": 8}],
    "meta": {"modifiedOn": "2026-03-01T08:00:00.000Z"},
    "cover": None,
}


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({}, True),
        ({"title.en": "The garden"}, True),
        ({"title.en": "the garden"}, False),
        ({"title": {"en": "The garden", "fr": "Le jardin"}}, True),
        ({"tags": "seeds"}, True),
        ({"tags": ["seeds", "Paths"]}, True),
        ({"tags": {"$in": ["x", "seeds"]}}, True),
        ({"tags": {"$in": []}}, False),
        ({"tags": {"$all": ["seeds", "Paths"]}}, True),
        ({"tags": {"$all": ["seeds", "x"]}}, False),
        ({"open": True}, True),
        ({"open": 1}, False),
        ({"beds": {"$gte": 12, "$lt": 13}}, True),
        ({"beds": {"$gt": 12}}, False),
        ({"beds": {"$gt": "1"}}, False),
        ({"beds": 12.0}, True),
        ({"places.name": "south"}, True),
        ({"places.size": {"$gt": 7}}, True),
        ({"places.size": {"$gt": 9}}, False),
        ({"cover": None}, True),
        ({"nothing": None}, True),
        ({"nothing": {"$exists": False}}, True),
        ({"cover": {"$exists": True}}, True),
        ({"nothing": {"$ne": 3}}, True),
        ({"tags": {"$ne": "seeds"}}, False),
        ({"title.en": {"$regex": "^The g"}}, True),
        ({"title.en": {"$regex": "^the g", "$options": "i"}}, True),
        ({"title.en": {"$regex": "^\\."}}, False),
        ({"title.en": {"$$startsWith": "The"}}, True),
        ({"meta.modifiedOn": {"$gte": {"$date": "2026-03-01T09:00:00+01:00"}}}, True),
        ({"meta.modifiedOn": {"$gt": {"$date": "2026-03-01T08:00:00Z"}}}, False),
        ({"meta.modifiedOn": {"$lt": "2027"}}, True),
        ({"$or": [{"beds": 1}, {"$and": [{"beds": 12}, {"open": True}]}]}, True),
    ],
)
def test_a_filter_fits_as_it_does_in_mongodb(query, fits):
    assert mongo.compiled(query)(GARDEN) is fits


@pytest.mark.parametrize(
    "query",
    [
        {"$where": "this.beds > 1"},
        {"beds": {"$mod": [4, 0]}},
        {"beds": {"$not": {"$gt": 1}}},
        {"title.en": {"$regex": ".*"}},
        {"title.en": {"$regex": "^(a|b)"}},
        {"title.en": {"$regex": "^a", "$options": "x"}},
        {"title.en": {"$regex": "^a$"}},
        {"beds": {"$gt": {"$function": "x"}}},
        {"beds": {"$gt": {"$date": "yesterday"}}},
        {"beds": {"$in": list(range(1001))}},
        {"$or": []},
        {"$and": {"beds": 1}},
        {"$or": [3]},
        {"$or": [{"beds": 1}] * 250},
        json.loads('{"$or":[' * 20 + '{"a":1}' + "]}" * 20),
    ],
)
def test_whatever_else_is_asked_is_refused(query):
    with pytest.raises(Answered):
        mongo.compiled(query)(GARDEN)


NAMES = st.sampled_from(
    ["$and", "$or", "$in", "$gt", "$regex", "$date", "$oid", "$exists", "$ne", "tags", "title.en", "beds", ""]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just("^a"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=3))
def test_a_filter_either_answers_or_is_refused(query):
    try:
        fits = mongo.compiled(query)
    except Answered:
        return
    assert fits(GARDEN) in (True, False)
    assert fits({}) in (True, False)


ROW = {"identifier": "a", "type": "permit", "revision": 2, "updatedOn": "2026-03-01T08:00:00.000Z"}
WORDS = [
    "identifier",
    "type",
    "updatedOn",
    "revision",
    "secret",
    "eq",
    "ge",
    "and",
    "or",
    "(",
    ")",
    "'a'",
    "''",
    "2",
    "datetime'2026-01-01'",
    "'",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=30))
def test_a_condition_either_answers_or_is_refused(written):
    try:
        wanted = odata.compiled(written)
    except Answered:
        return
    fits = wanted.fits(ROW)
    assert fits in (True, False)
    assert wanted.identifiers is None or not fits or ROW["identifier"] in wanted.identifiers
    assert wanted.since is None or not fits or wanted.since <= mongo.moment(ROW["updatedOn"])


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_parentheses_without_end_are_refused(depth):
    with pytest.raises(Answered):
        odata.compiled("(" * depth)


JSON = st.recursive(
    st.none() | st.text(max_size=4) | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
)


@given(st.binary(max_size=60) | JSON.map(lambda found: json.dumps({"a": found}).encode()))
def test_a_body_is_a_whole_document_or_is_refused(content):
    try:
        found = parsed(content)
    except Answered:
        return
    assert json.loads(json.dumps(found, ensure_ascii=False, allow_nan=False).encode()) == found
