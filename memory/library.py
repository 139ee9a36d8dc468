"""The library: the memories a site may read, each with its index, asked for one text or ten thousand at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from re import sub
from threading import Lock

from memory.chain import Asking, Known, offers
from memory.classes import CAPPED, fuzzy_class
from memory.concordance import Concordance, Unusable, build
from memory.forms import form
from memory.fragments import Fragment, fragments
from memory.index.filed import FiledIndex
from memory.index.kept import KeptIndex
from memory.index.similarity import Hits
from memory.score import DEFAULT, Penalties
from tm_service.domain.filters import FilterTable
from tm_service.domain.matches import Asked, Best, MatchClass, Offer, Reading
from tm_service.domain.ports import Shelf
from tm_service.domain.serving import Translation
from tm_service.domain.site import MemoryRef
from tm_service.domain.units import Locale

_BEHIND = 20_000  # pairs that came since a concordance was built, beyond which it is built anew
_PAIRS_OF_ONE_TEXT = 50  # the newest that are weighed against each other
_PHRASE = 4  # words in a row that a fragment has at least
_MOST_WORDS = 60  # of a text that are looked for in the concordance
OpenShelf = Callable[[str, Locale, Locale], Shelf]
OpenFilter = Callable[[str, Locale, Locale], FilterTable]


@dataclass
class Library:
    """Opens each shelf's index once; only the memories that a reading names are ever asked.

    An index is mapped from a folder of its own, or, where `filter` opens its tables, kept in the database.
    """

    folder: Path
    shelf: OpenShelf
    clock: Callable[[], datetime]
    penalties: Penalties = DEFAULT
    filter: OpenFilter | None = None
    _open: dict[tuple[str, Locale, Locale], KeptIndex | FiledIndex] = field(default_factory=dict)
    _words: dict[tuple[str, Locale, Locale], Concordance] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def index(self, memory: str, source: Locale, target: Locale) -> KeptIndex | FiledIndex:
        """The index of a shelf, caught up with it."""
        with self._lock:
            place = memory, source, target
            if place not in self._open:
                self._open[place] = self._opened(*place)
            found = self._open[place]
        found.refresh()
        found.keep()
        return found

    def _opened(self, memory: str, source: Locale, target: Locale) -> KeptIndex | FiledIndex:
        shelf = self.shelf(memory, source, target)
        if self.filter is not None:
            return FiledIndex(self.filter(memory, source, target), shelf, source, self.penalties)
        folder = self.folder / _safe(memory) / f"{_safe(source)}-{_safe(target)}"
        kept = KeptIndex(folder, shelf, source, self.penalties)
        kept.prove_beside()
        return kept

    def offers(self, reading: Reading, asked: Sequence[Asked], *, least: float = 75, k: int = 5) -> list[Offer]:
        """What the memories offer for each text, in the order asked."""
        known: list[list[Known]] = [[] for _ in asked]
        complete = [True] * len(asked)
        for memory in reading.memories:
            found = self._found(memory, reading, asked, least, k)
            for place, (entry, whole) in enumerate(found):
                known[place].append(entry)
                complete[place] &= whole
        asking = Asking(reading.source, reading.target, reading.site, self.clock(), self.penalties)
        return [
            Offer(offers(text, memories, asking, least=least, k=k), whole)
            for text, memories, whole in zip(asked, known, complete, strict=True)
        ]

    def _found(
        self, memory: MemoryRef, reading: Reading, asked: Sequence[Asked], least: float, k: int
    ) -> list[tuple[Known, bool]]:
        """The pairs of one memory for each text, read in two steps for all texts together."""
        index = self.index(memory.name, reading.source, reading.target)
        same = index.shelf.exact({text.fingerprint for text in asked})
        hits = index.search_all([form(text.source, reading.source) for text in asked], least=least, k=k)
        numbers = {number for found in hits for hit in found.found for number in hit.pairs[:_PAIRS_OF_ONE_TEXT]}
        entries = index.shelf.entries(numbers)
        return [
            (Known(memory, same.get(text.fingerprint, ()), _near(text, found, entries)), found.complete)
            for text, found in zip(asked, hits, strict=True)
        ]

    def best(self, reading: Reading, asked: Sequence[Asked], *, least: float = 50) -> list[Best]:
        """The class of each text's best match, for counting; nothing is weighed that cannot change the class."""
        found = [Best()] * len(asked)
        for memory in reading.memories:
            index = self.index(memory.name, reading.source, reading.target)
            same = index.shelf.exact({text.fingerprint for text in asked})
            off = memory.penalty + (self.penalties.other_site if reading.site and memory.name != reading.site else 0)
            known = [_known_best(text, same.get(text.fingerprint, ()), off) for text in asked]
            others = [place for place, best in enumerate(known) if best is None]
            forms = [form(asked[place].source, reading.source) for place in others]
            for place, hits in zip(others, index.search_all(forms, least=least, k=1), strict=True):
                known[place] = _fuzzy_best(hits, off)
            for place, best in enumerate(known):
                if best is not None and best.percent > found[place].percent:
                    found[place] = best
        return found

    def concordance(self, memory: str, source: Locale, target: Locale) -> Concordance:
        """The concordance of a shelf; its file is made where it is missing, damaged, or far behind."""
        place = memory, source, target
        path = self.folder / _safe(memory) / f"{_safe(source)}-{_safe(target)}.words"
        with self._lock:
            known = self._words.get(place)
            if known is not None and known.behind < _BEHIND:
                return known
            shelf = self.shelf(*place)
            try:
                found = Concordance(shelf, path)
            except Unusable:
                found = None
            if found is None or found.behind >= _BEHIND:
                build(shelf, path, source=source, target=target)
                found = Concordance(shelf, path, proved=False)
            self._words[place] = found
            return found

    def fragments(self, reading: Reading, text: str) -> tuple[Fragment, ...]:
        """The longest parts that a text shares with stored ones, for a text that has no match."""
        words = [word for word in text.split() if not word.startswith("-")][:_MOST_WORDS]
        phrases = [
            " ".join(words[place : place + _PHRASE]).replace('"', " ") for place in range(len(words) - _PHRASE + 1)
        ]
        candidates = {
            hit.pair.number: hit.pair
            for memory in reading.memories
            for phrase in phrases
            for hit in self.concordance(memory.name, reading.source, reading.target)
            .search(f'"{phrase}"', side="source", limit=_PAIRS_OF_ONE_TEXT)
            .hits
        }
        return fragments(text, candidates.values(), reading.source)

    @property
    def opened(self) -> Mapping[tuple[str, Locale, Locale], KeptIndex | FiledIndex]:
        """The indexes in use, by memory and direction."""
        return dict(self._open)


