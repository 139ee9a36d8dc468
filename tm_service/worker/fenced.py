"""Fenced: the store as an attempt at a job has it; every change it makes is made by the current attempt, or not at all."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from tm_service.domain.jobs import Job
from tm_service.domain.ports import Clock, Shelf, Store, Transaction, Turn
from tm_service.domain.units import Locale


@dataclass
class Progress:
    """What an attempt says of how far it is, until the end of its next transaction or the next beat takes it."""

    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def of(self, job: Job) -> Job:
        return replace(job, done=self.done, total=self.total)


@dataclass(frozen=True)
class FencedStore:
    """A store whose transactions hold the job's lease, which each of them prolongs at its beginning and at its end."""

    store: Store
    job: Job
    lease: timedelta
    clock: Clock
    progress: Progress

    @contextmanager
    def begin(self, turn: Turn = Turn.HOUSE) -> Iterator[Transaction]:
        """Raises LostLease, Cancelled, and what the store raises."""
        with self.store.begin(turn) as tx:
            self._hold(tx)
            yield tx
            # No beat came through meanwhile: this transaction was the writer.
            self._hold(tx)
            tx.tell_job(self.job.id, self.job.attempt, self.progress.done, self.progress.total)

    def _hold(self, tx: Transaction) -> None:
        tx.hold_job(self.job.id, self.job.attempt, self.clock() + self.lease)

    def read(self) -> AbstractContextManager[Transaction]:
        return self.store.read()

    def shelf(self, memory: str, source: Locale, target: Locale) -> Shelf:
        return self.store.shelf(memory, source, target)

    def migrate(self) -> None:
        self.store.migrate()
