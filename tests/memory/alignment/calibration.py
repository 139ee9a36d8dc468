"""Calibration: fits the weights of `memory/alignment/confidence.py`, and says how well confidences and facts agree.

`python -m tests.memory.alignment.calibration` prints weights fitted on half of the real files, and how the other half does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from memory.alignment.align import walked
from memory.alignment.anchors import Lexicon, read
from memory.alignment.confidence import ALONE, PAIRED, Signs, Weights, confidences, signs
from memory.alignment.grid import Step
from tests.memory.alignment.cases import Case, every_kind, is_held_out, real_pairs

_STEPS = 30
_RIDGE = 1.0


def steps_of(case: Case, lexicon: Lexicon | None = None) -> list[Step]:
    """The walk through a case as one paragraph."""
    ours, theirs = (
        read(texts, [place == 0 for place in range(len(texts))], language)
        for texts, language in zip((case.source, case.target), case.languages, strict=True)
    )
    return walked((ours, theirs), lexicon)


def real_cases(*, held_out: bool, every: int = 1) -> Iterator[Case]:
    """Cases from half of the real files, or from one in so many of these."""
    files = [file for file in real_pairs() if is_held_out(file[1]) == held_out]
    for number, (language, name) in enumerate(files):
        if number % every == 0:
            others = next(file for file in (files + files)[number + 1 :] if file[0] == language)
            yield from every_kind(name, ("en", language), real_pairs()[language, name], real_pairs()[others])


@dataclass(frozen=True)
class Judged:
    """A bead of a case: what is seen of it, its confidence, and whether it is right."""

    case: Case
    step: Step
    seen: Signs
    confidence: float
    right: bool


def judged(cases: Iterable[Case], lexicon: Lexicon | None = None) -> Iterator[Judged]:
    """All beads of these cases; where right ones cross, only those of both sides."""
    for case in cases:
        steps = steps_of(case, lexicon)
        for step, seen, confidence in zip(steps, signs(steps), confidences(steps), strict=True):
            if step.paired or case.ordered:
                yield Judged(case, step, seen, confidence, case.right(step))


def fitted(beads: Sequence[Judged]) -> Weights:
    """Weights by logistic regression: Newton's method with a little ridge."""
    rows = np.column_stack([np.ones(len(beads)), np.array([bead.seen for bead in beads])])
    facts = np.array([bead.right for bead in beads], float)
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        expected = 1 / (1 + np.exp(-rows @ weights))
        bend = (rows * (expected * (1 - expected))[:, None]).T @ rows + _RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(bend, rows.T @ (facts - expected) - _RIDGE * weights)
    base, *others = (round(float(weight), 2) for weight in weights)
    return Weights(base, Signs(*others))


def error(beads: Sequence[Judged], bins: int = 20) -> float:
    """Expected calibration error (Naeini 2015): how far confidence and facts are apart, on average over the beads."""
    sure, right = (np.array([getattr(bead, name) for bead in beads], float) for name in ("confidence", "right"))
    which = np.minimum((sure * bins).astype(int), bins - 1)
    return float(np.abs(np.bincount(which, sure - right, bins)).sum() / len(beads))


def main() -> None:
    ours = list(judged(real_cases(held_out=False)))
    others = list(judged(real_cases(held_out=True)))
    for name, used, paired in (("PAIRED", PAIRED, True), ("ALONE", ALONE, False)):
        some = [bead for bead in ours if bead.step.paired is paired]
        print(f"{name}, fitted on {len(some):,} beads: {fitted(some)}\n  in use: {used}")
        measured = [bead for bead in others if bead.step.paired is paired]
        print(f"  on {len(measured):,} other beads, apart by {error(measured):.4f}")
        for least, most in pairwise((0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98, 0.99, 1.01)):
            chosen = [(bead.confidence, bead.right) for bead in measured if least <= bead.confidence < most]
            if chosen:
                said, true = np.mean(chosen, 0)
                print(f"  {least:.2f} to {min(most, 1):.2f}: {len(chosen):6,} beads, said {said:.3f}, right {true:.3f}")


if __name__ == "__main__":
    main()
