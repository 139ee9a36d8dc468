"""Publishing at once: the next revision of one document or of many, taking one from readers, bringing one back."""

from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping

from tm_service.database.rows import chunks
from tm_service.domain.drafts import Invalid, RevisionInfo, Stage, Step
from tm_service.domain.errors import Conflict
from tm_service.domain.findings import Severity, found
from tm_service.domain.records import Actor, Content, RecordEntry, RecordRef
from tm_service.records.base import Base, Work, are_free
from tm_service.records.content import Kept, keep
from tm_service.records.documents import NewRevision, entry_of
from tm_service.records.naming import IDENTIFIER, government_of, names_in, title_of
from tm_service.records.rows import CHUNK


class Publishing(Base):
    def put(self, ref: RecordRef, document: Content, *, based_on: int | None, by: Actor, why: str = "") -> RecordEntry:
        kept = self._checked(ref, document)
        with self.writing() as work:
            row = work.rows_of([ref])[ref]
            revision = row["revision"] if row is not None else 0
            if based_on is not None and based_on != revision:
                raise Conflict(f"{ref.kind} {ref.identifier} is at revision {revision} by now; read it and try again.")
            self._put(work, {ref: kept}, by, why)
            return entry_of(work.known(ref))

    def put_all(self, documents: Iterable[tuple[RecordRef, Content]], *, by: Actor, why: str = "") -> int:
        checked = [(ref, self._checked(ref, document)) for ref, document in dict(documents).items()]
        with self.writing() as work:
            return sum(self._put(work, dict(chunk), by, why) for chunk in chunks(checked, CHUNK))

    def unpublish(self, ref: RecordRef, *, by: Actor, why: str) -> RevisionInfo:
        with self.writing() as work:
            row = self._withdrawn(work, ref, by)
            if row["stage"] != Stage.PUBLISHED:
                raise Conflict(f"{ref.kind} {ref.identifier} is not published.")
            return _end(work, row, Stage.UNPUBLISHED, by, why)

    def delete(self, ref: RecordRef, *, by: Actor, why: str) -> RevisionInfo:
        with self.writing() as work:
            row = self._withdrawn(work, ref, by)
            if row["stage"] not in (Stage.PUBLISHED, Stage.UNPUBLISHED):
                state = "deleted already" if row["stage"] else "a draft that was never published; discard that"
                raise Conflict(f"{ref.kind} {ref.identifier} is {state}.")
            give_up(work, ref)
            return _end(work, row, Stage.DELETED, by, why)

    def restore(self, ref: RecordRef, number: int, *, by: Actor, why: str = "") -> RevisionInfo:
        with self.writing() as work:
            row = self._withdrawn(work, ref, by)
            kept = self._checked(ref, work.revision(ref, number).document)
            self._publish(work, [(row, kept)], by, why or f"Revision {number} was restored.")
            return work.revision(ref, work.known(ref)["revision"]).info

    def _checked(self, ref: RecordRef, document: Content) -> Kept:
        """The document to be kept. Raises NotFound for its kind, Invalid."""
        self.schema(ref.kind)
        is_named(ref)
        kept = keep(document)
        self.valid(ref, kept.document)
        return kept

    def _put(self, work: Work, documents: dict[RecordRef, Kept], by: Actor, why: str) -> int:
        rows = work.rows_of(list(documents))
        fresh = []
        for ref, kept in documents.items():
            owned = self.owned(ref, rows[ref], kept.document, by)
            owned.publishing(by)
            owned.keeping(by, government_of(kept.document))
            if rows[ref] is None:
                fresh.append((ref, owned.government))
        are_free(work, list(documents), by)
        if fresh:
            work.create(fresh, work.now(), by.name)
            rows = work.rows_of(list(documents))
        return self._publish(work, [(row, documents[ref]) for ref, row in rows.items() if row is not None], by, why)

    def _publish(self, work: Work, documents: Sequence[tuple[RowMapping, Kept]], by: Actor, why: str) -> int:
        """Make the next revision of each whose content is not what readers have already; tells how many."""
        made = [
            self._next(row, kept)
            for row, kept in documents
            if row["stage"] != Stage.PUBLISHED or row["digest"] != kept.digest
        ]
        moments = work.add_revisions(made, by.name, why)
        work.note(
            [
                Step(one.ref, Stage.PUBLISHED, at, by.name, why, one.number)
                for one, at in zip(made, moments, strict=True)
            ]
        )
        return len(made)

    def _next(self, row: RowMapping, kept: Kept) -> NewRevision:
        ref = RecordRef(row["kind"], row["identifier"])
        schema = self.schema(ref.kind)
        government = government_of(kept.document) or row["government"]
        title, names = title_of(schema, kept.document), names_in(schema, kept.document)
        return NewRevision(ref, row["revision"] + 1, kept, title, government, names)

    def _withdrawn(self, work: Work, ref: RecordRef, by: Actor) -> RowMapping:
        """The document, where this person may take it from readers and nobody holds it."""
        row = work.known(ref)
        self.owned(ref, row, {}, by).withdrawing(by)
        are_free(work, [ref], by)
        return row


def is_named(ref: RecordRef) -> None:
    """Raises Invalid for an identifier that names no document."""
    if not IDENTIFIER.fullmatch(ref.identifier):
        sentence = "An identifier is 11 to 128 letters A to Z, digits, hyphens or low lines; take another one."
        raise Invalid(sentence, [found("identifier", Severity.ERROR, sentence)])


def give_up(work: Work, ref: RecordRef) -> None:
    """End a draft, its lock and the links to it; its saves stay."""
    work.end_draft(ref)
    work.end_lock(ref)
    work.revoke(ref)


def _end(work: Work, row: RowMapping, stage: Stage, by: Actor, why: str) -> RevisionInfo:
    info = work.end(row, stage, by.name, why)
    work.note([Step(info.ref, stage, info.at, by.name, why, info.number)])
    return info
