"""A house that people sign in to by its pages: Ada administers it, and every look at a password is counted."""

import shutil

import pytest
from argon2 import PasswordHasher

from tests.clocks import Clock
from tests.people.samples import ADMINISTRATOR, person
from tests.web.browser import Browser, with_people
from tests.web.house import build_house
from tm_service.bootstrap import open_service
from tm_service.settings import read_settings


class Counting(PasswordHasher):
    """Counts how often a password is looked at."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.looked = 0

    def verify(self, kept, password):
        self.looked += 1
        return super().verify(kept, password)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    build_house(folder)
    return folder


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def hasher():
    return Counting()


@pytest.fixture
def house(built, tmp_path, clock, hasher):
    """A house of its own with an administrator, Ada; and its application."""
    shutil.copytree(built / "home", tmp_path / "home")
    made, app = with_people(open_service(read_settings(tmp_path / "home", environment={})), clock, hasher)
    person(made.people(), "Ada", ADMINISTRATOR)
    return made, app


@pytest.fixture
def room(house):
    return house[0].people()


@pytest.fixture
def browser(house):
    return Browser(house[1])
