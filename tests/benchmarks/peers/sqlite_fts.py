"""SQLite FTS5: candidates by bm25 over words (unicode61) or over trigrams, re-ranked.

Asked for all of a text's tokens, bm25 reads the postings of its commonest ones to the end; only the rarest are asked for, as
counted by fts5vocab (https://sqlite.org/fts5.html, section 6): so many that recall no longer grows much with more.
"""

import sqlite3
from pathlib import Path
from typing import ClassVar

from tests.benchmarks.peers import Answer, Query, Segments
from tests.benchmarks.peers.ranking import best


class Fts5:
    """One of the two tokenizers; contents stay outside, positions inside: without them bm25 counts nothing."""

    RAREST: ClassVar = {"unicode61": 6, "trigram": 10}
    _TOKENIZE: ClassVar = {"unicode61": "unicode61 remove_diacritics 0", "trigram": "trigram"}

    def __init__(self, folder: Path, tokenizer: str) -> None:
        self._file, self._tokenizer = folder / f"{tokenizer}.db", tokenizer
        self.name = f"SQLite FTS5 {tokenizer}, 100 re-ranked"

    def build(self, segments: Segments) -> None:
        self._db = sqlite3.connect(self._file)
        self._db.executescript(
            f"""
            PRAGMA journal_mode = off;
            PRAGMA synchronous = off;
            PRAGMA cache_size = -1000000;
            PRAGMA mmap_size = 4000000000;
            CREATE VIRTUAL TABLE segment USING fts5(text, content = '', tokenize = '{self._TOKENIZE[self._tokenizer]}');
            CREATE VIRTUAL TABLE vocabulary USING fts5vocab(segment, row);
            """
        )
        self._db.executemany("INSERT INTO segment (rowid, text) VALUES (?, ?)", enumerate(segments.texts))
        self._db.execute("INSERT INTO segment (segment) VALUES ('optimize')")
        self._db.commit()
        self._frequency = dict(self._db.execute("SELECT term, doc FROM vocabulary"))
        self._forms = segments.forms

    def search(self, query: Query) -> list[Answer]:
        known = [token for token in self._tokens(query) if token in self._frequency]
        rarest = sorted(known, key=self._frequency.__getitem__)[: self.RAREST[self._tokenizer]]
        asked = " OR ".join('"' + token.replace('"', '""') + '"' for token in rarest)
        sql = "SELECT rowid FROM segment WHERE segment MATCH ? ORDER BY rank LIMIT 100"
        found = [number for (number,) in self._db.execute(sql, (asked,))] if asked else []
        return best(query.form, ((number, self._forms[number]) for number in found))

    def _tokens(self, query: Query) -> set[str]:
        if self._tokenizer == "unicode61":
            return set(query.form.words)
        text = query.text.casefold()
        return {text[place : place + 3] for place in range(len(text) - 2)}

    def size(self) -> int | None:
        return self._file.stat().st_size

    def close(self) -> None:
        self._db.close()
        del self._forms, self._frequency
