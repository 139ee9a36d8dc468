"""Advice to authors: each rule with the texts it must speak of, and those it must be silent on."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import extractor
from tm_service.checks.advice import NAMES, HouseAdvice
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import About, Document, Revision, Snapshot, Unit
from tm_service.domain.usage import Joined, JoinKind
from tm_service.usecases.advice import of_texts

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("advice").joinpath("texts.tsv").read_text("utf-8").split("\n")[1:]
    if line
]
_WANT = re.compile(r"([a-z-]+)(?: @(\d+)-(\d+))?")
BUNDLE = Path("/work/shared/data/absch/site-text.bundle")


def advised(text, key="x", **about: object):
    return list(HouseAdvice().of_unit(Unit("text/a.json", (key,), text, About(**about))))


@pytest.mark.parametrize(("key", "text", "wanted"), ROWS)
def test_a_text_gets_exactly_this_advice(key, text, wanted):
    text = text.replace("\\n", "\n")
    findings = advised(text, key)
    wants = [_WANT.fullmatch(part) for part in wanted.split(" // ") if part]
    assert [finding.check for finding in findings] == [want[1] for want in wants]
    for finding, want in zip(findings, wants, strict=True):
        if want[2]:
            assert finding.place == (int(want[2]), int(want[3]))


def test_every_rule_has_texts_it_speaks_of_and_most_texts_are_good():
    spoken = Counter(_WANT.match(wanted)[1] for _, _, wanted in ROWS if wanted)
    assert set(spoken) == NAMES - {"source-terms", "source-joined"}
    assert sum(not wanted for _, _, wanted in ROWS) > 30


def test_a_note_says_what_a_text_alone_does_not():
    assert not advised("Open", note="a verb, on a button")
    assert not advised("Written on {0}", note="the date")


def test_a_limit_is_counted_as_readers_see_the_text():
    assert [one.check for one in advised("<b>Herbarium</b>", limit=8)] == ["source-length"]
    assert not advised("<b>Herbarium</b>", limit=9)


@pytest.mark.parametrize("kind", JoinKind)
def test_what_code_joins_is_told_with_its_line(kind):
    finding = HouseAdvice().of_code("app/a.js", Joined("t('a') + t('b')", 7, 3, kind))
    assert (finding.check, finding.path, finding.unit) == ("source-joined", "app/a.js", "app/a.js:7:3")
    assert "Line 7 " in finding.message


def terms(*texts: str):
    units = [Unit("a.json", (str(place),), text) for place, text in enumerate(texts)]
    return [(finding.unit, dict(finding.values)["form"]) for finding in HouseAdvice().across(units)]


def test_a_term_is_written_one_way():
    assert terms("The seedbank", "A seed bank", "Our seed bank", "My Seed-Bank") == [
        ("3", "seed-bank"),
        ("0", "seedbank"),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ("Seed bank", "seed bank"),
        ("A long-term loan", "in the long term"),  # an adjective and a noun
        ("Please log in to the login page", "the login"),
        ("You cannot", "can not"),
        ("Set up the setup", "follow up on the followup"),
        ("Every day", "everyday life"),
        ("The seed. Bank holidays", "a seedbank"),
        ("over all the years", "overall"),
    ],
)
def test_what_english_writes_in_two_ways_is_left_alone(texts):
    assert terms(*texts) == []


@given(st.text(max_size=80), st.text(alphabet="abcXY_.", max_size=12))
def test_any_text_can_be_looked_at(text, key):
    for finding in advised(text, key):
        assert finding.template.format(**dict(finding.values)) == finding.message
        assert finding.place is None or 0 <= finding.place[0] < finding.place[1] <= len(text)


@pytest.mark.real_site
@pytest.mark.slow
def test_good_texts_are_left_in_peace(tmp_path):
    """A real site's English: a finding for one text in fifty at most, and each rule for few."""
    if not BUNDLE.exists():
        pytest.skip("the real site's texts are not on this machine")
    run(["git", "clone", "-q", BUNDLE, tmp_path / "site"], check=True)
    read, resources = extractor("json", "md5-meta"), {}
    for path in sorted((tmp_path / "site/app/app-text").rglob("*.json")):
        try:
            resources[path.name] = read.extract(Document(str(path), path.read_bytes()), "en")
        except ExtractionError:
            continue
    snapshot = Snapshot(Revision("head", datetime(2026, 11, 22, tzinfo=UTC)), resources)
    findings = list(of_texts(HouseAdvice(), snapshot))
    assert len(snapshot.units) > 5000
    assert 0 < len(findings) <= len(snapshot.units) / 50
    assert max(Counter(finding.check for finding in findings).values()) <= len(snapshot.units) / 100
