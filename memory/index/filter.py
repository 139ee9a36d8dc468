"""Filter: under what a text is filed in a database and where one looks for it, so that SQL alone loses nothing (law 8).

**The proof** is that of `memory.index`, with two differences.

*Order.* Elements are ordered by how often they stood in a sample when the filing was begun, then by their own number; what the
sample did not have comes first. The prefix filter holds under any order that is the same for both texts, and this one never
changes while a filing lasts: a text filed years ago stays where it is. How rare the first elements are decides only how
quick a search is.

*One statement.* Let a query have n elements and a filed text m, N = max(n, m), and let both have to share o = ceil(t N).
Words (t = 0.6): a text is filed under its first m - ceil(t m) + 1, the query looks under its first n - ceil(t n) + 1. A
pair that is met first at the query's place i has at most n - i elements in common, so m <= (n - i) / t; and at most m - j,
where j is the place among the filed one's, so m - j >= ceil(t n). A bit that only the text has stands for an element that
only it has, so m - bits >= o, and n - bits >= o for the query's. Letters of texts of at most two words (t = the threshold):
all are filed under one key, their elements are their letters, told apart by occurrence. An edit changes one letter, so
texts at most (1 - t) N edits apart share at least t N letters; what was said of bits and counts is true of these, too, and
the place is 0. Texts too long to be compared are filed under their own number, with nothing that could pass them over.

Wide bits (eight for each element) are held against each other here, before letters are; folded to half their width they
are the bits of narrower ones, for the place of a bit is the end of its element's number.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from memory.forms import Form
from memory.index.segments import GOLDEN, digest64
from memory.score import FLOOR, FULL, LONGEST, SHORT
from tm_service.domain.filters import FiledElement, FiledForm, Order, Probe

VERSION = 1  # of what is filed; a change of it files anew

_SHARE = FULL * FLOOR // 100
_ALL_BITS = (1 << 64) - 1
_BITS = 64
_BITS_EACH = 8
_LABELS = 0  # the key of all texts of at most two words

Counts = NDArray[np.int64]
Bytes = NDArray[np.uint8]
_digest = lru_cache(1 << 17)(digest64)


def signed(number: int, bits: int = _BITS) -> int:
    """An unsigned number as databases keep it."""
    return number - (1 << bits) if number >> (bits - 1) else number


def elements(parts: Sequence[str]) -> list[int]:
    """Words, or letters, told apart by occurrence, as unsigned numbers of 64 bits."""
    seen: dict[str, int] = {}
    found = []
    for part in parts:
        again = seen[part] = seen.get(part, -1) + 1
        found.append(_digest(part) ^ (again * GOLDEN & _ALL_BITS))
    return found


def filed(entry: Form, order: Order, pairs: Sequence[tuple[int, int, int]]) -> FiledForm:
    """A form as it is filed; its pairs are numbers with the digests of what its marks hide."""
    words = elements(entry.words) if len(entry.letters) <= LONGEST else []
    print_ = signed(digest64(entry.letters))
    return FiledForm(entry.letters, print_, _wide(words), tuple(_postings(entry, words, order, print_)), tuple(pairs))


def _postings(entry: Form, words: list[int], order: Order, print_: int) -> list[FiledElement]:
    if len(entry.letters) > LONGEST:
        return [FiledElement(print_, 0, 0, 0)]
    found = []
    if len(words) <= SHORT:
        found.append(FiledElement(_LABELS, len(entry.letters), 0, _signature(elements(entry.letters))))
    if len(words) >= SHORT:
        signature = _signature(words)
        first = _prefix(words, order)
        found += [FiledElement(key, len(words), place, signature) for place, key in enumerate(first)]
    return found


def probes(entry: Form, order: Order, least: int) -> tuple[Probe | None, Probe | None]:
    """What to ask for texts of at least `least` points: among labels and texts found whole, and among texts by their words."""
    if len(entry.letters) > LONGEST:
        return Probe((signed(digest64(entry.letters)),), (0,), 0, 0, 0, 0), None
    labels = words = None
    if len(entry.words) <= SHORT:
        count = len(entry.letters)
        signature = _signature(elements(entry.letters))
        labels = Probe((_LABELS,), (_most(count, least),), _needed(count, least), count, least, signature)
    if len(entry.words) >= SHORT:
        mine, count = elements(entry.words), len(entry.words)
        keys = _prefix(mine, order)
        most = tuple(_most(count - place, _SHARE) for place in range(len(keys)))
        words = Probe(tuple(keys), most, _needed(count, _SHARE), count, _SHARE, _signature(mine))
    return labels, words


def _prefix(words: list[int], order: Order) -> list[int]:
    """The elements of which two texts that share enough must share one: the rarest, by the order."""
    keys = sorted(map(signed, words), key=lambda key: (order.get(key, 0), key))
    return keys[: len(keys) - _needed(len(keys), _SHARE) + 1]


def _needed(count: int, share: int) -> int:
    return -(-share * count // FULL)


def _most(count: int, share: int) -> int:
    """The largest count of which so many are enough; no text that is compared has more than LONGEST."""
    return min(FULL * count // share, LONGEST)


def _signature(numbers: Sequence[int]) -> int:
    bits = 0
    for number in numbers:
        bits |= 1 << (number & (_BITS - 1))
    return signed(bits)


def _wide(numbers: Sequence[int]) -> bytes:
    """The bits of elements, as many bits as it takes to tell them apart mostly; nothing for no elements."""
    if not numbers:
        return b""
    width = 1 << (_BITS_EACH * len(numbers) - 1).bit_length()
    bits = 0
    for number in numbers:
        bits |= 1 << (number & (width - 1))
    return bits.to_bytes(-(-width // 8), "little")


class Bits:
    """A query's wide bits, held against many others' at once."""

    def __init__(self, words: Sequence[str]) -> None:
        wide = np.frombuffer(_wide(elements(words)), np.uint8)
        self._widths = {len(wide): wide}
        self._widest = len(wide)

    def apart(self, others: Sequence[bytes]) -> tuple[Counts, Counts]:
        """For each of the others, at least how many elements the query has that it has not, and the other way round."""
        lacking, more = np.zeros(len(others), np.int64), np.zeros(len(others), np.int64)
        widths = np.array([len(other) for other in others], np.int64)
        for width in np.unique(widths).tolist():
            rows = np.flatnonzero(widths == width)
            theirs = np.frombuffer(b"".join(others[row] for row in rows.tolist()), np.uint8).reshape(len(rows), width)
            while theirs.shape[1] > self._widest:
                theirs = _folded(theirs)
            mine = self._at(theirs.shape[1])
            lacking[rows] = np.bitwise_count(mine & ~theirs).sum(axis=1)
            more[rows] = np.bitwise_count(theirs & ~mine).sum(axis=1)
        return lacking, more

    def _at(self, width: int) -> Bytes:
        """The query's bits at a width that is none of more than its own."""
        if width not in self._widths:
            self._widths[width] = _folded(self._at(2 * width))
        return self._widths[width]


