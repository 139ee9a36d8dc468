"""File kind: one way in which a whole return is changed before it comes back, and the answer it must get."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.fakes import House
from tests.mutations.kind import Answer
from tests.mutations.sent import Sent

Returned = tuple[str, bytes]
XLF = "garden-1-fr.xlf"


@dataclass(frozen=True)
class FileKind:
    """`damage` gives name and bytes of what comes back; `meanwhile` is what happened at home before it did.

    `left` says how many of the units stay open; where one is quarantined, it is among them.
    """

    name: str
    expected: Answer
    damage: Callable[[Sent, Random], Returned]
    left: int
    meanwhile: Callable[[House], None] | None


def file_collector():
    """A list of kinds, and the decorator that adds a function to it under the function's own name."""
    kinds: list[FileKind] = []

    def kind(expected: Answer, left: int = 0, meanwhile: Callable[[House], None] | None = None):
        def add(damage):
            kinds.append(FileKind(damage.__name__.replace("_", " "), expected, damage, left, meanwhile))
            return damage

        return add

    return kinds, kind
