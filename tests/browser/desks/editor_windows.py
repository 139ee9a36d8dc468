"""The desk of editors in the tests of its pages in a browser: windows of people who write, and what they do there."""

import pytest

from tests.browser.conftest import served
from tests.browser.pages import keyed
from tests.web.desks.editor_house import HOURS, PASSWORD, RULES, build
from tm_service.web.assets import assets

MARKS = [pytest.mark.browser, pytest.mark.slow]
if "vendor/prosemirror.js" not in assets():
    MARKS.append(pytest.mark.skip("npm brought no ProseMirror; run `make scripts`."))
PLACE = f"/editor/article/{RULES.identifier}"
SAVED = {"en": "Saved at", "ar": "حُفظت في"}
CLOSES = "The room closes at"


@pytest.fixture
def house(tmp_path):
    return build(tmp_path)[0]


@pytest.fixture
def address(house):
    with pytest.MonkeyPatch.context() as patched, served(house) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield found


@pytest.fixture
def window(chromium, address):
    """Opens windows of signed-in people, and watches what they say."""
    opened = []

    def open_for(name, language="en", **options: object):
        size = options.pop("size", (1440, 900))
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(f"{address}/sign-in?lang={language}&next=/editor")
        page.fill("#email", f"{name.lower()}@house.example")
        page.fill("#password", PASSWORD)
        page.locator("main form button").click()
        page.wait_for_url("**/editor**")
        opened.append(context)
        return page

    yield open_for
    for context in opened:
        context.close()


def saved(page, language="en"):
    page.locator("#writing[data-idle]").wait_for()
    page.locator("#save-state", has_text=SAVED[language]).wait_for()
    return page.locator("#save-state").inner_text()


def write(page, paragraph, text):
    """Put the cursor behind a paragraph of the content and type."""
    page.locator(".rich .prose p", has_text=paragraph).first.click()
    page.keyboard.press("End")
    page.keyboard.type(text)


def hours(window, address):
    """Ada's window of the shorter article, with the cursor in a new paragraph behind its text."""
    page = window("Ada")
    page.goto(f"{address}/editor/article/{HOURS.identifier}")
    page.locator(".rich .prose").click()
    keyed(page, "[Control+End]", "[Enter]")
    return page
