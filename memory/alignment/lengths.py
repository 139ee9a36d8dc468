"""Lengths: how much likelier than chance two texts of such lengths are translations of one another.

Gale and Church (1993) found that a text's translation is about as long as the text times a constant of the two languages, and
that the difference varies with the square root of the length. Both hold for the logarithm of the ratio, which treats the sides
alike; its tails are Student's, not Gauss's, since there are loose translations. What a length is worth is told against the
lengths that the documents' sentences have anyhow (Moore 2002): that two texts are both of the usual length says little.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from locales.stems import code

Values = NDArray[np.float64]

_FREEDOM = 4  # degrees of Student's t that fit the measured ratios
_USUAL = (math.log(50), 0.8)  # mean and variance of the logarithm of lengths, of sentences of any document
_WEIGHT = 10  # sentences that this counts as, beside the documents' own


@dataclass(frozen=True, slots=True)
class Lengths:
    """The measure of a pair of documents.

    `source` and `target` are letters that say what one English letter says, `even` and `scatter` the variance of a pair's
    ratio, `mean` and `variance` those of the logarithms of all lengths in English letters.
    """

    source: float
    target: float
    even: float
    scatter: float
    mean: float
    variance: float

    @property
    def ratio(self) -> float:
        """Target letters for one source letter."""
        return self.target / self.source

    def of_source(self, letters: Values) -> Values:
        """Logarithms of lengths in English letters."""
        return np.log(np.maximum(letters, 1.0) / self.source)

    def of_target(self, letters: Values) -> Values:
        return np.log(np.maximum(letters, 1.0) / self.target)

    def chance(self, sizes: Values, sentences: int) -> Values:
        """The logarithm of how likely such lengths are of so many sentences that nothing is known about, but for a constant."""
        apart = sizes - math.log(sentences) - self.mean
        return _student(apart * apart / self.variance) - 0.5 * math.log(self.variance)

    def given(self, apart: Values, inverse: Values) -> Values:
        """The same for a translation of known length.

        `apart` is the difference of the two logarithms, `inverse` the sum of the two lengths' inverses.
        """
        variance = self.even + self.scatter / 2 * inverse
        return _student(apart * apart / variance) - 0.5 * np.log(variance)


def _student(squares: Values) -> Values:
    return -(_FREEDOM + 1) / 2 * np.log1p(squares / _FREEDOM)


def lengths(languages: tuple[str, str], source: Values, target: Values, ratio: float = 0.0) -> Lengths:
    """The measure for documents whose sentences have so many letters.

    Where a language has no table, the ratio of the two is that of the documents. `ratio`, target letters for one source
    letter, goes before both.
    """
    ours, theirs = (_table().get(code(language)) for language in languages)
    shared = _table()["any"]
    unit, others = (ours or shared)["letters"], (theirs or shared)["letters"]
    if not ratio and not (ours and theirs) and source.sum() and target.sum():
        ratio = float(target.sum() / source.sum())
    if ratio:
        unit, others = _of_ratio(ratio, unit if ours else 0.0, others if theirs else 0.0)
    sizes = np.log(np.maximum(np.concatenate([source / unit, target / others]), 1.0))
    mean = (sizes.sum() + _WEIGHT * _USUAL[0]) / (len(sizes) + _WEIGHT)
    variance = (((sizes - mean) ** 2).sum() + _WEIGHT * _USUAL[1]) / (len(sizes) + _WEIGHT)
    scatter = (ours or shared)["scatter"] + (theirs or shared)["scatter"]
    return Lengths(unit, others, shared["even"], scatter, float(mean), float(variance))


def _of_ratio(ratio: float, unit: float, others: float) -> tuple[float, float]:
    """Letters of both languages in this ratio; the known one stays, of two the product."""
    if unit and not others:
        return unit, unit * ratio
    if others and not unit:
        return others / ratio, others
    middle = math.sqrt(unit * others or 1.0)
    return middle / math.sqrt(ratio), middle * math.sqrt(ratio)


@cache
def _table() -> Mapping[str, Mapping[str, float]]:
    return tomllib.loads((Path(__file__).parent / "lengths.toml").read_text("utf-8"))
