"""Vocabulary: sorted words, found by name and by pattern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.concordance.vocabulary import Vocabulary
from tests.memory.concordance.samples import _glob

WORDS = st.lists(st.text("abé港🌱", min_size=1, max_size=5), unique=True).map(sorted)


@given(WORDS, st.text("abé港🌱", max_size=5))
def test_a_word_is_found_where_it_stands(words, word):
    vocabulary = Vocabulary(*Vocabulary.arrays(words))
    assert list(vocabulary.find(word)) == [place for place, known in enumerate(words) if known == word]
    assert [vocabulary[place] for place in range(len(vocabulary))] == words


@given(WORDS, st.text("abé港🌱*?", min_size=1, max_size=7))
def test_words_of_a_pattern_are_those_that_reading_finds(words, pattern):
    vocabulary = Vocabulary(*Vocabulary.arrays(words))
    patterns = {pattern, pattern.removesuffix("?")} - {""}
    expected = [place for place, word in enumerate(words) if any(_glob(each, word) for each in patterns)]
    assert list(vocabulary.like(pattern)) == expected


def test_a_place_beyond_the_last_is_an_error():
    with pytest.raises(IndexError):
        Vocabulary(*Vocabulary.arrays(["a"]))[1]


def test_half_of_a_pair_of_surrogates_is_kept():
    vocabulary = Vocabulary(*Vocabulary.arrays(["a", "{\ud800}"]))
    assert (list(vocabulary.find("{\ud800}")), vocabulary[1]) == ([1], "{\ud800}")
