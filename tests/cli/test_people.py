"""The people and clients commands: invited, granted, forgotten; programs approved by somebody else than who asks."""

import pytest

WORDS = "reeds in the morning wind"


@pytest.fixture
def people(new_house):
    """An administrator and a developer, both with a password."""
    for email, name, role in (
        ("ana@example.org", "Ana Lopez", "administrator"),
        ("ben@example.org", "Ben Osei", "developer@reef"),
    ):
        made = new_house.ask("people", "invite", email, "--name", name, "--role", role)
        new_house.ask("people", "accept", "--token", made["token"], "--password", WORDS)
    return new_house


def test_who_is_invited_sets_a_password_once(new_house):
    assert new_house.ask("people", "list")["people"] == []
    asked = ("ana@example.org", "--name", "Ana Lopez", "--language", "es", "--role", "reviewer@reef/fr")
    made = new_house.ask("people", "invite", *asked)
    assert (made["state"], made["roles"]) == ("invited", ["reviewer@reef/fr"])
    done = new_house.ask("people", "accept", "--token", made["token"], "--password", WORDS)
    assert done["state"] == "active"
    again = new_house.run("people", "accept", "--token", made["token"], "--password", WORDS)
    assert again.code == 2
    assert made["token"] not in again.err
    (found,) = new_house.ask("people", "list")["people"]
    assert (found["email"], found["language"]) == ("ana@example.org", "es")
    assert not [line for line in new_house.dump() if WORDS in line or made["token"] in line]


def test_an_address_has_one_account(people):
    assert people.run("people", "invite", "ANA@example.org", "--name", "Another").code == 3


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("king", "is no role; there are"),
        ("@reef", "is no role"),
        ("reviewer@pond/fr", "There is no site pond: there are reef"),
        ("reviewer@reef/xx", "No site of reviewer@reef/xx has the locale xx"),
        ("reviewer/xx", "No site of reviewer/xx has the locale xx"),
    ],
)
def test_what_is_no_role_or_nowhere_is_refused(people, role, said):
    answer = people.run("people", "grant", "ben@example.org", "--role", role)
    assert (answer.code, said in answer.err) == (2, True)


def test_roles_are_given_and_taken_and_the_last_administrator_stays(people):
    made = people.ask("people", "grant", "ben@example.org", "--role", "translator/fr", "--role", "secretariat")
    assert made["roles"] == ["secretariat", "translator/fr"]
    assert people.run("people", "grant", "ana@example.org", "--role", "translator").code == 3
    assert people.run("people", "deactivate", "ana@example.org").code == 3
    assert people.ask("people", "deactivate", "ben@example.org")["state"] == "deactivated"
    assert people.ask("people", "reactivate", "ben@example.org")["state"] == "active"
    assert people.ask("people", "invite-again", "ben@example.org")["token"]
    assert people.ask("people", "reset-second-factor", "ben@example.org")["second_factor"] is False
    assert people.run("people", "grant", "nobody@example.org").code == 2


def test_a_person_sees_what_is_kept_and_is_forgotten(people):
    assert "ben@example.org" in str(people.ask("people", "export", "ben@example.org"))
    gone = people.ask("people", "erase", "ben@example.org")
    assert gone["pseudonym"].startswith("person-")
    dump = people.dump()
    assert not [line for line in dump if "ben@example.org" in line or "Ben Osei" in line]
    assert people.run("people", "export", "ben@example.org").code == 2
    people.ask("audit", "verify")


def test_a_program_is_approved_by_somebody_else_and_its_token_is_shown_once(people):
    asked = ("--contact", "ops@example.org", "--purpose", "Releases", "--scope", "deployments:make")
    made = people.ask("clients", "request", "release-bot", *asked, "--by", "ben@example.org")
    assert made["state"] == "requested"
    assert people.run("clients", "approve", "release-bot", "--by", "ben@example.org").code != 0
    assert people.ask("clients", "approve", "release-bot", "--by", "ana@example.org")["state"] == "approved"
    by = ("--by", "ben@example.org")
    wide = people.run("clients", "token", "release-bot", "--scope", "memory:retire", *by)
    assert wide.code != 0
    token = people.ask("clients", "token", "release-bot", "--scope", "deployments:make", *by)
    assert not [line for line in people.dump() if token["secret"] in line]
    later = people.ask("clients", "rotate", token["token"], *by)
    assert later["secret"] != token["secret"]
    assert people.ask("clients", "revoke-token", later["token"])["revoked"] is True
    assert people.ask("clients", "usage")["usage"] == []
    assert people.ask("clients", "revoke", "release-bot", *by)["state"] == "revoked"


def test_a_program_is_rejected_with_reasons(people):
    asked = ("--contact", "ops@example.org", "--purpose", "Copies", "--scope", "memory:export")
    people.ask("clients", "request", "copier", *asked, "--by", "ben@example.org")
    assert people.run("clients", "reject", "copier", "--by", "ana@example.org").code == 2
    done = people.ask("clients", "reject", "copier", "--by", "ana@example.org", "--why", "No contract.")
    assert (done["state"], done["why"]) == ("rejected", "No contract.")
    assert [one["name"] for one in people.ask("clients", "list")["clients"]] == ["copier"]
    assert people.run("clients", "token", "nobody", "--by", "ana@example.org").code == 2
