"""The shared rooms in a browser: a newcomer's way from the invitation to the search, in Arabic and without scripts as well."""

import re
from datetime import UTC, datetime

import pytest
from lxml import html
from pyotp import TOTP

from tests.browser.conftest import served
from tests.browser.pages import assert_accessible, fits
from tests.web.browser import HOST, Browser
from tm_service.cli.tour import tour
from tm_service.settings import read_settings
from tm_service.web.app import make_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "reeds in the morning wind"
WAITING = {
    "administrator": {"failed", "client"},
    "translator": {"package"},
    "translator-ar": {"package"},
    "developer": {"failed"},
    "secretariat": {"failed", "client"},
    "editor": {"draft"},
    "authority": {"request"},
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's house and the password of its people."""
    made, document, _text = tour(read_settings(tmp_path_factory.mktemp("demo"), environment={}), say=lambda _line: None)
    return made, document["people"]["password"]


@pytest.fixture(scope="module")
def address(demo):
    """Everybody signs in from one address."""
    with pytest.MonkeyPatch.context() as patched, served(demo[0]) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield found


@pytest.mark.parametrize("name", WAITING)
def test_the_first_page_shows_each_of_the_demos_people_what_waits_for_them(demo, name):
    house, password = demo
    browser = Browser(make_app(house, hosts=[HOST]))
    signed = browser.post("/sign-in", email=f"{name}@harbour.example", password=password)
    assert signed.headers["Location"] == "/"
    root = html.fromstring(browser.get("/").text)
    waiting = root.xpath("//ul[@class='waiting']/li")
    assert {one.get("class") for one in waiting} == WAITING[name]
    for link in root.xpath("//main//ul[@class='waiting']//a/@href"):
        assert browser.get(link).status_code == 200, link
    assert root.xpath("//*[@class='card']//a/@href") == ["/sites/demo", "/sites/articles"]


def sign_in(page, address, email, password, language):
    page.goto(f"{address}/sign-in?lang={language}")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("main form button").click()


def looked_at(page):
    assert fits(page), page.url
    assert_accessible(page)


JOURNEYS = [("en", True, 1440), ("ar", True, 360), ("ar", False, 360)]


@pytest.fixture
def opened(chromium, request):
    """A way to another window of the same kind, each somebody's own."""
    language, scripts, width = request.param
    contexts = []

    def window():
        contexts.append(
            chromium.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=scripts, accept_downloads=True
            )
        )
        contexts[-1].set_default_timeout(60_000)
        return contexts[-1].new_page()

    yield window, language, scripts
    for context in contexts:
        context.close()


@pytest.mark.parametrize("opened", JOURNEYS, indirect=True, ids=["en", "ar", "ar without scripts"])
def test_somebody_is_invited_and_makes_the_account_their_own(demo, address, opened):
    window, language, scripts = opened
    house, password = demo
    email = f"nour-{language}-{scripts}@harbour.example".lower()
    admin = window()
    sign_in(admin, address, "administrator@harbour.example", password, language)
    admin.wait_for_url(f"{address}/")
    admin.goto(f"{address}/people/invitation")
    admin.locator("#email").fill(email)
    admin.locator("#name").fill("Nour Saleh")
    admin.locator("#language").select_option("ar")
    admin.locator("#role").fill("translator/ar")
    admin.locator("main form button").click()
    link = admin.locator("pre.secret").inner_text().strip()
    token = link.partition("#")[2]

    nour = window()
    nour.goto(f"{address}/invitation?lang={language}#{token}")
    if not scripts:
        nour.locator("#token").fill(token)
    nour.locator("#password").fill(WORDS)
    nour.locator("#again").fill(WORDS)
    nour.locator("main form button").click()
    nour.wait_for_url("**/sign-in?done=invitation")
    sign_in(nour, address, email, WORDS, language)
    nour.wait_for_url(f"{address}/")
    assert nour.locator(".waiting .package").count() == 1
    nour.goto(f"{address}/preferences")
    nour.locator("#digest").select_option("weekly")
    nour.locator("form[action='/preferences/digest'] button").click()
    nour.wait_for_url("**/preferences?said=digest")
    assert nour.get_by_role("status").is_visible()
    nour.goto(f"{address}/preferences/second-factor")
    nour.locator("main form button").click()
    secret = nour.locator("code.hash").inner_text()
    code = TOTP(secret).at(datetime.now(UTC))
    if scripts:
        looked_at(nour)
    nour.locator("#code").fill("000000" if code != "000000" else "111111")
    nour.locator("main form button").click()
    assert nour.get_by_role("alert").locator(".sentence").get_attribute("lang") == language
    nour.locator("#code").fill(TOTP(secret).at(datetime.now(UTC)))
    nour.locator("main form button").click()
    recovery = nour.locator("pre.secret").inner_text().split()[0]
    nour.locator("form.account button").click()
    nour.wait_for_url("**/sign-in?done=sign-out")
    sign_in(nour, address, email, WORDS, language)
    nour.locator("#code").fill(recovery)
    nour.locator("main form button").click()
    nour.wait_for_url(f"{address}/")
    assert house.people().find(email).has_second_factor