def _known_best(text: Asked, same: Sequence[Translation], off: int) -> Best | None:
    if not same:
        return None
    sides = text.previous, text.following
    for entry in same:
        here = bool(text.key) and (entry.resource, entry.key) == (text.resource, text.key)
        if here or (any(sides) and (entry.previous, entry.following) == sides):
            return Best(101.0 - off, MatchClass.CONTEXT, "context", entry.number)
    return Best(100.0 - off, MatchClass.EXACT, "exact", same[-1].number)


def _fuzzy_best(hits: Hits, off: int) -> Best:
    percent = min(hits.found[0].percent, CAPPED) - off if hits.found else 0.0
    return Best(percent, fuzzy_class(percent), "fuzzy", hits.found[0].pairs[0]) if percent > 0 else Best()


def _near(text: Asked, hits: Hits, entries: Mapping[int, Translation]) -> tuple[Translation, ...]:
    found = (entries.get(number) for hit in hits.found for number in hit.pairs[:_PAIRS_OF_ONE_TEXT])
    return tuple(entry for entry in found if entry is not None and entry.fingerprint != text.fingerprint)


def _safe(name: str) -> str:
    """A name as a folder's: letters and digits, everything else by its number."""
    return sub(r"[^A-Za-z0-9_-]", lambda found: f"%{ord(found[0]):x}", name) or "%"
