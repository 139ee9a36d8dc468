"""Watch: everybody who waits for jobs, told by one look at the table of jobs for all of them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from tm_service.domain.errors import NotFound, ServiceError
from tm_service.domain.jobs import Job
from tm_service.service import Service

_EVERY = 0.3  # seconds between two looks
_BETWEEN = 15.0  # seconds without news after which a listener is told that the line is good


@dataclass
class Watch:
    """Jobs that somebody waits for; it looks only while somebody does."""

    service: Service
    leaving: Event
    listeners: dict[str, set[asyncio.Queue[Job]]] = field(default_factory=lambda: defaultdict(set))
    looking: asyncio.Task[None] | None = None

    async def changes(self, job: Job) -> AsyncIterator[Job | None]:
        """The job as it was found and after each change, until it is over; None where nothing was new for a while.

        Ends when the house is left.
        """
        yield job
        job_id, heard = job.id, asyncio.Queue[Job]()
        self.listeners[job_id].add(heard)
        try:
            while not job.is_over and not self.leaving.is_set():
                self._look()
                try:
                    found = await asyncio.wait_for(heard.get(), _BETWEEN)
                except TimeoutError:
                    yield None
                    continue
                if found != job:
                    job = found
                    yield job
        finally:
            self.listeners[job_id].discard(heard)
            if not self.listeners[job_id]:
                del self.listeners[job_id]

    async def over(self, job_id: str, seconds: float) -> Job:
        """The job once it is over, or as it is after so many seconds. Raises NotFound."""
        job = await run_in_threadpool(self.service.jobs.find, job_id)
        if seconds <= 0 or job.is_over:
            return job
        try:
            async with asyncio.timeout(seconds):
                async for found in self.changes(job):
                    job = found or job
        except TimeoutError:
            pass
        return job

    def _look(self) -> None:
        if self.looking is None or self.looking.done():
            self.looking = asyncio.create_task(self._look_again())

    async def _look_again(self) -> None:
        known: dict[str, Job] = {}
        while self.listeners:
            await asyncio.sleep(_EVERY)
            try:
                found = await run_in_threadpool(self._found, frozenset(self.listeners))
            except ServiceError:
                continue  # the store is away; it is asked again
            for job in found:
                if known.get(job.id) != job or job.is_over or self.leaving.is_set():
                    known[job.id] = job
                    for heard in self.listeners.get(job.id, ()):
                        heard.put_nowait(job)

    def _found(self, ids: Collection[str]) -> list[Job]:
        """Those that are there: who waits for one that is not keeps nobody else waiting."""
        found = []
        with self.service.store.read() as tx:
            for one in sorted(ids):
                with suppress(NotFound):
                    found.append(tx.job(one))
        return found


def watch_of(request: Request) -> Watch:
    return cast("Watch", request.app.state.watch)
