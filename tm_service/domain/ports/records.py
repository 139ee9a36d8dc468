"""Port of a record store, ours or a remote one: what a site needs of it to be read and written back to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from tm_service.domain.records import Content, Record, RecordEntry, RecordRef


class RecordStore(Protocol):
    """Published documents, articles and records alike. Everything raises ConnectorError where the store fails for good."""

    def entries(self, since: datetime | None = None) -> Iterator[RecordEntry]:
        """Every published document in the order of its last change; of those changed at `since` or later where it is named.

        Without `since` it is the whole list, by which deletions are known: it is given whole, or ends with ConnectorError.
        """

    def read(self, refs: Sequence[RecordRef]) -> Iterator[Record]:
        """The published documents of these names; what is gone meanwhile is left out."""

    def write(self, read: Record, document: Content) -> RecordEntry:
        """Publish a document in place of what was `read`, and tell how it is listed now.

        Raises Conflict where it changed since it was read, TryLater where a person has it locked or a workflow holds it,
        Refused where the store finds it wrong, NotFound where it is gone.
        """

    def close(self) -> None:
        """End what was opened."""
