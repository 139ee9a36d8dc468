"""The library: only the memories a site reads are asked, what came a moment ago is found, and counting agrees with offering."""

from datetime import UTC, datetime

import pytest

from memory.library import Library
from tests.memory.index.test_kept import FakeShelf
from tm_service.domain.matches import Asked, MatchClass, Reading
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.site import MemoryRef
from tm_service.domain.text import fingerprint

AT = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = {
    "garden": ["The keeper opens the gate at dawn", "Seed list", "Return the tools to the shed by dusk"],
    "treaty": ["The keeper opens the gate at noon", "Parties to the agreement meet each year"],
    "secret": ["The keeper opens the gate at night", "Seed list of the vault"],
}


class Pairs(FakeShelf):
    """A shelf whose pairs have targets of their own, found by their source too."""

    def added(self, since=0):
        for number, text in self.texts(since):
            print_ = fingerprint(text)
            yield Translation(
                "m", "fr", "r", (str(number),), print_, text, f"fr: {text}", AT, Origin.SITE, number=number
            )

    def exact(self, fingerprints):
        found = {}
        for entry in self.added():
            if entry.fingerprint in fingerprints:
                found.setdefault(entry.fingerprint, []).append(entry)
        return found


@pytest.fixture
def shelves():
    return {name: Pairs(texts, f"store/{name}/en/fr") for name, texts in TEXTS.items()}


@pytest.fixture
def library(tmp_path, shelves):
    asked = []
    opened = Library(tmp_path, lambda memory, *_: asked.append(memory) or shelves[memory], lambda: AT)
    opened.asked = asked
    return opened


READING = Reading((MemoryRef("garden"), MemoryRef("treaty", penalty=2, shared=True)), "en", "fr", "garden")


def similar(library, text, least=75):
    return library.offers(READING, [Asked(text)], least=least)[0].matches


def test_only_the_memories_that_are_read_are_asked(library):
    found = similar(library, "The keeper opens the gate at night", least=50)
    assert {match.translation.source for match in found} == {TEXTS["garden"][0], TEXTS["treaty"][0]}
    assert set(library.asked) == {"garden", "treaty"}


def test_a_pair_is_found_as_soon_as_it_is_on_the_shelf_and_gone_as_soon_as_it_is_retired(library, shelves):
    assert similar(library, "Harvest begins in the second week of May") == ()
    shelves["garden"].texts_.append("Harvest begins in the third week of May")
    (match,) = similar(library, "Harvest begins in the second week of May")
    assert match.translation.number == 4
    shelves["garden"].gone.append(4)
    assert similar(library, "Harvest begins in the second week of May") == ()


def test_counting_gives_the_class_of_the_best_offer(library):
    texts = [
        "Seed list",
        "The keeper opens the gate at noon",
        "Return the tools to the sheds by dusk",
        "Nothing like it at all here",
    ]
    asked = [Asked(text) for text in texts]
    best = library.best(READING, asked)
    assert [one.kind for one in best] == [MatchClass.EXACT, MatchClass.EXACT, MatchClass.FUZZY_95, MatchClass.NEW]
    for one, offer in zip(best, library.offers(READING, asked, least=50), strict=True):
        assert one.percent == (offer.matches[0].percent if offer.matches else 0)


def test_a_text_without_a_match_is_told_the_parts_it_shares(library):
    text = "Before winter, return the tools to the shed and lock it with the old key"
    (fragment,) = library.fragments(READING, text)
    assert text[fragment.start : fragment.end] == "return the tools to the shed"


def test_words_are_found_in_the_concordance(library):
    found = library.concordance("garden", "en", "fr").search("tools shed")
    assert [hit.pair.number for hit in found.hits if hit.side == "source"] == [3]
