"""Ports of the memory room: what the memories offer, and all that people may ask of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Protocol

from tm_service.domain.answers import (
    Aligned,
    Analysed,
    Comparison,
    ConcordanceHits,
    FragmentFound,
    MemoryStats,
    TermFound,
)
from tm_service.domain.matches import Asked, Best, Match, MatchClass, Offer, Reading
from tm_service.domain.serving import Translation
from tm_service.domain.terms import Term
from tm_service.domain.units import (
    Locale,
    Unit,
)

Matcher = Callable[[Unit, Sequence[Translation], Translation | None], Match | None]


class Library(Protocol):
    """The memories a site may read, asked for many texts at once."""

    def offers(self, reading: Reading, asked: Sequence[Asked], *, least: float = 75, k: int = 5) -> Sequence[Offer]:
        """At most `k` matches of at least `least` percent for each text, in the order asked."""

    def best(self, reading: Reading, asked: Sequence[Asked], *, least: float = 50) -> Sequence[Best]:
        """The class of each text's best match, for counting."""


class MemoryRoom(Library, Protocol):
    """All that people may ask of the memories."""

    def catch_up(self, readings: Iterable[Reading]) -> None:
        """Bring the indexes of these readings up to their shelves.

        Before a transaction writes, for an index may be kept in the database that the transaction then holds alone.
        """

    def compare(self, before: str, after: str, language: Locale) -> Comparison:
        """What a translation of `before` is worth for `after`."""

    def concordance(self, reading: Reading, query: str, *, side: str = "both", limit: int = 20) -> ConcordanceHits:
        """How words were translated before. Raises ConfigurationError for a side there is not."""

    def fragments(self, reading: Reading, text: str) -> Sequence[FragmentFound]:
        """The longest parts that a text shares with stored ones."""

    def stats(self, readings: Sequence[Reading], entries: int, size: int) -> MemoryStats:
        """What the indexes of these readings hold; those that are missing are made."""

    def read(
        self, file: Path, *, memory: str, source: Locale, targets: Sequence[Locale], problems: list[str]
    ) -> Iterator[Translation]:
        """The pairs of a file, streamed; what of it is damaged goes to `problems`.

        Raises ConfigurationError for a format that is not known, ReturnRejected for a file that cannot be read at all.
        """

    def write(self, name: str, out: BinaryIO, *, memory: str, source: Locale, targets: Sequence[Locale]) -> int:
        """Everything of a memory in the format that the name asks for; how many pairs. Raises ConfigurationError."""

    def read_terms(
        self, file: Path, *, memory: str, source: Locale, targets: Sequence[Locale], problems: list[str]
    ) -> Iterator[Term]:
        """The terms of a TBX file or a table, as `read` gives pairs."""

    def write_pairs(self, name: str, out: BinaryIO, pairs: Iterable[Translation], source: Locale) -> int:
        """These pairs in the format that the name asks for; how many. Raises ConfigurationError."""

    def write_terms(self, name: str, out: BinaryIO, terms: Iterable[Term], source: Locale) -> int:
        """Terms in the format that the name asks for; how many. Raises ConfigurationError."""

    def terms_in(self, text: str, terms: Sequence[Term]) -> Sequence[TermFound]:
        """The terms that a text has, where they stand, longest first where they overlap."""

    def align(self, source: str, target: str, reading: Reading, reference: str) -> Aligned:
        """Pairs of two documents that are translations of each other, as proposals for the first memory read."""

    def analyse(self, reading: Reading, job: Sequence[tuple[str, Asked]], name: str, rates: Path | None) -> Analysed:
        """Count a job by match class. Raises ConfigurationError for a bad rate table."""

    def percents(self, target: Locale) -> Mapping[MatchClass, Decimal]:
        """What a word of each class costs in a language where no rate table says more: percent of the full price."""
