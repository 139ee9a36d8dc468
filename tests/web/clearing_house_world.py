"""Our own clearing-house API over a records room of its own, with people who may sign in to it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.records.samples import SCHEMAS, problems
from tests.web.house import Visitor
from tm_service.domain.accounts import Account
from tm_service.records.confidential import public
from tm_service.records.migrate import MIGRATIONS
from tm_service.records.room import Room
from tm_service.records.schemas import schemas
from tm_service.storage.sql_store import SqlStore
from tm_service.web.app import make_app

ADMINISTRATOR, KENYAN, APPROVER, PERUVIAN, EDITOR = (
    f"{name}@office.example" for name in ("ines", "wanjiru", "otieno", "quispe", "eva")
)
PASSWORD = "a lantern in the herbarium"  # noqa: S105 - of these tests alone
ROLES = {
    ADMINISTRATOR: ("", {"administrator"}),
    KENYAN: ("ke", set()),
    APPROVER: ("KE", {"publishing-authority"}),
    PERUVIAN: ("pe", {"publishing-authority"}),
    EDITOR: ("", {"article-editor"}),
}


@dataclass
class People:
    """Accounts in memory; a password is compared as it is, for argon2 takes its time."""

    known: dict = field(default_factory=lambda: {email: _account(email) for email in ROLES})
    asked: int = 0

    def find(self, email):
        return self.known.get(email.strip().casefold())

    def verify(self, account, password):
        self.asked += 1
        return account is not None and password == account.password.rpartition("$")[2]


def _account(email, password=PASSWORD):
    government, roles = ROLES[email]
    return Account(email, f"$argon2id${password}", government, frozenset(roles))


class Clock:
    """Now, or as far ahead as a test sets it."""

    ahead = None

    def __call__(self) -> datetime:
        now = datetime.now(UTC)
        return now + self.ahead if self.ahead else now


def open_room(file):
    """A room with the house's own schemas that takes every document as it is."""
    store = SqlStore(f"sqlite:///{file}")
    MIGRATIONS.run(store.connected)
    return Room(store.connected, lambda: datetime.now(UTC), schemas(), lambda _schema, _document: (), public)


def small_room(file):
    """A room with the small world of schemas that the tests of the records room have."""
    store = SqlStore(f"sqlite:///{file}")
    MIGRATIONS.run(store.connected)
    return Room(store.connected, lambda: datetime.now(UTC), SCHEMAS, lambda *asked: tuple(problems(*asked)), public)


def with_room(service, room, people=None, clock=None):
    """A service over this room, where these people may sign in."""
    said = {
        "records": lambda: room,
        "clock": clock or Clock(),
        "secret": lambda: b"k" * 32,
        "accounts": people or People(),
    }
    fields = {name: getattr(service, name) for name in service.__dataclass_fields__}
    beside = {name: value for name, value in said.items() if name not in fields}
    kind = type("Office", (type(service),), beside)
    return kind(**fields | {name: value for name, value in said.items() if name in fields})


@dataclass
class Office(Visitor):
    """Asks the API, as nobody or as one of the people."""

    app: object
    address: str = "http://localhost"
    tokens: dict = field(default_factory=dict)

    def call(self, method, path, body=None, by=None, **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if by:
            named["Authorization"] = f"Bearer {self.token(by)}"
        options = {"headers": named} | ({} if body is None else {"json": body})
        return self.ask(method, path, **options)

    def token(self, by):
        if by not in self.tokens:
            answer = self.sign_in(by, PASSWORD)
            assert answer.status_code == 200, answer.text
            self.tokens[by] = answer.json()["authenticationToken"]
        return self.tokens[by]

    def sign_in(self, email, password):
        return self.ask("POST", "/api/v2013/authentication/token", json={"email": email, "password": password})


def office(service, room, people=None, clock=None):
    return Office(make_app(with_room(service, room, people, clock)))
