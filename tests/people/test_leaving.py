"""Leaving: a person takes all that is kept of them along, or has it taken away; history keeps a pseudonym."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from tests.people.dump import dumped
from tests.people.samples import ADMINISTRATOR, DAY, PASSWORD, SCOPES, approved, person, signed_in, with_second_factor
from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.errors import Conflict
from tm_service.domain.functions import Deprecated
from tm_service.domain.people import PersonState, SignInRefused
from tm_service.domain.permissions import Action
from tm_service.people.secrets_kept import digest


def busy(room, ada, clock):
    """Somebody who left traces in every table."""
    zed = room.invite("zed.moss@house.example", "Zed Moss", "fr", [ADMINISTRATOR], by=ada.id, government="xx").person
    room.accept(room.invite_again(zed.id).token, PASSWORD)
    opened = room.sign_in("zed.moss@house.example", PASSWORD)
    room.set_grants(person(room, "Dora").id, [ADMINISTRATOR], by=zed.id)
    invited = room.invite("cem@house.example", "Cem", "ru", by=zed.id).person
    client = room.request_client(
        "Labels of Zed Moss", "Zed Moss <ZED.MOSS@house.example>", "Zed Moss\nasks.", SCOPES, by=zed.id
    )
    room.approve_client(client.id, by=ada.id, why="zed moss needs it.")
    token = room.issue_token(client.id, [Action.PACKAGE], by=zed.id, lasts=DAY).token
    room.invite_again(zed.id)
    with pytest.raises(SignInRefused):
        room.sign_in("zed.moss@house.example", "not the password")
    return zed, opened, client, token, invited


def test_all_that_is_kept_of_a_person_is_told_and_can_be_written_as_json(room, ada, clock):
    zed, opened, client, token, invited = busy(room, ada, clock)
    told = json.loads(json.dumps(room.personal_data(zed.id)))
    assert told == {
        "id": zed.id,
        "email": "zed.moss@house.example",
        "name": "Zed Moss",
        "language": "fr",
        "government": "xx",
        "state": "active",
        "created": "2026-11-22T12:00:00+00:00",
        "invited_by": ada.id,
        "expires": None,
        "invitation_until": "2026-11-29T12:00:00+00:00",
        "has_password": True,
        "has_second_factor": False,
        "recovery_codes_left": 0,
        "failed_sign_ins": 1,
        "last_failed_sign_in": "2026-11-22T12:00:00+00:00",
        "grants": [
            {
                "role": "administrator",
                "site": "",
                "locale": "",
                "given": "2026-11-22T12:00:00+00:00",
                "given_by": ada.id,
            }
        ],
        "invited": [invited.id],
        "grants_given": 1,
        "sessions": [{name: getattr(opened.session, name).isoformat() for name in ("since", "seen", "until")}],
        "clients": [
            {
                "id": client.id,
                "name": "Labels of Zed Moss",
                "contact": "Zed Moss <ZED.MOSS@house.example>",
                "purpose": "Zed Moss\nasks.",
                "state": "approved",
            }
        ],
        "tokens_issued": [{"prefix": token.prefix, "client": client.id, "issued": "2026-11-22T12:00:00+00:00"}],
        "known_by": [],
        "preferences": {"digest": "never", "told": None},
        "elsewhere": {},
    }


def test_a_session_that_is_over_is_told_as_long_as_it_is_kept(room, ben, clock):
    signed_in(room, "Ben")
    clock.pass_by(days=1)
    assert len(room.personal_data(ben.id)["sessions"]) == 1
    room.tidy()
    assert room.personal_data(ben.id)["sessions"] == []


def test_after_erasure_nothing_in_the_database_names_the_person(room, store, ada, clock):
    zed, *_rest = busy(room, ada, clock)
    before = dumped(store).casefold()
    assert "zed.moss@house.example" in before
    assert digest("zed.moss@house.example") in before
    pseudonym = room.erase(zed.id)
    assert re.fullmatch(r"person-[0-9a-f]{8}", pseudonym)
    after = dumped(store).casefold()
    assert "zed" not in after
    assert "moss" not in after
    assert digest("zed.moss@house.example") not in after
    assert pseudonym in after


def test_the_row_stays_under_its_pseudonym_and_opens_nothing(room, ada, clock):
    zed, opened, client, token, _invited = busy(room, ada, clock)
    pseudonym = room.erase(zed.id)
    erased = room.person(zed.id)
    assert (erased.name, erased.email, erased.state) == (pseudonym, pseudonym, PersonState.DEACTIVATED)
    assert erased.is_erased
    assert not erased.grants
    assert room.find("zed.moss@house.example") is room.find(pseudonym) is None
    for email in ("zed.moss@house.example", pseudonym):
        with pytest.raises(SignInRefused):
            room.sign_in(email, PASSWORD)
    with pytest.raises(SignInRefused):
        room.resume(opened.token)
    assert room.client(client.id).requested_by == zed.id
    assert room.client(client.id).contact == f"{pseudonym} <{pseudonym}>"
    assert room.tokens(client.id) == [token]


def test_an_erased_account_never_comes_back_or_changes(room, ada, ben, clock):
    pseudonym = room.erase(ben.id)
    assert room.erase(ben.id) == pseudonym
    for act in (
        room.reactivate,
        room.invite_again,
        lambda one: room.set_grants(one, [ADMINISTRATOR]),
        lambda one: room.set_expiry(one, None),
        lambda one: room.describe(one, name="Ben", language="en"),
    ):
        with pytest.raises(Conflict):
            act(ben.id)
    assert room.deactivate(ben.id).name == pseudonym


def test_the_address_is_free_for_another_account(room, ben):
    room.erase(ben.id)
    again = person(room, "Ben")
    assert again.id != ben.id
    assert signed_in(room, "Ben").person == again


def test_a_second_factor_goes_with_the_person(room, store, ada, ben, clock):
    with_second_factor(room, clock, "Ben")
    room.erase(ben.id)
    assert not room.person(ben.id).has_second_factor
    assert room.personal_data(ben.id)["recovery_codes_left"] == 0


def test_a_name_within_a_word_or_that_is_one_is_not_the_person_s(room, ada, ben):
    client = room.request_client("Benches", "benches@house.example", "Benchmarks on Ben Nevis.", SCOPES, by=ada.id)
    other = room.request_client("Labels", "Ben <BEN@house.example>", "Ask ben@house.example.", SCOPES, by=ada.id)
    assert [one["id"] for one in room.personal_data(ben.id)["clients"]] == [other.id]
    pseudonym = room.erase(ben.id)
    kept, changed = room.client(client.id), room.client(other.id)
    assert (kept.name, kept.contact, kept.purpose) == (client.name, client.contact, client.purpose)
    assert (changed.contact, changed.purpose) == (f"{pseudonym} <{pseudonym}>", f"Ask {pseudonym}.")


def test_a_name_that_two_people_have_stays_in_what_clients_say(room, ada):
    lin, other = room.invite("lin@house.example", "Mei Lin", "en").person, person(room, "Other")
    room.describe(other.id, name="Mei Lin", language="en")
    named, told = "Mei Lin <office@house.example>", "Mei Lin's labels, lin@house.example"
    client = room.request_client("Mei Lin", named, told, SCOPES, by=ada.id)
    pseudonym = room.erase(lin.id)
    kept = room.client(client.id)
    assert (kept.name, kept.contact, kept.purpose) == ("Mei Lin", named, f"Mei Lin's labels, {pseudonym}")
    assert [one["id"] for one in room.personal_data(other.id)["clients"]] == [client.id]


def test_a_client_whose_name_or_purpose_names_a_person_is_told_to_them(room, ada):
    lin = room.invite("lin@house.example", "Mei Lin", "en").person
    client = room.request_client("Labels of Mei Lin", "office@house.example", "For labels", SCOPES, by=ada.id)
    assert [one["id"] for one in room.personal_data(lin.id)["clients"]] == [client.id]


def test_what_a_mail_server_said_of_an_address_is_told_and_forgotten(room, store, ada, ben):
    client = room.request_client("Labels", "ben@house.example", "Prints labels.", SCOPES, by=ada.id)
    mine = room.begin_warning(client.id, Deprecated("returns/v0", date(2026, 11, 1), date(2027, 3, 1), "returns"))
    room.end_warning(replace(mine, status=DeliveryStatus.REFUSED, error="550 <ben@house.example> is unknown here."))
    (told,) = room.personal_data(ben.id)["elsewhere"]["people_warning"]
    assert "ben@house.example" in told["error"]
    pseudonym = room.erase(ben.id)
    (kept,) = room.warnings()
    assert kept.error == f"550 <{pseudonym}> is unknown here."
    assert "ben@house.example" not in dumped(store)


def test_what_others_registered_stays_as_it_is(room, ada, ben):
    client = approved(room, ada, person(room, "Eva"))
    room.erase(ben.id)
    assert room.client(client.id) == client
