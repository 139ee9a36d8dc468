"""What changed, shown to people: both wordings can be read out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.differences import Kept, Run, differences, excerpts

wordings = st.one_of(
    st.lists(
        st.sampled_from(["seed", "bank", "the ", " ", "30", "90 ", ".", "种子", "库", "é", "\n"]), max_size=12
    ).map("".join),
    st.text(max_size=30),
)


@given(before=wordings, now=wordings)
def test_both_wordings_can_be_read_out_of_the_runs(before, now):
    runs = differences(before, now)
    assert "".join(run.text for run in runs if run.kept is not Kept.COME) == before
    assert "".join(run.text for run in runs if run.kept is not Kept.GONE) == now
    assert all(run.text for run in runs)


@given(wording=wordings)
def test_what_did_not_change_has_no_difference(wording):
    assert all(run.kept is Kept.SAME for run in differences(wording, wording))
    assert excerpts(wording, wording) == ()


@given(before=wordings, now=wordings)
def test_an_excerpt_stands_in_its_wording(before, now):
    for was, is_now in excerpts(before, now):
        assert was in before
        assert is_now in now


def test_a_number_is_shown_with_a_word_on_either_side():
    assert excerpts("Send it within 30 days, please.", "Send it within 90 days, please.") == (
        ("within 30 days", "within 90 days"),
    )


def test_changes_side_by_side_are_one_and_others_stay_apart():
    before = "The old map of the small harbour is on the wall near the door."
    now = "The new chart of the small harbour is on the wall near the gate."
    assert excerpts(before, now) == (("The old map of", "The new chart of"), ("the door.", "the gate."))


def test_blanks_after_a_change_belong_to_no_side():
    assert differences("within 30 days", "within 90 days") == (
        Run(Kept.SAME, "within "),
        Run(Kept.GONE, "30"),
        Run(Kept.COME, "90"),
        Run(Kept.SAME, " days"),
    )


def test_chinese_is_compared_by_character():
    assert differences("三十天内", "九十天内")[:2] == (Run(Kept.GONE, "三"), Run(Kept.COME, "九"))


@pytest.mark.parametrize("size", [6_000, 60_000])
def test_a_very_long_text_is_shown_whole(size):
    before, now = "seed " * size, "seed " * size + "bank"
    assert differences(before, now)[0] == Run(Kept.GONE, before)
