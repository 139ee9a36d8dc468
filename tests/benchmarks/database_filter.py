"""The filter in PostgreSQL: looks-up where no index is mapped, beside Weblate's and amaGama's SQL on the same server.

`python -m tests.benchmarks.database_filter SIZE... [--folder DIR] [--alone]` prints a table; `--alone` leaves the peers and
brute force out, as sizes beyond a million must. Times by the clock are of the look-up from text to ranked answers; the
processor's are given apart, in the server's process and in ours, for they do not grow where the machine has other things to do.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from memory.index.filed import FiledIndex
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.measure import Figure, Skipped, machine, markdown, seconds_of
from tests.benchmarks.memory import MILLION, Asked, Memories, _time, timed
from tests.benchmarks.peers import LEAST, MOST, Answer, Engine, PeerMissing, Query
from tests.benchmarks.peers.amagama import Amagama
from tests.benchmarks.peers.brute import truth
from tests.benchmarks.peers.postgres import Sql, tuned_server
from tests.benchmarks.peers.weblate import WeblateBefore, WeblateNow
from tests.postgres import Server
from tm_service.storage.filter_tables import filter_element, filter_filing, filter_form, filter_pair, filter_posting
from tm_service.storage.sql_store import SqlStore

SIZES = (10_000, 100_000, MILLION)
_SAMPLE = 200  # queries whose truth is known; they are asked first
_TABLES = (filter_filing, filter_element, filter_form, filter_pair, filter_posting)


class Lines:
    """A corpus as a shelf, read forwards once for each time it is read from its beginning."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus, self._lines, self._read = corpus, iter(()), 0

    def position(self) -> tuple[int, int]:
        return self._corpus.size, 0

    def texts(self, since: int = 0) -> Iterator[tuple[int, str]]:
        if since != self._read or not since:
            self._lines, self._read = self._corpus.texts(), 0
        for text in self._lines:
            self._read += 1
            if self._read > since:
                yield self._read, text


class Filed:
    """Ours, as an engine."""

    name = "ours, filed in PostgreSQL"

    def __init__(self, server: Server) -> None:
        self._server = server

    def fill(self, corpus: Corpus) -> None:
        """Every text from a shelf into the tables; then what a database does for itself in time."""
        self._url = self._server.create()
        self._store = SqlStore(self._url)
        self._store.migrate()
        self._index = FiledIndex(self._store.filter("bench", "en", "fr"), Lines(corpus), "en")
        self._index.refresh()
        with self._store.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT", purpose="write"
        ) as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM ANALYZE")

    def search(self, query: Query) -> list[Answer]:
        hits = self._index.search(query.form, least=LEAST, k=MOST).found
        return list(chain.from_iterable(((pair - 1, hit.percent) for pair in hit.pairs) for hit in hits))[:MOST]

    def size(self) -> int | None:
        return sum(self.sizes().values())

    def sizes(self) -> dict[str, int]:
        """Bytes of each table with its indexes."""
        with self._store.connected("read") as connection:
            return {
                table.name: connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table.name}')").scalar_one()
                for table in _TABLES
            }

    def server_process(self) -> int:
        with self._store.connected("read") as connection:
            return connection.connection.driver_connection.info.backend_pid

    def close(self) -> None:
        self._store.close()
        self._server.drop(self._url)


@dataclass(frozen=True)
class Worked:
    """What an engine did, and the processor's seconds that its queries took, in the server's process and in ours."""

    asked: Asked
    there: float
    here: float

    @property
    def spread(self) -> str:
        count = len(self.asked.seconds)
        return f"{self.asked.spread}; processor {_time(self.there / count)} there, {_time(self.here / count)} here"


def worked(engine: Engine, asked: Sequence[Query], build: float, process: int) -> Worked:
    there, here = _processor(process), time.process_time()
    done = timed(engine, asked, build)
    return Worked(done, _processor(process) - there, time.process_time() - here)


def _processor(process: int) -> float:
    """Seconds that a process has run so far, by Linux's scheduler."""
    return int(Path(f"/proc/{process}/schedstat").read_text("ascii").split()[0]) / 1e9


def filters(memories: Memories, sizes: Sequence[int] = SIZES, *, alone: bool = False) -> Iterator[Figure]:
    """Raises Skipped where there is no PostgreSQL."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(tuned_server())
        except PeerMissing as reason:
            raise Skipped(str(reason)) from reason
        for size in sizes:
            yield from _at(memories, size, server, alone=alone)


def _at(memories: Memories, size: int, server: Server, *, alone: bool) -> Iterator[Figure]:
    corpus, asked = memories.corpus(size), memories.queries
    known = [] if alone else truth(asked[:_SAMPLE], corpus.forms())
    ours = Filed(server)
    build = seconds_of(lambda: ours.fill(corpus))
    done = worked(ours, asked, build, ours.server_process())
    parts = ", ".join(f"{name[7:]} {bytes_ / size:.0f}" for name, bytes_ in ours.sizes().items())
    weight = (ours.size() or 0) / size
    ours.close()
    yield Figure(
        f"filed, {size:,} texts", size / build, "/s", note=f"{_time(build)}, forms made meanwhile, one core each side"
    )
    yield Figure(f"tables and indexes, {size:,}", weight, "B", note=f"a text: {parts}")
    yield Figure(f"look-up, {ours.name}, {size:,}", done.asked.mean(), "µs", note=done.spread)
    if alone:
        return
    yield Figure(f"found of brute force's, {size:,}", done.asked.found(known), "%", "100 %")
    segments = corpus.segments()
    peers: list[Callable[[Server], Sql]] = [Amagama, WeblateBefore, WeblateNow]
    for made in peers:
        peer = made(server)
        build = seconds_of(partial(peer.build, segments))
        beside = worked(peer, asked, build, peer._connection.info.backend_pid)
        peer.close()
        found, bytes_ = beside.asked.found(known), (beside.asked.size or 0) / size
        note = f"{beside.spread}, found {found:.1f} %; built {_time(build)}; its index {bytes_:.0f} B a text"
        goal = "18 times ours" if size == MILLION else ""
        same = done.asked.mean(len(beside.asked.seconds))
        name = f"look-up, {peer.name}, {size:,}"
        yield Figure(name, beside.asked.mean(), "µs", goal, "ours, same queries", same, note)


def main() -> None:
    """Show the figures to a person, each as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.database_filter", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--folder", type=Path, help="keep the corpora here")
    parser.add_argument("--alone", action="store_true", help="without peers and brute force")
    given = parser.parse_args()
    said = machine()
    with TemporaryDirectory(prefix="tm-service-bench-") as place:
        figures = []
        for figure in filters(Memories(given.folder or Path(place)), given.sizes, alone=given.alone):
            sys.stderr.write(markdown([figure]).splitlines()[-1] + "\n")
            figures.append(figure)
    sys.stdout.write(f"{said['processor']}, {said['cores']} cores; load {said['load']}.\n\n{markdown(figures)}\n")


if __name__ == "__main__":
    main()
