"""Stems: the forms of a word are told from other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.stems import is_form, is_kin, stems, tails


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ["حديقة", "الحديقة", "للحديقة"]),
        ("ar", ["بذور", "البذور", "والبذور"]),
        ("ru", ["сохранение", "сохранения", "сохранению"]),
        ("en", ["permit", "permits", "permitted"]),
        ("de-AT", ["garten", "gartens"]),
        ("xx", ["seeds"]),
    ],
)
def test_forms_of_a_word_have_one_stem(language, words):
    assert len({stems(word, language)[0] for word in words}) == 1


def test_a_letter_that_may_be_a_word_of_its_own_is_a_second_reading():
    assert stems("وحديقة", "ar")[1] == stems("حديقة", "ar")[0]


@pytest.mark.parametrize(
    ("language", "a", "b"), [("en", "seed", "bank"), ("ru", "сад", "суд"), ("ar", "بنك", "باب"), ("en", "a", "b")]
)
def test_other_words_are_no_kin(language, a, b):
    assert not is_kin(a, b, language)


def test_numbers_that_begin_alike_are_no_kin():
    assert not is_kin("1990", "1991", "fr")


def test_words_of_one_stem_that_differ_in_more_than_an_ending_are_no_forms_of_each_other():
    assert is_form("conserve", "conserved", "en")
    assert is_kin("general", "generalizations", "en")
    assert not is_form("general", "generalizations", "en")


@given(st.text(), st.text())
def test_words_are_what_they_have_in_common_and_their_tails(word, other):
    ours, theirs = tails(word, other)
    assert word[: len(word) - len(ours)] == other[: len(other) - len(theirs)]
    assert not ours or not theirs or ours[0] != theirs[0]
