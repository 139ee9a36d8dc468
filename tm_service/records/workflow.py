"""Workflow: a draft is requested, approved or rejected, and published; each step with who, when and why."""

from tm_service.domain.drafts import Draft, Stage, Step, Undecided
from tm_service.domain.errors import Conflict
from tm_service.domain.records import Actor, RecordEntry, RecordRef
from tm_service.records.base import Work, are_free
from tm_service.records.content import keep
from tm_service.records.documents import entry_of
from tm_service.records.drafting import Drafting
from tm_service.records.naming import government_of
from tm_service.records.publishing import Publishing, give_up
from tm_service.records.rights import Owned, is_administrator, refusal


class Workflow(Drafting, Publishing):
    def request(self, ref: RecordRef, *, by: Actor, why: str = "") -> Draft:
        with self.writing() as work:
            draft, owned = self._draft_of(work, ref, by)
            owned.writing(by)
            are_free(work, [ref], by)
            draft = self._ready(work, draft, by)
            if not draft.clashes:
                work.end_lock(ref)
                self._step(work, draft, Stage.REQUESTED, by, why, requested_by=by.name)
            after = work.draft(ref)
        return _decided(after)

    def withdraw(self, ref: RecordRef, *, by: Actor, why: str = "") -> Draft:
        with self.writing() as work:
            draft, owned = self._draft_of(work, ref, by)
            _is(draft, Stage.REQUESTED, Stage.APPROVED)
            if by.name != draft.requested_by and not is_administrator(by):
                raise refusal(by, f"withdraw the request of {draft.requested_by} for", owned)
            self._step(work, draft, Stage.DRAFT, by, why, requested_by="")
            return work.draft(ref)

    def approve(self, ref: RecordRef, *, by: Actor, why: str = "") -> Draft:
        with self.writing() as work:
            draft, owned = self._draft_of(work, ref, by)
            _is(draft, Stage.REQUESTED)
            owned.approving(by, draft.requested_by)
            self.valid(ref, draft.document)
            self._step(work, draft, Stage.APPROVED, by, why)
            return work.draft(ref)

    def reject(self, ref: RecordRef, *, by: Actor, why: str) -> Draft:
        with self.writing() as work:
            draft, owned = self._draft_of(work, ref, by)
            _is(draft, Stage.REQUESTED, Stage.APPROVED)
            owned.approving(by, "")
            if not why.strip():
                raise Conflict("A rejection needs its reasons; say what has to be changed.")
            self._step(work, draft, Stage.REJECTED, by, why, requested_by="")
            return work.draft(ref)

    def publish(self, ref: RecordRef, *, by: Actor, why: str = "") -> RecordEntry:
        with self.writing() as work:
            draft, owned = self._draft_of(work, ref, by)
            self._may_publish(work, draft, owned, by)
            draft = self._ready(work, draft, by)
            if not draft.clashes:
                self._publish(
                    work,
                    [(work.known(ref), keep(draft.document))],
                    by,
                    why or (draft.why if draft.stage is Stage.APPROVED else ""),
                )
                give_up(work, ref)
            elif draft.stage is not Stage.DRAFT:
                self._step(
                    work, draft, Stage.DRAFT, by, "What was published meanwhile changed the same.", requested_by=""
                )
            entry = entry_of(work.known(ref))
        _decided(draft)
        return entry

    def _draft_of(self, work: Work, ref: RecordRef, by: Actor) -> tuple[Draft, Owned]:
        draft = work.draft(ref)
        return draft, self.owned(ref, work.known(ref), draft.document, by)

    def _ready(self, work: Work, draft: Draft, by: Actor) -> Draft:
        """The draft, brought up to what is published; it has clashes, or it is valid. Raises Invalid, Undecided."""
        _decided(draft)
        ready = self.rebased(work, draft, by)
        if not ready.clashes:
            self.valid(ready.ref, ready.document)
        return ready

    def _may_publish(self, work: Work, draft: Draft, owned: Owned, by: Actor) -> None:
        if draft.stage is Stage.APPROVED:
            owned.approving(by, "")
            return
        _is(draft, Stage.DRAFT)
        owned.publishing(by)
        owned.keeping(by, government_of(draft.document))
        are_free(work, [draft.ref], by)

    @staticmethod
    def _step(work: Work, draft: Draft, stage: Stage, by: Actor, why: str, **changed: object) -> None:
        kept = Stage.DRAFT if stage is Stage.REJECTED else stage
        work.change_draft(draft.ref, stage=kept.value, why=why, **changed)
        work.note([Step(draft.ref, stage, work.now(), by.name, why, draft=draft.number)])


def _is(draft: Draft, *stages: Stage) -> None:
    if draft.stage not in stages:
        wanted = " or ".join(stages)
        raise Conflict(f"The draft of {draft.ref.kind} {draft.ref.identifier} is at stage {draft.stage}, not {wanted}.")


def _decided(draft: Draft) -> Draft:
    """Raises Undecided where clashes are open."""
    if draft.clashes:
        places = ", ".join("/".join(one.place) for one in draft.clashes)
        raise Undecided(
            f"Two people changed the same in {draft.ref.kind} {draft.ref.identifier}; decide: {places}.", draft.clashes
        )
    return draft
