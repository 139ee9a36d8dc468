"""Backups: 200,000 translations of five locales saved and brought back, on SQLite and on PostgreSQL, each a process of its own.

Beside them stand SQLite's own copy and pg_dump with pg_restore: of one kind of database only, without memories as TMX, hashes
or a look at every value.
"""

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.measure import Figure, environment, process, seconds_of, service
from tests.postgres import NoPostgres, find_binaries, running_server
from tm_service.bootstrap_backup import open_backups
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.text import fingerprint
from tm_service.settings import read_settings
from tm_service.storage.sql_store import SqlStore

ROWS = 200_000
_LOCALES = ("ar", "es", "fr", "ru", "zh")
_AT_ONCE = 10_000
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_WORDS = "seed bank garden herbarium harbour library valley river root leaf terms access benefit permit".split()  # noqa: SIM905 - reads better
_TOML = """\
[site.bench]
connector  = "git"
repository = "site"
locales    = ["ar", "es", "fr", "ru", "zh"]

[[site.bench.content]]
match     = "texts/*.json"
extractor = "json"
target    = "i18n/{locale}/{path}"
"""


def backups(folder: Path) -> Iterator[Figure]:
    """Seconds, and the largest resident set in MiB."""
    home, file, named = folder / "kept", folder / "kept.zip", f"{ROWS:,} translations"
    # In a process of its own: those that are measured begin with the size of the one that starts them.
    said = f"from pathlib import Path; from tests.benchmarks.backups import fill; fill(Path({str(home)!r}), {ROWS})"
    process([sys.executable, "-c", said], cwd=Path(__file__).parents[2])
    made = process(service("backup", file, "--home", home))
    copied = seconds_of(lambda: _copied(home / "store.sqlite", folder / "copy.sqlite"))
    yield Figure(f"{named}, backup", made.seconds, "s", "", "sqlite3's backup", copied, "SQLite", made.processor)
    yield Figure(f"{named}, backup, at most", made.peak, "MiB")
    yield Figure(f"{named}, the archive", file.stat().st_size / (1 << 20), "MiB")
    checked = process(service("restore", file, "--check", "--home", folder / "nobody"))
    yield Figure(f"{named}, check", checked.seconds, "s", processor=checked.processor)
    back = process(service("restore", file, "--home", folder / "back"))
    again = seconds_of(lambda: _copied(folder / "copy.sqlite", folder / "again.sqlite"))
    yield Figure(f"{named}, restore", back.seconds, "s", "", "sqlite3's backup", again, "SQLite", back.processor)
    yield Figure(f"{named}, restore, at most", back.peak, "MiB")
    try:
        with running_server() as server:
            yield from _on_postgres(folder, server.create(), server.create(), file, named)
    except NoPostgres:
        return


def _on_postgres(folder: Path, url: str, other: str, file: Path, named: str) -> Iterator[Figure]:
    house = open_backups(replace(read_settings(folder / "postgres", {}), database=url))
    back = seconds_of(lambda: house.restore(file))
    made = seconds_of(lambda: house.backup(folder / "postgres.zip"))
    house.store.close()
    tools = find_binaries()
    if not (tools / "pg_dump").exists():
        yield Figure(f"{named}, backup", made, "s", note="PostgreSQL")
        yield Figure(f"{named}, restore", back, "s", note="PostgreSQL")
        return
    dump = folder / "dump"
    dumped = seconds_of(lambda: _run(tools / "pg_dump", "--format=custom", f"--file={dump}", url))
    restored = seconds_of(lambda: _run(tools / "pg_restore", f"--dbname={other}", dump))
    yield Figure(f"{named}, backup", made, "s", "", "pg_dump", dumped, "PostgreSQL")
    yield Figure(f"{named}, restore", back, "s", "", "pg_restore", restored, "PostgreSQL")


def _run(*words: str | Path) -> None:
    subprocess.run(list(map(str, words)), check=True, env=environment())


def _copied(file: Path, copy: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def fill(home: Path, rows: int) -> None:
    """A house of one site whose memory has so many pairs."""
    home.mkdir(parents=True)
    toml = home / "sites.toml"
    toml.write_text(_TOML, "utf-8")
    (home / "sites.list").write_text(f"{toml}\n", "utf-8")
    store, chance = SqlStore(f"sqlite:///{home / 'store.sqlite'}"), random.Random(2026)
    store.migrate()
    for start in range(0, rows, _AT_ONCE):
        with store.begin() as tx:
            tx.append([_translation(number, chance) for number in range(start, start + _AT_ONCE)])
            tx.note("bench", "learn", {"translations": _AT_ONCE}, _BEGINNING)
    store.close()


def _translation(number: int, chance: random.Random) -> Translation:
    source, target = (" ".join(chance.choices(_WORDS, k=chance.randint(3, 20))) for _side in range(2))
    place = f"texts/{number % 200}.json", (f"entry-{number}",)
    texts = fingerprint(source), source, f"{target} {number}"
    at = _BEGINNING + timedelta(minutes=number)
    return Translation("bench", _LOCALES[number % len(_LOCALES)], *place, *texts, at, Origin.SITE)
