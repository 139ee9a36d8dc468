"""Noting: every change of accounts and programs stands in the journal, in the transaction of the change, with no secret."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clocks import NOON
from tests.people.dump import dumped
from tests.people.samples import (
    ADMINISTRATOR,
    DAY,
    FRENCH,
    KEY,
    PASSWORD,
    SCOPES,
    approved,
    let_in,
    make_room,
    person,
    signed_in,
    with_second_factor,
)
from tm_service.domain.audit import Caller, CallerKind, Door, acting
from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.errors import Conflict
from tm_service.domain.functions import Deprecated
from tm_service.domain.people import LockedOut, SignInRefused
from tm_service.domain.permissions import Action
from tm_service.domain.ports import PeopleRoom
from tm_service.domain.waiting import Digest
from tm_service.people.base import House
from tm_service.storage.audit import Audit

NOBODY_YET = Caller("", CallerKind.PERSON, Door.WEB, "192.0.2.7", "request-9")


# What changes nothing of an account or a program, or only says that somebody is here.
SILENT = {
    "person", "find", "people", "personal_data", "resume", "recall", "rotate", "sessions", "sign_out", "enrol_totp", "client",
    "clients", "authenticate", "tokens", "count", "usage", "warnings", "begin_warning", "digest", "digest_told",
    "begin_digest", "tidy",
}  # fmt: skip
NOTED = {
    "invite": "invite",
    "invite_again": "invite again",
    "accept": "accept invitation",
    "describe": "describe person",
    "set_grants": "grant",
    "set_expiry": "set expiry",
    "set_digest": "choose digest",
    "deactivate": "deactivate",
    "reactivate": "reactivate",
    "erase": "erase person",
    "sign_in": "sign in",
    "admit_identity": "link identity",
    "forget_identities": "forget identities",
    "end_session": "end sessions",
    "end_sessions": "end sessions",
    "change_password": "change password",
    "confirm_totp": "add second factor",
    "remove_totp": "remove second factor",
    "reset_totp": "reset second factor",
    "request_client": "request client",
    "approve_client": "approve client",
    "reject_client": "reject client",
    "revoke_client": "revoke client",
    "pin": "pin",
    "issue_token": "issue token",
    "rotate_token": "rotate token",
    "revoke_token": "revoke token",
    "end_warning": "warn client",
}


@pytest.fixture
def room(store, clock):
    return make_room(store.connected, clock, KEY, House(Audit))


def lines(store):
    with store.read() as tx:
        assert tx.verify_audit().broken is None
        return tx.audit(limit=1000)


def noted(store, since=0):
    return [line.entry.verb for line in lines(store)[since:]]


def last(store):
    return lines(store)[-1]


def test_every_verb_of_the_room_is_noted_or_changes_nothing():
    """A new verb has to be listed; each that is noted has its test below."""
    verbs = {name for name in vars(PeopleRoom) if not name.startswith("_")}
    assert verbs == SILENT | NOTED.keys()
    tested = Path(__file__).read_text("utf-8").partition("def test_")[2]
    others = (Path(__file__).parent / "test_identities.py").read_text("utf-8")
    assert not [verb for verb in NOTED.values() if f'"{verb}"' not in tested + others]


def test_an_account_s_whole_life_is_noted_with_whose_it_is_and_who_changed_it(room, store, ada, clock):
    before = len(lines(store))
    zed = room.invite("zed@house.example", "Zed", "fr", [FRENCH], by=ada.id, government="xx").person
    assert last(store).details == {
        "person": "zed@house.example",
        "by": "ada@house.example",
        "grants": ["translator@garden/fr"],
        "government": "xx",
        "expires": "",
    }
    room.accept(room.invite_again(zed.id).token, PASSWORD)
    room.describe(zed.id, name="Zedd", language="ru")
    room.set_grants(zed.id, [ADMINISTRATOR], by=ada.id)
    assert last(store).details["grants"] == ["administrator"]
    room.set_grants(zed.id, [ADMINISTRATOR], by=ada.id)  # which changes nothing
    room.set_expiry(zed.id, clock.now + DAY)
    assert last(store).details == {"person": "zed@house.example", "expires": "2026-11-23T12:00:00+00:00"}
    room.set_digest(zed.id, Digest.WEEKLY)
    assert last(store).details == {"person": "zed@house.example", "digest": "weekly"}
    opened = room.sign_in("zed@house.example", PASSWORD)
    room.change_password(opened.token, PASSWORD, "a longer path by the lake")
    room.end_sessions(zed.id)
    room.deactivate(zed.id)
    room.reactivate(zed.id)
    assert noted(store, before) == [
        "invite",
        "invite again",
        "accept invitation",
        "describe person",
        "grant",
        "set expiry",
        "choose digest",
        "sign in",
        "change password",
        "end sessions",
        "deactivate",
        "reactivate",
    ]


def test_a_second_factor_is_noted_when_it_comes_and_goes(room, store, ada, clock):
    before = len(lines(store))
    _totp, _codes, opened = with_second_factor(room, clock, "Ada")
    room.remove_totp(opened.token, PASSWORD)
    with_second_factor(room, clock, "Ada")
    room.reset_totp(ada.id)
    verbs = [verb for verb in noted(store, before) if verb != "sign in"]
    assert verbs == ["add second factor", "remove second factor", "add second factor", "reset second factor"]


def test_a_program_s_whole_life_is_noted_by_its_id(room, store, ada, ben):
    before = len(lines(store))
    asked = room.request_client("Labels", "labels@house.example", "Prints.", SCOPES, by=ben.id)
    assert last(store).details == {
        "by": "ben@house.example",
        "client": asked.id,
        "scopes": sorted(SCOPES),
        "pinned": [],
    }
    room.approve_client(asked.id, by=ada.id, why="Ben needs it.")
    room.pin(asked.id, ["packages"])
    token = room.issue_token(asked.id, [Action.PACKAGE], by=ben.id, lasts=DAY)
    later = room.rotate_token(token.token.prefix, by=ben.id, overlap=timedelta(0))
    assert last(store).details["replaced"] == token.token.prefix
    room.revoke_token(later.token.prefix)
    room.revoke_token(later.token.prefix)  # which changes nothing
    room.revoke_client(asked.id, by=ada.id)
    other = room.request_client("Copies", "copies@house.example", "Copies.", SCOPES, by=ben.id)
    room.reject_client(other.id, by=ada.id, why="No contract.")
    assert noted(store, before) == [
        "request client",
        "approve client",
        "pin",
        "issue token",
        "rotate token",
        "revoke token",
        "revoke client",
        "request client",
        "reject client",
    ]
    assert {line.details["client"] for line in lines(store)[before:]} == {asked.id, other.id}


def test_who_signs_in_is_the_one_who_acts_and_the_address_is_theirs(room, store, ada):
    with acting(NOBODY_YET):
        room.sign_in(ada.email, PASSWORD)
    line = last(store)
    assert (line.entry.verb, line.caller.name, line.caller.address) == ("sign in", ada.email, "192.0.2.7")
    assert (line.caller.door, line.caller.request) == (Door.WEB, "request-9")
    assert line.details["means"] == "password"
    person(room, "Eva", ADMINISTRATOR)
    with acting(NOBODY_YET):
        let_in(room, ada.id)
    assert last(store).details["means"] == "OpenID Connect"
    room.erase(ada.id)
    assert "192.0.2.7" not in dumped(store)


def test_who_changes_another_s_account_stays_who_acts(room, store, ada, ben):
    with acting(Caller(ada.email, door=Door.WEB)):
        room.deactivate(ben.id)
    assert (last(store).caller.name, last(store).details["person"]) == (ada.email, ben.email)


@pytest.mark.parametrize("address", ["ada@house.example", "nobody@house.example"])
def test_a_lock_out_is_noted_and_the_failures_before_it_are_not(room, store, ada, address):
    before = len(lines(store))
    for _try in range(4):
        with pytest.raises(SignInRefused):
            room.sign_in(address, "not the password")
    assert noted(store, before) == []
    with pytest.raises(SignInRefused):
        room.sign_in(address, "not the password")
    assert noted(store, before) == ["lock out"]
    with pytest.raises(LockedOut):
        room.sign_in(address, PASSWORD)
    assert noted(store, before) == ["lock out"]
    assert last(store).details.get("person") == ({"ada@house.example": address}.get(address))
    assert "nobody@house.example" not in dumped(store)


def test_what_is_refused_or_undone_is_not_noted(room, store, ada):
    before = len(lines(store))
    with pytest.raises(Conflict):
        room.deactivate(ada.id)  # the last administrator
    with pytest.raises(Conflict):
        room.invite("ADA@house.example", "Ada", "en")
    with pytest.raises(SignInRefused):
        room.accept("no token", PASSWORD)
    assert noted(store, before) == []


def test_leaving_ending_and_telling_are_noted(room, store, ada, ben):
    opened = signed_in(room, "Ben")
    before = len(lines(store))
    room.end_session(ben.id, opened.session.id)
    assert last(store).details["session"] == opened.session.id
    client = approved(room, ben, ada)
    mine = room.begin_warning(client.id, Deprecated("returns/v0", NOON.date(), NOON.date() + DAY))
    room.end_warning(replace(mine, status=DeliveryStatus.SENT))
    assert last(store).details == {
        "client": client.id,
        "function": "returns/v0",
        "day": "2026-11-23",
        "status": "sent",
    }
    pseudonym = room.erase(ben.id)
    (entry,) = [line for line in lines(store)[before:] if line.entry.verb == "erase person"]
    assert entry.details == {"person": pseudonym}
    assert noted(store, before) == [
        "end sessions",
        "request client",
        "approve client",
        "warn client",
        "erase person",
        "erase",
    ]


def test_reading_notes_nothing(room, store, ada):
    opened = signed_in(room, "Ada")
    before = len(lines(store))
    room.people()
    room.find(ada.email)
    room.resume(opened.token)
    assert room.recall(opened.token)
    room.rotate(opened.token)
    assert room.digest(ada.id) is Digest.NEVER
    assert room.digest_told(ada.id) is None
    room.begin_digest(ada.id, NOON.date())
    room.personal_data(ada.id)
    assert room.clients() == []
    room.tidy()
    assert noted(store, before) == []


def test_no_secret_and_no_name_stands_in_an_entry(room, store, ada, ben, clock):
    secrets = [room.invite("cem@house.example", "Cem Kaya", "tr").token, PASSWORD]
    totp, codes, opened = with_second_factor(room, clock, "Ada")
    client = room.request_client("Labels", "labels@house.example", "For Cem Kaya.", SCOPES, by=ada.id)
    room.approve_client(client.id, by=ben.id, why="Cem Kaya asks.")
    secrets += [totp.secret, *codes, opened.token]
    secrets.append(room.issue_token(client.id, SCOPES, by=ada.id, lasts=DAY).secret)
    with store.read() as tx:
        written = " ".join(f"{line.entry}" for line in tx.audit(limit=1000))
    for told in (*secrets, "Cem", "house.example", "Labels"):
        assert told not in written
    assert re.search(r"'person|\"person\": ?\"[0-9a-f]{64}", written)


def test_a_room_without_a_journal_works_all_the_same(store, clock):
    alone = make_room(store.connected, clock)
    zed = person(alone, "Zed")
    assert alone.erase(zed.id).startswith("person-")
    assert noted(store) == []
