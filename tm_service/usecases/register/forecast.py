"""Forecast: when open words will be done, at the pace of the last weeks, and how sure that is."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from statistics import median

WEEKS = 8  # that are looked back on
LEAST = 4  # of them in which words came back; of fewer nothing is foretold
_FARTHEST = 104  # weeks ahead that are foretold
_DRAWS = 1000
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Forecast:
    """When open words are likely done: the middle of all outcomes, and the days between which eight in ten lie.

    `pace` is the median of words that came back in a week. The days are None where too little came back to say, and those
    that lie more than two years ahead.
    """

    words: int
    pace: float
    weeks: tuple[int, ...]  # words that came back in each, the newest first
    middle: date | None = None
    early: date | None = None
    late: date | None = None

    @property
    def is_known(self) -> bool:
        return self.early is not None


def weekly(returned: Sequence[tuple[datetime, int]], now: datetime, began: datetime | None) -> tuple[int, ...]:
    """Words that came back in each of the last weeks, the newest first; weeks before work began are left out."""
    whole = min(WEEKS, (now - began) // _WEEK) if began else 0
    sums = [0] * max(0, whole)
    for at, words in returned:
        week = (now - at) // _WEEK
        if 0 <= week < len(sums):
            sums[week] += words
    return tuple(sums)


def forecast(words: int, weeks: Sequence[int], today: date) -> Forecast:
    """Weeks are drawn at random from the last ones until the words are done, a thousand times over; the same for the same.

    Forecasting by drawing from past throughput: D. Vacanti, Actionable Agile Metrics for Predictability (2015), chapter 14.
    """
    known = Forecast(words, float(median(weeks)) if weeks else 0.0, tuple(weeks))
    if not words or sum(1 for one in weeks if one) < LEAST:
        return known
    needed = sorted(_needed(words, weeks, row) for row in _drawn(len(weeks)))
    early, middle, late = (needed[_DRAWS * part // 100] for part in (10, 50, 90))
    return Forecast(words, known.pace, known.weeks, _day(today, middle), _day(today, early), _day(today, late))


@cache
def _drawn(weeks: int) -> Sequence[bytes]:
    """Which week comes after which, in each draw; drawn once, so that more words are never done sooner."""
    chance = Random(0)  # noqa: S311 - the same draws each time
    return [bytes(chance.choices(range(weeks), k=_FARTHEST)) for _ in range(_DRAWS)]


def _needed(words: int, weeks: Sequence[int], row: bytes) -> float:
    """Weeks until the words are done; the last one as far as it is needed."""
    done = list(accumulate(map(weeks.__getitem__, row)))
    last = bisect_left(done, words)
    if last == len(done):
        return float(_FARTHEST + 1)
    before = done[last - 1] if last else 0
    return last + (words - before) / weeks[row[last]]


def _day(today: date, weeks: float) -> date | None:
    return None if weeks > _FARTHEST else today + timedelta(days=-(-weeks * 7 // 1))
