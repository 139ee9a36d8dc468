"""The memory: looks-up in ours and in every peer, what each finds of the truth, and what our index costs to keep.

All are asked the same queries for the best five of at least 75 % by the same score, one after the other on one core. A
peer that is slow is asked for twenty seconds and at least ten times; ratios are of means over the queries both were asked.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from statistics import fmean, median, quantiles

from memory.forms import form
from tests.benchmarks.corpus import Corpus, corpus, queries
from tests.benchmarks.growth import Growth
from tests.benchmarks.measure import Figure, Skipped, seconds_of
from tests.benchmarks.originals import Originals, originals
from tests.benchmarks.peers import Answer, Engine, PeerMissing, Query, Segments
from tests.benchmarks.peers.amagama import Amagama
from tests.benchmarks.peers.brute import truth
from tests.benchmarks.peers.ours import Ours
from tests.benchmarks.peers.postgres import Gin, Gist, tuned_server
from tests.benchmarks.peers.rapidfuzz_scan import RapidFuzz
from tests.benchmarks.peers.sqlite_fts import Fts5
from tests.benchmarks.peers.tantivy_bm25 import Tantivy
from tests.benchmarks.peers.toolkit import Toolkit
from tests.benchmarks.peers.weblate import WeblateBefore, WeblateNow

QUERIES = 2_000
MILLION = 1_000_000
_SAMPLE = 200  # queries whose truth is known; they are asked first
_SECONDS, _FEWEST, _WARM = 20, 10, 5
_OPENED, _INSERTED = 9, 5_000
_JOB = 10_000  # texts of one analysis
_BACK_ENDS = ("native", "numpy")

Goals = Mapping[str, int]  # how many times a back end should be faster
_NO_GOALS: Goals = {}


@dataclass(frozen=True)
class Asked:
    """What an engine did: seconds of each query in order, the answers, seconds to build, bytes of its index."""

    name: str
    seconds: Sequence[float]
    answers: Sequence[Sequence[Answer]]
    build: float
    size: int | None

    def mean(self, count: int | None = None) -> float:
        """Microseconds, of the first `count` queries."""
        return fmean(self.seconds[:count]) * MILLION

    def found(self, known: Sequence[Sequence[Answer]]) -> float:
        """Percent of the true answers; one of equal percent is as good."""
        pairs = [(true, given) for true, given in zip(known, self.answers, strict=False) if true]
        hit = sum(min(len(true), sum(one >= true[-1][1] for _, one in given)) for true, given in pairs)
        return 100 * hit / max(1, sum(len(true) for true, _ in pairs))

    @property
    def spread(self) -> str:
        cuts = quantiles(self.seconds, n=100, method="inclusive")
        return f"p50 {_time(cuts[49])}, p99 {_time(cuts[98])}, {len(self.seconds):,} queries"


class Memories:
    """Corpora of any size below one folder, grown from the same originals, and the queries all are asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def originals(self) -> Originals:
        return originals()

    @cached_property
    def queries(self) -> Sequence[Query]:
        return queries(QUERIES, self.originals)

    def corpus(self, size: int) -> Corpus:
        return corpus(size, self.folder, self.originals)


def lookups(memories: Memories, size: int = MILLION) -> Iterator[Figure]:
    """Our two back ends beside every peer. Raises Skipped at its end where a peer was missing."""
    segments, asked = memories.corpus(size).segments(), memories.queries
    known = truth(asked[:_SAMPLE], segments.forms)
    ours = [measured(index, segments, asked) for index in _back_ends(memories.folder)]
    for done in ours:
        note = f"{done.spread}; {size:,} segments grown from {memories.originals.origin}"
        yield Figure(f"look-up, ours, {done.name}", done.mean(), "µs", note=note)
        yield Figure(f"found of brute force's, ours, {done.name}", done.found(known), "%", "100 %")
    missing = [] if len(ours) == len(_BACK_ENDS) else ["The native back end is not built here."]
    with ExitStack() as stack:
        for made, goals in _peers(memories.folder, stack):
            try:
                peer = measured(made(), segments, asked)
            except PeerMissing as reason:
                missing.append(str(reason))
                continue
            yield from _beside(ours, peer, known, goals if size == MILLION else _NO_GOALS, size)
    if missing:
        raise Skipped(" ".join(dict.fromkeys(missing)))


def _peers(folder: Path, stack: ExitStack) -> Iterator[tuple[Callable[[], Engine], Goals]]:
    yield partial(Tantivy, folder / "tantivy"), {"native": 40, "numpy": 20}
    yield partial(Fts5, folder, "unicode61"), _NO_GOALS
    yield partial(Fts5, folder, "trigram"), _NO_GOALS
    yield RapidFuzz, {"native": 1_300}
    yield Toolkit, {"native": 5_000}
    try:
        server = stack.enter_context(tuned_server())
    except PeerMissing as reason:
        yield partial(_raise, reason), _NO_GOALS
        return
    sql = {"native": 450, "numpy": 250}
    yield partial(Amagama, server), sql
    yield partial(WeblateBefore, server), sql
    yield partial(WeblateNow, server), sql
    yield partial(Gist, server), {"native": 6_000}
    yield partial(Gin, server), {"native": 6_000}


