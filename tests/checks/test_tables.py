"""Each check with the pairs it must judge rightly: what it finds, where, how bad, and how it mends it."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from tm_service.domain.findings import Finding
from tm_service.domain.pairs import Pair

TABLES = sorted(Path(__file__).with_name("tables").glob("*.tsv"))
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\(n|r|t|\\)")
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
_WANT = re.compile(r"(error|warning|note): (.*?)(?: @(\d+)-(\d+))?(?: => (.*))?")


def find(name: str, pair: Pair) -> list[Finding]:
    return list(getattr(import_module(f"tm_service.checks.{name}"), name)(pair))


def read(text: str) -> str:
    r"""Signs that a table cannot show are written \u00a0, \n, \t."""
    return _ESCAPE.sub(lambda sign: chr(int(sign[1], 16)) if sign[1] else _SIGNS[sign[2]], text)


def rows():
    """Check, source, target, locale, and findings: `severity: words of the message @from-to => repair`, `//` between them."""
    for table in TABLES:
        for line in table.read_text(encoding="utf-8").split("\n")[1:]:
            if line:
                yield table.stem, *line.split("\t")


ROWS = list(rows())


def test_every_table_is_rich_enough():
    assert len(TABLES) >= 9
    for table in TABLES:
        assert sum(row[0] == table.stem for row in ROWS) >= 6


@pytest.mark.parametrize(("name", "source", "target", "locale", "expected"), ROWS)
def test_a_pair_gets_exactly_these_findings(name, source, target, locale, expected):
    findings = find(name, Pair(read(source), read(target), locale))
    wanted = [_WANT.fullmatch(part.strip(" ")) for part in expected.split(" // ") if part.strip()]
    assert [finding.severity.value for finding in findings] == [want[1] for want in wanted], findings
    for finding, want in zip(findings, wanted, strict=True):
        assert finding.check == name
        assert read(want[2]) in finding.message
        if want[3]:
            assert finding.place == (int(want[3]), int(want[4]))
        assert finding.repair == read(want[5] or "")


@pytest.mark.parametrize(("name", "source", "target", "locale", "expected"), [row for row in ROWS if "=>" in row[4]])
def test_what_is_repaired_is_not_found_again(name, source, target, locale, expected):
    for finding in find(name, Pair(read(source), read(target), locale)):
        again = find(name, Pair(read(source), finding.repair or read(target), locale))
        assert not finding.repair or finding.template not in {other.template for other in again}


@pytest.mark.parametrize(("limit", "excess"), [(0, 0), (7, 0), (6, 1), (3, 4)])
def test_a_limit_counts_what_a_reader_counts_as_characters(limit, excess):
    """Seven: the accent and its letter are one, the tag is none, the entity is one."""
    findings = find("length", Pair("Pond", "<b>E\u0301tang</b>&amp;!", "fr", limit=limit))
    assert [finding.message for finding in findings] == (
        [f"The target has 7 characters and {limit} fit; shorten it by {excess}."] if excess else []
    )


def test_a_limit_counts_a_placeholder_as_it_is_written():
    (finding,) = find("length", Pair("{n} seeds", "{n} graines", "fr", limit=10))
    assert finding.place == (10, 11)


@pytest.mark.parametrize("row", ROWS)
def test_every_message_is_one_sentence_made_of_its_template(row):
    for finding in find(row[0], Pair(read(row[1]), read(row[2]), row[3])):
        assert finding.message == finding.template.format(**dict(finding.values))
        assert finding.message.endswith((".", "…"))
        assert "\n" not in finding.message
        finding.message.encode("utf-8")
