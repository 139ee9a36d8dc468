"""What one source text was translated as: each wording once, with its count, its newest entry and who said so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.memories import grouped
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.text import fingerprint

AT = datetime(2026, 3, 1, tzinfo=UTC)


def said(target, place="lead", *, day=0, number=1, author="", source="Opening hours", memory="garden", locale="fr"):
    return Translation(
        memory, locale, "text/home.json", (place,) if place else (), fingerprint(source), source, target,
        AT + timedelta(days=day), Origin.SITE, author=author, number=number,
    )  # fmt: skip


def told(entries):
    return [(one.entry.target, one.count) for one in grouped(entries)]


def test_the_same_wording_in_several_places_is_offered_once_with_its_count_and_its_newest_entry():
    entries = [said("Horaires", "a", day=2), said("Horaires", "b", day=5), said("Horaires", "c", day=1)]
    [one] = grouped(entries)
    assert (one.count, one.entry) == (3, entries[1])


def test_contradicting_targets_stand_side_by_side_the_most_used_first():
    entries = [said("Heures d’ouverture", "a", day=9), said("Horaires", "b"), said("Horaires", "c", number=2)]
    assert told(entries) == [("Horaires", 2), ("Heures d’ouverture", 1)]


def test_of_targets_used_as_often_the_newest_comes_first():
    entries = [said("Horaires", "a", day=3), said("Heures d’ouverture", "b", day=4)]
    assert told(entries) == [("Heures d’ouverture", 1), ("Horaires", 1)]
    assert told([said("Horaires", "a", number=7), said("Ouverture", "b", number=8)])[0] == ("Ouverture", 1)


def test_the_last_word_of_a_place_counts_and_what_it_said_before_does_not():
    entries = [said("Horaire", "a"), said("Horaires", "a", day=1), said("Horaire", "b")]
    assert told(entries) == [("Horaires", 1), ("Horaire", 1)]


def test_entries_without_a_key_are_places_of_their_own():
    entries = [said("Horaires", ""), said("Horaires", "", day=1), said("Ouverture", "", day=2)]
    assert told(entries) == [("Horaires", 2), ("Ouverture", 1)]


def test_who_said_so_is_named_once_the_newest_first():
    entries = [
        said("Horaires", "a", author="Amina"),
        said("Horaires", "b", day=1, author="Zoé"),
        said("Horaires", "c", day=2, author="Amina"),
        said("Horaires", "d", day=3),
    ]
    assert grouped(entries)[0].authors == ("Amina", "Zoé")


def test_what_a_reader_cannot_tell_apart_is_one_wording():
    assert told([said("Fermé le soir", "a"), said("Ferme\u0301 le soir", "b", number=2)]) == [
        ("Ferme\u0301 le soir", 2)
    ]


def test_memories_languages_and_sources_are_not_mixed():
    entries = [
        said("Total"),
        said("Total", memory="shared-terms"),
        said("Total", locale="es"),
        said("Total", source="Sum"),
    ]
    assert [one.count for one in grouped(entries)] == [1, 1, 1, 1]


def test_nothing_gives_nothing():
    assert grouped([]) == ()


entry = st.builds(
    said,
    st.sampled_from(["Horaires", "Heures d’ouverture", "Ouverture"]),
    st.sampled_from(["", "a", "b", "c"]),
    day=st.integers(0, 3),
    author=st.sampled_from(["", "Amina", "Zoé"]),
)


@given(st.lists(entry, max_size=12), st.randoms())
def test_the_counts_are_of_all_places_whatever_order_the_entries_come_in(entries, chance):
    numbered = [replace(one, number=number) for number, one in enumerate(entries, 1)]
    shuffled = list(numbered)
    chance.shuffle(shuffled)
    found = grouped(shuffled)
    assert found == grouped(numbered)
    keyed = {one.key for one in numbered if one.key}
    assert sum(one.count for one in found) == len(keyed) + sum(not one.key for one in numbered)
    assert len({one.entry.target for one in found}) == len(found)
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
