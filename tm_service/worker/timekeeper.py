"""Timekeeper: asks for what is done again and again, whenever its time has come."""

import logging
from dataclasses import dataclass
from time import monotonic

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.schedule import BACKUP, USUAL
from tm_service.service import Service

_EVERY = 30.0  # seconds between two looks at the clock

_log = logging.getLogger("tm_service.worker")


@dataclass
class Timekeeper:
    """Looks at the clock now and then; any number of them, in as many processes, ask for everything once."""

    service: Service
    asked: frozenset[str] = frozenset()
    next_look: float = 0.0

    def look(self) -> None:
        """Ask for what is due; settings that cannot be read keep nobody from what was asked for already.

        Raises ServiceError of the store; the next look asks again.
        """
        if monotonic() < self.next_look:
            return
        self.next_look = monotonic() + _EVERY
        known = USUAL if self.service.backups is None else (*USUAL, BACKUP)
        try:
            self.asked = self.service.jobs.ask_due(self.service.sites(), self.asked, known)
        except ConfigurationError as error:
            _log.error("Nothing new is asked for: %s", error)
