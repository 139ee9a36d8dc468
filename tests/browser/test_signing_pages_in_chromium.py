"""The pages to sign in and out, in a browser: with and without scripts, in both directions, wide and narrow."""

import re
from datetime import UTC, datetime

import pytest
from pyotp import TOTP

from tests.browser.conftest import served
from tests.browser.pages import assert_accessible, fits
from tests.people.samples import ADMINISTRATOR, PASSWORD, person, signed_in
from tests.web.browser import with_people
from tests.web.house import build_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROVIDER = """
[provider.garden]
title = "The garden"
issuer = "https://login.garden.example"
client = "tm-service"
redirect = "https://translate.example.org/sign-in/garden/return"
"""
REFUSED = re.compile("status of 4(01|22|29)")  # what the browser says of a form that comes back with errors
LONG = "Amina Said-Al-Rashid, Herbarium of the Northern Islands"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A house with Ada, who has a second factor, and somebody with a long name; its provider and its room."""
    folder = tmp_path_factory.mktemp("house")
    made = build_house(folder)
    (folder / "home" / "openid.toml").write_text(PROVIDER, "utf-8")
    made, _app = with_people(made, lambda: datetime.now(UTC))
    person(made.people(), "Ada", ADMINISTRATOR)
    invited = made.people().invite("amina@house.example", LONG, "ar", [ADMINISTRATOR])
    made.people().accept(invited.token, PASSWORD)
    return made


@pytest.fixture(scope="module")
def totp(house):
    room = house.people()
    opened = signed_in(room, "Ada")
    secret = room.enrol_totp(opened.token).secret
    codes = room.confirm_totp(opened.token, TOTP(secret).now()).codes
    return iter(codes)


@pytest.fixture(scope="module")
def address(house):
    """All windows of these tests are one address, which may try to sign in more often than one usually may."""
    with pytest.MonkeyPatch.context() as patched, served(house) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield found


@pytest.fixture
def plain(chromium):
    """A window that runs no script."""
    context = chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def send(page, **fields: str):
    """Fill in the form of a page by its fields and press its button."""
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
    page.locator("main form button").click()


def sign_in(page, address, email="amina@house.example", language="en"):
    page.goto(f"{address}/sign-in?lang={language}&next=%2Fsites%2Fdemo")
    send(page, email=email, password=PASSWORD)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_form_fits_its_window_breaks_no_rule_and_is_accessible(page, address, totp, language):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def good():
        assert fits(page), page.url
        assert_accessible(page)

    page.goto(f"{address}/sign-in?lang={language}&done=sign-out")
    good()
    send(page, email="", password="")
    page.wait_for_function("document.activeElement.getAttribute('role') === 'alert'")
    good()
    send(page, email="nobody@house.example", password="wrong as it is")  # noqa: S106 - nobody's
    good()
    sign_in(page, address, "ada@house.example", language)
    page.wait_for_function("document.activeElement.id === 'code'")
    good()
    send(page, code=" ")
    good()
    page.goto(f"{address}/invitation?lang={language}")
    good()
    send(page, token="", password="short", again="")  # noqa: S106 - nobody's
    good()
    sign_in(page, address, language=language)
    page.wait_for_url(f"{address}/sites/demo")
    good()
    assert [text for text in said if not REFUSED.search(text)] == []


def test_without_scripts_somebody_signs_in_with_both_factors_and_out_again(plain, address, totp):
    plain.goto(f"{address}/sites/demo")
    assert "/sign-in?next=" in plain.url
    send(plain, email="ada@house.example", password=PASSWORD)
    send(plain, code=next(totp))
    plain.wait_for_url(f"{address}/sites/demo")
    assert plain.get_by_text("Signed in as Ada").is_visible()
    plain.get_by_role("button", name="Sign out").click()
    plain.wait_for_url("**/sign-in?done=sign-out")
    assert plain.get_by_role("status").inner_text() == "You are signed out."
    plain.goto(f"{address}/sites/demo")
    assert "/sign-in?next=" in plain.url


def test_after_signing_out_the_page_before_is_not_shown_again(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, address)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in?done=sign-out")
    page.go_back()
    page.wait_for_url("**/sign-in**")
    context.close()


def test_the_token_behind_the_address_goes_into_the_form_and_out_of_the_address(chromium, address, house):
    room, asked = house.people(), []
    token = room.invite("leila@house.example", "Leila", "en").token
    context = chromium.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/invitation?lang=en#{token}")
    assert page.locator("#token").input_value() == token
    assert page.url == f"{address}/invitation?lang=en"
    page.get_by_role("link", name="Français").click()
    page.wait_for_function("document.getElementById('token').value.length > 20")
    assert (page.locator("#token").input_value(), page.locator("html").get_attribute("lang")) == (token, "fr")
    assert page.url == f"{address}/invitation?lang=fr"
    send(page, password=PASSWORD, again=PASSWORD)
    page.wait_for_url(f"{address}/sign-in?done=invitation")
    assert room.find("leila@house.example").state == "active"
    assert not any(token in one.partition("#")[0] for one in asked)
    context.close()


def test_without_scripts_the_token_is_typed_in(plain, address, house):
    token = house.people().invite("yusuf@house.example", "Yusuf", "en").token
    plain.goto(f"{address}/invitation?lang=en#{token}")
    assert plain.locator("#token").input_value() == ""
    send(plain, token=token, password=PASSWORD, again=PASSWORD)
    assert plain.get_by_role("status").inner_text() == "Your password is set. Sign in with it now."


def test_the_keyboard_alone_does(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in?lang=en")
    page.locator("#email").focus()
    page.keyboard.type("amina@house.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in?done=sign-out")
    assert page.get_by_role("status").inner_text() == "You are signed out."
    context.close()
