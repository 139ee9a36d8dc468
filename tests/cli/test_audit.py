"""The audit commands: who changed what, and the proof that nobody changed what was written down."""

import sqlite3
from contextlib import closing

import pytest


def change(house, *statements: str):
    """What somebody does who may write to the database itself."""
    with closing(sqlite3.connect(house.home / "store.sqlite")) as store:
        for (name,) in store.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            store.execute(f"drop trigger {name}")
        for statement in statements:
            store.execute(statement)
        store.commit()


def test_every_change_is_there_with_who_and_from_where(house):
    entries = house.ask("audit", "list", "--site", "reef")["entries"]
    assert "deploy" in {entry["verb"] for entry in entries}
    assert {(entry["by"], entry["kind"], entry["door"]) for entry in entries} == {("tm-service", "system", "cli")}
    assert all("@" in entry["address"] for entry in entries)
    last = entries[-1]["number"]
    assert house.ask("audit", "list", "--since", last)["entries"] == []
    assert "deploy" in house.run("audit", "list").out


def test_a_journal_that_nobody_touched_is_proved(house):
    found = house.ask("audit", "verify")
    assert (found["entries"] > 0, found["unsealed"]) == (True, 0)
    house.ask("deploy", "reef", "--ref", "r1")
    later = house.ask("audit", "verify", "--published", found["head"])
    assert later["entries"] > found["entries"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update journal set details = '{}' where verb = 'deploy'", "is not as it was written"),
        ("delete from journal where number = (select min(number) from journal)", "is gone"),
        ("delete from journal where number = (select max(number) from journal)", "was published and is gone"),
    ],
)
def test_whoever_changes_it_is_found_out(house, statement, said):
    house.ask("deploy", "reef", "--ref", "r1")
    head = house.ask("audit", "verify")["head"]
    change(house, statement)
    broken = house.ask("audit", "verify", "--published", head, code=1)
    assert said in broken["error"]


def test_what_is_no_head_is_refused(house):
    answer = house.run("audit", "verify", "--published", "7")
    assert (answer.code, "write NUMBER:HASH" in answer.err) == (2, True)


def test_a_person_is_forgotten_and_the_chain_holds(house):
    until = ("--until", "2027-01-01", "--reason", "in court")
    house.ask("waive", "reef", "fr", "texts/home.json", "open", "--by", "Ana Lopez", *until)
    assert "Ana Lopez" in house.run("audit", "list").out
    assert house.ask("audit", "erase", "Ana Lopez")["erased"] == 1
    assert "Ana Lopez" not in house.run("audit", "list").out
    assert house.ask("audit", "verify")["unsealed"] == 0
    assert house.ask("audit", "erase", "Nobody", code=1)["erased"] == 0
