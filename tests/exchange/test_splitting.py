"""The law of splitting: nothing lost, order kept, pages whole unless they must be cut."""

from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.samples import unit
from tm_service.domain.splitting import Part, slug, split
from tm_service.domain.text import words


def page(name, *sizes: int):
    return [unit(f"{name}.{place}", "seed " * size, resource=name) for place, size in enumerate(sizes)]


jobs = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d", "e"]), st.integers(0, 30), st.sampled_from(["", "", "x", "y"])),
    max_size=40,
).map(lambda rows: [unit(f"{n}:{group}", "seed " * size, resource=name) for n, (name, size, group) in enumerate(rows)])


def group_of(entry):
    return entry.id.partition(":")[2]


def names(parts):
    return [[entry.id for entry in part.units] for part in parts]


@given(units=jobs, most=st.integers(1, 60))
def test_nothing_is_lost_doubled_or_out_of_order(units, most):
    parts = split(units, most=most)
    pages = {}
    for entry in units:
        pages.setdefault(entry.resource, []).append(entry)
    assert [entry for part in parts for entry in part.units] == [entry for page_ in pages.values() for entry in page_]
    assert sum(part.words for part in parts) == sum(words(entry.source) for entry in units)
    assert all(part.units for part in parts)


@given(units=jobs, most=st.integers(1, 60))
def test_a_part_is_larger_than_asked_only_where_one_unit_is(units, most):
    assert all(part.words <= most or len(part.units) == 1 for part in split(units, most=most))


@given(units=jobs, most=st.integers(1, 60))
def test_only_a_page_that_is_too_long_is_cut(units, most):
    parts = split(units, most=most)
    for name in {entry.resource for entry in units}:
        whole = sum(words(entry.source) for entry in units if entry.resource == name)
        holding = [part for part in parts if name in part.pages]
        assert len(holding) == 1 or whole > most
        assert len(holding) == 1 or all(part.pages == (name,) for part in holding)


@given(units=jobs, most=st.integers(1, 60))
def test_no_two_neighbouring_parts_would_have_fitted_into_one(units, most):
    parts = split(units, most=most)
    for one, other in pairwise(parts):
        long = [
            part for part in (one, other) if sum(words(e.source) for e in units if e.resource == part.pages[0]) > most
        ]
        assert long or one.words + Part(tuple(e for e in other.units if e.resource == other.pages[0])).words > most


@given(units=jobs, most=st.integers(1, 60))
def test_units_of_a_group_stay_together(units, most):
    parts = split(units, most=most, group=group_of)
    place = {entry.id: number for number, part in enumerate(parts) for entry in part.units}
    pages = {}
    for entry in units:
        pages.setdefault(entry.resource, []).append(entry)
    for entries in pages.values():
        for name, run in groupby(entries, key=group_of):
            if name:
                assert len({place[entry.id] for entry in run}) == 1


@given(units=jobs, most=st.integers(1, 60))
def test_topics_share_no_part(units, most):
    parts = split(units, most=most, topic=lambda entry: entry.resource in "ab")
    assert all(len({entry.resource in "ab" for entry in part.units}) == 1 for part in parts)
    assert sorted(entry.id for part in parts for entry in part.units) == sorted(entry.id for entry in units)


def test_pages_are_filled_up_in_their_order():
    units = [*page("a", 400, 400), *page("b", 900), *page("c", 500), *page("d", 100)]
    assert names(split(units)) == [["a.0", "a.1", "b.0"], ["c.0", "d.0"]]


def test_a_long_page_is_cut_between_its_units_and_shares_with_no_other():
    units = [*page("a", 100), *page("b", 900, 900, 900), *page("c", 100)]
    assert names(split(units)) == [["a.0"], ["b.0", "b.1"], ["b.2"], ["c.0"]]


def test_a_due_date_can_be_the_topic():
    units = [*page("a", 1), *page("b", 1), *page("c", 1)]
    due = {"a": "May", "b": "June", "c": "May"}
    assert names(split(units, topic=lambda entry: due[entry.resource])) == [["a.0", "c.0"], ["b.0"]]


def test_nothing_gives_no_part():
    assert split(()) == ()


@pytest.mark.parametrize(
    ("resources", "origin", "name"),
    [
        (["app/text/site-labels.json"], "app/text/site-labels.json", "site-labels"),
        (["app/text/a.json", "app/text/b.json"], "app/text", "text"),
        (["/app/a.json", "app/b.json"], "app", "app"),
        (["a.json", "b.json"], ".", "texts"),
        (["names/名.json"], "names/名.json", "texts"),
        (["x/Règles d’accès.json"], "x/Règles d’accès.json", "regles-dacces"),
        (["x/..json"], "x/..json", "json"),
        (["\x0b"], "\x0b", "texts"),
    ],
)
def test_a_part_is_named_after_its_page_or_folder(resources, origin, name):
    part = Part(tuple(unit(str(n), "a", resource=resource) for n, resource in enumerate(resources)))
    assert (part.origin, part.slug) == (origin, name)


@given(st.text())
def test_a_name_for_files_is_safe_whatever_it_is_made_of(name):
    made = slug(name)
    assert len(made) <= 40
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
    assert not made.endswith("-")
