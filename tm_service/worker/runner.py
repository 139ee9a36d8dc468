"""Runner: takes up what is due, keeps its lease while it is done, and notes what it came to."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event, Thread
from time import perf_counter

from tm_service.domain.audit import Caller, CallerKind, Door, acting, asked_by
from tm_service.domain.errors import Conflict, ConnectorError, ServiceError, machine_refused
from tm_service.domain.job_parts import Parted, parted
from tm_service.domain.jobs import Cancelled, Job, JobKind, JobStatus, LostLease, after, finished, given_back
from tm_service.domain.ports import Transaction
from tm_service.domain.sentences import JOB_CANCELLED, PROGRAM_FAILED
from tm_service.service import Service
from tm_service.telemetry import about
from tm_service.tracing import attempting
from tm_service.worker.fenced import FencedStore, Progress
from tm_service.worker.tasks import done
from tm_service.worker.timekeeper import Timekeeper

LEASE = timedelta(minutes=5)  # longer than a transaction with a push in it, in which no beat comes through
_BEATS = 15  # in the time of a lease
_AT_ONCE = 10  # messages between two jobs
_LONGEST_NAP = 30.0  # seconds, where the store does not answer
_AGAIN = 1.0  # seconds until it is told again what a job came to

_log = logging.getLogger("tm_service.worker")


@dataclass(frozen=True)
class Worker:
    """One thread's work; `name` says who and where, `kinds` what is taken up."""

    service: Service
    name: str
    kinds: Collection[JobKind] = tuple(JobKind)
    lease: timedelta = LEASE
    stop: Event = field(default_factory=Event)
    at: dict[str, Job] = field(default_factory=dict)  # what it is doing now, by id
    timekeeper: Timekeeper | None = None  # of one that also asks for what is due again and again

    def run(self, nap: float = 1.0, *, until_idle: bool = False) -> None:
        """Do what is due until `stop` is set, or until nothing is due; look again after `nap` seconds."""
        pause = nap
        while not self.stop.is_set():
            try:
                if self.timekeeper:
                    self.timekeeper.look()
                job, sent = self.run_next(), self.send()
            except Exception as error:  # noqa: BLE001 - the store itself: nothing was taken up, or the lease runs out
                _log.warning("%s", error, exc_info=None if isinstance(error, ServiceError) else error)
                pause = min(pause * 2, _LONGEST_NAP)
                self.stop.wait(pause)
                continue
            pause = nap
            if job is None and not sent:
                if until_idle:
                    return
                self.stop.wait(nap)

    def send(self) -> int:
        """Send a few messages that others wait for, so that no job waits long for a slow server; how many there were."""
        sent = 0
        with acting(self._house()):
            while sent < _AT_ONCE and not self.stop.is_set() and self.service.webhooks.send_next():
                sent += 1
        return sent

    def run_next(self) -> Job | None:
        """Take up one job and do it; the job as it stands then, None where none is due. Raises ServiceError of the store."""
        with acting(self._house()), self.service.store.begin() as tx:
            job = tx.take_job(self.name, self._now(), self.lease, self.kinds)
        if job is None:
            return None
        self.at[job.id] = job
        try:
            with (
                about(job=job.id, kind=job.kind.value, site=job.site, attempt=job.attempt),
                attempting(job.id, job.kind.value, job.site, job.attempt),
                acting(self._caller(job)),
            ):
                return self._told(job)
        finally:
            del self.at[job.id]

    def _told(self, job: Job) -> Job:
        """A job as it stands after an attempt, of which the log tells when it began, how it ended and how long it took."""
        _log.info("job %s (%s %s) attempt %d", job.id, job.kind, job.site, job.attempt)
        began = perf_counter()
        made = self._run(job)
        _log.info("job %s is %s", job.id, made.status, extra={"duration_ms": round((perf_counter() - began) * 1000, 1)})
        return made

    def _run(self, job: Job) -> Job:
        made = self._attempted(job)
        if made is None:
            return job
        try:
            noted = self._save(made, job)
        except LostLease as lost:
            _log.warning("%s", lost)
            return job
        for part in noted.parts:
            if part.status is JobStatus.WAITING:
                self.service.hint(part)
        return noted

    def give_back(self) -> list[str]:
        """Let others take up at once what this worker is at, by id; what it still does has no effect, for the fence is shut."""
        given = []
        for job in tuple(self.at.values()):
            with suppress(ServiceError), self.service.store.begin() as tx:
                found = tx.job(job.id)
                if (found.status, found.attempt, found.worker) == (JobStatus.RUNNING, job.attempt, job.worker):
                    tx.save_job(given_back(found, self._now()), job.attempt)
                    given.append(job.id)
        return given

    def _save(self, made: Job | Parted, job: Job) -> Job:
        """Note what an attempt came to; a store that is away is asked again while the lease lasts, which the fence allows.

        The job as it was noted. Raises LostLease, ConnectorError, Conflict.
        """
        end = self._now() + self.lease
        while True:
            try:
                with self.service.store.begin() as tx:
                    return self._noted(tx, made, job)
            except LostLease:
                raise
            except (ConnectorError, Conflict) as error:
                if self._now() > end or self.stop.wait(_AGAIN):
                    raise
                _log.warning("job %s is not noted yet: %s", job.id, error)

    def _noted(self, tx: Transaction, made: Job | Parted, job: Job) -> Job:
        """What was asked while the attempt ran is not forgotten: a job that is not done is cancelled. Raises LostLease."""
        found = tx.job(job.id)
        if (found.status, found.attempt, found.worker) != (JobStatus.RUNNING, job.attempt, job.worker):
            raise LostLease(f"Attempt {job.attempt} of job {job.id} is over; what it came to is not noted.")
        if isinstance(made, Parted) and not found.cancelling:
            made = parted(found, made, self._now())
            tx.save_job(made, job.attempt)
            tx.save_parts(made.parts)
            return tx.job(job.id)
        made = found if isinstance(made, Parted) else made
        if found.cancelling and made.status is not JobStatus.DONE:
            cancelled = Cancelled(JOB_CANCELLED.say(job=job.id))
            made = after(replace(found, done=made.done, total=made.total), cancelled, self._now(), said=made.error)
        tx.save_job(made, job.attempt)
        return made

    def _attempted(self, job: Job) -> Job | Parted | None:
        """A job as its attempt leaves it, or its parts; None where the attempt is no longer ours to speak of."""
        progress = Progress()
        try:
            with self._kept(job, progress):
                result = done(self._fenced(job, progress), job, progress.tell)
        except LostLease as lost:
            _log.warning("%s", lost)
            return None
        except ServiceError as error:
            _log.info("job %s: %s", job.id, error)
            return after(progress.of(job), error, self._now(), said=str(error))
        except OSError as error:
            said = machine_refused(error)
            _log.warning("job %s: %s", job.id, said)
            return after(progress.of(job), error, self._now(), said=said)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one job keeps no other from being done
            _log.exception("job %s", job.id)
            said = PROGRAM_FAILED.say(error=type(error).__name__)
            return after(progress.of(job), error, self._now(), said=said)
        if isinstance(result, Parted):
            return result
        return finished(progress.of(job), result, self._now())

    def _caller(self, job: Job) -> Caller:
        """For whom the journal says that this is done: who asked for it."""
        return asked_by(job.by, Door.WORKER, self.name, job.id)

    def _house(self) -> Caller:
        """Who does what nobody in particular asked for."""
        return Caller("tm-service", CallerKind.SYSTEM, Door.WORKER, self.name)

    def _fenced(self, job: Job, progress: Progress) -> Service:
        store = FencedStore(self.service.store, job, self.lease, self.service.clock, progress)
        return replace(self.service, store=store)

    @contextmanager
    def _kept(self, job: Job, progress: Progress) -> Iterator[None]:
        """Prolong the lease while the block lasts."""
        over = Event()
        beating = Thread(target=self._beat, args=(job, progress, over), name=f"lease-{job.id}", daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join(self.lease.total_seconds())

    def _beat(self, job: Job, progress: Progress, over: Event) -> None:
        """A beat that fails is left out: the fence decides, not the clock."""
        while not over.wait(self.lease.total_seconds() / _BEATS):
            with suppress(ServiceError), self.service.store.begin() as tx:
                tx.hold_job(job.id, job.attempt, self._now() + self.lease)
                tx.tell_job(job.id, job.attempt, progress.done, progress.total)

    def _now(self) -> datetime:
        return self.service.clock()
