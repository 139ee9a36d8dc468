"""Edits: what is to be put where in a translation, and how that is said to a person."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Splice:
    """Put `text` in the place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What one kind of change asks of a translation, and what it is called; nothing of either where nothing changed."""

    splices: tuple[Splice, ...] = ()
    said: tuple[str, ...] = ()


def spliced(text: str, splices: Iterable[Splice]) -> str | None:
    """The text with all put in; None where two would be put in one place."""
    parts: list[str] = []
    done = 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if splice.start < done:
            return None
        parts += text[done : splice.start], splice.text
        done = splice.end
    return "".join([*parts, text[done:]])