def _raise(reason: Exception) -> Engine:
    raise reason


def _beside(
    ours: Sequence[Asked], peer: Asked, known: Sequence[Sequence[Answer]], goals: Goals, size: int
) -> Iterator[Figure]:
    bytes_ = "" if peer.size is None else f"; {peer.size / size:.0f} B a segment"
    note = f"{peer.spread}, found {peer.found(known):.1f} %; built {_time(peer.build)}{bytes_}"
    for done in ours:
        goal = f"{goals[done.name]:,} times ours" if done.name in goals else ""
        count = min(len(peer.seconds), len(done.seconds))
        beside = f"ours, {done.name}, same queries"
        yield Figure(f"look-up, {peer.name}", peer.mean(count), "µs", goal, beside, done.mean(count), note)
        note = ""


def growth(memories: Memories, sizes: Sequence[int] = (10_000, 100_000, MILLION)) -> Iterator[Figure]:
    """The same queries in ever larger memories, each the beginning of the next; none of them whole in memory."""
    first: dict[str, float] = {}
    for size in sizes:
        grown = memories.corpus(size)
        known = truth(memories.queries[:_SAMPLE], grown.forms())
        for index in _back_ends(memories.folder):
            index.fill(grown.forms())
            done = timed(index, memories.queries)
            index.close()
            first.setdefault(done.name, done.mean())
            note = f"{done.spread}, found {done.found(known):.1f} % of brute force's"
            beside = f"in {sizes[0]:,}"
            yield Figure(
                f"look-up, {done.name}, in {size:,}", done.mean(), "µs", "35 times", beside, first[done.name], note
            )


def kept(memories: Memories, size: int = MILLION) -> Iterator[Figure]:
    """What the index costs: bytes, building, opening, inserting, and looking up with inserts that are in no run yet."""
    taken = memories.corpus(size)
    prepared = seconds_of(lambda: sum(1 for _ in taken.forms()))
    segments, index = taken.segments(), _back_ends(memories.folder)[0]
    built = seconds_of(lambda: index.build(segments))
    yield Figure("forms made and kept", size / prepared, "/s", note=f"{size:,} texts, one core")
    yield Figure("index built", size / built, "/s", "500,000 /s", note="forms to a file on the disk")
    yield Figure("index size", (index.size() or 0) / size, "B", "100 B", note="a segment")
    opened = median(index.open() for _ in range(_OPENED))
    yield Figure("index opened", 1000 * opened, "ms", "10 ms")
    job = [query.form for query in queries(_JOB, memories.originals)]
    seconds = seconds_of(lambda: index.index.search_all(job, least=50, k=1))
    yield Figure(
        f"{_JOB:,} look-ups for an analysis", seconds, "s", "0.1 s", note="the best of 50 %; forms made before"
    )
    fresh = Growth(memories.originals, seed=3).unrelated(4 * _INSERTED)
    texts = islice(dict.fromkeys(fresh), _INSERTED)
    inserts = [(size + place, form(text)) for place, text in enumerate(texts)]
    with _quiet():
        seconds = seconds_of(lambda: index.index.extend(inserts))
        yield Figure("insert", seconds / _INSERTED * MILLION, "µs", "5 µs", note="its form made before")
        seen = sum(number in dict(index.search(Query("", entry, "inserted"))) for number, entry in inserts)
        yield Figure("inserts found by the next look-up", 100 * seen / _INSERTED, "%", "100 %")
    alone = timed(index, memories.queries)
    note = f"{_INSERTED:,} inserts in no run yet; {alone.spread}"
    yield Figure("look-up beside fresh inserts", alone.mean(), "µs", note=note)
    index.close()


def _back_ends(folder: Path) -> list[Ours]:
    """Those of this installation, the faster first."""
    return [index for name in _BACK_ENDS if (index := Ours(folder, name)).is_built]


def measured(engine: Engine, segments: Segments, asked: Sequence[Query]) -> Asked:
    """Build, ask and close. Raises PeerMissing."""
    build = seconds_of(lambda: engine.build(segments))
    done = timed(engine, asked, build)
    engine.close()
    return done


def timed(engine: Engine, asked: Sequence[Query], build: float = 0.0) -> Asked:
    """Ask in order for as long as there is time, after a few last queries that only warm up."""
    for query in asked[-_WARM:]:
        engine.search(query)
    seconds: list[float] = []
    answers: list[list[Answer]] = []
    ends = time.perf_counter() + _SECONDS
    with _quiet():
        for query in asked:
            began = time.perf_counter()
            answers.append(engine.search(query))
            now = time.perf_counter()
            seconds.append(now - began)
            if now > ends and len(seconds) >= _FEWEST:
                break
    return Asked(engine.name, seconds, answers, build, engine.size())


@contextmanager
def _quiet() -> Iterator[None]:
    """Millions of forms lie in memory; nobody's query should pay for looking through them for garbage."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e3)):
        if seconds * scale >= 1:
            return f"{seconds * scale:,.3g} {unit}"
    return f"{seconds * MILLION:,.3g} µs"
