"""Comments: notes, limits and directives told apart, whoever writes them and however long."""

import pytest

from extractors.comments import about
from tm_service.domain.units import NOTHING_SAID, About


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("", NOTHING_SAID),
        ("  \n", NOTHING_SAID),
        ("On the button.", About("On the button.")),
        ("On the button. tm:ignore", About("On the button.", ignored=True)),
        ("tm:legal", About(legal=True)),
        ("TM:Legal, tm:maxlength = 40", About(legal=True, limit=40)),
        ("tm:maxlength=30 tm:legal", About(limit=30, legal=True)),
        ("x tm:legal tm:ignore", About("x", legal=True, ignored=True)),
        ("First line\n   tm:ignore\nlast line", About("First line\n\nlast line", ignored=True)),
        ("At most 40 characters.", About("At most 40 characters.", limit=40)),
        ("max-length: 12", About("max-length: 12", limit=12)),
        ("Short, 20 chars max", About("Short, 20 chars max", limit=20)),
        (
            "max 90 characters, on phones at most 25 letters",
            About("max 90 characters, on phones at most 25 letters", limit=25),
        ),
        ("max 90 characters tm:maxlength=60", About("max 90 characters", limit=60)),
        ("The limit of 30 days", About("The limit of 30 days")),
        ("atm:ignored, item:legally", About("atm:ignored, item:legally")),
    ],
)
def test_what_a_comment_says(comment, said):
    assert about(comment) == said


def test_the_source_it_had_before_goes_along():
    assert about("", "Close") == About(previous="Close")
    assert about("A note", "Close") == About("A note", previous="Close")


def test_long_blanks_and_repetitions_take_no_time():
    for part in (" ", "\t", "tm:", "max ", "9"):
        assert about("x" + part * 50_000 + "y").note
