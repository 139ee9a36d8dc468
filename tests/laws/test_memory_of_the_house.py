"""Laws 3, 4 and 12: what counts as current is of today's source, nothing accepted is lost, and everything has a reason."""

import re
from collections import Counter

from hypothesis import given, settings

from tests.laws.world import ENGLISH, EXAMPLES, LOCALES, WORK, World, beginnings, new_world, steps
from tm_service.domain.serving import Answer, Rule
from tm_service.domain.text import fingerprint, is_skeleton
from tm_service.domain.units import key_text
from tm_service.usecases.pages import read_pages

course = steps(*ENGLISH, *WORK, "deploy", "deploy", "waive", "roll_back", most=20)


def _served(world: World):
    """Every decision of the latest deployment, with the translation it rests on."""
    with world.house.store.read() as tx:
        latest = tx.latest(world.house.name)
        if latest is None:
            return
        for page in read_pages(tx, tx.pages(world.house.name, latest.number)).values():
            found = tx.numbered([entry.translation for entry in page.served])
            for entry in page.served:
                yield page, entry, found.get(entry.translation)


@given(beginnings(), course)
@settings(max_examples=EXAMPLES)
def test_what_counts_as_current_was_made_from_todays_source(begun, course):
    with new_world(begun) as world:
        for name in world.play([*course, ("deploy", 0, 0, 0)]):
            if name != "deploy" or not world.seen:
                continue
            today = {(path, key): text for (_, path, key), (text, _) in world.seen[-1].texts.items()}
            for page, entry, translation in _served(world):
                assert entry.source == fingerprint(today[page.resource, entry.key])
                if entry.rule in (Rule.CURRENT, Rule.MEMORY):
                    assert translation.fingerprint == entry.source
                elif entry.translated:
                    assert entry.edit is not None


@given(beginnings(), course)
@settings(max_examples=EXAMPLES)
def test_coverage_counts_each_unit_once(begun, course):
    with new_world(begun) as world:
        for name in world.play([*course, ("deploy", 0, 0, 0)]):
            if name != "deploy" or not world.seen:
                continue
            counted = {locale: Counter[str]() for locale in LOCALES}
            for page, entry, _ in _served(world):
                counted[page.locale][entry.rule] += 1
            report = world.house.service.coverage(world.house.name)
            for locale in LOCALES:
                kinds, units, words = counted[locale], report.locales[locale].units, report.locales[locale].words
                assert units.units == kinds.total()
                assert units.current == kinds[Rule.CURRENT]
                for tally in (units, words):
                    parts = tally.current, tally.from_memory, tally.stale, tally.held, tally.missing
                    assert tally.units == sum(parts)
                    assert tally.out <= tally.units - tally.current
                assert report.deployment.coverage[locale].units.covered == units.covered


@given(beginnings(), course)
@settings(max_examples=EXAMPLES)
def test_nothing_that_was_accepted_is_lost(begun, course):
    with new_world(begun) as world:
        kept = world.house.translations()
        for _ in world.play(course):
            now = world.house.translations()
            assert now[: len(kept)] == kept
            kept = now
        for entry in kept:
            copied = fingerprint(entry.target) == entry.fingerprint
            assert entry.target.strip()
            assert entry.answer is Answer.SAME if copied else not is_skeleton(entry.target, entry.source)


@given(beginnings(), course)
@settings(max_examples=EXAMPLES)
def test_everything_that_is_served_says_why(begun, course):
    with new_world(begun) as world:
        for name in world.play([*course, ("deploy", 0, 0, 0)]):
            if name != "deploy" or not world.seen:
                continue
            for page, entry, translation in _served(world):
                told = world.house.service.explain(world.house.name, page.locale, page.resource, key_text(entry.key))
                assert told.entry == entry
                assert entry.why.strip()
                assert (told.translation is not None) == entry.translated
                if entry.translated and entry.answer is Answer.TEXT:
                    carried = "renamed placeholder carried over" in entry.why
                    assert translation.target == entry.text or (
                        carried and _without_names(translation.target) == _without_names(entry.text)
                    )


def _without_names(text: str) -> str:
    return re.sub(r"\{\w+\}", "{}", text)
