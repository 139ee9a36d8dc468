"""Build: segments become the sorted arrays that search reads; whole-array steps, so that a million take seconds.

Every word of a segment is told apart by its occurrence (the second "the" is another element than the first), so that sets can
be compared where multisets are meant. Elements are ranked by how rare they are; each segment is filed under its rarest ones
only, as many as the floor of shared words leaves open (see the proof in `memory.index`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory.index.exceptions import more_than_one, not_zero, singles
from memory.index.segments import GOLDEN, Segments, chunk_words, digest64, word_digests
from memory.score import FLOOR, LONGEST, SHORT

Array = NDArray[Any]

LONG = 0xFFFFFFFF  # stands for the word count of texts too long to be compared
ID_BITS, POSITION_BITS = 28, 4
MOST_POSITION = (1 << POSITION_BITS) - 1  # stands for all beyond it
_SPACE = " "
# By measuring: words from which one more shared element is asked for, and from which signatures are twice as wide.
_MORE = np.array([10, 24, 60])
_WIDER = np.array([12, 24, 60, 120])


def build(segments: Segments) -> dict[str, Array]:
    """The arrays of a run. Raises OverflowError beyond 268 million segments or 65,534 different letters."""
    segments = _commonest_first(segments)
    words, chunk_word, chunk_word_rows = chunk_words(segments)
    digests = word_digests(words)
    by_digest = np.argsort(digests, kind="stable")

    letters = _letters(segments.vocabulary, words)
    chunk_length = np.diff(letters["chunk_rows"]).astype(np.int64)
    per_row = np.diff(segments.rows).astype(np.int64)
    length = sums(chunk_length[segments.chunks], per_row) + np.maximum(per_row - 1, 0)
    word_numbers, word_count = _words_of_rows(segments, chunk_word, chunk_word_rows, per_row)
    short, long = word_count <= SHORT, length > LONGEST
    elements = _elements(word_numbers, word_count, digests)

    group = np.where(long, LONG, np.where(short, 0, word_count)).astype(np.uint32)
    order = np.lexsort((elements["first"], np.where(short, length, 0), group)).astype(np.uint32)
    place = np.empty_like(order)
    place[order] = np.arange(len(order), dtype=np.uint32)
    postings = _postings(elements, word_count, np.where(long, 0, _prefix(word_count)), place)
    signatures = _signatures(elements, word_count, _width(np.where(long, 0, word_count)), order)
    few = order[: int((short & ~long).sum())]
    single_words, more_words = singles(chunk_word, np.diff(chunk_word_rows).astype(np.int64))
    labels = _labels(segments, letters, few)
    signatures[: len(few)] = bag_signatures(letters["alphabet"][labels], length[few])
    group_values, group_starts = np.unique(group[order], return_index=True)
    return (
        letters
        | {
            "chunk_word": single_words,
            "chunk_words": more_words,
            "word_digests": digests[by_digest],
            "digest_words": by_digest.astype(np.uint32),
            "word_ranks": elements["word_ranks"],
            "again_digests": elements["again_digests"],
            "again_ranks": elements["again_ranks"],
            "groups": group_values.astype(np.uint32),
            "group_extra": np.where(group_values == LONG, 0, extra(group_values)).astype(np.uint8),
            "group_width": _width(np.where(group_values == LONG, 0, group_values)).astype(np.uint8),
            "group_starts": np.append(group_starts, len(order)).astype(np.uint32),
            "short_words": word_count[order][short[order] & ~long[order]].astype(np.uint8),
            "signatures": signatures,
            "label_letters": labels,
            "lengths": np.minimum(length[order], 0xFFFF).astype(np.uint16),
        }
        | postings
        | _rows(segments, order)
        | _variants(segments, place)
        | _long(segments, order, long)
    )


def _commonest_first(segments: Segments) -> Segments:
    """Number chunks by how often they stand, so that common ones take one byte; chunks of no row are dropped."""
    often = np.bincount(segments.chunks, minlength=len(segments.vocabulary))
    order = np.argsort(-often, kind="stable")[: int((often > 0).sum())]
    number = np.empty(len(often), np.uint32)
    number[order] = np.arange(len(order), dtype=np.uint32)
    return replace(segments, vocabulary=[segments.vocabulary[chunk] for chunk in order], chunks=number[segments.chunks])


def _prefix(count: Array) -> Array:
    """How many of a segment's rarest elements it is filed under."""
    return np.where(count > 0, np.minimum(count, count - -(-FLOOR * count // 100) + 1 + extra(count)), 0)


def extra(count: Array) -> Array:
    """How many elements beyond the first a query must share with a segment's prefix; the longer the text, the more."""
    return np.searchsorted(_MORE, count, "right")


def _width(count: Array) -> Array:
    """How often the 64 bits of a signature are doubled."""
    return np.searchsorted(_WIDER, count, "right")


def edges(counts: Array | list[int]) -> Array:
    """Where rows of these lengths begin, and the end of the last."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(np.asarray(counts, np.int64))))


def sums(values: Array, per_row: Array) -> Array:
    ends = edges(values)
    rows = edges(per_row)
    return ends[rows[1:]] - ends[rows[:-1]]


def _or_rows(values: Array, per_row: Array) -> Array:
    """The bitwise sum of each row; 0 for an empty one."""
    out = np.zeros(len(per_row), np.uint64)
    filled = per_row > 0
    if filled.any():
        starts = edges(per_row)[:-1][filled]
        out[filled] = np.bitwise_or.reduceat(values, starts)
    return out


def ragged(starts: Array, counts: Array) -> Array:
    """The places `starts[i] .. starts[i] + counts[i]` of every row, one after the other."""
    total = int(counts.sum())
    rows = edges(counts)[:-1]
    return np.arange(total, dtype=np.int64) + np.repeat(starts.astype(np.int64) - rows, counts)


def occurrences(key: Array) -> Array:
    """How many equal values stand before each one of a sorted row."""
    place = np.arange(len(key))
    fresh = np.ones(len(key), bool)
    fresh[1:] = key[1:] != key[:-1]
    return place - np.maximum.accumulate(np.where(fresh, place, 0))


def letter_bits(codes: Array, occurrence: Array) -> Array:
    """One of 64 bits for each letter, told apart by occurrence."""
    return np.uint64(1) << (
        ((codes.astype(np.uint64) + (occurrence.astype(np.uint64) << np.uint64(32))) * np.uint64(GOLDEN))
        >> np.uint64(58)
    )


def bag_signatures(codes: Array, counts: Array) -> Array:
    """For each row of code points the bits of its letters; two rows' letters differ in at least as many as their bits do."""
    key = np.sort(
        (np.repeat(np.arange(len(counts), dtype=np.uint64), counts) << np.uint64(32)) | codes.astype(np.uint64)
    )
    return _or_rows(letter_bits(key & np.uint64(0xFFFFFFFF), occurrences(key)), counts)


def _labels(segments: Segments, letters: Mapping[str, Array], short: Array) -> Array:
    """The letters of segments of few words, one after the other, as places in the alphabet."""
    chunks_each = np.diff(segments.rows).astype(np.int64)[short]
    chunks = segments.chunks[ragged(segments.rows[:-1][short], chunks_each)]
    sizes = np.diff(letters["chunk_rows"]).astype(np.int64)[chunks]
    # Each chunk with the space after it, which the last one has not.
    spaced = sizes + 1
    spaced[np.cumsum(chunks_each) - 1] -= 1
    ends = edges(spaced)
    found = np.full(int(ends[-1]), np.searchsorted(letters["alphabet"], ord(_SPACE)), letters["chunk_letters"].dtype)
    found[ragged(ends[:-1], sizes)] = letters["chunk_letters"][ragged(letters["chunk_rows"][:-1][chunks], sizes)]
    return found


def _letters(vocabulary: list[str], words: list[str]) -> dict[str, Array]:
    """The alphabet; chunks and words as letters' places in it."""
    codes = [
        np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32) for texts in (vocabulary, words)
    ]
    alphabet, places = np.unique(np.concatenate([np.array([ord(_SPACE)], np.uint32), *codes]), return_inverse=True)
    if len(alphabet) >= 0xFFFF:  # noqa: PLR2004 - the last of 16 bits stands for a letter that is not here
        raise OverflowError(f"{len(alphabet):,} different letters are more than one index can hold.")
    cut = 1 + len(codes[0])
    letter = np.uint8 if len(alphabet) <= 1 << 8 else np.uint16
    rows = [edges([len(text) for text in texts]) for texts in (vocabulary, words)]
    return {
        "alphabet": alphabet,
        "chunk_letters": places[1:cut].astype(letter),
        "chunk_rows": rows[0].astype(np.uint32),
        "word_letters": places[cut:].astype(letter),
        "word_rows": rows[1].astype(np.uint32),
        "word_bits": bag_signatures(codes[1], np.diff(rows[1])),
    }


def _words_of_rows(segments: Segments, chunk_word: Array, rows: Array, per_row: Array) -> tuple[Array, Array]:
    """The words of all segments one after the other, and how many each has."""
    counts = (rows[1:] - rows[:-1]).astype(np.int64)[segments.chunks]
    return chunk_word[ragged(rows[:-1][segments.chunks], counts)], sums(counts, per_row)


def _elements(words: Array, count: Array, digests: Array) -> dict[str, Array]:
    """Words told apart by occurrence, ranked by how rare they are; each segment's ranks in order, rarest first."""
    segment = np.repeat(np.arange(len(count), dtype=np.uint64), count)
    key = np.sort((segment << np.uint64(32)) | words)
    occurrence = occurrences(key)
    word = (key & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    digest = digests[word] ^ (occurrence.astype(np.uint64) * np.uint64(GOLDEN))

    again = occurrence > 0
    again_digests, again_element = np.unique(digest[again], return_inverse=True)
    element = word.astype(np.int64)
    element[again] = len(digests) + again_element
    often = np.bincount(element, minlength=len(digests) + len(again_digests))
    rank = np.empty(len(often), np.uint32)
    rank[np.argsort(often, kind="stable")] = np.arange(len(often), dtype=np.uint32)

    ranked = np.sort((key & ~np.uint64(0xFFFFFFFF)) | rank[element])
    starts = edges(count)[:-1]
    first = np.zeros(len(count), np.uint32)
    filled = count > 0
    first[filled] = (ranked[starts[filled]] & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return {
        "ranked": ranked,
        "starts": starts,
        "first": first,
        "digest": digest,
        "word_ranks": rank[: len(digests)],
        "again_digests": again_digests,
        "again_ranks": rank[len(digests) :],
        "ranks": np.array([len(often)]),
    }


def _signatures(elements: Mapping[str, Array], count: Array, width: Array, order: Array) -> Array:
    """The bits of each segment's elements, in the new order: 64, doubled as often as `width` says."""
    widths = np.int64(1) << width.astype(np.int64)
    starts = np.empty(len(count), np.int64)
    starts[order] = edges(widths[order])[:-1]
    out = np.zeros(int(widths.sum()), np.uint64)
    per_element = np.repeat(width, count)
    for more in range(int(width.max(initial=0)) + 1):
        rows = width == more
        digest = elements["digest"][per_element == more]
        bit = digest >> np.uint64(58 - more)
        single = np.uint64(1) << (bit & np.uint64(63))
        for column in range(1 << more):
            out[starts[rows] + column] = _or_rows(np.where(bit >> np.uint64(6) == column, single, 0), count[rows])
    return out


def _postings(elements: Mapping[str, Array], count: Array, prefix: Array, place: Array) -> dict[str, Array]:
    """For each element the segments filed under it, in their new order, with the element's position among the segment's own."""
    taken = ragged(elements["starts"], prefix)
    position = taken - np.repeat(elements["starts"], prefix)
    ranked = elements["ranked"][taken]
    rank, segment = ranked & np.uint64(0xFFFFFFFF), (ranked >> np.uint64(32)).astype(np.int64)
    ranks = int(elements["ranks"][0])
    if max(ranks, len(count)) >> ID_BITS:
        raise OverflowError(f"{max(ranks, len(count)):,} segments or words are more than one run can hold.")
    low = np.minimum(position, MOST_POSITION).astype(np.uint64)
    key = np.sort(
        (rank << np.uint64(ID_BITS + POSITION_BITS))
        | (place[segment].astype(np.uint64) << np.uint64(POSITION_BITS))
        | low
    )
    found = (key >> np.uint64(ID_BITS + POSITION_BITS)).astype(np.int64)
    return {
        "posting_rows": edges(np.bincount(found, minlength=ranks)).astype(np.uint32),
        "postings": (key & np.uint64((1 << (ID_BITS + POSITION_BITS)) - 1)).astype(np.uint32),
    }


def _rows(segments: Segments, order: Array) -> dict[str, Array]:
    """Each segment's chunks in the new order, in bytes of seven bits, low ones first."""
    counts = np.diff(segments.rows).astype(np.int64)[order]
    chunks = segments.chunks[ragged(segments.rows[:-1][order], counts)].astype(np.uint32)
    sizes = 1 + np.searchsorted([1 << 7, 1 << 14, 1 << 21, 1 << 28], chunks, "right")
    ends = np.cumsum(sizes)
    packed = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    for place in range(5):
        wide = sizes > place
        more = np.where(sizes[wide] > place + 1, 0x80, 0)
        packed[(ends - sizes)[wide] + place] = ((chunks[wide] >> np.uint32(7 * place)) & np.uint32(0x7F)) | more
    return {"rows": packed, "row_ends": edges(sums(sizes, counts)).astype(np.uint32)}


def unpacked(packed: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Numbers from bytes of seven bits, low ones first."""
    last = np.flatnonzero(packed < 0x80)  # noqa: PLR2004 - the last byte of a number
    starts = np.concatenate(([0], last[:-1] + 1)) if len(last) else np.zeros(0, np.int64)
    place = np.arange(len(packed)) - np.repeat(starts, np.diff(np.append(starts, len(packed))))
    return np.add.reduceat((packed & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64), starts).astype(np.uint32)


def _variants(segments: Segments, place: Array) -> dict[str, Array]:
    """Under each segment its variants by what their marks hide, under each variant its pairs, newest first."""
    segment, numbers, codes = place[segments.pairs[:, 0]], segments.pairs[:, 1], segments.pairs[:, 2]
    order = np.lexsort((-segments.numbers.astype(np.int64), codes, numbers, segment))
    segment, numbers, codes = segment[order], numbers[order], codes[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (segment[1:] != segment[:-1]) | (numbers[1:] != numbers[:-1]) | (codes[1:] != codes[:-1])
    starts = np.flatnonzero(fresh)
    pairs = segments.numbers[order]
    small = not len(pairs) or int(pairs.max()) < 1 << 32
    return (
        {
            "more_variants": more_than_one(np.bincount(segment[starts], minlength=segments.count)),
            "more_pairs": more_than_one(np.diff(np.append(starts, len(order)))),
            "pairs": pairs.astype(np.uint32) if small else pairs,
        }
        | not_zero(numbers[starts], "numbers")
        | not_zero(codes[starts], "codes")
    )


def _long(segments: Segments, order: Array, long: Array) -> dict[str, Array]:
    """Texts too long to be compared, by the digest of their letters: they are only found whole."""
    places = np.flatnonzero(long[order])
    digests = [digest64(_text(segments, int(order[place]))) for place in places]
    by_digest = np.argsort(np.array(digests, np.uint64), kind="stable")
    return {"long_digests": np.array(digests, np.uint64)[by_digest], "long_places": places[by_digest].astype(np.uint32)}


def _text(segments: Segments, row: int) -> str:
    return _SPACE.join(
        segments.vocabulary[chunk] for chunk in segments.chunks[segments.rows[row] : segments.rows[row + 1]]
    )
