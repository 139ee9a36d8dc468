"""The pages to sign in and out: what a browser keeps, what guessing costs, and that nobody is led elsewhere."""

import re
from urllib.parse import quote

import pytest
from lxml import html

from tests.people.samples import FRENCH, PASSWORD, person
from tests.web.browser import HOST, Browser
from tests.web.house import LOCALES
from tests.web.readers import SEEDS, article_verbs, stocked, with_articles
from tests.web.signing.forms import ADA, WRONG, alert, sign_in
from tm_service.domain.permissions import Grant, Role
from tm_service.web.app import make_app
from tm_service.web.signing import inside


def test_who_signs_in_goes_on_to_where_they_wanted_and_is_named_on_every_page(browser):
    assert browser.get("/sites/demo").headers["Location"] == "/sign-in?next=/sites/demo"
    answer = sign_in(browser, wanted="/sites/demo?all")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sites/demo?all")
    page = html.fromstring(browser.get("/sites/demo?all").text)
    account = page.xpath("//header//form[@action='/sign-out' and @method='post']")[0]
    assert "Signed in as Ada" in account.text_content()
    assert browser.get("/sign-in?next=/sites/demo").headers["Location"] == "/sites/demo"


def test_who_signs_out_is_nobody_and_the_session_is_over(browser, house):
    sign_in(browser)
    token = browser.session
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?done=sign-out")
    assert browser.session == ""
    assert "You are signed out." in browser.get("/sign-in?done=sign-out").text
    stolen = Browser(house[1])
    stolen.cookies.set("session", token, domain="house.example")
    assert stolen.get("/sites/demo").status_code == 303
    assert browser.post("/sign-out").status_code == 303, "twice is harmless"


@pytest.mark.parametrize(("scheme", "name"), [("http", "session"), ("https", "__Host-session")])
def test_the_cookie_is_kept_from_scripts_and_other_sites_and_behind_https_from_other_hosts(house, scheme, name):
    said = sign_in(Browser(house[1], scheme)).headers["Set-Cookie"]
    pair, *attributes = said.split("; ")
    assert re.fullmatch(name + "=[A-Za-z0-9_-]{43}", pair)
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=lax", *(["Secure"] if scheme == "https" else [])}


@pytest.mark.parametrize("planted", ["made-up", "of another"])
def test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in(house, room, planted):
    """Fixation: what the browser had before is worth nothing afterwards."""
    person(room, "Eve", FRENCH)
    before = room.sign_in("eve@house.example", PASSWORD).token if planted == "of another" else "x" * 43
    browser = Browser(house[1])
    browser.cookies.set("session", before, domain="house.example")
    answer = browser.post("/sign-in", email=ADA, password=PASSWORD)
    assert answer.status_code == 303
    assert browser.session not in ("", before)
    eve = Browser(house[1])
    eve.cookies.set("session", before, domain="house.example")
    assert eve.get("/sites/demo").status_code == 303, "the old one opens nothing"


def test_every_sign_in_has_a_token_of_its_own(house):
    tokens = set()
    for _again in range(3):
        browser = Browser(house[1])
        sign_in(browser)
        tokens.add(browser.session)
    assert len(tokens) == 3


def test_whoever_is_wrong_is_told_the_same_after_the_same_work(browser, room, hasher):
    """An unknown address, a wrong password, somebody invited, somebody deactivated: nobody can tell them apart."""
    room.invite("new@house.example", "New", "en")
    gone = person(room, "Gone", FRENCH)
    room.deactivate(gone.id)
    sign_in(browser, "nobody@house.example")  # the hash that stands for nobody is made once
    told = set()
    for email, password in (
        ("stranger@house.example", PASSWORD),
        (ADA, "another password"),
        ("new@house.example", PASSWORD),
        ("gone@house.example", PASSWORD),
    ):
        before = hasher.looked
        answer = sign_in(browser, email, password)
        assert browser.session == ""
        told.add((answer.status_code, hasher.looked - before, alert(answer), answer.text.replace(email, "")))
    assert len(told) == 1
    assert {(status, looked) for status, looked, *_ in told} == {(401, 1)}


def test_guessing_costs_ever_longer_pauses_in_which_nothing_is_looked_at(browser, clock, hasher):
    for _free in range(5):
        assert sign_in(browser, password=WRONG).status_code == 401
    waits = []
    for _again in range(3):
        before = hasher.looked
        answer = sign_in(browser)
        assert (answer.status_code, hasher.looked) == (429, before), "right as it is"
        waits.append((int(answer.headers["Retry-After"]), alert(answer)))
        clock.pass_by(seconds=waits[-1][0])
        assert sign_in(browser, password=WRONG).status_code == 401
    assert [wait for wait, _said in waits] == [30, 60, 120]
    assert waits[0][1] == "There is a problem There were too many failures. Try again in 30 seconds."
    assert "Try again in 2 minutes." in waits[2][1]
    clock.pass_by(hours=1)
    assert sign_in(browser).status_code == 303


def test_an_unknown_address_is_locked_out_like_a_known_one(browser):
    for _free in range(5):
        sign_in(browser, "nobody@house.example")
    assert sign_in(browser, "nobody@house.example").status_code == 429


def test_nobody_tries_many_addresses_from_one_place(browser):
    answers = [sign_in(browser, f"somebody{number}@house.example").status_code for number in range(21)]
    assert answers == [401] * 20 + [429]


