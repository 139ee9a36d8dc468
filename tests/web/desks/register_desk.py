"""The register in the tests of its pages: a house that lives, an empty one, people by their role, and what pages say."""

import pytest
from lxml import html

from tests.people.samples import ADMINISTRATOR, PASSWORD, person
from tests.register_world import NOW, Releases, grown, open_house, page_of
from tests.web.browser import Browser, with_people
from tests.web.house import Visitor
from tm_service.domain.permissions import Grant, Role
from tm_service.web.app import make_app

ROOT = "/sites/garden/register"
PAGES = ("", "/coverage", "/trend", "/freshness", "/work", "/alarms", "/savings", "/quality")
TABLES = (
    ("coverage", "coverage"), ("trend", "trend"), ("freshness", "freshness"), ("freshness", "causes"),
    ("freshness", "longest"), ("work", "work"), ("work", "packages"), ("alarms", "alarms"), ("savings", "savings"),
    ("savings", "months"), ("quality", "quality"), ("quality", "checks"), ("quality", "returns"),
)  # fmt: skip
CHARTS = (("coverage", "coverage"), ("trend", "trend"), ("freshness", "freshness"), ("freshness", "causes"),
          ("work", "work"), ("savings", "savings"), ("quality", "checks"))  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = open_house(tmp_path_factory.mktemp("register"))
    grown(made.store)
    return made


@pytest.fixture(scope="module")
def visitor(house):
    return Visitor(make_app(house))


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return Visitor(make_app(open_house(tmp_path_factory.mktemp("empty"))))


def tables(answer):
    """Rows of texts by the id of a table's heading."""
    found = {}
    for section in html.fromstring(answer.text).xpath("//section[.//table]"):
        rows = section.xpath(".//table//tr")
        found[section.get("aria-labelledby").removesuffix("-table")] = [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in rows
        ]
    return found


def file_of(visitor, page, table, kind, language="en", **asked: str):
    params = {"table": table, "kind_of": kind, "lang": language} | asked
    return visitor.get(f"{ROOT}/{page}/file", params=params)


@pytest.fixture
def signed(tmp_path):
    """A house with an alarm, and browsers of people by their role."""
    made = open_house(tmp_path)
    releases = Releases(made.store)
    releases.deploy({("fr", "texts/a.json"): page_of("fr", "texts/a.json", {"a": "c"})})
    releases.deploy({}, alarms=[("fr", 7)])
    made, app = with_people(made, lambda: NOW)

    def browser(role, site=""):
        name = f"{role.value}{site}".replace("-", "")
        person(made.people(), name, ADMINISTRATOR if role is Role.ADMINISTRATOR else Grant(role, site))
        found = Browser(app)
        assert found.post("/sign-in", email=f"{name}@house.example", password=PASSWORD).status_code == 303
        return found

    return made, browser


def raised(made):
    return made.register.alarms("garden", made.register.packages("garden"))
