"""Uploads in the store: pieces follow one another, on both databases."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from tests.storage.samples import AWKWARD, NOON, after
from tm_service.domain.errors import NotFound
from tm_service.domain.uploads import Upload

BEGUN = Upload("a" * 32, "luc@example.org", "fr.zip", "filename ZnIuemlw", 10, after(days=1))


def test_an_upload_is_what_its_pieces_make_it(tx):
    tx.add_upload(BEGUN)
    assert tx.upload(BEGUN.id) == BEGUN
    assert tx.add_piece(BEGUN.id, 0, b"\0seed", after(days=2))
    assert tx.add_piece(BEGUN.id, 5, b"bank\xff", after(days=3))
    assert tx.upload(BEGUN.id) == replace(BEGUN, offset=10, until=after(days=3))
    assert tx.upload_content(BEGUN.id) == b"\0seedbank\xff"


def test_a_piece_that_does_not_follow_is_not_kept(tx):
    tx.add_upload(BEGUN)
    assert not tx.add_piece(BEGUN.id, 1, b"seed", after(days=2))
    assert tx.add_piece(BEGUN.id, 0, b"seed", after(days=1))
    assert not tx.add_piece(BEGUN.id, 0, b"weed", after(days=2))
    assert not tx.add_piece("b" * 32, 0, b"weed", after(days=2))
    assert (tx.upload(BEGUN.id).offset, tx.upload_content(BEGUN.id)) == (4, b"seed")


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(min_size=1, max_size=50), max_size=10))
def test_pieces_joined_are_the_file(store, pieces):
    with store.begin() as tx:
        tx.rehearse()
        tx.add_upload(BEGUN)
        for piece in pieces:
            assert tx.add_piece(BEGUN.id, tx.upload(BEGUN.id).offset, piece, NOON)
        assert tx.upload_content(BEGUN.id) == b"".join(pieces)


@pytest.mark.parametrize("name", AWKWARD)
def test_any_name_comes_back(tx, name):
    tx.add_upload(replace(BEGUN, name=name, by=name))
    assert tx.upload(BEGUN.id) == replace(BEGUN, name=name, by=name)


def test_what_is_kept_elsewhere_takes_no_room_and_no_more_pieces(tx):
    tx.add_upload(BEGUN)
    tx.add_upload(replace(BEGUN, id="b" * 32, length=7, by="ana@example.org"))
    assert (tx.uploads_open(), tx.uploads_open(BEGUN.by), tx.uploads_open("zed")) == ((2, 17), (1, 10), (0, 0))
    tx.add_piece(BEGUN.id, 0, b"seed", NOON)
    tx.settle_upload(BEGUN.id, "d" * 64)
    assert (tx.uploads_open(), tx.upload_content(BEGUN.id)) == ((1, 7), b"")
    assert not tx.add_piece(BEGUN.id, 4, b"bank", NOON)
    assert tx.upload(BEGUN.id).digest == "d" * 64


def test_those_whose_time_is_over_are_forgotten_with_their_pieces(tx):
    for number, days in enumerate((1, 2, 3)):
        tx.add_upload(replace(BEGUN, id=f"{number}" * 32, until=after(days=days)))
        tx.add_piece(f"{number}" * 32, 0, b"seed", after(days=days))
    over = tx.uploads_over(after(days=2))
    assert sorted(over) == ["0" * 32, "1" * 32]
    assert tx.uploads_over(after(days=2), 1)[0] in over
    assert (tx.remove_uploads(over), tx.remove_uploads(over), tx.remove_uploads([])) == (2, 0, 0)
    with pytest.raises(NotFound):
        tx.upload("0" * 32)
    assert tx.upload_content("2" * 32) == b"seed"


def test_a_name_is_used_once(store):
    with store.begin() as tx:
        tx.add_upload(BEGUN)
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.add_upload(BEGUN)
