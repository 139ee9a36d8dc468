"""Screens: pictures of the four desks, taken anew for the README by `make screens`, and held against those in a test.

A picture is held against another by the mean grey of its parts: letters may be drawn a little otherwise and days pass, but a
page that lost its column, its colours or its direction is another page.
"""

import sys
import tempfile
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
_WIDTH, _HEIGHT = 1280, 800
_PARTS = (32, 20)  # columns and rows of parts that are compared
NEAR = 9.0  # of 255: mean difference of the parts from which pages are not the same any more


@dataclass(frozen=True)
class Screen:
    """A page as one of the README's pictures: its name, its address and the language it speaks."""

    name: str
    address: str
    language: str = "en"

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.png"


SCREENS = (
    Screen("desk", "/desk"),
    Screen("deployments", "/sites/demo/deployments"),
    Screen("register", "/sites/demo/register"),
    Screen("register-ar", "/sites/demo/register", "ar"),
    Screen("articles", "/editor"),
)


def demo(folder: Path):
    """The demo's house, with somebody who has every role."""
    made, _document, _text = tour(read_settings(folder, environment={}), say=lambda _line: None)
    person(made.people(), "All", *(Grant(role) for role in Role))
    return made


def taken(chromium: Browser, address: str, token: str, screen: Screen) -> bytes:
    """The upper part of a page as a PNG."""
    context = chromium.new_context(viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light")
    context.add_cookies(
        [
            {"name": name, "value": value, "url": address}
            for name, value in (("session", token), ("lang", screen.language))
        ]
    )
    page = context.new_page()
    page.goto(f"{address}{screen.address}")
    page.wait_for_load_state("networkidle")
    content = page.screenshot()
    context.close()
    return content


def difference(one: bytes, other: bytes) -> float:
    """How far two pictures are from each other: the mean difference of the grey of their parts, 0 to 255."""
    parts = [Image.open(BytesIO(content)).convert("L").resize(_PARTS, Image.Resampling.BOX) for content in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*parts)).mean[0]


def small(content: bytes) -> bytes:
    """The same picture with few colours, which pages of text have anyway."""
    made = BytesIO()
    Image.open(BytesIO(content)).convert("RGB").quantize(64).save(made, "PNG", optimize=True)
    return made.getvalue()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = demo(Path(folder))
        token = house.people().sign_in(EMAIL, PASSWORD).token
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(house) as address:
            for screen in SCREENS:
                screen.file.write_bytes(small(taken(chromium, address, token, screen)))
                sys.stdout.write(f"{screen.file}: {screen.file.stat().st_size:,} bytes\n")
        chromium.close()


if __name__ == "__main__":
    main()
