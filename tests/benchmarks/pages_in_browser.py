"""Pages in a browser: what every kind of page takes of its reader, with 100,000 units in the store.

The server is a process of its own; Chromium asks for each page anew, as one who comes for the first time and as one who comes
again. At the desk a key is pressed, and what the checks say of the text is waited for.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.benchmarks.measure import Figure, Skipped, environment

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
_MEASURED = (Path(__file__).parents[1] / "browser" / "measured.js").read_text("utf-8")
_TIMES, _KEYS = 7, 20
_SERVER, _SCRIPTS, _CHECK = "150 ms", 100, "100 ms"
_PAUSE = 250  # milliseconds without a key before a text is checked: `CHECK` of writing.js
# Tells when the checks have answered to the key that was pressed last.
_WATCH = """() => {
  const checked = document.querySelector("#desk .checked");
  window.answered = [];
  let pressed = 0;
  document.addEventListener("input", () => { pressed = performance.now(); }, true);
  new MutationObserver(() => { if (checked.textContent) window.answered.push(performance.now() - pressed); })
    .observe(checked, { childList: true, characterData: true, subtree: true });
}"""


def pages_in_browser(folder: Path) -> Iterator[Figure]:
    """Medians over pages and visits, and the 95th percentile. Raises Skipped."""
    if not _CHROMIUM.exists():
        raise Skipped(f"There is no Chromium at {_CHROMIUM}.")
    with _running(folder) as (address, session, pages), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        every: list[Mapping[str, float]] = []
        for route, place in pages.items():
            found = list(_visits(chromium, f"{address}{place}", session))
            every += found
            yield from _of_page(route, found)
        yield from _of_all(every)
        yield from _checks(chromium, address, session)
        chromium.close()


def _of_page(route: str, found: Sequence[Mapping[str, float]]) -> Iterator[Figure]:
    first, again = found[0], found[1:]
    told = (
        f"p95 {_p95([one['server'] for one in again]):.0f} ms; {first['server']:.0f} ms the first time;"
        f" {first['scripts'] / 1024:.1f} KiB of scripts; shift {max(one['shift'] for one in found):.3f};"
        f" painted after {median(one['painted'] for one in found):.0f} ms"
    )
    yield Figure(f"in Chromium: {route}", median(one["server"] for one in again), "ms", _SERVER, note=told)


def _of_all(every: Sequence[Mapping[str, float]]) -> Iterator[Figure]:
    server, painted = [one["server"] for one in every], [one["painted"] for one in every]
    yield Figure("all pages: first byte, median", median(server), "ms", _SERVER)
    yield Figure("all pages: first byte, p95", _p95(server), "ms", _SERVER)
    yield Figure("all pages: largest paint, median", median(painted), "ms")
    yield Figure("all pages: largest paint, p95", _p95(painted), "ms")
    most = max(one["scripts"] for one in every) / 1024
    yield Figure("all pages: scripts over the line, most", most, "KiB", f"{_SCRIPTS} KiB")
    yield Figure("all pages: layout shift, most", max(one["shift"] for one in every), "", "0")
    yield Figure("all pages: requests, most", max(one["requests"] for one in every), "")


def _visits(chromium: Browser, address: str, session: str) -> Iterator[Mapping[str, float]]:
    """The first one with nothing kept, the others with what a browser keeps."""
    context = _context(chromium, address, session)
    for _ in range(_TIMES):
        page = context.new_page()
        page.goto(address)
        found = page.evaluate(_MEASURED)
        yield found | {"painted": found["painted"] or 0.0}
        page.close()
    context.close()


def _checks(chromium: Browser, address: str, session: str) -> Iterator[Figure]:
    """From a key to what the checks say of the text it belongs to."""
    context = _context(chromium, address, session)
    page = context.new_page()
    page.goto(f"{address}/desk/packages/garden-1-fr")
    page.locator("#desk[data-ready] .editable").first.focus()
    page.evaluate(_WATCH)
    for number in range(1, _KEYS + 1):
        page.keyboard.press("x")
        page.wait_for_function("least => window.answered.length >= least", arg=number)
    answered = page.evaluate("window.answered")
    context.close()
    note = f"of which {_PAUSE} ms wait for another key"
    yield Figure("desk in Chromium: key to checks, median", median(answered), "ms", note=note)
    beyond = [one - _PAUSE for one in answered]
    yield Figure("desk in Chromium: checks after the pause, median", median(beyond), "ms", _CHECK)
    yield Figure("desk in Chromium: checks after the pause, p95", _p95(beyond), "ms", _CHECK)


def _context(chromium: Browser, address: str, session: str) -> BrowserContext:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "session", "value": session, "url": address}])
    context.set_default_timeout(60_000)
    return context


def _p95(figures: Sequence[float]) -> float:
    return quantiles(figures, n=20, method="inclusive")[-1]


@contextmanager
def _running(folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The house in a process of its own: its address, a session, and an address for each kind of page."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "tests.benchmarks.filled_house", str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment(), text=True) as server:
        try:
            assert server.stdout
            told = json.loads(server.stdout.readline())
            yield told["address"].rstrip("/"), told["session"], told["pages"]
        finally:
            server.terminate()
