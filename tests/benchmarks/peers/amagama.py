"""amaGama: its look-up reproduced, the translation memory server of the translate project.

After `TMDB.translate_unit`, `INIT_SOURCE` and `DEPLOY_QUERY` in amagama/tmdb.py and `indexing_version` in amagama/normalise.py
(https://github.com/translate/amagama): any word in common, a length within the least similarity, a rank of half of it. Its own
comparer is left out: what its SQL finds is re-ranked.
"""

import math
from collections.abc import Sequence

from tests.benchmarks.peers import LEAST, Query
from tests.benchmarks.peers.postgres import Connection, Sql, copy

_LONGEST = 2_000  # MAX_LENGTH in amagama/settings.py
# The factor is its own and makes a rank comparable with percents.
_SQL = """
SELECT found.number
FROM (
    SELECT s.sid AS number, t.text AS target, ts_rank(s.vector, asked, 32) * 1744.93406073519 AS rank
    FROM sources_en s JOIN targets_en t ON t.sid = s.sid, to_tsquery('english', ortsquery(%s)) asked
    WHERE t.lang = 'fr' AND s.length BETWEEN %s AND %s AND s.vector @@ asked
) found
WHERE found.rank > %s
ORDER BY found.rank DESC
"""


class Amagama(Sql):
    name = "amaGama's SQL, re-ranked"
    indexes = ("sources_en_text",)

    def fill(self, connection: Connection, texts: Sequence[str]) -> None:
        connection.execute(
            """
            CREATE TABLE sources_en (
                sid integer NOT NULL, text text NOT NULL, vector tsvector NOT NULL, length integer NOT NULL
            );
            CREATE TABLE targets_en (sid integer NOT NULL, text text NOT NULL, lang varchar(32) NOT NULL);
            CREATE TEMPORARY TABLE arrived (sid integer, text text, indexed text);
            CREATE FUNCTION ortsquery(text) RETURNS text LANGUAGE sql AS $$
                SELECT array_to_string(array(SELECT quote_literal(token) FROM ts_parse('default', $1) WHERE tokid != 12), '|')
            $$;
            """
        )
        copy(connection, "arrived", ((number, text, _indexed(text)) for number, text in enumerate(texts)))
        connection.execute(
            """
            INSERT INTO sources_en SELECT sid, text, to_tsvector('english', indexed), length(text) FROM arrived;
            INSERT INTO targets_en SELECT sid, text, 'fr' FROM arrived;
            CREATE INDEX sources_en_text ON sources_en USING gin (vector);
            CREATE INDEX targets_en_sid_lang ON targets_en (sid, lang);
            DROP TABLE arrived;
            """
        )

    def candidates(self, connection: Connection, query: Query) -> Sequence[int]:
        least = math.ceil(max(len(query.text) * LEAST / 100, 2))
        most = math.floor(min(len(query.text) / (LEAST / 100), _LONGEST))
        asked = (_indexed(query.text), least, most, max(LEAST / 2, 30))
        return [row[0] for row in connection.execute(_SQL, asked, prepare=True)]


def _indexed(text: str) -> str:
    """An ellipsis is a word of its own."""
    return f"{text[:-3]} …" if text.endswith("...") else text.replace("…", " …")
