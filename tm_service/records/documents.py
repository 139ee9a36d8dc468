"""Documents: which there are, what readers have of them, and their numbered revisions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, select, update

from tm_service.database.rows import chunks
from tm_service.domain.drafts import Revision, RevisionInfo, Stage
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.records import Record, RecordEntry, RecordRef
from tm_service.records.content import Kept
from tm_service.records.naming import IDENTIFIER, Named
from tm_service.records.rows import CHUNK, RecordRows
from tm_service.records.tables import document, reference, revision


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A revision about to be made: its content, and what the tables say of it beside."""

    ref: RecordRef
    number: int
    kept: Kept
    title: Mapping[str, str]
    government: str
    names: Sequence[Named]


class Documents(RecordRows):
    def rows(self, identifiers: Collection[str]) -> Mapping[str, RowMapping]:
        """Documents by identifier; unknown ones are left out."""
        query = select(document)
        return {
            row["identifier"]: row
            for chunk in chunks([name for name in identifiers if IDENTIFIER.fullmatch(name)], CHUNK)
            for row in self.connection.execute(query.where(document.c.identifier.in_(chunk))).mappings()
        }

    def rows_of(self, refs: Sequence[RecordRef]) -> Mapping[RecordRef, RowMapping | None]:
        """Documents, None for those that are not there. Raises Conflict where an identifier is another kind's."""
        if len({ref.identifier for ref in refs}) < len(set(refs)):
            raise Conflict("Two documents of different kinds have the same identifier; give one of them another.")
        rows = self.rows({ref.identifier for ref in refs})
        for ref in refs:
            row = rows.get(ref.identifier)
            if row is not None and row["kind"] != ref.kind:
                raise Conflict(f"{ref.identifier} is the identifier of a document of {row['kind']}; take another one.")
        return {ref: rows.get(ref.identifier) for ref in refs}

    def known(self, ref: RecordRef) -> RowMapping:
        """Raises NotFound."""
        found = self.rows([ref.identifier]).get(ref.identifier)
        if found is None or found["kind"] != ref.kind:
            raise NotFound(f"There is no {ref.kind} {ref.identifier}.")
        return found

    def find(self, identifier: str) -> RecordRef:
        found = self.rows([identifier]).get(identifier)
        if found is None:
            raise NotFound(f"There is no document {identifier}.")
        return RecordRef(found["kind"], identifier)

    def create(self, entries: Sequence[tuple[RecordRef, str]], at: datetime, by: str) -> None:
        """Begin documents without revisions, each for its government."""
        rows = [
            {
                "identifier": ref.identifier,
                "kind": ref.kind,
                "government": government,
                "created": at,
                "created_by": by,
                "revision": 0,
                "stage": "",
                "digest": "",
                "modified": at,
                "title": {},
                "saves": 0,
            }
            for ref, government in entries
        ]
        if rows:
            self.connection.execute(document.insert(), rows)

    def own(self, ref: RecordRef, government: str) -> None:
        changed = update(document).where(document.c.identifier == ref.identifier).values(government=government)
        self.connection.execute(changed)

    def entries(self, since: datetime | None) -> Sequence[RecordEntry]:
        columns = (document.c.kind, document.c.identifier, document.c.modified, document.c.revision)
        query = select(*columns).where(document.c.stage == Stage.PUBLISHED).order_by(document.c.modified)
        if since is not None:
            query = query.where(document.c.modified >= since)
        return [
            RecordEntry(RecordRef(kind, identifier), modified, number)
            for kind, identifier, modified, number in self.connection.execute(query)
        ]

    def published(self, refs: Sequence[RecordRef]) -> Iterator[Record]:
        rows = self.rows({ref.identifier for ref in refs})
        for chunk in chunks(list(dict.fromkeys(refs)), CHUNK):
            wanted = [rows[ref.identifier] for ref in chunk if self._is_read(rows.get(ref.identifier), ref)]
            contents = self.contents([row["digest"] for row in wanted])
            for row in wanted:
                yield Record(entry_of(row), contents[row["digest"]])

    def add_revisions(self, made: Sequence[NewRevision], by: str, why: str) -> Sequence[datetime]:
        """Publish new revisions of documents that are there; tells the moment of each."""
        if not made:
            return []
        moments = [self.tick() for _one in made]
        self.put_contents(one.kept for one in made)
        self._add(
            [(one.ref, one.number, one.kept.digest, at) for one, at in zip(made, moments, strict=True)],
            (Stage.PUBLISHED, by, why),
        )
        changed = [
            {
                "named": one.ref.identifier,
                "revision": one.number,
                "stage": Stage.PUBLISHED.value,
                "digest": one.kept.digest,
                "modified": at,
                "title": dict(one.title),
                "government": one.government,
            }
            for one, at in zip(made, moments, strict=True)
        ]
        self.connection.execute(update(document).where(document.c.identifier == bindparam("named")), changed)
        self._refer(made)
        return moments

    def end(self, row: RowMapping, stage: Stage, by: str, why: str) -> RevisionInfo:
        """Take a document from readers: a revision that says so, of the content they had last."""
        at, number = self.tick(), row["revision"] + 1
        ref = RecordRef(row["kind"], row["identifier"])
        self._add([(ref, number, row["digest"], at)], (stage, by, why))
        changed = {"revision": number, "stage": stage.value, "modified": at}
        self.connection.execute(update(document).where(document.c.identifier == ref.identifier).values(**changed))
        self.connection.execute(delete(reference).where(reference.c.source == ref.identifier))
        return RevisionInfo(ref, number, stage, at, by, why, row["digest"])

    def revisions(self, ref: RecordRef) -> Sequence[RevisionInfo]:
        query = select(revision).where(revision.c.identifier == ref.identifier).order_by(revision.c.number.desc())
        return [_info(ref, row) for row in self.connection.execute(query).mappings()]

    def revision(self, ref: RecordRef, number: int) -> Revision:
        """Raises NotFound."""
        query = select(revision).where(revision.c.identifier == ref.identifier, revision.c.number == number)
        row = self.connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(f"There is no revision {number} of {ref.kind} {ref.identifier}.")
        return Revision(_info(ref, row), self.content(row["digest"]))

    @staticmethod
    def _is_read(row: RowMapping | None, ref: RecordRef) -> bool:
        return row is not None and row["kind"] == ref.kind and row["stage"] == Stage.PUBLISHED

    def _add(self, made: Sequence[tuple[RecordRef, int, str, datetime]], said: tuple[Stage, str, str]) -> None:
        stage, by, why = said
        rows = [
            {
                "identifier": ref.identifier,
                "number": number,
                "stage": stage.value,
                "digest": digest,
                "at": at,
                "by": by,
                "why": why,
            }
            for ref, number, digest, at in made
        ]
        self.connection.execute(revision.insert(), rows)

    def _refer(self, made: Sequence[NewRevision]) -> None:
        for chunk in chunks([one.ref.identifier for one in made], CHUNK):
            self.connection.execute(delete(reference).where(reference.c.source.in_(chunk)))
        rows = [_reference(one, position, named) for one in made for position, named in enumerate(one.names)]
        if rows:
            self.connection.execute(reference.insert(), rows)


def entry_of(row: RowMapping) -> RecordEntry:
    return RecordEntry(RecordRef(row["kind"], row["identifier"]), row["modified"], row["revision"])


def _reference(one: NewRevision, position: int, named: Named) -> dict[str, Any]:
    return {
        "source": one.ref.identifier,
        "position": position,
        "revision": one.number,
        "path": named.path,
        "target": named.identifier,
        "pinned": named.pinned,
        "confidential": named.confidential,
    }


def _info(ref: RecordRef, row: RowMapping) -> RevisionInfo:
    return RevisionInfo(ref, row["number"], Stage(row["stage"]), row["at"], row["by"], row["why"], row["digest"])
