"""Accounts: persons are invited, accept, change, are deactivated and come back."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from tm_service.domain.errors import Conflict, Refused
from tm_service.domain.people import Invitation, Person, PersonState, SignInRefused, password_flaw
from tm_service.domain.permissions import Grant
from tm_service.domain.seen import Seen, anyway
from tm_service.domain.units import Locale
from tm_service.people.base import Base, Work, said
from tm_service.people.persons import folded
from tm_service.people.secrets_kept import digest, new_token
from tm_service.people.tables import person as person_table

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, as erratum 1690 has it
_LONGEST = 200
_LONGEST_LOCALE = 35
_NO_INVITATION = "This invitation is unknown, used or too old; ask for another."


class Accounts(Base):
    def invite(
        self,
        email: str,
        name: str,
        language: Locale,
        grants: Collection[Grant] = (),
        *,
        by: str = "",
        government: str = "",
        expires: datetime | None = None,
    ) -> Invitation:
        new = uuid4().hex
        owns = _government(government)
        row = {
            "id": new,
            "email": _email(email),
            "address": folded(email),
            "name": said("name", name, _LONGEST),
            "language": _language(language),
            "government": owns,
            "state": PersonState.INVITED,
            "password": "",
            "invited_by": by,
            "expires": _moment(expires),
            "erased": False,
        }
        _check(grants)
        with self.writing() as work:
            _known(work, by)
            if work.row_of(folded(email)) is not None:
                raise Conflict(f"{email.strip()} has an account already.")
            work.connection.execute(person_table.insert(), {**row, "created": work.now})
            work.put_grants(new, grants, by)
            work.note("invite", new, by=by, **_held(grants, owns, expires))
            return self._invitation(work, new)

    def invite_again(self, person: str) -> Invitation:
        with self.writing() as work:
            if work.person(person).state is PersonState.DEACTIVATED:
                raise Conflict("This account is deactivated; reactivate it first.")
            work.note("invite again", person)
            return self._invitation(work, person)

    def _invitation(self, work: Work, person: str) -> Invitation:
        token, until = new_token(), work.now + self._rules.invitation
        work.put_invitation(person, digest(token), until)
        return Invitation(work.person(person), until, token)

    def accept(self, token: str, password: str) -> Person:
        kept = digest(token)
        with self.reading() as work:
            invited = _invited(work, kept)
        if flaw := password_flaw(password, invited.email, invited.name):
            raise Refused(flaw)
        hashed = self._passwords.hashed(password)
        with self.governing() as work:
            person = _invited(work, kept)
            work.end_invitation(person.id)
            work.change(person.id, password=hashed, state=PersonState.ACTIVE)
            work.end(person.id)
            work.forget_failures(folded(person.email))
            work.note("accept invitation", person.id)
            return work.person(person.id)

    def person(self, person: str) -> Person:
        with self.reading() as work:
            return work.person(person)

    def find(self, email: str) -> Person | None:
        with self.reading() as work:
            row = work.row_of(folded(email))
            return None if row is None or row["erased"] else work.person(row["id"])

    def people(self) -> Sequence[Person]:
        with self.reading() as work:
            return work.persons()

    def describe(self, person: str, *, name: str, language: Locale, seen: Seen[Person] = anyway) -> Person:
        values = {"name": said("name", name, _LONGEST), "language": _language(language)}
        with self.writing() as work:
            seen(_there(work, person))
            work.change(person, **values)
            work.note("describe person", person)
            return work.person(person)

    def set_grants(
        self,
        person: str,
        grants: Collection[Grant],
        *,
        by: str = "",
        government: str | None = None,
        seen: Seen[Person] = anyway,
    ) -> Person:
        _check(grants)
        with self.governing() as work:
            _known(work, by)
            held = _there(work, person)
            seen(held)
            owns = held.government if government is None else _government(government)
            if (held.grants, held.government) != (frozenset(grants), owns):
                work.put_grants(person, grants, by)
                work.change(person, government=owns)
                work.end(person)
                work.note("grant", person, by=by, **_held(grants, owns, held.expires))
            return work.person(person)

    def set_expiry(self, person: str, expires: datetime | None, *, seen: Seen[Person] = anyway) -> Person:
        _moment(expires)
        with self.governing() as work:
            seen(_there(work, person))
            work.change(person, expires=expires)
            work.note("set expiry", person, expires=_told(expires))
            if expires is not None and expires <= work.now:
                work.end(person)
            return work.person(person)

    def deactivate(self, person: str) -> Person:
        with self.governing() as work:
            work.row(person)
            work.change(person, state=PersonState.DEACTIVATED)
            work.end(person)
            work.end_invitation(person)
            work.note("deactivate", person)
            return work.person(person)

    def reactivate(self, person: str) -> Person:
        with self.governing() as work:
            row = work.row(person)
            if row["erased"] or row["state"] != PersonState.DEACTIVATED:
                raise Conflict("Only an account that is deactivated and not erased comes back.")
            work.change(person, state=PersonState.ACTIVE if row["password"] else PersonState.INVITED)
            work.note("reactivate", person)
            return work.person(person)


def _held(grants: Collection[Grant], government: str, expires: datetime | None) -> dict[str, object]:
    """What the journal says that somebody holds."""
    return {"grants": sorted(map(str, grants)), "government": government, "expires": _told(expires)}


def _told(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _invited(work: Work, kept: str) -> Person:
    """Raises SignInRefused."""
    id_ = work.invited(kept)
    person = work.person(id_) if id_ else None
    if person is None or (person.expires is not None and person.expires <= work.now):
        raise SignInRefused(_NO_INVITATION)
    return person


def _there(work: Work, person: str) -> Person:
    """Raises NotFound, Conflict for who is erased."""
    found = work.person(person)
    if found.is_erased:
        raise Conflict("This account is erased; it never changes again.")
    return found


def _known(work: Work, by: str) -> None:
    """Raises NotFound for a person who is not there; "" is the house itself."""
    if by:
        work.row(by)


def _email(email: str) -> str:
    found = said("e-mail address", email, _LONGEST_EMAIL)
    if not _EMAIL.fullmatch(found):
        raise Refused("The e-mail address has no name and place around an @; write it as name@place.")
    return found


def _language(language: str) -> str:
    if not _LANGUAGE.fullmatch(language):
        raise Refused("The language is no language code; write en, say.")
    return language


def _moment(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise Refused("The moment of expiry has no zone; name one.")
    return moment


def _government(government: str) -> str:
    return said("government", government, _LONGEST) if government.strip() else ""


def _check(grants: Collection[Grant]) -> None:
    """Raises Refused for a site or locale that cannot be one."""
    for grant in grants:
        for what, name, longest in (("site", grant.site, _LONGEST), ("locale", grant.locale, _LONGEST_LOCALE)):
            if name and said(f"{what} of a grant", name, longest) != name:
                raise Refused(f"The {what} of a grant begins or ends with white space; take it out.")
