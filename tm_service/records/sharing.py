"""Sharing: locks that run out, and links by which a draft is read without an account."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import uuid4

from tm_service.domain.drafts import Draft, Issued, Lock, Share
from tm_service.domain.errors import Conflict, NotAllowed, NotFound
from tm_service.domain.records import Actor, RecordRef
from tm_service.records.base import Base, Work, are_free
from tm_service.records.rights import is_administrator

_BYTES = 32  # of chance in a token
_LONGEST_LOCK = 86_400  # seconds
_LONGEST_SHARE = 366 * 86_400


class Sharing(Base):
    def lock(self, ref: RecordRef, *, by: Actor, seconds: int = 300) -> Lock:
        with self.writing() as work:
            self._writes(work, ref, by)
            are_free(work, [ref], by)
            now, held = work.now(), work.lock(ref)
            lock = held or Lock(ref, uuid4().hex, by.name, now, now)
            lock = replace(lock, until=now + _span(seconds, _LONGEST_LOCK))
            work.put_lock(lock)
            return lock

    def locked(self, ref: RecordRef) -> Lock | None:
        with self.reading() as work:
            work.known(ref)
            return work.lock(ref)

    def unlock(self, ref: RecordRef, *, by: Actor) -> None:
        with self.writing() as work:
            work.known(ref)
            held = work.lock(ref)
            if held is not None and held.holder != by.name and not is_administrator(by):
                raise NotAllowed(
                    f"{held.holder} has {ref.kind} {ref.identifier} locked; only they or an administrator let go."
                )
            work.end_lock(ref)

    def share(self, ref: RecordRef, *, by: Actor, seconds: int = 604_800, uses: int = 0) -> Issued:
        with self.writing() as work:
            work.known_draft(ref)
            self._writes(work, ref, by)
            if uses < 0:
                raise Conflict(f"A link cannot be used {uses} times; name a number, or 0 for any.")
            token = token_urlsafe(_BYTES)
            until = work.now() + _span(seconds, _LONGEST_SHARE)
            return Issued(work.add_share(ref, _digest(token), by.name, until, uses), token)

    def shared(self, token: str) -> Draft:
        with self.writing() as work:
            identifier = work.use_share(_digest(token))
            if identifier is None:
                raise NotFound("This link leads nowhere, or no longer; ask who sent it for another.")
            draft = work.draft(work.find(identifier))
        document = self._public(self.schema(draft.ref.kind), draft.document)
        return replace(draft, document=document, clashes=(), why="")

    def shares(self, ref: RecordRef, *, by: Actor) -> Sequence[Share]:
        with self.reading() as work:
            self._writes(work, ref, by)
            return work.shares(ref)

    def revoke(self, ref: RecordRef, share: int, *, by: Actor) -> None:
        with self.writing() as work:
            self._writes(work, ref, by)
            work.revoke(work.share(ref, share).ref, share)

    def _writes(self, work: Work, ref: RecordRef, by: Actor) -> None:
        """Raises NotFound, NotAllowed but for who may write the document."""
        row = work.known(ref)
        draft = work.draft_row(ref)
        document = work.content(draft["digest"] if draft is not None else row["digest"])
        self.owned(ref, row, document, by).writing(by)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _span(seconds: int, longest: int) -> timedelta:
    if not 0 < seconds <= longest:
        raise Conflict(f"{seconds} seconds is no time to hold; name 1 to {longest}.")
    return timedelta(seconds=seconds)
