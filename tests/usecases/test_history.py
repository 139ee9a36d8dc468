"""History: its stretches, spread out again, are what each deployment served, however the history is cut."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.usecases.test_compare import ALL, DEPLOYMENTS, KEYS, PLACES, SITE, deployed, whole
from tm_service.domain.errors import NotFound
from tm_service.storage.sql_store import SqlStore
from tm_service.usecases.compare import compare, shown
from tm_service.usecases.history import changed_at, history


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = SqlStore(f"sqlite:///{tmp_path_factory.mktemp('history') / 'store.db'}")
    made.migrate()
    yield made
    made.close()


PAST = st.lists(st.sampled_from(range(4)), min_size=1, max_size=12)


def told(tx, place, most, budget):
    """All parts of a history, one after another."""
    parts, before = [], 0
    while True:
        part = history(tx, SITE, place, before=before, most=most, budget=budget)
        assert len(part.chapters) <= most
        parts.append(part.chapters)
        if not part.following:
            return parts
        assert part.following < before or not before, "it goes on towards the beginning"
        before = part.following


@settings(max_examples=60)
@given(
    kinds=DEPLOYMENTS,
    past=PAST,
    where=PLACES,
    key=KEYS,
    most=st.integers(1, 4),
    budget=st.sampled_from([1, 2000, 0]),
)
def test_a_history_spread_out_is_what_each_deployment_served(store, kinds, past, where, key, most, budget):
    """Over deployments that come back, in parts of any length, and where only little is read at once."""
    past = [kinds[number % len(kinds)] for number in past]
    with store.begin() as tx:
        tx.rehearse()
        deployed(tx, past)
        served = [whole(pages).get((*where, key)) for pages in past]
        if not any(served):
            with pytest.raises(NotFound, match="No deployment of absch served"):
                history(tx, SITE, (*where, key))
            return
        parts = told(tx, (*where, key), most, budget)
        chapters = [one for part in parts for one in part]
        spread = {number: one for one in chapters for number in range(one.stretch.first, one.stretch.last + 1)}
        assert [spread[n].stretch.served if n in spread else None for n in range(1, len(past) + 1)] == served
        assert sum(one.stretch.last - one.stretch.first + 1 for one in chapters) == len(spread), "nothing is told twice"
        assert [one.stretch.last for one in chapters] == sorted(spread and {c.stretch.last for c in chapters})[::-1]
        assert all(one.deployment.number == one.stretch.first for one in chapters)
        assert [one.line.served if one.line else None for one in chapters] == [one.stretch.served for one in chapters]
        if not budget:
            neighbours = pairwise(chapters)
            assert all(newer.stretch.served != older.stretch.served for newer, older in neighbours)


@given(kinds=DEPLOYMENTS, past=PAST, data=st.data())
def test_each_difference_says_at_which_deployment_it_came_about(store, kinds, past, data):
    past = [kinds[number % len(kinds)] for number in past]
    before, now = (data.draw(st.integers(1, len(past))) for _ in range(2))
    with store.begin() as tx:
        tx.rehearse()
        deployed(tx, past)
        different = shown(tx, compare(tx, SITE, before, now), ALL, 0, 1000)
        places = [(page.locale, page.resource, one.key) for page, one in different]
        found = changed_at(tx, SITE, places, before, now)
        since, to = sorted((before, now))
        for place in places:
            served = [whole(pages).get(place) for pages in past]
            last = max(number for number in range(since + 1, to + 1) if served[number - 1] != served[number - 2])
            assert found[place] == last


def test_what_is_too_far_back_is_left_out_rather_than_guessed(store):
    codes = [{("title",): "/fr/home", ("b",): f"/fr/{number}"} for number in range(16)]
    past = [{("fr", "app/home.json"): ({}, some)} for some in codes]
    with store.begin() as tx:
        tx.rehearse()
        deployed(tx, [{}, *past])
        place = ("fr", "app/home.json", ("title",))
        assert changed_at(tx, SITE, [place], 1, 17, budget=1) == {}
        assert changed_at(tx, SITE, [place], 1, 17) == {place: 2}
