"""Traces: what the records room keeps of people: who wrote, asked, decided and published; documents say what they say."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from tm_service.database.traces import Names, Trace, forget_all, told_of
from tm_service.domain.records import Json
from tm_service.records.tables import clash, document, draft, lock, picture, revision, save, share, step

TRACES = (
    Trace(document, people=("created_by",)),
    Trace(revision, people=("by",), texts=("why",)),
    Trace(draft, people=("created_by", "by", "requested_by"), texts=("why",)),
    Trace(save, people=("by",)),
    Trace(clash, people=("mine_by", "decided_by")),
    Trace(lock, people=("holder",)),
    Trace(share, people=("by",), secret=("digest",)),
    Trace(picture, people=("by",), secret=("content",)),
    Trace(step, people=("by",), texts=("why",)),
)


class RecordTraces:
    """`Traces` of the records room."""

    def told(self, connection: Connection, names: Names) -> Mapping[str, Json]:
        return told_of(_kept(connection), connection, names)

    def forget(self, connection: Connection, names: Names, pseudonym: str) -> None:
        forget_all(_kept(connection), connection, names, pseudonym)


def _kept(connection: Connection) -> Sequence[Trace]:
    """Nothing in a house that never opened its records room."""
    return TRACES if connection.dialect.has_table(connection, document.name) else ()
