"""Law 1: what readers saw translated yesterday is not in English today."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.world import ENGLISH, EXAMPLES, WORK, Seen, World, beginnings, new_world, steps

walks = st.tuples(
    beginnings(), steps(*ENGLISH, *WORK, "deploy", "deploy", "deploy", "deploy", "waive", "roll_back", most=24)
)


def _lost(before: Seen, after: Seen, world: World) -> list[str]:
    """Units that were shown translated and are shown in English, and texts that lost their translation by moving."""
    lost = []
    for (locale, path, key), (english, shown) in before.texts.items():
        if shown == english:
            continue
        unit = locale, path, key
        if unit in after.texts:
            places = [unit]
        else:
            places = [
                place
                for place, (text, _) in after.texts.items()
                if text == english and place[0] == locale and place not in before.texts
            ]
        for place in places:
            text, now = after.texts[place]
            if now == text and place not in world.waived:
                lost.append(f"deployment {after.number}, {place}: {shown!r} became {now!r}")
    return lost


def _walk(begun, steps) -> None:
    with new_world(begun) as world:
        for name in world.play([("deploy", 0, 0, 0), *steps, ("deploy", 0, 0, 0)]):
            if name == "deploy" and len(world.seen) > 1 and not world.seen[-1].rolled_back:
                assert _lost(*world.seen[-2:], world) == []


@given(walks)
@settings(max_examples=EXAMPLES)
def test_no_text_that_was_served_translated_turns_english_in_a_few_walks(walk):
    _walk(*walk)


@pytest.mark.slow
@given(walks)
@settings(max_examples=20 * EXAMPLES)
def test_no_text_that_was_served_translated_turns_english(walk):
    _walk(*walk)
