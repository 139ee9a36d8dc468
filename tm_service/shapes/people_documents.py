"""People documents: what each answer about people, clients and the journal has, as the interface's description tells it."""

from typing import Any

from tm_service.domain.audit import CallerKind
from tm_service.shapes.documents import Client, Document, Person


class People(Document):
    people: list[Person]
    cursor: str | None


class Invited(Person):
    """An account with the token that sets its password, told this once; `address` is the page that takes it."""

    token: str
    until: str
    address: str


class PersonalData(Document, extra="allow"):
    """All that is kept of a person."""

    id: str
    email: str
    name: str
    language: str


class Erased(Document):
    pseudonym: str


class Session(Document):
    """Where somebody is signed in; `current` is the session that asks."""

    session: str
    since: str
    seen: str
    until: str
    current: bool


class Sessions(Document):
    sessions: list[Session]


class Clients(Document):
    clients: list[Client]
    cursor: str | None


class Token(Document):
    """What is known of a token; `token` is its beginning."""

    token: str
    client: str
    scopes: list[str]
    issued: str
    until: str
    revoked: bool
    replaced_by: str | None


class IssuedToken(Token):
    """With the secret, told this once."""

    secret: str


class Tokens(Document):
    tokens: list[Token]
    cursor: str | None


class Used(Document):
    """How often a client called a function on a day (UTC)."""

    client: str
    function: str
    day: str
    calls: int


class Usage(Document):
    usage: list[Used]
    cursor: str | None


class Entry(Document):
    """A change; who made it is not told of the oldest ones."""

    number: int
    at: str
    site: str
    verb: str
    by: str | None = None
    kind: CallerKind | None = None
    door: str | None = None
    address: str | None = None
    request: str
    reason: str
    hash: str
    details: dict[str, Any]


class Entries(Document):
    entries: list[Entry]
    cursor: int | None


class Head(Document):
    """The newest entry, as it is kept elsewhere: NUMBER:HASH."""

    head: str
    number: int
    hash: str


class Verdict(Document):
    """What verifying found; `broken` is the first entry that does not follow, and is not there where all do."""

    head: str
    entries: int
    unsealed: int
    broken: int | None = None
    error: str | None = None
