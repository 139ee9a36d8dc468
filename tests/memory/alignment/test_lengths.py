"""Lengths: what is as long as a translation would be speaks for a bead, what is not against it; both sides alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.alignment.lengths import lengths

SENTENCES = np.array([12.0, 40.0, 55.0, 80.0, 120.0, 160.0])
LETTERS = st.floats(1, 2000)


def said(measure, ours, theirs):
    """What the lengths of one sentence of each side say."""
    u, v = measure.of_source(np.array([float(ours)])), measure.of_target(np.array([float(theirs)]))
    given_length = measure.given(v - u, np.exp(-u) + np.exp(-v))
    return float((given_length - (measure.chance(u, 1) + measure.chance(v, 1)) / 2)[0])


@pytest.mark.parametrize(
    ("languages", "ratio"),
    [(("en", "zh"), 0.27), (("en", "fr"), 1.16), (("zh", "en"), 3.7), (("es", "ru-RU"), 0.98), (("en", "ar"), 0.83)],
)
def test_languages_with_tables_have_the_ratio_of_the_tables(languages, ratio):
    assert lengths(languages, SENTENCES, SENTENCES).ratio == pytest.approx(ratio, abs=0.02)


def test_a_language_without_a_table_has_the_ratio_of_the_documents():
    assert lengths(("en", "fi"), SENTENCES, SENTENCES * 0.9).ratio == pytest.approx(0.9)
    assert lengths(("fi", "et"), SENTENCES, SENTENCES * 1.4).ratio == pytest.approx(1.4)


def test_a_ratio_that_was_measured_goes_before_all_tables():
    assert lengths(("en", "fr"), SENTENCES, SENTENCES, 1.5).ratio == pytest.approx(1.5)


def test_a_text_of_the_right_length_speaks_for_itself_and_one_of_a_wrong_length_against():
    measure = lengths(("en", "zh"), SENTENCES, SENTENCES * 0.27)
    assert said(measure, 150, 40) > 0.5
    assert said(measure, 150, 150) < -2
    assert said(measure, 150, 4) < -2


def test_an_unusual_length_that_fits_says_more_than_a_usual_one():
    measure = lengths(("en", "fr"), SENTENCES, SENTENCES * 1.16)
    assert said(measure, 900, 1044) > said(measure, 50, 58)


@given(LETTERS, LETTERS)
def test_what_lengths_say_does_not_depend_on_which_side_is_the_source(ours, theirs):
    there = lengths(("en", "ar"), SENTENCES, SENTENCES * 0.8)
    back = lengths(("ar", "en"), SENTENCES * 0.8, SENTENCES)
    assert said(there, ours, theirs) == pytest.approx(said(back, theirs, ours))


@given(st.lists(st.floats(0, 1e7), max_size=4), LETTERS, LETTERS)
def test_any_documents_have_a_measure(letters, ours, theirs):
    measure = lengths(("en", "xx"), np.array(letters), np.array(letters[::-1]))
    assert np.isfinite(said(measure, ours, theirs))
