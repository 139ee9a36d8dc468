"""Concordance: how a word, a phrase or a wildcard was translated before; a shelf's file and what came since it was built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Literal

from memory.concordance.highlight import Span, spans
from memory.concordance.news import News, Watched
from memory.concordance.postings import SIDES, Side, Unusable, opened
from memory.concordance.query import Query, understood
from memory.concordance.search import Rank, look
from tm_service.domain.ports import Shelf
from tm_service.domain.serving import Translation

MOST_HITS = 1_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One side of one pair that has what was asked; the pair's other side is how it was translated.

    `spans` are what to highlight in the text of `side`, in characters.
    """

    pair: Translation
    side: Side
    rank: Rank
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The side that was found."""
        return self.pair.source if self.side == "source" else self.pair.target

    @property
    def other(self) -> str:
        """The side that says how it was translated, or from what."""
        return self.pair.target if self.side == "source" else self.pair.source


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, and how many there are in all: exactly, or "at least" where the work was `cut` short.

    A pair that has what was asked in both sides is two hits. `advice` is one sentence where there was nothing to look for.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    cut: bool = False
    advice: str = ""


class Concordance:
    """The concordance of one shelf over a file that `build` made; may be asked by several threads at once.

    Every search first asks the shelf what is new, so a pair that was added or retired, by whatever process, counts at once.
    """

    def __init__(self, shelf: Shelf, path: Path, *, proved: bool = True) -> None:
        """Raises Unusable where the file is missing, damaged, of another or a newer shelf, or made by other rules.

        Without `proved` the file's content is taken on trust, as right after it was built or proved by another process.
        """
        about, halves = opened(path, proved=proved)
        if about.identity != shelf.identity:
            raise Unusable(f"{path} was made of another shelf; build it again.")
        newest, retirements = shelf.position()
        if newest < about.newest or retirements < about.retirements:
            raise Unusable(f"{path} was made of more than the shelf has, which may come from a backup; build it again.")
        self._shelf = shelf
        self._languages = about.languages
        self._position = (about.newest, about.retirements)
        self._news = News(self._languages)
        self._built: Mapping[Side, Watched] = {side: Watched(halves[side]) for side in SIDES}
        self._lock = Lock()

    @property
    def behind(self) -> int:
        """How many pairs came since the file was built; each new one costs memory and, past tens of thousands, time."""
        return len(self._news)

    def search(
        self,
        query: str,
        *,
        side: Side | Literal["both"] = "both",
        limit: int = 20,
        exact_words: bool = False,
        substring: bool = False,
    ) -> Found:
        """What has all words, phrases and wildcards of a query and none of those with a minus; see `query` for its language.

        At most `limit` hits are given, and never more than MOST_HITS: the very words before other inflections, then side by
        side before scattered, then short before long, then newer (by number) before older.
        """
        limit = max(0, min(limit, MOST_HITS))
        asked = SIDES if side == "both" else (side,)
        queries = {
            each: understood(query, self._languages[each], exact_words=exact_words, substring=substring)
            for each in asked
        }
        if not any(asked_for.wanted for asked_for in queries.values()):
            return Found(advice=queries[asked[0]].advice)
        best: list[tuple[Rank, int, int, Side]] = []
        total, cut = 0, False
        halves = self._halves()
        for each in asked:
            for watched in halves[each]:
                seen = look(watched.half, queries[each], limit, watched.gone)
                best += [(rank, *watched.half.order(row), each) for rank, row in seen.best]
                total, cut = total + seen.total, cut or seen.cut
        best = sorted(best)[:limit]
        pairs = self._shelf.entries({-number for _, _, number, _ in best})
        hits = (
            self._hit(pairs[-number], each, rank, queries[each]) for rank, _, number, each in best if -number in pairs
        )
        return Found(tuple(hits), total, cut)

    def _halves(self) -> Mapping[Side, Sequence[Watched]]:
        """What is to be asked on each side, once what is new on the shelf is in."""
        with self._lock:
            newest, retirements = self._position
            position = self._shelf.position()
            if position != self._position:
                self._news.add(takewhile(lambda pair: pair.number <= position[0], self._shelf.added(newest)))
                retired = self._shelf.retired(retirements)
                self._news.retire(retired)
                self._built = {side: watched.without(retired) for side, watched in self._built.items()}
                self._position = position[0], retirements + len(retired)
            return {side: [self._built[side], *self._news.halves(side)] for side in SIDES}

    def _hit(self, pair: Translation, side: Side, rank: Rank, query: Query) -> Hit:
        text = pair.source if side == "source" else pair.target
        return Hit(pair, side, rank, spans(text, query, self._languages[side]))
