"""Splices: replace stretches of a text and leave every other character of it as it was."""

from collections.abc import Iterable
from typing import NamedTuple


class Splice(NamedTuple):
    """Characters `begin` to `end` become `text`."""

    begin: int
    end: int
    text: str


def splice(text: str, splices: Iterable[Splice]) -> str:
    """Make all splices at once; they do not overlap."""
    parts: list[str] = []
    done = 0
    for begin, end, new in sorted(splices):
        parts += (text[done:begin], new)
        done = end
    return "".join((*parts, text[done:]))
