"""Files: every kind of damage to a whole return gets its answer; no unit is lost, and a refusal changes nothing."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mutations.corpus import meets
from tests.mutations.file_corpus import FILE_KINDS, file_answer, file_rows
from tests.mutations.kind import Answer
from tests.mutations.sent import FRENCH, TOTAL, handed_off, taken_in


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.name)
@given(seed=st.integers(0, 2**16))
@settings(max_examples=2, deadline=None)
def test_each_kind_of_file_gets_its_answer(kind, seed):
    answer, lost, refusal = file_answer(kind, seed)
    assert meets(kind, answer)
    assert lost == 0
    assert (answer is Answer.REJECTED) == bool(refusal)


@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.name)
def test_what_is_accepted_is_what_the_translator_wrote_and_the_rest_stays_work(kind, tmp_path):
    house, sent = handed_off(tmp_path)
    if kind.meanwhile:
        kind.meanwhile(house)
    before, known = house.dump(), house.translations("fr")
    answer, receipt, refusal = taken_in(house, *kind.damage(sent, Random(1)))
    new = {entry.key[-1]: entry.target for entry in house.translations("fr")[len(known) :]}
    if receipt is None:
        assert refusal.endswith((".", "…"))
        assert len(refusal.splitlines()) == 1
        assert house.dump() == before
    else:
        assert receipt.accepted == TOTAL - kind.left
        assert len(new) == receipt.accepted + (answer is Answer.PROPOSAL and kind.left)
        assert receipt.open == kind.left
        assert sum(FRENCH[key] == target for key, target in new.items()) >= len(new) - (answer is Answer.WARNED)
    house.store.close()


def test_the_files_are_of_many_kinds_and_each_has_its_row_in_the_table():
    assert len({kind.name for kind in FILE_KINDS}) == len(FILE_KINDS) >= 50
    rows = list(file_rows(1, FILE_KINDS[:2]))
    assert [name for name, _, _, _ in rows] == [f"file: {kind.name}" for kind in FILE_KINDS[:2]]
    assert all(met for _, _, _, met in rows)
