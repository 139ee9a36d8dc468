"""PostgreSQL: a server tuned for reading, and the looks-up that are one SQL statement over one table each.

Each peer says how its table and index are made and how it asks; candidates come back as numbers and are re-ranked.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest.mock import patch

import psycopg

from tests import postgres
from tests.benchmarks.peers import Answer, PeerMissing, Query, Segments
from tests.benchmarks.peers.ranking import best

Connection = psycopg.Connection[tuple[Any, ...]]

_TUNED = (
    "shared_buffers=2GB", "work_mem=256MB", "maintenance_work_mem=2GB", "effective_cache_size=8GB", "random_page_cost=1.1",
    "max_parallel_workers_per_gather=0", "max_parallel_maintenance_workers=0", "jit=off", "autovacuum=off", "wal_level=minimal",
    "max_wal_senders=0", "max_wal_size=8GB",
)  # fmt: skip


@contextmanager
def tuned_server() -> Iterator[postgres.Server]:
    """One core for each statement, like every other peer; raises PeerMissing."""
    with patch.object(postgres, "_SERVER_OPTIONS", (*postgres._SERVER_OPTIONS, *_TUNED)):
        try:
            with postgres.running_server() as server:
                yield server
        except postgres.NoPostgres as error:
            raise PeerMissing(str(error)) from error


class Sql(ABC):
    """A database of its own, dropped with `close`."""

    name: str
    extensions: ClassVar[Sequence[str]] = ()
    indexes: ClassVar[Sequence[str]]  # names, for their size

    def __init__(self, server: postgres.Server) -> None:
        self._server = server

    def build(self, segments: Segments) -> None:
        self._url = self._server.create()
        self._connection: Connection = psycopg.connect(self._url, autocommit=True)
        for extension in self.extensions:
            self._connection.execute(f"CREATE EXTENSION {extension}")
        self.fill(self._connection, segments.texts)
        self._connection.execute("VACUUM ANALYZE")
        self._forms = segments.forms

    @abstractmethod
    def fill(self, connection: Connection, texts: Sequence[str]) -> None:
        """Tables, rows and indexes."""

    @abstractmethod
    def candidates(self, connection: Connection, query: Query) -> Sequence[int]: ...

    def search(self, query: Query) -> list[Answer]:
        numbers = self.candidates(self._connection, query)
        return best(query.form, ((number, self._forms[number]) for number in numbers))

    def size(self) -> int | None:
        sizes = [self._connection.execute("SELECT pg_relation_size(%s)", (index,)).fetchone() for index in self.indexes]
        return sum(size for row in sizes if row for size in row)

    def close(self) -> None:
        self._connection.close()
        self._server.drop(self._url)
        del self._forms


def copy(connection: Connection, into: str, rows: Iterator[tuple[object, ...]]) -> None:
    with connection.cursor().copy(f"COPY {into} FROM STDIN") as out:
        for row in rows:
            out.write_row(row)


class Trigrams(Sql):
    """pg_trgm with an index on the text alone (https://www.postgresql.org/docs/current/pgtrgm.html)."""

    extensions = ("pg_trgm",)
    indexes = ("segment_text",)
    using: ClassVar[str]
    sql: ClassVar[str]

    def fill(self, connection: Connection, texts: Sequence[str]) -> None:
        connection.execute("CREATE TABLE segment (number integer PRIMARY KEY, text text NOT NULL)")
        copy(connection, "segment", enumerate(texts))
        connection.execute(f"CREATE INDEX segment_text ON segment USING {self.using}")

    def candidates(self, connection: Connection, query: Query) -> Sequence[int]:
        return [row[0] for row in connection.execute(self.sql, (query.text,), prepare=True)]


class Gist(Trigrams):
    """The nearest by trigram distance; signatures of 128 bytes, which texts of a hundred letters need."""

    name = "pg_trgm GiST, 50 nearest re-ranked"
    using = "gist (text gist_trgm_ops (siglen = 128))"
    sql = "SELECT number FROM segment ORDER BY text <-> %s LIMIT 50"


class Gin(Trigrams):
    """All that share so many trigrams."""

    LIMIT = 0.5
    name = f"pg_trgm GIN, similarity {LIMIT} re-ranked"
    using = "gin (text gin_trgm_ops)"
    sql = "SELECT number FROM segment WHERE text %% %s"

    def fill(self, connection: Connection, texts: Sequence[str]) -> None:
        super().fill(connection, texts)
        connection.execute("SELECT set_limit(%s::real)", (self.LIMIT,))
