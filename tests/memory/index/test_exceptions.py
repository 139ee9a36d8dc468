"""Exceptions: columns of mostly one entry give back what they were made of."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memory.index.exceptions import MANY, rows_of, singles
from memory.index.segments import word_digests

ROWS = st.lists(st.lists(st.integers(0, MANY - 1), max_size=4), max_size=30)


@given(ROWS)
def test_rows_of_any_size_come_back_as_they_were(rows):
    entries = np.array([entry for row in rows for entry in row], np.uint32)
    sizes = np.array([len(row) for row in rows], np.int64)
    found, counts = rows_of(*singles(entries, sizes))
    assert found.tolist() == entries.tolist()
    assert counts.tolist() == sizes.tolist()


@given(st.lists(st.text(max_size=12), max_size=30))
def test_a_word_has_the_same_digest_in_whatever_company(words):
    together = word_digests(words).tolist()
    assert together == [int(word_digests([word])[0]) for word in words]
    assert len(set(together)) == len(set(words))
