"""Jobs: what was asked for, who is at it, and what came of it; the fence stands in the same transaction as the effect."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, and_, delete, exists, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.job_parts import is_parted, joined
from tm_service.domain.jobs import Cancelled, Effect, Job, JobKind, JobStatus, LostLease, taken
from tm_service.domain.sentences import JOB_CANCELLED
from tm_service.storage.audit import Audit
from tm_service.storage.job_tables import job, job_effect
from tm_service.storage.rows import dump

_WRITTEN = ("arguments", "result")  # as JSON
_COLUMNS = tuple(one.name for one in fields(Job) if one.name not in ("effects", "parts"))


class Jobs(Audit):
    held = ""  # the job that this transaction is tied to

    def ask_job(self, asked: Job) -> Job:
        inserted = self.insert(job).values(_row(asked)).on_conflict_do_nothing(index_elements=["key"])
        if self.connection.execute(inserted).rowcount == 1:
            return asked
        row = self.connection.execute(select(job).where(job.c.key == asked.key)).mappings().one()
        known = _job(row)
        if (known.kind, known.site, known.arguments) != (asked.kind, asked.site, json.loads(dump(asked.arguments))):
            raise Conflict(f"The key {asked.key} was used for another job, {known.id}; use a new one.")
        return known

    def take_job(self, worker: str, now: datetime, lease: timedelta, kinds: Collection[JobKind]) -> Job | None:
        while True:
            row = self.connection.execute(_next(now, kinds)).mappings().first()
            if row is None:
                return None
            found = taken(_job(row), worker, now, lease)
            try:
                with self.connection.begin_nested():
                    self._save(found)
            except IntegrityError:  # another worker has just taken up this site, or this lane of it
                return None
            if not found.is_over:
                return replace(found, effects=self._effects(found.id))

    def hold_job(self, job_id: str, attempt: int, until: datetime) -> None:
        mine = and_(job.c.id == job_id, job.c.attempt == attempt, job.c.status == JobStatus.RUNNING, job.c.worker != "")
        if self.connection.execute(update(job).where(mine).values(lease=until)).rowcount == 0:
            raise LostLease(f"Attempt {attempt} of job {job_id} is over; what it has not done it leaves to the next.")
        if self.connection.execute(select(job.c.cancelling).where(job.c.id == job_id)).scalar():
            raise Cancelled(JOB_CANCELLED.say(job=job_id))
        self.held = job_id

    def note(self, site: str, verb: str, details: Mapping[str, object], at: datetime) -> None:
        super().note(site, verb, details, at)
        if self.held:
            kept = {name: details[name] for name in details if name != "by"}  # people are named in the journal alone
            self.connection.execute(job_effect.insert(), {"job": self.held, "verb": verb, "details": dump(kept)})

    def tell_job(self, job_id: str, attempt: int, done: int, total: int) -> None:
        mine = and_(job.c.id == job_id, job.c.attempt == attempt)
        self.connection.execute(update(job).where(mine).values(done=done, total=total))

    def save_job(self, made: Job, attempt: int) -> None:
        self._save(made, attempt)

    def save_parts(self, parts: Sequence[Job]) -> None:
        for part in parts:
            row = _row(part)
            self.connection.execute(self.insert(job).values(row).on_conflict_do_update(index_elements=["id"], set_=row))
        for parent in {part.parent for part in parts if part.is_over}:
            self._join(parent)

    def job(self, job_id: str) -> Job:
        row = self.connection.execute(select(job).where(job.c.id == job_id)).mappings().first()
        if row is None:
            raise _no_job(job_id)
        return replace(_job(row), effects=self._effects(job_id), parts=self._parts(job_id))

    def jobs(
        self,
        site: str = "",
        *,
        kinds: Collection[JobKind] = (),
        statuses: Collection[JobStatus] = (),
        before: str = "",
        most: int = 50,
    ) -> Sequence[Job]:
        query = select(job).where(job.c.parent == "").order_by(job.c.number.desc()).limit(most)
        if site:
            query = query.where(job.c.site == site)
        if kinds:
            query = query.where(job.c.kind.in_(kinds))
        if statuses:
            query = query.where(job.c.status.in_(statuses))
        if before:
            query = query.where(job.c.number < self._number(before))
        return [_job(row) for row in self.connection.execute(query).mappings()]

    def _number(self, job_id: str) -> int:
        """Where a job stands among the others. Raises NotFound: a list from nowhere on would be taken for its end."""
        found = self.connection.scalar(select(job.c.number).where(job.c.id == job_id))
        if found is None:
            raise _no_job(job_id)
        return int(found)

    def forget_jobs(self, by: str, before: datetime) -> int:
        over = and_(job.c.by == by, job.c.status == JobStatus.DONE, job.c.ended < before)
        self.connection.execute(delete(job_effect).where(job_effect.c.job.in_(select(job.c.id).where(over))))
        return self.connection.execute(delete(job).where(over)).rowcount

    def _save(self, made: Job, attempt: int | None = None) -> None:
        wanted = job.c.id == made.id
        if attempt is not None:
            wanted = and_(wanted, job.c.attempt == attempt)
        if self.connection.execute(update(job).where(wanted).values(_row(made))).rowcount == 0:
            raise LostLease(f"Attempt {attempt} of job {made.id} is over; another has begun.")
        if made.parent and made.is_over:
            self._join(made.parent)
        elif made.status is JobStatus.FAILED and made.ended:
            self.note(made.site, "job failed", {"job": made.id, "kind": made.kind}, made.ended)

    def _join(self, parent: str) -> None:
        """Let a parted job tell how far its parts are, and end with the last of them."""
        found = self.job(parent)
        if is_parted(found):
            now = max((part.ended for part in found.parts if part.ended), default=found.asked)
            self._save(joined(found, now), found.attempt)

    def _parts(self, job_id: str) -> tuple[Job, ...]:
        rows = self.connection.execute(select(job).where(job.c.parent == job_id).order_by(job.c.number)).mappings()
        return tuple(_job(row) for row in rows)

    def _effects(self, job_id: str) -> tuple[Effect, ...]:
        """What it changed, and then what its parts did, one after the other."""
        mine = or_(job.c.id == job_id, job.c.parent == job_id)
        query = select(job_effect).join(job, job.c.id == job_effect.c.job).where(mine)
        rows = self.connection.execute(query.order_by(job.c.number, job_effect.c.number)).mappings()
        return tuple(Effect(row["verb"], json.loads(row["details"])) for row in rows)


def _no_job(job_id: str) -> NotFound:
    return NotFound(f"There is no job {job_id}.")


def _next(now: datetime, kinds: Collection[JobKind]) -> Any:
    """What to do next: jobs of lost workers, and then those that wait, the longest due first; each row by one worker only."""
    at = job.alias()
    beside = exists().where(at.c.status == JobStatus.RUNNING, at.c.site == job.c.site, at.c.lane == job.c.lane)
    is_lost = and_(job.c.status == JobStatus.RUNNING, job.c.lease < now)
    come = or_(
        job.c.due <= now, job.c.due == job.c.asked
    )  # asked for at once, it is due whatever the clock went back to
    is_due = and_(job.c.status == JobStatus.WAITING, come, or_(job.c.site == "", not_(beside)))
    query = select(job).where(or_(is_lost, is_due), job.c.kind.in_(kinds))
    return query.order_by(job.c.status, job.c.due, job.c.number).limit(1).with_for_update(skip_locked=True)


def _row(made: Job) -> dict[str, Any]:
    row = {name: getattr(made, name) for name in _COLUMNS}
    return row | {name: dump(row[name]) for name in _WRITTEN} | {"status": made.status.value, "kind": made.kind.value}


def _job(row: RowMapping) -> Job:
    known = {name: row[name] for name in _COLUMNS}
    known |= {name: json.loads(row[name]) for name in _WRITTEN}
    return Job(**known | {"kind": JobKind(row["kind"]), "status": JobStatus(row["status"])})
