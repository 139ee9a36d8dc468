# distutils: language = c++
# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Kernel: the search of `memory.index.arrays` in machine code, with equal answers; the door to `native/search.hpp`."""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libcpp cimport bool as cbool
from libcpp.memory cimport unique_ptr
from libcpp.utility cimport move
from libcpp.vector cimport vector

from memory.index.query import Answer as Given

ctypedef fused Number:
    uint8_t
    uint16_t
    uint32_t
    uint64_t


cdef extern from "native/run.hpp" namespace "memory_index" nogil:
    cdef cppclass Row[T]:
        const T* at
        int64_t count

    cdef cppclass Run:
        Row[uint32_t] alphabet, chunk_rows, chunk_word, chunk_words, word_rows, digest_words, word_ranks, again_ranks, groups, group_starts
        Row[uint32_t] posting_rows, postings, row_ends, more_variants, more_pairs, numbers_places, numbers, codes_places, codes
        Row[uint16_t] lengths
        Row[uint8_t] chunk_letters, word_letters, label_letters, short_words, rows, group_extra, group_width
        Row[uint64_t] word_bits, word_digests, again_digests, signatures
        Row[uint32_t] pairs
        Row[uint64_t] wide_pairs
        cbool wide
        int64_t count
        void check() except +ValueError


cdef extern from "native/search.hpp" namespace "memory_index" nogil:
    cdef int64_t LONGEST

    cdef cppclass Wanted:
        uint32_t numbers, codes
        int64_t for_numbers, for_codes, for_case, for_punctuation, least, most
        const uint8_t* dead
        const uint8_t* gone

    cdef cppclass Answer:
        int64_t left, points, segment, variant, first, last

    cdef cppclass Answers:
        vector[Answer] found
        void begin(const Wanted&)

    cdef cppclass Words:
        void begin()
        void add(const vector[uint32_t]&) except +
        void end() except +

    cdef cppclass Search:
        Words words
        Answers answers
        vector[uint32_t] folds, fold_rows, folded
        Search(const Run&) except +
        void letters(const vector[uint32_t]&) except +
        cbool run() except +


