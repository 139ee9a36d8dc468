"""Our own clearing-house API over a records room of its own, with people who may sign in to it."""

import atexit
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp

from argon2 import PasswordHasher

from tests.records.samples import SCHEMAS, problems
from tests.web.house import Visitor
from tm_service.domain.permissions import Grant, Role
from tm_service.people.migrate import MIGRATIONS as PEOPLE
from tm_service.people.room import open_room as people_room
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
    ADMINISTRATOR: ("", [Role.ADMINISTRATOR]),
    KENYAN: ("ke", []),
    APPROVER: ("KE", [Role.PUBLISHING_AUTHORITY]),
    PERUVIAN: ("pe", [Role.PUBLISHING_AUTHORITY]),
    EDITOR: ("", [Role.CONTENT_EDITOR]),
}
_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def open_people(clock=None):
    """A people room of its own, with everybody of `ROLES` in it, whose hashes are cheap."""
    store = SqlStore(f"sqlite:///{copied(_peopled())}")
    return _room(store, clock or Clock())


def _room(store, clock):
    return people_room(store.connected, clock, b"k" * 32, hasher=_HASHER)


@cache
def _peopled():
    file = Path(mkdtemp(prefix="people-")) / "people.sqlite"
    atexit.register(shutil.rmtree, file.parent, ignore_errors=True)
    store = SqlStore(f"sqlite:///{file}")
    store.migrate()
    PEOPLE.run(store.connected)
    room = _room(store, Clock())
    for email, (government, roles) in ROLES.items():
        made = room.invite(email, email.partition("@")[0], "en", [Grant(role) for role in roles], government=government)
        room.accept(made.token, PASSWORD)
    store.close()
    return file


def copied(file):
    """A copy beside a file."""
    return shutil.copy(file, file.with_name(f"{token_hex(8)}.sqlite"))


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
    clock = clock or Clock()
    known = people or open_people(clock)
    said = {"records": lambda: room, "clock": clock, "people": lambda: known}
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
