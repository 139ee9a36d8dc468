"""Audit: who changed what, when, from where and why, in entries of which each seals all before it.

An entry is sealed with SHA-256 (FIPS 180-4) over the seal of the entry before it, 64 hexadecimal digits in ASCII, and its own
canonical form: see `canonical`. People stand in it under pseudonyms, so that a name can be forgotten and the chain still holds.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class CallerKind(StrEnum):
    PERSON = "person"
    CLIENT = "client"  # a registered application
    SYSTEM = "system"  # the house itself


class Door(StrEnum):
    """Where a call came in."""

    CLI = "cli"
    WEB = "web"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, through which door, from where, in which request, and why.

    `name` is an account's, a client's or the system's; `address` a network address, a host, or a user at a host. Both can be
    erased later; `request` and `reason` cannot, and should name nobody.
    """

    name: str
    kind: CallerKind = CallerKind.PERSON
    door: str = Door.CLI
    address: str = ""
    request: str = ""
    reason: str = ""

    @property
    def asks(self) -> str:
        """As a job says who asked for it."""
        return self.name if self.kind is CallerKind.PERSON else f"{self.kind}:{self.name}"


def asked_by(said: str, door: Door, address: str, request: str) -> Caller:
    """Who asked for a job, from what the job says: `kind:name`, a name alone for a person; see `Caller.asks`."""
    kind, _, name = said.partition(":")
    if name and kind in set(CallerKind):
        return Caller(name, CallerKind(kind), door, address, request)
    return Caller(said, CallerKind.PERSON, door, address, request)


_CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


@contextmanager
def acting(who: Caller) -> Iterator[None]:
    """Everything noted in this block, in this thread or task, is noted as this caller's; the door says so at its edge."""
    token = _CALLER.set(who)
    try:
        yield
    finally:
        _CALLER.reset(token)


def caller() -> Caller | None:
    """Who acts in this thread or task; None where no door has said so."""
    return _CALLER.get()


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What stands in the journal for a name: a digest of it with a salt, which binds the name and does not give it away.

    `kind` is a caller's, or "address" for an address of the holder, another pseudonym. When a name is forgotten, so is its
    salt (32 hexadecimal digits): nobody can then find the name by trying.
    """

    kind: str
    name: str
    salt: str
    holder: str = ""

    @property
    def id(self) -> str:
        """64 hexadecimal digits: SHA-256 over the canonical JSON of the four fields."""
        said = {"holder": self.holder, "kind": self.kind, "name": self.name, "salt": self.salt}
        return sha256(_bytes(said)).hexdigest()


def alias(pseudonym: str) -> str:
    """What a list says in place of a name that was forgotten."""
    return f"#{pseudonym[:8]}" if pseudonym else ""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a chain by number and seal: who keeps it elsewhere can prove later that nothing before it changed."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


GENESIS = Head(0, "0" * 64)  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `who` and `address` are pseudonyms, empty where nothing is known; `details` is JSON as it is kept.

    `previous` is the hash of the entry before it, `hash` its own; both empty while it is not sealed.
    """

    number: int
    site: str
    verb: str
    details: str
    at: datetime
    who: str = ""
    door: str = ""
    address: str = ""
    request: str = ""
    reason: str = ""
    previous: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as people read it: the names that are known in place of pseudonyms; `caller` is None for what is older."""

    entry: Entry
    caller: Caller | None
    details: Mapping[str, object]


def canonical(entry: Entry) -> bytes:
    """The bytes that are sealed: a JSON object as RFC 8785 writes it, in UTF-8.

    Its members, sorted by name, without spaces: address, at, details, door, number, reason, request, site, verb, who. All are
    strings but `number`. `details` is the JSON text itself, as a string, so that nothing hangs on how numbers are written.
    `at` is in UTC with six decimals, 2026-11-22T09:30:00.000000Z. A lone surrogate, for which UTF-8 has no bytes, is written
    in three bytes as if it had.
    """
    return _bytes(
        {
            "address": entry.address,
            "at": f"{entry.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
            "details": entry.details,
            "door": entry.door,
            "number": entry.number,
            "reason": entry.reason,
            "request": entry.request,
            "site": entry.site,
            "verb": entry.verb,
            "who": entry.who,
        }
    )


def _bytes(said: Mapping[str, object]) -> bytes:
    return _ENCODER.encode(said).encode("utf-8", "surrogatepass")


def seal(entry: Entry, previous: str) -> str:
    """The hash of an entry that follows the one with this hash; 64 hexadecimal digits."""
    return sha256(previous.encode() + canonical(entry)).hexdigest()


def sealed(entry: Entry, previous: str) -> Entry:
    """An entry as it stands in the chain after the one with this hash."""
    return replace(entry, previous=previous, hash=seal(entry, previous))


class Fault(StrEnum):
    """Why an entry does not follow."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    UNSEALED = "unsealed"
    REWRITTEN = "rewritten"
    CUT_OFF = "cut off"
    NAME = "name"


_SENTENCES = {
    Fault.CHANGED: "Entry {number} is not as it was written.",
    Fault.MISSING: "What entry {number} followed is gone: something between {after} and {number} was removed or rewritten.",
    Fault.OUT_OF_ORDER: "Entry {number} does not stand where it was written.",
    Fault.UNSEALED: "Entry {number} has no seal, and sealed ones come after it.",
    Fault.REWRITTEN: "Entry {number} is not the one that was published: it, or something before it, was rewritten.",
    Fault.CUT_OFF: "The journal ends at entry {after}; entry {number} was published and is gone.",
    Fault.NAME: "The name behind entry {number} was removed or changed, and nobody noted that it was erased.",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not follow, and why; `after` is the last one that did."""

    number: int
    fault: Fault
    after: int

    def __str__(self) -> str:
        return _SENTENCES[self.fault].format(number=self.number, after=self.after)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: the head of the chain, how many entries follow each other up to it or to what is broken.

    `unsealed` counts entries after the head that older code wrote; the next one that is noted seals them.
    """

    head: Head
    entries: int
    unsealed: int
    broken: Broken | None


def verify(entries: Iterable[Entry], start: Head = GENESIS, published: Iterable[Head] = ()) -> Broken | None:
    """The first of these entries that does not follow the one before it, the first of them `start`; None where all do.

    Entries are read one by one and not kept. `published` are heads known from elsewhere; without them nobody can tell that the
    end of a journal was cut off, or all of it written anew. Those up to `start` are left out.
    """
    awaited = sorted((head for head in published if head.number > start.number), key=lambda head: -head.number)
    last = start
    for entry in entries:
        if fault := _fault(entry, last):
            return Broken(entry.number, fault, last.number)
        here = Head(entry.number, entry.hash)
        while awaited and awaited[-1].number <= here.number:
            told = awaited.pop()
            if told != here:
                return Broken(told.number, Fault.REWRITTEN, last.number)
        last = here
    return Broken(awaited[-1].number, Fault.CUT_OFF, last.number) if awaited else None


def _fault(entry: Entry, last: Head) -> Fault | None:
    if entry.number <= last.number:
        return Fault.OUT_OF_ORDER
    if not entry.hash:
        return Fault.UNSEALED
    if entry.previous == last.hash:
        return None if seal(entry, last.hash) == entry.hash else Fault.CHANGED
    if seal(entry, last.hash) == entry.hash:
        return Fault.CHANGED  # only what it says of the one before
    return Fault.MISSING if seal(entry, entry.previous) == entry.hash else Fault.OUT_OF_ORDER
