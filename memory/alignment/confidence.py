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
_SIMPLE = 2  # sentences of a bead of one of each side


class Signs(NamedTuple):
    """What is seen of a bead, in the order of the weights.

    `share` in log odds; `beside` and `whole` are parts of the beads beside it and of the document's that are sure; `alone`,
    `merged` and `many` are 1 for a bead of one, three and more sentences.
    """

    share: float
    beside: float
    whole: float
    alone: float
    merged: float
    many: float


BASE = -1.0
WEIGHTS = Signs(share=0.63, beside=1.2, whole=4.0, alone=0.0, merged=-2.0, many=-6.0)


def confidences(steps: Sequence[Step]) -> list[float]:
    """For each step of a walk, how often such steps are right."""
    odds = (BASE + sum(weight * sign for weight, sign in zip(WEIGHTS, seen, strict=True)) for seen in signs(steps))
    return [1 / (1 + math.exp(-value)) for value in odds]


def signs(steps: Sequence[Step]) -> list[Signs]:
    """What is seen of each step of a walk."""
    sure = [step.rows == step.columns == 1 and step.share > _SURE for step in steps]
    whole = (sum(sure) + 1) / (len(sure) + 2)
    seen = []
    for place, step in enumerate(steps):
        beside = sure[max(0, place - _BESIDE) : place] + sure[place + 1 : place + 1 + _BESIDE]
        sentences = step.rows + step.columns
        seen.append(
            Signs(
                math.log((step.share + _LEAST) / (1 - step.share + _LEAST)),
                sum(beside) / len(beside) if beside else whole,
                whole,
                float(sentences < _SIMPLE),
                float(sentences == _SIMPLE + 1),
                float(sentences > _SIMPLE + 1),
            )
        )
    return seen