cdef class Kernel:
    """One run, ready to be searched by several threads."""

    cdef Run run
    cdef object _held
    cdef int64_t _pairs
    cdef vector[unique_ptr[Search]] _idle
    cdef vector[uint32_t] _folds, _fold_rows

    def __init__(self, arrays):
        """Raises ValueError for arrays that contradict each other."""
        self._held = arrays
        self.run.alphabet = _row[uint32_t](arrays["alphabet"])
        self.run.chunk_rows = _row[uint32_t](arrays["chunk_rows"])
        self.run.chunk_word = _row[uint32_t](arrays["chunk_word"])
        self.run.chunk_words = _row[uint32_t](arrays["chunk_words"])
        self.run.word_rows = _row[uint32_t](arrays["word_rows"])
        self.run.digest_words = _row[uint32_t](arrays["digest_words"])
        self.run.word_ranks = _row[uint32_t](arrays["word_ranks"])
        self.run.again_ranks = _row[uint32_t](arrays["again_ranks"])
        self.run.groups = _row[uint32_t](arrays["groups"])
        self.run.group_starts = _row[uint32_t](arrays["group_starts"])
        self.run.posting_rows = _row[uint32_t](arrays["posting_rows"])
        self.run.postings = _row[uint32_t](arrays["postings"])
        self.run.row_ends = _row[uint32_t](arrays["row_ends"])
        self.run.more_variants = _row[uint32_t](arrays["more_variants"])
        self.run.more_pairs = _row[uint32_t](arrays["more_pairs"])
        self.run.numbers_places = _row[uint32_t](arrays["numbers_places"])
        self.run.numbers = _row[uint32_t](arrays["numbers"])
        self.run.codes_places = _row[uint32_t](arrays["codes_places"])
        self.run.codes = _row[uint32_t](arrays["codes"])
        self.run.lengths = _row[uint16_t](arrays["lengths"])
        self.run.wide = arrays["chunk_letters"].itemsize == 2
        if {arrays[name].itemsize for name in ("word_letters", "label_letters")} != {arrays["chunk_letters"].itemsize}:
            raise ValueError("The letters of the run are damaged.")
        self.run.chunk_letters = _row[uint8_t](arrays["chunk_letters"].view("u1"))
        self.run.word_letters = _row[uint8_t](arrays["word_letters"].view("u1"))
        self.run.label_letters = _row[uint8_t](arrays["label_letters"].view("u1"))
        self.run.short_words = _row[uint8_t](arrays["short_words"])
        self.run.rows = _row[uint8_t](arrays["rows"])
        self.run.group_extra = _row[uint8_t](arrays["group_extra"])
        self.run.group_width = _row[uint8_t](arrays["group_width"])
        self.run.word_bits = _row[uint64_t](arrays["word_bits"])
        self.run.word_digests = _row[uint64_t](arrays["word_digests"])
        self.run.again_digests = _row[uint64_t](arrays["again_digests"])
        self.run.signatures = _row[uint64_t](arrays["signatures"])
        if arrays["pairs"].itemsize == 8:
            self.run.wide_pairs = _row[uint64_t](arrays["pairs"])
        else:
            self.run.pairs = _row[uint32_t](arrays["pairs"])
        self._pairs = len(arrays["pairs"])
        self.run.check()

    def search(self, query, int64_t least, int64_t k, penalties, const uint8_t[::1] dead, const uint8_t[::1] gone):
        """As `memory.index.arrays.ArraySearch.search`."""
        cdef str letters = query.form.letters
        if (dead is not None and dead.shape[0] != self.run.count) or (gone is not None and gone.shape[0] != self._pairs):
            raise ValueError("There must be one mark for each segment and pair.")
        if len(letters) > LONGEST or not self.run.count:
            return [], True
        cdef Wanted wanted
        wanted.numbers, wanted.codes = query.numbers, query.codes
        wanted.for_numbers, wanted.for_codes = 100 * penalties.numbers, 100 * penalties.codes
        wanted.for_case, wanted.for_punctuation = 100 * penalties.case, 100 * penalties.punctuation
        wanted.least, wanted.most = least, k
        wanted.dead = &dead[0] if dead is not None else NULL
        wanted.gone = &gone[0] if gone is not None else NULL
        cdef unique_ptr[Search] search
        if self._idle.empty():
            search.reset(new Search(self.run))
        else:
            search = move(self._idle.back())
            self._idle.pop_back()
        cdef Search* here = search.get()
        here.words.begin()
        for word in query.form.words:
            here.words.add(_points(word))
        here.words.end()
        here.letters(_points(letters))
        here.answers.begin(wanted)
        if wanted.for_case != wanted.for_punctuation:
            self._fold()
            here.folds, here.fold_rows, here.folded = self._folds, self._fold_rows, _points(letters.casefold())
        cdef cbool complete
        with nogil:
            complete = here.run()
        found = [
            Given(answer.left, answer.points, answer.segment, answer.variant, self._pairs_of(answer, wanted.gone))
            for answer in here.answers.found
        ]
        self._idle.push_back(move(search))
        return found, complete

    cdef tuple _pairs_of(self, const Answer& answer, const uint8_t* gone):
        cdef list pairs = []
        cdef int64_t place
        for place in range(answer.first, answer.last):
            if gone == NULL or not gone[place]:
                pairs.append(self.run.pairs.at[place] if self.run.pairs.count else self.run.wide_pairs.at[place])
        return tuple(pairs)

    cdef _fold(self):
        """What each letter of the alphabet is with case folded."""
        cdef int64_t place
        if self._fold_rows.empty():
            self._fold_rows.push_back(0)
            for place in range(self.run.alphabet.count):
                for letter in chr(self.run.alphabet.at[place]).casefold():
                    self._folds.push_back(ord(letter))
                self._fold_rows.push_back(<uint32_t>self._folds.size())


cdef vector[uint32_t] _points(str text):
    """The code points of a text."""
    cdef vector[uint32_t] points
    cdef Py_UCS4 letter
    points.reserve(len(text))
    for letter in text:
        points.push_back(letter)
    return points


cdef Row[Number] _row(const Number[::1] array):
    cdef Row[Number] row
    row.count = array.shape[0]
    row.at = &array[0] if row.count else NULL
    return row
