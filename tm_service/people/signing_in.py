"""Signing in: passwords, codes and pauses, and the sessions that come of it."""

import re
from collections.abc import Sequence
from contextlib import suppress
from unicodedata import normalize

from tm_service.domain.errors import Conflict, Refused
from tm_service.domain.openid import Identity
from tm_service.domain.people import (
    CodeNeeded,
    LockedOut,
    Opened,
    Person,
    PersonState,
    Session,
    SignInRefused,
    password_flaw,
)
from tm_service.people.base import Base, Work
from tm_service.people.persons import folded
from tm_service.people.secrets_kept import new_token

_WRONG = "The e-mail address, the password or the code is wrong; try again."
_TOUCHES = 12  # how often at most the time of the last request is written while a session could idle
_SPACES = re.compile(r"\s")


class SigningIn(Base):
    def sign_in(self, email: str, password: str, code: str = "", *, previous: str = "") -> Opened:
        address = folded(email)
        kept, right = self.tried(address, password)
        fresh = self._passwords.hashed(password) if right and self._passwords.is_dated(kept) else kept
        with self.writing() as work:
            refusal = self.counted(work, address, kept, right=right)
            row = work.row_of(address)
            if refusal is None and row is not None:
                refusal = self._coded(work, address, work.person(row["id"]), _SPACES.sub("", code))
            if refusal is None and row is not None:
                work.forget_failures(address)
                work.change(row["id"], password=fresh)
                return self._opened(work, row["id"], previous, by="password")
        raise refusal or SignInRefused(_WRONG)

    def admit_identity(self, identity: Identity, *, previous: str = "") -> Opened:
        with self.governing() as work:
            known = work.identified(identity.issuer, identity.subject)
            return self._admitted(work, known or _introduced(work, identity), previous)

    def forget_identities(self, person: str) -> Person:
        with self.writing() as work:
            work.row(person)
            if work.end_identities(person):
                work.end(person)
                work.note("forget identities", person)
            return work.person(person)

    def _admitted(self, work: Work, person: str, previous: str) -> Opened:
        if work.person(person).state is PersonState.INVITED:
            work.change(person, state=PersonState.ACTIVE)
            work.end_invitation(person)
        if not work.person(person).is_active(work.now):
            raise SignInRefused("This account is not active; ask an administrator.")
        return self._opened(work, person, previous, by="OpenID Connect")

    def _opened(self, work: Work, person: str, previous: str, *, by: str) -> Opened:
        work.end_token(previous)
        token = new_token()
        session = work.open(person, token, self._rules)
        work.note("sign in", person, means=by, session=session.id)
        return Opened(session, work.person(person), token)

    def resume(self, token: str, *, anew: bool = False) -> Opened:
        return (None if anew else self.recall(token)) or self._looked_up(token)

    def recall(self, token: str) -> Opened | None:
        known = self._remembered.find(token, self._clock())
        return Opened(*known, token) if known else None

    def _looked_up(self, token: str) -> Opened:
        """Raises SignInRefused."""
        changes = self._remembered.changes
        with self.reading() as work:
            session, person = self.owned(work, token)
            now = work.now
        if now - session.seen < self._rules.idle / _TOUCHES:
            self._remembered.keep(token, (session, person), now, changes)
        else:
            # A busy database is no reason to turn a person away; the next request writes it.
            with suppress(Conflict), self.writing(changes=False) as work:
                work.touch(session.id)
        return Opened(session, person, token)

    def rotate(self, token: str) -> Opened:
        with self.writing() as work:
            return self.renewed(work, self.own(work, token))

    def sessions(self, person: str) -> Sequence[Session]:
        with self.reading() as work:
            work.row(person)
            return work.sessions(person, self._rules)

    def end_session(self, person: str, session: str) -> None:
        with self.writing() as work:
            work.row(person)
            if session in {one.id for one in work.sessions(person, self._rules)}:
                work.end(person, only=session)
                work.note("end sessions", person, session=session)

    def end_sessions(self, person: str) -> None:
        with self.writing() as work:
            work.row(person)
            work.end(person)
            work.note("end sessions", person)

    def sign_out(self, token: str) -> None:
        with self.writing() as work:
            work.end_token(token)

    def change_password(self, token: str, old: str, new: str) -> Opened:
        with self.reading() as work:
            person = work.person(self.own(work, token).person)
        if flaw := password_flaw(new, person.email, person.name):
            raise Refused(flaw)
        address = folded(person.email)
        kept, right = self.tried(address, old)
        hashed = self._passwords.hashed(new) if right else ""
        with self.writing() as work:
            session = self.own(work, token)
            refusal = self.counted(work, address, kept, right=right)
            if refusal is None:
                work.change(person.id, password=hashed)
                work.end_invitation(person.id)
                work.end(person.id, but=session.id)
                work.note("change password", person.id)
                return self.renewed(work, session)
        raise refusal

    def tried(self, address: str, password: str) -> tuple[str, bool]:
        """The hash that is kept of an address's password, and whether this is the password.

        It takes long, so it holds no transaction; what it found is worth what `counted` makes of it. Raises LockedOut.
        """
        with self.reading() as work:
            if refusal := _locked(work, address):
                raise refusal
            row = work.row_of(address)
        kept = row["password"] if row is not None else ""
        return kept, self._passwords.verify(kept, password)

    def counted(self, work: Work, address: str, kept: str, *, right: bool) -> SignInRefused | None:
        """Why nobody is signed in by a password that was tried, None where it is right; counts the failure.

        Of many who guess at once, those after the last free failure learn nothing, right or wrong.
        """
        if refusal := _locked(work, address):
            return refusal
        row = work.row_of(address)
        if right and row is not None and row["password"] == kept and work.person(row["id"]).is_active(work.now):
            return None
        _fail(work, address)
        return SignInRefused(_WRONG)

    def _coded(self, work: Work, address: str, person: Person, code: str) -> SignInRefused | None:
        """Why the code of a second factor does not do; None where it does or none is asked for."""
        factor = work.factor(person.id) if person.has_second_factor else None
        if factor is None:
            return None
        if not code:
            return CodeNeeded("Enter the code of your second factor, or a recovery code.")
        step = self._factors.step(person.id, factor["sealed"], code, work.now)
        if work.use_step(person.id, step) if step is not None else work.use_code(person.id, code):
            return None
        _fail(work, address)
        return SignInRefused(_WRONG)


