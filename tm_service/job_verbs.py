"""Job verbs: work that is asked for now and done by whoever is free, between the doors and the store."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from tm_service.domain import schedule
from tm_service.domain.jobs import (
    OF_HOUSE,
    Arguments,
    Job,
    JobKind,
    JobStatus,
    asked_again,
    cancelled,
    refuse_arguments,
)
from tm_service.domain.permissions import Place, place_text
from tm_service.domain.ports import Clock, Store, Transaction
from tm_service.domain.site import Site
from tm_service.tracing import leads_to

_RECENT, _FAILED = timedelta(days=14), 100  # in which somebody looks at a job that failed, and how many of them
_KEPT = timedelta(days=30)  # longer than any slot of the schedule, whose key a job keeps

_log = logging.getLogger("tm_service.jobs")


@dataclass(frozen=True)
class JobVerbs:
    """What a door may ask of jobs; one method a verb."""

    site: Callable[[str], Site]
    store: Store
    clock: Clock
    hint: Callable[[Job], None]

    def ask(
        self,
        kind: JobKind,
        site: str,
        arguments: Arguments,
        *,
        by: str,
        key: str = "",
        due: datetime | None = None,
        beside: Callable[[Transaction], object] | None = None,
    ) -> Job:
        """Ask for a job; who asks again with the same `key` gets the same. `due` is when it may begin, None for at once.

        `beside` is done in the same transaction, where the job is new. Raises NotFound, ConfigurationError, Conflict where the
        key was used for something else, and what `beside` raises; then there is no job.
        """
        made = self._made(kind, site, arguments, by=by, key=key, due=due)
        with self.store.begin() as tx:
            asked = tx.ask_job(made)
            if beside and asked.id == made.id:
                beside(tx)
        return self._told(asked)

    def ask_take_in(
        self,
        name: str,
        content: bytes,
        *,
        by: str,
        key: str = "",
        places: Collection[Place] | None = None,
    ) -> Job:
        """Ask that a return be taken in; the file is kept with the job, in one transaction.

        `places` are the sites and locales whose packages it may return, for who sends it may not send others; None for all.
        """
        only: Arguments = {} if places is None else {"places": sorted(map(place_text, places))}
        with self.store.begin() as tx:
            (digest,) = tx.put_blobs([content])
            made = self._made(JobKind.TAKE_IN, "", {"name": name, "digest": digest, **only}, by=by, key=key)
            asked = tx.ask_job(made)
        return self._told(asked)

    def ask_due(
        self,
        sites: Collection[str],
        asked: frozenset[str] = frozenset(),
        known: Collection[schedule.Recurring] = schedule.USUAL,
    ) -> frozenset[str]:
        """Ask for what is done again and again, as far as its time has come; whoever else asks for it gets the same job.

        `asked` is what the time before gave, the keys of the present slots, for which nothing is asked again.
        """
        slots = list(schedule.due(self.clock(), sites, known))
        for slot in slots:
            if slot.key not in asked:
                self.ask(slot.kind, slot.site, {}, by=schedule.BY, key=slot.key)
        return frozenset(slot.key for slot in slots)

    def _told(self, job: Job) -> Job:
        """Once it is kept, workers may hear of it; a hint of what is not there would be for nobody."""
        leads_to(job.id)
        _log.info("job %s (%s %s) is asked for", job.id, job.kind, job.site, extra={"job": job.id, "site": job.site})
        if job.status is JobStatus.WAITING:
            self.hint(job)
        return job

    def _made(
        self, kind: JobKind, site: str, arguments: Arguments, *, by: str, key: str, due: datetime | None = None
    ) -> Job:
        if site:
            self.site(site)
        refuse_arguments(kind, arguments)
        number, now = uuid4().hex, self.clock()
        name = sha256(f"{by}\n{key}".encode("utf-8", "surrogatepass")).hexdigest() if key else number
        return Job(number, kind, site, dict(arguments), name, by, now, due or now)

    def find(self, job_id: str) -> Job:
        """Raises NotFound."""
        with self.store.read() as tx:
            return tx.job(job_id)

    def listed(
        self,
        site: str = "",
        *,
        kinds: Collection[JobKind] = (),
        statuses: Collection[JobStatus] = (),
        before: str = "",
        most: int = 50,
    ) -> Sequence[Job]:
        """The newest first; the page after a job where one is named by its id. Raises NotFound where there is none."""
        with self.store.read() as tx:
            return tx.jobs(site, kinds=kinds, statuses=statuses, before=before, most=most)

    def failed(self, site: str) -> Sequence[Job]:
        """What failed of late and a person has to look at, the newest first; for "" what the house asked of itself."""
        kinds = () if site else OF_HOUSE
        with self.store.read() as tx:
            found = tx.jobs(site, kinds=kinds, statuses=[JobStatus.FAILED], before="", most=_FAILED)
        since = self.clock() - _RECENT
        return [job for job in found if job.site == site and job.ended is not None and job.ended >= since]

    def forget(self) -> int:
        """Forget what the house asked of itself, once it was done a month ago; how many jobs that were.

        What others asked for stays: who asks again under a key, or sends a hook again, gets the job of then.
        """
        with self.store.begin() as tx:
            return tx.forget_jobs(schedule.BY, self.clock() - _KEPT)

    def cancel(self, job_id: str) -> Job:
        """Take a job back: at once where nobody is at it, else before its next change. Raises NotFound, Conflict."""
        return self._become(job_id, cancelled)

    def ask_again(self, job_id: str) -> Job:
        """Give what failed or was cancelled all its tries again. Raises NotFound, Conflict."""
        return self._told(self._become(job_id, asked_again))

    def _become(self, job_id: str, change: Callable[[Job, datetime], Job]) -> Job:
        with self.store.begin() as tx:
            found = tx.job(job_id)
            made = change(found, self.clock())
            tx.save_job(made, found.attempt)
            if made.parts != found.parts:
                tx.save_parts(made.parts)
            return tx.job(job_id)
