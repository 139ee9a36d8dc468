"""Signing in by a provider, through the pages: there, back, and nowhere else; with a real provider on loopback."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from lxml import html

from tests.openid_provider import CLIENT, SECRET, running, visited
from tests.people.samples import let_in
from tests.web.browser import HOST, Browser
from tm_service.domain.permissions import Grant, Role
from tm_service.web.app import make_app

REDIRECT = "http://localhost/sign-in/garden/return"
ANA = "ana@garden.example"


@pytest.fixture
def garden():
    with running() as provider:
        yield provider


@pytest.fixture
def house(world, garden, tmp_path):
    """A house that the garden vouches for people to, and in which Ana is invited."""
    lines = [
        "[provider.garden]",
        'title = "The garden"',
        f'issuer = "{garden.address}"',
        f'client = "{CLIENT}"',
        f"secret = {json.dumps(SECRET)}",
        f'redirect = "{REDIRECT}"',
        "inside = true",
    ]
    (tmp_path / "home" / "openid.toml").write_text("\n".join(lines), "utf-8")
    world.service.people().invite(ANA, "Ana Lopez", "es", [Grant(Role.TRANSLATOR, "demo", "es")])
    world.app = make_app(world.service, hosts=[HOST])
    return world


@pytest.fixture
def browser(house):
    return Browser(house.app)


def there(browser, wanted=""):
    """The provider's answer, as the address that the browser is sent back to."""
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    begun = browser.get(f"/sign-in/garden{query}")
    assert begun.status_code == 303
    return f"/sign-in/garden/return?{urlencode(visited(begun.headers['Location']))}"


def test_who_the_provider_vouches_for_is_signed_in_and_goes_on(browser):
    link = html.fromstring(browser.get("/sign-in?next=/sites/demo").text).xpath("//a[contains(@href, 'garden')]")[0]
    assert (link.get("href"), link.text_content()) == ("/sign-in/garden?next=/sites/demo", "Sign in with The garden")
    back = browser.get(there(browser, "/sites/demo"))
    assert (back.status_code, back.headers["Location"]) == (303, "/sites/demo")
    assert "Ana Lopez" in browser.get("/sites/demo").text
    kept = {cookie.name for cookie in browser.cookies.jar}
    assert kept == {"session", "provider"}, "what was remembered meanwhile is gone"


@pytest.mark.parametrize(("scheme", "name"), [("http", "openid"), ("https", "__Host-openid")])
def test_what_is_remembered_meanwhile_is_sealed_and_ends_soon(house, scheme, name):
    answer = Browser(house.app, scheme).get("/sign-in/garden")
    pair, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert pair.startswith(f"{name}=")
    secure = ["Secure"] if scheme == "https" else []
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=600", *secure}
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert not any(asked[secret][0] in pair for secret in ("state", "nonce"))
    assert asked["redirect_uri"] == [REDIRECT]


def refused(answer):
    return html.fromstring(answer.text).xpath("//*[@role='alert']//p[@class='sentence']/text()")


def test_an_answer_that_nobody_waits_for_signs_nobody_in(house, browser):
    """Somebody else's answer, led to a browser that began nothing or something else."""
    stolen = there(browser)
    other = Browser(house.app)
    answer = other.get(stolen)
    assert (answer.status_code, other.session) == (401, "")
    assert refused(answer) == ["Nothing is known of this sign-in; begin it again."]
    there(other)
    answer = other.get(stolen)
    assert (answer.status_code, other.session) == (401, "")
    assert refused(answer) == ["This answers another sign-in; begin it again."]


def test_an_answer_is_good_once(browser):
    back = there(browser)
    assert browser.get(back).status_code == 303
    browser.cookies.clear()
    assert browser.get(back).status_code == 401


def test_who_is_not_invited_stays_out(browser, garden):
    garden.person |= {"sub": "s-2", "email": "stranger@garden.example"}
    answer = browser.get(there(browser))
    assert (answer.status_code, browser.session) == (401, "")
    assert "ask an administrator for an invitation" in refused(answer)[0]
    assert 'openid=""' in answer.headers["Set-Cookie"]


def test_a_session_from_before_ends_with_the_new_one(house, browser):
    before = let_in(house.service.people(), house.service.people().find(ANA).id).token
    browser.cookies.set("session", before, domain=HOST)
    assert browser.get(there(browser)).status_code == 303
    assert browser.session not in ("", before)
    assert house.bearing(before).get("/session").status_code == 401


def test_who_signs_out_is_shown_where_to_sign_out_of_the_provider(browser, garden):
    assert "/sign-out/garden" not in browser.get("/sign-in?done=sign-out").text
    browser.get(there(browser))
    browser.post("/sign-out")
    page = browser.get("/sign-in?done=sign-out")
    (link,) = html.fromstring(page.text).xpath("//a[text()='Sign out of The garden, too']/@href")
    place = urlsplit(browser.get(link).headers["Location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{garden.address}/end_session"
    assert not browser.cookies.jar
    assert browser.get("/sign-out/nobody").status_code == 404


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example"])
def test_nobody_is_led_out_of_the_house_by_way_of_the_provider(browser, wanted):
    assert browser.get(there(browser, wanted)).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/sign-in/nobody", "/sign-in/nobody/return", "/sign-in/%00"])
def test_a_provider_that_is_not_there_is_none(browser, path):
    assert browser.get(path).status_code in (401, 404)
    assert browser.session == ""


def test_a_provider_that_fails_is_said_to_have_failed(browser, garden):
    garden.described["issuer"] = "https://other.example"
    assert browser.get("/sign-in/garden").status_code == 502
    assert browser.get("/sign-in").status_code == 200
