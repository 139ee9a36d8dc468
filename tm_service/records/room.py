"""The records room: everything people and clients may ask of the record store, each verb one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tm_service.database.migrations import Connect
from tm_service.database.notes import Journal, no_journal
from tm_service.domain.records import Content, Schema
from tm_service.records.catalogue import Cataloguing
from tm_service.records.confidential import public
from tm_service.records.history import History
from tm_service.records.json_schema import json_schema
from tm_service.records.migrate import MIGRATIONS
from tm_service.records.picturing import Picturing
from tm_service.records.rich_text import allowed
from tm_service.records.sanitise import cleaned
from tm_service.records.schemas import schemas
from tm_service.records.tidying import Tidying
from tm_service.records.validation import problems
from tm_service.records.workflow import Workflow


class Room(History, Cataloguing, Workflow, Picturing, Tidying):
    """`RecordRoom` over SQLite or PostgreSQL; what each verb does and refuses is said there."""

    def schemas(self) -> Mapping[str, Schema]:
        return self._schemas

    def json_schema(self, kind: str) -> Mapping[str, Any]:
        return json_schema(self.schema(kind))

    def public(self, kind: str, document: Content) -> Content:
        return self._public(self.schema(kind), document)

    def rich_text(self) -> Mapping[str, Sequence[str]]:
        return {name: sorted(attributes) for name, attributes in allowed().elements.items()}

    def cleaned(self, html: str) -> str:
        return cleaned(html)


def open_room(connect: Connect, clock: Callable[[], datetime], journal: Journal = no_journal) -> Room:
    """The room of this house with its tables brought up to date and its schemas read. Raises ConfigurationError."""
    MIGRATIONS.run(connect)
    return Room(connect, clock, schemas(), problems, public, journal)
