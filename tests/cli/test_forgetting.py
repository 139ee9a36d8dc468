"""Forgetting a person through the command line: what they signed still holds, and no file of the house names them."""

from pathlib import Path

import pytest

WORDS = "reeds in the morning wind"
EMAIL, NAME = "zed.moss@example.org", "Zed Moss"
UNIT = ("waive", "reef", "fr", "texts/home.json", "open")


@pytest.fixture
def people(house):
    for email, name in (("ana@example.org", "Ana Lopez"), (EMAIL, NAME)):
        made = house.ask("people", "invite", email, "--name", name, "--role", "administrator")
        house.ask("people", "accept", "--token", made["token"], "--password", WORDS)
    return house


def test_what_a_person_did_in_every_room_is_told_to_them_and_forgotten_in_one_go(people, monkeypatch):
    people.ask(*UNIT, "--by", EMAIL, "--until", "2099-01-01", "--reason", f"{NAME} is on leave.")
    before = waived(people)
    told = people.ask("people", "export", EMAIL)
    assert {"waiver", "journal"} <= set(told["elsewhere"])
    gone = people.ask("people", "erase", EMAIL)
    assert set(gone) == {"pseudonym"}
    rows = [line for line in people.dump() if EMAIL in line or 'INSERT INTO "waiver"' in line]
    assert all(EMAIL not in line for line in rows)
    assert gone["pseudonym"] in str(rows)
    assert waived(people) == before
    people.ask("audit", "verify")
    assert "erase person" in {entry["verb"] for entry in people.ask("audit", "list", "--since", "0")["entries"]}


def waived(house):
    """What a deployment would serve, which a waiver that does not hold would change."""
    gate = house.run("check", "reef", "--ref", "r2", "--json")
    return {key: value for key, value in gate.document.items() if key != "seconds"}


def test_an_account_elsewhere_can_be_unlinked(people):
    assert people.ask("people", "unlink", EMAIL)["state"] == "active"


def test_every_change_of_people_is_in_the_journal(people):
    people.ask("people", "grant", EMAIL, "--role", "reviewer")
    people.ask("people", "deactivate", EMAIL)
    entries = people.ask("audit", "list")["entries"]
    verbs = [entry["verb"] for entry in entries]
    assert [verb for verb in verbs if verb in {"invite", "accept invitation", "grant", "deactivate"}] == [
        "invite",
        "accept invitation",
        "invite",
        "accept invitation",
        "grant",
        "deactivate",
    ]
    assert entries[-1]["details"]["person"] == EMAIL
    assert WORDS not in str(entries)


def test_no_other_file_of_the_home_names_who_was_erased(people):
    people.ask(*UNIT, "--by", EMAIL, "--until", "2099-01-01", "--reason", "No time.")
    people.ask("people", "erase", EMAIL)
    named = [
        path
        for path in Path(people.home).rglob("*")
        if path.is_file() and not path.name.startswith("store.sqlite") and EMAIL.encode() in path.read_bytes()
    ]
    assert named == []
