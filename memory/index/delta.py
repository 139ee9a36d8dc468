"""Delta: what came since the last run was built; small, in memory, searched from end to end behind the same filters."""

import numpy as np

from memory.forms import Form
from memory.index.near import Nearness
from memory.index.query import Answer, Found, Query, for_signs, left
from memory.index.segments import GOLDEN, Collector, Segments, digest32
from memory.score import FLOOR, FULL, SHORT, Penalties

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
        self._measured = 0  # forms whose shape and signature are known

    def __len__(self) -> int:
        return len(self.where)

    def add(self, number: int, entry: Form) -> None:
        if number in self.where:
            return
        place = self._places.get(entry.letters)
        if place is None:
            place = self._places[entry.letters] = len(self.forms)
            self.forms.append(entry)
            self._pairs.append({})
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

    def search(self, query: Query, least: int, k: int, penalties: Penalties) -> Found:
        """Answers of at least `least` points that are no worse than the k-th best, best first, of equals the newest."""
        nearness, found = Nearness(query.form), list[Answer]()
        best: list[int] = []
        for place in self._candidates(query.form, least):
            entry = self.forms[place]
            points = nearness.points(entry.letters, entry.words, least)
            if points < least:
                continue
            same_words = query.form.words == entry.words
            signs = for_signs(query, points, entry.letters.__str__, penalties, same_words=same_words)
            for variant, ((numbers, codes), pairs) in enumerate(self._pairs[place].items()):
                same = digest32(numbers) == query.numbers, digest32(codes) == query.codes
                worth = left(points, signs, penalties, same_numbers=same[0], same_codes=same[1])
                if worth >= least:
                    found.append(Answer(worth, points, place, variant, tuple(reversed(pairs))))
                    best.append(worth)
            best = sorted(best, reverse=True)[:k]
            if len(best) == k:
                least = max(least, best[-1])
        kept = [answer for answer in found if answer.left >= least]
        return sorted(kept, key=lambda answer: (-answer.left, -answer.pairs[0])), True

    def said(self, answer: Answer) -> tuple[str, int, int]:
        """What tells an answer's form from every other."""
        numbers, codes = list(self._pairs[answer.segment])[answer.variant]
        return self.forms[answer.segment].letters, digest32(numbers), digest32(codes)

    def _measure(self) -> int:
        """Take the measures of the forms that came since the last search, so that adding one costs next to nothing."""
        size = len(self.forms)
        if size > len(self._signatures):
            more = max(size, 2 * len(self._signatures)) - len(self._signatures)
            self._shape = np.concatenate([self._shape, np.zeros((more, 2), np.int64)])
            self._signatures = np.concatenate([self._signatures, np.zeros(more, np.uint64)])
        if self._measured < size:
            new = self.forms[self._measured : size]
            self._shape[self._measured : size] = [(len(entry.words), len(entry.letters)) for entry in new]
            self._signatures[self._measured : size] = [_signature(entry.words) for entry in new]
            self._measured = size
        return size

    def _candidates(self, form: Form, least: int) -> list[int]:
        count, size = len(form.words), self._measure()
        words, letters = self._shape[:size, 0], self._shape[:size, 1]
        most = np.maximum(words, count)
        fewest = np.minimum(words, count)
        longest = np.maximum(letters, len(form.letters))
        near = FULL * np.minimum(letters, len(form.letters)) // np.maximum(longest, 1)
        near[longest == 0] = FULL
        both = (near + FULL * fewest // np.maximum(most, 1)) // 2
        lacking = np.bitwise_count(np.uint64(_signature(form.words)) & ~self._signatures[:size])
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


def _signature(words: tuple[str, ...]) -> int:
    """The bits of a text's words, told apart by occurrence; good for this process only, like the hashes it is made of."""
    bits = 0
    seen: dict[str, int] = {}
    for word in words:
        again = seen[word] = seen.get(word, -1) + 1
        bits |= 1 << ((hash(word) + again * GOLDEN) % _BITS)
    return bits
