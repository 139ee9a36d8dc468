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
    SLOTS = 32768
    CHEAP = 64  # pairs of words that are compared to sharpen a bound

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
    cdef const uint16_t[::1] chunk_letters, word_letters, lengths
    cdef const uint64_t[::1] word_bits, word_digests, again_digests, signatures, long_digests
    cdef const uint8_t[::1] short_words, positions, rows, group_extra
    cdef object _held
    cdef int64_t count, chunk_count, word_count
    cdef vector[uint16_t] table, slots
    cdef vector[uint8_t] seen
    cdef vector[uint32_t] touched, touched_groups
    cdef vector[int64_t] need, limit, deep
    # one query's
    cdef vector[uint16_t] q_letters, q_word_letters, buffer
    cdef vector[int64_t] q_word_rows, q_numbers, q_ranks, found_words, line, letter_line
    cdef vector[uint64_t] q_bits, q_digests, peq, pv, mv, candidates
    cdef vector[uint16_t] used
    cdef vector[uint32_t] out_ids
    cdef vector[int64_t] out_points, best
    cdef vector[uint8_t] out_same
    cdef vector[uint64_t] promising
    cdef vector[int64_t] left_over, found_chunks
    cdef vector[uint16_t] counts
    cdef int64_t length
    cdef vector[uint64_t] change_keys
    cdef vector[uint8_t] change_costs
    cdef uint64_t stamp, q_bag
    cdef int64_t spent

    def __init__(self, arrays):
        self._held = arrays
        self.alphabet = arrays["alphabet"]
        self.chunk_rows = arrays["chunk_rows"]
        self.chunk_letters = arrays["chunk_letters"]
        self.word_rows = arrays["word_rows"]
        self.word_letters = arrays["word_letters"]
        self.chunk_word_rows = arrays["chunk_word_rows"]
        self.chunk_words = arrays["chunk_words"]
        self.word_digests = arrays["word_digests"]
        self.word_ranks = arrays["word_ranks"]
        self.word_bits = arrays["word_bits"]
        self.again_digests = arrays["again_digests"]
        self.again_ranks = arrays["again_ranks"]
        self.groups = arrays["groups"]
        self.group_extra = arrays["group_extra"]
        self.group_starts = arrays["group_starts"]
        self.short_words = arrays["short_words"]
        self.signatures = arrays["signatures"]
        self.lengths = arrays["lengths"]
        self.posting_rows = arrays["posting_rows"]
        self.postings = arrays["postings"]
        self.positions = arrays["positions"]
        self.rows = arrays["rows"]
        self.row_ends = arrays["row_ends"]
        self.long_digests = arrays["long_digests"]
        self.long_places = arrays["long_places"]
        self.count = self.signatures.shape[0]
        self.chunk_count = self.chunk_rows.shape[0] - 1
        self.word_count = self.word_digests.shape[0]
        cdef int64_t place
        self.table.assign(TABLE, UNKNOWN)
        for place in range(self.alphabet.shape[0]):
            if self.alphabet[place] < TABLE:
                self.table[self.alphabet[place]] = <uint16_t>place
        self.slots.assign(self.alphabet.shape[0] + 1, 0)
        self.change_keys.assign(SLOTS, 0)
        self.change_costs.assign(SLOTS, 0)
        self.stamp = 0
        self.counts.assign(self.word_count, 0)
        self.seen.assign(self.count, 0)
        self.touched.assign(self.count, 0)
        self.touched_groups.assign(self.count, 0)
        self.need.assign(self.groups.shape[0], 0)
        self.limit.assign(self.groups.shape[0], 0)
        self.deep.assign(self.groups.shape[0], 0)
        self.buffer.assign(LONGEST + 2, 0)

    def search(self, str letters, tuple words, list digests, int64_t least, int64_t k, int64_t margin, const uint8_t[::1] dead):
        """As `memory.index.arrays.ArraySearch.search`."""
        if dead.shape[0] != self.count:
            raise ValueError("There must be one mark for each segment.")
        self.out_ids.clear()
        self.out_points.clear()
        self.out_same.clear()
        cdef bint complete = True
        if len(letters) <= LONGEST:
            self._prepare(letters, words, digests)
            complete = self._search(least, k, margin, &dead[0] if self.count else NULL)
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
        cdef uint64_t digest
        cdef int64_t number, place, other, again
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
        for word, digest in zip(words, digests):
            for letter in word:
                self.q_word_letters.push_back(self._code(letter))
            self.q_bits.push_back(_bag(word))
            self.q_word_rows.push_back(self.q_word_letters.size())
            number = _find(&self.word_digests[0], self.word_count, digest) if self.word_count else -1
            if number >= 0 and not self._is_word(number, self.q_numbers.size()):
                number = -1
            again = 0
            for other in range(<int64_t>self.q_digests.size()):
                again += self.q_digests[other] == digest
            self.q_digests.push_back(digest)
            self.q_numbers.push_back(number)
            self.q_ranks.push_back(self._rank(number, digest ^ (<uint64_t>again * GOLDEN), again))
        self.stamp = (self.stamp + 1) & 0xFFFFFF
        if self.stamp == 0:
            self.change_keys.assign(SLOTS, 0)
            self.stamp = 1
        self.spent = 0

    cdef bint _is_word(self, int64_t number, int64_t place) noexcept nogil:
        cdef int64_t start = self.q_word_rows[place], length = self.q_word_rows[place + 1] - start, at
        cdef int64_t first = self.word_rows[number]
        if self.word_rows[number + 1] - first != length or first + length > self.word_letters.shape[0]:
            return False
        for at in range(length):
            if self.word_letters[first + at] != self.q_word_letters[start + at]:
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

    cdef bint _search(self, int64_t least, int64_t k, int64_t margin, const uint8_t* dead) noexcept nogil:
        cdef Query query
        query.words = self.q_numbers.size()
        query.letters = self.q_letters.size()
        self.candidates.clear()
        self.best.clear()
        if query.words <= SHORT:
            self._short(query, least, dead)
        if query.words >= SHORT:
            self._filed(query, least, dead)
        return self._verify(query, least, k, margin)

    cdef void _short(self, Query query, int64_t least, const uint8_t* dead) noexcept nogil:
        """Both have at most two words: everything of about the same length whose letters may do."""
        cdef int64_t end = _min(self.group_starts[1], self.count) if self.groups.shape[0] and self.groups[0] == 0 else 0
        cdef int64_t place = 0, stop, length, longest, most, apart, bound
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
        cdef int64_t n = query.words, place, group, m, start, end, at, rank, again, other, segment, low = -1, high = -1, last
        cdef int64_t until, count = 0
        cdef int64_t total = self.posting_rows.shape[0] - 1, deepest = 0
        cdef uint64_t mine = 0
        cdef const uint32_t* postings = &self.postings[0]
        cdef const uint8_t* positions = &self.positions[0]
        cdef uint8_t* seen = &self.seen[0]
        cdef uint32_t* touched = &self.touched[0]
        cdef uint32_t* groups = &self.touched_groups[0]
        cdef uint8_t deep
        for place in range(n):
            again = 0
            for other in range(place):
                again += self.q_digests[other] == self.q_digests[place]
            mine |= (<uint64_t>1) << ((self.q_digests[place] ^ (<uint64_t>again * GOLDEN)) >> 58)
        sort(self.q_ranks.begin(), self.q_ranks.end())
        for group in range(self.groups.shape[0]):
            m = self.groups[group] if self.groups[group] else SHORT
            if 100 * m < FLOOR * n or 100 * n < FLOOR * m or _max(n, m) <= SHORT:
                continue
            low = group if low < 0 else low
            high = group
            self.need[group] = _ceil(FLOOR * _max(n, m), 100)
            self.limit[group] = n - self.need[group] + 1 + self.group_extra[group]
            self.deep[group] = m - self.need[group] + self.group_extra[group]
            deepest = _max(deepest, self.limit[group])
        if low < 0:
            return
        for place in range(_min(deepest, n)):
            rank = self.q_ranks[place]
            if rank < 0 or rank >= total:
                continue
            start, end = self.posting_rows[rank], self.posting_rows[rank + 1]
            if end > self.postings.shape[0]:
                continue
            group, last = low, high
            while group <= last and place >= self.limit[group]:
                group += 1
            while last >= group and place >= self.limit[last]:
                last -= 1
            if group > last:
                continue
            at = _lower(postings, start, end, self.group_starts[group])
            while at < end and group <= last:
                until = _min(self.group_starts[group + 1], self.count)
                deep = <uint8_t>_min(_max(self.deep[group], 0), 255)
                if place >= self.limit[group] or self.deep[group] < 0:
                    at = _lower(postings, at, end, <uint32_t>until)
                while at < end and postings[at] < until:
                    if positions[at] <= deep:
                        segment = postings[at]
                        if seen[segment] == 0:
                            touched[count] = <uint32_t>segment
                            groups[count] = <uint32_t>group
                            count += 1
                        seen[segment] += seen[segment] < 255
                    at += 1
                group += 1
        for place in range(count):
            segment, group = touched[place], groups[place]
            again = seen[segment]
            seen[segment] = 0
            if again > self.group_extra[group]:
                self._consider(query, segment, group, mine, least, dead)

    cdef void _consider(self, Query query, int64_t segment, int64_t group, uint64_t mine, int64_t least, const uint8_t* dead) noexcept nogil:
        """Make a candidate of a segment that shares enough of the rarest words, where signature and length leave a chance."""
        cdef int64_t n = query.words, m = self.groups[group], missing = 0, apart, length = self.lengths[segment], longest, bound
        cdef uint64_t theirs = self.signatures[segment]
        if m == 0:
            m = SHORT
            if segment >= self.short_words.shape[0] or self.short_words[segment] != SHORT:
                return
        else:
            missing, apart = tm_popcount(mine & ~theirs), tm_popcount(theirs & ~mine)
            if missing > n - self.need[group] or apart > m - self.need[group]:
                return
            missing = _max(missing, apart)
        longest = _max(length, query.letters)
        apart = _max(longest - _min(length, query.letters), (missing + 1) >> 1)
        bound = FULL * (longest - apart) // longest if longest else FULL
        bound = (bound + FULL * _min(n, m) // _max(n, m)) // 2
        if bound >= least and not dead[segment]:
            self.candidates.push_back((<uint64_t>(FULL - bound) << 32) | <uint64_t>segment)

    cdef bint _verify(self, Query query, int64_t least, int64_t k, int64_t margin) noexcept nogil:
        """Compare candidates, the most promising first, until none can be among the best."""
        cdef uint64_t key
        cdef int64_t bound, wanted = least, segment
        cdef size_t place, early = 0, other
        cdef bint complete = True, known
        self._patterns()
        self._count(1)
        self.promising.clear()
        if query.words > 1:
            self._refine(least)
        # Those that share the most words raise what is wanted before the bounds, which tell long texts badly apart, are gone through.
        sort(self.promising.begin(), self.promising.end())
        early = self.promising.size() if self.promising.size() < EARLY else EARLY
        for place in range(early):
            wanted = self._tried(<int64_t>(self.promising[place] & <uint64_t>0xFFFFFFFFULL), wanted, k, margin)
        sort(self.candidates.begin(), self.candidates.end())
        for key in self.candidates:
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
                wanted = self._tried(segment, wanted, k, margin)
        self._count(0)
        return complete

    cdef int64_t _tried(self, int64_t segment, int64_t wanted, int64_t k, int64_t margin) noexcept nogil:
        """Compare one segment; returns what is wanted from now on."""
        cdef int64_t points = self._points(segment, wanted)
        if points < wanted:
            return wanted
        self.out_ids.push_back(<uint32_t>segment)
        self.out_points.push_back(points)
        self.out_same.push_back(self._same_words())
        return _max(wanted, self._raised(points, k) - margin)

    cdef void _refine(self, int64_t least) noexcept nogil:
        """Lower each candidate's bound by what its words say, so that the nearest are compared first; some drop out."""
        cdef int64_t n = self.q_numbers.size(), m, most, segment, said, bound, near, shared
        cdef size_t place, kept = 0, ahead
        for place in range(self.candidates.size()):
            ahead = place + 8
            if ahead < self.candidates.size():
                tm_prefetch(&self.row_ends[self.candidates[ahead] & <uint64_t>0xFFFFFFFFULL])
            ahead = place + 4
            if ahead < self.candidates.size():
                segment = self.row_ends[self.candidates[ahead] & <uint64_t>0xFFFFFFFFULL]
                if segment < self.rows.shape[0]:
                    tm_prefetch(&self.rows[segment])
            segment = self.candidates[place] & <uint64_t>0xFFFFFFFFULL
            if not self._read_words(segment):
                continue
            m = self.found_words.size()
            most = _max(n, m)
            if most > SHORT:
                shared = self._shared()
                if 100 * shared < FLOOR * most:
                    continue
                said = FULL * (100 * most - self._least_word_distance(CHEAP)) // (100 * most)
                near = _max(self.lengths[segment], self.q_letters.size())
                bound = _max(near - _min(self.lengths[segment], self.q_letters.size()), (most - shared + 1) >> 1)
                near = FULL * (near - bound) // near if near else FULL
                bound = (near + said) // 2
                if bound < least:
                    continue
                self.candidates[kept] = (<uint64_t>(FULL - bound) << 32) | <uint64_t>segment
                self.promising.push_back((<uint64_t>(FULL - FULL * shared // most) << 32) | <uint64_t>segment)
            else:
                self.candidates[kept] = self.candidates[place]
            kept += 1
        self.candidates.resize(kept)

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
        cdef size_t place
        if self.q_numbers.size() != self.found_words.size():
            return False
        for place in range(self.found_words.size()):
            if self.q_numbers[place] != self.found_words[place]:
                return False
        return True

    cdef int64_t _points(self, int64_t segment, int64_t wanted) noexcept nogil:
        """The similarity of a segment, or -1 where it is below what is wanted."""
        cdef int64_t n = self.q_numbers.size(), m, most, said, longest, near, distance
        if not self._read_words(segment):
            return -1
        m = self.found_words.size()
        most = _max(n, m)
        if most > SHORT and 100 * self._shared() < FLOOR * most or not self._read_letters():
            return -1
        longest = _max(self.length, self.q_letters.size())
        if most <= SHORT:
            if longest == 0:
                return FULL
            distance = self._distance(longest * (FULL - wanted) // FULL)
            return FULL * (longest - distance) // longest if distance >= 0 else -1
        said = FULL * (100 * most - self._least_word_distance(1 << 14)) // (100 * most)
        if 2 * wanted - said > FULL:
            return -1
        distance = self._distance(longest * (FULL - _max(2 * wanted - said, 0)) // FULL if longest else 0)
        if distance < 0:
            return -1
        near = FULL * (longest - distance) // longest if longest else FULL
        distance = self._word_distance(100 * most * (FULL - _max(2 * wanted - near, 0)) // FULL)
        return (near + FULL * (100 * most - distance) // (100 * most)) // 2 if distance >= 0 else -1

    cdef bint _read_words(self, int64_t segment) noexcept nogil:
        """A segment's chunks and words from its row; False where the run is damaged."""
        cdef int64_t at = self.row_ends[segment], end = self.row_ends[segment + 1], chunk, shift, start, stop, place
        self.found_chunks.clear()
        self.found_words.clear()
        if end > self.rows.shape[0]:
            return False
        while at < end:
            chunk, shift = 0, 0
            while at < end:
                chunk |= <int64_t>(self.rows[at] & 0x7F) << shift
                shift += 7
                at += 1
                if not self.rows[at - 1] & 0x80 or shift > 28:
                    break
            if chunk >= self.chunk_count:
                return False
            self.found_chunks.push_back(chunk)
            start, stop = self.chunk_word_rows[chunk], self.chunk_word_rows[chunk + 1]
            if start > stop or stop > self.chunk_words.shape[0]:
                return False
            for place in range(start, stop):
                if self.chunk_words[place] >= self.word_count:
                    return False
                self.found_words.push_back(self.chunk_words[place])
        return True

    cdef bint _read_letters(self) noexcept nogil:
        """The letters of the chunks just read."""
        cdef int64_t chunk, start, stop, at = 0, place
        cdef uint16_t space = self.table[32]
        for chunk in self.found_chunks:
            start, stop = self.chunk_rows[chunk], self.chunk_rows[chunk + 1]
            if start > stop or stop > self.chunk_letters.shape[0] or at + stop - start > LONGEST:
                return False
            if at:
                self.buffer[at] = space
                at += 1
            for place in range(start, stop):
                self.buffer[at] = self.chunk_letters[place]
                at += 1
        self.length = at
        return True

    cdef int64_t _shared(self) noexcept nogil:
        """How many words the query and the segment have in common; the query's that are left over are kept by their places."""
        cdef int64_t found = 0, word, place
        for word in self.found_words:
            if self.counts[word]:
                self.counts[word] -= 1
                found += 1
        if 100 * found >= FLOOR * _max(self.q_numbers.size(), self.found_words.size()):
            self.left_over.clear()
            for place in range(<int64_t>self.q_numbers.size()):
                word = self.q_numbers[place]
                if word < 0:
                    self.left_over.push_back(place)
                elif self.counts[word]:
                    self.counts[word] -= 1
                    self.left_over.push_back(place)
        self._count(0)
        self._count(1)
        return found

    cdef void _count(self, int64_t each) noexcept nogil:
        """Count the query's words, or forget them with 0."""
        cdef int64_t word
        for word in self.q_numbers:
            if word >= 0:
                self.counts[word] = <uint16_t>(self.counts[word] + 1) if each else 0

    cdef int64_t _least_word_distance(self, int64_t cheap) noexcept nogil:
        """What the words left over cost at least: each the cheapest change there is, and what the segment has more."""
        cdef int64_t n = self.q_numbers.size(), m = self.found_words.size(), total = 100 * _max(m - n, 0), i, j, least
        if <int64_t>self.left_over.size() * m > cheap:
            return 100 * (_max(n, m) - _min(n, m))
        for i in self.left_over:
            least = 100
            for j in range(m):
                if self.found_words[j] != self.q_numbers[i]:
                    least = _min(least, self._change(i, self.found_words[j]))
            total += least
        return total

    cdef int64_t _word_distance(self, int64_t limit) noexcept nogil:
        """Levenshtein's distance over words in hundredths, or -1 beyond the limit.

        Equal beginnings and ends cost nothing and are left out.
        """
        cdef int64_t first = 0, n = self.q_numbers.size(), m = self.found_words.size(), i, j, diagonal, above, cost, least, band, low
        while first < n and first < m and self.q_numbers[first] == self.found_words[first]:
            first += 1
        while n > first and m > first and self.q_numbers[n - 1] == self.found_words[m - 1]:
            n -= 1
            m -= 1
        self.spent += (n - first) * (m - first) * 8
        self.line.resize(m - first + 1)
        for j in range(m - first + 1):
            self.line[j] = 100 * j
        # Off the diagonal by more than the limit allows, no way leads back below it (Ukkonen 1985).
        band = limit // 100
        if _max(n, m) - _min(n, m) > band:
            return -1
        for i in range(first, n):
            low = _max(0, i - first - band)
            diagonal = self.line[low]
            self.line[low] = limit + 100 if low else self.line[0] + 100
            least = self.line[low]
            for j in range(first + low, _min(m, i + band + 1)):
                above = self.line[j - first + 1]
                cost = 0 if self.q_numbers[i] == self.found_words[j] else self._change(i, self.found_words[j])
                cost = _min(diagonal + cost, _min(above, self.line[j - first]) + 100)
                self.line[j - first + 1] = cost
                least = _min(least, cost)
                diagonal = above
            if least > limit:
                return -1
        return self.line[m - first] if self.line[m - first] <= limit else -1

    cdef inline int64_t _change(self, int64_t i, int64_t word) noexcept nogil:
        """What it costs to make one word of another, in hundredths; remembered while the query lasts."""
        cdef int64_t y = self.word_rows[word], n = self.q_word_rows[i + 1] - self.q_word_rows[i], m = self.word_rows[word + 1] - y
        cdef int64_t longest = _max(n, m)
        cdef uint64_t key, slot
        if m < 0 or y + m > self.word_letters.shape[0] or 2 * (longest - _min(n, m)) > longest:
            return 100
        if 2 * tm_popcount(self.q_bits[i] & ~self.word_bits[word]) > longest or 2 * tm_popcount(self.word_bits[word] & ~self.q_bits[i]) > longest:
            return 100
        key = self.stamp << 40 | <uint64_t>i << 26 ^ <uint64_t>word << 1 | 1
        # Words beyond 2 ** 25 would share keys with others: they are reckoned anew each time.
        if word >> 25 or i >> 14:
            return self._changed(i, word)
        slot = (key * GOLDEN) >> 49
        if self.change_keys[slot] != key:
            self.change_keys[slot] = key
            self.change_costs[slot] = <uint8_t>self._changed(i, word)
        return self.change_costs[slot]

    cdef int64_t _changed(self, int64_t i, int64_t word) noexcept nogil:
        cdef int64_t x = self.q_word_rows[i], y = self.word_rows[word], n = self.q_word_rows[i + 1] - x, m = self.word_rows[word + 1] - y
        cdef int64_t longest = _max(n, m), a, b, diagonal, above, cost, least
        while n and m and self.q_word_letters[x] == self.word_letters[y]:
            x += 1
            y += 1
            n -= 1
            m -= 1
        while n and m and self.q_word_letters[x + n - 1] == self.word_letters[y + m - 1]:
            n -= 1
            m -= 1
        self.letter_line.resize(m + 1)
        for b in range(m + 1):
            self.letter_line[b] = b
        for a in range(n):
            diagonal = self.letter_line[0]
            self.letter_line[0] += 1
            least = self.letter_line[0]
            for b in range(m):
                above = self.letter_line[b + 1]
                cost = 0 if self.q_word_letters[x + a] == self.word_letters[y + b] else 1
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
        cdef int64_t n = self.q_letters.size(), m = self.length, blocks = _max(1, _ceil(n, 64)), j, block, score = n
        cdef int64_t letters = self.slots.size()
        cdef uint64_t pv, mv, eq, xv, xh, ph, mh, carry_p, carry_m, last = (<uint64_t>1) << ((n - 1) & 63)
        cdef uint64_t* pvs
        cdef uint64_t* mvs
        cdef const uint64_t* peqs = &self.peq[0]
        cdef const uint64_t* peq
        cdef const uint16_t* slots = &self.slots[0]
        cdef const uint16_t* buffer = &self.buffer[0]
        cdef uint16_t code
        if _max(n, m) - _min(n, m) > most:
            return -1
        if n == 0 or m == 0:
            return _max(n, m)
        self.spent += m * blocks
        if blocks == 1:
            pv, mv = <uint64_t>-1, 0
            for j in range(m):
                code = buffer[j]
                if code >= letters:
                    return -1
                eq = peqs[slots[code]]
                xv = eq | mv
                xh = (((eq & pv) + pv) ^ pv) | eq
                ph = mv | ~(xh | pv)
                mh = pv & xh
                if ph & last:
                    score += 1
                elif mh & last:
                    score -= 1
                if score - (m - 1 - j) > most:
                    return -1
                ph = (ph << 1) | 1
                mh = mh << 1
                pv = mh | ~(xv | ph)
                mv = ph & xv
            return score
        self.pv.assign(blocks, <uint64_t>-1)
        self.mv.assign(blocks, 0)
        pvs, mvs = &self.pv[0], &self.mv[0]
        for j in range(m):
            code = buffer[j]
            if code >= letters:
                return -1
            peq = peqs + slots[code] * blocks
            carry_p, carry_m = 1, 0
            for block in range(blocks):
                pv, mv = pvs[block], mvs[block]
                eq = peq[block]
                xv = eq | mv
                eq |= carry_m
                xh = (((eq & pv) + pv) ^ pv) | eq
                ph = mv | ~(xh | pv)
                mh = pv & xh
                if block == blocks - 1:
                    if ph & last:
                        score += 1
                    elif mh & last:
                        score -= 1
                xh = ph >> 63
                ph = (ph << 1) | carry_p
                carry_p = xh
                xh = mh >> 63
                mh = (mh << 1) | carry_m
                carry_m = xh
                pvs[block] = mh | ~(xv | ph)
                mvs[block] = ph & xv
            if score - (m - 1 - j) > most:
                return -1
        return score
