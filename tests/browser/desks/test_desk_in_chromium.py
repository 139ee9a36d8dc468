"""The translator's desk in a browser: texts are translated by keyboard, kept through a lost line, and handed in."""

import re
from datetime import UTC, datetime

import pytest

from tests.browser.conftest import served
from tests.browser.pages import assert_accessible, fits
from tests.fakes import new_house
from tests.people.samples import PASSWORD, person, signed_in
from tests.processes import until
from tests.web.api.desk import returned
from tests.web.browser import with_people
from tests.web.house import build_house
from tm_service.desk_verbs import Wording
from tm_service.domain.desk import TargetState
from tm_service.domain.permissions import Grant, Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]
READY = "#desk[data-ready]"
OFFLINE = re.compile("ERR_INTERNET_DISCONNECTED|status of 4")
SAVED = {"en": "All is saved", "ar": "كل شيء محفوظ"}
IN_SIGHT = """() => [...document.querySelectorAll('.desk-row')].some(row => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
})"""
LISTEN = """() => {
    const saving = document.querySelector('.saving');
    globalThis.told = [];
    new MutationObserver(() => told.push(saving.textContent)).observe(saving, { childList: true });
}"""
GARDEN = {
    "seeds": "{count, plural, one {# seed} other {# seeds}}",
    "greeting": "Welcome to <b>our garden</b>, {name}",
    "shade": "Dry them in the shade",
}
OLD = {"dry": "Dry the seeds in the shade"}
LONG = 1200  # units


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made, _app = with_people(build_house(tmp_path_factory.mktemp("house")), lambda: datetime.now(UTC))
    person(made.people(), "Amina", Grant(Role.REVIEWER))
    return made


@pytest.fixture(scope="module")
def address(house):
    with pytest.MonkeyPatch.context() as patched, served(house) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield found


@pytest.fixture(scope="module")
def garden(tmp_path_factory):
    """A house whose package has forms and tags, and one with very many texts; and its address."""
    small = new_house(tmp_path_factory.mktemp("garden"))
    small.write({"text/old.json": OLD, "i18n/fr/text/old.json": {"dry": "Séchez les graines à l’ombre"}})
    small.deploy()
    small.write(
        {"text/home.json": GARDEN, "text/many.json": {f"k{n}": f"Bed number {n} of the garden" for n in range(LONG)}}
    )
    small.packages(locales=("fr",))
    made, _app = with_people(small.service, lambda: datetime.now(UTC))
    person(made.people(), "Amina", Grant(Role.REVIEWER))
    with pytest.MonkeyPatch.context() as patched, served(made) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield made, found
    small.store.close()


@pytest.fixture
def context(chromium):
    made = chromium.new_context(viewport={"width": 1280, "height": 800})
    made.set_default_timeout(60_000)
    yield made
    made.close()


