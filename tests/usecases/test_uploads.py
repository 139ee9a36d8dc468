"""Uploads: whose they are, how many there may be, and how long they are kept."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tm_service.domain.errors import Conflict, NotFound, Refused
from tm_service.domain.uploads import ALL, EACH, EACH_BYTES, LASTS, LONGEST
from tm_service.storage.sql_store import SqlStore
from tm_service.usecases.uploads import Uploads

LUC, ANA = "luc@example.org", "ana@example.org"


class Hours:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Hours()


@pytest.fixture
def uploads(tmp_path, clock):
    store = SqlStore(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.migrate()
    yield Uploads(store, clock)
    store.close()


def test_a_file_comes_piece_by_piece_and_is_read_when_it_is_whole(uploads):
    made = uploads.begin(LUC, "fr.zip", 8, "filename ZnIuemlw")
    assert uploads.add(made.id, LUC, 0, b"seed").offset == 4
    with pytest.raises(Conflict, match="Of 8 bytes 4 are here"):
        uploads.content(made.id, LUC)
    assert uploads.add(made.id, LUC, 4, b"bank").is_whole
    assert uploads.content(made.id, LUC) == ("fr.zip", b"seedbank")


def test_a_piece_goes_behind_what_is_kept_and_not_beyond_the_end(uploads):
    made = uploads.begin(LUC, "fr.zip", 8)
    uploads.add(made.id, LUC, 0, b"seed")
    for start in (0, 3, 5):
        with pytest.raises(Conflict, match="at byte 4, not at"):
            uploads.add(made.id, LUC, start, b"x")
    with pytest.raises(Refused, match="ends at byte 8"):
        uploads.add(made.id, LUC, 4, b"banks")
    assert uploads.find(made.id, LUC).offset == 4


def test_it_is_there_for_nobody_else(uploads):
    made = uploads.begin(LUC, "fr.zip", 4)
    for act in (
        lambda: uploads.find(made.id, ANA),
        lambda: uploads.add(made.id, ANA, 0, b"x"),
        lambda: uploads.content(made.id, ANA),
        lambda: uploads.settle(made.id, ANA, b"x"),
        lambda: uploads.remove(made.id, ANA),
        lambda: uploads.find("nothing", LUC),
    ):
        with pytest.raises(NotFound, match="There is no such upload"):
            act()
    assert uploads.find(made.id, LUC) == made


def test_what_was_taken_in_is_read_from_where_it_is_kept_and_counts_no_more(uploads):
    made = uploads.begin(LUC, "fr.zip", 8)
    uploads.add(made.id, LUC, 0, b"seedbank")
    with uploads.store.begin() as tx:
        tx.put_blobs([b"seedbank"])
    for _ in range(2):
        uploads.settle(made.id, LUC, b"seedbank")
        assert uploads.content(made.id, LUC) == ("fr.zip", b"seedbank")
    assert uploads.find(made.id, LUC).digest == sha256(b"seedbank").hexdigest()
    with uploads.store.read() as tx:
        assert tx.uploads_open() == (0, 0)
    with pytest.raises(Refused):
        uploads.add(made.id, LUC, 8, b"x")


def test_it_is_forgotten_a_day_after_its_last_piece(uploads, clock):
    made, other = uploads.begin(LUC, "fr.zip", 8), uploads.begin(LUC, "es.zip", 8)
    clock.now += LASTS / 2
    uploads.add(made.id, LUC, 0, b"seed")
    clock.now += LASTS / 2
    with pytest.raises(NotFound):
        uploads.find(other.id, LUC)
    assert uploads.add(made.id, LUC, 4, b"bank").is_whole
    assert uploads.tidy() == 1
    clock.now += LASTS + timedelta(seconds=1)
    assert (uploads.tidy(), uploads.tidy()) == (1, 0)


def test_who_begins_one_clears_what_is_over(uploads, clock):
    for _ in range(EACH):
        uploads.begin(LUC, "fr.zip", 8)
    clock.now += LASTS
    uploads.begin(LUC, "fr.zip", 8)
    assert uploads.tidy() == 0


@pytest.mark.parametrize("length", [0, -1, LONGEST + 1])
def test_a_file_of_no_length_or_too_great_a_one_is_refused(uploads, length):
    with pytest.raises(Refused, match="bytes is not taken"):
        uploads.begin(LUC, "fr.zip", length)


def test_nobody_has_too_many_or_too_much_at_once(uploads):
    made = [uploads.begin(LUC, "fr.zip", 1) for _ in range(EACH)]
    with pytest.raises(Refused, match=f"You have {EACH} uploads under way"):
        uploads.begin(LUC, "fr.zip", 1)
    uploads.remove(made[0].id, LUC)
    uploads.begin(LUC, "fr.zip", 1)
    for _ in range(EACH_BYTES // LONGEST):
        uploads.begin(ANA, "fr.zip", LONGEST)
    with pytest.raises(Refused, match="You have 5 uploads under way, of 250 MB"):
        uploads.begin(ANA, "fr.zip", 1)


def test_all_together_have_not_too_many(uploads):
    for number in range(ALL):
        uploads.begin(f"{number // EACH}@example.org", "fr.zip", 1)
    with pytest.raises(Refused, match=f"There are {ALL} uploads under way"):
        uploads.begin(LUC, "fr.zip", 1)
