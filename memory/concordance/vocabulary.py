"""Vocabulary: sorted words as one array of code points, found by name, by beginning or by pattern."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

U32 = NDArray[np.uint32]
Numbers = NDArray[np.intp]

_END = ord("\n")  # closes each word; no word has one
_ANY = ord("?")


class Vocabulary:
    """`letters[starts[i] : starts[i + 1] - 1]` are the code points of word i; words are sorted by code point."""

    def __init__(self, letters: U32, starts: U32) -> None:
        self._letters, self._starts = letters, starts

    @staticmethod
    def arrays(words: Sequence[str]) -> tuple[U32, U32]:
        """Letters and starts of sorted words."""
        letters = "".join(f"{word}\n" for word in words).encode("utf-32-le", "surrogatepass")
        starts = np.zeros(len(words) + 1, np.uint32)
        np.cumsum([len(word) + 1 for word in words], out=starts[1:])
        return np.frombuffer(letters, np.uint32), starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self):
            raise IndexError(place)
        letters = self._letters[self._starts[place] : int(self._starts[place + 1]) - 1]
        return letters.tobytes().decode("utf-32-le", "surrogatepass")

    def find(self, word: str) -> Numbers:
        """The number of a word; empty where it is not here."""
        place = bisect_left(self, word)
        known = place < len(self) and self[place] == word
        return np.array([place] if known else [], np.intp)

    def like(self, pattern: str) -> Numbers:
        """Numbers of the words of a pattern, sorted: `*` any letters or none, `?` one letter, or none at the end.

        Letters are code points.
        """
        found = self._like(pattern)
        if not pattern.endswith("?"):
            return found
        either: Numbers = np.unique(np.concatenate([found, self._like(pattern[:-1])]))
        return either

    def _like(self, pattern: str) -> Numbers:
        first, *others = pattern.split("*")
        numbers, at, ends = self._beginning(first)
        if not others:
            return numbers[np.flatnonzero(at == ends)]
        *middle, last = others
        for part in filter(None, middle):
            places = self._places(part)
            at = np.append(places, len(self._letters))[np.searchsorted(places, at)] + len(part)
            kept = at <= ends
            numbers, at, ends = numbers[kept], at[kept], ends[kept]
        if not last:
            return numbers
        kept = at <= ends - len(last)
        numbers, at = numbers[kept], ends[kept] - len(last)
        return numbers[self._same(at, last)]

    def _beginning(self, part: str) -> tuple[Numbers, Numbers, Numbers]:
        """Words that begin with these letters: their numbers, where each goes on, where it ends."""
        head = part.partition("?")[0]
        first = bisect_left(self, head)
        last = bisect_right(self, head, first, key=lambda word: word[: len(head)]) if head else len(self)
        starts = self._starts[first : last + 1].astype(np.intp)
        numbers, at, ends = np.arange(first, last), starts[:-1], starts[1:] - 1
        if head != part:
            kept = np.flatnonzero(at + len(part) <= ends)
            kept = kept[self._same(at[kept], part)]
            numbers, at, ends = numbers[kept], at[kept], ends[kept]
        return numbers, at + len(part), ends

    def _same(self, at: Numbers, part: str) -> Numbers:
        """Which of these places have these letters; all of them within a word."""
        kept = np.arange(len(at))
        for offset, letter in enumerate(map(ord, part)):
            if letter != _ANY:
                same = np.flatnonzero(self._letters[at + offset] == letter)
                kept, at = kept[same], at[same]
        return kept

    def _places(self, part: str) -> Numbers:
        """Every place, sorted, where these letters stand within a word."""
        codes = list(map(ord, part))
        found = np.flatnonzero(_is(self._letters[: len(self._letters) - len(codes) + 1], codes[0]))
        for offset, letter in enumerate(codes[1:], 1):
            found = found[_is(self._letters[found + offset], letter)]
        return found


def _is(letters: U32, letter: int) -> NDArray[np.bool_]:
    return np.not_equal(letters, _END) if letter == _ANY else np.equal(letters, letter)
