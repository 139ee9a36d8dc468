"""Sessions and second factors as rows: which tokens are good, which time steps and codes have been used."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, or_, select, update

from tm_service.domain.people import Session, SessionRules
from tm_service.people.rows import PeopleRows
from tm_service.people.secrets_kept import code_digest, digest
from tm_service.people.tables import factor, recovery, session


class Sessions(PeopleRows):
    def open(self, person: str, token: str, rules: SessionRules) -> Session:
        opened = Session(uuid4().hex, person, self.now, self.now, self.now + rules.longest)
        values = {"id": opened.id, "person": person, "since": opened.since, "seen": opened.seen, "until": opened.until}
        self.connection.execute(session.insert(), {**values, "digest": digest(token)})
        return opened

    def session(self, token: str, rules: SessionRules) -> Session | None:
        """The session of a token, where it is still good."""
        query = select(session).where(session.c.digest == digest(token), *self._good(rules))
        row = self.connection.execute(query).mappings().one_or_none()
        return None if row is None else _session(row)

    def sessions(self, person: str, rules: SessionRules) -> Sequence[Session]:
        query = select(session).where(session.c.person == person, *self._good(rules))
        newest = query.order_by(session.c.since.desc(), session.c.id)
        return [_session(row) for row in self.connection.execute(newest).mappings()]

    def kept_sessions(self, person: str) -> Sequence[Session]:
        """Those that are over, too, as long as they are not tidied away."""
        query = select(session).where(session.c.person == person).order_by(session.c.since.desc(), session.c.id)
        return [_session(row) for row in self.connection.execute(query).mappings()]

    def touch(self, id_: str) -> None:
        """Somebody was here; one that ended meanwhile does not come back."""
        self.connection.execute(update(session).where(session.c.id == id_).values(seen=self.now))

    def renew(self, id_: str, token: str) -> None:
        """Another token in place of the one it had."""
        values = {"digest": digest(token), "seen": self.now}
        self.connection.execute(update(session).where(session.c.id == id_).values(values))

    def end(self, person: str, *, only: str = "", but: str = "") -> None:
        """All sessions of a person, only one, or all but one."""
        statement = delete(session).where(session.c.person == person)
        if only:
            statement = statement.where(session.c.id == only)
        self.connection.execute(statement.where(session.c.id != but))

    def end_token(self, token: str) -> None:
        self.connection.execute(delete(session).where(session.c.digest == digest(token)))

    def tidy_sessions(self, rules: SessionRules) -> int:
        over = or_(session.c.until <= self.now, session.c.seen <= self.now - rules.idle)
        return self.connection.execute(delete(session).where(over)).rowcount

    def _good(self, rules: SessionRules) -> tuple[ColumnElement[bool], ...]:
        return (session.c.until > self.now, session.c.seen > self.now - rules.idle)

    # second factors
    def factor(self, person: str) -> RowMapping | None:
        return self.connection.execute(select(factor).where(factor.c.person == person)).mappings().one_or_none()

    def put_factor(self, person: str, sealed: str) -> None:
        self.put(factor, {"person": person}, {"sealed": sealed, "confirmed": False, "step": -1})

    def use_step(self, person: str, step: int) -> bool:
        """Whether this time step counts: later than any that has, and then it has (RFC 6238, 5.2)."""
        statement = update(factor).where(factor.c.person == person, factor.c.step < step).values(step=step)
        return self.connection.execute(statement).rowcount == 1

    def confirm_factor(self, person: str, codes: Iterable[str]) -> None:
        self.connection.execute(update(factor).where(factor.c.person == person).values(confirmed=True))
        rows = [{"person": person, "digest": code_digest(person, code)} for code in codes]
        self.connection.execute(insert(recovery), rows)

    def use_code(self, person: str, code: str) -> bool:
        """Whether this is a recovery code that was not used, and then it is."""
        mine = (recovery.c.person == person, recovery.c.digest == code_digest(person, code))
        return self.connection.execute(delete(recovery).where(*mine)).rowcount == 1

    def codes_left(self, person: str) -> int:
        return self.connection.scalar(select(func.count()).where(recovery.c.person == person)) or 0

    def end_factor(self, person: str) -> None:
        self.connection.execute(delete(recovery).where(recovery.c.person == person))
        self.connection.execute(delete(factor).where(factor.c.person == person))


def _session(row: RowMapping) -> Session:
    return Session(row["id"], row["person"], row["since"], row["seen"], row["until"])
