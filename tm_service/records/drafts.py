"""Drafts as rows: the draft of each document, every save of it, and the clashes that wait for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, delete, func, or_, select, update

from tm_service.database.rows import chunks
from tm_service.domain.drafts import IN_WORKFLOW, Clash, Draft, DraftEntry, DraftSave, Stage
from tm_service.domain.errors import NotFound
from tm_service.domain.records import Json, RecordRef
from tm_service.domain.units import Key, Locale
from tm_service.records.content import Kept
from tm_service.records.documents import Documents
from tm_service.records.items import ABSENT, value_at
from tm_service.records.rows import CHUNK
from tm_service.records.tables import clash, document, draft, lock, save


@dataclass(frozen=True, slots=True)
class NewSave:
    """A save about to be made: the draft after it, and what was sent."""

    ref: RecordRef
    number: int
    based_on: int
    kept: Kept
    sent: Kept
    by: str
    at: datetime


class Drafts(Documents):
    def draft_row(self, ref: RecordRef) -> RowMapping | None:
        query = select(draft).where(draft.c.identifier == ref.identifier)
        return self.connection.execute(query).mappings().one_or_none()

    def known_draft(self, ref: RecordRef) -> RowMapping:
        """Raises NotFound."""
        self.known(ref)
        found = self.draft_row(ref)
        if found is None:
            raise NotFound(f"There is no draft of {ref.kind} {ref.identifier}.")
        return found

    def draft(self, ref: RecordRef) -> Draft:
        """Raises NotFound."""
        row, owner = self.known_draft(ref), self.known(ref)
        content = self.content(row["digest"])
        return Draft(
            ref=ref,
            number=row["number"],
            based_on=row["based_on"],
            stage=Stage(row["stage"]),
            document=content,
            government=owner["government"],
            created=row["created"],
            created_by=row["created_by"],
            at=row["at"],
            by=row["by"],
            requested_by=row["requested_by"],
            why=row["why"],
            clashes=tuple(self.clashes(ref, content)),
        )

    def in_workflow(self, identifiers: Sequence[str]) -> Sequence[str]:
        """Of these documents, those whose draft a workflow holds."""
        query = select(draft.c.identifier).where(draft.c.stage.in_([stage.value for stage in IN_WORKFLOW]))
        return [
            name
            for chunk in chunks(identifiers, CHUNK)
            for name in self.connection.scalars(query.where(draft.c.identifier.in_(chunk)))
        ]

    def begin_draft(self, made: NewSave, based_on: int, title: Any) -> None:
        self.add_save(made)
        row = {
            "identifier": made.ref.identifier,
            "number": made.number,
            "began_on": based_on,
            "based_on": based_on,
            "stage": Stage.DRAFT.value,
            "digest": made.kept.digest,
            "title": title,
            "created": made.at,
            "created_by": made.by,
            "at": made.at,
            "by": made.by,
            "requested_by": "",
            "why": "",
        }
        self.connection.execute(draft.insert(), row)

    def continue_draft(self, made: NewSave, title: Any, **changed: object) -> None:
        self.add_save(made)
        said = {"number": made.number, "digest": made.kept.digest, "title": title, "at": made.at, "by": made.by}
        self.change_draft(made.ref, **said, **changed)

    def change_draft(self, ref: RecordRef, **changed: object) -> None:
        self.connection.execute(update(draft).where(draft.c.identifier == ref.identifier).values(**changed))

    def end_draft(self, ref: RecordRef) -> None:
        """Its saves stay, and with them what its clashes held; the clashes are closed."""
        self.connection.execute(delete(draft).where(draft.c.identifier == ref.identifier))
        self.connection.execute(
            update(clash)
            .where(clash.c.identifier == ref.identifier, clash.c.decided_at.is_(None))
            .values(decided_at=self.now(), decided_by="")
        )

    def add_save(self, made: NewSave) -> None:
        self.put_contents((made.kept, made.sent))
        row = {
            "identifier": made.ref.identifier,
            "number": made.number,
            "based_on": made.based_on,
            "digest": made.kept.digest,
            "sent": made.sent.digest,
            "at": made.at,
            "by": made.by,
        }
        self.connection.execute(save.insert(), row)
        counted = update(document).where(document.c.identifier == made.ref.identifier).values(saves=made.number)
        self.connection.execute(counted)

    def save_row(self, ref: RecordRef, number: int) -> RowMapping:
        """Raises NotFound."""
        query = select(save).where(save.c.identifier == ref.identifier, save.c.number == number)
        found = self.connection.execute(query).mappings().one_or_none()
        if found is None:
            raise NotFound(f"There is no save {number} of {ref.kind} {ref.identifier}.")
        return found

    def save_until(self, ref: RecordRef, number: int) -> str:
        """The digest of the draft after a save or, where that one was tidied away, after the last one before it.

        Raises NotFound for a number there never was.
        """
        query = select(save.c.number, save.c.digest).where(save.c.identifier == ref.identifier)
        below = query.where(save.c.number <= number).order_by(save.c.number.desc()).limit(1)
        found = self.connection.execute(below).one_or_none()
        if found is None or number > self.known(ref)["saves"]:
            raise NotFound(f"There is no save {number} of {ref.kind} {ref.identifier}.")
        return str(found.digest)

    def last_sent(self, ref: RecordRef, by: str, since: datetime) -> str:
        """The digest of what a person sent last since then; empty for nothing."""
        query = (
            select(save.c.sent)
            .where(save.c.identifier == ref.identifier, save.c.by == by, save.c.at >= since)
            .order_by(save.c.number.desc())
            .limit(1)
        )
        return self.connection.scalar(query) or ""

    def saves(self, ref: RecordRef, by: str | None, most: int | None) -> Sequence[DraftSave]:
        """Newest first; of one person, or of all."""
        query = select(save).where(save.c.identifier == ref.identifier).order_by(save.c.number.desc()).limit(most)
        if by is not None:
            query = query.where(save.c.by == by)
        return [
            DraftSave(row["number"], row["based_on"], row["at"], row["by"])
            for row in self.connection.execute(query).mappings()
        ]

    def drafts(self, by: str | None) -> Sequence[DraftEntry]:
        """Newest first; of one person, or of all."""
        query = self._entries().order_by(draft.c.at.desc(), draft.c.identifier)
        if by is not None:
            query = query.where(or_(draft.c.created_by == by, draft.c.by == by))
        return [self._entry(row) for row in self.connection.execute(query).mappings()]

    def draft_entry(self, ref: RecordRef) -> DraftEntry | None:
        query = self._entries().where(draft.c.identifier == ref.identifier)
        row = self.connection.execute(query).mappings().one_or_none()
        return self._entry(row) if row is not None else None

    def clashes(self, ref: RecordRef, content: Json) -> Sequence[Clash]:
        """Open clashes, oldest first; `theirs` is what stands in the draft now."""
        query = (
            select(clash)
            .where(clash.c.identifier == ref.identifier, clash.c.decided_at.is_(None))
            .order_by(clash.c.number)
        )
        return [_clash(row, content) for row in self.connection.execute(query).mappings()]

    def add_clash(self, ref: RecordRef, place: tuple[Key, Locale], texts: tuple[Json, Json], by: str) -> None:
        """`texts` are what it was and what found no place."""
        row = {
            "identifier": ref.identifier,
            "path": place[0],
            "language": place[1],
            "base": _told(texts[0]),
            "mine": _told(texts[1]),
            "mine_by": by,
            "at": self.now(),
        }
        self.connection.execute(clash.insert(), row)

    def change_clash(self, number: int, mine: Json) -> None:
        self.connection.execute(update(clash).where(clash.c.number == number).values(mine=_told(mine), at=self.now()))

    def decide_clash(self, number: int, by: str) -> None:
        decided = {"decided_by": by, "decided_at": self.now()}
        self.connection.execute(update(clash).where(clash.c.number == number).values(**decided))

    def is_clash(self, ref: RecordRef, number: int) -> bool:
        """Whether there ever was a clash of this number in a document."""
        query = select(clash.c.number).where(clash.c.identifier == ref.identifier, clash.c.number == number)
        return self.connection.scalar(query) is not None

    def _entries(self) -> Select[Any]:
        waiting = (
            select(func.count())
            .where(clash.c.identifier == draft.c.identifier, clash.c.decided_at.is_(None))
            .scalar_subquery()
        )
        holder = select(lock.c.holder).where(lock.c.identifier == draft.c.identifier, lock.c.until > self.now())
        return select(
            draft,
            document.c.kind,
            document.c.government,
            waiting.label("waiting"),
            holder.scalar_subquery().label("holder"),
        ).join(document, document.c.identifier == draft.c.identifier)

    @staticmethod
    def _entry(row: RowMapping) -> DraftEntry:
        return DraftEntry(
            ref=RecordRef(row["kind"], row["identifier"]),
            number=row["number"],
            based_on=row["based_on"],
            stage=Stage(row["stage"]),
            title=row["title"],
            government=row["government"],
            at=row["at"],
            by=row["by"],
            locked_by=row["holder"] or "",
            clashes=row["waiting"],
        )


def _told(value: Json) -> Json:
    return None if value is ABSENT else value


def _clash(row: RowMapping, content: Json) -> Clash:
    path, language = tuple(row["path"]), row["language"]
    place = (*path, language) if language else path
    return Clash(
        number=row["number"],
        path=path,
        language=language,
        base=row["base"],
        theirs=_told(value_at(content, place)),
        mine=row["mine"],
        mine_by=row["mine_by"],
        at=row["at"],
    )
