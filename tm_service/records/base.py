"""Base of the records room: its transactions, the schemas, and what every verb asks before it does anything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import RowMapping

from tm_service.database.migrations import Connect
from tm_service.database.notes import Journal as Changes
from tm_service.database.notes import no_journal
from tm_service.domain.drafts import Held, Invalid
from tm_service.domain.errors import NotFound
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.records import Actor, Content, RecordRef, Schema
from tm_service.records.drafts import Drafts
from tm_service.records.journal import Journal
from tm_service.records.locks import Locks, Shares
from tm_service.records.naming import government_of
from tm_service.records.picture_rows import Pictures
from tm_service.records.references import References
from tm_service.records.rights import Owned, is_administrator

_TOLD = 3  # problems that the sentence of a refusal quotes


class Work(Drafts, Locks, Shares, Pictures, References, Journal):
    """All tables of the room over one connection."""


class Base:
    """What the parts of the room share.

    `connect` gives a connection in a transaction, which undoes what is not committed; writers come one after the other.
    `problems` finds what is wrong with a document of a schema, `public` leaves out what is confidential in it; `changes` is
    the journal of the house.
    """

    def __init__(
        self,
        connect: Connect,
        clock: Callable[[], datetime],
        schemas: Mapping[str, Schema],
        problems: Callable[[Schema, Content], Sequence[Finding]],
        public: Callable[[Schema, Content], Content],
        changes: Changes = no_journal,
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._schemas = schemas
        self._problems = problems
        self._public = public
        self._changes = changes

    @contextmanager
    def reading(self) -> Iterator[Work]:
        with self._connect("read") as connection:
            yield Work(connection, self._clock, self._changes(connection))

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """A transaction that is kept when its block ends well."""
        with self._connect("write") as connection:
            work = Work(connection, self._clock, self._changes(connection))
            yield work
            work.commit()

    def schema(self, kind: str) -> Schema:
        """Raises NotFound."""
        if kind not in self._schemas:
            raise NotFound(f"There is no schema {kind!r}; there are {', '.join(self._schemas)}.")
        return self._schemas[kind]

    def validate(self, kind: str, document: Content) -> Sequence[Finding]:
        return self._problems(self.schema(kind), document)

    def valid(self, ref: RecordRef, document: Content) -> None:
        """Raises Invalid with everything that is wrong, where any of it is an error."""
        findings = self.validate(ref.kind, document)
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors:
            said = " ".join(finding.message for finding in errors[:_TOLD])
            more = f" And {len(errors) - _TOLD} more." if len(errors) > _TOLD else ""
            raise Invalid(f"{ref.kind} {ref.identifier} cannot be published: {said}{more}", findings)

    def owned(self, ref: RecordRef, row: RowMapping | None, document: Content, by: Actor) -> Owned:
        """Whose the document is: of the government it was begun for; who began it for none may name one."""
        schema, named = self.schema(ref.kind), government_of(document)
        if row is None:
            return Owned(schema, named or by.government.strip().lower(), "")
        begun_by: str = row["created_by"]
        may_name = by.name == begun_by or is_administrator(by)
        return Owned(schema, row["government"] or (named if may_name else ""), begun_by)


def are_free(work: Work, refs: Sequence[RecordRef], by: Actor) -> None:
    """Raises Held where a workflow holds one of the documents or another person has it locked."""
    if work.in_workflow([ref.identifier for ref in refs]):
        raise Held("The record is locked for workflow.")
    for lock in work.locks(refs):
        if lock.holder != by.name:
            raise Held(
                f"{lock.holder} has {lock.ref.kind} {lock.ref.identifier} locked until {lock.until:%Y-%m-%d %H:%M} UTC; "
                f"try again later.",
                lock,
            )
