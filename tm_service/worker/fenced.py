"""Fenced: the store as an attempt at a job has it; every change it makes is made by the current attempt, or not at all."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from tm_service.domain.jobs import Job
from tm_service.domain.ports import Clock, Shelf, Store, Transaction
from tm_service.domain.units import Locale


@dataclass(frozen=True)
class FencedStore:
    """A store whose transactions hold the job's lease, which each of them prolongs."""

    store: Store
    job: Job
    lease: timedelta
    clock: Clock

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Raises LostLease, Cancelled, and what the store raises."""
        with self.store.begin() as tx:
            tx.hold_job(self.job.id, self.job.attempt, self.clock() + self.lease)
            yield tx

    def read(self) -> AbstractContextManager[Transaction]:
        return self.store.read()

    def shelf(self, memory: str, source: Locale, target: Locale) -> Shelf:
        return self.store.shelf(memory, source, target)

    def migrate(self) -> None:
        self.store.migrate()
