"""Forecast: the pace of the last weeks, and when words will be done at it."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register_world import NOW
from tm_service.usecases.register.forecast import WEEKS, forecast, weekly

TODAY = NOW.date()
WEEK = st.integers(0, 5000)
PACES = st.lists(WEEK, min_size=1, max_size=WEEKS)


def ago(**span: float):
    return NOW - timedelta(**span)


def test_words_are_counted_in_the_week_they_came_back_in():
    returned = [
        (NOW, 1),
        (ago(days=6, hours=23), 10),
        (ago(days=7), 100),
        (ago(days=55, hours=23), 1000),
        (ago(days=56), 1),
    ]
    assert weekly(returned, NOW, ago(days=400)) == (11, 100, 0, 0, 0, 0, 0, 1000)


def test_weeks_before_the_first_hand_off_do_not_count_as_idle():
    assert weekly([(ago(days=1), 5)], NOW, ago(days=22)) == (5, 0, 0)
    assert weekly([], NOW, None) == ()


def test_at_an_even_pace_the_day_is_certain():
    found = forecast(250, [100] * 8, TODAY)
    assert (found.early, found.middle, found.late) == (TODAY + timedelta(days=18),) * 3, "two weeks and a half"
    assert found.pace == 100


def test_at_an_uneven_pace_days_lie_apart_in_their_order():
    found = forecast(1000, [0, 400, 10, 300, 0, 50, 90, 600], TODAY)
    assert found.early < found.middle < found.late


def test_of_too_little_nothing_is_foretold():
    assert not forecast(100, [100, 100, 100, 0, 0, 0, 0, 0], TODAY).is_known
    assert not forecast(100, [], TODAY).is_known
    assert forecast(100, [100, 100, 100, 0, 0, 0, 0, 1], TODAY).is_known
    assert forecast(0, [100] * 8, TODAY).middle is None, "what is done already is not foretold"


def test_what_would_take_more_than_two_years_has_no_day():
    found = forecast(1_000_000, [10] * 8, TODAY)
    assert (found.early, found.middle, found.late) == (None, None, None)


@settings(max_examples=30, deadline=None)
@given(words=st.integers(1, 5000), more=st.integers(0, 5000), weeks=PACES)
def test_more_words_are_never_done_sooner(words, more, weeks):
    one, other = forecast(words, weeks, TODAY), forecast(words + more, weeks, TODAY)
    far = TODAY + timedelta(days=5000)
    for name in ("early", "middle", "late"):
        assert (getattr(one, name) or far) <= (getattr(other, name) or far)


@settings(max_examples=30, deadline=None)
@given(words=st.integers(1, 5000), weeks=st.lists(st.integers(1, 500), min_size=4, max_size=8))
def test_days_lie_between_those_of_the_best_and_the_worst_week_alone(words, weeks):
    found = forecast(words, weeks, TODAY)
    best, worst = (TODAY + timedelta(days=-(-words * 7 // pace)) for pace in (max(weeks), min(weeks)))
    for day in (found.early, found.middle, found.late):
        assert day is None or best <= day <= worst
    assert found == forecast(words, weeks, TODAY)
