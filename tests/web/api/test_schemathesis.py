"""Schemathesis: every function of the interface, asked at random, never fails, and answers as its description says."""

from collections import Counter
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from tests.people.samples import let_in
from tm_service.domain.permissions import Grant, Role
from tm_service.web import pace
from tm_service.web.api import asked

pytestmark = pytest.mark.slow
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")  # pieces of uploads

_CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# Requests to each function: about what is there, about anything, and not as described.
_THERE_IS, _ANYTHING, _WRONG = 4, 2, 1
_HERE = "http://localhost"


@dataclass
class Scan:
    """What was asked and what is wrong, function by function."""

    statuses: dict = field(default_factory=dict)
    wrong: dict = field(default_factory=dict)

    def of(self, operation, mode, times, ask):
        """Ask a function at random; what was wrong first is remembered."""
        name = operation.definition.raw["operationId"]
        counted, last = self.statuses.setdefault(name, Counter()), ""

        @seed(20261122)
        @settings(
            max_examples=times,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode))
        def scan(case):
            nonlocal last
            last = case.as_curl_command()
            response = ask(case)
            counted[response.status_code] += 1
            case.validate_response(response, checks=_CHECKS)

        try:
            scan()
        except Unsatisfiable:  # where nothing is sent, nothing can be wrong with it
            assert mode is GenerationMode.NEGATIVE, name
        except FailureGroup as found:
            self.wrong.setdefault(
                name, f"{'; '.join(f'{one.title}: {one.message}' for one in found.exceptions)}: {last}"
            )


def there_is(world):
    """What functions are asked about, by the name that they have for it."""
    service = world.service
    admin = world.person("administrator")
    world.program("sites:read")
    job = admin.post("/sites/demo/deployments", {"ref": "2026.4"}, headers={"Prefer": "respond-async"}).json()
    world.work()
    term = {"site": "demo", "locale": "fr", "term": "seed bank", "target": "banque de semences"}
    term = world.person("secretariat").post("/terms", term).json()
    unit = service.check("demo", "2026.4").units[0]
    package = service.handoffs.packages("demo")[0]
    return {
        "site": ["demo"],
        "locale": [unit["locale"]],
        "locales": [[unit["locale"]], []],
        "resource": [unit["resource"]],
        "key": [unit["key"]],
        "number": [term["number"]],
        "numbers": [[1], [2, 3]],
        "deployment": [1, 2],
        "ref": ["", "2026.1", "2026.4"],
        "base": ["2026.1"],
        "head": ["2026.4"],
        "memory": ["", "demo"],
        "file": ["beds.tmx", "beds.csv", "beds.tbx", "beds.txt"],
        "job": [job["job"]],
        "subscription": [service.webhooks.subscribe("https://hooks.invalid/reeds")[0].id],
        "package": [package.id],
        "person": [service.people().find("secretariat..@office.example").id],
        "client": [service.people().clients()[0].id],
        "scopes": [["sites:read"]],
        "language": ["en"],
        "roles": [["reviewer@demo/fr"], []],
        "with": [[]],
        "email": ["new@office.example", "other@office.example"],
        "If-Match": ["*"],
        "least": [75],
        "limit": [5],
    }


def with_what_is_there(found, there):
    """A description in which parameters and members of these names are something that there is."""
    if isinstance(found, list):
        return [with_what_is_there(one, there) for one in found]
    if not isinstance(found, dict):
        return found
    if "in" in found and found.get("name") in there:
        return found | {"schema": {"enum": there[found["name"]]}}
    made = {key: with_what_is_there(one, there) for key, one in found.items()}
    if isinstance(found.get("properties"), dict):
        made["properties"] |= {name: {"enum": there[name]} for name in found["properties"].keys() & there.keys()}
    return made


