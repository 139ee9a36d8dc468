"""Extractions: files taken apart, kept by their blob ids beside the store, so that what did not change is never parsed again.

Nothing here is the truth: where the file is broken or locked it is left aside, and the site's files are parsed again.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from tm_service.domain.findings import Finding, Severity
from tm_service.domain.ports import ExtractionId
from tm_service.domain.units import NOTHING_SAID, About, Document, Part, Resource, Unit

_MOST = 100_000  # files taken apart that are kept; the oldest go first
_AT_ONCE = 400  # names in one query
_PATIENCE = 1.0  # seconds
_TABLES = """
CREATE TABLE IF NOT EXISTS extraction (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, units INTEGER NOT NULL, content TEXT NOT NULL)
"""


class SqliteExtractions:
    """Extractions in a file of their own; `version` names the extractors that made them, others' are not seen."""

    def __init__(self, file: Path, version: str) -> None:
        self._file, self._version = file, version
        self._waiting: dict[str, tuple[int, str]] = {}

    def get(self, ids: Sequence[ExtractionId]) -> Mapping[ExtractionId, Resource]:
        """The resources of these ids, as far as they are kept; their documents are still empty."""
        return {found: _load(found.path, content) for found, _, content in self._rows(ids, "content")}

    def counts(self, ids: Sequence[ExtractionId]) -> Mapping[ExtractionId, int]:
        """How many units each of these has, as far as they are kept."""
        return {found: units for found, units, _ in self._rows(ids, "''")}

    def put(self, found: ExtractionId, resource: Resource) -> None:
        """Keep a resource; it is written by `flush`."""
        self._waiting[self._name(found)] = (len(resource.units), _dump(resource))

    def flush(self) -> None:
        """Write what was put."""
        if not self._waiting:
            return
        rows = [(name, units, content) for name, (units, content) in self._waiting.items()]
        self._waiting.clear()
        with suppress(sqlite3.Error, OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._opened() as database:
                database.execute(_TABLES)
                database.executemany("INSERT OR REPLACE INTO extraction (name, units, content) VALUES (?, ?, ?)", rows)
                database.execute(
                    "DELETE FROM extraction WHERE number <= (SELECT max(number) FROM extraction) - ?", (_MOST,)
                )

    def _rows(self, ids: Sequence[ExtractionId], content: str) -> Iterator[tuple[ExtractionId, int, str]]:
        names = {self._name(one): one for one in ids}
        found: list[tuple[str, int, str]] = []
        if names and self._file.exists():
            wanted = list(names)
            with suppress(sqlite3.Error), self._opened() as database:
                for start in range(0, len(wanted), _AT_ONCE):
                    some = wanted[start : start + _AT_ONCE]
                    places = ", ".join("?" * len(some))
                    query = f"SELECT name, units, {content} FROM extraction WHERE name IN ({places})"  # noqa: S608 - no input in it
                    found += database.execute(query, some)
        return ((names[name], units, text) for name, units, text in found)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._file, timeout=_PATIENCE)
        try:
            database.execute("PRAGMA synchronous = OFF")
            with database:
                yield database
        finally:
            database.close()

    def _name(self, found: ExtractionId) -> str:
        return json.dumps([self._version, *found], ensure_ascii=True)


def _dump(resource: Resource) -> str:
    values = [
        [unit.key, unit.source, astuple(unit.about)] if unit.about is not NOTHING_SAID else [unit.key, unit.source]
        for unit in resource.values
    ]
    findings = [astuple(finding) for finding in resource.findings]
    return json.dumps([values, findings, resource.format, resource.title])


def _load(path: str, content: str) -> Resource:
    values, findings, format_, title = json.loads(content)
    units = tuple(
        Unit(path, tuple(key), source, _about(said[0]) if said else NOTHING_SAID) for key, source, *said in values
    )
    return Resource(Document(path, b""), units, tuple(map(_finding, findings)), format_, title)


def _about(said: Sequence[Any]) -> About:
    note, limit, previous, ignored, legal, parts = said
    made_of = tuple(Part(tuple(key), source, begin, end) for key, source, begin, end in parts)
    return About(note, limit, previous, ignored, legal, made_of)


def _finding(row: Sequence[object]) -> Finding:
    check, severity, message, unit, path, place, repair, template, values = row
    return Finding(
        str(check),
        Severity(str(severity)),
        str(message),
        str(unit),
        str(path),
        tuple(place) if place else None,  # type: ignore[arg-type]  # two numbers, as they were written
        str(repair),
        str(template),
        tuple((name, value) for name, value in values),  # type: ignore[attr-defined]
    )
