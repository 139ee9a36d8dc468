"""A house with people: one person for each role, a program, and an application that all of them ask."""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.people.samples import let_in
from tests.web.house import Visitor, build_house
from tm_service.bootstrap import open_service
from tm_service.domain.permissions import Action, Grant, Role
from tm_service.settings import add_sites, read_settings
from tm_service.web.app import make_app
from tm_service.worker.runner import Worker

PASSWORD = "a lantern in the herbarium"  # noqa: S105 - of these tests alone


@dataclass
class World:
    """The house, its application, and who asks it."""

    service: object
    app: object
    tokens: dict = field(default_factory=dict)

    def person(self, role, site="", locale=""):
        """Asks as somebody who has this one role, with the token of a session."""
        said = (role, site, locale)
        if said not in self.tokens:
            people, email = self.service.people(), f"{role}.{site}.{locale}@office.example"
            invited = people.invite(email, f"{role} of {site or 'all'}", "en", [Grant(Role(role), site, locale)])
            self.tokens[said] = let_in(people, invited.person.id).token
        return self.bearing(self.tokens[said])

    def program(self, *scopes: str):
        """Asks as a program with these scopes."""
        people = self.service.people()
        self.person("administrator"), self.person("secretariat")
        asks, approves = (people.find(f"{role}..@office.example").id for role in ("administrator", "secretariat"))
        name = f"program {len(people.clients())}"
        made = people.request_client(name, "ops@office.example", "Releases", [Action(one) for one in scopes], by=asks)
        people.approve_client(made.id, by=approves)
        token = people.issue_token(made.id, made.scopes, by=asks, lasts=timedelta(days=1))
        return self.bearing(token.secret)

    def bearing(self, token):
        return Asking(self.app, {"Authorization": f"Bearer {token}"})

    def nobody(self):
        return Asking(self.app, {})

    def work(self):
        """Do every job that is due, as a worker does."""
        Worker(self.service, "test").run(until_idle=True)


@dataclass
class Asking:
    """Asks below `/api/v1`, with the same headers each time."""

    app: object
    headers: dict

    def ask(self, method, path, **options: object):
        headers = self.headers | dict(options.pop("headers", {}))
        return Visitor(self.app).ask(method, f"/api/v1{path}", headers=headers, **options)

    def get(self, path, **options: object):
        return self.ask("GET", path, **options)

    def post(self, path, json=None, **options: object):
        return self.ask("POST", path, json={} if json is None else json, **options)


@pytest.fixture(scope="session")
def _built(tmp_path_factory):
    """A house whose files are copied for each test."""
    folder = tmp_path_factory.mktemp("api")
    build_house(folder)
    return folder


@pytest.fixture
def world(_built, tmp_path):
    """A house of its own, a copy, at the present time; its worker works when it is told to."""
    home = tmp_path / "home"
    shutil.copytree(_built / "home", home)
    settings = read_settings(home, environment={})
    add_sites(settings, _built / "sites.toml")
    service = open_service(settings)
    made = World(service, make_app(service))
    made.person("administrator")
    return made


@pytest.fixture
def developer(world):
    return world.person("developer")


@pytest.fixture
def french(world):
    return world.person("translator", "demo", "fr")


@pytest.fixture
def secretariat(world):
    return world.person("secretariat")


@pytest.fixture(scope="module")
def shared_world(_built, tmp_path_factory):
    """A house of its own for all tests of a file, which change nothing in it."""
    home = tmp_path_factory.mktemp("shared") / "home"
    shutil.copytree(_built / "home", home)
    service = open_service(read_settings(home, environment={}))
    made = World(service, make_app(service))
    made.person("administrator")
    return made
