"""Reasons and sentences: what the house says is read back as it was said, whatever stands in it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain import reasons, sentences
from tm_service.domain.edits import EditClass
from tm_service.domain.sentences import Said
from tm_service.domain.serving import Origin, Translation

# Names that could be taken for a piece of a sentence, and letters of every kind.
NAMES = st.sampled_from(
    [
        "text/home.json",
        "a (b)",
        "x; y",
        "of 2026-01-05",
        " by Ines",
        "fr title (never translated)",
        "{site}",
        "é\n",
        "\ud800",
    ]
)
AUTHORS = st.sampled_from(["", "Ines", "Ana; Ben", "O (né) X", "مريم"])
SIMPLE = (reasons.CURRENT, reasons.UNCONFIRMED, reasons.FROM_THIS)
FOUND = (reasons.SAME_FILE, reasons.SAME_KEY, reasons.MOST_PLACES)


@st.composite
def whys(draw):
    """A reason as serving makes it, and what it says."""
    entry = Translation(
        "garden",
        "fr",
        "text/home.json",
        ("k",),
        "f",
        "s",
        "t",
        datetime(2026, 1, 5, tzinfo=UTC),
        draw(st.sampled_from(Origin)),
        author=draw(AUTHORS),
        reference=draw(st.sampled_from(["", "c0ffeec0ffeec0ffee", "demo-3-fr@abc"])),
    )
    origin = reasons.origin_of(entry)
    reference = "demo-3-fr" if "@" in entry.reference else entry.reference[:12]
    made = Said("made", {"origin": entry.origin, "reference": reference, "day": "2026-01-05", "author": entry.author})
    kind = draw(st.sampled_from(["alone", "simple", "found", "changed", "carried", "held", "both"]))
    if kind == "alone":
        one = draw(st.sampled_from([reasons.NEVER, reasons.WAIVED, reasons.UNSAFE, reasons.CODE]))
        return one.say(), [Said(one.code)]
    if kind == "simple":
        one = draw(st.sampled_from(SIMPLE))
        return one.say(origin=origin), [Said(one.code), made]
    if kind == "found":
        one, resource = draw(st.sampled_from(FOUND)), draw(NAMES)
        said = reasons.FOUND.say(why=one.say(resource=resource), origin=origin)
        return said, [Said(one.code, {"resource": resource}), made]
    edit = draw(st.sampled_from(EditClass))
    why, said = reasons.CHANGED.say(edit=edit, origin=origin), [Said("changed", {"edit": edit}), made]
    if kind in ("carried", "both"):
        why, said = reasons.CARRIED.say(since=why), [Said("carried"), *said]
    if kind in ("held", "both"):
        why, said = reasons.HELD.say(since=why), [Said("held"), *said]
    return why, said


@given(whys())
def test_a_reason_is_read_back_as_it_was_made(made):
    why, said = made
    assert [*reasons.read(why)] == said


UNITS = st.sampled_from(["text/home.json lead", "notes (1).json title"])


@given(st.lists(st.tuples(st.sampled_from(["fr", "zh-TW"]), UNITS, whys()), min_size=1, max_size=4), st.integers(0, 3))
def test_a_closed_gate_names_each_text_and_why(found, more):
    named = "; ".join(f"{locale} {unit}.{n} ({why})" for n, (locale, unit, (why, _)) in enumerate(found))
    said = sentences.GATE_CLOSED.say(count="9 units", losses=f"{named} and {more} more" if more else named)
    read = sentences.read(said)
    assert read.code == "gate-closed"
    told, left = reasons.losses(read.values)
    assert [(locale, unit, [*why]) for locale, unit, why in told] == [
        (locale, f"{unit}.{n}", said) for n, (locale, unit, (_, said)) in enumerate(found)
    ]
    assert left == more


@pytest.mark.parametrize(
    "said", ["", "nothing of this kind", "translated from this source, by magic", "the source changed since (x)"]
)
def test_what_the_house_does_not_say_is_not_read_as_something_else(said):
    assert reasons.read(said) == ()
    assert sentences.read(said) is None


@pytest.mark.parametrize("sentence", sentences.SENTENCES, ids=lambda one: one.english)
def test_every_sentence_is_read_as_itself(sentence):
    names = {piece for place, piece in enumerate(sentences._PLACE.split(sentence.english)) if place % 2}
    values = {name: f"<{name} {{it}} \ud800>" for name in names}
    assert sentences.read(sentence.say(**values)) == Said(sentence.code, values)
