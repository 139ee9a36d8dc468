# distutils: language = c++
# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Kernel: the search of `memory.index.arrays` in machine code; the same steps, the same answers, word for word.

It reads mapped files that may be damaged, so every number read is held against the bounds of what it points into.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset
from libcpp.algorithm cimport sort
from libcpp.vector cimport vector

cdef extern from *:
    """
    #if defined(_MSC_VER)
    #include <intrin.h>
    #define tm_popcount(x) ((int)__popcnt64(x))
    #define tm_prefetch(x)
    #else
    #define tm_popcount(x) __builtin_popcountll(x)
    #define tm_prefetch(x) __builtin_prefetch(x)
    #endif
    """
    int tm_popcount(uint64_t x) nogil
    void tm_prefetch(const void* x) nogil

cdef enum:
    FULL = 10000
    FLOOR = 60
    SHORT = 2
    LIKE = 50
    LONGEST = 10000
    UNKNOWN = 0xFFFF
    TABLE = 0x3100
    EARLY = 16  # candidates that are compared before the others
    POSITION = 4  # bits of a posting that say at which place of its segment's elements it stands
    DEEPEST = 15
    WIDTHS = 5  # kinds of signatures: of 64, 128, 256, 512 and 1,024 bits
    MEET_AT_ONCE = 10  # words up to which it pays to reckon what the words of all candidates cost
    FEW = 24  # words up to which their distance costs less than a bound on it
    ROOM = 1 << 24  # bytes of rows of words met, after which they are forgotten

cdef uint64_t GOLDEN = 0x9E3779B97F4A7C15ULL
cdef int64_t BUDGET = 200000000  # cells and blocks compared for one query, about half a second


cdef inline int64_t _max(int64_t a, int64_t b) noexcept nogil:
    return a if a > b else b


cdef inline int64_t _min(int64_t a, int64_t b) noexcept nogil:
    return a if a < b else b


cdef inline int64_t _ceil(int64_t a, int64_t b) noexcept nogil:
    return (a + b - 1) // b


