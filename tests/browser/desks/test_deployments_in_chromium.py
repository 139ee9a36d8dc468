"""A developer's deployments in a browser: compared, explained, waived, gone back from; with scripts and without."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import served
from tests.browser.pages import assert_accessible, fits
from tests.people.samples import PASSWORD, person
from tests.web.desks.garden import HOME, plant
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import Grant, Role
from tm_service.worker.runner import Worker

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "",
    "/deployments",
    "/deployments/3",
    "/differences?before=1&now=3&kind=updated&kind=restated&kind=gone&kind=new",
    "/reading",
    f"/reading?locale=ar&resource={HOME}&deployment=2",
    "/reading?locale=fr&q=jardin",
    f"/history?locale=fr&resource={HOME}&key=opening",
    "/packages",
    "/waivers",
    "/waivers/form",
    "/runs",
    "/gate",
    "/estimate",
    "/advice",
    "/keys",
    "/ci",
    "/deployments/1/restoration",
)
NOWHERE = {
    "en": "The repository has no branch, tag or commit of this name: nowhere",
    "ar": "ليس في المستودع فرع أو وسم أو إيداع بهذا الاسم: nowhere",
}
BACK = {"en": "Roll back to deployment 1", "ar": "ارجع إلى النشر 1"}


@pytest.fixture
def garden(tmp_path):
    made = plant(tmp_path)
    room = made.service.people()
    person(room, "Dina", Grant(Role.DEVELOPER))
    person(room, "Sara", Grant(Role.SECRETARIAT))
    person(room, "Both", Grant(Role.DEVELOPER), Grant(Role.SECRETARIAT))
    made.staff.service = replace(made.service, signing=lambda: SimpleNamespace(providers=lambda: ()))
    return made


@pytest.fixture
def address(garden):
    with pytest.MonkeyPatch.context() as patched, served(garden.service) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield found


@pytest.fixture(params=["en", "ar"])
def language(request):
    return request.param


@pytest.fixture
def window(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(chromium):
    """A window that runs no script."""
    context = chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def sign_in(page, address, name, to, language="en"):
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in?lang={language}")
    page.locator("#email").fill(f"{name}@house.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.goto(f"{address}{to}")


def test_every_page_fits_its_window_breaks_no_rule_and_is_accessible(chromium, garden, address):
    """With all that can be opened open; in the languages, sizes and lights in which not every page is looked at already."""
    done = garden.service.jobs.ask(JobKind.CHECK, "garden", {"ref": "main"}, by="dina@house.example")
    estimated = garden.service.jobs.ask(
        JobKind.ESTIMATE, "garden", {"base": "main", "head": "main"}, by="dina@house.example"
    )
    advised = garden.service.jobs.ask(JobKind.ADVISE, "garden", {}, by="dina@house.example")
    keys = garden.service.jobs.ask(JobKind.FIND_KEYS, "garden", {}, by="dina@house.example")
    Worker(garden.service, "test").run(until_idle=True)
    waits = garden.service.jobs.ask(JobKind.CHECK, "garden", {"ref": "main"}, by="dina@house.example")
    runs = [f"/runs/{job.id}" for job in (done, estimated, advised, keys, waits)]
    for language, width, scheme in (
        ("ar", 1440, "dark"),
        ("en", 360, "light"),
    ):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page, said = context.new_page(), []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        sign_in(page, address, "both", "/sites/garden", language)
        for path in (*PAGES, *runs):
            page.goto(f"{address}/sites/garden{path}")
            assert fits(page), (path, language, width)
            page.evaluate("for (const closed of document.querySelectorAll('main details')) closed.open = true")
            assert fits(page), (path, language, width)
            assert_accessible(page)
        context.close()
        assert said == []


@pytest.fixture(params=["wide with scripts", "narrow without"])
def reader(request, window, plain):
    """A window with scripts, and a narrow one without."""
    return window if request.param == "wide with scripts" else plain


def waited(page):
    """The page of a run once it is over, asked for again as one does who runs no scripts; with them it may end meanwhile."""
    for _ in range(200):
        if not page.locator("#live[data-jobs]").count():
            return
        page.reload()
    raise AssertionError("the run is not over")


def test_a_developer_finds_why_a_text_changed_the_secretariat_waives_and_readers_go_back(
    reader, garden, address, language
):
    """The same way in English and Arabic, with scripts and without: list, one, differences, history, gate, waivers, back."""
    page, site, worker = reader, "/sites/garden", Worker(garden.service, "test")
    # What is different between two deployments, and why.
    sign_in(page, address, "dina", f"{site}/deployments", language)
    page.locator("a[href$='before=2&now=3']").click()
    change = page.locator(".change", has_text="Boutique du jardin")
    change.locator("summary").click()
    expect(change).to_contain_text("Ines")
    # At which deployment it changed, and what was before.
    change.locator(".change-head a").click()
    expect(page.locator(".history > li")).to_have_count(2)
    expect(page.locator(".history > li").first).to_contain_text("Boutique du jardin")
    page.locator(".history h3 a").first.click()
    expect(page.locator("h1")).to_contain_text("3")
    # What would be lost with what stands on the branch now.
    page.goto(f"{address}{site}/gate")
    page.locator("#ref").fill("main")
    page.locator("main form button").click()
    worker.run(until_idle=True)
    waited(page)
    expect(page.locator(".found-lists a").first).to_be_visible()
    assert page.locator("a[href*='waivers/form']").count() == 0
    place = page.url
    # The secretariat signs that it may be lost, in both languages.
    sign_in(page, address, "sara", place.removeprefix(address), language)
    for number in range(2):
        page.goto(place)
        page.locator(".found-lists a").nth(number).click()
        page.locator("a[href*='waivers/form']").click()
        expect(page.locator("#key")).to_have_value("lead")
        page.locator("#reason").fill("The name goes for good.")
        page.locator("main .form button").click()
        expect(page.locator(".said")).to_be_visible()
    number = garden.house.deploy()
    # The run of one that is not there says so in the reader's language, in the list of runs as well.
    sign_in(page, address, "dina", f"{site}/gate", language)
    page.locator("#ref").fill("nowhere")
    page.locator("main form button").click()
    worker.run(until_idle=True)
    waited(page)
    page.goto(f"{address}{site}/runs")
    expect(page.locator("table.runs")).to_contain_text(NOWHERE[language])
    # Readers go back, and one sees it.
    sign_in(page, address, "dina", f"{site}/deployments/1", language)
    page.locator("a[href$='/restoration']").click()
    expect(page.locator("h1")).to_have_text(BACK[language])
    page.locator("#reason").fill("The shop was opened too early.")
    page.locator("main .form button").click()
    page.wait_for_url(f"**/deployments/{number + 1}?said=restored")
    expect(page.locator(".said")).to_be_visible()
    page.goto(f"{address}{site}/reading?locale=fr&resource={HOME}")
    expect(page.locator("main")).to_contain_text("Le jardin ouvre à 9 heures.")
    expect(page.locator("main")).to_contain_text("Plan")


def test_an_estimate_shows_by_itself_as_soon_as_it_is_done(window, garden, address):
    sign_in(window, address, "dina", "/sites/garden/estimate?lang=en")
    window.locator("#base").fill(garden.service.deployment("garden", 1).revision)
    window.locator("#head").fill("main")
    window.get_by_role("button", name="Estimate").click()
    expect(window.get_by_text("This takes a while.")).to_be_visible()
    window.get_by_role("link", name="Look again").focus()
    Worker(garden.service, "test").run(until_idle=True)
    expect(window.get_by_role("table", name="Words by match class and language")).to_be_visible(timeout=20_000)
    expect(window.locator("#live-said")).to_have_text("done")
    expect(window.locator("h1")).to_be_focused()  # what had the keyboard is gone


def test_runs_that_are_under_way_show_how_they_end(window, garden, address):
    sign_in(window, address, "dina", "/sites/garden/runs?lang=en")
    garden.service.jobs.ask(JobKind.LEARN, "garden", {}, by="dina@house.example")
    window.reload()
    expect(window.locator(".tag.is-waiting")).to_have_count(1)
    Worker(garden.service, "test").run(until_idle=True)
    expect(window.locator(".tag.is-done")).to_have_count(1, timeout=20_000)


def test_a_line_for_ci_is_copied_by_its_button(chromium, garden, address):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    sign_in(page, address, "dina", "/sites/garden/ci?lang=en")
    page.locator(".copy").nth(2).click()
    expect(page.locator(".copied").nth(2)).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("tm-service check garden --ref")
    context.close()


def test_without_scripts_one_estimates_and_nothing_offers_what_does_not_work(plain, garden, address):
    site = f"{address}/sites/garden"
    sign_in(plain, address, "dina", "/sites/garden/estimate?lang=en")
    plain.locator("#base").fill(garden.service.deployment("garden", 1).revision)
    plain.locator("#head").fill("main")
    plain.get_by_role("button", name="Estimate").click()
    Worker(garden.service, "test").run(until_idle=True)
    plain.get_by_role("link", name="Look again").click()
    expect(plain.get_by_role("table", name="Words by match class and language")).to_be_visible()
    plain.goto(f"{site}/ci")
    assert plain.locator(".copy:visible").count() == 0


def test_the_keyboard_alone_goes_back(window, garden, address):
    sign_in(window, address, "dina", "/sites/garden/deployments/1/restoration?lang=en")
    window.locator("#reason").focus()
    window.keyboard.type("Too early.")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    window.wait_for_url("**/deployments/4?said=restored")
