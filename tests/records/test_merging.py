"""Merging: what both changed is told, everything else is taken, and no text is lost whoever came first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.records.content import same
from tm_service.records.items import ABSENT, value_at, with_value
from tm_service.records.merging import merge


def texts(most=12):
    return st.integers(0, most).map(lambda number: f"text {number}")


LANGUAGES = st.sampled_from(["en", "fr", "zh"])
BY_LANGUAGE = st.dictionaries(LANGUAGES, texts(), max_size=3)
NAMED = st.lists(
    st.fixed_dictionaries(
        {"identifier": st.sampled_from("abcdef").map(lambda c: c * 11)}, optional={"customValue": BY_LANGUAGE}
    ),
    max_size=5,
    unique_by=lambda item: item["identifier"],
)
PINNED = st.lists(st.sampled_from(["a", "a@1", "a@2", "b"]).map(lambda name: {"identifier": name}), max_size=4)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "title": BY_LANGUAGE | texts(),
        "terms": BY_LANGUAGE,
        "usages": NAMED,
        "related": PINNED,
        "tags": st.lists(texts(6), max_size=5),
        "keywords": st.lists(BY_LANGUAGE, max_size=4),
        "flag": st.sampled_from([True, 1, 1.0, None, "1"]),
        "group": st.fixed_dictionaries({}, optional={"items": NAMED, "note": texts()}),
    },
)


def leaves(value):
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values()))
    if isinstance(value, list):
        return set().union(*map(leaves, value))
    return {value} if isinstance(value, str) else set()


@given(DOCUMENTS, DOCUMENTS)
def test_what_only_one_changed_is_taken(base, changed):
    for theirs, mine in ((base, changed), (changed, base), (changed, changed)):
        merged = merge(base, theirs, mine)
        assert same(merged.document, changed)
        assert merged.collisions == ()


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_it_does_not_matter_who_came_first(base, one, other):
    """What collides stays as the first had it; everything else is the same, and so is what collides."""
    here, there = merge(base, one, other), merge(base, other, one)
    places = {collision.place for collision in here.collisions}
    assert places == {collision.place for collision in there.collisions}
    turned = {collision.place: collision for collision in there.collisions}
    for collision in here.collisions:
        back = turned[collision.place]
        assert same(collision.base, back.base)
        assert same(collision.theirs, back.mine)
        assert same(collision.mine, back.theirs)
    if not places:
        assert same(here.document, there.document)


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_no_text_is_lost(base, theirs, mine):
    merged = merge(base, theirs, mine)
    kept = leaves(merged.document).union(*(leaves([c.theirs, c.mine]) for c in merged.collisions))
    written = (leaves(theirs) | leaves(mine)) - leaves(base)
    stayed = leaves(base) & leaves(theirs) & leaves(mine)
    assert written <= kept
    assert stayed <= kept or merged.collisions, "only a place that moved within one side may take an old text along"


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_every_collision_is_a_change_of_both(base, theirs, mine):
    merged = merge(base, theirs, mine)
    for collision in merged.collisions:
        assert not same(collision.base, collision.theirs)
        assert not same(collision.base, collision.mine)
        assert not same(collision.theirs, collision.mine)
        assert same(value_at(merged.document, collision.place), collision.theirs)


PLACES = [
    ("title", "en"), ("title", "fr"), ("title", "zh"), ("terms", "en"), ("terms", "ar"),
    ("usages", "use-of-seeds", "customValue", "en"), ("usages", "use-of-seeds", "customValue", "fr"),
    ("usages", "use-of-roots", "customValue", "en"), ("keywords", "0", "en"), ("keywords", "0", "fr"),
    ("keywords", "1", "en"), ("expiry",), ("links", "https://a.example/", "name"), ("group", "note"),
]  # fmt: skip
BASE = {
    "title": {"en": "Seeds", "fr": "Graines"},
    "terms": {"en": "<p>None</p>"},
    "usages": [
        {"identifier": "use-of-seeds", "customValue": {"en": "Sowing", "fr": "Semis"}},
        {"identifier": "use-of-roots", "customValue": {"en": "Tea"}},
    ],
    "keywords": [{"en": "seed", "fr": "graine"}, {"en": "root"}],
    "links": [{"url": "https://a.example/", "name": "A"}],
}


@given(st.dictionaries(st.sampled_from(PLACES), st.tuples(st.booleans(), texts() | st.just(ABSENT))))
def test_disjoint_changes_of_fields_and_languages_all_arrive(edits):
    def edited(*, mine):
        document = BASE
        for place, (is_mine, value) in edits.items():
            if mine in (None, is_mine):
                document = with_value(document, place, value)
        return document

    both = edited(mine=None)
    merged = merge(BASE, edited(mine=False), edited(mine=True))
    assert merged.collisions == ()
    for place in PLACES:
        assert same(value_at(merged.document, place), value_at(both, place)), place


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.data())
def test_items_that_came_went_and_moved_on_either_side_all_did(names, data):
    base = [{"identifier": name * 11} for name in names]
    kept = data.draw(st.lists(st.sampled_from(base), unique_by=str) if base else st.just([]))
    more = [{"identifier": f"new-{number}"} for number in range(data.draw(st.integers(0, 3)))]
    others = [{"identifier": f"their-{number}"} for number in range(data.draw(st.integers(0, 3)))]
    at = data.draw(st.integers(0, len(base)))
    theirs, mine = base[:at] + others + base[at:], kept + more
    merged = merge({"l": base}, {"l": theirs}, {"l": mine})
    assert merged.collisions == ()
    got = [item["identifier"] for item in merged.document["l"]]
    assert sorted(got) == sorted(item["identifier"] for item in (*kept, *more, *others))
    assert [name for name in got if not name.startswith("their")] == [item["identifier"] for item in mine]


def one(base, theirs, mine):
    merged = merge({"v": base}, {"v": theirs}, {"v": mine})
    return merged.document.get("v", ABSENT), [(c.place, c.theirs, c.mine) for c in merged.collisions]


def test_the_same_language_changed_twice_collides_and_the_others_do_not():
    got, collisions = one({"en": "a", "fr": "b"}, {"en": "a1", "fr": "b"}, {"en": "a2", "fr": "b2"})
    assert got == {"en": "a1", "fr": "b2"}
    assert collisions == [(("v", "en"), "a1", "a2")]


def test_a_text_that_one_took_out_and_another_changed_collides():
    assert one({"en": "a"}, {}, {"en": "a2"}) == ({}, [(("v", "en"), ABSENT, "a2")])
    assert one({"en": "a"}, {"en": "a2"}, {}) == ({"en": "a2"}, [(("v", "en"), "a2", ABSENT)])
    assert one([{"identifier": "x"}], [], [{"identifier": "x", "n": 1}]) == (
        [],
        [(("v", "x"), ABSENT, {"identifier": "x", "n": 1})],
    )


def test_a_reference_pinned_to_two_revisions_collides():
    got, collisions = one(
        [{"identifier": "a@1"}], [{"identifier": "a@2"}], [{"identifier": "a@3"}, {"identifier": "b"}]
    )
    assert got == [{"identifier": "a@2"}, {"identifier": "b"}]
    assert collisions == [(("v", "a", "identifier"), "a@2", "a@3")]


def test_items_moved_by_both_to_different_places_collide_as_a_list():
    a, b, c = ({"identifier": name} for name in "abc")
    got, collisions = one([a, b, c], [b, a, c], [a, c, b])
    assert got == [b, a, c]
    assert collisions == [(("v",), [b, a, c], [a, c, b])]


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "got"),
    [
        (["a", "b"], ["a", "b", "c"], ["d", "a"], ["d", "a", "c"]),
        (["a"], ["a", "x"], ["a", "b"], ["a", "b", "x"]),
        ([], ["a"], ["a"], ["a"]),
        ([{"en": "a"}], [{"en": "a", "fr": "A"}], [{"en": "a", "es": "Á"}], [{"en": "a", "fr": "A", "es": "Á"}]),
        ([{"en": "a"}], [{"en": "a"}, {"en": "b"}], [{"en": "a2"}], [{"en": "a2"}, {"en": "b"}]),
        (["a", "a"], ["a", "a", "b"], ["c", "a"], ["c", "a", "b"]),
    ],
)
def test_lists_without_identifiers_merge_by_content_or_by_place(base, theirs, mine, got):
    assert one(base, theirs, mine) == (got, [])


def test_what_cannot_be_told_apart_collides_as_a_whole():
    got, collisions = one([{"en": "a"}, {"en": "b"}], [{"en": "b"}], [{"en": "a2"}, {"en": "b"}, {"en": "c"}])
    assert got == [{"en": "b"}]
    assert collisions == [(("v",), [{"en": "b"}], [{"en": "a2"}, {"en": "b"}, {"en": "c"}])]
