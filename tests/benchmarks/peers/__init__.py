"""Peers: other ways to look a text up in a memory, each put to its best use and asked for the same five answers.

Every peer finds candidates in its own way; all are ranked by the same score, so that only finding is compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from memory.forms import Form

Answer = tuple[int, float]  # the number of a segment and its percent

LEAST = 75.0  # percent
MOST = 5  # answers


@dataclass(frozen=True)
class Segments:
    """A memory: texts, all different, and the form of each; a segment's number is its place."""

    texts: Sequence[str]
    forms: Sequence[Form]


@dataclass(frozen=True)
class Query:
    """A text that is looked up, its form, and what kind of query it stands for."""

    text: str
    form: Form
    kind: str


class Engine(Protocol):
    """One way to look texts up; `build` is called once, `close` gives everything back."""

    name: str

    def build(self, segments: Segments) -> None: ...

    def search(self, query: Query) -> list[Answer]:
        """At most MOST answers of at least LEAST percent, best first."""
        ...

    def size(self) -> int | None:
        """Bytes of the index beside the texts, where the engine has one."""
        ...

    def close(self) -> None: ...


class PeerMissing(Exception):
    """A peer that is not installed here; the text says what to do."""