def _folded(bits: Bytes) -> Bytes:
    """The two halves of bits laid over each other."""
    half = bits.shape[-1] // 2
    return bits[..., :half] | bits[..., half:]


def bounds(entry: Form, sizes: Counts, lengths: Counts, *, by_letters: bool) -> Counts:
    """The most points that texts of so many words and letters can have with the query."""
    mine, count = len(entry.letters), len(entry.words)
    longest = np.maximum(lengths, mine)
    near = np.where(longest > 0, FULL * np.minimum(lengths, mine) // np.maximum(longest, 1), FULL)
    return near if by_letters else (near + FULL * np.minimum(sizes, count) // np.maximum(sizes, count)) // 2


def bounds_by_bits(entry: Form, sizes: Counts, lengths: Counts, apart: tuple[Counts, Counts]) -> Counts:
    """The same where so many elements are on one side only: 0 where too few are shared, else two of them cost an edit."""
    mine, count = len(entry.letters), len(entry.words)
    most, longest = np.maximum(sizes, count), np.maximum(np.maximum(lengths, mine), 1)
    edits = np.maximum(np.abs(lengths - mine), (np.maximum(*apart) + 1) // 2)
    near = FULL * (longest - np.minimum(edits, longest)) // longest
    points = (near + FULL * np.minimum(sizes, count) // most) // 2
    return np.where(100 * np.minimum(count - apart[0], sizes - apart[1]) < FLOOR * most, 0, points)
