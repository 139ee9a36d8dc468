"""The journal: what is noted in a transaction is sealed at its end, and the whole of it can be verified."""

import json
import os
import pwd
import secrets
import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select, text, update
from sqlalchemy.exc import DataError

from tm_service.database.rows import Rows, chunks
from tm_service.database.turns import JOURNAL
from tm_service.domain.audit import (
    GENESIS,
    Broken,
    Caller,
    CallerKind,
    Door,
    Entry,
    Fault,
    Head,
    Line,
    Pseudonym,
    Verdict,
    alias,
    caller,
    sealed,
    verify,
)
from tm_service.storage.rows import dump
from tm_service.storage.tables import journal, pseudonym

_AT_ONCE = 2000  # rows read together
_LONGEST = 200  # characters of a name; an index takes no more
_ADDRESS = "address"
_PEOPLE = ("by", "person")  # what details call people who are named in them
_ERASE = "erase"
_FIELDS = tuple(one.name for one in fields(Entry))
_COLUMNS = tuple(journal.c[name] for name in _FIELDS)
# Built once: most of what appending costs is the making of statements.
_APPENDED, _INTRODUCED = journal.insert(), pseudonym.insert()
_NEWEST = select(journal.c.number, journal.c.hash).order_by(journal.c.number.desc()).limit(1)
_KNOWN = select(pseudonym.c.id).where(*(pseudonym.c[name] == bindparam(name) for name in ("name", "kind", "holder")))
_SEALED = (
    update(journal).where(journal.c.number == bindparam("row")).values({name: bindparam(name) for name in _FIELDS})
)
# Older code takes its numbers from the sequence.
_COUNT_ON = text("SELECT setval(pg_get_serial_sequence('journal', 'number'), :number)")


@dataclass(frozen=True, slots=True)
class _Note:
    """What was noted and is not in the journal yet."""

    site: str
    verb: str
    details: str
    at: datetime
    who: Caller


