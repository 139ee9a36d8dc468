"""Extraction: a repository of thousands of mixed files read from nothing, and again when nothing has changed."""

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Cost, Figure, process, service
from tests.benchmarks.mixed_site import FILES, PER_FILE, build

_AGAIN = 3


def extraction(folder: Path) -> Iterator[Figure]:
    """`site check` with an empty home, then `detect` between a revision and itself."""
    place = folder / "mixed"
    place.mkdir()
    home, note = place / "var", f"{FILES:,} files, {FILES * PER_FILE:,} units"
    process(service("site", "add", build(place), "--home", home))
    first = process(service("site", "check", "reef", "--home", home))
    again = min((_again(home) for _ in range(_AGAIN)), key=lambda cost: cost.seconds)
    yield Figure(
        "read a mixed repository from nothing", first.seconds, "s", "30 s", note=note, processor=first.processor
    )
    beside = "from nothing"
    yield Figure(
        "detect when nothing changed", again.seconds, "s", "1 s", beside, first.seconds, note, processor=again.processor
    )


def _again(home: Path) -> Cost:
    return process(service("detect", "reef", "--base", "main", "--home", home))
