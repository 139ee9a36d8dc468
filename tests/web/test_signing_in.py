from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.clearing_house_world import EDITOR, KENYAN, PASSWORD, Clock, People, office, small_room
from tm_service.accounts_file import AccountsFile, hashed
from tm_service.domain.errors import ConfigurationError

USER = "/api/v2013/authentication/user"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return small_room(tmp_path_factory.mktemp("room") / "records.sqlite")


@pytest.fixture
def people():
    return People()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def api(service, room, people, clock):
    return office(service, room, people, clock)


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "Ticket", "bearer"])
def test_a_token_speaks_for_its_account(api, scheme):
    answer = api.sign_in(KENYAN.upper(), PASSWORD)
    assert set(answer.json()) == {"authenticationToken", "expiration"}
    headers = {"Authorization": f"{scheme} {answer.json()['authenticationToken']}"}
    assert api.ask("GET", USER, headers=headers).json() == {"email": KENYAN, "government": "ke", "roles": []}


@pytest.mark.parametrize(("email", "password"), [(KENYAN, "wrong"), ("nobody@office.example", PASSWORD)])
def test_an_unknown_address_is_refused_in_the_same_words_as_a_wrong_password(api, people, email, password):
    answer = api.sign_in(email, password)
    assert answer.status_code == 401
    assert answer.json()["message"] == "The e-mail address or the password is wrong."
    assert people.asked == 1


@pytest.mark.parametrize(
    "body", [{}, {"email": 3, "password": "x"}, {"email": KENYAN}, {"email": KENYAN, "password": []}]
)
def test_half_a_login_is_refused(api, body):
    assert api.ask("POST", "/api/v2013/authentication/token", json=body).status_code == 400


def test_a_token_runs_out(api, clock):
    token = api.token(KENYAN)
    clock.ahead = timedelta(hours=4, seconds=1)
    answer = api.ask("GET", USER, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "run out" in answer.json()["message"]


@pytest.mark.parametrize("change", ["password", "gone", "letter", "other", "none", "signature"])
def test_a_token_that_is_not_ours_any_more_is_refused(api, people, change):
    token = api.token(KENYAN)
    if change == "password":
        people.known[KENYAN] = replace(people.known[KENYAN], password="$argon2id$another")  # noqa: S106 - no secret
    elif change == "gone":
        del people.known[KENYAN]
    else:
        told, _, signature = token.partition(".")
        other = api.token(EDITOR).partition(".")[0]
        token = {
            "letter": f"{told[:-4]}{'A' if told[-4] != 'A' else 'B'}{told[-3:]}.{signature}",
            "other": f"{other}.{signature}",
            "none": "",
            "signature": f"{told}.{signature[:-2]}",
        }[change]
    assert api.ask("GET", USER, headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize(
    "header", ["Basic YTpi", "Bearer", "Bearer \u00e9.x".encode().decode("latin-1"), "Bearer W10.x", "nonsense"]
)
def test_any_other_header_is_refused(api, header):
    assert api.ask("GET", USER, headers={"Authorization": header.encode("latin-1", "replace")}).status_code == 401


def test_wrong_passwords_have_to_wait_ever_longer_and_a_right_one_too(api, people, clock):
    for _ in range(5):
        assert api.sign_in(KENYAN, "wrong").status_code == 401
    asked = people.asked
    waits = []
    for _ in range(4):
        refused = api.sign_in(KENYAN, PASSWORD)
        assert refused.status_code == 429
        waits.append(int(refused.headers["Retry-After"]))
        clock.ahead = (clock.ahead or timedelta()) + timedelta(seconds=waits[-1])
        assert api.sign_in(KENYAN, "wrong").status_code == 401
    assert people.asked == asked + 4
    assert waits == sorted(waits)
    assert waits[-1] >= 8
    assert api.sign_in(EDITOR, PASSWORD).status_code == 200
    clock.ahead += timedelta(minutes=16)
    assert api.sign_in(KENYAN, PASSWORD).status_code == 200
    assert api.sign_in(KENYAN, "wrong").status_code == 401


def test_an_accounts_file_is_read_anew_when_it_changes(tmp_path):
    file = tmp_path / "accounts.toml"
    accounts = AccountsFile(file)
    assert accounts.find(KENYAN) is None
    assert accounts.verify(None, PASSWORD) is False
    named = f'[[account]]\nemail = "{KENYAN}"\npassword = "{hashed(PASSWORD)}"'
    row = f'{named}\ngovernment = "ke"\nroles = ["publishing-authority"]\n'
    file.write_text(row, "utf-8")
    found = accounts.find(KENYAN.upper())
    assert (found.actor.name, found.actor.government, found.actor.roles) == (KENYAN, "ke", {"publishing-authority"})
    assert accounts.verify(found, PASSWORD) is True
    assert accounts.verify(found, PASSWORD + " ") is False
    assert accounts.verify(found, PASSWORD + "x" * 2000) is False
    assert PASSWORD not in repr(found)
    assert "argon2" not in repr(found)
    file.write_text(row.replace('"ke"', '"peru"'), "utf-8")
    assert accounts.find(KENYAN).government == "peru"
    file.unlink()
    assert accounts.find(KENYAN) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[account", "cannot be read"),
        ("[people]", "holds nothing but"),
        ('[[account]]\nemail = "a"\npassword = "$argon2id$"', "account[1].email is missing"),
        ('[[account]]\nemail = "a@b"\npassword = "secret"', "account[1].password is no argon2 hash"),
        ('[[account]]\nemail = "a@b"\npassword = "$argon2id$"\nrole = "x"', "account[1].role is unknown"),
        ('[[account]]\nemail = "a@b"\npassword = "$argon2id$"\nroles = ["king"]', "account[1].roles may name"),
        ('[[account]]\nemail = "a@b"\npassword = "$argon2id$"\ngovernment = 3', "account[1].government is no text"),
        (
            '[[account]]\nemail = "a@b"\npassword = "$argon2id$"\n[[account]]\nemail = "A@B"\npassword = "$argon2id$"',
            "twice",
        ),
    ],
)
def test_a_mistake_in_the_accounts_file_is_named_and_no_password_repeated(tmp_path, text, said):
    file = tmp_path / "accounts.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"accounts\.toml") as refused:
        AccountsFile(file).find(KENYAN)
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)
