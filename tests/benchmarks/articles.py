"""Article pages: a real server over deployed articles, asked by a client of its own, cold and from its cache.

As a module it is that server: `python -m tests.benchmarks.articles FOLDER` prints its address and serves until it is ended.
"""

import http.client
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

from tests.benchmarks.job_texts import job_texts
from tests.benchmarks.measure import Figure, environment
from tests.web.readers import SEEDS, Library, article_verbs, seeds, with_articles
from tm_service.bootstrap import open_service
from tm_service.domain.articles import Segment, TextField
from tm_service.domain.edits import EditClass
from tm_service.domain.serving import Rule
from tm_service.settings import read_settings
from tm_service.storage.sql_store import SqlStore
from tm_service.web.server import run

ARTICLES, SENTENCES, ASKED = 250, 40, 2_000
LOCALES = ("ar", "es", "fr", "ru", "zh")
_CLIENTS = 4
_STALE = 9  # every ninth sentence is behind


def articles(folder: Path) -> Iterator[Figure]:
    """The 95th percentile in milliseconds, over a socket that stays open."""
    root = folder / "articles"
    root.mkdir()
    build(root)
    rng = random.Random(5)
    paths = [f"/articles/{identifier(number)}/{rng.choice(LOCALES)}" for number in rng.sample(range(ARTICLES), 200)]
    with _server(root) as (address, spent):
        first, _ = _ask(address, paths)
        before = spent()
        warm, tags = _ask(address, rng.choices(paths, k=ASKED))
        processor = spent() - before
        known, _ = _ask(address, list(tags), tags)
        with ThreadPoolExecutor(_CLIENTS) as pool:
            several = list(pool.map(lambda _: _ask(address, rng.choices(paths, k=ASKED // 4))[0], range(_CLIENTS)))
    note = (
        f"{ARTICLES:,} articles of {SENTENCES} sentences in six languages; the processor's time is of {ASKED:,} answers"
    )
    name = "article page, p95 from cache"
    yield Figure(name, _p95(warm), "ms", "20 ms", "rendered anew", _p95(first), note, processor)
    yield Figure("article page, median from cache", median(warm), "ms", "", "rendered anew", median(first))
    yield Figure("article page unchanged (304), p95", _p95(known), "ms")
    yield Figure(f"article page, p95 of {_CLIENTS} clients", _p95([one for some in several for one in some]), "ms")


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def identifier(number: int) -> str:
    return f"{number:024x}"


def build(root: Path) -> None:
    """A store in which deployment 1 serves the articles."""
    store = SqlStore(f"sqlite:///{root / 'library.sqlite'}")
    store.migrate()
    pairs = job_texts(ARTICLES * 4)
    documents = []
    for number in range(ARTICLES):
        texts = [pairs[(number * 4 + place) % len(pairs)] for place in range(SENTENCES)]
        segments = tuple(Segment(f"s{place}", english, block=place) for place, (english, _) in enumerate(texts))
        layout = ("<p>", *("</p><p>" for _ in segments[1:]), "</p>")
        title = TextField(("title",), (Segment("", f"Article {number}"),), ("", ""))
        content = TextField(("content",), segments, layout, rich=True)
        settled = replace(seeds(), ref=replace(SEEDS, identifier=identifier(number)), fields=(title, content))
        documents.append((settled, {locale: _served(number, texts) for locale in LOCALES}))
    Library(store).deploy(*documents)


def _served(number: int, texts: Sequence[tuple[str, str]]) -> dict[tuple[str, ...], tuple[object, ...]]:
    """Each sentence with its translation, some of them behind."""
    told: dict[tuple[str, ...], tuple[object, ...]] = {
        ("title",): (f"Article {number}", Rule.CURRENT, "translated", None)
    }
    for place, (_, other) in enumerate(texts):
        stale = place % _STALE == 0
        rule, edit = (Rule.DATED, EditClass.REWRITE) if stale else (Rule.CURRENT, None)
        told["content", f"s{place}"] = (other, rule, "as it was served", edit)
    return told


@contextmanager
def _server(root: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """The address of a server, and the seconds of the processor that it has spent so far."""
    command = [sys.executable, "-m", "tests.benchmarks.articles", str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise RuntimeError("The server of the articles did not start.")
            yield address, lambda: _processor(process.pid)
        finally:
            process.terminate()


def _processor(process: int) -> float:
    """Seconds in user and system mode, of a process of Linux (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(address: str, paths: Sequence[str], known: dict[str, str] | None = None) -> tuple[list[float], dict[str, str]]:
    """Milliseconds of each answer, and the entity tags by path; 304 is expected of what is known."""
    spent, tags = [], {}
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    for path in paths:
        headers = {"If-None-Match": known[path]} if known else {}
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        spent.append((time.perf_counter() - began) * 1000)
        if response.status != (304 if known else 200):
            raise RuntimeError(f"{path} was answered {response.status}.")
        tags[path] = response.headers["ETag"]
    connection.close()
    return spent, tags


def _serve(root: Path) -> None:
    store = SqlStore(f"sqlite:///{root / 'library.sqlite'}")
    service = with_articles(open_service(read_settings(root / "home", {})), article_verbs(store))
    run(service, port=0, ready=lambda address: print(address, flush=True))  # noqa: T201 - who started it reads it


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
