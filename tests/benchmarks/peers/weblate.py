"""Weblate: its memory's look-up reproduced, as it was for years and as it is since July 2026.

After `MemoryQuerySet` in weblate/memory/models.py and `PostgreSQLSearchLookup` in weblate/utils/db.py
(https://github.com/WeblateOrg/weblate): up to 2026.6 all rows of a trigram similarity that grows with the text's length, found
with GIN; since 2026.7 (pull request 20443) the fifty nearest, found with GiST over the first 2,048 letters. Left out in
its favour: who may see an entry, trying again with less where nothing was found (2026.3, pull request 18323), the order among
equally near ones, with which PostgreSQL before 17 reads the whole table. Its own comparer is left out, too.
"""

import math
import re
from collections.abc import Sequence
from typing import ClassVar

from tests.benchmarks.peers import LEAST, Query
from tests.benchmarks.peers.postgres import Connection, Sql, copy

_NO_WORD = re.compile(r"\W")
_PREFIX = 2_048
_SIMILAR = """
    SELECT id FROM memory_memory
    WHERE (from_file OR shared) AND source %% %s AND source_language_id = 1 AND target_language_id = 2 LIMIT 50
"""
_CONTAINS = """
    SELECT id FROM memory_memory
    WHERE (from_file OR shared) AND source || '' LIKE '%%' || %s || '%%'
    AND source_language_id = 1 AND target_language_id = 2 LIMIT 50
"""
_NEAREST = """
    SELECT id FROM memory_memory WHERE source_language_id = 1 AND target_language_id = 2
    ORDER BY left(source, 2048) <-> %s LIMIT 50
"""


class _Weblate(Sql):
    extensions = ("pg_trgm", "btree_gin", "btree_gist")
    indexes = ("memory_source_trgm",)
    using: ClassVar[str]

    def fill(self, connection: Connection, texts: Sequence[str]) -> None:
        connection.execute(
            """
            CREATE TABLE memory_memory (
                id integer PRIMARY KEY, source text NOT NULL, target text NOT NULL, origin text NOT NULL,
                status integer NOT NULL, from_file boolean NOT NULL, shared boolean NOT NULL,
                source_language_id integer NOT NULL, target_language_id integer NOT NULL
            )
            """
        )
        rows = ((number, text, text, "site/part", 1, False, True, 1, 2) for number, text in enumerate(texts))
        copy(connection, "memory_memory", rows)
        connection.execute(f"CREATE INDEX memory_source_trgm ON memory_memory USING {self.using}")


class WeblateBefore(_Weblate):
    name = "Weblate's SQL to 2026.6 (%), re-ranked"
    using = "gin (source gin_trgm_ops, target_language_id, source_language_id)"
    _limit = -1.0

    def candidates(self, connection: Connection, query: Query) -> Sequence[int]:
        limit = _similarity(query.text)
        # Small differences are ignored there too, so that the setting does not flip with every text.
        if abs(limit - self._limit) >= 0.05:
            connection.execute("SELECT set_limit(%s::real)", (limit,))
            self._limit = limit
        sql = _CONTAINS if sum(map(str.isalnum, query.text)) < 3 else _SIMILAR
        return [row[0] for row in connection.execute(sql, (query.text,), prepare=True)]


class WeblateNow(_Weblate):
    name = "Weblate's SQL since 2026.7 (<->), re-ranked"
    using = "gist (source_language_id, target_language_id, left(source, 2048) gist_trgm_ops)"

    def candidates(self, connection: Connection, query: Query) -> Sequence[int]:
        return [row[0] for row in connection.execute(_NEAREST, (query.text[:_PREFIX],), prepare=True)]


def _similarity(text: str) -> float:
    """The trigram similarity it asks for at a threshold of 75: 0.95 for short texts, 0.985 for the longest."""
    high, longest = 0.985, 2_000
    base = 0.127264 * math.log(24.282 * LEAST)
    most = min(base * 1.2, high)
    length = min(max(1, len(_NO_WORD.sub("", text))), longest)
    return max(0.6, min(1.0, round(base + (most - base) * math.sqrt(length / longest), 3)))