class Audit(Rows):
    """Notes wait for the end of their transaction, so that the lock on the journal's end is the last it takes, and short."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._notes: list[_Note] = []
        self._known: dict[tuple[str, str, str], str] = {}

    def note(self, site: str, verb: str, details: Mapping[str, object], at: datetime) -> None:
        self._notes.append(_Note(site, verb, dump(details), at, caller() or operator()))

    def seal(self) -> None:
        """Append what was noted to the journal; the store does so when a transaction ends well."""
        notes, self._notes = self._notes, []
        if not notes:
            return
        head = self._end()
        entries = []
        for number, note in enumerate(notes, head.number + 1):
            entry = sealed(self._entry(number, note), head.hash)
            entries.append(entry)
            head = Head(number, entry.hash)
        self.connection.execute(_APPENDED, [_row(entry) for entry in entries])
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(_COUNT_ON, {"number": head.number})

    def is_sealed(self) -> bool:
        """Whether older code left no entry behind the chain."""
        newest = self.connection.execute(_NEWEST).first()
        return newest is None or bool(newest.hash)

    def seal_older(self) -> None:
        """Seal some of what older code left; who goes on in another transaction lets others write between."""
        self._lock()
        self._sealed_on(self.audit_head())

    def audit(
        self, site: str = "", since: int = 0, limit: int = 100, *, name: str = "", before: int | None = None
    ) -> Sequence[Line]:
        self.seal()
        query = select(*_COLUMNS).where(journal.c.number > since).limit(limit)
        if before is None:
            query = query.order_by(journal.c.number)
        else:
            query = query.where(journal.c.number < before).order_by(journal.c.number.desc())
        if site:
            query = query.where(journal.c.site == site)
        if name:
            query = query.where(journal.c.who.in_(select(pseudonym.c.id).where(pseudonym.c.name == name[:_LONGEST])))
        return self._lines(query)

    def noted(self, site: str, verbs: Collection[str], most: int, *, skip: int = 0) -> Sequence[Line]:
        query = select(*_COLUMNS).where(journal.c.site == site, journal.c.verb.in_(sorted(verbs)))
        return self._lines(query.order_by(journal.c.number.desc()).limit(most).offset(skip))

    def _lines(self, query: Select[Any]) -> Sequence[Line]:
        read = [(entry, _details(entry)) for entry in map(_read, self.connection.execute(query))]
        names = self._names(
            {told for entry, said in read for told in (entry.who, entry.address, *_named(said).values())}
        )
        return [_line(entry, said, names) for entry, said in read]

    def newest_entry(self, site: str) -> int:
        query = select(func.max(journal.c.number)).where(journal.c.site == site)
        return self.connection.execute(query).scalar() or 0

    def audit_head(self) -> Head:
        self.seal()
        query = select(journal.c.number, journal.c.hash).where(journal.c.hash.is_not(None))
        row = self.connection.execute(query.order_by(journal.c.number.desc()).limit(1)).first()
        return Head(row.number, row.hash) if row else GENESIS

    def verify_audit(self, published: Collection[Head] = ()) -> Verdict:
        head = self.audit_head()
        reading = _Reading(self._entries(GENESIS.number, head.number))
        try:
            broken = verify(reading, published=published) or self._nameless(reading.named)
        except _Unreadable as row:
            broken = Broken(row.number, Fault.CHANGED, reading.last)
        later = select(func.count()).select_from(journal).where(journal.c.number > head.number)
        return Verdict(head, reading.count, self.connection.execute(later).scalar_one(), broken)

    def erase_name(self, name: str, at: datetime) -> int:
        self._lock()
        self.seal()
        named = self.called(name)
        if not named:
            return 0
        who = caller() or operator()
        if name.casefold() in (who.name.casefold(), who.address.casefold()):
            self._known_as(who)  # who erases their own name is not remembered for having done so
            named = self.called(name)
        held = select(pseudonym.c.id).where(pseudonym.c.salt != "")
        addresses = (
            one
            for some in chunks(named, _AT_ONCE)
            for one in self.connection.execute(held.where(pseudonym.c.holder.in_(some))).scalars()
        )
        found = sorted({*named, *addresses})
        self.note("", _ERASE, {"pseudonyms": found}, at)
        self.seal()
        self._known.clear()
        for some in chunks(found, _AT_ONCE):
            self.connection.execute(update(pseudonym).where(pseudonym.c.id.in_(some)).values(name="", salt=""))
        return len(found)

    # the end of the chain

    def _lock(self) -> None:
        """Wait until nobody else appends; SQLite lets in one writer anyway."""
        if self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({JOURNAL})")

    def _end(self) -> Head:
        """The entry to go on from, once nobody else appends; what older code left behind it is sealed first."""
        self._lock()
        newest = self.connection.execute(_NEWEST).first()
        if newest is None:
            return GENESIS
        return Head(newest.number, newest.hash) if newest.hash else self._sealed_too()

    def _sealed_too(self) -> Head:
        head = self.audit_head()
        while (last := self._sealed_on(head)) != head:
            head = last
        return head

    def _sealed_on(self, head: Head) -> Head:
        """The end of the chain once the next entries behind it are sealed, so many as are read together."""
        rows = []
        for left in islice(self._entries(head.number), _AT_ONCE):
            entry = sealed(replace(left, details=self._veiled(left.details)), head.hash)
            rows.append(_row(entry) | {"row": entry.number})
            head = Head(entry.number, entry.hash)
        if rows:
            self.connection.execute(_SEALED, rows)
        return head

    def _entry(self, number: int, note: _Note) -> Entry:
        who, address = self._known_as(note.who)
        details = self._veiled(note.details)
        door, request, reason = str(note.who.door), note.who.request, note.who.reason
        return Entry(number, note.site, note.verb, details, note.at, who, door, address, request, reason)

    def _entries(self, after: int, until: int | None = None) -> Iterator[Entry]:
        """Entries in order, with numbers above `after` and up to `until`; a chunk of them is held at a time."""
        query = select(*_COLUMNS).order_by(journal.c.number)
        if until is not None:
            query = query.where(journal.c.number <= until)
        size = _AT_ONCE
        while True:
            try:
                some = [*map(_read, self.connection.execute(query.where(journal.c.number > after).limit(size)))]
            except (TypeError, ValueError, DataError) as error:
                if size == 1:
                    row = select(func.min(journal.c.number)).where(journal.c.number > after)
                    raise _Unreadable(self.connection.execute(row).scalar_one()) from error
                size = 1  # those before it can be read
                continue
            if not some:
                return
            yield from some
            after = some[-1].number

    # names

    def _known_as(self, who: Caller) -> tuple[str, str]:
        """The pseudonyms of a caller and of the address."""
        holder = self._pseudonym(who.kind.value, who.name)
        return holder, self._pseudonym(_ADDRESS, who.address, holder)

    def _pseudonym(self, kind: str, name: str, holder: str = "") -> str:
        if not name:
            return ""
        said = kind, name[:_LONGEST], holder
        if said not in self._known:
            self._known[said] = self._found(*said) or self._introduced(*said)
        return self._known[said]

    def _found(self, kind: str, name: str, holder: str) -> str | None:
        found: str | None = self.connection.execute(_KNOWN, {"kind": kind, "name": name, "holder": holder}).scalar()
        return found

    def _introduced(self, kind: str, name: str, holder: str) -> str:
        made = Pseudonym(kind, name, secrets.token_hex(16), holder)
        row = {"id": made.id, "kind": kind, "name": name, "salt": made.salt, "holder": holder}
        self.connection.execute(_INTRODUCED, row)
        return made.id

    def _veiled(self, details: str) -> str:
        """Details with the pseudonyms of people in place of their names."""
        said = json.loads(details) if _may_name(details) else {}
        named = _named(said)
        veiled = {told: self._pseudonym(CallerKind.PERSON.value, name) for told, name in named.items()}
        return dump(said | veiled) if named else details

    def called(self, name: str) -> list[str]:
        """The pseudonyms that stand for a name, in whatever case it was written."""
        query = select(pseudonym.c.id, pseudonym.c.name).where(pseudonym.c.salt != "")
        wanted = name[:_LONGEST].casefold()
        return [row.id for row in self.connection.execute(query) if row.name.casefold() == wanted]

    def _names(self, ids: Collection[str]) -> Mapping[str, tuple[str, str]]:
        """Kind and name by pseudonym; a name that was erased is empty."""
        found: dict[str, tuple[str, str]] = {}
        for some in chunks(sorted(ids), _AT_ONCE):
            query = select(pseudonym.c.id, pseudonym.c.kind, pseudonym.c.name).where(pseudonym.c.id.in_(some))
            found |= {row.id: (row.kind, row.name) for row in self.connection.execute(query)}
        return found

    def _nameless(self, named: Mapping[str, int]) -> Broken | None:
        """The first entry whose name is gone, or is another, without a note that it was erased.

        `named` are the pseudonyms in details with the first number each has.
        """
        known_names = self._names(named)
        wrong: set[int | None] = {number for told, number in named.items() if told not in known_names}
        for column in (journal.c.who, journal.c.address):
            known = select(pseudonym.c.id).where(pseudonym.c.id == column).exists()
            wrong.add(self.connection.execute(select(func.min(journal.c.number)).where(column != "", ~known)).scalar())
        for some in chunks(list(self._untrue()), _AT_ONCE):
            used = or_(journal.c.who.in_(some), journal.c.address.in_(some))
            wrong.add(self.connection.execute(select(func.min(journal.c.number)).where(used)).scalar())
            wrong.update(named.get(told) for told in some)
        first = min((number for number in wrong if number is not None), default=None)
        return None if first is None else Broken(first, Fault.NAME, first)

    def _untrue(self) -> Iterator[str]:
        """Pseudonyms that the name beside them is not bound to."""
        notes = select(*_COLUMNS).where(journal.c.verb == _ERASE, journal.c.site == "", journal.c.hash.is_not(None))
        entries = map(_read, self.connection.execute(notes))
        erased = {told for entry in entries for told in _erased(entry)}
        query, last = select(pseudonym).order_by(pseudonym.c.id).limit(_AT_ONCE), ""
        while rows := self.connection.execute(query.where(pseudonym.c.id > last)).all():
            for row in rows:
                is_erased = not row.name and not row.salt and row.id in erased
                if not is_erased and Pseudonym(row.kind, row.name, row.salt, row.holder).id != row.id:
                    yield row.id
            last = rows[-1].id


class _Unreadable(Exception):
    """A row holds what is no text, number or moment."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Reading:
    """Entries as they go by: how many, and where each person named in details comes first."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self.entries = entries
        self.count = self.last = 0
        self.named: dict[str, int] = {}

    def __iter__(self) -> Iterator[Entry]:
        for entry in self.entries:
            self.count += 1
            yield entry
            self.last = entry.number
            if _may_name(entry.details):
                for told in _named(_details(entry)).values():
                    self.named.setdefault(told, entry.number)


@cache
def operator() -> Caller:
    """Who acts where no door has said so: the house, as the user of the operating system who started this process."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return Caller("tm-service", CallerKind.SYSTEM, Door.CLI, f"{user}@{socket.gethostname()}")


