"""Kind: one way in which a correct translation is damaged, and the answer it must get."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tm_service.domain.pairs import Pair


class Answer(StrEnum):
    """What becomes of a unit, or of a whole file."""

    ACCEPTED = "accepted"
    NOTED = "accepted with a note"
    WARNED = "accepted with a warning"
    REPAIRED = "repaired"  # to exactly what it was
    QUARANTINED = "quarantined"
    OPEN = "open"
    PROPOSAL = "proposal"
    REJECTED = "file rejected"


Damage = Callable[[Pair, Random], str]
Applies = Callable[[Pair], bool]


@dataclass(frozen=True)
class Kind:
    """`damage` gives the target as it comes back, of pairs that it `applies` to."""

    name: str
    expected: Answer
    applies: Applies
    damage: Damage


def collector() -> tuple[list[Kind], Callable[[Answer, Applies], Callable[[Damage], Damage]]]:
    """A list of kinds, and the decorator that adds a function to it under the function's own name."""
    kinds: list[Kind] = []

    def kind(expected: Answer, applies: Applies = lambda _pair: True) -> Callable[[Damage], Damage]:
        def add(damage: Damage) -> Damage:
            kinds.append(Kind(damage.__name__.replace("_", " "), expected, applies, damage))
            return damage

        return add

    return kinds, kind
