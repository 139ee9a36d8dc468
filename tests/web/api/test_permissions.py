"""Who may do what: every route of the interface, tried by every role, by programs and by nobody."""

import re

import pytest

from tm_service.domain.permissions import PERMISSIONS, Action, Role
from tm_service.web.api.description import functions, needed

# Functions that everybody may call: what readers read, how one becomes known, and what proves itself by a signature.
FOR_EVERYBODY = {
    ("GET", "/api/v1/openapi.json"),
    ("POST", "/api/v1/session"),
    ("GET", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    ("POST", "/api/v1/session/invitation"),
    ("PUT", "/api/v1/session/password"),
    ("POST", "/api/v1/session/second-factor"),
    ("PUT", "/api/v1/session/second-factor"),
    ("DELETE", "/api/v1/session/second-factor"),
    ("GET", "/api/v1/session/data"),
    ("GET", "/api/v1/session/sessions"),
    ("DELETE", "/api/v1/session/sessions"),
    ("DELETE", "/api/v1/session/sessions/{session}"),
    ("GET", "/api/v1/articles"),
    ("GET", "/api/v1/articles/{identifier}"),
    ("GET", "/api/v1/records/{schema}/{identifier}"),
    ("GET", "/api/v1/records/{schema}/{identifier}/references"),
    ("POST", "/api/v1/hooks/{site}"),
}
# Functions over drafts: who is signed in, as far as the rights of the records room go.
OF_THE_RECORDS_ROOM = {
    ("POST", "/api/v1/records/{schema}/{identifier}/publish"),
    ("POST", "/api/v1/records/{schema}/{identifier}/shares"),
    ("GET", "/api/v1/records/{schema}/{identifier}/shares"),
    ("DELETE", "/api/v1/records/{schema}/{identifier}/shares/{number}"),
}


def calls(app):
    """Each function with each of its methods: the method, the path, and the action it takes, None for everybody's."""
    found = [(method, route.path, needed(route)) for route in functions(app) for method in route.methods - {"HEAD"}]
    assert len(found) > 30
    return found


def restricted(app):
    return [(method, path, action) for method, path, action in calls(app) if action]


def test_every_function_names_the_action_it_takes_or_is_for_everybody(shared_world):
    unguarded = {(method, path) for method, path, action in calls(shared_world.app) if not action}
    assert unguarded == FOR_EVERYBODY | OF_THE_RECORDS_ROOM


@pytest.mark.parametrize(("method", "path"), sorted(OF_THE_RECORDS_ROOM))
def test_drafts_are_nobodys_who_is_not_signed_in(shared_world, method, path):
    assert shared_world.nobody().ask(method, filled(path), json={}).status_code == 401


def filled(path):
    """An address of a route: the site there is, and names of nothing for the rest."""
    named = {"site": "demo", "number": "1"}
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: named.get(found[1], "nothing"), path).removeprefix("/api/v1")


@pytest.mark.parametrize("role", list(Role))
def test_every_function_lets_in_the_roles_of_the_table_and_no_other(shared_world, role):
    asker = shared_world.person(role)
    for method, path, action in restricted(shared_world.app):
        answer = asker.ask(method, filled(path), content=b"")
        assert (answer.status_code == 403) == (role not in PERMISSIONS[action]), (role, method, path)


def test_who_has_a_role_on_another_site_or_no_name_is_kept_out(shared_world):
    for method, path, action in restricted(shared_world.app):
        assert shared_world.nobody().ask(method, filled(path), content=b"").status_code == 401, (method, path)
        for role in PERMISSIONS[action] if "{site}" in path else ():
            stranger = shared_world.person(role, "reef")
            assert stranger.ask(method, filled(path), content=b"").status_code == 403, (role, method, path)


@pytest.mark.parametrize("action", [Action.DEPLOY, Action.SITES_READ])
def test_a_program_does_what_its_token_says_and_nothing_else(shared_world, action):
    program = shared_world.program(action)
    for method, path, wanted in restricted(shared_world.app):
        answer = program.ask(method, filled(path), content=b"")
        assert (answer.status_code == 403) == (wanted is not action), (method, path)
