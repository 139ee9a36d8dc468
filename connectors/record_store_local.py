"""Record store in process: our own records room as a store that a site is read from and written back to."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tm_service.domain.drafts import Held
from tm_service.domain.errors import NotAllowed, NotFound, Refused, TryLater
from tm_service.domain.ports.record_room import RecordRoom
from tm_service.domain.records import Actor, Content, Record, RecordEntry, RecordRef

_WHY = "Translations"


@dataclass(frozen=True, slots=True)
class LocalRecordStore:
    """What the room has published; `kinds` names what is ours to read of it (empty: all). `by` is who writes translations."""

    room: RecordRoom
    by: Actor
    kinds: Collection[str] = ()

    def entries(self, since: datetime | None = None) -> Iterator[RecordEntry]:
        """Every published document, in the order of its last change."""
        return (entry for entry in self.room.entries(since) if self._is_ours(entry.ref))

    def read(self, refs: Sequence[RecordRef]) -> Iterator[Record]:
        """The published documents of these names."""
        return self.room.read([ref for ref in refs if self._is_ours(ref)])

    def write(self, read: Record, document: Content) -> RecordEntry:
        """Publish the next revision of what was `read`."""
        ref = read.ref
        if next(iter(self.room.read([ref])), None) is None:
            raise NotFound(f"{ref.kind} {ref.identifier} is not published any more.")
        try:
            return self.room.put(ref, document, based_on=read.entry.revision, by=self.by, why=_WHY)
        except Held as held:
            raise TryLater(str(held)) from held
        except NotAllowed as refusal:
            raise Refused(str(refusal)) from refusal

    def close(self) -> None:
        """Nothing: the room belongs to the house."""

    def _is_ours(self, ref: RecordRef) -> bool:
        return not self.kinds or ref.kind in self.kinds
