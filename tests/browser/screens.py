"""Screens: pictures of every journey's pages, taken anew by `make screens`, and held against those in a test.

Each page is taken as a reader of English sees it in a wide window and one of Arabic in a narrow one. A picture is held against
another by the mean grey of its parts: letters may be drawn a little otherwise and days pass, but a page that lost its column,
its colours or its direction is another page. The README shows some of them.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, served
from tests.people.samples import PASSWORD, person
from tm_service.cli.tour import tour
from tm_service.domain.permissions import Grant, Role
from tm_service.settings import read_settings

FOLDER = Path(__file__).parent / "screens"
EMAIL = "all@house.example"
WIDE, NARROW = (1280, 800), (360, 720)
_PART = 40  # CSS pixels: what is compared is the mean of squares this wide
_COLOURS = 24  # of a kept picture; pages of text have few
NEAR = 3.0  # of 255: two pixels of shift are 1, forty are 3 to 12, another page of the same desk is from 2 on


@dataclass(frozen=True)
class Screen:
    """A page in one of its pictures: its name, its address, the language it speaks and its window."""

    name: str
    address: str
    language: str = "en"
    window: tuple[int, int] = WIDE

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.png"


PAGES = {
    "desk": "/desk",
    "package": "/desk/packages/demo-8-fr",
    "unit": "/desk/packages/demo-8-fr/units/demo-8-fr.1",
    "deployments": "/sites/demo/deployments",
    "deployment": "/sites/demo/deployments/5",
    "differences": "/sites/demo/differences",
    "reading": "/sites/demo/reading",
    "gate": "/sites/demo/gate",
    "register": "/sites/demo/register",
    "coverage": "/sites/demo/register/coverage",
    "articles": "/editor",
    "writing": "/editor/new",
    "notifications": "/notifications",
    "memory": "/memory",
}
SCREENS = (
    *(Screen(name, address) for name, address in PAGES.items()),
    *(Screen(f"{name}-ar", address, "ar", NARROW) for name, address in PAGES.items()),
)


def demo(folder: Path):
    """The demo's house, with somebody who has every role."""
    made, _document, _text = tour(read_settings(folder, environment={}), say=lambda _line: None)
    person(made.people(), "All", *(Grant(role) for role in Role))
    return made


def pictures(chromium: Browser, address: str, token: str) -> Iterator[tuple[Screen, bytes]]:
    """The upper part of every page as a small PNG; those of one language share a window."""
    for language, window in dict.fromkeys((screen.language, screen.window) for screen in SCREENS):
        width, height = window
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce"
        )
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in (("session", token), ("lang", language))]
        )
        page = context.new_page()
        for screen in SCREENS:
            if (screen.language, screen.window) != (language, window):
                continue
            if not page.goto(f"{address}{screen.address}").ok:
                raise RuntimeError(f"{screen.address} is refused.")
            page.wait_for_load_state("networkidle")
            yield screen, small(page.screenshot(caret="hide", animations="disabled"))
        context.close()


def difference(one: bytes, other: bytes) -> float:
    """How far two pictures are from each other: the mean difference of the grey of their parts, 0 to 255."""
    pictures = [Image.open(BytesIO(content)).convert("L") for content in (one, other)]
    width, height = pictures[0].size
    parts = [picture.resize((width // _PART, height // _PART), Image.Resampling.BOX) for picture in pictures]
    return ImageStat.Stat(ImageChops.difference(*parts)).mean[0]


def difference_shown(one: bytes, other: bytes) -> Image.Image:
    """Both pictures side by side, and between them, in black, where they are the same."""
    was, now = (Image.open(BytesIO(content)).convert("RGB") for content in (one, other))
    width, height = was.size
    sheet = Image.new("RGB", (width * 3, height))
    for place, part in enumerate((was, ImageChops.difference(was, now.resize(was.size)), now)):
        sheet.paste(part, (width * place, 0))
    return sheet


def small(content: bytes) -> bytes:
    """The same picture with few colours, which pages of text have anyway."""
    made = BytesIO()
    Image.open(BytesIO(content)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
        made, "PNG", optimize=True
    )
    return made.getvalue()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        if old not in {screen.file for screen in SCREENS}:
            old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = demo(Path(folder))
        token = house.people().sign_in(EMAIL, PASSWORD).token
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(house) as address:
            for screen, content in pictures(chromium, address, token):
                screen.file.write_bytes(content)
                sys.stdout.write(f"{screen.file}: {len(content):,} bytes\n")
        chromium.close()


if __name__ == "__main__":
    main()
