"""The exact memory: which of several translations of one text is taken, in which order they are asked."""

from datetime import UTC, datetime, timedelta

import pytest

from memory import CHAIN, match
from memory.exact import most_places, same_file, same_key_name
from tm_service.domain.matches import MatchClass
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Unit

UNIT = Unit("text/home.json", ("hero", "title"), "Seed list")
AT = datetime(2026, 1, 5, tzinfo=UTC)


def known(target, resource="text/other.json", key=("x",), *, number=1, days=0, source="Seed list", answer=Answer.TEXT):
    return Translation(
        "garden", "fr", resource, key, fingerprint(source), source, target, AT + timedelta(days=days), Origin.SITE,
        answer=answer, number=number,
    )  # fmt: skip


def test_the_chain_asks_the_same_file_then_the_same_key_name_then_most_places():
    assert list(CHAIN) == [same_file, same_key_name, most_places]


def test_the_same_file_goes_before_a_key_of_the_same_name():
    entries = [known("du fichier", UNIT.resource), known("de la clé", key=("list", "title"), number=2, days=9)]
    found = match(UNIT, entries, None)
    assert found.translation.target == "du fichier"
    assert found.kind is MatchClass.EXACT
    assert found.why == "the same text in the same file: text/home.json"


def test_a_key_of_the_same_name_goes_before_the_majority():
    entries = [
        known("majorité", key=("a",)),
        known("majorité", key=("b",), number=2),
        known("de la clé", key=("z", "title"), number=3),
    ]
    assert match(UNIT, entries, None).translation.target == "de la clé"


def test_the_majority_goes_before_what_is_newer():
    entries = [
        known("deux", key=("a",)),
        known("deux", key=("b",), number=2),
        known("un", key=("c",), number=3, days=5),
    ]
    found = match(UNIT, entries, None)
    assert (found.translation.target, found.translation.number) == ("deux", 2)
    assert "in most places" in found.why


def test_the_majority_counts_within_the_nearest_ring_only():
    entries = [
        known("ici", UNIT.resource, ("a",)),
        known("ailleurs", key=("b",), number=2),
        known("ailleurs", key=("c",), number=3),
    ]
    assert match(UNIT, entries, None).translation.target == "ici"


def test_among_equals_the_one_readers_know_stays():
    entries = [known("ancien", key=("a",)), known("nouveau", key=("b",), number=2, days=3)]
    assert match(UNIT, entries, known("ancien")).translation.target == "ancien"
    assert match(UNIT, entries, None).translation.target == "nouveau"


def test_among_equals_of_one_day_the_later_number_counts():
    entries = [known("un", key=("a",), number=4), known("deux", key=("b",), number=7)]
    assert match(UNIT, entries, None).translation.target == "deux"


def test_a_place_has_one_voice_its_last():
    entries = [
        known("avant", key=("a",)),
        known("avant", key=("b",), number=2),
        known("après", key=("a",), number=3, days=1),
        known("après", key=("b",), number=4, days=1),
        known("avant", key=("c",), number=5, days=2),
    ]
    assert match(UNIT, entries, None).translation.target == "après"


def test_a_place_that_is_the_same_as_its_source_says_nothing_to_others():
    assert match(UNIT, [known("Seed list", answer=Answer.SAME)], None) is None
    assert match(UNIT, [known("Liste"), known("Seed list", number=2, days=1, answer=Answer.SAME)], None) is None


@pytest.mark.parametrize("matcher", CHAIN)
def test_a_translation_of_another_source_is_no_match(matcher):
    assert matcher(UNIT, [known("Listes", UNIT.resource, ("title",), source="Seed lists")], None) is None


@pytest.mark.parametrize("matcher", CHAIN)
def test_a_memory_that_knows_nothing_answers_nothing(matcher):
    assert matcher(UNIT, [], None) is None
