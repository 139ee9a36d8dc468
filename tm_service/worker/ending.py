"""Ending: work under way is finished within a time of grace, and given back when that is over; nothing is lost either way."""

import logging
import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from tm_service.worker.runner import Worker

_TURN = 0.2  # seconds; in short turns, so that signals are heard
_GIVING_BACK = 5.0  # seconds; what cannot be given back by then waits until its lease is over

_log = logging.getLogger("tm_service.worker")


class Ending:
    """What a process was told by SIGTERM or SIGINT: to end; and, told again, to end at once."""

    def __init__(self, threads: Collection[Thread] = ()) -> None:
        self.told, self.now, self._threads = Event(), Event(), threads

    @contextmanager
    def listening(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.heard) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def heard(self, _number: int, _frame: object) -> None:
        if self.told.is_set():
            self.now.set()
        self.told.set()

    def wait(self) -> None:
        """Until it is told to end, or all its threads have ended."""
        while not self.told.is_set() and (working := self._working()):
            working[0].join(_TURN)

    def finish(self, grace: float) -> bool:
        """Let its threads end within this many seconds, or until it is told again; whether all have."""
        end = monotonic() + grace
        while working := self._working():
            if self.now.is_set() or monotonic() > end:
                return False
            working[0].join(_TURN)
        return True

    def _working(self) -> list[Thread]:
        return [thread for thread in self._threads if thread.is_alive()]


def give_back(workers: Collection[Worker]) -> list[str]:
    """The jobs that these workers were at, for others to take up at once; by their ids."""
    given: list[str] = []

    def give() -> None:
        for worker in workers:
            given.extend(worker.give_back())

    giving = Thread(target=give, name="giving back", daemon=True)
    giving.start()
    giving.join(_GIVING_BACK)
    for job in given:
        _log.warning("job %s is given back", job, extra={"job": job})
    return given
