"""Persons as rows: accounts, grants, invitations, and the failures to sign in under an address."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import RowMapping, and_, delete, exists, func, or_, select, update

from tm_service.domain.errors import NotAllowed, NotFound
from tm_service.domain.people import Person, PersonState, locked_until
from tm_service.domain.permissions import Grant, Role
from tm_service.people.rows import PeopleRows
from tm_service.people.secrets_kept import digest
from tm_service.people.tables import factor, failure, grant, identity, invitation, person

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def folded(email: str) -> str:
    """An address as addresses are compared."""
    return normalize("NFC", email.strip()).casefold()


def is_id(name: str) -> bool:
    return _ID.fullmatch(name) is not None


def _no_person(id_: str) -> NotFound:
    return NotFound(f"There is no person {id_!r}.")


class Persons(PeopleRows):
    def row(self, id_: str) -> RowMapping:
        """Raises NotFound."""
        query = select(person).where(person.c.id == id_)
        found = self.connection.execute(query).mappings().one_or_none() if is_id(id_) else None
        if found is None:
            raise _no_person(id_)
        return found

    def row_of(self, address: str) -> RowMapping | None:
        """Who has this folded address."""
        if not address.isprintable():
            return None
        return self.connection.execute(select(person).where(person.c.address == address)).mappings().one_or_none()

    def person(self, id_: str) -> Person:
        """Raises NotFound."""
        found = self.persons(id_) if is_id(id_) else ()
        if not found:
            raise _no_person(id_)
        return found[0]

    def persons(self, id_: str = "") -> Sequence[Person]:
        """One or all, by name, the erased last."""
        granted, query = select(grant), select(person, factor.c.confirmed).outerjoin(factor)
        if id_:
            granted, query = granted.where(grant.c.person == id_), query.where(person.c.id == id_)
        held: dict[str, set[Grant]] = {}
        for row in self.connection.execute(granted).mappings():
            held.setdefault(row["person"], set()).add(Grant(Role(row["role"]), row["site"], row["locale"]))
        found = [_person(row, held.get(row["id"], ())) for row in self.connection.execute(query).mappings()]
        return sorted(found, key=lambda one: (one.is_erased, one.name.casefold(), one.id))

    def active(self, id_: str) -> Person:
        """Raises NotFound, NotAllowed for who is not active."""
        found = self.person(id_)
        if not found.is_active(self.now):
            raise NotAllowed(f"The account of {found.name} is not active.")
        return found

    def change(self, id_: str, **values: Any) -> None:
        self.connection.execute(update(person).where(person.c.id == id_).values(**values))

    def put_grants(self, id_: str, grants: Collection[Grant], by: str) -> None:
        """These and no others; those that stay keep who gave them and when."""
        held = self.person(id_).grants
        for gone in held - set(grants):
            key = (grant.c.person == id_, grant.c.role == gone.role, grant.c.site == gone.site)
            self.connection.execute(delete(grant).where(*key, grant.c.locale == gone.locale))
        rows = [
            {"person": id_, "role": new.role, "site": new.site, "locale": new.locale, "given": self.now, "given_by": by}
            for new in set(grants) - held
        ]
        if rows:
            self.connection.execute(grant.insert(), rows)

    def given(self, id_: str) -> Sequence[RowMapping]:
        """A person's grants with who gave them and when."""
        return self.connection.execute(select(grant).where(grant.c.person == id_)).mappings().all()

    def invited_by(self, id_: str) -> list[str]:
        """The ids of those whom a person invited."""
        return list(
            self.connection.scalars(select(person.c.id).where(person.c.invited_by == id_).order_by(person.c.id))
        )

    def grants_given(self, id_: str) -> int:
        """How many grants that others hold a person gave."""
        return self.connection.scalar(select(func.count()).where(grant.c.given_by == id_, grant.c.person != id_)) or 0

    def has_administrator(self, *, lasting: bool) -> bool:
        """Whether somebody active administers the whole house; `lasting`: and does not expire."""
        ends = person.c.expires.is_(None)
        administers = and_(grant.c.role == Role.ADMINISTRATOR, grant.c.site == "", grant.c.locale == "")
        query = select(person.c.id).join(grant).where(administers, person.c.state == PersonState.ACTIVE)
        query = query.where(ends if lasting else or_(ends, person.c.expires > self.now))
        return bool(self.connection.scalar(select(exists(query))))

    # invitations
    def put_invitation(self, id_: str, kept: str, until: datetime) -> None:
        self.put(invitation, {"person": id_}, {"digest": kept, "until": until})

    def invited(self, kept: str) -> str | None:
        """The person whose invitation this is, where it still works."""
        query = select(invitation.c.person).where(invitation.c.digest == kept, invitation.c.until > self.now)
        return self.connection.scalar(query)

    def invitation(self, id_: str) -> datetime | None:
        """Until when a person's invitation works."""
        return self.connection.scalar(select(invitation.c.until).where(invitation.c.person == id_))

    def end_invitation(self, id_: str) -> None:
        self.connection.execute(delete(invitation).where(invitation.c.person == id_))

    # who else knows them
    def identified(self, issuer: str, subject: str) -> str | None:
        """The person who is known by this subject of an issuer."""
        key = (identity.c.issuer == issuer, identity.c.subject == subject)
        return self.connection.scalar(select(identity.c.person).where(*key))

    def identities(self, id_: str) -> Sequence[RowMapping]:
        query = select(identity).where(identity.c.person == id_).order_by(identity.c.issuer)
        return self.connection.execute(query).mappings().all()

    def add_identity(self, id_: str, issuer: str, subject: str) -> None:
        row = {"person": id_, "issuer": issuer, "subject": subject, "since": self.now}
        self.connection.execute(identity.insert(), row)

    def end_identities(self, id_: str) -> int:
        return self.connection.execute(delete(identity).where(identity.c.person == id_)).rowcount

    # failures
    def failures(self, address: str) -> tuple[int, datetime | None]:
        """How many since the last success, and when the last one was."""
        query = select(failure.c.failures, failure.c.last).where(failure.c.digest == digest(address))
        row = self.connection.execute(query).one_or_none()
        return (row[0], row[1]) if row else (0, None)

    def locked_until(self, address: str) -> datetime | None:
        """Until when nobody signs in under the address; None for now."""
        count, last = self.failures(address)
        until = locked_until(count, last) if last else None
        return until if until and until > self.now else None

    def fail(self, address: str) -> None:
        """Count a failure; the last one is never earlier than one before, whatever the clock does."""
        count, last = self.failures(address)
        moment = max(self.now, last or self.now)
        self.put(failure, {"digest": digest(address)}, {"failures": count + 1, "last": moment})

    def forget_failures(self, address: str) -> None:
        self.connection.execute(delete(failure).where(failure.c.digest == digest(address)))

    def tidy_persons(self, before: datetime) -> int:
        """Forget invitations that are over and failures of before; gives how many."""
        over = self.connection.execute(delete(invitation).where(invitation.c.until <= self.now)).rowcount
        return over + self.connection.execute(delete(failure).where(failure.c.last < before)).rowcount

    def has_pseudonym(self, name: str) -> bool:
        return bool(self.connection.scalar(select(func.count()).where(person.c.address == name)))


def _person(row: RowMapping, grants: Collection[Grant]) -> Person:
    return Person(
        row["id"],
        row["email"],
        row["name"],
        row["language"],
        frozenset(grants),
        PersonState(row["state"]),
        row["created"],
        row["government"],
        row["expires"],
        has_second_factor=bool(row["confirmed"]),
        is_erased=row["erased"],
    )
