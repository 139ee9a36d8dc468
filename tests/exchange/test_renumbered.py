"""Codes that a tool numbered anew: led back by their order in the source, or said, and never guessed."""

import re

import pytest

from tests.exchange.samples import unit
from tm_service.domain.findings import Severity
from tm_service.domain.packages import ReturnedUnit, Stage
from tm_service.exchange.recognise import rebuilt, renumbered


def returned(source, target, *, numbered=True):
    def tokens(text):
        return re.sub(r"\[([-+.])(\w+)\]", "\ue000\\1\\2\ue001", text)

    return ReturnedUnit("7.1", tokens(source), tokens(target), stage=Stage.TRANSLATED, numbered=numbered)


TAGGED = 'Read <a href="/x">the <b>rules</b></a>, {name}.'


@pytest.mark.parametrize(
    ("source", "target", "wanted"),
    [
        (
            "Read [+12]the [+45]rules[-45][-12], [.7].",
            "[+45]A[-45] [+12]b[-12] [.7]",
            '<b>A</b> <a href="/x">b</a> {name}',
        ),
        ("Read [.1]the [.2]rules[.3][.4], [.5].", "[.1]x[.2]y[.3][.4] [.5]", '<a href="/x">x<b>y</b></a> {name}'),
        ("Read [+2]the [+1]rules[-1][-2], [.3].", "[+2]x[-2]", '<a href="/x">x</a>'),
        ("Read the rules.", "Sans balises", "Sans balises"),
    ],
)
def test_a_tools_own_numbers_are_read_by_their_order_in_the_source(source, target, wanted):
    sent = unit("7.1", TAGGED)
    back = rebuilt(returned(source, target), sent)
    assert back.target == wanted
    assert [finding for finding in back.findings if finding.check == "markup"] == []


@pytest.mark.parametrize(
    "source",
    [
        "Read the [+45]rules[-45], [.7].",
        "Read [+1]the [+2]rules[-1][-2], [.7].",
        "Read [.7] [+1]the [+2]rules[-2][-1].",
        "[.1][.2][.3][.4][.5][.6]",
    ],
)
def test_numbers_that_no_order_explains_are_a_finding_and_never_a_guess(source):
    sent = unit("7.1", TAGGED)
    back = rebuilt(returned(source, "[+45]x[-45][.7]"), sent)
    assert back.target == "x"
    assert [finding.severity for finding in back.findings if finding.check == "markup"] == [Severity.ERROR]


def test_a_code_that_only_the_target_has_is_none_of_ours():
    """Its number may be one of ours by chance."""
    back = rebuilt(returned("[+12]a[-12]", "[+12]b[-12][+1]c[-1]"), unit("7.1", "<b>a</b>"))
    assert back.target == "<b>b</b>c"
    assert [finding.severity for finding in back.findings] == [Severity.ERROR]


def test_our_own_numbers_stay_even_where_somebody_turned_them_round():
    unit_ = returned("[.2] and [.1]", "[.2] et [.1]", numbered=False)
    assert renumbered(unit_, "{a} and {b}") == unit_
