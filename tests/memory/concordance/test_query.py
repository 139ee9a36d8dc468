"""Query: what a person typed and what is looked for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.concordance.query import LONGEST, MOST_WILD, Query, Term, Word, understood
from tests.memory.concordance.samples import _glob


def said(query):
    """Terms as a person would write them: a phrase in brackets, a free place as a dot, what is unwanted after a minus."""
    return [_said(term) for term in query.wanted] + [f"-{_said(term)}" for term in query.unwanted]


def _said(term):
    places = dict(term.words)
    shown = " ".join(places[place].text if place in places else "." for place in range(term.size))
    return f"[{shown}]" if term.size > 1 else shown


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("seed bank", "en", ["seed", "bank"]),
        ("  Seed\tBANK seed ", "en", ["seed", "bank"]),
        ('"seed bank" permit', "en", ["[seed bank]", "permit"]),
        ("“seed bank” «of the» „port“", "en", ["[seed bank]", "[of the]", "port"]),
        ('seed "bank of', "en", ["seed", "[bank of]"]),
        ('seed" bank', "en", ["seed", "bank"]),
        ('""', "en", []),
        ('seed ""', "en", ["seed"]),
        ("well-known", "en", ["[well known]"]),
        ("许可证 港口", "zh", ["[许 可 证]", "[港 口]"]),
        ("许可＊证？", "zh", ["[许 可 . 证]"]),
        ("permit* *tion p?rt", "en", ["permit*", "*tion", "p?rt"]),
        ('"seed * bank"', "en", ["[seed . bank]"]),
        ('"* seed bank *"', "en", ["[seed bank]"]),
        ("seed * bank", "en", ["seed", "bank"]),
        ("seed -bank", "en", ["seed", "-bank"]),
        ('seed -"on hold"', "en", ["seed", "-[on hold]"]),
        ("seed - bank", "en", ["seed", "bank"]),
        ("at -20 °C", "en", ["at", "20", "c"]),
        ('at -"20"', "en", ["at", "-20"]),
        ("l'accès d’eau", "fr", ["accès", "eau"]),
        ('"l\'accès"', "fr", ["[l accès]"]),
        ("l'acc*", "fr", ["acc*"]),
        ("Hello {name}!", "en", ["hello", "{name}"]),
        ("{{ user name }} %s", "en", ["{{username}}", "%s"]),
        ('<b>seed</b> <a href="x y">bank</a>', "en", ["seed", "bank"]),
        ("1,000", "en", ["[1 000]"]),
    ],
)
def test_what_is_looked_for(text, language, expected):
    assert said(understood(text, language)) == expected


def test_with_exact_words_articles_and_inflections_count():
    query = understood("l'accès", "fr", exact_words=True)
    assert query == Query((Term(((0, Word("l")), (1, Word("accès")))),))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("mit", "en", ["*mit*"]),
        ("eed ban", "en", ["[*eed ban*]"]),
        ('a "seed* -bank', "en", ["[*a seed bank*]"]),
        ("许可证", "zh", ["[*许 可 证*]"]),
        ("?", "en", []),
    ],
)
def test_a_run_of_letters_may_begin_and_end_within_a_word(text, language, expected):
    query = understood(text, language, substring=True)
    assert said(query) == expected
    assert not any(word.stems for term in query.wanted for _, word in term.words)


@pytest.mark.parametrize(
    "text", ["", "  ", "*", "* ? ***", "?!", "-seed", '-"on hold" -x', "…", "🌱", "<b></b>", '"', "\ud800", "\x00"]
)
def test_where_there_is_no_word_to_look_for_one_sentence_says_so(text):
    query = understood(text, "en")
    assert (query.wanted, query.unwanted) == ((), ())
    assert query.advice.startswith("Say at least one word")


def test_a_query_has_a_longest_length():
    assert not understood("a" * LONGEST, "en").advice
    assert understood("seed " * 2_000, "en").advice == (
        "The query has 10,000 characters and at most 1,000 are looked for: leave some out."
    )


def test_a_query_has_a_greatest_number_of_wildcards():
    some = " ".join(f"a{number}*" for number in range(MOST_WILD))
    assert not understood(some, "en").advice
    assert understood(f"{some} -b*", "en").advice == (
        "The query has 9 words with * or ? and at most 8 are looked for: write some of them out."
    )


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "ar", "zh"]), st.booleans(), st.booleans())
def test_whatever_is_typed_has_words_or_advice(text, language, exact, substring):
    query = understood(text, language, exact_words=exact, substring=substring)
    assert bool(query.wanted) != bool(query.advice)
    assert all(term.words[0][0] == 0 for term in query.wanted + query.unwanted)


@given(st.text('a*?b "-', max_size=30))
def test_unbalanced_signs_are_understood_without_fault(text):
    assert re.sub(r"[^a-zA-Z]", "", text) or understood(text, "en").advice


@given(st.text("ab*?", min_size=1, max_size=8), st.text("ab\n", max_size=8))
def test_a_pattern_accepts_what_its_letters_say(pattern, word):
    expected = _glob(pattern, word) or (pattern.endswith("?") and _glob(pattern[:-1], word))
    assert Word(pattern, wild=True).accepts(word, "en") == expected


def test_a_pattern_of_many_stars_is_tried_at_once():
    """A regular expression that goes back would not return."""
    assert not Word("a*" * 400 + "b", wild=True).accepts("a" * 20_000, "en")


def test_an_inflection_is_accepted_where_the_stem_is_known():
    assert Word("permit", ("permit",)).accepts("permits", "en")
    assert not Word("permit").accepts("permits", "en")
