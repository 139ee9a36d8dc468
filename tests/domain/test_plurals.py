"""Plurals: forms in, one ICU text, the same forms out, whatever characters stand in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.checks.messages import message
from tm_service.domain.plurals import CATEGORIES, Plural, parse_plural
from tm_service.domain.text import words

TEXTS = st.text(st.sampled_from("ab'{}# |,é\n0"), max_size=8)
SELECTORS = st.sampled_from([*CATEGORIES, "=0", "=12"])


@given(forms=st.dictionaries(SELECTORS, TEXTS), other=TEXTS)
def test_forms_come_back_as_they_were(forms, other):
    plural = Plural("count", forms | {"other": other})
    assert parse_plural(str(plural)) == plural


@given(forms=st.dictionaries(SELECTORS, TEXTS), other=TEXTS)
def test_the_text_is_a_message_that_icu_reads_and_shows_no_argument_of(forms, other):
    read = message(str(Plural("count", forms | {"other": other})))
    assert not read.problem
    (choice,) = read.choices
    assert {arm.selector for arm in choice.arms} == {*forms, "other"}
    assert not any(arm.shows for arm in choice.arms)


def test_forms_stand_in_the_order_of_cldr_with_numbers_before_them():
    plural = Plural("n", {"other": "c", "one": "b", "=12": "y", "=2": "x"})
    assert str(plural) == "{n, plural, =2 {x} =12 {y} one {b} other {c}}"


def test_what_icu_takes_for_syntax_is_quoted_and_nothing_else():
    plural = Plural("count", {"one": "l'{name}, {{count}} item's", "other": "#5 isn't"})
    assert str(plural) == "{count, plural, one {l'''{name}, {{count}}' item's} other {'#'5 isn't}}"


def test_a_message_of_a_format_that_is_icu_itself_keeps_its_syntax():
    text = "{n, plural, offset:1 =0 {Nobody} one {{name} and # other} other {{name} and # others}}"
    plural = parse_plural(text)
    assert plural.is_icu
    assert plural.form("one") == "{name} and # other"
    assert str(plural) == text


def test_a_category_without_a_form_of_its_own_has_that_of_other():
    assert Plural("n", {"one": "a seed", "other": "seeds"}).form("few") == "seeds"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "seeds",
        "{n}",
        "{n, plural, one {a}}",
        "{n, plural, one {a} one {b} other {c}}",
        "{n, plural, one {a} other {c}",
        "{n, plural, one {a} other {c}} and more",
        "You have {n, plural, one {a} other {c}}",
        "{n, select, a {b} other {c}}",
        "{n, plural, one {a other {c}}",
        "{n, plural, some {a} other {c}}",
        "{" * 5000,
        "{n, plural, other {" * 500,
    ],
)
def test_any_other_text_is_no_plural(text):
    assert parse_plural(text) is None


def test_words_are_those_of_the_forms():
    assert words("{n, plural, one {'{n}' jar} other {'{n}' full jars}}") == 3