def sign_in(page, address, language="en", to="/desk"):
    page.goto(f"{address}/sign-in?lang={language}&next={to}")
    page.locator("#email").fill("amina@house.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(f"{address}{to}**")


def at_garden(context, garden):
    """A window of Amina's in the garden, which has no page to sign in."""
    made, address = garden
    token = signed_in(made.people(), "Amina").token
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    page = context.new_page()
    open_package(page, address, "garden-1-fr")
    return page


def open_package(page, address, package, only="all"):
    page.goto(f"{address}/desk/packages/{package}?only={only}")
    page.wait_for_selector(READY)


def label(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def saved(page, language="en"):
    page.wait_for_function("said => document.querySelector('.saving')?.textContent === said", arg=SAVED[language])


def down(page, times):
    """To the rows below, each reached before the next."""
    for _ in range(times):
        here = page.locator(".desk-row.active").get_attribute("data-place")
        page.keyboard.press("Alt+ArrowDown")
        page.wait_for_function(
            "here => ![undefined, here].includes(document.activeElement.closest('.desk-row.active')?.dataset.place)",
            arg=here,
        )


@pytest.mark.parametrize(("language", "package"), [("en", "demo-3-fr"), ("ar", "demo-2-es")])
def test_three_texts_are_translated_by_keyboard_and_handed_in(context, house, address, language, package):
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, address, language)
    assert_accessible(page)
    page.get_by_role("link", name=package).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(READY)
    before = house.desk.progress(package)
    for number in range(3):
        page.wait_for_function("() => document.activeElement.classList.contains('editable')")
        page.keyboard.press("Alt+Digit0")
        page.keyboard.type(f" {number}")
        at = label(page)
        page.keyboard.press("Control+Enter")
        page.wait_for_function("at => document.activeElement.getAttribute('aria-label') !== at", arg=at)
    page.wait_for_function("() => document.querySelector('.hand-in .count').textContent === '3'")
    assert page.locator(".desk-state.confirmed").count() == 3
    assert fits(page)
    assert_accessible(page)
    page.locator(".hand-in button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/receipts?digest=**")
    assert_accessible(page)
    accepted = int(page.locator(".receipt-numbers dd").first.inner_text())
    assert house.desk.progress(package).done == before.done + accepted
    assert said == []


def test_a_finding_shows_while_one_types_and_its_repair_is_one_key_away(context, garden):
    page = at_garden(context, garden)
    down(page, 1)
    page.keyboard.type("Bienvenue dans ")
    page.keyboard.press("Control+Digit1")
    page.keyboard.type("notre jardin")
    page.keyboard.press("Control+Digit2")
    page.keyboard.type(", { name }")
    page.locator(".desk-findings .accept").wait_for()
    assert "ms" in page.locator(".checked").inner_text()
    page.keyboard.press("Alt+KeyR")
    page.wait_for_function("() => document.querySelectorAll('.editable .chip').length === 3")
    page.wait_for_function("() => document.querySelectorAll('.desk-writing .desk-findings li').length === 0")
    saved(page)
    unit = garden[0].desk.unit("garden-1-fr", "garden-1-fr.2")
    assert unit.row.target == "Bienvenue dans <b>notre jardin</b>, {name}"


def test_a_chip_is_picked_before_it_is_deleted_and_typing_goes_on_beside_it(context, garden):
    page = at_garden(context, garden)
    down(page, 1)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+Digit3")
    page.keyboard.press("Backspace")
    assert page.locator(".editable .chip.picked").count() == 1
    page.keyboard.type("!")
    assert page.locator(".editable").evaluate("it => it.textContent") == "{name}!"
    assert page.locator(".editable .chip.picked").count() == 0
    for _ in range(3):
        page.keyboard.press("Backspace")
    assert page.locator(".editable .chip").count() == 0
    page.keyboard.press("Control+Z")
    assert page.locator(".editable").evaluate("it => it.textContent").startswith("{name}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_was_typed_survives_a_lost_line_and_a_closed_tab(context, house, address, language):
    page = context.new_page()
    sign_in(page, address, language)
    open_package(page, address, "demo-5-zh", "open")
    unit = page.locator(".desk-row.active").get_attribute("data-unit")
    context.set_offline(True)
    page.keyboard.press("Control+A")
    page.keyboard.type(f"离线 {language}")
    page.wait_for_function("() => document.querySelector('.saving.kept')")
    assert house.desk.unit("demo-5-zh", unit).row.target != f"离线 {language}"
    page.close()
    context.set_offline(False)
    page = context.new_page()
    open_package(page, address, "demo-5-zh", "open")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('desk'))")
    assert house.desk.unit("demo-5-zh", unit).row.target == f"离线 {language}"
    assert page.locator(".editable").first.inner_text() == f"离线 {language}"


def test_the_line_comes_back_and_everything_is_sent(context, house, address):
    page = context.new_page()
    sign_in(page, address)
    open_package(page, address, "demo-5-zh")
    down(page, 4)
    unit = page.locator(".desk-row.active").get_attribute("data-unit")
    context.set_offline(True)
    page.keyboard.press("Control+A")
    page.keyboard.type("回来")
    page.wait_for_function("() => document.querySelector('.saving.kept')")
    context.set_offline(False)
    saved(page)
    until(lambda: house.desk.unit("demo-5-zh", unit).row.target == "回来")
    held = []
    page.route("**/target", lambda route: held.append(route), times=1)  # noqa: PLW0108 - a built-in takes no mark
    page.evaluate(LISTEN)
    with page.expect_request("**/target"):
        page.keyboard.type("一")
    page.keyboard.type("二")
    held[0].continue_()
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('desk'))")
    assert house.desk.unit("demo-5-zh", unit).row.target == "回来一二"
    assert page.evaluate("told").count(SAVED["en"]) == 1, "not before the newest text is"