def test_an_idle_session_ends_and_a_busy_one_does_in_the_end(browser, clock):
    sign_in(browser)
    clock.pass_by(hours=1, minutes=59)
    assert browser.get("/sites/demo").status_code == 200
    clock.pass_by(hours=2)
    assert browser.get("/sites/demo").headers["Location"] == "/sign-in?next=/sites/demo"
    sign_in(browser)
    for _hour in range(11):
        clock.pass_by(hours=1)
        assert browser.get("/sites/demo").status_code == 200
    clock.pass_by(hours=1)
    assert browser.get("/sites/demo").status_code == 303


def test_who_signs_out_everywhere_is_signed_out_everywhere(house):
    phone, desk, other = Browser(house[1]), Browser(house[1]), Browser(house[1])
    for browser in (phone, desk):
        sign_in(browser)
    there = phone.get("/api/v1/session/sessions").json()["sessions"]
    assert [one["current"] for one in there].count(True) == 1
    assert len(there) == 2
    assert phone.ask("DELETE", "/api/v1/session/sessions", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204
    assert [browser.get("/sites/demo").status_code for browser in (phone, desk, other)] == [303] * 3
    assert phone.session == ""


def test_other_rights_end_the_sessions_of_who_has_them(browser, room):
    ben = person(room, "Ben", FRENCH)
    sign_in(browser, "ben@house.example")
    assert browser.get("/").status_code == 200
    room.set_grants(ben.id, [Grant(Role.REVIEWER)])
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/invitation"])
def test_a_page_elsewhere_signs_nobody_in_or_out(browser, path, headers):
    sign_in(browser)
    before = browser.session
    data = {"email": ADA, "password": PASSWORD}
    assert browser.ask("POST", path, data=data, headers=headers).status_code == 403
    assert browser.session == before
    assert browser.get("/").status_code in (200, 303)


def test_what_is_missing_is_named_at_its_field_and_above_the_form(browser, hasher):
    page = browser.send(browser.get("/sign-in"), email=" ", password="")
    assert (page.status_code, hasher.looked) == (422, 0)
    root = html.fromstring(page.text)
    assert root.xpath("//title/text()")[0].startswith("Error: ")
    assert root.xpath("//*[@role='alert']//a/@href") == ["#email", "#password"]
    for name in ("email", "password"):
        (field,) = root.xpath(f"//input[@id='{name}' and @aria-invalid='true']")
        told = field.get("aria-describedby").split()
        assert [root.get_element_by_id(one).text_content() for one in told] == root.xpath(
            f"//*[@role='alert']//a[@href='#{name}']/text()"
        )
        assert root.xpath(f"//label[@for='{name}']")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", ["/sign-in", "/invitation"])
def test_the_forms_speak_six_languages_and_say_what_their_fields_are_for(browser, path, locale):
    root = html.fromstring(browser.get(f"{path}?lang={locale}").text)
    assert (root.get("lang"), root.get("dir")) == (locale, "rtl" if locale == "ar" else "ltr")
    purposes = root.xpath("//form[contains(@class, 'form')]//input[not(@type='hidden')]/@autocomplete")
    expected = {
        "/sign-in": ["username", "current-password"],
        "/invitation": ["off", "new-password", "new-password"],
    }
    assert purposes == expected[path]
    fields = root.xpath("//form[contains(@class, 'form')]//input[not(@type='hidden')]/@id")
    assert root.xpath("//form[contains(@class, 'form')]//label/@for") == fields
    assert not root.xpath("//input[@type='password']/@value")


def test_the_way_on_is_not_lost_with_another_language(browser):
    root = html.fromstring(browser.get("/sign-in?next=%2Fsites%2Fdemo%3Fall").text)
    (french,) = root.xpath("//nav//a[@hreflang='fr']/@href")
    assert sign_in(browser, wanted="/sites/demo?all").headers["Location"] == "/sites/demo?all"
    assert french == "?lang=fr&next=/sites/demo%3Fall"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/sites//evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    " /sites",
    "/sites\x00",
    "/sites\r\nSet-Cookie: a=b",
    "/sites?a=\\b",
    "/" + "x" * 3000,
    "/sign-out",
    "/sign-in?next=/sign-in",
    "/api/v1/jobs",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_out_of_the_house(browser, wanted):
    assert inside(wanted) == "/"
    assert browser.post("/sign-in", email=ADA, password=PASSWORD, next=wanted).headers["Location"] == "/"
    assert browser.get(f"/sign-in?next={quote(wanted, safe='')}").headers["Location"] == "/"


@pytest.mark.parametrize("wanted", ["/", "/sites/demo", "/sites/demo?all", "/sites/demo/deployments/5?lang=ar&x=//y"])
def test_pages_of_the_house_are_gone_on_to(wanted):
    assert inside(wanted) == wanted
    assert inside(f"{wanted}#part") == wanted


def test_names_are_text(browser, room):
    made = room.invite("eve@house.example", "<b>Eve</b>", "en", [FRENCH])
    room.accept(made.token, PASSWORD)
    sign_in(browser, "eve@house.example")
    page = browser.get("/")
    assert "<b>Eve" not in page.text
    assert "&lt;b&gt;Eve&lt;/b&gt;" in page.text


def test_what_readers_read_and_anybody_may_keep_names_nobody(house, tmp_path):
    """One answer is kept and sent to everybody."""
    verbs = article_verbs(stocked(tmp_path / "articles").store)
    browser = Browser(make_app(with_articles(house[0], verbs), hosts=[HOST]))
    sign_in(browser)
    assert "Signed in as" in browser.get("/nothing").text
    page = browser.get(f"/articles/{SEEDS.identifier}/en")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "public, no-cache")
    assert "Signed in as" not in page.text
