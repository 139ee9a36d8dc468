"""Arrays: the search in numpy and rapidfuzz, always there; the kernel does the same in machine code, with equal answers."""

from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory.forms import words_of
from memory.index.build import MOST_POSITION, POSITION_BITS, bag_signatures, edges, ragged, sums, unpacked
from memory.index.exceptions import rows_of
from memory.index.layout import Arrays
from memory.index.near import Nearness
from memory.index.query import Answer, Found, Query, for_signs
from memory.index.segments import GOLDEN, word_digests
from memory.index.variants import Marks, Variants
from memory.score import FLOOR, FULL, LONGEST, SHORT, Penalties

Array = NDArray[Any]

_EARLY = 16  # candidates that are compared before the others
_BUDGET = 8_000_000  # pairs of words looked at for one query, about two seconds; a thousand for each segment at least


class ArraySearch:
    """Search over the arrays of one run; see `memory.index` for why nothing is lost."""

    def __init__(self, arrays: Arrays, language: str) -> None:
        self._arrays = arrays
        self._language = language
        self._count = len(arrays["lengths"])
        self._groups = [int(words) or SHORT for words in arrays["groups"]]
        self._starts = [int(start) for start in arrays["group_starts"]]
        self._signed = edges(np.diff(arrays["group_starts"].astype(np.int64)) << arrays["group_width"].astype(np.int64))
        self._short = self._starts[1] if len(arrays["groups"]) and not arrays["groups"][0] else 0
        self._alphabet = arrays["alphabet"].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        self.chunk = lru_cache(1 << 16)(self._chunk)
        self.variants = Variants(arrays)

    def search(
        self, query: Query, least: int, k: int, penalties: Penalties, dead: Marks | None, gone: Marks | None
    ) -> Found:
        """Answers of at least `least` points that are no worse than the k-th best, best first, of equals the newest.

        `dead` marks segments that have no pair any more, `gone` pairs that were taken out; None where there are none.
        """
        letters, words = query.form.letters, query.form.words
        if len(letters) > LONGEST:
            return [], True
        digests = word_digests(words)
        found = []
        if len(words) <= SHORT:
            found.append(self._like_letters(letters, least))
        if len(words) >= SHORT:
            found += self._filed(len(letters), digests, least)
        if not found:
            return [], True
        segments = np.concatenate([places for places, _ in found])
        segments, first = np.unique(segments, return_index=True)
        bounds = np.concatenate([bounds for _, bounds in found])[first]
        if dead is not None:
            alive = dead[segments] == 0
            segments, bounds = segments[alive], bounds[alive]
        sharing = self._sharing_most(segments, digests) if len(words) > 1 else np.full(len(segments), FULL)
        segments, bounds, sharing = (row[sharing >= 0] for row in (segments, bounds, sharing))
        order = np.lexsort((segments, -bounds))
        early = np.argsort(-sharing, kind="stable")[:_EARLY]
        first = np.zeros(len(segments), bool)
        first[early] = True
        # Those that share the most words raise what is wanted before the bounds are gone through.
        turns = np.concatenate((early, order[~first[order]])).astype(np.int64)
        return self._verified(query, segments[turns], bounds[turns], least, k, penalties, gone)

    # candidates

    def _like_letters(self, letters: str, least: int) -> tuple[Array, Array]:
        """Both have at most two words: everything of about the same length whose letters may do."""
        lengths = self._arrays["lengths"][: self._short]
        low = int(np.searchsorted(lengths, -(-len(letters) * least // FULL)))
        high = int(np.searchsorted(lengths, len(letters) * FULL // least, "right"))
        length = lengths[low:high].astype(np.int64)
        mine = _letter_signature(letters)
        theirs = self._arrays["signatures"][low:high]
        apart = np.maximum(np.bitwise_count(mine & ~theirs), np.bitwise_count(theirs & ~mine)).astype(np.int64)
        apart = np.maximum(apart, np.abs(length - len(letters)))
        bounds = _share(np.maximum(length, len(letters)), apart)
        kept = bounds >= least
        return np.arange(low, high)[kept], bounds[kept]

    def _filed(self, letters: int, digests: Array, least: int) -> list[tuple[Array, Array]]:
        """Segments filed under enough of the query's rarest words, in the groups whose word count may do."""
        count = len(digests)
        digests, ranks = self._elements(digests)
        found = []
        for group, words in enumerate(self._groups):
            if 100 * words < FLOOR * count or 100 * count < FLOOR * words or max(count, words) <= SHORT:
                continue
            need = -(-FLOOR * max(count, words) // 100)
            near = self._sharing(np.sort(ranks), group, (count, words, need))
            if len(near):
                found.append(self._bounded(near, group, (count, words, need), letters, digests, least))
        return found

    def _sharing(self, ranks: Array, group: int, counts: tuple[int, int, int]) -> Array:
        """Segments of a group filed under enough of the query's rarest words."""
        count, words, need = counts
        more = int(self._arrays["group_extra"][group])
        rows, postings = self._arrays["posting_rows"], self._arrays["postings"]
        limits = np.array(self._starts[group : group + 2], np.uint64) << np.uint64(POSITION_BITS)
        deep = min(words - need + more, MOST_POSITION)
        lists = []
        for rank in ranks[: count - need + 1 + more]:
            if not 0 <= rank < len(rows) - 1:
                continue
            row = postings[rows[rank] : rows[rank + 1]]
            low, high = np.searchsorted(row, limits)
            within = row[low:high]
            lists.append(within[within & MOST_POSITION <= deep] >> POSITION_BITS)
        near = np.concatenate(lists).astype(np.int64) if lists else np.zeros(0, np.int64)
        if more and len(near):
            near, often = np.unique(near, return_counts=True)
            near = near[often > more]
        return near[near < self._count]

    def _elements(self, digests: Array) -> tuple[Array, Array]:
        """Words told apart by occurrence: their digests, and their ranks here, -1 where the run has none."""
        _, inverse = np.unique(digests, return_inverse=True)
        seen: dict[int, int] = {}
        again = np.empty(len(digests), np.uint64)
        for place, word in enumerate(inverse.tolist()):
            again[place] = seen[word] = seen.get(word, -1) + 1
        elements = digests ^ (again * np.uint64(GOLDEN))
        words = _looked_up(self._arrays["word_digests"], self._arrays["digest_words"], digests)
        first = np.full(len(words), -1, np.int64)
        first[words >= 0] = self._arrays["word_ranks"][words[words >= 0]]
        more = _looked_up(self._arrays["again_digests"], self._arrays["again_ranks"], elements)
        return elements, np.where(again == 0, first, np.where(first >= 0, more, -1))

    def _bounded(
        self, near: Array, group: int, counts: tuple[int, int, int], letters: int, digests: Array, least: int
    ) -> tuple[Array, Array]:
        """Of segments of one group those whose signatures and lengths may do, with the most they can score."""
        count, words, need = counts
        if group < 1 and self._short:
            near = near[near < self._short]
            near = near[self._arrays["short_words"][near] == SHORT]
            missing = np.zeros(len(near), np.int64)
        else:
            mine, theirs = (
                _signature(digests, width := int(self._arrays["group_width"][group])),
                self._signatures(near, group, width),
            )
            lacking = np.bitwise_count(mine & ~theirs).astype(np.int64).sum(axis=1)
            other = np.bitwise_count(theirs & ~mine).astype(np.int64).sum(axis=1)
            kept = (lacking <= count - need) & (other <= words - need)
            near, missing = near[kept], np.maximum(lacking[kept], other[kept])
        length = self._arrays["lengths"][near].astype(np.int64)
        apart = np.maximum(np.abs(length - letters), (missing + 1) >> 1)
        bounds = (_share(np.maximum(length, letters), apart) + FULL * min(count, words) // max(count, words)) // 2
        kept = bounds >= least
        return near[kept], bounds[kept]

    def _signatures(self, near: Array, group: int, width: int) -> Array:
        """The signatures of segments of a group, a row of words of 64 bits for each."""
        first = int(self._signed[group]) + ((near - self._starts[group]) << width)
        return np.asarray(self._arrays["signatures"][first[:, np.newaxis] + np.arange(1 << width)])

    def _sharing_most(self, segments: Array, digests: Array) -> Array:
        """How much of the words each segment has in common with the query at most, in points; -1 below the floor."""
        places = _looked_up(self._arrays["word_digests"], self._arrays["digest_words"], digests)
        known = np.zeros(len(self._arrays["word_ranks"]) + 1, bool)
        known[places[places >= 0]] = True
        ends = self._arrays["row_ends"].astype(np.int64)
        starts, sizes = ends[segments], ends[segments + 1] - ends[segments]
        packed = self._arrays["rows"][ragged(starts, sizes)]
        chunks = unpacked(packed).astype(np.int64)
        per_segment = sums((packed < 0x80).astype(np.int64), sizes)  # noqa: PLR2004 - the last byte of a number
        chunk_words, sizes_of_chunks, begins = self._words_of_chunks
        counts = sizes_of_chunks[chunks]
        words = chunk_words[ragged(begins[chunks], counts)]
        theirs = sums(counts, per_segment)
        most = np.maximum(theirs, len(digests))
        common = np.minimum(sums(known[words].astype(np.int64), theirs), np.minimum(theirs, len(digests)))
        return np.where((most > SHORT) & (100 * common < FLOOR * most), -1, FULL * common // np.maximum(most, 1))

    # comparison

    def _verified(
        self,
        query: Query,
        segments: Array,
        bounds: Array,
        least: int,
        k: int,
        penalties: Penalties,
        gone: Marks | None,
    ) -> Found:
        """Compare candidates, the most promising first, until none can be among the best."""
        nearness, words = Nearness(query.form), query.form.words
        found: list[Answer] = []
        best: list[int] = []
        wanted, spent, complete = least, 0, True
        for turn, (segment, bound) in enumerate(zip(segments.tolist(), bounds.tolist(), strict=True)):
            if bound < wanted:
                if turn < _EARLY:
                    continue
                break
            if spent > _BUDGET:
                complete = False
                break
            chunks = [self.chunk(number) for number in self._row(segment)]
            theirs = tuple(word for _, chunk in chunks for word in chunk)
            letters = " ".join(chunk for chunk, _ in chunks)
            spent += max(1_000, len(words) * len(theirs))
            points = nearness.points(letters, theirs, wanted)
            if points < wanted:
                continue
            signs = for_signs(query, points, letters.__str__, penalties, same_words=words == theirs)
            answers = list(islice(self.variants.answers(query, segment, points, signs, penalties, gone), k))
            found += answers
            best = sorted([*best, *(answer.left for answer in answers)], reverse=True)[:k]
            if len(best) == k:
                wanted = max(wanted, best[-1])
        kept = [answer for answer in found if answer.left >= wanted]
        return sorted(kept, key=lambda answer: (-answer.left, -answer.pairs[0])), complete

    @cached_property
    def _words_of_chunks(self) -> tuple[Array, Array, Array]:
        """The words of all chunks one after the other, how many each has, and where they begin."""
        words, sizes = rows_of(self._arrays["chunk_word"], self._arrays["chunk_words"])
        return words, sizes, edges(sizes)

    def letters(self, segment: int) -> str:
        """The letters of a segment's form."""
        return " ".join(self.chunk(number)[0] for number in self._row(segment))

    def _row(self, segment: int) -> list[int]:
        """The chunks of a segment, unpacked. Damaged bytes give nothing."""
        start, end = (int(self._arrays["row_ends"][place]) for place in (segment, segment + 1))
        chunks, number, shift = [], 0, 0
        known = len(self._arrays["chunk_rows"]) - 1
        for byte in self._arrays["rows"][start:end].tolist():
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:  # noqa: PLR2004 - the last byte of a number
                if number < known:
                    chunks.append(number)
                number = shift = 0
        return chunks

    def _chunk(self, number: int) -> tuple[str, tuple[str, ...]]:
        rows = self._arrays["chunk_rows"]
        places = self._arrays["chunk_letters"][rows[number] : rows[number + 1]].tolist()
        text = "".join(self._alphabet[place] for place in places if place < len(self._alphabet))
        return text, words_of(text, self._language)


def _signature(digests: Array, width: int) -> Array:
    """The bits of elements, in words of 64."""
    bit = digests >> np.uint64(58 - width)
    single = np.uint64(1) << (bit & np.uint64(63))
    columns = np.arange(1 << width, dtype=np.uint64)[:, None]
    rows: Array = np.where(bit >> np.uint64(6) == columns, single, np.uint64(0))
    return np.asarray(np.bitwise_or.reduce(rows, axis=1))


def _letter_signature(letters: str) -> np.uint64:
    """The bits of a text's letters."""
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.uint64(bag_signatures(codes, np.array([len(codes)]))[0])


def _share(longest: Array, apart: Array) -> Array:
    """What is left of the longer one, in points; two empty texts are the same."""
    return np.where(longest > 0, FULL * (longest - np.minimum(apart, longest)) // np.maximum(longest, 1), FULL)


def _looked_up(digests: Array, numbers: Array, wanted: Array) -> Array:
    """The number that belongs to each digest, -1 for those that are not here."""
    if not len(digests):
        return np.full(len(wanted), -1, np.int64)
    places = np.minimum(np.searchsorted(digests, wanted), len(digests) - 1)
    return np.where(digests[places] == wanted, numbers[places].astype(np.int64), -1)