def _introduced(work: Work, identity: Identity) -> str:
    """The person who has the address that the issuer verified, remembered by the subject from now on.

    Who is known to the issuer by another subject is somebody else: the address has changed hands there. Raises
    SignInRefused.
    """
    row = work.row_of(folded(identity.email))
    if (
        row is None
        or not _is_same(row["email"], identity.email)
        or any(one["issuer"] == identity.issuer for one in work.identities(row["id"]))
    ):
        raise SignInRefused(
            "Nobody here is known by that account; ask an administrator for an invitation to its address."
        )
    work.add_identity(row["id"], identity.issuer, identity.subject)
    work.note("link identity", row["id"], issuer=identity.issuer)
    person: str = row["id"]
    return person


def _is_same(kept: str, vouched: str) -> bool:
    """Whether two addresses are one but for the case of ASCII; others fold to it, such as the sign of Kelvin to k."""
    here, there = kept.strip(), vouched.strip()
    if here.isascii() or there.isascii():
        return here.isascii() and there.isascii() and here.lower() == there.lower()
    return normalize("NFC", here) == normalize("NFC", there)


def _fail(work: Work, address: str) -> None:
    """Count a failure; one that locks the address out is noted, whether anybody has the address or not."""
    work.fail(address)
    if until := work.locked_until(address):
        row = work.row_of(address)
        work.note("lock out", row["id"] if row is not None else "", until=until.isoformat())


def _locked(work: Work, address: str) -> LockedOut | None:
    until = work.locked_until(address)
    if until is None:
        return None
    return LockedOut(f"There were too many failures; try again after {until:%Y-%m-%d %H:%M:%S} UTC.", until)
