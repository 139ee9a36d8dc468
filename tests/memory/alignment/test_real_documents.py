"""Real documents: how many pairs are found surely, and how many of these are right, on files that nothing was fitted on."""

from collections.abc import Iterator

import pytest

from memory.alignment import SURE, learn
from tests.memory.alignment.calibration import Judged, error, judged, real_cases
from tests.memory.alignment.cases import LANGUAGES, REAL, Case, is_held_out, real_pairs, spoiled

LONG = 20  # pairs of a file that is measured on

pytestmark = [
    pytest.mark.real_site,
    pytest.mark.skipif(not REAL.exists(), reason="needs the pairs of a real site in ../shared/data"),
]


def spoiled_files(language: str, spoilt: float) -> Iterator[Case]:
    for code, file in real_pairs():
        pairs = real_pairs()[code, file]
        if code == language and is_held_out(file) and len(pairs) >= LONG:
            yield spoiled(file, ("en", language), pairs, spoilt, spoilt)


def measured(cases: list[Case], beads: list[Judged]) -> tuple[float, float]:
    """Of sure beads of one sentence of each side, how many are right; of all such there are, how many are found so."""
    sure = [bead.right for bead in beads if bead.confidence >= SURE and bead.step.rows == bead.step.columns == 1]
    there = sum(len(ours) == len(theirs) == 1 for case in cases for ours, theirs in case.beads)
    return sum(sure) / len(sure), sum(sure) / there


# Measured, each side of every pair dropped and joined with these chances: precision and recall of sure beads, without and with
# a lexicon learned from the other half of the files. Floors are one point of precision and three of recall below.
ALONE = [
    (0.0, "ar", 1.0, 0.879),
    (0.0, "es", 1.0, 0.954),
    (0.0, "fr", 1.0, 0.952),
    (0.0, "ru", 1.0, 0.951),
    (0.0, "zh", 1.0, 0.936),
    (0.02, "ar", 0.998, 0.793),
    (0.02, "es", 0.997, 0.914),
    (0.02, "fr", 1.0, 0.897),
    (0.02, "ru", 0.996, 0.864),
    (0.02, "zh", 1.0, 0.826),
    (0.05, "ar", 0.988, 0.685),
    (0.05, "es", 0.995, 0.821),
    (0.05, "fr", 0.989, 0.822),
    (0.05, "ru", 0.989, 0.764),
    (0.05, "zh", 0.985, 0.697),
]
WITH_LEXICON = [
    ("ar", 0.988, 0.782),
    ("es", 0.995, 0.858),
    ("fr", 0.991, 0.873),
    ("ru", 0.993, 0.818),
    ("zh", 0.998, 0.781),
]


@pytest.mark.parametrize(("spoilt", "language", "precision", "recall"), ALONE)
def test_sure_pairs_of_real_files_are_right(spoilt, language, precision, recall):
    cases = list(spoiled_files(language, spoilt))
    right, found = measured(cases, list(judged(cases)))
    assert right >= precision - 0.01
    assert found >= recall - 0.03


@pytest.mark.parametrize(("language", "precision", "recall"), WITH_LEXICON)
def test_a_lexicon_from_a_memory_finds_more(language, precision, recall):
    others = [
        pair
        for (code, file), pairs in real_pairs().items()
        if code == language and not is_held_out(file)
        for pair in pairs
    ]
    cases = list(spoiled_files(language, 0.05))
    right, found = measured(cases, list(judged(cases, learn(others, "en", language))))
    assert right >= precision - 0.01
    assert found >= recall - 0.03


@pytest.mark.slow
def test_confidence_says_how_often_beads_are_right():
    """Measured on all files of the half that nothing was fitted on: 0.012 apart."""
    beads = [bead for bead in judged(real_cases(held_out=True, every=4)) if bead.step.paired]
    assert error(beads) < 0.03


def test_each_language_is_measured_on_some_hundred_pairs():
    for language in LANGUAGES[1:]:
        assert sum(len(case.beads) for case in spoiled_files(language, 0)) > 500
