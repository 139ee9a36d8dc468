"""Pairs of a real site: few are called wrong, and what is spoilt in them is found."""

import json
import random
import re
from importlib import import_module
from pathlib import Path

import pytest

from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair

PAIRS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "absch" / "aligned_pairs.jsonl"
# Per cent of 18,108 pairs with an error or a warning; every error read was one, of texts cut off or changed since.
ERRORS = {
    "numbers": 0.52, "links": 0.14, "html": 0.03, "markup": 0.45, "placeholders": 0.0, "punctuation": 0.0, "whitespace": 0.0,
    "length": 0.0, "characters": 0.02,
}  # fmt: skip
WARNINGS = {
    "numbers": 1.6, "links": 0.02, "html": 0.0, "markup": 0.06, "placeholders": 0.0, "punctuation": 0.95, "whitespace": 3.8,
    "length": 0.9, "characters": 0.06,
}  # fmt: skip
FOUND = (Severity.ERROR, Severity.WARNING)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_site,
    pytest.mark.skipif(not PAIRS.is_file(), reason=f"the real site's pairs are not at {PAIRS}"),
]


def finder(name):
    return getattr(import_module(f"tm_service.checks.{name}"), name)


def pairs():
    rows = map(json.loads, PAIRS.read_bytes().splitlines())
    return [Pair(row["source"], row["target"], row["lang"]) for row in rows if row["target"].strip()]


@pytest.mark.parametrize("name", ERRORS)
def test_few_real_pairs_are_called_wrong(name):
    real, find = pairs(), finder(name)
    severities = [{finding.severity for finding in find(pair)} for pair in real]
    assert 100 * sum(Severity.ERROR in found for found in severities) <= ERRORS[name] * len(real)
    assert 100 * sum(Severity.WARNING in found for found in severities) <= WARNINGS[name] * len(real)


def digit(target, chance):
    """Another digit for one, addresses and tags left alone."""
    places = [
        m.start() for m in re.finditer(r"\d", re.sub(r"<[^>]*>|\S*(?:://|@)\S*", lambda m: "x" * len(m[0]), target))
    ]
    if places:
        at = chance.choice(places)
        return target[:at] + chance.choice([sign for sign in "123456789" if sign != target[at]]) + target[at + 1 :]
    return target


def tag(target, chance):
    """One tag less."""
    spans = [m.span() for m in re.finditer(r"<[^>]*>", target)]
    start, end = chance.choice(spans or [(0, 0)])
    return target[:start] + target[end:]


def handler(target, _chance):
    return re.sub(r"<([a-z]+)", r"<\1 onclick=x()", target, count=1)


def address(target, _chance):
    return re.sub(r"(href=['\"]|https?://)(\S{4})", r"\1\2z", target, count=1)


def invisible(target, chance):
    at = chance.randrange(len(target) + 1)
    return f"{target[:at]}\u200b{target[at:]}"


def encoding(target, _chance):
    try:
        return target.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return target


def bracket(target, _chance):
    even = sum(map(target.count, "(（")) == sum(map(target.count, ")）"))
    return re.sub("[)）]", "", target, count=1) if even else target


@pytest.mark.parametrize(
    ("name", "spoil", "least"),
    [
        ("numbers", digit, 0.995),
        ("markup", tag, 0.99),
        ("html", handler, 1.0),
        ("links", address, 1.0),
        ("characters", invisible, 1.0),
        ("characters", encoding, 0.99),
        ("punctuation", bracket, 0.99),
    ],
)
def test_what_is_spoilt_is_found(name, spoil, least):
    find, chance = finder(name), random.Random(2026)
    right = [pair for pair in pairs()[::3] if not any(finding.severity in FOUND for finding in find(pair))]
    spoilt = [(pair, spoil(pair.target, chance)) for pair in right]
    spoilt = [Pair(pair.source, target, pair.locale) for pair, target in spoilt if target != pair.target]
    seen = sum(any(finding.severity in FOUND for finding in find(pair)) for pair in spoilt)
    assert len(spoilt) >= 10
    assert seen >= least * len(spoilt)
