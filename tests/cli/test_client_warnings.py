"""The warn command: the contact of a program is told by a real mail server what changes, once, in a language of theirs."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.connectors.mail_servers import Kept, failing_server, real_server
from tm_service import bootstrap
from tm_service.domain.functions import Deprecated

WORDS = "reeds in the morning wind"
TODAY = datetime.now(UTC).date()
OLD = Deprecated("returns/v0", TODAY - timedelta(days=1), TODAY + timedelta(days=90), "returns")


@pytest.fixture
def house(new_house, monkeypatch):
    """Two people, and a program of theirs that relies on a function which goes out of date."""
    monkeypatch.setattr(bootstrap, "DEPRECATED", (OLD,))
    monkeypatch.setenv("TM_SERVICE_MAIL_FROM", "desk@example.org")
    for email, name, language in (("ana@example.org", "Ana Lopez", "es"), ("ben@example.org", "Ben Osei", "en")):
        made = new_house.ask(
            "people", "invite", email, "--name", name, "--language", language, "--role", "administrator"
        )
        new_house.ask("people", "accept", "--token", made["token"], "--password", WORDS)
    registered(new_house, "release-bot", "Ana Lopez <ana@example.org>", "returns/v0", "sites")
    return new_house


def registered(house, name, contact, *pinned: str):
    asked = ("--contact", contact, "--purpose", "Releases", "--scope", "sites:read", "--by", "ben@example.org")
    house.ask("clients", "request", name, *asked)
    house.ask("clients", "approve", name, "--by", "ana@example.org")
    assert house.ask("clients", "pin", name, *pinned)["pinned"] == sorted(pinned)


def test_a_contact_is_told_once_in_a_language_of_theirs(house, monkeypatch):
    registered(house, "other", "ops@example.org", "sites")
    kept = Kept()
    assert "Nobody was told" in house.run("clients", "warnings").out
    with real_server(kept) as port:
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        (told,) = house.ask("clients", "warn")["warnings"]
        assert house.ask("clients", "warn")["warnings"] == []
        assert "Nobody has to be told" in house.run("clients", "warn").out
    assert (told["client"], told["function"], told["status"]) == ("release-bot", "returns/v0", "sent")
    assert house.ask("clients", "warnings")["warnings"] == [told]
    assert kept.recipients == ["ana@example.org"]
    (letter,) = kept.letters
    assert letter["Content-Language"] == "es"
    assert letter["Subject"].startswith("release-bot: la función returns/v0 cambia el ")
    assert list(letter.iter_attachments()) == []
    assert "warn client" in {entry["verb"] for entry in house.ask("audit", "list")["entries"]}


def test_a_contact_who_is_nobody_here_is_told_in_english(house, monkeypatch):
    registered(house, "copier", "ops@elsewhere.example", "returns/v0")
    kept = Kept()
    with real_server(kept) as port:
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        house.ask("clients", "warn")
    languages = {one["To"]: one["Content-Language"] for one in kept.letters}
    assert languages == {"ana@example.org": "es", "ops@elsewhere.example": "en"}


def test_a_letter_whose_end_nobody_knows_is_not_sent_again(house, monkeypatch):
    with failing_server(end="drop") as (port, told):
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        (tried,) = house.ask("clients", "warn", code=1)["warnings"]
        assert house.ask("clients", "warn")["warnings"] == []
        assert len(told.bodies) == 1
    assert tried["status"] == "in doubt"
    assert "whether it came" in tried["error"]


def test_a_server_that_is_busy_is_asked_again_later(house, monkeypatch):
    with failing_server(RCPT="450 later") as (port, _told):
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        (tried,) = house.ask("clients", "warn")["warnings"]
        assert (tried["status"], "450" in tried["error"]) == ("waiting", True)
        assert house.ask("clients", "warn")["warnings"] == []


def test_a_contact_without_an_address_is_a_person_s_work(house, monkeypatch):
    registered(house, "nameless", "the front desk", "returns/v0")
    with real_server(Kept()) as port:
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        told = house.ask("clients", "warn", code=1)["warnings"]
    assert {one["client"]: one["status"] for one in told} == {"release-bot": "sent", "nameless": "refused"}


def test_without_mail_it_is_said_and_nothing_counts_as_told(house, monkeypatch):
    answer = house.run("clients", "warn")
    assert (answer.code, "TM_SERVICE_MAIL" in answer.err) == (2, True)
    kept = Kept()
    with real_server(kept) as port:
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        house.ask("clients", "warn")
    assert kept.recipients == ["ana@example.org"]


def test_where_nothing_changes_nobody_is_told_and_no_mail_is_needed(new_house):
    assert new_house.ask("clients", "warn")["warnings"] == []


def test_a_program_that_was_ended_is_not_told(house):
    house.ask("clients", "revoke", "release-bot", "--by", "ben@example.org")
    assert house.ask("clients", "warn")["warnings"] == []
