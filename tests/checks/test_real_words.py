"""Pairs of a real site, for the checks that read words: few are called wrong, and what is spoilt in them is found."""

import json
import random
import re
from collections import defaultdict
from importlib import import_module
from itertools import permutations
from pathlib import Path

import pytest

from tm_service.checks.completeness import completeness
from tm_service.checks.consistency import consistency
from tm_service.checks.folding import folded
from tm_service.checks.meaning import lexicon, meaning
from tm_service.checks.reading import shown
from tm_service.checks.script import script
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair

PAIRS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "absch" / "aligned_pairs.jsonl"
FRENCH_NE = re.compile(r"\b(?:ne\b|n')")  # goes with "pas"
LOCALES = ("ar", "es", "fr", "ru", "zh")
# Per cent of the pairs with an error, the one being a text pasted twice, and with a warning.
ERRORS = {"completeness": 0.006}
WARNINGS = {"completeness": 0.1, "plurals": 0.0, "icu": 0.0, "script": 0.1, "meaning": 0.6}
# Per cent of what is spoilt that is found, by the sense whose words are taken out of the target.
FOUND = {"negation": 75, "obligation": 70, "permission": 65, "only": 75, "least": 90}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_site,
    pytest.mark.skipif(not PAIRS.is_file(), reason=f"the real site's pairs are not at {PAIRS}"),
]


@pytest.fixture(scope="module")
def pairs():
    rows = map(json.loads, PAIRS.read_bytes().splitlines())
    return [Pair(row["source"], row["target"], row["lang"]) for row in rows]


@pytest.fixture(scope="module")
def targets(pairs):
    """Of each source its target in each locale."""
    known = defaultdict(dict)
    for pair in pairs:
        known[pair.source][pair.locale] = pair.target
    return known


@pytest.mark.parametrize("name", WARNINGS)
def test_few_real_pairs_are_called_wrong(pairs, name):
    find = getattr(import_module(f"tm_service.checks.{name}"), name)
    severities = [{finding.severity for finding in find(pair)} for pair in pairs]
    assert 100 * sum(Severity.ERROR in found for found in severities) <= ERRORS.get(name, 0) * len(pairs)
    assert 100 * sum(Severity.WARNING in found for found in severities) <= WARNINGS[name] * len(pairs)


@pytest.mark.parametrize("sense", FOUND)
def test_a_sense_taken_out_of_a_target_is_missed(pairs, sense):
    asked = found = 0
    for pair in pairs:
        source, target = lexicon()["en"][sense], lexicon()[pair.locale][sense]
        plain = folded(shown(pair.target))
        if source.asking(folded(shown(pair.source))) and target.asking(plain):
            asked += 1
            without = FRENCH_NE.sub(" ", target.sure.sub(" ", plain))
            spoilt = Pair(pair.source, without, pair.locale)
            found += any(finding.message.startswith("The source") for finding in meaning(spoilt))
    assert asked >= 10
    assert 100 * found >= FOUND[sense] * asked


@pytest.mark.parametrize(("locale", "other"), list(permutations(LOCALES, 2)))
def test_the_text_of_another_language_is_found(targets, locale, other):
    """In another script nearly always, in the same one as soon as there are small words."""
    spoilt = [
        Pair(source, known[other], locale)
        for source, known in targets.items()
        if other in known and len(known[other].split()) >= (4 if other != "zh" else 1)
    ]
    found = sum(any(script(pair)) for pair in spoilt)
    assert 100 * found >= (90 if {locale, other} <= {"es", "fr"} else 98) * len(spoilt)


@pytest.mark.parametrize("locale", LOCALES)
def test_english_with_a_word_less_is_found(targets, locale):
    spoilt = [Pair(s, " ".join(s.split()[:-1]), locale) for s in targets if len(s.split()) >= 5]
    found = sum(any(script(pair)) or any(completeness(pair)) for pair in spoilt)
    assert 100 * found >= 96 * len(spoilt)


@pytest.mark.parametrize("locale", LOCALES)
def test_five_english_words_left_within_a_target_are_found(targets, locale):
    chance = random.Random(1)
    spoilt = []
    for source, known in targets.items():
        left = source.split()
        if locale in known and len(left) >= 8:
            first, row = chance.randrange(len(left) - 5), known[locale].split()
            middle = len(row) // 2
            spoilt.append(Pair(source, " ".join([*row[:middle], *left[first : first + 5], *row[middle:]]), locale))
    found = sum(any(script(pair)) for pair in spoilt)
    assert 100 * found >= 84 * len(spoilt)


@pytest.mark.parametrize("locale", LOCALES)
def test_few_sources_share_a_target(pairs, locale):
    units = [(str(number), pair) for number, pair in enumerate(pairs) if pair.locale == locale]
    shared = [finding for finding in consistency(units) if "same target" in finding.message]
    assert 0 < len(shared) <= 0.015 * len(units)
