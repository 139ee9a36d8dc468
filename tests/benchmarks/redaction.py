"""Redaction: long texts that its patterns almost match are read in one go, so twice as much takes twice as long."""

from collections.abc import Iterator

from tests.benchmarks.measure import Figure, median_of
from tm_service.redaction import redactor

_ALMOST = ("password", "https://a", "a" * 42 + "-", "Bearer ", "token='", "tms_", "A" * 31 + " ", "basic a")
_MEGABYTE = 1_000_000
_RUNS = 3


def redaction() -> Iterator[Figure]:
    plain = redactor()

    def took(almost: str, size: int) -> float:
        text = almost * (size // len(almost))
        return median_of(_RUNS, lambda: plain(text))

    slowest = max(_ALMOST, key=lambda almost: took(almost, _MEGABYTE // 10))
    yield Figure(
        "a line of a megabyte that is almost a secret, the slowest of eight",
        took(slowest, _MEGABYTE),
        "s",
        beside="half a megabyte",
        other=took(slowest, _MEGABYTE // 2),
        note=slowest.strip()[:8],
    )
