"""Timekeeper: asks for what is done again and again, whenever its time has come."""

from dataclasses import dataclass
from time import monotonic

from tm_service.domain.schedule import BACKUP, USUAL
from tm_service.service import Service

_EVERY = 30.0  # seconds between two looks at the clock


@dataclass
class Timekeeper:
    """Looks at the clock now and then; any number of them, in as many processes, ask for everything once."""

    service: Service
    asked: frozenset[str] = frozenset()
    next_look: float = 0.0

    def look(self) -> None:
        """Raises ServiceError of the store; the next look asks again."""
        if monotonic() < self.next_look:
            return
        known = USUAL if self.service.backups is None else (*USUAL, BACKUP)
        self.asked = self.service.jobs.ask_due(self.service.sites(), self.asked, known)
        self.next_look = monotonic() + _EVERY
