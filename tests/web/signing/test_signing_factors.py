"""The pages of second factors and invitations: what is asked for after the password, and how one is set."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from tests.people.samples import FRENCH, PASSWORD, person, with_second_factor
from tests.web.browser import Browser
from tests.web.signing.forms import alert, sign_in
from tm_service.web.sealed import sealed, unsealed


@pytest.fixture
def totp(room, clock):
    """The second factor of Ben, and one of its recovery codes."""
    person(room, "Ben", FRENCH)
    found, codes, _opened = with_second_factor(room, clock, "Ben")
    clock.pass_by(minutes=2)
    return found, codes[0]


def test_a_second_factor_is_asked_for_after_the_password(browser, clock, totp):
    page = sign_in(browser, "ben@house.example", wanted="/sites/demo")
    assert (page.status_code, browser.session) == (200, "")
    assert PASSWORD not in page.text
    assert html.fromstring(page.text).xpath("//input[@autocomplete='one-time-code']/@id") == ["code"]
    empty = browser.send(page, code=" ")
    assert (empty.status_code, alert(empty)) == (422, "There is a problem Enter the code.")
    wrong = browser.send(empty, code="000000")
    assert (wrong.status_code, browser.session) == (401, "")
    answer = browser.send(wrong, code=totp[0].at(clock.now))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sites/demo")
    assert "Signed in as Ben" in browser.get("/nothing").text.replace("<bdi>", "").replace("</bdi>", "")
    again = Browser(browser.app)
    used = again.send(sign_in(again, "ben@house.example"), code=totp[0].at(clock.now))
    assert (used.status_code, again.session) == (401, ""), "a code counts once"


def test_a_recovery_code_does_in_its_place(browser, totp):
    page = sign_in(browser, "ben@house.example")
    assert browser.send(page, code=totp[1].lower()).status_code == 303


def test_wrong_codes_lock_out_like_wrong_passwords(browser, totp):
    page = sign_in(browser, "ben@house.example")
    assert [browser.send(page, code="000000").status_code for _again in range(6)] == [401] * 5 + [429]


def test_who_takes_too_long_for_the_code_begins_again(browser, clock, totp):
    page = sign_in(browser, "ben@house.example")
    clock.pass_by(minutes=5, seconds=1)
    late = browser.send(page, code=totp[0].at(clock.now))
    assert (late.status_code, browser.session) == (422, "")
    assert "This took too long." in alert(late)


@pytest.mark.parametrize("seal", ["nonsense", "é", "gAAAAABn" + "A" * 100])
def test_a_seal_that_is_not_ours_is_none(browser, seal):
    assert browser.post("/sign-in", seal=seal, code="000000").status_code == 422


def test_a_seal_opens_for_its_purpose_and_in_its_house_alone(house, clock):
    made, hour = house[0], timedelta(hours=1)
    seal = sealed(made, "one", "a secret")
    assert "secret" not in seal
    assert unsealed(made, "one", seal, hour) == "a secret"
    assert unsealed(made, "two", seal, hour) is None
    assert unsealed(replace(made, secret=lambda: b"another house's thirty-two bytes"), "one", seal, hour) is None
    clock.pass_by(hours=1, seconds=1)
    assert unsealed(made, "one", seal, hour) is None


def test_an_invitation_sets_the_password_and_signs_nobody_in(browser, room, caplog):
    caplog.set_level(logging.DEBUG)
    made = room.invite("new@house.example", "New", "en", [FRENCH])
    page = browser.get("/invitation")
    answer = browser.send(page, token=f" {made.token} ", password=PASSWORD, again=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?done=invitation")
    assert browser.session == ""
    assert "Your password is set." in browser.get("/sign-in?done=invitation").text
    assert sign_in(browser, "new@house.example").status_code == 303
    assert made.token not in caplog.text
    assert PASSWORD not in caplog.text
    used = Browser(browser.app).send(page, token=made.token, password=PASSWORD, again=PASSWORD)
    assert (used.status_code, "unknown, used or too old" in alert(used)) == (422, True)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "at least 12 characters"),
        (" " * 20, " " * 20, "at least 12 characters"),
        ("x" * 1025, "x" * 1025, "at most 1,024 characters"),
        (PASSWORD, f"{PASSWORD}!", "differ"),
        ("new@house.example", "new@house.example", "your e-mail address or your name"),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_the_invitation_stays_good(browser, room, password, again, said):
    made = room.invite("new@house.example", "New", "en")
    refused = browser.send(browser.get("/invitation"), token=made.token, password=password, again=again)
    assert (refused.status_code, said in alert(refused)) == (422, True)
    assert html.fromstring(refused.text).xpath("//input[@id='token']/@value") == [made.token]
    assert browser.send(refused, token=made.token, password=PASSWORD, again=PASSWORD).status_code == 303


def test_only_the_page_of_the_invitation_reads_what_stands_behind_the_address(browser):
    page = browser.get("/invitation")
    scripts = [src for src in html.fromstring(page.text).xpath("//script/@src") if src.endswith("/invitation.js")]
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert browser.get(*scripts).headers["Content-Type"].startswith("text/javascript")
    assert "invitation.js" not in browser.get("/sign-in").text
    assert page.headers["Cache-Control"] == "no-store"
