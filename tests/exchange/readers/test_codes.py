"""Codes: what a tool says of its numbered tags leads back to our ids, or is left to their order."""

from typing import Any

import pytest

from tests.exchange.readers.test_golden import legible
from tm_service.domain.packages import ReturnedUnit, Stage
from tm_service.exchange.readers.codes import Code, neutral_pair, words_of
from tm_service.exchange.readers.joining import joined

BOLD, END = '<g id="1" ctype="bold">', "</g>"


def read(source, target):
    *texts, numbered = neutral_pair(source, target)
    return (*map(legible, texts), numbered)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("as a tag", '<x id="2" ctype="lb"/>'),
        ("with single quotes", "<x id='2' />"),
        ("escaped once more", "&lt;x id=&quot;2&quot;/&gt;"),
        ("with what was in it", '<ph id="2" ctype="x-placeholder">{name}</ph>'),
        ("with its attributes in another order", '<x equiv-text="&lt;br&gt;" id="2"/>'),
        ("after blanks", '\n <x\tid="2"/>'),
    ],
)
def test_a_described_code_has_our_id(how, said):
    assert read(["a", Code("57", ".", said)], [Code("57", "."), "b"]) == ("a⟦.2⟧", "⟦.2⟧b", False), how


@pytest.mark.parametrize(
    "said", ["", "<br>", "{name}", "<cf bold='on'>", "<xx id='2'/>", "<x/>", "<x idx='2'/>", "</g>"]
)
def test_a_code_that_is_not_described_leaves_all_to_their_order(said):
    source = [Code("57", ".", said), Code("58", ".", '<x id="2"/>')]
    assert read(source, source[::-1]) == ("⟦.57⟧⟦.58⟧", "⟦.58⟧⟦.57⟧", True)


def test_codes_of_one_number_are_told_apart_by_their_order():
    alone = [Code("5", "."), "a", Code("5", ".")]
    assert read(alone, alone)[:2] == ("⟦.5⟧a⟦.5.2⟧", "⟦.5⟧a⟦.5.2⟧")
    beside = [Code("5", "+"), Code("5", "-"), Code("5", "+"), Code("5", "-")]
    within = [Code("5", "+"), Code("5", "+"), Code("5", "-"), Code("5", "-")]
    assert read(beside, within)[:2] == ("⟦+5⟧⟦-5⟧⟦+5.2⟧⟦-5.2⟧", "⟦+5⟧⟦+5.2⟧⟦-5.2⟧⟦-5⟧")


def test_two_codes_that_are_described_alike_are_left_to_their_order():
    source = [Code("57", ".", '<x id="1"/>'), Code("58", ".", '<x id="1"/>')]
    assert read(source, source)[2] is True


def test_the_end_of_a_pair_is_found_by_its_number_by_its_words_or_by_what_is_open():
    by_number = [Code("5", "+", BOLD), "a", Code("5", "-")]
    by_place = [Code("5", ".", BOLD), "a", Code("6", ".", END)]
    nested = [Code("5", ".", BOLD), Code("6", ".", '<g id="2">'), Code("7", ".", END), Code("8", ".", END)]
    assert read(by_number, by_number)[0] == read(by_place, by_place)[0] == "⟦+1⟧a⟦-1⟧"
    assert read(nested, nested)[0] == "⟦+1⟧⟦+2⟧⟦-2⟧⟦-1⟧"


def test_a_pair_that_its_number_closed_is_not_open_for_others():
    around = [Code("4", ".", '<g id="9">'), Code("5", "+", BOLD), "a", Code("5", "-"), Code("6", ".", END)]
    assert read(around, around)[0] == "⟦+9⟧⟦+1⟧a⟦-1⟧⟦-9⟧"


def test_a_target_may_move_ends_that_only_their_place_in_the_source_names():
    source = [Code("5", ".", BOLD), "a", Code("6", ".", END), Code("7", ".", '<g id="2">'), "b", Code("8", ".", END)]
    target = [*source[3:], *source[:3]]
    assert read(source, target)[1] == "⟦+2⟧b⟦-2⟧⟦+1⟧a⟦-1⟧"


def test_a_code_that_only_the_target_has_is_none_of_ours():
    source = [Code("5", ".", '<x id="1"/>')]
    assert read(source, [*source, Code("9", "."), Code("10", "+", BOLD)])[1] == "⟦.1⟧⟦.tag-9⟧⟦+1⟧"
    assert read([], [Code("9", ".")]) == ("", "⟦.9⟧", True)


def test_a_pair_without_content_and_a_character_are_what_they_were():
    empty = [Code("5", ".", '<g id="1" ctype="bold"/>')]
    assert read(empty, empty)[0] == "⟦+1⟧⟦-1⟧"
    bell = [Code("5", ".", '<x id="1" ctype="x-char-0007"/>'), Code("6", ".", '<x id="2" ctype="x-char-0007"/>')]
    assert read(bell, bell)[0] == "⟦c0007⟧⟦c0007⟧"
    letter = [Code("5", ".", '<x id="1" ctype="x-char-0041"/>')]
    assert read(letter, letter)[0] == "⟦.1⟧"


def test_characters_that_frame_codes_stay_characters():
    assert read(["\ue000.1\ue001"], [])[0] == "⟦cE000⟧.1⟦cE001⟧"


def test_words_are_compared_without_blanks_and_names_of_codes():
    assert words_of("Sow \ue000+1\ue001after") == words_of("Sow\ue000+57\ue001 after ")
    assert words_of("Sow \ue000+1\ue001after") != words_of("Sow after")


def row(source, target, **more: Any):
    return ReturnedUnit("seeds-7-fr.1", source, target, **more)


def test_rows_of_a_unit_are_one_unit_as_far_as_the_least_of_them():
    rows = [
        row("One.", "Un.", state="Proofread", stage=Stage.APPROVED, untouched=True),
        row("Two.", "Deux.", state="Edited", stage=Stage.DRAFT),
    ]
    unit = joined(rows, "en", "fr")
    assert (unit.source, unit.target, unit.state, unit.stage) == ("One. Two.", "Un. Deux.", "Edited", Stage.DRAFT)
    assert not unit.untouched


@pytest.mark.parametrize(
    ("language", "text"), [("fr_FR", "Un. Deux."), ("zh", "Un.Deux."), ("zh_CN", "Un.Deux."), ("zha", "Un. Deux.")]
)
def test_a_blank_stands_between_rows_where_the_language_writes_one(language, text):
    assert joined([row("a", "Un."), row("b", "Deux.")], "en", language).target == text
    assert joined([row("a", "Un. "), row("b", "Deux.")], "en", language).target == "Un. Deux."


def test_numbers_of_different_rows_are_different_numbers():
    one = row("\ue000+1\ue001a\ue000-1\ue001", "\ue000+1\ue001\ue000-1\ue001", numbered=True)
    unit = joined([one, row("\ue000.1\ue001\ue000cE000\ue001", "x")], "en", "fr")
    assert legible(unit.source) == "⟦+1-1⟧a⟦-1-1⟧ ⟦.2-1⟧⟦cE000⟧"
    assert unit.numbered