def test_who_is_overtaken_chooses_between_both_texts(context, garden):
    made, page = garden[0], at_garden(context, garden)
    down(page, 2)
    unit = page.locator(".desk-row.active").get_attribute("data-unit")
    made.desk.save("garden-1-fr", unit, Wording("Le leur", 0), by="leo@house.example")
    page.keyboard.press("Control+A")
    page.keyboard.type("Le mien")
    page.locator(".desk-both .mine").wait_for()
    assert page.locator(".theirs").inner_text() == "Le leur"
    assert made.desk.unit("garden-1-fr", unit).row.target == "Le leur"
    assert_accessible(page)
    page.locator(".desk-both .mine").click()
    saved(page)
    until(lambda: [one.target for one in made.desk.unit("garden-1-fr", unit).history] == ["Le mien", "Le leur"])
    confirmed = int(page.locator(".hand-in .count").inner_text())
    made.desk.save("garden-1-fr", unit, Wording("Encore le leur", 2, TargetState.CONFIRMED), by="leo@house.example")
    page.keyboard.type("!")
    page.locator(".desk-both .take").click()
    page.locator(".desk-row.active .desk-state.confirmed").wait_for()
    assert page.locator(".desk-row.active .editable").inner_text() == "Encore le leur"
    assert int(page.locator(".hand-in .count").inner_text()) == confirmed + 1


def test_forms_have_a_field_each_and_come_home_as_one_message(context, garden):
    made, page = garden[0], at_garden(context, garden)
    assert page.locator(".desk-row.active .editable").count() == 3
    for place, text in enumerate(("# graine", "# de graines ", "# graines")):
        page.locator(".desk-row.active .editable").nth(place).fill(text)
    page.wait_for_function("() => [...CSS.highlights.get('finding-note') ?? []].map(String).join() === ' '")
    page.locator(".desk-findings .where").first.click()
    page.wait_for_function("() => document.activeElement.getAttribute('aria-label').startsWith('Form many')")
    page.keyboard.press("Alt+KeyR")
    page.wait_for_function("() => !document.querySelector('.desk-row.active .desk-findings li')")
    saved(page)
    whole = "{count, plural, one {# graine} many {# de graines} other {# graines}}"
    until(
        lambda: made.desk.unit("garden-1-fr", "garden-1-fr.1").row.target == whole
    )  # the page may speak of the text before
    assert_accessible(page)


def test_words_are_looked_up_beside_a_text_and_put_in_by_keyboard(context, garden):
    page = at_garden(context, garden)
    down(page, 2)
    page.locator(".beside-of[data-unit='garden-1-fr.3']").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("À finir: ")
    page.keyboard.press("Alt+KeyK")
    page.wait_for_function("() => document.activeElement.id === 'look-up'")
    page.keyboard.type("seeds")
    page.keyboard.press("Enter")
    page.locator(".look-up-hits mark", has_text="seeds").wait_for()
    assert_accessible(page)
    page.keyboard.press("Alt+Digit1")
    page.keyboard.type(".")
    assert page.locator(".desk-row.active .editable").inner_text() == "À finir: Séchez les graines à l’ombre."
    page.keyboard.press("Alt+KeyK")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.classList.contains('editable')")


def test_a_list_of_open_texts_is_gone_through_whole_while_it_gets_shorter(context, garden):
    """What is confirmed on the way leaves the list that the house would give, and none after it is passed over."""
    made, page = garden[0], at_garden(context, garden)
    open_package(page, garden[1], "garden-1-fr", "open")
    units = made.desk.page("garden-1-fr", only="open", most=60).ids
    for unit in units[10:14]:
        made.desk.save("garden-1-fr", unit, Wording("Planche", 0, TargetState.CONFIRMED), by="amina@house.example")
    page.evaluate("document.querySelectorAll('.desk-block')[2].scrollIntoView()")
    page.locator(".desk-row[data-place='50']").wait_for()
    assert page.locator(".desk-row[data-place='50']").get_attribute("data-unit") == units[50]


