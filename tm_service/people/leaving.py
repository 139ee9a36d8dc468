"""Leaving: all that is kept of a person, taken along or taken away, and what is over forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from tm_service.database.traces import Names, Trace, forget_all, told_of
from tm_service.database.turns import take
from tm_service.domain.people import Person, PersonState
from tm_service.domain.ports import Turn
from tm_service.domain.records import Json
from tm_service.people import preferences
from tm_service.people.base import Base, Work
from tm_service.people.persons import folded
from tm_service.people.tables import warning

_REMEMBERED = timedelta(days=30)  # that somebody failed to sign in
TRACES = (Trace(warning, texts=("error",)),)  # what a mail server said may name the address that it refused


class Leaving(Base):
    def personal_data(self, person: str) -> Mapping[str, Json]:
        with self.reading() as work:
            found, row = work.person(person), work.row(person)
            names = _names(work, found)
            failures, last = work.failures(folded(found.email))
            return {
                "id": found.id,
                "email": found.email,
                "name": found.name,
                "language": found.language,
                "government": found.government,
                "state": found.state.value,
                "created": _told(found.created),
                "invited_by": row["invited_by"],
                "expires": _told(found.expires),
                "invitation_until": _told(work.invitation(person)),
                "has_password": bool(row["password"]),
                "has_second_factor": found.has_second_factor,
                "recovery_codes_left": work.codes_left(person),
                "failed_sign_ins": failures,
                "last_failed_sign_in": _told(last),
                "grants": [
                    {
                        "role": grant["role"],
                        "site": grant["site"],
                        "locale": grant["locale"],
                        "given": _told(grant["given"]),
                        "given_by": grant["given_by"],
                    }
                    for grant in work.given(person)
                ],
                "invited": work.invited_by(person),
                "grants_given": work.grants_given(person),
                "sessions": [
                    {"since": _told(one.since), "seen": _told(one.seen), "until": _told(one.until)}
                    for one in work.kept_sessions(person)
                ],
                "known_by": [
                    {"issuer": one["issuer"], "subject": one["subject"], "since": _told(one["since"])}
                    for one in work.identities(person)
                ],
                "clients": _clients(work, found, names),
                "tokens_issued": [
                    {"prefix": token.prefix, "client": token.client, "issued": _told(token.issued)}
                    for token in work.issued_by(person)
                ],
                "preferences": preferences.told(work, person),
                "elsewhere": told_of(TRACES, work.connection, names)
                | {
                    table: rows
                    for room in self._house.elsewhere
                    for table, rows in room.told(work.connection, names).items()
                },
            }

    def erase(self, person: str) -> str:
        with self.governing() as work:
            found = work.person(person)
            if found.is_erased:
                return found.name
            pseudonym, names = _pseudonym(work), _names(work, found)
            work.put_grants(person, (), "")
            work.end(person)
            work.end_invitation(person)
            work.end_factor(person)
            work.end_identities(person)
            preferences.forget(work, person)
            work.forget_failures(folded(found.email))
            _rename(work, names, pseudonym)
            forget_all(TRACES, work.connection, names, pseudonym)
            work.change(
                person,
                address=pseudonym,
                email=pseudonym,
                name=pseudonym,
                language="en",
                government="",
                state=PersonState.DEACTIVATED,
                password="",
                expires=None,
                erased=True,
            )
            take(work.connection, *Turn)  # of what others are writing at this moment, too
            for room in self._house.elsewhere:
                room.forget(work.connection, names, pseudonym)
            work.note("erase person", person)
            # Last of all, for what is noted in the erased person's name would make it known again.
            for name in filter(None, (names.email, names.name)):
                work.journal.erase_name(name, work.now)
            return pseudonym

    def tidy(self) -> int:
        with self.writing() as work:
            return work.tidy_sessions(self._rules) + work.tidy_persons(work.now - _REMEMBERED)


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _clients(work: Work, person: Person, names: Names) -> list[Json]:
    """The clients that a person has to do with."""
    return [
        {"id": one.id, "name": one.name, "contact": one.contact, "purpose": one.purpose, "state": one.state.value}
        for one in work.clients()
        if person.id in (one.requested_by, one.decided_by)
        or names.in_columns.search(one.contact)
        or names.in_texts.search(f"{one.name}\n{one.purpose}\n{one.why}")
    ]


def _names(work: Work, person: Person) -> Names:
    """What a person is called; a name that somebody else has too is not looked for."""
    same = {one.id for one in work.persons() if one.name.casefold() == person.name.casefold()}
    return Names(person.email, person.name if same == {person.id} else "")


def _pseudonym(work: Work) -> str:
    while work.has_pseudonym(name := f"person-{token_hex(4)}"):
        pass
    return name


def _rename(work: Work, names: Names, pseudonym: str) -> None:
    """Put the pseudonym in place of the address and the name wherever clients' texts have them."""
    for one in work.clients():
        texts = {"name": one.name, "purpose": one.purpose, "why": one.why}
        after = {field: names.in_texts.sub(pseudonym, text) for field, text in texts.items()}
        texts["contact"], after["contact"] = one.contact, names.in_columns.sub(pseudonym, one.contact)
        changed = {field: text for field, text in after.items() if text != texts[field]}
        if changed:
            work.change_client(one.id, **changed)
