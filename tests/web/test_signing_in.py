from datetime import timedelta
from time import time

import pytest
from pyotp import TOTP

from tests.records.samples import C1, R1, article, resource
from tests.web.clearing_house_world import (
    APPROVER,
    EDITOR,
    KENYAN,
    PASSWORD,
    PERUVIAN,
    Clock,
    office,
    open_people,
    small_room,
)
from tm_service.domain.permissions import PERMISSIONS, Action, Grant, Role

USER = "/api/v2013/authentication/user"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return small_room(tmp_path_factory.mktemp("room") / "records.sqlite")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def people(clock):
    return open_people(clock)


@pytest.fixture
def api(service, room, people, clock):
    return office(service, room, people, clock)


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "Ticket", "bearer"])
def test_a_token_speaks_for_its_account(api, scheme):
    answer = api.sign_in(KENYAN.upper(), PASSWORD)
    assert set(answer.json()) == {"authenticationToken", "expiration"}
    headers = {"Authorization": f"{scheme} {answer.json()['authenticationToken']}"}
    assert api.ask("GET", USER, headers=headers).json() == {"email": KENYAN, "government": "ke", "roles": []}


def test_the_roles_of_the_house_are_those_of_the_records_room(api):
    roles = [api.call("GET", USER, by=email).json()["roles"] for email in (APPROVER, EDITOR)]
    assert roles == [["publishing-authority", "record-editor"], ["article-editor", "record-editor"]]


def test_a_role_on_a_site_of_message_files_is_none_in_the_record_store(api, people):
    people.set_grants(people.find(KENYAN).id, [Grant(Role.CONTENT_EDITOR, "demo")])
    assert api.call("GET", USER, by=KENYAN).json()["roles"] == []


def test_a_program_that_may_edit_articles_does(api, people):
    made = people.request_client(
        "editor", "ops@office.example", "Articles", [Action.ARTICLES_EDIT], by=people.find(KENYAN).id
    )
    people.approve_client(made.id, by=people.find(EDITOR).id)
    token = people.issue_token(made.id, made.scopes, by=people.find(KENYAN).id, lasts=timedelta(days=1))
    answer = api.ask("GET", USER, headers={"Authorization": f"Bearer {token.secret}"})
    assert answer.json() == {"email": "editor", "government": None, "roles": ["article-editor"]}


def program(people, *scopes: Action):
    """The header of a program with these scopes."""
    made = people.request_client("press", "ops@office.example", "Press", scopes, by=people.find(KENYAN).id)
    people.approve_client(made.id, by=people.find(EDITOR).id)
    token = people.issue_token(made.id, made.scopes, by=people.find(KENYAN).id, lasts=timedelta(days=1))
    return {"Authorization": f"Bearer {token.secret}"}


@pytest.mark.parametrize("scope", [Action.SITES_READ, Action.ARTICLES_EDIT])
def test_a_program_writes_no_records_whatever_it_may(api, people, scope):
    """Contacts are published without anybody's approval, resources are begun by anybody; both are for people."""
    headers, schemas = program(people, scope), "/api/v2023/documents/schemas"
    contact = {"header": {"identifier": C1.identifier, "schema": "contact"}, "name": {"en": "The seed bank"}}
    answer = api.ask("PUT", f"{schemas}/contact/{C1.identifier}", json={"document": contact}, headers=headers)
    assert (answer.status_code, "may not write" in answer.json()["message"]) == (403, True), answer.text
    draft = f"/api/v2013/documents/{R1.identifier}/versions/draft?schema=resource"
    assert api.ask("PUT", draft, json=resource(), headers=headers).status_code == 403
    written = 200 if scope is Action.ARTICLES_EDIT else 403
    assert api.ask("POST", "/api/v2017/articles", json=article(), headers=headers).status_code == written


