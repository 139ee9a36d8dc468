"""Corpus: all kinds of damage to units, those of all kinds that are not met yet, and runs of them."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Protocol

from tests.mutations import code_kinds, repaired_kinds, word_kinds
from tests.mutations.base import pairs
from tests.mutations.judging import judged
from tests.mutations.kind import Answer, Kind
from tm_service.domain.pairs import Pair

UNIT_KINDS: tuple[Kind, ...] = (*repaired_kinds.KINDS, *code_kinds.KINDS, *word_kinds.KINDS)
# What is right may have a note: Chinese sets its tags in another order.
RIGHT = frozenset({Answer.ACCEPTED, Answer.NOTED})
Row = tuple[str, str, Counter[Answer], bool]

UNMET: dict[str, str] = {}


class Expecting(Protocol):
    @property
    def expected(self) -> Answer: ...


def meets(kind: Expecting, answer: Answer) -> bool:
    return answer is kind.expected or (kind.expected is Answer.ACCEPTED and answer in RIGHT)


def applicable(kind: Kind) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs() if kind.applies(pair))


def unit_rows(seeds: int, kinds: tuple[Kind, ...] = UNIT_KINDS) -> Iterator[Row]:
    """Name, expected answer, answers, and whether all were met: each kind on every unit it applies to, `seeds` times."""
    for kind in kinds:
        offered = [(pair, seed) for pair in applicable(kind) for seed in range(seeds)]
        answers = Counter(judged(pair, kind.damage(pair, Random(seed)))[0] for pair, seed in offered)
        yield kind.name, kind.expected, answers, all(meets(kind, answer) for answer in answers)
