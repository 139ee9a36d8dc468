"""The description of the interface: valid OpenAPI 3.1; every function is named, explained, placed and shown by an example."""

import re

import pytest
import schemathesis
from jsonschema import Draft202012Validator

from tm_service.web.api.description import functions
from tm_service.web.api.kept_answers import KEY, KeptRoute

METHODS = {"get", "head", "options", "post", "put", "patch", "delete"}
BYTES = re.compile(r"application/(zip|xml|x-tmx\+xml|x-tbx\+xml|octet-stream|pdf)|text/.*")


@pytest.fixture(scope="module")
def described(shared_world):
    answer = shared_world.nobody().get("/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations(described):
    found = [
        (f"{method} {path}", operation)
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    assert len(found) > 60
    return found


def lacking(described, has):
    return [name for name, operation in operations(described) if not has(operation)]


def resolved(described, found):
    """What a reference within the description leads to."""
    if "$ref" not in found:
        return found
    for part in found["$ref"].removeprefix("#/").split("/"):
        described = described[part]
    return described


def test_it_is_openapi_3_1(described):
    assert described["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(described).validate()


def test_what_is_no_openapi_would_be_noticed(described):
    broken = described | {"paths": {"/beds": {"get": {"responses": {"200": {}}}}}}
    with pytest.raises(ValueError, match="description"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_function_is_in_it(shared_world, described):
    told = {operation["operationId"] for _, operation in operations(described)}
    assert {route.name for route in functions(shared_world.app) if route.include_in_schema} == told


def test_articles_and_records_are_in_it(described):
    """Whatever an interface of pages can do a program finds here."""
    paths = {path for path in described["paths"] if path.startswith(("/api/v1/articles", "/api/v1/records"))}
    record = "/api/v1/records/{schema}/{identifier}"
    ways = ("", "/publish", "/references", "/shares", "/shares/{number}")
    assert paths == {"/api/v1/articles", "/api/v1/articles/{identifier}", *(f"{record}{way}" for way in ways)}


def test_no_two_functions_share_a_name(described):
    names = [operation["operationId"] for _, operation in operations(described)]
    assert len(names) == len(set(names))


def test_every_function_has_an_area_and_says_what_it_does(described):
    assert lacking(described, lambda operation: len(operation.get("tags", [])) == 1) == []
    assert lacking(described, lambda operation: operation.get("summary")) == []
    assert lacking(described, lambda operation: operation.get("description", "").strip()) == []


def contents(described):
    """Every answer that succeeds: its function and status, kind, and what is said of it."""
    for name, operation in operations(described):
        for status, said in operation["responses"].items():
            if status.startswith("2"):
                for kind, content in said.get("content", {}).items():
                    yield f"{name} {status}", kind, content


def test_every_answer_that_is_a_document_has_an_example_and_all_others_are_files(described):
    lacks = [
        name for name, kind, content in contents(described) if kind == "application/json" and "example" not in content
    ]
    assert lacks == []
    odd = {kind for _, kind, _ in contents(described) if kind != "application/json"}
    assert {kind for kind in odd if not BYTES.fullmatch(kind)} == set()


def test_every_example_is_as_its_schema_says(described):
    """Documents, problems and parameters."""
    checked, wrong = 0, []
    parts = [
        (f"{name} {status}", content)
        for name, operation in operations(described)
        for status, said in operation["responses"].items()
        for content in said.get("content", {}).values()
    ]
    parts += [
        (name, resolved(described, one))
        for name, operation in operations(described)
        for one in operation.get("parameters", [])
    ]
    for name, said in parts:
        if "example" in said:
            schema = {**said["schema"], "components": described["components"]}
            errors = Draft202012Validator(schema).iter_errors(said["example"])
            wrong += [f"{name}: {error.json_path} {error.message}" for error in errors]
            checked += 1
    assert wrong == []
    assert checked > 100


def test_every_function_that_changes_something_says_that_it_takes_a_key(shared_world, described):
    routes = {route.name: route for route in functions(shared_world.app)}
    for name, operation in operations(described):
        taken = [resolved(described, one)["name"] for one in operation.get("parameters", [])]
        sent_on = operation["operationId"] in ("continue_upload", "reach_upload")  # by their offset, as tus has it
        changes = not name.startswith(("get", "head", "options")) and not sent_on
        assert taken.count(KEY) == changes, name
        # A few units are handed in while one waits, many by a job; twice or once, it is the same.
        is_job = routes[operation["operationId"]].is_job or operation["operationId"] == "hand_in_package"
        assert ("202" in operation["responses"]) == is_job, name
        assert isinstance(routes[operation["operationId"]], KeptRoute)


def test_every_text_that_is_asked_with_has_an_end(described):
    """What anybody may send in a query has a limit; addresses and headers have that of the server."""
    endless = []
    for name, operation in operations(described):
        for one in operation.get("parameters", []):
            said = resolved(described, one)
            schema = said["schema"]
            kinds = [*schema.get("anyOf", [schema])]
            for kind in kinds:
                of = kind.get("items", kind)
                if of.get("type") == "string" and not of.keys() & {"maxLength", "enum", "format", "pattern"}:
                    endless.append(f"{name} {said['in']} {said['name']}")
    assert [one for one in endless if " query " in one] == []
