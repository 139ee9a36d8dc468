"""Tidying: editors save every few seconds; of yesterday's typing, two saves in ten minutes are enough."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, select, tuple_

from tm_service.database.rows import chunks
from tm_service.records.base import Base
from tm_service.records.rows import CHUNK
from tm_service.records.tables import content, draft, revision, save

_SPAN = 600  # seconds


class Tidying(Base):
    def tidy(self, before: datetime) -> int:
        with self.writing() as work:
            gone = list(_replaced(work.connection, before))
            for chunk in chunks(gone, CHUNK // 2):
                work.connection.execute(delete(save).where(tuple_(save.c.identifier, save.c.number).in_(chunk)))
            if gone:
                work.connection.execute(delete(content).where(*_unused()))
            return len(gone)


def _replaced(connection: Connection, before: datetime) -> Iterator[tuple[str, int]]:
    """Saves between two others of the same person in the same ten minutes; what clashed in them waits beside the draft.

    The first of each stays, so that there is always one no newer than any that was named.
    """
    earlier, later = save.alias("earlier"), save.alias("later")
    query = (
        select(save.c.identifier, save.c.number, earlier.c.at, later.c.at)
        .join(earlier, (earlier.c.identifier == save.c.identifier) & (earlier.c.number == save.c.number - 1))
        .join(later, (later.c.identifier == save.c.identifier) & (later.c.number == save.c.number + 1))
        .where(earlier.c.by == save.c.by, later.c.by == save.c.by, later.c.at < before)
    )
    for identifier, number, begun, ended in connection.execute(query):
        if int(begun.timestamp()) // _SPAN == int(ended.timestamp()) // _SPAN:
            yield identifier, number


def _unused() -> Sequence[ColumnElement[bool]]:
    """Contents that nothing points at."""
    pointers = (revision.c.digest, draft.c.digest, save.c.digest, save.c.sent)
    return [~exists().where(pointer == content.c.digest) for pointer in pointers]
