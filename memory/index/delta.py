"""Delta: what came since the last run was built; small, in memory, searched from end to end behind the same filters."""

from collections.abc import Iterator

import numpy as np

from memory.forms import Form
from memory.index.arrays import compared
from memory.index.build import GOLDEN
from memory.index.run import Query, Variant
from memory.index.segments import Collector, Segments, digest32
from memory.score import FLOOR, FULL, LONGEST, SHORT

_START = 1024
_BITS = 64


class Delta:
    """Forms in the order they came; each visible to the next search, each gone when its last pair is retired."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.forms: list[Form] = []
        self._places: dict[str, int] = {}
        self._pairs: list[dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]]] = []
        self.where: dict[int, int] = {}  # number of a pair to its form
        self._shape = np.zeros((_START, 2), np.int64)  # words, letters
        self._signatures = np.zeros(_START, np.uint64)

    def __len__(self) -> int:
        return len(self.where)

    def add(self, number: int, entry: Form) -> None:
        if number in self.where:
            return
        place = self._places.get(entry.letters)
        if place is None:
            place = self._places[entry.letters] = len(self.forms)
            if place == len(self._signatures):
                self._shape = np.concatenate([self._shape, np.zeros_like(self._shape)])
                self._signatures = np.concatenate([self._signatures, np.zeros_like(self._signatures)])
            self.forms.append(entry)
            self._pairs.append({})
            self._shape[place] = len(entry.words), len(entry.letters)
            self._signatures[place] = _signature(entry.words)
        self._pairs[place].setdefault((entry.numbers, entry.codes), []).append(number)
        self.where[number] = place

    def retire(self, number: int) -> bool:
        """Leave a pair out from now on; whether it was here."""
        place = self.where.pop(number, None)
        if place is None:
            return False
        for key, numbers in list(self._pairs[place].items()):
            if number in numbers:
                numbers.remove(number)
                if not numbers:
                    del self._pairs[place][key]
        return True

    def search(self, query: Query, least: int) -> Iterator[Variant]:
        """Everything of at least `least` points."""
        form = query.form
        for place in self._candidates(form, least):
            entry = self.forms[place]
            if max(len(form.letters), len(entry.letters)) > LONGEST:
                points = FULL if form.letters == entry.letters else 0
            else:
                points = compared(form.letters, list(form.words), entry.letters, list(entry.words), least)
            if points < least:
                continue
            for (numbers, codes), pairs in self._pairs[place].items():
                hidden = digest32(numbers), digest32(codes)
                yield Variant(points, form.words == entry.words, *hidden, entry.letters.__str__, tuple(reversed(pairs)))

    def _candidates(self, form: Form, least: int) -> list[int]:
        count, size = len(form.words), len(self.forms)
        words, letters = self._shape[:size, 0], self._shape[:size, 1]
        most = np.maximum(words, count)
        fewest = np.minimum(words, count)
        longest = np.maximum(letters, len(form.letters))
        near = FULL * np.minimum(letters, len(form.letters)) // np.maximum(longest, 1)
        near[longest == 0] = FULL
        both = (near + FULL * fewest // np.maximum(most, 1)) // 2
        lacking = np.bitwise_count(_signature(form.words) & ~self._signatures[:size])
        kept = np.where(
            most <= SHORT,
            near >= least,
            (100 * fewest >= FLOOR * most)
            & (both >= least)
            & (100 * (count - lacking.astype(np.int64)) >= FLOOR * most),
        )
        return [int(place) for place in np.flatnonzero(kept) if self._pairs[place]]

    def segments(self) -> Segments:
        """What is here, as a run is built from."""
        collector = Collector(self.language)
        for entry, pairs in zip(self.forms, self._pairs, strict=True):
            for (numbers, codes), found in pairs.items():
                collector.extend((number, Form(entry.letters, entry.words, numbers, codes)) for number in found)
        return collector.segments()


def _signature(words: tuple[str, ...]) -> np.uint64:
    """The bits of a text's words, told apart by occurrence; good for this process only, like the hashes it is made of."""
    bits = 0
    seen: dict[str, int] = {}
    for word in words:
        again = seen[word] = seen.get(word, -1) + 1
        bits |= 1 << ((hash(word) + again * GOLDEN) % _BITS)
    return np.uint64(bits)
