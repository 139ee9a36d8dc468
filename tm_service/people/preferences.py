"""Preferences: what a person chose for themselves, and when they were last written to."""

from datetime import date

from sqlalchemy import delete, or_, select, update

from tm_service.domain.waiting import Digest
from tm_service.people.base import Base, Work
from tm_service.people.tables import preference


class Preferences(Base):
    def digest(self, person: str) -> Digest:
        with self.reading() as work:
            return Digest(_kept(work, person)[0])

    def digest_told(self, person: str) -> date | None:
        with self.reading() as work:
            return _kept(work, person)[1]

    def set_digest(self, person: str, digest: Digest) -> None:
        with self.writing() as work:
            work.person(person)
            work.put(preference, {"person": person}, {"digest": digest.value, "told": _kept(work, person)[1]})
            work.note("choose digest", person, digest=digest.value)

    def begin_digest(self, person: str, day: date) -> bool:
        with self.writing() as work:
            is_new = or_(preference.c.told.is_(None), preference.c.told < day)
            said = update(preference).where(preference.c.person == person, is_new).values(told=day)
            return work.connection.execute(said).rowcount == 1


def _kept(work: Work, person: str) -> tuple[str, date | None]:
    row = work.connection.execute(select(preference).where(preference.c.person == person)).one_or_none()
    return (row.digest, row.told) if row else (Digest.NEVER, None)


def forget(work: Work, person: str) -> None:
    """All that somebody chose."""
    work.connection.execute(delete(preference).where(preference.c.person == person))


def told(work: Work, person: str) -> dict[str, str | None]:
    """All that somebody chose, for them to take along."""
    digest, day = _kept(work, person)
    return {"digest": digest, "told": day.isoformat() if day else None}
