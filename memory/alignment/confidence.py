"""Confidence: how often beads like this one are right, from 0 to 1.

A bead's share of the likelihood of all walks is what the model believes. The model takes words for independent and documents
for translations, so its belief is set right by logistic regression (Platt 1999) on what else is seen of the walk: how sure the
beads beside it are, and those of all the document, so that a lucky bead between two unrelated documents is not trusted.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from memory.alignment.grid import Step

_SURE = 0.8  # share from which a bead of one sentence of each side counts as sure
_BESIDE = 2  # beads to each side that are looked at
_LEAST = 1e-4  # that a share differs from none and from all by
_MOST, _PROVEN = 8.0, 20.0  # nats that one bead proves at most, and that all together do
_MERGED = 3  # sentences of a bead of one of one side and two of the other


class Signs(NamedTuple):
    """What is seen of a step, in the order of the weights.

    `share` is in log odds; `beside` and `whole` are the parts of the beads beside it and of the document's that are
    sure; `few` is one by the root of how many steps there are; `proof` is what all beads are worth together, up to 1
    for 20 nats: that the documents are translations at all; `merged` and `many` are 1 for a bead of three and of more
    sentences; `base` is 1.
    """

    share: float
    beside: float
    whole: float
    few: float
    proof: float
    merged: float
    many: float


class Weights(NamedTuple):
    """Log odds of a step of which nothing is seen, and how much each sign adds."""

    base: float
    signs: Signs


# Fitted on 56,948 beads of documents made from one half of the files of a clearing-house site in five languages with
# English: whole, with sentences dropped and joined, parts exchanged, sections added, few sentences, unrelated ones.
# On 43,367 beads of the other half, confidence and facts are 0.012 apart on average for beads of both sides, 0.04 for
# sentences alone; these are rather slips where all around them is sure. `tests/memory/alignment/calibration.py` fits
# and measures.
PAIRED = Weights(-1.7, Signs(share=0.59, beside=0.97, whole=1.13, few=-2.24, proof=1.99, merged=-1.07, many=-4.48))
ALONE = Weights(4.12, Signs(share=0.54, beside=-2.16, whole=-3.02, few=-2.01, proof=-0.21, merged=0.0, many=0.0))


def confidences(steps: Sequence[Step]) -> list[float]:
    """For each step of a walk, how often such steps are right."""
    return [
        1 / (1 + math.exp(-_odds(PAIRED if step.paired else ALONE, seen)))
        for step, seen in zip(steps, signs(steps), strict=True)
    ]


def _odds(weights: Weights, seen: Signs) -> float:
    return weights.base + sum(weight * sign for weight, sign in zip(weights.signs, seen, strict=True))


def signs(steps: Sequence[Step]) -> list[Signs]:
    """What is seen of each step of a walk."""
    sure = [step.rows == step.columns == 1 and step.share > _SURE for step in steps]
    whole = (sum(sure) + 1) / (len(sure) + 2)
    few = 1 / math.sqrt(len(steps) or 1)
    proof = max(-1.0, min(1.0, sum(min(step.worth, _MOST) for step in steps) / _PROVEN))
    seen = []
    for place, step in enumerate(steps):
        beside = sure[max(0, place - _BESIDE) : place] + sure[place + 1 : place + 1 + _BESIDE]
        share = math.log((step.share + _LEAST) / (1 - step.share + _LEAST))
        sentences = step.rows + step.columns
        surroundings = sum(beside) / len(beside) if beside else whole
        merged, many = float(sentences == _MERGED), float(sentences > _MERGED)
        seen.append(Signs(share, surroundings, whole, few, proof, merged, many))
    return seen
