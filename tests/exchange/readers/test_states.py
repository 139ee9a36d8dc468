"""States: what each tool's word for a target is to us."""

import pytest

from tm_service.domain.packages import Stage
from tm_service.exchange.readers.states import MEMOQ, PHRASE, TRADOS, XLIFF_1, XLIFF_2, least, stage_of, xliff2_stage

WORDS = [
    (XLIFF_1, "needs-translation", Stage.UNTOUCHED),
    (XLIFF_1, "needs-review-l10n", Stage.DRAFT),
    (XLIFF_1, "Translated", Stage.TRANSLATED),
    (XLIFF_1, "signed-off", Stage.APPROVED),
    (XLIFF_1, "x-anything", Stage.SILENT),
    (XLIFF_2, "initial", Stage.UNTOUCHED),
    (XLIFF_2, "reviewed", Stage.APPROVED),
    (TRADOS, "Draft", Stage.DRAFT),
    (TRADOS, "RejectedSignOff", Stage.REJECTED),
    (TRADOS, "ApprovedTranslation", Stage.APPROVED),
    (TRADOS, "", Stage.SILENT),
    (MEMOQ, "NotStarted", Stage.UNTOUCHED),
    (MEMOQ, "PartiallyEdited", Stage.DRAFT),
    (MEMOQ, "ManuallyConfirmed", Stage.TRANSLATED),
    (MEMOQ, "Reviewer1Confirmed", Stage.APPROVED),
    (MEMOQ, "Rejected", Stage.REJECTED),
    (PHRASE, "0", Stage.DRAFT),
    (PHRASE, "true", Stage.TRANSLATED),
    (PHRASE, "2", Stage.APPROVED),
]


@pytest.mark.parametrize(("table", "word", "stage"), WORDS)
def test_a_tools_word_has_one_stage(table, word, stage):
    assert stage_of(table, word) is stage


def test_a_unit_is_as_far_as_its_least_segment():
    assert least([Stage.APPROVED, Stage.TRANSLATED, Stage.DRAFT]) is Stage.DRAFT
    assert least([Stage.TRANSLATED, Stage.SILENT]) is Stage.SILENT
    assert least([Stage.UNTOUCHED, Stage.REJECTED]) is Stage.REJECTED
    assert least([]) is Stage.SILENT


def test_every_stage_has_its_place_in_the_order():
    assert {least([stage, Stage.APPROVED]) for stage in Stage} == set(Stage)


@pytest.mark.parametrize(
    ("state", "sub_state", "stage"),
    [
        ("", "", Stage.SILENT),
        ("translated", "", Stage.TRANSLATED),
        ("final", "mq:Rejected", Stage.REJECTED),
        ("translated", "sdl:Draft", Stage.DRAFT),
        ("translated", "my:fuzzy-match", Stage.DRAFT),
        ("initial", "tool:final", Stage.UNTOUCHED),
        ("reviewed", "tool:anything", Stage.APPROVED),
    ],
)
def test_a_sub_state_only_takes_back(state, sub_state, stage):
    assert xliff2_stage(state, sub_state) is stage
