"""Search in one half: dense corpora of few short words, where every way of looking finds the same."""

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.concordance import search as search_module
from memory.concordance.gathering import Gathering
from memory.concordance.query import Query, Term, Word, understood
from memory.concordance.search import Rank, look
from tests.memory.concordance.samples import patient

LANGUAGE = "xx"  # no stemmer: the words are nonsense
WORD = st.text("ab", min_size=1, max_size=3)
TEXT = st.lists(WORD, max_size=6).map(" ".join)
PATTERN = st.one_of(WORD, st.text("ab*?", min_size=1, max_size=5).filter(lambda text: text.strip("*?")))
WAYS = st.sampled_from(
    [
        {},
        {"_SKEW": 0, "_LISTS": 64},
        {"_SKEW": 0, "_LISTS": 2, "_WHOLE": 0},
        {"_SKEW": 1, "_LISTS": 1, "_WHOLE": 1},
        {"_SKEW": 1_000, "_SPARSE": 0, "_BLOCK": 1, "_WHOLE": 0},
        {"_SKEW": 1_000, "_SPARSE": 10_000},
    ]
)


@st.composite
def terms(draw):
    words = draw(st.lists(st.one_of(PATTERN, PATTERN, st.just("*")), min_size=1, max_size=4))
    return f'"{" ".join(words)}"' if draw(st.booleans()) else draw(PATTERN)


QUERY = st.tuples(st.lists(terms(), min_size=1, max_size=3), st.lists(terms().map("-{}".format), max_size=1)).map(
    lambda parts: " ".join(parts[0] + parts[1])
)


def half_of(texts):
    gathering = Gathering(LANGUAGE)
    for number, text in enumerate(texts, 1):
        gathering.add(number, text)
    return gathering.half()


def by_hand(texts, query):
    """Rank, length, newest first: what `look` is to give, in order."""
    ranks = [(patient(query, text, LANGUAGE), len(text.split()), -number) for number, text in enumerate(texts, 1)]
    return sorted(found for found in ranks if found[0] is not None)


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(TEXT, max_size=40), asked=QUERY, ways=WAYS, limit=st.sampled_from([0, 1, 3, 100]))
def test_every_way_of_looking_finds_what_reading_finds(texts, asked, ways, limit):
    half, query = half_of(texts), understood(asked, LANGUAGE)
    expected = by_hand(texts, query) if query.wanted else []
    with patch.multiple(search_module, **ways, MOST=search_module.MOST):
        found = look(half, query, limit)
    assert [(rank, *half.order(row)) for rank, row in found.best] == expected[:limit]
    assert (found.total, found.cut) == (len(expected), False)


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(TEXT, min_size=10, max_size=40), asked=QUERY, ways=WAYS, most=st.integers(4, 40))
def test_what_is_cut_short_is_complete_as_far_as_it_goes(texts, asked, ways, most):
    half, query = half_of(texts), understood(asked, LANGUAGE)
    expected = by_hand(texts, query) if query.wanted else []
    with patch.multiple(search_module, **ways, MOST=most):
        found = look(half, query, 100)
    rows = sorted((length, number) for _, length, number in expected)[: found.total]
    assert sorted(half.order(row) for _, row in found.best) == rows
    assert found.cut or found.total == len(expected)


FEW = st.lists(st.sampled_from(["a", "b", "ab", "ba"]), min_size=1, max_size=5).map(" ".join)
TYPED = st.sampled_from(
    ['"a * b"', '"a a*"', '"b *a*"', '"a* b*"', '"a * * b*"', '"?? a" b', "a b ab", "*a* -*b", "a* b* -ba*", "*b -a*"]
)


@settings(max_examples=100, deadline=None)
@given(
    texts=st.lists(FEW, min_size=5, max_size=60),
    asked=TYPED,
    ways=WAYS,
    most=st.one_of(st.just(999), st.integers(4, 40)),
)
def test_a_few_words_said_many_times_are_told_apart_by_place(texts, asked, ways, most):
    half, query = half_of(texts), understood(asked, LANGUAGE)
    expected = by_hand(texts, query)
    with patch.multiple(search_module, **ways, MOST=most):
        found = look(half, query, 100)
    rows = sorted((length, number) for _, length, number in expected)[: found.total]
    assert sorted(half.order(row) for _, row in found.best) == rows
    assert found.cut or [(rank, *half.order(row)) for rank, row in found.best] == expected


def test_looking_goes_on_to_the_last_row_that_was_read():
    """Twenty texts of one word, of which ten places are read: ten rows, the newest, no more and no fewer."""
    with patch.object(search_module, "MOST", 10):
        found = look(half_of(["ab"] * 20), understood("a*", LANGUAGE), 100)
    assert found == search_module.Look(tuple((Rank.PHRASE, row) for row in range(10)), 10, cut=True)


def test_a_place_left_free_does_not_lead_into_the_next_text():
    assert look(half_of(["b", "a"]), understood('"a * b"', LANGUAGE), 9).total == 0
    assert look(half_of(["b", "a", "a b b"]), understood('"a * b"', LANGUAGE), 9).total == 1


def test_rows_that_are_gone_do_not_count():
    half = half_of(["ab", "ab ab", "ba"])
    gone = half.numbers == 2
    found = look(half, understood("ab", LANGUAGE), 9, gone)
    assert (found.total, [int(half.numbers[row]) for _, row in found.best]) == (1, [1])


@pytest.mark.parametrize("texts", [[], [""], ["…", "<b></b>"]])
def test_nothing_is_found_where_there_is_nothing(texts):
    half = half_of(texts)
    for asked in ("a", "a*", "*a*", '"a b"', '"a * b"', "a -b"):
        assert look(half, understood(asked, LANGUAGE), 9).total == 0


def test_nothing_is_found_of_nothing():
    assert look(half_of(["a"]), Query(), 9).total == 0
    assert look(half_of(["a"]), Query((Term(((0, Word("b")),)),)), 9).total == 0
