"""Texts made to hurt the checks that read words: all of them are answered, in work that grows with the text and no faster."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from tests.checks.hostile import LOCALES, assert_said_well, built, calls, checks
from tm_service.domain.pairs import Pair
from tm_service.domain.terms import Term, TermStatus

CHECKS = checks("completeness", "plurals", "icu", "script", "terms", "meaning")
BRICKS = [
    "a", "a ", "a.", "a-", "a@", "a@b.", "http://", "www.", "not ", "must not ", "ne ", "n'", "n’est ", "не ", "не более ",
    "لا ", "و", "على ", "不", "种子", "種", "aа", "aа ", "ab '", "{", "}", "{n", "{n, plural, ", "{n, plural, other {",
    "{n, plural, other {#}} ", "{n, plural, =1 {a} ", "'{", "'", "''a", "'}", "#", " | ", "|", "｜", " ", "\t", "\u00a0 ",
    "\u200b", "\ud800", "\0", "e\u0301", "\u0301", "ـ", "<b>", "&amp;", "{x}", "seed ", "seed bank ", "три ", "# may ",
]  # fmt: skip
MESSAGE = "{n, plural, =0 {You must not send seeds} one {# seed} other {# seeds of {who}}} | only"
TERMS = tuple(
    Term("site", "en", source, "fr", target, status, datetime(2026, 11, 22, tzinfo=UTC))
    for source, target, status in [
        ("seed", "graine", TermStatus.APPROVED),
        ("seed bank", "banque de semences", TermStatus.APPROVED),
        ("a a a", "b b", TermStatus.FORBIDDEN),
    ]
)


def pairs(text):
    return (
        Pair(text, MESSAGE, "ar", terms=TERMS),
        Pair(MESSAGE, text, "fr", terms=TERMS),
        Pair(f"{text}seed", f"{text}x", "ru", terms=TERMS),
        Pair("You may not send more than twelve seeds.", text, "zh", terms=TERMS),
    )


@pytest.mark.slow
@pytest.mark.parametrize("brick", BRICKS)
def test_a_hundred_thousand_characters_get_an_answer_of_a_bounded_size(brick):
    """A pattern that tries again from everywhere would not come back."""
    for pair in pairs(brick * (100_000 // len(brick)))[:2]:
        for find in CHECKS.values():
            assert sum(len(finding.message) for finding in find(pair)) <= 20_000


@pytest.mark.parametrize("brick", BRICKS)
@pytest.mark.parametrize("name", CHECKS)
def test_twice_the_text_is_twice_the_work(name, brick):
    steps = [sum(calls(CHECKS[name], pair) for pair in pairs(brick * count)) for count in (500, 1000)]
    assert steps[1] <= 2.5 * steps[0] + 300


def test_choices_within_choices_are_followed_without_recursion():
    deep = "{g, select, other {" * 49 + "peat" + "}}" * 49
    deeper = "{g, select, other {" * 5_000 + "peat" + "}}" * 5_000
    assert list(CHECKS["icu"](Pair(deep, deep, "fr"))) == []
    (finding,) = CHECKS["icu"](Pair(deep, deeper, "fr"))
    assert "within each other" in finding.message


bricks = built(BRICKS)


@given(bricks, bricks, LOCALES)
def test_any_pair_gets_an_answer_whose_places_are_in_the_target(source, target, locale):
    for name, find in CHECKS.items():
        for finding in find(Pair(source, target, locale, terms=TERMS)):
            assert_said_well(finding, name, target)


@given(bricks)
def test_a_message_agrees_with_itself(text):
    """But for what its own language does not have: the arms of a plural are those of another one."""
    for finding in CHECKS["icu"](Pair(text, text, "x")):
        assert "twice" in finding.message or "other" in finding.message or "no plural category" in finding.message
