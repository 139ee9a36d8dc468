"""Hearing: every word of a translation is told to a sentence, however differently its paragraphs are cut."""

import re

from hypothesis import given
from hypothesis import strategies as st

from extractors.articles.cutting import cut
from extractors.articles.hearing import heard
from memory.alignment import align, segment
from tests.extractors.articles.editing import articles, edited, html

TARGETS = {
    "fr": "Les roseaux poussent. L’eau tombe, et le vent souffle ! Que faire ? Attendre. ",
    "zh": "芦苇生长。水落下来，风在吹！怎么办？等。",
    "ar": "ينمو القصب. يسقط الماء، وتهب الريح! ما العمل؟ ننتظر. ",
}


def told(source: str, target: str, language: str = "fr") -> dict[str, str]:
    ours, theirs = cut(source, "en", segment), cut(target, language, segment)
    found = heard(ours, theirs, align, ("en", language))
    return {ours.of(ours.pieces[number]): found[number].text for number in sorted(found)}


def unsure(source: str, target: str, language: str = "fr") -> set[str]:
    ours, theirs = cut(source, "en", segment), cut(target, language, segment)
    found = heard(ours, theirs, align, ("en", language))
    return {ours.of(ours.pieces[number]) for number, said in found.items() if not said.sure}


def words(text: str) -> str:
    return re.sub(r"<[^<>]*>|\s", "", text)


@given(st.data(), st.sampled_from(sorted(TARGETS)))
def test_no_word_of_a_translation_is_lost(data, language):
    source = html(data.draw(articles()))
    texts = data.draw(
        st.lists(st.lists(st.integers(0, len(TARGETS[language]) - 1), min_size=2, max_size=2), max_size=5)
    )
    target = "".join(f"<p>{TARGETS[language][min(ends) : max(ends)]}</p>" for ends in texts)
    found = told(source, target, language)
    shown = cut(target, language, segment)
    said = [shown.of(shown.pieces[number]) for block in shown.blocks for number in block.sentences]
    assert words("".join(found.values())) == words("".join(said))


@given(st.data())
def test_a_translation_that_was_cut_otherwise_is_told_in_order(data):
    article = data.draw(articles())
    source, target = html(article), html(data.draw(edited(article)))
    found = told(source, target)
    assert words("".join(found.values())) == words(target)


def test_the_same_blocks_are_told_one_by_one():
    source = "<h2>Reeds</h2><p>They grow. They dry.</p><ul><li>one</li><li>two</li></ul>"
    target = "<h2>Roseaux</h2><p>Ils poussent. Ils sèchent.</p><ul><li>un</li><li>deux</li></ul>"
    assert told(source, target) == {
        "Reeds": "Roseaux",
        "They grow.": "Ils poussent.",
        "They dry.": "Ils sèchent.",
        "one": "un",
        "two": "deux",
    }
    assert unsure(source, target) == set()


def test_sentences_that_do_not_answer_one_another_in_length_are_aligned():
    source = "<p>In 1994, nine gardens sent reed seeds to one another in plain paper envelopes. It worked.</p>"
    target = (
        "<p>Cela a marché. En 1994, neuf jardins se sont envoyé des graines de roseau dans de simples enveloppes.</p>"
    )
    found = told(source, target)
    assert words("".join(found.values())) == words(target)
    assert unsure(source, target)


def test_wrapping_tags_that_only_one_side_has_follow_the_source_unless_they_lead_somewhere():
    assert told("<p><b>Reeds grow.</b></p>", "<p>Les roseaux poussent.</p>") == {"Reeds grow.": "Les roseaux poussent."}
    assert told("<p>Reeds grow.</p>", "<p><b>Les roseaux poussent.</b></p>") == {
        "Reeds grow.": "<b>Les roseaux poussent.</b>"
    }


def test_values_are_told_in_their_order_and_unsure_where_some_are_missing():
    source = '<p><img src="/1" alt="Reeds"></p><p><img src="/2" alt="Water"></p><p>x</p>'
    target = '<p><img src="/1" alt="Roseaux"></p><p><img src="/2"></p><p>y</p>'
    assert told(source, target) == {"/1": "/1", "Reeds": "Roseaux", "/2": "/2", "x": "y"}
    assert unsure(source, target) == {"/1", "Reeds", "/2"}


def test_values_within_a_sentence_are_told_by_their_tags():
    source = 'See <a href="/1" title="Rule one">one</a> and <a href="/2" title="Rule two">two</a>.'
    target = 'Voir <a href="/1" title="Règle 1">un</a> et <a href="/2">deux</a>.'
    assert told(source, target) == {
        source: 'Voir <a href="/1" title="Rule one">un</a> et <a href="/2">deux</a>.',
        "Rule one": "Règle 1",
    }
