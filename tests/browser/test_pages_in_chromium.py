import pytest

from tests.browser.pages import assert_accessible, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("/", "/deployments", "/sites/demo", "/sites/demo/deployments/5", "/sites/legal_texts", "/nothing")
CSP_BROKEN = "Content Security Policy"


@pytest.fixture(params=["en", "ar"])
def language(request):
    return request.param


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_window_breaks_no_rule_and_is_accessible(page, address, path, language):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}{path}?lang={language}")
    assert fits(page)
    page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true")
    assert fits(page)
    assert_accessible(page)
    assert [text for text in said if path != "/nothing" or CSP_BROKEN in text] == []


@pytest.fixture
def window(chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_wide_tables_scroll_in_a_region_that_the_keyboard_reaches(window, address):
    window.goto(f"{address}/sites/demo?lang=en")
    regions = window.get_by_role("region")
    visible = [region for region in regions.all() if "scroll" in (region.get_attribute("class") or "")]
    assert len(visible) >= 2
    assert {region.get_attribute("tabindex") for region in visible} == {"0"}


def test_without_scripts_the_words_open_and_the_language_stays(window, address):
    window.goto(f"{address}/sites/demo?lang=en")
    window.get_by_text("The same in words").click()
    assert window.get_by_role("table", name="Coverage by language, in words").is_visible()
    window.get_by_role("link", name="العربية").click()
    window.get_by_role("link", name="خدمة الترجمة").click()
    assert window.locator("html").get_attribute("dir") == "rtl"
    window.get_by_role("link", name="demo", exact=True).click()
    assert window.locator("html").get_attribute("lang") == "ar"


def test_a_package_downloads_under_its_own_name(window, address):
    window.goto(f"{address}/sites/demo/packages?lang=en")
    with window.expect_download() as waiting:
        window.get_by_role("link", name="Download demo-1-ar").click()
    assert waiting.value.suggested_filename == "demo-D0001-en-ar-v1.zip"


def test_bars_start_where_reading_starts(window, address):
    """In Arabic the first segment of a bar stands at its right end."""
    for language, edge in (("en", "left"), ("ar", "right")):
        window.goto(f"{address}/sites/demo?lang={language}")
        bar = window.get_by_role("img").first.bounding_box()
        first = window.get_by_role("img").first.locator("rect.current").bounding_box()
        gap = {"left": first["x"] - bar["x"], "right": bar["x"] + bar["width"] - first["x"] - first["width"]}
        assert abs(gap[edge]) < 2
