"""Ports of a site's source code and of advice to its authors: what one file says, and what could be said better."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from tm_service.domain.findings import Finding
from tm_service.domain.units import Document, Unit, UnitId
from tm_service.domain.usage import CodeFile, Joined


class CodeReader(Protocol):
    """Reads source code; it never runs any."""

    def reads(self, path: str) -> bool:
        """Whether files of this name are code it understands."""

    def read(self, document: Document) -> CodeFile:
        """What a file says. Code with mistakes is read as far as it goes. Raises ExtractionError where that is nowhere."""


class Adviser(Protocol):
    """Tells authors what makes their texts hard to translate, before anybody translates them."""

    def of_unit(self, unit: Unit) -> Iterable[Finding]:
        """What is to be said of one source text."""

    def across(self, units: Sequence[Unit], only: Collection[UnitId] | None = None) -> Iterable[Finding]:
        """What only shows of texts beside each other; of some of them, or of all."""

    def of_code(self, path: str, joined: Joined) -> Finding:
        """What is to be said of a sentence put together in code."""