def test_a_long_package_draws_only_what_is_near_the_window(context, garden):
    page = at_garden(context, garden)
    most = 0
    for share in (0.2, 0.5, 0.9, 1.0, 0.0):
        page.evaluate("share => scrollTo(0, document.documentElement.scrollHeight * share)", share)
        page.wait_for_function(IN_SIGHT)
        most = max(most, page.locator(".desk-row").count())
    assert most < 200
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.locator(f".desk-row[data-place='{LONG + len(GARDEN) - 1}']").wait_for()
    page.locator(f".desk-row[data-place='{LONG + len(GARDEN) - 1}'] .desk-target").click()
    page.wait_for_function("() => document.activeElement.classList.contains('editable')")
    assert page.locator(".desk-row.active").get_attribute("data-place") == str(LONG + len(GARDEN) - 1)
    assert page.locator(".desk-row").count() < 200


def test_the_sheet_of_keys_opens_by_a_question_mark(context, address):
    page = context.new_page()
    sign_in(page, address)
    open_package(page, address, "demo-5-zh")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_files_are_sent_with_progress_and_answered_on_the_page(context, house, address):
    page = context.new_page()
    sign_in(page, address, to="/desk/returns")
    name, content = returned(house, "ru")
    files = [
        {"name": name, "mimeType": "application/zip", "buffer": content},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no package"},
    ]
    page.locator("#file").set_input_files(files)
    page.locator("#drop button").click()
    page.locator("#answers article").nth(1).wait_for()
    assert page.locator("#answers article .receipt-numbers").count() == 1
    assert page.locator("#answers article .error").count() == 1
    assert_accessible(page)


@pytest.mark.parametrize("scripts", [False, True], ids=["plain", "scripts"])
@pytest.mark.parametrize(("language", "row"), [("en", 10), ("ar", 12)])
def test_the_pages_lead_from_the_queue_to_the_receipt(chromium, house, address, language, row, scripts):
    """What every page promises to whoever has no script, and keeps for who has."""
    context = chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=scripts)
    context.set_default_timeout(60_000)
    page, place = context.new_page(), "demo-2-es"
    sign_in(page, address, language)
    page.get_by_role("link", name=place).click()
    if scripts:
        page.wait_for_selector(READY)
    page.locator("a.desk-place").nth(row + scripts).click()
    page.wait_for_url("**/units/*")
    unit = page.url.rpartition("/")[2]
    written = [f"Sin prisa {language} {scripts} {number}" for number in range(2)]
    page.locator("#text-1").fill(written[0])
    page.locator("button[value='save']").click()
    page.wait_for_url("**said=saved")
    page.locator("#text-1").fill(written[1])
    page.locator("#question").fill("¿Quién lo lee?")
    page.locator("button[value='ask']").click()
    page.wait_for_url("**said=asked")
    assert page.locator(".desk-questions li").count() == 1
    assert fits(page)
    page.locator("button[value='confirm']").click()
    page.wait_for_url("**said=confirmed")
    assert [one.target for one in house.desk.unit(place, unit).history] == [written[1], written[1], written[0]]
    page.goto(f"{address}/desk/packages/{place}")
    if scripts:
        page.wait_for_selector(READY)
    page.locator(".hand-in button").click()
    page.wait_for_url("**/desk/receipts?digest=**")
    assert page.locator(".receipt-numbers").is_visible()
    assert fits(page)
    name, content = returned(house, "ru")
    page.goto(f"{address}/desk/returns")
    page.locator("#file").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})
    page.locator("#drop button").click()
    page.locator("#answers article .receipt-numbers").first.wait_for()
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_the_desk_fits_and_is_accessible(page, address, language):
    said = []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, address, language)
    unit = "/desk/packages/demo-5-zh/units/demo-5-zh.3"
    for path in ("/desk", "/desk/packages/demo-5-zh", unit, "/desk/returns", "/desk/receipts", "/desk/help"):
        page.goto(f"{address}{path}")
        if path.endswith("zh"):
            page.wait_for_selector(READY)
        assert fits(page), path
        assert_accessible(page)
    assert [one for one in said if not OFFLINE.search(one)] == []
