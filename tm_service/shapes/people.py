"""People: documents of persons, programs, their tokens, and the journal."""

from tm_service.domain.audit import Head, Line, Verdict
from tm_service.domain.clients import Client, IssuedToken, Token, Usage
from tm_service.domain.people import Person, Session
from tm_service.shapes.pipeline import Document


def person(found: Person) -> Document:
    return {
        "person": found.id,
        "email": found.email,
        "name": found.name,
        "language": found.language,
        "government": found.government,
        "state": found.state,
        "roles": list(map(str, sorted(found.grants))),
        "expires": found.expires.isoformat() if found.expires else None,
        "second_factor": found.has_second_factor,
    }


def session(found: Session) -> Document:
    return {
        "session": found.id,
        "since": found.since.isoformat(),
        "seen": found.seen.isoformat(),
        "until": found.until.isoformat(),
    }


def client(found: Client) -> Document:
    return {
        "client": found.id,
        "name": found.name,
        "contact": found.contact,
        "purpose": found.purpose,
        "state": found.state,
        "scopes": sorted(found.scopes),
        "pinned": sorted(found.pinned),
        "why": found.why,
    }


def token(found: Token) -> Document:
    return {
        "token": found.prefix,
        "client": found.client,
        "scopes": sorted(found.scopes),
        "issued": found.issued.isoformat(),
        "until": found.until.isoformat(),
        "revoked": found.revoked,
        "replaced_by": found.replaced_by or None,
    }


def issued_token(made: IssuedToken) -> Document:
    """With the secret, which is told this once."""
    return token(made.token) | {"secret": made.secret}


def usage(found: Usage) -> Document:
    return {"client": found.client, "function": found.function, "day": found.day.isoformat(), "calls": found.calls}


def journal_entry(line: Line) -> Document:
    entry, who = line.entry, line.caller
    caller = {"by": who.name, "kind": who.kind, "door": who.door, "address": who.address} if who else {}
    said = {"request": entry.request, "reason": entry.reason, "hash": entry.hash}
    what = {"number": entry.number, "at": entry.at.isoformat(), "site": entry.site, "verb": entry.verb}
    return what | caller | said | {"details": dict(line.details)}


def head(found: Head) -> Document:
    return {"head": str(found), "number": found.number, "hash": found.hash}


def verdict(found: Verdict) -> Document:
    """What verifying found; `broken` is the number of the first entry that does not follow, and is not there where all do."""
    told = {"head": str(found.head), "entries": found.entries, "unsealed": found.unsealed}
    return told | ({"broken": found.broken.number, "error": str(found.broken)} if found.broken else {})