def narrowed(document, there):
    """The description, with what is there wherever something is sent; what is answered stays as it was."""
    made, sent = deepcopy(document), set()
    for path in made["paths"].values():
        for operation in path.values():
            operation["parameters"] = with_what_is_there(operation.get("parameters", []), there)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                sent.add(content["schema"].get("$ref", "").rpartition("/")[2])
    bodies = made["components"]["schemas"]
    bodies |= {name: with_what_is_there(bodies[name], there) for name in sent - {""}}
    return made


@pytest.fixture
def described(world, monkeypatch):
    """What the application says of itself; it may be asked as often as one likes, and no job is waited for."""
    for limit in ("KNOWN", "UNKNOWN", "SIGN_IN"):
        monkeypatch.setattr(pace, limit, 10**9)
    monkeypatch.setattr(asked, "_PATIENCE", 0.0)
    return world.nobody().get("/openapi.json").json()


def served(app):
    """As a server has the application: what it raises is in its log, and who asked has the answer."""

    async def serve(scope, receive, send):
        with suppress(Exception):
            await app(scope, receive, send)

    return serve


def loaded(world, document):
    schema = schemathesis.openapi.from_dict(document)
    schema.app = served(world.app)
    return schema


def scan(world, rounds, headers):
    """Ask every function; a round is a description, a mode and how often; `headers` are of who asks, made anew for each."""
    made = Scan()
    with asgi.get_client(served(world.app)) as client:
        for document, mode, times in rounds:
            for found in loaded(world, document).get_all_operations():
                said = headers()
                made.of(found.ok(), mode, times, lambda case, said=said: case.call(_HERE, client, headers=said))
    return made


def told(wrong):
    return "\n\n".join(f"{name}: {said}" for name, said in wrong.items())


def test_whatever_somebody_of_all_roles_asks_is_answered_as_described(world, described):
    """Among it enough that succeeds: what nothing is found for says little."""
    there, people = there_is(world), world.service.people()
    known = people.invite("all@office.example", "All roles", "en", [*map(Grant, Role)]).person

    def headers():
        return {"Authorization": f"Bearer {let_in(people, known.id).token}"}

    rounds = (
        (narrowed(described, there), GenerationMode.POSITIVE, _THERE_IS),
        (described, GenerationMode.POSITIVE, _ANYTHING),
        (described, GenerationMode.NEGATIVE, _WRONG),
    )
    made = scan(world, rounds, headers)
    assert not made.wrong, told(made.wrong)
    well = {name for name, counted in made.statuses.items() if any(200 <= status < 300 for status in counted)}
    assert len(well) * 2 > len(made.statuses), f"Nothing succeeds of {sorted(made.statuses.keys() - well)}"


def test_whatever_nobody_asks_is_answered_as_described_and_refused(world, described):
    made = scan(
        world,
        [(narrowed(described, there_is(world)), GenerationMode.POSITIVE, 2), (described, GenerationMode.NEGATIVE, 1)],
        dict,
    )
    assert not made.wrong, told(made.wrong)
    let_in = {name for name, counted in made.statuses.items() if any(status < 400 for status in counted)}
    assert let_in <= {"sign_out"}


def test_a_function_that_fails_would_be_noticed(world, described, monkeypatch):
    monkeypatch.setattr(type(world.service), "latest", None)
    made, headers = Scan(), world.person("administrator").headers
    operation = loaded(world, described)["/api/v1/sites"]["get"]
    made.of(operation, GenerationMode.POSITIVE, 1, lambda case: case.call(_HERE, headers=headers))
    assert made.wrong["list_sites"].startswith("Server error")
    assert made.statuses["list_sites"].keys() == {500}


def test_an_answer_that_is_not_as_described_would_be_noticed(world, described):
    answer = described["paths"]["/api/v1/sites"]["get"]["responses"]["200"]["content"]["application/json"]
    answer["schema"] = {"type": "array"}
    made, headers = Scan(), world.person("administrator").headers
    operation = loaded(world, described)["/api/v1/sites"]["get"]
    made.of(operation, GenerationMode.POSITIVE, 1, lambda case: case.call(_HERE, headers=headers))
    assert set(made.wrong) == {"list_sites"}
