"""The lexicon: words that meet again and again in pairs of texts are found, words that meet by chance are not."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from memory.alignment import learn
from memory.alignment.lexicon import learned

THINGS = {
    "seed": "graine", "harbour": "port", "garden": "jardin", "permit": "permis", "library": "bibliothèque", "ferry": "bac",
    "bread": "pain", "roof": "toit", "spade": "bêche", "window": "fenêtre", "shed": "remise", "bell": "cloche",
}  # fmt: skip
ACTS = {
    "waits": "attend", "closes": "ferme", "grows": "pousse", "burns": "brûle", "returns": "revient", "sleeps": "dort",
    "falls": "tombe", "shines": "brille",
}  # fmt: skip


def pairs(count):
    random = Random(7)
    for _ in range(count):
        (thing, chose), (act, acte) = (random.choice(sorted(words.items())) for words in (THINGS, ACTS))
        (other, autre) = random.choice(sorted(THINGS.items()))
        yield f"The {thing} {act} near the {other}.", f"Près du {autre}, le {chose} {acte}."


def test_words_that_stand_for_each_other_are_learned():
    lexicon = learn(pairs(300), "en", "fr")
    for word, translation in (THINGS | ACTS).items():
        assert max(lexicon[word], key=lexicon[word].get) == translation


def test_a_word_of_every_text_is_no_word_of_the_lexicon():
    assert "the" not in learn(pairs(300), "en", "fr")


def test_what_was_learned_says_how_often_it_is_right():
    lexicon = learn(pairs(300), "en", "fr")
    assert all(0 < rate <= 0.8 for translations in lexicon.values() for rate in translations.values())
    assert lexicon["closes"]["ferme"] > 0.7


def test_chinese_is_learned_by_pairs_of_characters():
    things = {"seed": "种子", "ferry": "渡轮", "harbour": "港口", "garden": "花园", "permit": "许可", "library": "书馆"}
    acts = {"waits": "等待", "closes": "关闭", "burns": "燃烧", "shines": "发光", "falls": "倒塌"}
    known = [(f"The {thing} {act}.", f"{things[thing]}{acts[act]}。") for thing in things for act in acts]
    lexicon = learn(known, "en", "zh")
    assert max(lexicon["seed"], key=lexicon["seed"].get) == "种子"
    assert max(lexicon["ferry"], key=lexicon["ferry"].get) == "渡轮"
    assert max(lexicon["closes"], key=lexicon["closes"].get) == "关闭"


def test_nothing_is_learned_from_nothing_and_from_texts_without_words():
    assert learn([], "en", "fr") == {}
    assert learn([("", ""), ("12", "—"), ("\ud800", "")], "en", "fr") == {}


@given(st.lists(st.tuples(*[st.frozensets(st.sampled_from("abcdef"), max_size=4)] * 2), max_size=30))
def test_a_word_has_at_most_two_partners_and_these_have_met_it(texts):
    links = learned(texts)
    for side in ("source", "target"):
        names = [getattr(link, side) for link in links]
        assert all(names.count(name) <= 2 for name in names)
    for link in links:
        assert sum(link.source in ours and link.target in theirs for ours, theirs in texts) >= 3
