"""The records room: ten thousand permits published at once, listed, looked up in both directions, edited and saved as drafts.

Beside the import stands sqlite3 itself, writing the same documents as JSON into one table: no schema, no revisions, no
references, no journal.
"""

import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Figure, seconds_of
from tests.records.samples import ADMINISTRATOR, AMINA, make_room, permit
from tm_service.domain.records import Content, RecordRef
from tm_service.records.migrate import MIGRATIONS
from tm_service.storage.sql_store import SqlStore

PERMITS, AUTHORITIES, TIMES = 10_000, 50, 50
_WORDS = "seed bank garden herbarium harbour library valley river root leaf terms access benefit".split()  # noqa: SIM905 - reads better
_LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")


def record_room(folder: Path) -> Iterator[Figure]:
    """Seconds and milliseconds in one process, on SQLite."""
    store = SqlStore(f"sqlite:///{folder / 'room.sqlite'}")
    MIGRATIONS.run(store.connected)
    room, documents = make_room(store.connected, lambda: datetime.now(UTC)), list(_documents())
    plain = seconds_of(lambda: _plainly(folder / "plain.sqlite", documents))
    taken = seconds_of(lambda: room.put_all(documents, by=ADMINISTRATOR))
    yield Figure(f"{PERMITS:,} permits, published", taken, "s", "30 s", "sqlite3, one table of JSON", plain)
    again = seconds_of(lambda: room.put_all(documents, by=ADMINISTRATOR))
    yield Figure(f"{PERMITS:,} permits, published again unchanged", again, "s")
    newest, numbers = room.entries()[-1].modified, iter(range(PERMITS))

    def edited() -> tuple[RecordRef, Content]:
        ref, document = documents[next(numbers)]
        return ref, {**document, "expiry": "2031-01-01"}

    named = f"referred by {PERMITS // AUTHORITIES} permits"
    yield _milliseconds("listing what changed, nothing did", lambda: room.entries(newest), "20 ms")
    yield _milliseconds("the whole listing", room.entries)
    yield _milliseconds(named, lambda: room.referred_by("authority-00000007"), "5 ms")
    yield _milliseconds("refers to", lambda: room.refers_to(documents[7][0]))
    yield _milliseconds("one permit, published", lambda: room.put(*edited(), based_on=1, by=ADMINISTRATOR))
    yield _milliseconds("one draft, saved", lambda: room.save_draft(*edited(), based_on=0, by=AMINA))
    store.close()


def _milliseconds(name: str, act: Callable[[], object], goal: str = "") -> Figure:
    act()
    taken = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return Figure(name, median(taken) * 1000, "ms", goal)


def _documents() -> Iterator[tuple[RecordRef, Content]]:
    chance = random.Random(2026)
    for number in range(PERMITS):
        ref = RecordRef("permit", f"permit-{number:08d}")
        yield (
            ref,
            permit(
                ref,
                title={language: _text(chance, 8) for language in _LANGUAGES},
                terms={language: f"<p>{_text(chance, 150)}</p>" for language in _LANGUAGES},
                authority={"identifier": f"authority-{number % AUTHORITIES:08d}@1"},
                resources=[{"identifier": f"permit-{chance.randrange(PERMITS):08d}"} for _item in range(3)],
            ),
        )


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _plainly(place: Path, documents: list[tuple[RecordRef, Content]]) -> None:
    connection = sqlite3.connect(place)
    connection.execute("CREATE TABLE document (identifier TEXT PRIMARY KEY, content TEXT)")
    rows = [(ref.identifier, json.dumps(document)) for ref, document in documents]
    connection.executemany("INSERT INTO document VALUES (?, ?)", rows)
    connection.commit()
    connection.close()
