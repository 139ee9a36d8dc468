"""The Secretariat's register in a browser: from an alarm to its cause and its note, with and without scripts."""

import io
from contextlib import contextmanager

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.browser.conftest import served
from tests.browser.pages import assert_accessible, fits
from tests.people.samples import ADMINISTRATOR, PASSWORD, person
from tests.register_world import NOW, grown, open_house
from tests.web.browser import with_people
from tm_service.domain.permissions import Grant, Role
from tm_service.web.desks.register.words import words

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("", "/coverage", "/trend", "/freshness", "/work", "/alarms", "/savings", "/quality")
ROOT = "/sites/garden/register"
SAID = {
    "en": ("See what differs from deployment 19", "Why it may rest", "Acknowledge", "The alarm is acknowledged."),
    "ar": ("عرض الفروق عن النشر 19", "سبب إغلاقه", "إقرار", "تم الإقرار بالإنذار."),
}


@contextmanager
def opened(folder):
    """The address of a house whose French fell on a Tuesday; everybody signs in from one address."""
    house = open_house(folder)
    grown(house.store)
    house, _app = with_people(house, lambda: NOW)
    person(house.people(), "Ada", ADMINISTRATOR)
    person(house.people(), "Sana", Grant(Role.SECRETARIAT))
    with pytest.MonkeyPatch.context() as patched, served(house) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("register")) as found:
        yield found


@pytest.fixture
def alarmed(tmp_path):
    """A house of its own, for who changes something in it."""
    with opened(tmp_path) as found:
        yield found


def sign_in(page, address, name="Ada", language="en"):
    page.goto(f"{address}/sign-in?lang={language}&next=%2Fregister")
    page.locator("#email").fill(f"{name.lower()}@house.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(f"{address}{ROOT}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_fits_its_window_breaks_no_rule_and_is_accessible(page, address, language):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, address, language=language)
    for place in (*(f"{ROOT}{one}" for one in (*PAGES, "/rates")), "/register/usage"):
        page.goto(f"{address}{place}?lang={language}")
        assert fits(page), place
        assert_accessible(page)
    assert said == []


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("ar", True), ("ar", False)])
def test_the_secretariat_finds_out_why_french_fell_on_tuesday(chromium, alarmed, language, scripts):
    """From the overview to a language, from an alarm to what differs and back to its note, a file of each kind to take along.

    The same journey with and without scripts.
    """
    differs, why, acknowledge, done = SAID[language]
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, java_script_enabled=scripts, accept_downloads=True
    )
    page = context.new_page()
    sign_in(page, alarmed, "Sana", language)
    before = page.locator(".alarms li").count()
    page.locator("table.sheet tbody tr").nth(2).locator("td a").first.click()
    page.wait_for_url("**/register/freshness?locale=fr")
    assert page.locator("#locale").input_value() == "fr"
    assert page.locator("html").get_attribute("lang") == language
    _sets_rates(page, language)
    page.goto(f"{alarmed}{ROOT}")
    page.locator(".alarms").get_by_role("link", name=differs).click()
    page.wait_for_url("**/differences?before=19&now=20&locale=fr")
    page.goto(f"{alarmed}{ROOT}/alarms")
    card = page.locator(".raised > li").first
    card.get_by_label(why).fill("The folder of the menu was renamed; it is put right tomorrow.")
    card.get_by_role("button", name=acknowledge).click()
    page.wait_for_url("**/alarms?said=acknowledged")
    assert page.get_by_role("status").inner_text() == done
    assert "sana@house.example" in page.locator("#alarms-table").locator("xpath=ancestor::section").inner_text()
    page.goto(f"{alarmed}{ROOT}")
    assert page.locator(".alarms li").count() == before - 1
    name, content = _taken(page, page.get_by_role("link", name="PDF").nth(2))
    assert (name, len(PdfReader(io.BytesIO(content)).pages)) == ("garden-fr.pdf", 1)
    page.goto(f"{alarmed}{ROOT}/coverage?kind=words")
    for kind, magic in {"CSV": b"\xef\xbb\xbf", "XLSX": b"PK", "SVG": b"<svg", "PNG": b"\x89PNG"}.items():
        name, content = _taken(page, page.locator(".files a", has_text=kind).first)
        assert (name, content.startswith(magic)) == (f"garden-coverage.{kind.lower()}", True)
        if kind == "XLSX":
            head = next(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
            assert head[:2] == (words(language)["section"], words(language)["words"])
    context.close()


def _sets_rates(page, language):
    """From the savings to the rates, for French alone, and to what it costs."""
    page.locator("nav.tabs").get_by_role("link", name=words(language)["savings"]).click()
    page.locator("p.lead a").click()
    page.locator("#locale").select_option("fr")
    page.locator("form[method='get'] button").last.click()
    page.wait_for_url("**/rates?locale=fr")
    page.locator("#price").fill("0,18")
    page.locator("#currency").fill("CHF")
    page.locator("form.rates button").click()
    page.wait_for_url("**/rates?said=set")
    assert page.get_by_role("status").is_visible()
    page.locator("nav.tabs").get_by_role("link", name=words(language)["savings"]).click()
    assert page.get_by_role("columnheader", name=f"{words(language)['cost']} · CHF").first.is_visible()


def _taken(page, link):
    """Name and content of what a link downloads."""
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_whole_on_paper(chromium, address, language):
    """A4 upright, less its margins, is 680 CSS pixels wide; parts of a picture are scaled with it."""
    page = chromium.new_page(viewport={"width": 680, "height": 1000})
    sign_in(page, address, language=language)
    page.emulate_media(media="print")
    for place in PAGES:
        page.goto(f"{address}{ROOT}{place}?lang={language}")
        wide = "[...document.querySelectorAll('main :not(svg *)')].filter(it => it.scrollWidth > 680).length"
        assert page.evaluate(wide) == 0, place
        assert not page.locator(".files").first.is_visible()
    page.close()


def test_everything_is_reached_by_keyboard(chromium, address):
    page = chromium.new_page()
    sign_in(page, address)
    page.goto(f"{address}{ROOT}/coverage")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 12)"))
    assert {"Freshness", "forms/", "CSV", "PNG", "Show"} <= reached
    page.close()
