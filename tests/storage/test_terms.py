"""Terms: appended, the newest word on a term and its target counts, what is retired comes back when it is said again."""

from dataclasses import replace

import pytest

from tests.storage.samples import AWKWARD, NOON, after
from tm_service.domain.terms import Term, TermStatus

HERBARIUM = Term("garden", "en", "herbarium", "fr", "herbier", TermStatus.APPROVED, NOON)


def said(tx, memory="garden", source="en", target="fr"):
    return [replace(entry, number=0) for entry in tx.terms(memory, source, target)]


def test_a_term_comes_back_whole_under_a_number(tx):
    entry = replace(
        HERBARIUM, definition="Plants, dried and named", part_of_speech="noun", author="Amina", reference="terms.tbx"
    )
    assert tx.append_terms([entry]) == 1
    [found] = tx.terms("garden", "en", "fr")
    assert replace(found, number=0) == entry
    assert found.number > 0


def test_the_same_said_twice_is_written_once_whoever_says_it_and_when(tx):
    assert tx.append_terms([HERBARIUM, HERBARIUM]) == 1
    assert tx.append_terms([replace(HERBARIUM, at=after(days=1), author="Zoé")]) == 0


def test_the_newest_word_on_a_term_counts_there_and_back_again(tx):
    for status in (TermStatus.APPROVED, TermStatus.FORBIDDEN, TermStatus.APPROVED):
        assert tx.append_terms([replace(HERBARIUM, status=status)]) == 1
        assert [entry.status for entry in said(tx)] == [status]


def test_a_term_may_have_several_targets(tx):
    others = [
        replace(HERBARIUM, target="collection", status=TermStatus.FORBIDDEN),
        replace(HERBARIUM, target="herbiers"),
    ]
    tx.append_terms([HERBARIUM, *others])
    assert said(tx) == [HERBARIUM, *others]


def test_memories_and_languages_are_kept_apart(tx):
    others = [replace(HERBARIUM, memory="shared-terms"), replace(HERBARIUM, locale="es", target="herbario")]
    tx.append_terms([HERBARIUM, *others])
    assert said(tx) == [HERBARIUM]
    assert said(tx, memory="shared-terms") == others[:1]
    assert said(tx, target="es") == others[1:]
    assert said(tx, source="fr", target="en") == []


def test_a_retired_term_is_gone_until_it_is_said_again(tx):
    tx.append_terms([HERBARIUM, replace(HERBARIUM, target="collection")])
    number = tx.terms("garden", "en", "fr")[0].number
    assert tx.retire_terms("shared-terms", [number], by="Zoé", at=NOON) == 0, "it is of another memory"
    assert tx.retire_terms("garden", [number, number, 10**9], by="Zoé", at=NOON) == 1
    assert [entry.target for entry in said(tx)] == ["collection"]
    assert tx.retire_terms("garden", [number], by="Zoé", at=NOON) == 0
    assert tx.append_terms([HERBARIUM]) == 1
    assert [entry.target for entry in said(tx)] == ["collection", "herbier"]


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_any_text_in_a_term_comes_back_as_it_was(tx, text):
    entry = replace(
        HERBARIUM, source=text, target=text, definition=text, part_of_speech=text, author=text, reference=text
    )
    assert tx.append_terms([entry]) == 1
    assert tx.append_terms([entry]) == 0
    assert said(tx) == [entry]


def test_many_terms_are_appended_at_once(tx):
    entries = [replace(HERBARIUM, source=f"term {number}") for number in range(1000)]
    assert tx.append_terms(iter(entries)) == 1000
    assert tx.append_terms([*entries, HERBARIUM]) == 1
    assert len(said(tx)) == 1001
