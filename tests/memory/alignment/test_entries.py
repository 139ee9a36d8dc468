"""Entries: what is sure enough comes to the memory as proposals, with its place, its neighbours and its confidence."""

from datetime import UTC, datetime

import pytest

from memory.alignment import SURE, Alignment, align_texts, entries
from tests.memory.alignment.cases import own_pairs, seed_bank
from tm_service.domain.serving import Answer, Origin
from tm_service.domain.site import Site, State
from tm_service.domain.text import fingerprint

AT = datetime(2026, 3, 2, tzinfo=UTC)
BEADS = (
    Alignment(("Seeds sleep.",), ("Les graines dorment.",), 0, 0, 0.99),
    Alignment(("Rakes wait.",), (), 1, 1, 0.99),
    Alignment(("Spades", "shine."), ("Les bêches brillent.",), 2, 1, 0.98),
    Alignment(("Bells ring.",), ("Les cloches sonnent.",), 4, 2, 0.8),
)


def kept(beads=BEADS, *, least=SURE, merged=False):
    names = {"source_locale": "en", "locale": "fr", "memory": "harbour", "reference": "a.txt b.txt"}
    return entries(beads, at=AT, least=least, merged=merged, **names)


def test_a_sure_bead_of_one_and_one_is_a_proposal_of_the_memory():
    ((pair, confidence),) = kept()
    assert (pair.source, pair.target, confidence) == ("Seeds sleep.", "Les graines dorment.", 0.99)
    assert (pair.site, pair.source_locale, pair.locale, pair.at) == ("harbour", "en", "fr", AT)
    assert (pair.origin, pair.state, pair.answer) == (Origin.ALIGNMENT, State.PROPOSAL, Answer.TEXT)
    assert (pair.resource, pair.key, pair.reference) == ("a.txt b.txt", ("0",), "a.txt b.txt")
    assert pair.fingerprint == fingerprint("Seeds sleep.")
    assert (pair.previous, pair.following) == ("", fingerprint("Rakes wait."))
    assert pair.properties == (("confidence", "0.99"),)


def test_no_site_serves_what_was_only_aligned():
    """However sure: nobody has accepted it."""
    ((pair, _),) = kept(least=0.99)
    for minimum in State:
        site = Site("harbour", "git", "", "", "en", ("fr",), (), minimum_state=minimum)
        assert pair.state not in site.serves


def test_less_sure_beads_are_kept_when_asked_for():
    assert [pair.source for pair, _ in kept(least=0.5)] == ["Seeds sleep.", "Bells ring."]


def test_merged_beads_are_joined_when_asked_for():
    (_, (pair, _)) = kept(merged=True)
    assert (pair.source, pair.target, pair.key) == ("Spades shine.", "Les bêches brillent.", ("2",))
    assert (pair.previous, pair.following) == (fingerprint("Rakes wait."), fingerprint("Bells ring."))


def test_chinese_is_joined_without_a_space():
    beads = [Alignment(("Seeds sleep.",), ("种子睡着。", "很安静。"), 0, 0, 1.0)]
    assert kept(beads, merged=True)[0][0].target == "种子睡着。很安静。"


@pytest.mark.parametrize(
    ("source", "target"),
    [("Lindvik", "Lindvik"), ("12", "12"), ("Seeds.", "—"), ("https://a.example", "https://b.example"), ("A.", "")],
)
def test_what_is_no_translation_is_left_out(source, target):
    assert kept([Alignment((source,), (target,), 0, 0, 1.0)]) == ()


def test_two_texts_become_pairs_and_a_count_of_what_is_alone():
    texts = ["\n".join(" ".join(paragraph) for paragraph in seed_bank()[code]) for code in ("en", "fr")]
    found = align_texts(
        f"{texts[0]}\nRakes are kept in the shed behind the office and may not be taken home.", texts[1],
        source_language="en", target_language="fr", memory="harbour", at=AT, reference="a.txt b.txt",
    )  # fmt: skip
    assert [(pair.source, pair.target) for pair, _ in found.pairs] == own_pairs("en", "fr")
    assert all(confidence >= SURE for _, confidence in found.pairs)
    assert found.alone == 1


def test_nothing_comes_of_nothing():
    found = align_texts("", "Graines.", source_language="en", target_language="fr", memory="harbour", at=AT)
    assert (found.pairs, found.alone) == ((), 1)
