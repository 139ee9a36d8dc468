"""Sessions over HTTP: signed in and out, with and without a second factor, and what the cookie is like."""

from http.cookies import SimpleCookie
from time import time

import pytest
from pyotp import TOTP

from tests.web.api.conftest import PASSWORD
from tests.web.house import Visitor
from tm_service.domain.permissions import Action, Grant, Role

EMAIL = "amina@office.example"


@pytest.fixture
def amina(world):
    """Somebody with a password."""
    people = world.service.people()
    made = people.invite(EMAIL, "Amina Said", "en", [Grant(Role.TRANSLATOR, "demo", "fr")])
    people.accept(made.token, PASSWORD)
    return world


def sign_in(world, address="http://localhost", **said: object):
    body = {"email": EMAIL, "password": PASSWORD} | said
    return Visitor(world.app, address).ask("POST", "/api/v1/session", json=body)


def cookie(answer):
    (morsel,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    return morsel


def known(answer):
    morsel = cookie(answer)
    return {"Cookie": f"{morsel.key}={morsel.value}"}


def test_a_person_signs_in_is_known_and_signs_out(amina):
    answer = sign_in(amina)
    assert (answer.status_code, answer.json()["email"]) == (201, EMAIL)
    asking = Visitor(amina.app)
    told = asking.get("/api/v1/session", headers=known(answer)).json()
    assert told["roles"] == ["translator@demo/fr"]
    left = asking.ask("DELETE", "/api/v1/session", headers=known(answer))
    assert (left.status_code, cookie(left).value) == (204, "")
    assert asking.get("/api/v1/session", headers=known(answer)).status_code == 401
    assert asking.ask("DELETE", "/api/v1/session").status_code == 204


@pytest.mark.parametrize("scheme", ["Bearer", "Token"])
def test_who_shows_a_sessions_token_signs_out_of_it(amina, scheme):
    token, other = (cookie(sign_in(amina)).value for _ in range(2))
    shown, asking = {"Authorization": f"{scheme} {token}"}, Visitor(amina.app)
    assert asking.ask("DELETE", "/api/v1/session", headers=shown).status_code == 204
    for headers in (shown, {"Cookie": f"session={token}"}):
        assert asking.get("/api/v1/session", headers=headers).status_code == 401
    assert asking.get("/api/v1/session", headers={"Cookie": f"session={other}"}).status_code == 200


def test_who_shows_two_sessions_signs_out_of_both(amina):
    """The browser forgets its cookie, so what the cookie opened ends as well."""
    shown, kept = (cookie(sign_in(amina)).value for _ in range(2))
    both, asking = {"Authorization": f"Bearer {shown}", "Cookie": f"session={kept}"}, Visitor(amina.app)
    assert asking.ask("DELETE", "/api/v1/session", headers=both).status_code == 204
    for token in (shown, kept):
        assert asking.get("/api/v1/session", headers={"Cookie": f"session={token}"}).status_code == 401


@pytest.mark.parametrize(
    ("address", "name", "secure"),
    [("http://localhost", "session", ""), ("https://localhost", "__Host-session", True)],
)
def test_the_cookie_is_kept_from_scripts_other_sites_and_open_lines(amina, address, name, secure):
    made = cookie(sign_in(amina, address))
    assert made.key == name
    assert (made["httponly"], made["samesite"], made["path"], made["secure"]) == (True, "lax", "/", secure)
    assert (made["domain"], made["max-age"], made["expires"]) == ("", "", "")
    assert len(made.value) >= 43  # 256 bits


def test_signing_in_again_ends_the_session_before(amina):
    first = known(sign_in(amina))
    again = Visitor(amina.app).ask(
        "POST", "/api/v1/session", json={"email": EMAIL, "password": PASSWORD}, headers=first
    )
    assert again.status_code == 201
    assert Visitor(amina.app).get("/api/v1/session", headers=first).status_code == 401


@pytest.mark.parametrize("said", [{"password": "wrong"}, {"email": "nobody@office.example"}, {"code": "123456"}])
def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nobody(amina, said):
    answer = sign_in(amina, **said)
    if "code" in said:  # nobody asked for one
        assert answer.status_code == 201
        return
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    assert answer.json()["type"] == "urn:tm-service:problem:sign-in-refused"
    assert answer.json()["detail"] == sign_in(amina, password="other").json()["detail"]  # noqa: S106 - of nobody


def test_who_fails_too_often_waits_as_long_as_the_answer_says(amina):
    for _ in range(5):
        sign_in(amina, password="wrong")  # noqa: S106 - of nobody
    answer = sign_in(amina)
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:tm-service:problem:locked-out")
    assert 1 <= int(answer.headers["Retry-After"]) <= 30


def test_a_second_factor_is_enrolled_asked_for_and_removed(amina):
    asking, signed_in = Visitor(amina.app), known(sign_in(amina))
    place = "/api/v1/session/second-factor"
    made = asking.ask("POST", place, headers=signed_in).json()
    phone = TOTP(made["secret"])
    assert asking.ask("PUT", place, json={"code": "000000"}, headers=signed_in).status_code == 422
    confirmed = asking.ask("PUT", place, json={"code": phone.now()}, headers=signed_in)
    assert (confirmed.status_code, confirmed.json()["second_factor"]) == (200, True)
    assert asking.get("/api/v1/session", headers=signed_in).status_code == 401  # the token was changed
    assert sign_in(amina).json()["type"] == "urn:tm-service:problem:code-needed"
    assert sign_in(amina, code="000000").status_code == 401
    by_code = sign_in(amina, code=confirmed.json()["recovery_codes"][0])
    assert by_code.status_code == 201
    assert sign_in(amina, code=phone.at(int(time()) + 30)).status_code == 201
    gone = asking.ask("DELETE", place, json={"password": PASSWORD}, headers=known(by_code))
    assert gone.json()["second_factor"] is False


def test_a_password_is_changed_and_other_sessions_end(amina):
    one, other = known(sign_in(amina)), known(sign_in(amina))
    asking = Visitor(amina.app)
    body = {"old": PASSWORD, "new": "another lantern entirely"}
    changed = asking.ask("PUT", "/api/v1/session/password", json=body, headers=one)
    assert changed.status_code == 200
    assert asking.get("/api/v1/session", headers=known(changed)).status_code == 200
    for before in (one, other):
        assert asking.get("/api/v1/session", headers=before).status_code == 401
    short = asking.ask("PUT", "/api/v1/session/password", json={"old": body["new"], "new": "x"}, headers=known(changed))
    assert (short.status_code, "12 characters" in short.json()["detail"]) == (422, True)


def test_an_invitation_sets_a_password_once(world):
    made = world.service.people().invite(EMAIL, "Amina Said", "en", [])
    body = {"token": made.token, "password": PASSWORD}
    accepted = world.nobody().post("/session/invitation", body)
    assert (accepted.status_code, accepted.json()["state"]) == (200, "active")
    assert world.nobody().post("/session/invitation", body).status_code == 401
    assert sign_in(world).status_code == 201


def test_a_program_has_no_password_and_no_second_factor(world):
    program = world.program(Action.SITES_READ)
    assert program.get("/session").json()["scopes"] == ["sites:read"]
    refused = program.ask("PUT", "/session/password", json={"old": "x", "new": "y"})
    assert refused.status_code == 403
    assert program.post("/session/second-factor").status_code in (401, 403)
