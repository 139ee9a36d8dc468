"""Pages opened from a disk: what all of them owe their readers, asked of Chromium and axe."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def fits(page: Page) -> bool:
    """Whether nothing lies beyond the window's edge."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def keyed(page: Page, *steps: str) -> None:
    """Texts typed and, where they stand in brackets, keys pressed: "[Control+b]", "Seeds", "[Enter]"."""
    for step in steps:
        if step.startswith("[") and step.endswith("]"):
            page.keyboard.press(step[1:-1])
        else:
            page.keyboard.type(step)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def assert_good(chromium: Browser, address: str, width: int, scheme: str) -> None:
    """A page fits a window of so many CSS pixels, is accessible in a `light` or `dark` scheme and asks for nothing else."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert fits(page)
    assert_accessible(page)
    context.close()
    assert (asked, said) == ([address], [])


def assert_whole_on_paper(chromium: Browser, address: str) -> None:
    """A4 upright, less its margins, is 680 CSS pixels wide."""
    page = chromium.new_page(viewport={"width": 680, "height": 1000})
    page.emulate_media(media="print")
    page.goto(address)
    whole = page.evaluate("[...document.querySelectorAll('main *')].every(it => it.scrollWidth <= 680)")
    page.close()
    assert whole
