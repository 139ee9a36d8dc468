"""Ports of hand-off and return: the exchange formats, the checks, and the ways out of the house."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from tm_service.domain.deliveries import Delivery, Letter, Sent
from tm_service.domain.findings import Finding
from tm_service.domain.functions import Deprecated
from tm_service.domain.handoffs import Handoff, Profile
from tm_service.domain.packages import Package, PackageUnit, Receipt, Return, ReturnedUnit
from tm_service.domain.pairs import Pair, Repaired
from tm_service.domain.units import Locale
from tm_service.domain.waiting import Waiting

Check = Callable[[Pair], Iterator[Finding]]


class Exporter(Protocol):
    """Writes packages in an exchange format and reads what returns."""

    def profile(self, name: str) -> Profile:
        """What is written for a tool. Raises ConfigurationError for a name there is not."""

    def write(self, handoff: Handoff) -> tuple[str, bytes]:
        """File name and bytes of the hand-off, sealed."""

    def read(
        self,
        name: str,
        content: bytes,
        named: Callable[[Collection[str]], Sequence[Package]],
        out: Callable[[], Sequence[Package]],
    ) -> Sequence[Return]:
        """Read what came back, from its bytes; one return for each package it is of.

        `named` gives packages by the names that the files say, `out` all that are out, asked where a file says nothing. Inline
        codes are still neutral marks. Raises ReturnRejected.
        """

    def whose(
        self,
        name: str,
        content: bytes,
        named: Callable[[Collection[str]], Sequence[Package]],
        out: Callable[[], Sequence[Package]],
    ) -> Sequence[str]:
        """The packages that `read` gives returns of, and no more than the file names beside them, by their ids.

        Units are not held against what was sent where every file says whose it is. Raises ReturnRejected.
        """

    def rebuild(self, unit: ReturnedUnit, sent: PackageUnit) -> ReturnedUnit:
        """Put the codes of what was sent back into a returned unit; what does not fit becomes its findings."""

    def rotate_key(self) -> str:
        """Seal with a new key from now on; what older ones sealed still verifies. Gives its id. Raises ConfigurationError."""

    def letter(self, package: Package, contact: str = "") -> Letter:
        """What goes with a package when it is sent; `contact` is whom to ask."""

    def receipt_letter(self, receipt: Receipt, package: Package) -> Letter:
        """What goes with the answer to a return when it is sent."""

    def reminder_letter(self, package: Package, contact: str, today: date) -> Letter:
        """What says that a package is due, soon or since when."""

    def function_letter(self, client: str, function: Deprecated, locale: Locale) -> Letter:
        """What tells the contact of a client, in that language, that a function it relies on changes."""

    def digest_letter(self, waiting: Collection[Waiting], locale: Locale) -> Letter:
        """What tells a person, in their language, what waits for them."""

    def receipt_page(self, receipt: Receipt, package: Package, targets: Mapping[str, str]) -> bytes:
        """The answer to a return as a page in the translator's language; `targets` are those that came back, by unit."""


class Checker(Protocol):
    """Judges a target against its source, and puts it right where that is proven."""

    def check(self, pair: Pair) -> tuple[Finding, ...]:
        """Everything the checks find of a pair."""

    def repair(self, pair: Pair) -> Repaired | None:
        """The target put right; None where nothing is to do, or nothing is proven."""

    def across(self, pairs: Sequence[tuple[str, Pair]]) -> Iterable[Finding]:
        """What only shows of pairs beside each other, by their units' ids."""


class Channel(Protocol):
    """Carries deliveries out of the house."""

    @property
    def repeatable(self) -> bool:
        """Whether sending the same delivery again changes nothing, so that nobody need be asked after an unknown end."""

    def send(self, delivery: Delivery) -> Sent:
        """Send once; who calls has remembered the attempt before, and remembers the answer after.

        Raises Refused where the same would be refused again, TryLater where nothing went out and the same may succeed
        later, InDoubt where it may have gone out or not, Conflict where something else stands under its name.
        """
