import os
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from tests.web.house import build_house, with_sites
from tm_service.web.app import make_app
from tm_service.web.server import _config, _listen

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@contextmanager
def served(service):
    """The address of a server of its own on a free port."""
    with _listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(_config(make_app(service)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A house with the example site, and a site before its first deployment."""
    house = build_house(tmp_path_factory.mktemp("house"))
    with served(with_sites(house, "demo", "legal_texts")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        missing = f"There is no Chromium at {CHROMIUM}; install it with `apt-get install -y chromium libatomic1`."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["wide and light", "narrow and dark"])
def look(request):
    """How wide a window is and how light: what fits does so in either light, and no colour depends on the width."""
    return request.param


@pytest.fixture
def width(look):
    return look[0]


@pytest.fixture
def scheme(look):
    return look[1]


@pytest.fixture
def page(chromium, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()
