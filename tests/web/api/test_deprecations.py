"""Functions that go out of date say so in every answer, and in the description."""

from datetime import date

import pytest

from tests.web.api.conftest import World
from tm_service.domain.functions import Deprecated
from tm_service.web.app import make_app
from tm_service.web.deprecations import headers_of

OLD = Deprecated("list_sites", date(2026, 11, 1), date(2027, 6, 1), "show_sites")
NAMES = ("Deprecation", "Sunset", "Link")


@pytest.fixture
def world(shared_world):
    return World(shared_world.service, make_app(shared_world.service, deprecated=[OLD]), {})


@pytest.fixture
def asker(world, shared_world):
    return world.bearing(shared_world.person("developer").headers["Authorization"].removeprefix("Bearer "))


def test_the_headers_are_as_the_standards_write_them():
    """RFC 9745, 2.1: a structured date; RFC 8594, 3: a date as HTTP writes it."""
    assert headers_of(OLD) == {
        "Deprecation": "@1793491200",
        "Sunset": "Tue, 01 Jun 2027 00:00:00 GMT",
        "Link": '</api/v1/openapi.json>; rel="deprecation sunset"; type="application/json"',
    }


def test_every_answer_of_the_function_warns_and_no_other_does(world, asker):
    answered = asker.get("/sites")
    assert {name: answered.headers[name] for name in NAMES} == headers_of(OLD)
    refused = world.nobody().get("/sites")
    assert (refused.status_code, refused.headers["Deprecation"]) == (401, "@1793491200")
    for answer in (asker.get("/sites/demo"), asker.get("/nothing"), world.nobody().get("/openapi.json")):
        assert not set(answer.headers) & {name.lower() for name in NAMES}


def test_the_description_marks_it(world):
    paths = world.nobody().get("/openapi.json").json()["paths"]
    told = paths["/api/v1/sites"]["get"]
    assert (told["deprecated"], told["x-sunset"], told["x-instead"]) == (True, "2027-06-01", "show_sites")
    assert "deprecated" not in paths["/api/v1/sites/{site}"]["get"]
