"""Base of the people room: its transactions, what it may keep, and the law that the house has an administrator."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from tm_service.database.migrations import Connect
from tm_service.database.notes import Journal, Notes, no_journal
from tm_service.database.traces import Traces
from tm_service.domain.audit import acting, caller
from tm_service.domain.errors import Conflict, Refused
from tm_service.domain.people import Opened, Person, Session, SessionRules, SignInRefused
from tm_service.people.client_rows import Clients
from tm_service.people.persons import Persons
from tm_service.people.remembered import Remembered
from tm_service.people.secrets_kept import Factors, Passwords, new_token
from tm_service.people.sessions import Sessions


@dataclass(frozen=True)
class House:
    """What the rest of the house is to this room: its journal of all changes, and what other rooms keep of people."""

    journal: Journal = no_journal
    elsewhere: Sequence[Traces] = ()


class Work(Persons, Sessions, Clients):
    """All tables of the room over one connection, and the journal of what changes in them."""

    def __init__(self, connection: Connection, now: datetime, journal: Notes) -> None:
        super().__init__(connection, now)
        self.journal = journal

    def note(self, verb: str, person: str = "", *, by: str = "", **details: object) -> None:
        """Write a change into the journal: whose account changed and who changed it, both by id, and what else is no secret.

        Where nobody is signed in yet, it is the person who acts.
        """
        named = {told: self.row(id_)["email"] for told, id_ in (("person", person), ("by", by)) if id_}
        with _acting(named.get("person", "")):
            self.journal.note("", verb, named | details, self.now)


class Base:
    """What the parts of the room share; writers come one after the other, so what they looked up still holds."""

    def __init__(
        self,
        connect: Connect,
        clock: Callable[[], datetime],
        passwords: Passwords,
        factors: Factors,
        rules: SessionRules,
        issuer: str,
        house: House = House(),
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._passwords = passwords
        self._factors = factors
        self._rules = rules
        self._issuer = issuer
        self._house = house
        self._remembered = Remembered()

    @contextmanager
    def reading(self) -> Iterator[Work]:
        with self._connect("read") as connection:
            yield Work(connection, self._clock(), self._house.journal(connection))

    @contextmanager
    def writing(self, *, changes: bool = True) -> Iterator[Work]:
        """A transaction that is kept when its block ends well; after one that `changes` anybody all are looked up anew."""
        try:
            with self._connect("write") as connection:
                work = Work(connection, self._clock(), self._house.journal(connection))
                yield work
                work.journal.seal()
                connection.commit()
        finally:
            if changes:
                self._remembered.forget()

    @contextmanager
    def governing(self) -> Iterator[Work]:
        """A transaction that may not take the last administrator away.

        Where somebody administers the house before or after it, somebody who does not expire has to administer it after, so
        that no passing of time leaves nobody. Raises Conflict.
        """
        with self.writing() as work:
            had = work.has_administrator(lasting=False)
            yield work
            if (had or work.has_administrator(lasting=False)) and not work.has_administrator(lasting=True):
                raise Conflict(
                    "This would leave the house without an active administrator whose account never expires; "
                    "make another person one first."
                )

    def own(self, work: Work, token: str) -> Session:
        """The session of a token, whose person is active. Raises SignInRefused."""
        return self.owned(work, token)[0]

    def owned(self, work: Work, token: str) -> tuple[Session, Person]:
        """The session of a token and its person, who is active. Raises SignInRefused."""
        session = work.session(token, self._rules)
        person = work.person(session.person) if session else None
        if session is None or person is None or not person.is_active(work.now):
            raise SignInRefused("You are not signed in, or no longer; sign in again.")
        return session, person

    def renewed(self, work: Work, session: Session) -> Opened:
        """The session under another token."""
        token = new_token()
        work.renew(session.id, token)
        kept = work.session(token, self._rules) or session
        return Opened(kept, work.person(session.person), token)


def _acting(name: str) -> AbstractContextManager[None]:
    who = caller()
    return acting(replace(who, name=name)) if who is not None and not who.name and name else nullcontext()


def said(what: str, value: str, longest: int, *, lines: bool = False) -> str:
    """A text of people without white space around it. Raises Refused where it is empty, too long or cannot be printed."""
    text = value.strip()
    if not text:
        raise Refused(f"The {what} is missing; fill it in.")
    if len(text) > longest:
        raise Refused(f"The {what} has more than {longest} characters; shorten it.")
    if not (text.replace("\r\n", " ").replace("\n", " ") if lines else text).isprintable():
        raise Refused(f"The {what} has characters that cannot be printed; type it again.")
    return text
