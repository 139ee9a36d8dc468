"""Anchors: what two languages show alike is found, whatever each makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.alignment.anchors import gathered, links, read


def side(texts, language):
    return read(texts, [place == 0 for place in range(len(texts))], language)


def linked(source, target, languages=("en", "fr"), lexicon=None):
    ours, theirs = (side([text], language) for text, language in zip((source, target), languages, strict=True))
    return {(link.source, link.target) for link in links(ours, theirs, lexicon)}


@pytest.mark.parametrize(
    ("source", "target", "language", "sign"),
    [
        ("We keep 41,250 samples.", "Nous avons 41 250 échantillons.", "fr", "number 41250"),
        ("A moisture of 4.5 %", "Влажность 4,5 %", "ru", "number 4.5"),
        ("Within 30 days", "في غضون ٣٠ يوماً", "ar", "number 30"),
        ("On 05/11/2026", "Am 5.11.2026", "de", "number 2026"),
        ("On 05/11/2026", "2026-11-05", "fr", "number 5"),
        ("From 9:30", "À partir de 9h30 ou 9:30", "fr", "number 30"),
        ("Since 1987", "自1987年以来", "zh", "number 1987"),
        ("Hello {name}", "{name}，您好", "zh", "code {name}"),
        ("See https://lindvik.example/a", "Voir https://lindvik.example/a", "fr", "code https://lindvik.example/a"),
        ("<b>Open</b>", "<b>Ouvert</b>", "fr", "code <b>"),
        ("(b) Seeds", "(ب) البذور", "ar", "label 1"),
        ("c) Seeds", "в) семена", "ru", "label 2"),
        ("OK!", "OK!", "fr", "whole OK!"),
    ],
)
def test_numbers_codes_and_labels_are_the_same_in_all_languages(source, target, language, sign):
    assert (sign, sign) in linked(source, target, ("en", language))


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("the botanical garden", "le jardin botanique", ("en", "fr")),
        ("the laboratory", "лаборатория", ("en", "ru")),
        ("Lindvik", "Линдвик", ("en", "ru")),
        ("a plant certificate", "un certificat", ("en", "fr")),
        ("el laboratorio", "лаборатория", ("es", "ru")),
        ("Okoye and Lindvik", "Okoye 和 Lindvik", ("en", "zh")),
        ("the EU permit", "تصريح EU", ("en", "ar")),
    ],
)
def test_names_and_cognates_are_found(source, target, languages):
    words = [pair for pair in linked(source, target, languages) if " " not in pair[0]]
    assert words


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("the seed waits", "la graine attend", ("en", "fr")),
        ("a no on me", "a no on me", ("en", "es")),
        ("harbour", "港口", ("en", "zh")),
        ("garden", "хлеб", ("en", "ru")),
    ],
)
def test_words_that_only_chance_makes_alike_are_no_anchors(source, target, languages):
    assert not [pair for pair in linked(source, target, languages) if " " not in pair[0]]


def test_each_word_goes_to_its_likest_partner():
    found = linked("national nation", "nationale nation")
    assert ("nation", "nation") in found
    assert all(ours == theirs for ours, theirs in found if ours == "nation")


def test_a_lexicon_gives_words_their_partners():
    assert not linked("The seed sleeps.", "La graine dort.")
    found = linked("The seeds sleep.", "Les graines dorment.", lexicon={"seed": ["graine"], "sleep": {"dormir": 0.7}})
    assert ("seed", "grain") in found
    assert linked("No seeds.", "没有种子。", ("en", "zh"), {"seed": ["种子"]}) == {("seed", "种子")}


def test_a_lexicon_says_how_often_a_translation_is_right():
    ours, theirs = side(["The seed sleeps."], "en"), side(["La graine dort."], "fr")
    (link,) = links(ours, theirs, {"seed": {"graine": 0.7}})
    assert link.rate == 0.7


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["Open.", "开放。", "«Open.»", "مفتوح.", "Open. ", "खुला।"], 1),
        (["Open?", "开放？", "“Open?”", "مفتوح؟"], 2),
        (["Open:", "开放：", "Ouvert :"], 4),
        (["Open", "开放", ""], 0),
    ],
)
def test_sentences_end_alike_in_all_scripts(texts, kind):
    assert set(side(texts, "en").ends) == {kind}


def test_a_side_knows_where_paragraphs_begin_and_how_long_sentences_are():
    read_side = read(["One.", "Two {name}."], [True, False], "en")
    assert read_side.begins.tolist() == [1, 0]
    assert read_side.letters.tolist() == [4, 6]
    assert side(["种子库"], "zh").latin is False
    assert side(["seeds"], "en").latin is True


def test_sentences_gathered_are_read_as_one():
    texts = ["Seeds sleep.", "They wake in 30 days?", "Ask."]
    whole = gathered(side(texts, "en"), [0, 2, 3])
    assert len(whole) == 2
    assert whole.letters.tolist() == [sum(map(len, texts[:2])) - 1, 4]
    assert whole.ends.tolist() == [2, 1]
    assert {"seed", "wake"} <= whole.words[0]
    assert "number 30" in whole.signs[0]


def test_a_sentence_of_a_million_letters_is_read_in_part_and_counted_in_full():
    assert side(["ab " * 350_000], "en").letters[0] > 1_000_000


def test_many_words_that_begin_alike_are_compared_in_parts():
    ours = " ".join(f"kata{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}{chr(97 + n // 676)}ria" for n in range(2000))
    found = linked(f"katalina {ours}", f"katalina {ours[::-1]}")
    assert [theirs for word, theirs in found if word == "katalina"] == ["katalin"]


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_text_can_be_read(texts):
    read_side = side(texts, "en")
    assert len(read_side) == len(texts) == len(read_side.signs)
    assert (read_side.letters >= 1).all()
