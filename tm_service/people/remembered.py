"""Remembered: who was let in a moment ago, so that the next requests of a page or a program ask the database nothing."""

from datetime import datetime, timedelta
from threading import Lock

from tm_service.domain.people import Person, Session
from tm_service.people.secrets_kept import digest

SPAN = timedelta(seconds=5)
_MOST = 10_000  # sessions

Known = tuple[Session, Person]


class Remembered:
    """Sessions that were good when they were looked up, for `SPAN`, by the digests of their tokens.

    Every change in the people room of this process forgets all of them, so what it ends is over at once. What another process
    ends is over here after `SPAN` at the latest. A session that runs out by itself is not remembered beyond its end.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, tuple[datetime, datetime, Known]] = {}
        self.changes = 0

    def find(self, token: str, now: datetime) -> Known | None:
        since, until, known = self._known.get(digest(token), (now, now, None))
        return known if since <= now < until else None

    def keep(self, token: str, known: Known, now: datetime, changes: int) -> None:
        """Remember what was looked up after so many changes; nothing where there was another one meanwhile."""
        session, person = known
        until = min(now + SPAN, session.until, person.expires or session.until)
        with self._lock:
            if changes == self.changes:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[digest(token)] = (now, until, known)

    def forget(self) -> None:
        """Something has changed."""
        with self._lock:
            self.changes += 1
            self._known.clear()
