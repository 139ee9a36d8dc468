"""Runner: takes up what is due, keeps its lease while it is done, and notes what it came to."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event, Thread

from tm_service.domain.audit import Caller, Door, acting
from tm_service.domain.errors import ServiceError
from tm_service.domain.jobs import Job, JobKind, LostLease, after, finished
from tm_service.service import Service
from tm_service.worker.fenced import FencedStore
from tm_service.worker.tasks import Result, done

LEASE = timedelta(seconds=60)
_BEATS = 3  # in the time of a lease
_LONGEST_NAP = 30.0  # seconds, where the store does not answer

_log = logging.getLogger("tm_service.worker")


@dataclass
class _Progress:
    """What an attempt says of how far it is, until the next beat takes it."""

    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


@dataclass(frozen=True)
class Worker:
    """One thread's work; `name` says who and where, `kinds` what is taken up."""

    service: Service
    name: str
    kinds: Collection[JobKind] = tuple(JobKind)
    lease: timedelta = LEASE
    stop: Event = field(default_factory=Event)

    def run(self, nap: float = 1.0, *, until_idle: bool = False) -> None:
        """Do what is due until `stop` is set, or until nothing is due; look again after `nap` seconds."""
        pause = nap
        while not self.stop.is_set():
            try:
                job = self.run_next()
            except Exception as error:  # noqa: BLE001 - the store itself: nothing was taken up, or the lease runs out
                _log.warning("%s", error, exc_info=None if isinstance(error, ServiceError) else error)
                pause = min(pause * 2, _LONGEST_NAP)
                self.stop.wait(pause)
                continue
            pause = nap
            if job is None:
                if until_idle:
                    return
                self.stop.wait(nap)

    def run_next(self) -> Job | None:
        """Take up one job and do it; the job as it stands then, None where none is due. Raises ServiceError of the store."""
        with self.service.store.begin() as tx:
            job = tx.take_job(self.name, self._now(), self.lease, self.kinds)
        if job is None:
            return None
        _log.info("job %s (%s %s) attempt %d", job.id, job.kind, job.site, job.attempt)
        made = self._attempted(job)
        if made is None:
            return job
        try:
            with self.service.store.begin() as tx:
                tx.save_job(made, job.attempt)
        except LostLease as lost:
            _log.warning("%s", lost)
            return job
        return made

    def _attempted(self, job: Job) -> Job | None:
        """A job as its attempt leaves it; None where the attempt is no longer ours to speak of."""
        progress = _Progress()
        try:
            with self._kept(job, progress), acting(self._caller(job)):
                result: Result = done(self._fenced(job), job, progress.tell)
        except LostLease as lost:
            _log.warning("%s", lost)
            return None
        except ServiceError as error:
            _log.info("job %s: %s", job.id, error)
            return after(job, error, self._now(), said=str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours in one job keeps no other from being done
            _log.exception("job %s", job.id)
            said = f"The program failed ({type(error).__name__}); its log says where."
            return after(job, error, self._now(), said=said)
        told = replace(job, done=progress.done, total=progress.total)
        return finished(told, result, self._now())

    def _caller(self, job: Job) -> Caller:
        """For whom the journal says that this is done: who asked for it."""
        return Caller(job.by, door=Door.WORKER, address=self.name, request=job.id)

    def _fenced(self, job: Job) -> Service:
        return replace(self.service, store=FencedStore(self.service.store, job, self.lease, self.service.clock))

    @contextmanager
    def _kept(self, job: Job, progress: _Progress) -> Iterator[None]:
        """Prolong the lease while the block lasts."""
        over = Event()
        beating = Thread(target=self._beat, args=(job, progress, over), name=f"lease-{job.id}", daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join(self.lease.total_seconds())

    def _beat(self, job: Job, progress: _Progress, over: Event) -> None:
        """A beat that fails is left out: the fence decides, not the clock."""
        while not over.wait(self.lease.total_seconds() / _BEATS):
            with suppress(ServiceError), self.service.store.begin() as tx:
                tx.hold_job(job.id, job.attempt, self._now() + self.lease)
                tx.tell_job(job.id, job.attempt, progress.done, progress.total)

    def _now(self) -> datetime:
        return self.service.clock()