def _details(entry: Entry) -> dict[str, Any]:
    """What an entry's details say; nothing where somebody sealed what is no object."""
    try:
        said = json.loads(entry.details)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _erased(entry: Entry) -> list[str]:
    told = _details(entry).get("pseudonyms")
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def _may_name(details: str) -> bool:
    """Whether these details, as they are written, could name people: what is quicker than to read them."""
    return any(f'"{told}"' in details for told in _PEOPLE)


def _named(details: Mapping[str, object]) -> dict[str, str]:
    """The people whom details name, by what they are called there."""
    return {told: name for told in _PEOPLE if isinstance(name := details.get(told), str) and name}


def _row(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in _FIELDS}


def _read(row: Row[Any]) -> Entry:
    """Raises TypeError for what only a hand could have put there; SQLite takes anything anywhere."""
    values: list[Any] = [*row]
    if not isinstance(row.at, datetime) or any(isinstance(value, bytes) for value in values):
        raise TypeError
    values[-2:] = [value or "" for value in values[-2:]]  # of what older code wrote
    return Entry(*values)


def _line(entry: Entry, said: dict[str, Any], names: Mapping[str, tuple[str, str]]) -> Line:
    def name(told: str) -> str:
        return names.get(told, ("", ""))[1] or alias(told)

    details = said | {called: name(told) for called, told in _named(said).items()}
    if not entry.who:
        return Line(entry, None, details)
    kind = CallerKind(names.get(entry.who, (CallerKind.PERSON,))[0])
    who = Caller(name(entry.who), kind, Door(entry.door), name(entry.address), entry.request, entry.reason)
    return Line(entry, who, details)
