"""Pairs and what the checks say of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.checks import CHECKS, HouseChecks
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair

check = HouseChecks().check
TABLE = Path(__file__).with_name("pairs.tsv")


def rows():
    """Source, target, locale, and the findings as `check severity: words of the message`, `//` between them."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines if line]


def test_the_table_is_rich_enough():
    assert len(rows()) >= 40


@pytest.mark.parametrize(("source", "target", "locale", "expected"), rows())
def test_a_pair_gets_exactly_these_findings(source, target, locale, expected):
    findings = check(Pair(source, target, locale))
    wanted = [part.strip() for part in expected.split("//") if part.strip()]
    assert len(findings) == len(wanted), findings
    for finding, want in zip(findings, wanted, strict=True):
        head, _, message = want.partition(": ")
        assert f"{finding.check} {finding.severity}" == head
        assert message in finding.message


@pytest.mark.parametrize("target", ["", " ", "\n\t", "\u00a0\u3000"])
def test_a_blank_target_is_one_error_and_nothing_else(target):
    (finding,) = check(Pair("Send {count} <b>seeds</b>", target, "ru"))
    assert (finding.check, finding.severity) == ("completeness", Severity.ERROR)


@pytest.mark.parametrize("row", rows())
def test_every_message_is_one_sentence_without_a_unit(row):
    for finding in check(Pair(row[0], row[1], row[2])):
        assert finding.message.endswith((".", "…"))
        assert len(finding.message.splitlines()) == 1
        assert finding.unit == ""


def test_long_codes_are_cut_in_messages():
    (finding,) = check(Pair(f'<a href="{"x" * 500}">Peat</a>', "Tourbe", "fr"))
    assert len(finding.message) < 150


codes = st.sampled_from(["<b>", "</b>", "<br>", "{n}", "&nbsp;", " | ", "@:a.b", "<i>", "</i>", "%s", "seed ", "بذرة "])


@given(st.lists(codes, max_size=10).map("".join))
def test_the_codes_of_a_source_are_right_in_its_target(source):
    found = [finding for finding in check(Pair(source, source, "fr")) if finding.check != "completeness"]
    assert found == []


@given(st.lists(codes, max_size=10).map("".join), st.lists(codes, max_size=10).map("".join))
def test_any_pair_gets_an_answer(source, target):
    for finding in check(Pair(source, target, "ar")):
        assert finding.check in {"completeness"} | {find.__name__ for find in CHECKS}
