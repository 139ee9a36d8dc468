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
from dataclasses import dataclass, field
from functools import lru_cache

from memory.forms import Form
from memory.index.segments import digest64
from memory.score import FLOOR, FULL, LONGEST, SHORT
from tm_service.domain.filters import FiledForm, Order, Posting, Probe

VERSION = 1  # of what is filed; a change of it files anew

_SHARE = FULL * FLOOR // 100
_ALL_BITS = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15  # tells a word's occurrences apart (Knuth's multiplicative hashing)
_BITS = 64
_BITS_EACH = 8
_LABELS = 0  # the key of all texts of at most two words

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
        found.append(_digest(part) ^ (again * _GOLDEN & _ALL_BITS))
    return found


def filed(entry: Form, order: Order, pairs: Sequence[tuple[int, int, int]]) -> FiledForm:
    """A form as it is filed; its pairs are numbers with the digests of what its marks hide."""
    words = elements(entry.words) if len(entry.letters) <= LONGEST else []
    print_ = signed(digest64(entry.letters))
    return FiledForm(entry.letters, print_, _wide(words), tuple(_postings(entry, words, order, print_)), tuple(pairs))


def _postings(entry: Form, words: list[int], order: Order, print_: int) -> list[Posting]:
    if len(entry.letters) > LONGEST:
        return [Posting(print_, 0, 0, 0)]
    found = []
    if len(words) <= SHORT:
        found.append(Posting(_LABELS, len(entry.letters), 0, _signature(elements(entry.letters))))
    if len(words) >= SHORT:
        signature = _signature(words)
        first = _prefix(words, order)
        found += [Posting(key, len(words), place, signature) for place, key in enumerate(first)]
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


@dataclass(slots=True)
class Bits:
    """A query's wide bits, at any width that it is compared in."""

    words: Sequence[str]
    _widths: dict[int, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        wide = _wide(elements(self.words))
        self._widths[len(wide)] = int.from_bytes(wide, "little")

    def apart(self, wide: bytes) -> tuple[int, int]:
        """At least how many elements the query has that the other has not, and the other way round."""
        theirs, width = int.from_bytes(wide, "little"), len(wide)
        widest = max(self._widths)
        while width > widest:
            width //= 2
            theirs = _folded(theirs, width)
        if width not in self._widths:
            narrow, mine = widest, self._widths[widest]
            while narrow > width:
                narrow //= 2
                mine = self._widths[narrow] = _folded(mine, narrow)
        mine = self._widths[width]
        return (mine & ~theirs).bit_count(), (theirs & ~mine).bit_count()


def _folded(bits: int, width: int) -> int:
    """Bits of twice so many bytes, laid over each other."""
    half = 8 * width
    return (bits >> half) | (bits & ((1 << half) - 1))


def bound(entry: Form, size: int, length: int, *, by_letters: bool) -> int:
    """The most points that a text of so many words and letters can have with the query."""
    longest = max(len(entry.letters), length)
    near = FULL * min(len(entry.letters), length) // longest if longest else FULL
    if by_letters:
        return near
    count = len(entry.words)
    return (near + FULL * min(count, size) // max(count, size)) // 2


def bound_by_bits(entry: Form, size: int, length: int, apart: tuple[int, int]) -> int:
    """The same where so many elements are on one side only: 0 where too few are shared, else letters cost an edit for two."""
    count = len(entry.words)
    most = max(count, size)
    if 100 * min(count - apart[0], size - apart[1]) < FLOOR * most:
        return 0
    longest = max(len(entry.letters), length)
    edits = max(abs(len(entry.letters) - length), (max(apart) + 1) // 2)
    near = FULL * (longest - min(edits, longest)) // longest if longest else FULL
    return (near + FULL * min(count, size) // most) // 2
