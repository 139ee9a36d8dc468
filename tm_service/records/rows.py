"""Rows: one transaction of the records room: its clock, whose ticks all differ, and the contents that rows point at."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from tm_service.database.notes import Notes
from tm_service.database.rows import Rows, chunks
from tm_service.records.content import Kept, unpack
from tm_service.records.tables import content, ticker

CHUNK = 400  # parameters in one IN; databases limit how many a statement takes
_TICK = timedelta(milliseconds=1)  # what remote stores tell moments in


class RecordRows(Rows):
    """A connection inside a transaction; `commit` ends it well, anything else leaves nothing."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime], changes: Notes) -> None:
        super().__init__(connection)
        self._clock = clock
        self.changes = changes
        self._last: datetime | None = None

    def now(self) -> datetime:
        return self._clock()

    def tick(self) -> datetime:
        """A moment after every other change of the store: now, or a millisecond after the last where that is later."""
        now = self.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        last = self._last or self.connection.scalar(select(ticker.c.last))
        self._last = max(now, last + _TICK) if last else now
        return self._last

    def commit(self) -> None:
        if self._last is not None:
            statement = self.insert(ticker).values(id=1, last=self._last)
            self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"last": self._last}))
        self.changes.seal()
        self.connection.commit()

    def contents(self, digests: Collection[str]) -> Mapping[str, dict[str, Any]]:
        """Documents by digest."""
        query = select(content.c.digest, content.c.packed)
        return {
            digest: unpack(packed)
            for chunk in chunks(list(set(digests)), CHUNK)
            for digest, packed in self.connection.execute(query.where(content.c.digest.in_(chunk)))
        }

    def content(self, digest: str) -> dict[str, Any]:
        """The document under a digest; an empty digest stands for an empty document."""
        return self.contents([digest])[digest] if digest else {}

    def put_contents(self, kept: Iterable[Kept]) -> None:
        rows = [{"digest": one.digest, "packed": one.packed} for one in kept]
        if rows:
            self.connection.execute(self.insert(content).on_conflict_do_nothing(), rows)
