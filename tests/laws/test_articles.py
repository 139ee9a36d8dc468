"""The laws for articles: whatever editors do to sentences, nothing that readers had translated turns English."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.article_world import ArticleWorld, lost, new_article, walks
from tests.laws.world import EXAMPLES, LOCALES


def _walk(sizes, steps) -> None:
    with new_article(sizes) as world:
        world.deploy()
        for name, a, b in [*steps, ("deploy", 0, 0)]:
            before = world.shown
            getattr(world, name)(a, b)
            if name in ("deploy", "write_back"):
                assert lost(world, before) == []


@given(walks)
@settings(max_examples=EXAMPLES)
def test_no_sentence_that_was_served_translated_turns_english_in_a_few_walks(walk):
    _walk(*walk)


@pytest.mark.slow
@given(walks)
@settings(max_examples=20 * EXAMPLES)
def test_no_sentence_that_was_served_translated_turns_english(walk):
    _walk(*walk)


def _shown(world: ArticleWorld, locale: str) -> list[str]:
    return [world.shown[locale][one.text].text for part in world.before for one in part]


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.integers(0, 99), st.integers(0, 99))
@settings(max_examples=EXAMPLES)
def test_sentences_that_move_keep_their_translations_word_for_word(sizes, a, b):
    with new_article(sizes) as world:
        world.deploy()
        before = {locale: sorted(_shown(world, locale)) for locale in LOCALES}
        world.move(a, b)
        world.move_paragraph(b, a)
        world.deploy()
        assert {locale: sorted(_shown(world, locale)) for locale in LOCALES} == before


def test_a_sentence_cut_in_two_shows_the_old_translation_once():
    with new_article([3]) as world:
        world.deploy()
        before = _shown(world, "fr")
        world.split(0, 0)
        world.deploy()
        assert "".join(_shown(world, "fr")).replace(" ", "") == "".join(before).replace(" ", "")
        assert len(_shown(world, "fr")) == len(before) + 1


def test_two_sentences_that_become_one_show_both_translations():
    with new_article([3]) as world:
        world.deploy()
        one, other, last = _shown(world, "fr")
        world.join(0, 0)
        world.deploy()
        assert _shown(world, "fr") == [f"{one} {other}", last]


def test_a_sentence_that_is_wholly_new_between_its_old_neighbours_is_shown_as_it_was():
    with new_article([3, 2]) as world:
        world.deploy()
        was = world.shown["fr"][world.paragraphs[0][1].text].text
        world.edit(1, 0)
        world.deploy()
        assert world.shown["fr"][world.paragraphs[0][1].text].text == was


def test_one_edited_sentence_sends_one_sentence():
    with new_article([3, 2]) as world:
        world.deploy()
        world.edit(1, 3)
        assert [len(package.work) for package, _, _ in world.house.packages()] == [1, 1]


def test_what_the_store_cleared_stays():
    with new_article([2, 2]) as world:
        world.deploy()
        before = {locale: _shown(world, locale) for locale in LOCALES}
        world.clear(0, 0)
        world.deploy()
        assert {locale: _shown(world, locale) for locale in LOCALES} == before