cdef int64_t _lower(const uint32_t* row, int64_t low, int64_t high, uint32_t value) noexcept nogil:
    """The first place in a sorted row that holds `value` or more."""
    cdef int64_t middle
    while low < high:
        middle = (low + high) >> 1
        if row[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


cdef int64_t _find(const uint64_t* row, int64_t count, uint64_t value) noexcept nogil:
    """The place of a value in a sorted row, or -1."""
    cdef int64_t low = 0, high = count, middle
    while low < high:
        middle = (low + high) >> 1
        if row[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low if low < count and row[low] == value else -1


cdef inline uint16_t _letter(const uint8_t* letters, int64_t place, bint wide) noexcept nogil:
    return (<const uint16_t*>letters)[place] if wide else letters[place]


cdef uint64_t _bag(str text):
    """The bits of a text's letters, told apart by occurrence."""
    cdef vector[uint32_t] letters
    cdef Py_UCS4 letter
    cdef uint64_t bits = 0, again = 0
    cdef size_t place
    for letter in text:
        letters.push_back(letter)
    sort(letters.begin(), letters.end())
    for place in range(letters.size()):
        again = again + 1 if place and letters[place] == letters[place - 1] else 0
        bits |= (<uint64_t>1) << ((((again << 32) + letters[place]) * GOLDEN) >> 58)
    return bits


cdef struct Query:
    int64_t words
    int64_t letters
    int64_t blocks
    uint64_t signature


cdef class Kernel:
    cdef const uint32_t[::1] alphabet, chunk_rows, word_rows, chunk_word_rows, chunk_words, word_ranks, again_ranks
    cdef const uint32_t[::1] groups, group_starts, posting_rows, postings, row_ends, long_places
    cdef const uint16_t[::1] lengths
    cdef const uint8_t[::1] chunk_letters, word_letters  # in bytes: of one letter each, or of half a letter where `wide`
    cdef bint wide
    cdef int64_t chunk_letter_count, word_letter_count
    cdef const uint64_t[::1] word_bits, word_digests, again_digests, signatures, long_digests
    cdef const uint8_t[::1] short_words, rows, group_extra, group_width
    cdef object _held
    cdef int64_t count, chunk_count, word_count
    cdef vector[uint16_t] table, slots
    cdef vector[uint8_t] seen
    cdef vector[uint32_t] picked, begun, reached, ends
    cdef vector[int64_t] need, limit, deep, signed
    cdef vector[uint64_t] mine  # the query's signature in each width
    # one query's
    cdef vector[uint16_t] q_letters, q_word_letters
    cdef vector[uint32_t] laid, found_words, left_over, found_chunks
    cdef int64_t chunks, found, left, few  # few: segments of at most SHORT words
    cdef vector[int64_t] q_word_rows, q_numbers, q_ranks, letter_line
    cdef vector[uint64_t] q_bits, q_digests, peq, pv, mv, candidates
    cdef vector[uint16_t] used
    cdef vector[uint32_t] out_ids
    cdef vector[int64_t] out_points, best
    cdef vector[uint8_t] out_same
    cdef vector[uint64_t] promising
    cdef vector[uint16_t] counts
    cdef int64_t length
    # Words met in candidates: each has a row of what it costs to make it of each of the query's distinct words.
    cdef vector[uint32_t] met_as, met
    cdef vector[uint32_t] kinds, kind_places
    cdef vector[int64_t] q_sizes
    cdef vector[uint64_t] laid_out
    cdef vector[uint8_t] costs, least_costs, floors
    cdef vector[uint64_t] likes
    cdef vector[uint64_t] often
    cdef vector[int32_t] line
    cdef uint64_t q_bag
    cdef int64_t spent

    def __init__(self, arrays):
        self._held = arrays
        self.alphabet = arrays["alphabet"]
        self.chunk_rows = arrays["chunk_rows"]
        self.wide = arrays["chunk_letters"].itemsize == 2
        if arrays["word_letters"].itemsize != arrays["chunk_letters"].itemsize:
            raise ValueError("The letters of the run are damaged.")
        self.chunk_letters = arrays["chunk_letters"].view("u1")
        self.chunk_letter_count = len(arrays["chunk_letters"])
        self.word_letter_count = len(arrays["word_letters"])
        self.word_rows = arrays["word_rows"]
        self.word_letters = arrays["word_letters"].view("u1")
        self.chunk_word_rows = arrays["chunk_word_rows"]
        self.chunk_words = arrays["chunk_words"]
        self.word_digests = arrays["word_digests"]
        self.word_ranks = arrays["word_ranks"]
        self.word_bits = arrays["word_bits"]
        self.again_digests = arrays["again_digests"]
        self.again_ranks = arrays["again_ranks"]
        self.groups = arrays["groups"]
        self.group_extra = arrays["group_extra"]
        self.group_width = arrays["group_width"]
        self.group_starts = arrays["group_starts"]
        self.short_words = arrays["short_words"]
        self.signatures = arrays["signatures"]
        self.lengths = arrays["lengths"]
        self.posting_rows = arrays["posting_rows"]
        self.postings = arrays["postings"]
        self.rows = arrays["rows"]
        self.row_ends = arrays["row_ends"]
        self.long_digests = arrays["long_digests"]
        self.long_places = arrays["long_places"]
        self.count = self.lengths.shape[0]
        self.chunk_count = self.chunk_rows.shape[0] - 1
        self.word_count = self.word_digests.shape[0]
        cdef int64_t place
        self.table.assign(TABLE, UNKNOWN)
        for place in range(self.alphabet.shape[0]):
            if self.alphabet[place] < TABLE:
                self.table[self.alphabet[place]] = <uint16_t>place
        self.slots.assign(self.alphabet.shape[0] + 1, 0)
        self.few = _min(self.group_starts[1], self.count) if self.groups.shape[0] and self.groups[0] == 0 else 0
        self.counts.assign(self.word_count, 0)
        self.met_as.assign(self.word_count, 0)
        self.laid_out.assign(UNKNOWN + 1, 0)
        self.seen.assign(self.count, 0)
        self.picked.assign(self.count + 1, 0)
        cdef int64_t signed = 0
        self.signed.clear()
        for place in range(self.groups.shape[0]):
            if self.group_width[place] >= WIDTHS or self.group_starts[place] > self.group_starts[place + 1]:
                raise ValueError("The groups of the run are damaged.")
            self.signed.push_back(signed)
            signed += (<int64_t>self.group_starts[place + 1] - self.group_starts[place]) << self.group_width[place]
        if signed > self.signatures.shape[0]:
            raise ValueError("The signatures of the run are damaged.")
        self.mine.assign(WIDTHS << (WIDTHS - 1), 0)
        self.need.assign(self.groups.shape[0], 0)
        self.limit.assign(self.groups.shape[0], 0)
        self.deep.assign(self.groups.shape[0], 0)
        self.laid.assign(LONGEST + 2, 0)
        self.found_words.assign(LONGEST + 2, 0)
        self.found_chunks.assign(LONGEST + 2, 0)
        self.left_over.assign(LONGEST + 2, 0)
        self.floors.assign(self.word_count, 100)
        for place in range(self.word_count):
            signed = <int64_t>self.word_rows[place + 1] - <int64_t>self.word_rows[place]
            if signed > 0:
                self.floors[place] = <uint8_t>_ceil(100, signed + 1)

    def search(self, str letters, tuple words, list digests, int64_t least, int64_t k, const uint8_t[::1] dead):
        """As `memory.index.arrays.ArraySearch.search`."""
        if dead.shape[0] != self.count:
            raise ValueError("There must be one mark for each segment.")
        self.out_ids.clear()
        self.out_points.clear()
        self.out_same.clear()
        cdef bint complete = True
        if len(letters) <= LONGEST:
            self._prepare(letters, words, digests)
            complete = self._search(least, k, &dead[0] if self.count else NULL)
        cdef size_t place
        return [(self.out_ids[place], self.out_points[place], bool(self.out_same[place])) for place in range(self.out_ids.size())], complete

    cdef uint16_t _code(self, uint32_t letter) noexcept nogil:
        if letter < TABLE:
            return self.table[letter]
        cdef int64_t place = _lower(&self.alphabet[0], 0, self.alphabet.shape[0], letter)
        return <uint16_t>place if place < self.alphabet.shape[0] and self.alphabet[place] == letter else UNKNOWN

    cdef _prepare(self, str letters, tuple words, list digests):
        cdef Py_UCS4 letter
        cdef str word
        cdef uint64_t digest, bit
        cdef int64_t number, place, other, again, kind
        self.q_letters.clear()
        for letter in letters:
            self.q_letters.push_back(self._code(letter))
        self.q_bag = _bag(letters) if len(words) <= SHORT else 0
        self.q_word_letters.clear()
        self.q_word_rows.assign(1, 0)
        self.q_numbers.clear()
        self.q_digests.clear()
        self.q_bits.clear()
        self.q_ranks.clear()
        self.kinds.clear()
        self.kind_places.clear()
        self.mine.assign(WIDTHS << (WIDTHS - 1), 0)
        self.q_sizes.clear()
        for word, digest in zip(words, digests):
            for letter in word:
                self.q_word_letters.push_back(self._code(letter))
            self.q_word_rows.push_back(self.q_word_letters.size())
            place = self.q_numbers.size()
            again, kind = 0, self.kind_places.size()
            for other in range(place):
                if self.q_digests[other] == digest:
                    again += 1
                    kind = self.kinds[other]
            if again:
                number = self.q_numbers[self.kind_places[kind]]
            else:
                number = _find(&self.word_digests[0], self.word_count, digest) if self.word_count else -1
                if number >= 0 and not self._is_word(number, place):
                    number = -1
                self.kind_places.push_back(place)
                self.q_sizes.push_back(self.q_word_letters.size() - self.q_word_rows[place])
                self.q_bits.push_back(_bag(word) if number < 0 else self.word_bits[number])
            self.kinds.push_back(kind)
            self.q_digests.push_back(digest)
            self.q_numbers.push_back(number)
            self.q_ranks.push_back(self._rank(number, digest ^ (<uint64_t>again * GOLDEN), again))
            for place in range(WIDTHS):
                bit = (digest ^ (<uint64_t>again * GOLDEN)) >> (58 - place)
                self.mine[(place << (WIDTHS - 1)) + <int64_t>(bit >> 6)] |= (<uint64_t>1) << (bit & 63)
        self._forget()
        self.spent = 0

    cdef bint _is_word(self, int64_t number, int64_t place) noexcept nogil:
        cdef int64_t start = self.q_word_rows[place], length = self.q_word_rows[place + 1] - start, at
        cdef int64_t first = self.word_rows[number]
        if self.word_rows[number + 1] - first != length or first + length > self.word_letter_count:
            return False
        for at in range(length):
            if _letter(&self.word_letters[0], first + at, self.wide) != self.q_word_letters[start + at]:
                return False
        return True

    cdef int64_t _rank(self, int64_t number, uint64_t digest, int64_t again) noexcept nogil:
        cdef int64_t found
        if number < 0:
            return -1
        if again == 0:
            return self.word_ranks[number]
        found = _find(&self.again_digests[0], self.again_digests.shape[0], digest) if self.again_digests.shape[0] else -1
        return self.again_ranks[found] if found >= 0 else -1

    cdef bint _search(self, int64_t least, int64_t k, const uint8_t* dead) noexcept nogil:
        cdef Query query
        query.words = self.q_numbers.size()
        query.letters = self.q_letters.size()
        self.candidates.clear()
        self.best.clear()
        if query.words <= SHORT:
            self._short(query, least, dead)
        if query.words >= SHORT:
            self._filed(query, least, dead)
        return self._verify(query, least, k)

    cdef void _short(self, Query query, int64_t least, const uint8_t* dead) noexcept nogil:
        """Both have at most two words: everything of about the same length whose letters may do."""
        cdef int64_t place = 0, end = self.few, stop, length, longest, most, apart, bound
        cdef uint64_t mine = self.q_bag, theirs
        cdef const uint16_t* lengths = &self.lengths[0]
        cdef const uint64_t* signatures = &self.signatures[0]
        place = self._length_from(0, end, _ceil(query.letters * least, FULL))
        while place < end:
            length = lengths[place]
            stop = self._length_from(place, end, length + 1)
            longest = _max(length, query.letters)
            most = longest * (FULL - least) // FULL
            if length - query.letters > most:
                break
            for place in range(place, stop):
                theirs = signatures[place]
                if tm_popcount(mine & ~theirs) > most or tm_popcount(theirs & ~mine) > most or dead[place]:
                    continue
                apart = _max(tm_popcount(mine & ~theirs), tm_popcount(theirs & ~mine))
                apart = _max(apart, longest - _min(length, query.letters))
                bound = FULL * (longest - apart) // longest if longest else FULL
                self.candidates.push_back((<uint64_t>(FULL - bound) << 32) | <uint64_t>place)
            place = stop

    cdef int64_t _length_from(self, int64_t low, int64_t high, int64_t length) noexcept nogil:
        """The first of a row of segments sorted by length that has that many letters or more."""
        cdef int64_t middle
        while low < high:
            middle = (low + high) >> 1
            if self.lengths[middle] < length:
                low = middle + 1
            else:
                high = middle
        return low

    cdef void _filed(self, Query query, int64_t least, const uint8_t* dead) noexcept nogil:
        """Segments filed under one of the query's rarest words, in the groups whose word count may do."""
        cdef int64_t n = query.words, place, group, m, rank, low = -1, high = -1
        cdef int64_t total = self.posting_rows.shape[0] - 1, deepest = 0
        sort(self.q_ranks.begin(), self.q_ranks.end())
        for group in range(self.groups.shape[0]):
            m = self.groups[group] if self.groups[group] else SHORT
            if 100 * m < FLOOR * n or 100 * n < FLOOR * m or _max(n, m) <= SHORT:
                continue
            low = group if low < 0 else low
            high = group
            self.need[group] = _ceil(FLOOR * _max(n, m), 100)
            self.limit[group] = _min(n, n - self.need[group] + 1 + self.group_extra[group])
            self.deep[group] = m - self.need[group] + self.group_extra[group]
            deepest = _max(deepest, self.limit[group])
        if low < 0:
            return
        self.begun.assign(deepest, 0)
        self.reached.assign(deepest, 0)
        self.ends.assign(deepest, 0)
        for place in range(deepest):
            rank = self.q_ranks[place]
            if 0 <= rank < total and self.posting_rows[rank + 1] <= self.postings.shape[0]:
                self.reached[place] = self.posting_rows[rank]
                self.ends[place] = self.posting_rows[rank + 1]
        for group in range(low, high + 1):
            if self.deep[group] >= 0:
                self._group(query, group, least, dead)

    cdef void _group(self, Query query, int64_t group, int64_t least, const uint8_t* dead) noexcept nogil:
        """The segments of one word count that share enough of the rarest words; how often each was met fits the nearest cache."""
        cdef uint32_t first = self.group_starts[group], until = <uint32_t>_min(self.group_starts[group + 1], self.count), segment
        cdef uint32_t posting, low = first << POSITION, high = until << POSITION, deep = <uint32_t>_min(self.deep[group], DEEPEST)
        cdef int64_t place, at, end, count = 0, passed = 0, extra = self.group_extra[group], width = self.group_width[group]
        cdef const uint32_t* postings = &self.postings[0]
        cdef uint8_t* seen = &self.seen[0]
        cdef uint32_t* picked = &self.picked[0]
        cdef const uint64_t* signatures = &self.signatures[0]
        cdef uint8_t times, within
        for place in range(self.limit[group]):
            at, end = self.reached[place], self.ends[place]
            if at < end and postings[at] < low:
                at = _lower(postings, at, end, low)
            self.begun[place] = <uint32_t>at
            while at < end:
                posting = postings[at]
                if posting >= high:
                    break
                segment = posting >> POSITION
                times = seen[segment]
                within = ((posting & DEEPEST) <= deep) & (times < 255)
                picked[count] = segment
                count += within & (times == extra)
                seen[segment] = times + within
                at += 1
            passed += at - self.begun[place]
            self.reached[place] = <uint32_t>at
        for at in range(count):
            if at + 8 < count:
                tm_prefetch(&signatures[self.signed[group] + (<int64_t>(picked[at + 8] - first) << width)])
                tm_prefetch(&self.lengths[picked[at + 8]])
            self._consider(query, picked[at], group, least, dead)
        if passed * 16 > until - first:
            memset(seen + first, 0, until - first)
            return
        for place in range(self.limit[group]):
            for at in range(self.begun[place], self.reached[place]):
                seen[postings[at] >> POSITION] = 0

    cdef void _consider(self, Query query, int64_t segment, int64_t group, int64_t least, const uint8_t* dead) noexcept nogil:
        """Make a candidate of a segment that shares enough of the rarest words, where signature and length leave a chance."""
        cdef int64_t n = query.words, m = self.groups[group], missing = 0, apart = 0, length = self.lengths[segment], longest, bound, place
        cdef int64_t width = self.group_width[group]
        cdef const uint64_t* mine = &self.mine[width << (WIDTHS - 1)]
        cdef const uint64_t* theirs = &self.signatures[0] + self.signed[group] + ((segment - self.group_starts[group]) << width)
        if m == 0:
            m = SHORT
            if segment >= self.short_words.shape[0] or self.short_words[segment] != SHORT:
                return
        else:
            for place in range(1 << width):
                missing += tm_popcount(mine[place] & ~theirs[place])
                apart += tm_popcount(theirs[place] & ~mine[place])
            if missing > n - self.need[group] or apart > m - self.need[group]:
                return
            missing = _max(missing, apart)
        longest = _max(length, query.letters)
        apart = _max(longest - _min(length, query.letters), (missing + 1) >> 1)
        bound = FULL * (longest - apart) // longest if longest else FULL
        bound = (bound + FULL * _min(n, m) // _max(n, m)) // 2
        if bound >= least and not dead[segment]:
            self.candidates.push_back((<uint64_t>(FULL - bound) << 32) | <uint64_t>segment)

    cdef bint _verify(self, Query query, int64_t least, int64_t k) noexcept nogil:
        """Compare candidates, the most promising first, until none can be among the best."""
        cdef uint64_t key
        cdef int64_t bound, wanted = least, segment
        cdef size_t place, early = 0, other
        cdef bint complete = True, known
        if self.candidates.empty():
            return True
        self._patterns()
        self._count(1)
        self.promising.clear()
        if query.words > 1:
            self._refine(least)
        # Those that share the most words raise what is wanted before the bounds, which tell long texts badly apart, are gone through.
        sort(self.promising.begin(), self.promising.end())
        early = self.promising.size() if self.promising.size() < EARLY else EARLY
        for place in range(early):
            wanted = self._tried(<int64_t>(self.promising[place] & <uint64_t>0xFFFFFFFFULL), wanted, k)
        sort(self.candidates.begin(), self.candidates.end())
        for place in range(self.candidates.size()):
            self._fetch(place, self.candidates.size())
            key = self.candidates[place]
            bound, segment = FULL - <int64_t>(key >> 32), <int64_t>(key & <uint64_t>0xFFFFFFFFULL)
            if bound < wanted:
                break
            if self.spent > BUDGET:
                complete = False
                break
            known = False
            for other in range(early):
                known = known or <int64_t>(self.promising[other] & <uint64_t>0xFFFFFFFFULL) == segment
            if not known:
                wanted = self._tried(segment, wanted, k)
        self._count(0)
        return complete

    cdef int64_t _tried(self, int64_t segment, int64_t wanted, int64_t k) noexcept nogil:
        """Compare one segment; returns what is wanted from now on."""
        cdef int64_t points = self._points(segment, wanted)
        if points < wanted or not self._read_words(segment):
            return wanted
        self.out_ids.push_back(<uint32_t>segment)
        self.out_points.push_back(points)
        self.out_same.push_back(self._same_words())
        return _max(wanted, self._raised(points, k))

    cdef void _refine(self, int64_t least) noexcept nogil:
        """Lower each candidate's bound by what its words say, so that the nearest are compared first; some drop out."""
        cdef int64_t n = self.q_numbers.size(), most, segment, cost, bound, near, place, kept = 0, count = self.candidates.size()
        cdef uint64_t* candidates = &self.candidates[0]
        for place in range(count):
            self._fetch(place, count)
            segment = <uint32_t>candidates[place]
            if n > SHORT or segment >= self.few:
                if not self._read_words(segment):
                    continue
                most = _max(n, self.found)
                if not self._shares(most):
                    continue
                cost = 100 * _max(n - self.found, 0)
                for at in range(self.left):
                    cost += self.least_costs[self._meet(self.left_over[at])] if n <= MEET_AT_ONCE else self.floors[self.left_over[at]]
                near = self._near(segment, most)
                bound = (near + FULL * (100 * most - cost) // (100 * most)) // 2
                if bound < least:
                    continue
                candidates[kept] = (<uint64_t>(FULL - bound) << 32) | <uint64_t>segment
                self.promising.push_back(<uint64_t>(FULL * _max(self.left, self.left + n - self.found) // most) << 32 | <uint64_t>segment)
            else:
                candidates[kept] = candidates[place]
            kept += 1
        self.candidates.resize(kept)

    cdef inline void _fetch(self, int64_t place, int64_t count) noexcept nogil:
        """Ask for the memory of the candidates that come soon."""
        cdef int64_t start
        if place + 8 < count:
            tm_prefetch(&self.row_ends[<uint32_t>self.candidates[place + 8]])
        if place + 4 < count:
            start = self.row_ends[<uint32_t>self.candidates[place + 4]]
            if start < self.rows.shape[0]:
                tm_prefetch(&self.rows[start])

    cdef int64_t _near(self, int64_t segment, int64_t most) noexcept nogil:
        """What the letters can score at most, by their number and by the words that are not shared."""
        cdef int64_t length = self.lengths[segment], longest = _max(length, self.q_letters.size()), apart
        apart = _max(longest - _min(length, self.q_letters.size()), (_max(self.left, self.left + <int64_t>self.q_numbers.size() - self.found) + 1) >> 1)
        return FULL * (longest - apart) // longest if longest else FULL

    cdef int64_t _raised(self, int64_t points, int64_t k) noexcept nogil:
        """The k-th best so far, or 0 while there are fewer."""
        cdef int64_t place = self.best.size()
        self.best.push_back(points)
        while place > 0 and self.best[place - 1] < points:
            self.best[place] = self.best[place - 1]
            place -= 1
        self.best[place] = points
        if <int64_t>self.best.size() > k:
            self.best.pop_back()
        return self.best[k - 1] if <int64_t>self.best.size() == k else 0

    cdef bint _same_words(self) noexcept nogil:
        cdef int64_t place
        if <int64_t>self.q_numbers.size() != self.found:
            return False
        for place in range(self.found):
            if self.q_numbers[place] != self.found_words[place]:
                return False
        return True

    cdef int64_t _points(self, int64_t segment, int64_t wanted) noexcept nogil:
        """The similarity of a segment, or -1 where it is below what is wanted."""
        cdef int64_t n = self.q_numbers.size(), most, said, longest, near, distance
        if n <= SHORT and segment < self.few:
            if not self._read_chunks(segment) or not self._read_letters():
                return -1
            longest = _max(self.length, self.q_letters.size())
            if longest == 0:
                return FULL
            distance = self._distance(longest * (FULL - wanted) // FULL)
            return FULL * (longest - distance) // longest if distance >= 0 else -1
        if not self._read_words(segment):
            return -1
        most = _max(n, self.found)
        if not self._shares(most):
            return -1
        near = self._near(segment, most)
        distance = 100 * most * (FULL - _max(2 * wanted - near, 0)) // FULL
        said = self._least_word_distance(distance) if n > FEW else self._word_distance(distance)
        if said < 0 or said > distance:
            return -1
        said = FULL * (100 * most - said) // (100 * most)
        if not self._read_letters():
            return -1
        longest = _max(self.length, self.q_letters.size())
        distance = self._distance(longest * (FULL - _max(2 * wanted - said, 0)) // FULL if longest else 0)
        if distance < 0:
            return -1
        near = FULL * (longest - distance) // longest if longest else FULL
        if n > FEW:
            distance = self._word_distance(100 * most * (FULL - _max(2 * wanted - near, 0)) // FULL)
            if distance < 0:
                return -1
            said = FULL * (100 * most - distance) // (100 * most)
        return (near + said) // 2

    cdef bint _read_words(self, int64_t segment) noexcept nogil:
        """A segment's chunks and words; False where the run is damaged."""
        cdef int64_t start, stop, place, number
        cdef uint32_t* found = &self.found_words[0]
        self.found = 0
        if not self._read_chunks(segment):
            return False
        for number in range(self.chunks):
            start, stop = self.chunk_word_rows[self.found_chunks[number]], self.chunk_word_rows[self.found_chunks[number] + 1]
            if start > stop or stop > self.chunk_words.shape[0] or self.found + stop - start > LONGEST:
                return False
            for place in range(start, stop):
                if self.chunk_words[place] >= self.word_count:
                    return False
                found[self.found] = self.chunk_words[place]
                self.found += 1
        return True

    cdef bint _read_chunks(self, int64_t segment) noexcept nogil:
        """A segment's chunks from its row; False where the run is damaged."""
        cdef int64_t at = self.row_ends[segment], end = self.row_ends[segment + 1], chunk, shift
        cdef const uint8_t* rows = &self.rows[0]
        self.chunks = 0
        if end > self.rows.shape[0]:
            return False
        while at < end:
            chunk = rows[at]
            at += 1
            if chunk & 0x80:
                chunk &= 0x7F
                shift = 7
                while at < end:
                    chunk |= <int64_t>(rows[at] & 0x7F) << shift
                    shift += 7
                    at += 1
                    if not rows[at - 1] & 0x80 or shift > 28:
                        break
            if chunk >= self.chunk_count or self.chunks > LONGEST:
                return False
            self.found_chunks[self.chunks] = <uint32_t>chunk
            self.chunks += 1
        return True

    cdef bint _read_letters(self) noexcept nogil:
        """The letters of the chunks just read, each as the number of its row of the query's places."""
        cdef int64_t chunk, start, stop, at = 0, place, number, letters = self.slots.size()
        cdef uint16_t code
        cdef uint32_t* laid = &self.laid[0]
        cdef const uint16_t* slots = &self.slots[0]
        for number in range(self.chunks):
            chunk = self.found_chunks[number]
            start, stop = self.chunk_rows[chunk], self.chunk_rows[chunk + 1]
            if start > stop or stop > self.chunk_letter_count or at + stop - start > LONGEST:
                return False
            if at:
                laid[at] = slots[self.table[32]]
                at += 1
            for place in range(start, stop):
                code = _letter(&self.chunk_letters[0], place, self.wide)
                if code >= letters:
                    return False
                laid[at] = slots[code]
                at += 1
        self.length = at
        return True

    cdef bint _shares(self, int64_t most) noexcept nogil:
        """Whether enough words of the segment are the query's; those left over are kept."""
        cdef int64_t left = 0, place, allowed = self.found - _ceil(FLOOR * most, 100)
        cdef uint32_t word
        cdef const uint32_t* found = &self.found_words[0]
        cdef uint32_t* left_over = &self.left_over[0]
        cdef uint16_t* counts = &self.counts[0]
        for place in range(self.found):
            word = found[place]
            if counts[word]:
                counts[word] -= 1
            else:
                left_over[left] = word
                left += 1
                if left > allowed:
                    break
        self._count(0)
        self._count(1)
        self.left = left
        return left <= allowed

    cdef void _count(self, int64_t each) noexcept nogil:
        """Count the query's words, or forget them with 0."""
        cdef int64_t word
        for word in self.q_numbers:
            if word >= 0:
                self.counts[word] = <uint16_t>(self.counts[word] + 1) if each else 0

    cdef int64_t _least_word_distance(self, int64_t limit) noexcept nogil:
        """What the words cost at least, or more than the limit.

        Like words taken for the same, the distance is that many words added, dropped or exchanged for unlike ones, each for
        100; of the segment's words left over, those that are not among them cost the cheapest change there is.
        """
        cdef int64_t n = self.q_numbers.size(), blocks = _ceil(n, 64), place, total = 0, value, more
        if <int64_t>self.costs.size() > ROOM:
            self._forget()
        self.often.assign(101, 0)
        total = 100 * _max(n - self.found, 0)
        for place in range(self.left):
            value = self.least_costs[self._meet(self.left_over[place])]
            self.often[value] += 1
            total += value
        if total > limit:
            return total
        for place in range(self.found):
            self.laid[place] = <uint32_t>self._meet(self.found_words[place])
        place = self._banded(&self.likes[0], n, self.found, limit // 100, blocks)
        if place < 0:
            return limit + 1
        total, more = 100 * place, self.left - place
        for value in range(101):
            if more <= 0:
                break
            total += value * _min(more, self.often[value])
            more -= self.often[value]
        return total

    cdef int64_t _meet(self, int64_t word) noexcept nogil:
        """The number under which a word is known while the query lasts; its costs are reckoned when it is met first."""
        cdef int64_t known = self.met_as[word], kinds = self.kind_places.size(), kind, place, n, m, longest, cost
        cdef int64_t blocks = _ceil(self.q_numbers.size(), 64)
        cdef uint64_t bits, mine
        cdef uint8_t least
        cdef uint8_t* row
        if known:
            return known - 1
        known = self.met.size()
        self.met.push_back(<uint32_t>word)
        self.met_as[word] = <uint32_t>(known + 1)
        self.costs.resize((known + 1) * kinds)
        self.likes.resize((known + 1) * blocks, 0)
        self.spent += kinds
        row = &self.costs[known * kinds]
        least = 100
        bits, m = self.word_bits[word], <int64_t>self.word_rows[word + 1] - <int64_t>self.word_rows[word]
        if m <= 0 or <int64_t>self.word_rows[word] + m > self.word_letter_count:
            memset(row, 100, kinds)
            self.least_costs.push_back(100)
            return known
        if m <= 64:
            for place in range(m):
                self.laid_out[_letter(&self.word_letters[0], self.word_rows[word] + place, self.wide)] |= (<uint64_t>1) << place
        for kind in range(kinds):
            n, mine = self.q_sizes[kind], self.q_bits[kind]
            longest = _max(n, m)
            cost = 100
            if (
                2 * (longest - _min(n, m)) <= longest
                and 2 * tm_popcount(mine & ~bits) <= longest
                and 2 * tm_popcount(bits & ~mine) <= longest
            ):
                place = self.kind_places[kind]
                if self.q_numbers[place] == word:
                    row[kind] = 0
                    continue
                cost = self._changed(place, m) if m <= 64 else self._changed_slowly(place, word)
            row[kind] = <uint8_t>cost
            least = <uint8_t>_min(least, cost)
        if m <= 64:
            for place in range(m):
                self.laid_out[_letter(&self.word_letters[0], self.word_rows[word] + place, self.wide)] = 0
        if <int64_t>self.q_numbers.size() > FEW:
            for place in range(<int64_t>self.q_numbers.size()):
                if row[self.kinds[place]] < 100:
                    self.likes[known * blocks + (place >> 6)] |= (<uint64_t>1) << (place & 63)
        self.least_costs.push_back(least)
        return known

    cdef void _forget(self) noexcept nogil:
        """Forget the words that were met."""
        cdef uint32_t word
        for word in self.met:
            self.met_as[word] = 0
        self.met.clear()
        self.costs.clear()
        self.likes.clear()
        self.least_costs.clear()

    cdef int64_t _word_distance(self, int64_t limit) noexcept nogil:
        """Levenshtein's distance over words in hundredths, or -1 beyond the limit.

        Equal beginnings and ends cost nothing and are left out. Off the diagonal by more than the limit allows, no way
        leads back below it (Ukkonen 1985).
        """
        cdef int64_t first = 0, n = self.q_numbers.size(), m = self.found, i, j, kinds = self.kind_places.size(), low, high
        cdef int64_t band = limit // 100
        cdef int32_t diagonal, above, cost, least, left, far = <int32_t>_min(limit + 100, 1 << 30)
        cdef const uint8_t* row
        cdef int32_t* line
        cdef const uint32_t* kind
        if _max(n, m) - _min(n, m) > band:
            return -1
        while first < n and first < m and self.q_numbers[first] == self.found_words[first]:
            first += 1
        while n > first and m > first and self.q_numbers[n - 1] == self.found_words[m - 1]:
            n -= 1
            m -= 1
        n -= first
        m -= first
        if n == 0 or m == 0:
            return 100 * _max(n, m) if 100 * _max(n, m) <= limit else -1
        if <int64_t>self.costs.size() > ROOM:
            self._forget()
        self.spent += n * m
        self.line.resize(n + 1)
        line, kind = &self.line[0], &self.kinds[first]
        for i in range(n + 1):
            line[i] = <int32_t>(100 * i)
        for j in range(m):
            i = self._meet(self.found_words[first + j])
            row = &self.costs[i * kinds]
            low, high = _max(0, j - band), _min(n, j + band + 1)
            diagonal = line[low]
            left = far if low else line[0] + 100
            line[low] = left
            least = left
            for i in range(low, high):
                above = line[i + 1]
                cost = diagonal + row[kind[i]]
                diagonal = above
                above = (above if above < left else left) + 100
                left = cost if cost < above else above
                line[i + 1] = left
                least = left if left < least else least
            if high < n:
                line[high + 1] = far
            if least > limit:
                return -1
        return line[n] if line[n] <= limit else -1

    cdef int64_t _changed(self, int64_t place, int64_t m) noexcept nogil:
        """What it costs to make a word of the query of the one whose letters are laid out, in hundredths (Myers 1999)."""
        cdef int64_t x = self.q_word_rows[place], n = self.q_word_rows[place + 1] - x, longest = _max(n, m), score = m, at
        cdef uint64_t pv = <uint64_t>-1, mv = 0, eq, xv, xh, ph, mh, last = (<uint64_t>1) << (m - 1)
        cdef const uint64_t* laid_out = &self.laid_out[0]
        cdef const uint16_t* letters = &self.q_word_letters[x]
        for at in range(n):
            eq = laid_out[letters[at]]
            xv = eq | mv
            xh = (((eq & pv) + pv) ^ pv) | eq
            ph = mv | ~(xh | pv)
            mh = pv & xh
            score += ((ph & last) != 0) - ((mh & last) != 0)
            ph = (ph << 1) | 1
            mh = mh << 1
            pv = mh | ~(xv | ph)
            mv = ph & xv
        self.spent += n
        score = _ceil(100 * score, longest)
        return score if score <= LIKE else 100

    cdef int64_t _changed_slowly(self, int64_t i, int64_t word) noexcept nogil:
        """As `_changed`, for words of more than 64 letters."""
        cdef int64_t x = self.q_word_rows[i], y = self.word_rows[word], n = self.q_word_rows[i + 1] - x, m = self.word_rows[word + 1] - y
        cdef int64_t longest = _max(n, m), a, b, diagonal, above, cost, least
        self.letter_line.resize(m + 1)
        for b in range(m + 1):
            self.letter_line[b] = b
        for a in range(n):
            diagonal = self.letter_line[0]
            self.letter_line[0] += 1
            least = self.letter_line[0]
            for b in range(m):
                above = self.letter_line[b + 1]
                cost = 0 if self.q_word_letters[x + a] == _letter(&self.word_letters[0], y + b, self.wide) else 1
                self.letter_line[b + 1] = _min(diagonal + cost, _min(above, self.letter_line[b]) + 1)
                least = _min(least, self.letter_line[b + 1])
                diagonal = above
            if 2 * least > longest:
                return 100
        self.spent += n * m
        cost = _ceil(100 * self.letter_line[m], longest)
        return cost if cost <= LIKE else 100

    cdef void _patterns(self) noexcept nogil:
        """For each letter of the query the places where it stands, 64 to a block (Myers 1999)."""
        cdef int64_t n = self.q_letters.size(), blocks = _max(1, _ceil(n, 64)), place
        cdef uint16_t code, slot
        for code in self.used:
            self.slots[code] = 0
        self.used.clear()
        self.peq.assign(blocks, 0)
        for place in range(n):
            code = self.q_letters[place]
            if code == UNKNOWN:
                continue
            slot = self.slots[code]
            if slot == 0:
                self.used.push_back(code)
                slot = <uint16_t>self.used.size()
                self.slots[code] = slot
                self.peq.resize((slot + 1) * blocks, 0)
            self.peq[slot * blocks + (place >> 6)] |= (<uint64_t>1) << (place & 63)

    cdef int64_t _distance(self, int64_t most) noexcept nogil:
        """Levenshtein's distance between the query and the letters read, or -1 beyond `most` (Myers 1999, Hyyrö 2003)."""
        cdef int64_t n = self.q_letters.size(), m = self.length, blocks = _max(1, _ceil(n, 64)), j, score = n
        cdef uint64_t pv, mv, eq, xv, xh, ph, mh, last = (<uint64_t>1) << ((n - 1) & 63)
        cdef const uint64_t* peqs = &self.peq[0]
        cdef const uint32_t* laid = &self.laid[0]
        if _max(n, m) - _min(n, m) > most:
            return -1
        if n == 0 or m == 0:
            return _max(n, m)
        if blocks > 1:
            return self._banded(peqs, n, m, most, blocks)
        self.spent += m
        pv, mv = <uint64_t>-1, 0
        for j in range(m):
            eq = peqs[laid[j]]
            xv = eq | mv
            xh = (((eq & pv) + pv) ^ pv) | eq
            ph = mv | ~(xh | pv)
            mh = pv & xh
            score += ((ph & last) != 0) - ((mh & last) != 0)
            if score - (m - 1 - j) > most:
                return -1
            ph = (ph << 1) | 1
            mh = mh << 1
            pv = mh | ~(xv | ph)
            mv = ph & xv
        return score

    cdef int64_t _banded(self, const uint64_t* peqs, int64_t n, int64_t m, int64_t most, int64_t blocks) noexcept nogil:
        """Levenshtein's distance of what is laid out, or -1 beyond `most`, block by block along the diagonal.

        What is farther from the diagonal than `most` allows is never on the way. Values at the band's edges are those of real
        ways, only not the shortest, so that none comes out too low (Ukkonen 1985).
        """
        cdef int64_t j, block, first = 0, last, score, rows, below = (most + n - m) // 2, above = (most - n + m) // 2
        cdef uint64_t pv, mv, eq, xv, xh, ph, mh, carry_p, carry_m, end = (<uint64_t>1) << ((n - 1) & 63), bottom
        cdef uint64_t* pvs
        cdef uint64_t* mvs
        cdef const uint64_t* peq
        cdef const uint32_t* laid = &self.laid[0]
        if _max(n, m) - _min(n, m) > most:
            return -1
        self.pv.assign(blocks, <uint64_t>-1)
        self.mv.assign(blocks, 0)
        pvs, mvs = &self.pv[0], &self.mv[0]
        last = _min(blocks - 1, below >> 6)
        score = _min((last + 1) << 6, n)
        for j in range(m):
            peq = peqs + <int64_t>laid[j] * blocks
            first = _max(0, j - above) >> 6
            rows = _min(blocks - 1, (j + below) >> 6)
            if rows > last:
                last = rows
                score += _min((last + 1) << 6, n) - (last << 6)
            carry_p, carry_m = 1, 0
            bottom = end if last == blocks - 1 else (<uint64_t>1) << 63
            self.spent += last + 1 - first
            for block in range(first, last + 1):
                pv, mv = pvs[block], mvs[block]
                eq = peq[block]
                xv = eq | mv
                eq |= carry_m
                xh = (((eq & pv) + pv) ^ pv) | eq
                ph = mv | ~(xh | pv)
                mh = pv & xh
                if block == last:
                    if ph & bottom:
                        score += 1
                    elif mh & bottom:
                        score -= 1
                xh = ph >> 63
                ph = (ph << 1) | carry_p
                carry_p = xh
                xh = mh >> 63
                mh = (mh << 1) | carry_m
                carry_m = xh
                pvs[block] = mh | ~(xv | ph)
                mvs[block] = ph & xv
            if last == blocks - 1 and score - (m - 1 - j) > most:
                return -1
        return score if score <= most else -1
