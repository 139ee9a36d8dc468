"""Seen: a change is made to what its maker has seen, so that nobody overwrites what others wrote meanwhile."""

from collections.abc import Callable
from typing import TypeVar

_Known = TypeVar("_Known")

# Looks at what is about to change, in the transaction of the change itself, and raises where it is not what was seen.
Seen = Callable[[_Known], object]


def anyway(_known: object) -> None:
    """Change it, whatever it is by now."""
