"""Drafting: saves that never overwrite each other, decisions where two people changed the same, drafts given up."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping

from tm_service.domain.drafts import Clash, Draft, DraftEntry, DraftSave, Saved, Stage, Step
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.records import Actor, Content, Json, RecordRef
from tm_service.records.base import Base, Work, are_free
from tm_service.records.content import Kept, keep, same
from tm_service.records.drafts import NewSave
from tm_service.records.items import ABSENT, value_at, with_value
from tm_service.records.merging import Merged, merge
from tm_service.records.naming import government_of, split_language, title_of
from tm_service.records.publishing import give_up, is_named

_WINDOW = timedelta(days=1)  # how long an editor's window may be open without naming what it shows


@dataclass(frozen=True)
class _Versions:
    """The three sides of a merge."""

    base: dict[str, Any]
    theirs: dict[str, Any]
    mine: dict[str, Any]


class Drafting(Base):
    def save_draft(
        self, ref: RecordRef, document: Content, *, based_on: int | None, by: Actor, revision: int | None = None
    ) -> Saved:
        self.schema(ref.kind)
        is_named(ref)
        sent = keep(document)
        with self.writing() as work:
            row = self._begun(work, ref, sent, by)
            are_free(work, [ref], by)
            draft = work.draft_row(ref)
            latest = work.content(row["digest"])
            theirs = work.content(draft["digest"]) if draft is not None else latest
            base = self._base(work, ref, (row, draft), (based_on, revision), by)
            open_ = [one for one in work.clashes(ref, theirs) if one.mine_by == by.name]
            merged = _merged(work, _Versions(base, theirs, sent.document), open_)
            self._kept(work, ref, (row, draft, theirs), (sent, merged, based_on or 0), by)
            after = work.draft(ref)
            mine = tuple(one for one in after.clashes if one.mine_by == by.name)
            return Saved(after, mine, is_merged=not same(after.document, sent.document))

    def decide(self, ref: RecordRef, clash: int, value: Json, *, by: Actor, over: int | None = None) -> Draft:
        with self.writing() as work:
            draft = self._held(work, ref, by)
            if over is not None and draft.number != over:
                raise Conflict("The draft was saved again meanwhile; look at both wordings again.")
            settled = next((one for one in draft.clashes if one.number == clash), None)
            if settled is None:
                if work.is_clash(ref, clash):
                    raise Conflict(f"Clash {clash} of {ref.kind} {ref.identifier} is settled already.")
                raise NotFound(f"There is no clash {clash} in {ref.kind} {ref.identifier}.")
            put = ABSENT if value is None else value
            try:
                kept = keep(with_value(draft.document, settled.place, put))
            except LookupError as error:
                raise Conflict(
                    f"What {'/'.join(settled.place)} stood in is gone from {ref.kind} {ref.identifier}; save the draft with it."
                ) from error
            seen = _seen(work, draft, by)
            with suppress(LookupError):
                seen = with_value(seen, settled.place, put)
            self._continue(work, draft, kept, keep(seen), by)
            work.decide_clash(clash, by.name)
            return work.draft(ref)

    def draft(self, ref: RecordRef) -> Draft:
        with self.reading() as work:
            return work.draft(ref)

    def drafts(self, by: Actor | None = None) -> Sequence[DraftEntry]:
        with self.reading() as work:
            return work.drafts(by.name if by is not None else None)

    def saves(self, ref: RecordRef, *, by: Actor | None = None, most: int | None = None) -> Sequence[DraftSave]:
        with self.reading() as work:
            work.known(ref)
            return work.saves(ref, by.name if by is not None else None, most)

    def saved(self, ref: RecordRef, number: int, *, as_sent: bool = False) -> Content:
        with self.reading() as work:
            work.known(ref)
            return work.content(work.save_row(ref, number)["sent" if as_sent else "digest"])

    def taken_up(self, ref: RecordRef, number: int) -> Content:
        with self.reading() as work:
            work.known(ref)
            return work.content(work.save_until(ref, number))

    def discard(self, ref: RecordRef, *, by: Actor) -> None:
        with self.writing() as work:
            draft = self._held(work, ref, by)
            give_up(work, ref)
            work.note([Step(ref, Stage.DRAFT, work.now(), by.name, "The draft was given up.", draft=draft.number)])

    def rebased(self, work: Work, draft: Draft, by: Actor) -> Draft:
        """The draft brought up to the newest revision; where both changed the same value, it has clashes then."""
        row = work.known(draft.ref)
        if row["revision"] == draft.based_on:
            return draft
        base = _began(work, draft.ref, draft.based_on)
        merged = merge(base, work.content(row["digest"]), dict(draft.document))
        changed = {"based_on": row["revision"]}
        self._continue(work, draft, keep(merged.document), keep(_seen(work, draft, by)), by, **changed)
        self._add_clashes(work, draft.ref, merged, draft.by)
        return work.draft(draft.ref)

    def _begun(self, work: Work, ref: RecordRef, sent: Kept, by: Actor) -> RowMapping:
        """The document that a draft is of, begun where it is new; rights are checked."""
        row = work.rows_of([ref])[ref]
        owned = self.owned(ref, row, sent.document, by)
        owned.writing(by)
        owned.keeping(by, government_of(sent.document))
        if row is None:
            work.create([(ref, owned.government)], work.now(), by.name)
        elif row["government"] != owned.government:
            work.own(ref, owned.government)
        return work.known(ref)

    def _held(self, work: Work, ref: RecordRef, by: Actor) -> Draft:
        """The draft, where this person may write in it now."""
        draft = work.draft(ref)
        self.owned(ref, work.known(ref), draft.document, by).writing(by)
        are_free(work, [ref], by)
        return draft

    def _base(
        self,
        work: Work,
        ref: RecordRef,
        rows: tuple[RowMapping, RowMapping | None],
        named: tuple[int | None, int | None],
        by: Actor,
    ) -> dict[str, Any]:
        """What the writer began from, as far as that is known; an older one than it was is harmless, a newer one is not."""
        (row, draft), (number, revision) = rows, named
        if number:
            return work.content(work.save_until(ref, number))
        if revision is not None:
            return _began(work, ref, revision)
        last = work.last_sent(ref, by.name, work.now() - _WINDOW) if number is None else ""
        if last:
            return work.content(last)
        return _began(work, ref, draft["began_on"] if draft is not None else row["revision"])

    def _kept(
        self,
        work: Work,
        ref: RecordRef,
        before: tuple[RowMapping, RowMapping | None, dict[str, Any]],
        now: tuple[Kept, Merged, int],
        by: Actor,
    ) -> None:
        """Make the save; none where nothing is different from what this person sent and everybody has."""
        (row, draft, theirs), (sent, merged, based_on) = before, now
        at = work.now()
        is_repeated = sent.digest == work.last_sent(ref, by.name, at - _WINDOW)
        if draft is not None and is_repeated and not merged.collisions and same(merged.document, theirs):
            return
        kept = sent if same(merged.document, sent.document) else keep(merged.document)
        made = NewSave(ref, row["saves"] + 1, based_on, kept, sent, by.name, at)
        title = title_of(self.schema(ref.kind), kept.document)
        if draft is None:
            work.begin_draft(made, row["revision"], title)
            work.note([Step(ref, Stage.DRAFT, at, by.name, draft=made.number)])
        else:
            work.continue_draft(made, title)
        self._add_clashes(work, ref, merged, by.name)

    def _continue(self, work: Work, draft: Draft, kept: Kept, seen: Kept, by: Actor, **changed: object) -> None:
        """A save that nobody sent: a decision, or what was published meanwhile."""
        number = work.known(draft.ref)["saves"] + 1
        made = NewSave(draft.ref, number, draft.number, kept, seen, by.name, work.now())
        work.continue_draft(made, title_of(self.schema(draft.ref.kind), kept.document), **changed)

    def _add_clashes(self, work: Work, ref: RecordRef, merged: Merged, by: str) -> None:
        for one in merged.collisions:
            work.add_clash(ref, split_language(self.schema(ref.kind), one.place), (one.base, one.mine), by)


def _merged(work: Work, versions: _Versions, waiting: Sequence[Clash]) -> Merged:
    """Merge what was sent; at places where this person's value waits for a decision, it goes on waiting, as it is now."""
    mine = versions.mine
    for one in waiting:
        value, was = value_at(mine, one.place), value_at(versions.base, one.place)
        if not any(same(value, other) for other in (was, value_at(versions.theirs, one.place), one.mine)):
            work.change_clash(one.number, value)
        with suppress(LookupError):
            mine = with_value(mine, one.place, was)
    return merge(versions.base, versions.theirs, mine)


def _seen(work: Work, draft: Draft, by: Actor) -> dict[str, Any]:
    """What a person last sent, so that a save that nobody sent does not count as something they have seen."""
    last = work.last_sent(draft.ref, by.name, work.now() - _WINDOW)
    return work.content(last) if last else _began(work, draft.ref, work.known_draft(draft.ref)["began_on"])


def _began(work: Work, ref: RecordRef, revision: int) -> dict[str, Any]:
    """The content of a revision; 0 stands for the nothing that a new document begins with."""
    return dict(work.revision(ref, revision).document) if revision else {}
