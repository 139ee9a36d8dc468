"""News: what was added or retired since a file was built counts at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from memory.concordance import Concordance, build
from memory.concordance import news as news_module
from tests.memory.concordance.samples import Pile


@pytest.fixture
def shelf():
    shelf = Pile()
    shelf.put("Old harbour", "Vieux port")
    shelf.put("Harbour wall", "Mur du port")
    return shelf


@pytest.fixture
def concordance(shelf, tmp_path):
    build(shelf, tmp_path / "words.bin", source="en", target="fr")
    return Concordance(shelf, tmp_path / "words.bin")


def numbers(concordance, asked, side="source"):
    found = concordance.search(asked, side=side, limit=1_000)
    assert found.total == len(found.hits)
    return sorted(hit.pair.number for hit in found.hits)


def test_a_pair_is_found_by_the_next_search(shelf, concordance):
    number = shelf.put("New harbour", "Nouveau port")
    assert numbers(concordance, "harbour") == [1, 2, number]
    assert numbers(concordance, "nouveau", "target") == [number]
    assert numbers(concordance, "harb*") == [1, 2, number]


def test_a_retired_pair_is_not_found_whenever_it_was_added(shelf, concordance):
    number = shelf.put("New harbour")
    assert numbers(concordance, "harbour") == [1, 2, number]
    shelf.retire(1)
    shelf.retire(number)
    assert numbers(concordance, "harbour") == [2]
    shelf.retire(2)
    assert numbers(concordance, "harbour") == []


def test_a_pair_added_and_retired_between_two_searches_is_not_found(shelf, concordance):
    shelf.retire(shelf.put("New harbour"))
    assert numbers(concordance, "harbour") == [1, 2]


def test_what_was_retired_before_the_file_was_built_is_not_in_it(shelf, tmp_path):
    shelf.retire(1)
    build(shelf, tmp_path / "again.bin", source="en", target="fr")
    assert numbers(Concordance(shelf, tmp_path / "again.bin"), "harbour") == [2]


def test_a_second_concordance_of_the_file_sees_the_same(shelf, concordance, tmp_path):
    shelf.put("New harbour")
    shelf.retire(2)
    assert numbers(Concordance(shelf, tmp_path / "words.bin"), "harbour") == numbers(concordance, "harbour") == [1, 3]


@pytest.mark.parametrize("fresh", [1, 3, 256])
def test_many_pairs_are_found_however_they_are_arranged(shelf, concordance, monkeypatch, fresh):
    monkeypatch.setattr(news_module, "_FRESH", fresh)
    for number in range(3, 13):
        shelf.put(f"Harbour {number}")
        assert numbers(concordance, "harbour") == list(range(1, number + 1))
    shelf.retire(5)
    assert numbers(concordance, "harbour") == [1, 2, 3, 4, *range(6, 13)]
    assert concordance.behind == 10


def test_a_pair_that_the_shelf_no_longer_gives_is_left_out(shelf, concordance):
    """Retired by another process after this search had asked what is new."""
    del shelf.pairs[2]
    assert [hit.pair.number for hit in concordance.search("harbour").hits] == [1]


def test_a_shelf_that_fails_while_it_is_asked_what_is_new_is_asked_again(shelf, concordance, monkeypatch):
    shelf.put("New harbour")
    shelf.put("Newer harbour")

    def failing(_):
        yield shelf.pairs[3]
        raise OSError("The store does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(shelf, "added", failing)
        with pytest.raises(OSError, match="does not answer"):
            concordance.search("harbour")
    assert numbers(concordance, "harbour") == [1, 2, 3, 4]


def test_several_threads_may_ask_while_pairs_come(shelf, concordance):
    def ask(_):
        return concordance.search("harbour", side="source").total

    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(ask, range(80))
        for number in range(40):
            shelf.put(f"Harbour {number}")
            if number % 8 == 7:
                shelf.retire(number)
        totals = list(asked)
    assert all(2 <= total <= 42 for total in totals)
    assert ask(0) == 42 - 5
