"""Texts made to hurt: the checks answer all of them, in work that grows with the text and no faster."""

import pytest
from hypothesis import given

from tests.checks.hostile import LOCALES, assert_said_well, built, calls, checks
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair

CHECKS = checks(
    "numbers", "links", "html", "markup", "placeholders", "punctuation", "whitespace", "length", "characters"
)
BRICKS = [
    "1", "1 ", "1,", "1 000 ", "12,345,", "two hundred ", "百万", "IV ", "5 March 2026 ", "5% ", "=1 {", "٠", "5.", "26. ",
    "http://", "http://a.", "www.a", "a@", "a@b.", "a.", "a.com/", "(", ")", "a)", "«", '"', "“", "..", ", ", "?", "¿", " .",
    " ", "\t", "\u00a0 ", "\n", "\u200b", "\u202e", "\u2067", "\u202c", "\ud800", "\uf000", "Ã©", "Ã", "aа", "ﻫ", "e\u0301",
    "<", "<a", "<a ", "<a b='", "<a b=\"'", "<b>", "</b>", "<b></b>", "<b><i>", "<!--", "<!-- -->", "<a href='x' ",
    "<p onclick=x>", "&", "&a", "&amp;", "&amp", "{", "{n", "{n}", "{{", "%", "%s", "% s", "$ {", "@:", "@:a.", "@: a", " | ",
    "{a, plural, one {x} ", "javascript:", "data:a/b;", "\ufffc",
]  # fmt: skip
PLAIN = "Read 5 of {n} <b>rules</b> at http://seeds.example/en/x on 5 March 2026 (now): &amp; « peat »?"


def pairs(text):
    return Pair(text, PLAIN, "ar"), Pair(PLAIN, text, "fr", limit=10), Pair(text, text + "5", "ru")


@pytest.mark.slow
@pytest.mark.parametrize("brick", BRICKS)
def test_a_hundred_thousand_characters_get_an_answer_of_a_bounded_size(brick):
    """A pattern that tries again from everywhere would not come back."""
    for pair in pairs(brick * (100_000 // len(brick))):
        for find in CHECKS.values():
            findings = list(find(pair))
            assert len(findings) <= 100
            assert sum(len(finding.message) for finding in findings) <= 20_000
            assert sum(bool(finding.repair) for finding in findings) <= 20


@pytest.mark.slow
@pytest.mark.parametrize("brick", [*BRICKS, "{n} <i>5</i> "])
@pytest.mark.parametrize("name", CHECKS)
def test_twice_the_text_is_twice_the_work(name, brick):
    steps = [sum(calls(CHECKS[name], pair) for pair in pairs(brick * count)) for count in (500, 1000)]
    assert steps[1] <= 2.5 * steps[0] + 200


def test_tags_within_tags_are_followed_to_any_depth():
    deep = "<b>" * 15_000 + "Peat" + "</b>" * 15_000
    assert [finding for name in ("markup", "html") for finding in CHECKS[name](Pair(deep, deep, "fr"))] == []


bricks = built(BRICKS)


@given(bricks, bricks, LOCALES)
def test_any_pair_gets_an_answer_whose_places_are_in_the_target(source, target, locale):
    for name, find in CHECKS.items():
        for finding in find(Pair(source, target, locale)):
            assert_said_well(finding, name, target)


@given(bricks)
def test_a_text_is_right_as_its_own_target(text):
    for find in CHECKS.values():
        assert [finding for finding in find(Pair(text, text, "en")) if finding.severity is not Severity.NOTE] == []


@given(bricks, bricks, LOCALES)
def test_what_is_repaired_needs_no_second_repair(source, target, locale):
    for find in CHECKS.values():
        for finding in find(Pair(source, target, locale)):
            if finding.repair:
                rule = finding.template, finding.values[:1]
                again = [other for other in find(Pair(source, finding.repair, locale)) if other.repair]
                left = [other for other in again if (other.template, other.values[:1]) == rule]
                assert all(other.repair == finding.repair for other in left)