def test_what_the_table_lets_people_do_with_articles_they_do(api, people):
    """Roles of the records room are read off the one table of permissions."""
    for role in Role:
        people.set_grants(people.find(PERUVIAN).id, [Grant(role)])
        held = set(api.call("GET", USER, by=PERUVIAN).json()["roles"])
        assert ("article-editor" in held) == (role in PERMISSIONS[Action.ARTICLES_EDIT]), role
        assert ("publishing-authority" in held) == (role in PERMISSIONS[Action.RECORDS_APPROVE]), role
        assert ("administrator" in held) == (role is Role.ADMINISTRATOR), role
        api.tokens.clear()  # another grant ends the session


@pytest.mark.parametrize(("email", "password"), [(KENYAN, "wrong"), ("nobody@office.example", PASSWORD)])
def test_an_unknown_address_is_refused_in_the_same_words_as_a_wrong_password(api, email, password):
    answer = api.sign_in(email, password)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["message"] == api.sign_in("eve@office.example", "x").json()["message"]


def test_a_second_factor_is_asked_for(api, people):
    token = people.sign_in(KENYAN, PASSWORD).token
    secret = TOTP(people.enrol_totp(token).secret)
    people.confirm_totp(token, secret.now())
    assert api.sign_in(KENYAN, PASSWORD).status_code == 401
    later = secret.at(int(time()) + 30)
    body = {"email": KENYAN, "password": PASSWORD, "code": later}
    assert api.ask("POST", "/api/v2013/authentication/token", json=body).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"email": 3, "password": "x"}, {"email": KENYAN}, {"email": KENYAN, "password": []}]
)
def test_half_a_login_is_refused(api, body):
    assert api.ask("POST", "/api/v2013/authentication/token", json=body).status_code == 400


def test_a_token_runs_out(api, clock):
    token = api.token(KENYAN)
    clock.ahead = timedelta(hours=12, seconds=1)
    answer = api.ask("GET", USER, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert set(answer.json()) == {"statusCode", "code", "message"}


@pytest.mark.parametrize("change", ["password", "roles", "gone", "letter", "cut", "none"])
def test_a_token_that_is_not_ours_any_more_is_refused(api, people, change):
    token, person = api.token(KENYAN), people.find(KENYAN).id
    if change == "password":
        people.accept(people.invite_again(person).token, "another lantern entirely")
    elif change == "roles":
        people.set_grants(person, [Grant(Role.CONTENT_EDITOR)])
    elif change == "gone":
        people.deactivate(person)
    else:
        other = "A" if token[5] != "A" else "B"
        token = {"letter": f"{token[:5]}{other}{token[6:]}", "cut": token[:-2], "none": ""}[change]
    assert api.ask("GET", USER, headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize(
    "header", ["Basic YTpi", "Bearer", "Bearer \u00e9.x".encode().decode("latin-1"), "Bearer W10.x", "nonsense"]
)
def test_any_other_header_is_refused(api, header):
    assert api.ask("GET", USER, headers={"Authorization": header.encode("latin-1", "replace")}).status_code == 401


def test_wrong_passwords_have_to_wait_ever_longer_and_a_right_one_too(api, clock):
    for _ in range(5):
        assert api.sign_in(KENYAN, "wrong").status_code == 401
    waits = []
    for _ in range(3):
        refused = api.sign_in(KENYAN, PASSWORD)
        assert refused.status_code == 429
        waits.append(int(refused.headers["Retry-After"]))
        clock.ahead = (clock.ahead or timedelta()) + timedelta(seconds=waits[-1])
        assert api.sign_in(KENYAN, "wrong").status_code == 401
    assert waits == sorted(waits)
    assert waits[-1] > 60
    assert api.sign_in(EDITOR, PASSWORD).status_code == 200
    clock.ahead += timedelta(hours=1)
    assert api.sign_in(KENYAN, PASSWORD).status_code == 200
    assert api.sign_in(KENYAN, "wrong").status_code == 401