@pytest.mark.parametrize("opened", JOURNEYS, indirect=True, ids=["en", "ar", "ar without scripts"])
def test_a_term_is_added_found_and_taken_along_and_pairs_are_brought_in(demo, address, opened, tmp_path):
    window, language, scripts = opened
    _house, password = demo
    word = f"seedling {language} {scripts}"
    claire = window()
    sign_in(claire, address, "translator@harbour.example", password, language)
    claire.wait_for_url(f"{address}/")
    claire.goto(f"{address}/terms?locale=fr")
    claire.locator("main a[href^='/terms/new']").click()
    claire.locator("#source").fill(word)
    claire.locator("#target").fill(f"jeune plant {scripts}")
    claire.locator("main form button").first.click()
    claire.wait_for_url("**/terms?**said=kept")
    if scripts:
        claire.locator("h1").click()
        claire.keyboard.press("/")
        claire.keyboard.type(word)
        claire.keyboard.press("Enter")
    else:
        claire.locator("#find").fill(word)
        claire.locator("#find").press("Enter")
    claire.wait_for_url("**/search?q=**")
    found = claire.locator("section[aria-labelledby='found-terms'] a")
    assert found.first.inner_text() == word
    assert claire.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    if scripts:
        looked_at(claire)
    claire.goto(f"{address}/terms?locale=fr&q=seedling")
    with claire.expect_download() as waiting:
        claire.locator("a[href^='/terms/file'][href*='csv']").click()
    assert word in waiting.value.path().read_text("utf-8")

    olga, file = window(), tmp_path / "pairs.csv"
    file.write_text(f"source,target,locale\nThe {word} grows.,Il pousse ({scripts} {language}).,fr\n", "utf-8")
    sign_in(olga, address, "secretariat@harbour.example", password, language)
    olga.wait_for_url(f"{address}/")
    olga.goto(f"{address}/memory?locale=fr&site=demo")
    olga.locator("#file").set_input_files(file)
    olga.locator("form[action='/memory/import'] button").click()
    olga.wait_for_url("**/memory/import")
    assert re.findall(r"\d+", olga.locator("dl.fields").inner_text()) == ["1", "1", "0", "0"]
    olga.locator("form[action='/memory/import/confirmation'] button").click()
    olga.wait_for_url("**/memory/import/confirmation")
    olga.goto(f"{address}/memory?locale=fr&site=demo&q=%22{word.replace(' ', '+')}%22")
    assert olga.locator(".pairs > li").count() == 1
    with olga.expect_download() as waiting:
        olga.locator("a[href*='/memories/export'][href*='csv']").click()
    assert word in waiting.value.path().read_text("utf-8")
    if scripts:
        looked_at(olga)
