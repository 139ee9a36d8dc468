"""A list that changes while it is walked is still walked whole."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.http_calls import Passing
from connectors.record_listing import Row, article_row, record_row, rows_of, walk
from tm_service.domain.errors import ConnectorError
from tm_service.domain.records import RecordEntry, RecordRef

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def row(name, seconds):
    at = START + timedelta(seconds=seconds)
    return Row(RecordEntry(RecordRef("article", name), at), at)


class Store:
    """A list in pages of a few; `change` is what happens before each page is given."""

    def __init__(self, times, size, change=lambda _times, _number: None) -> None:
        self.times, self.size, self.change, self.asked = dict(times), size, change, 0

    def page(self, moment, skip):
        self.change(self.times, self.asked)
        self.asked += 1
        rows = sorted((row(name, seconds) for name, seconds in self.times.items()), key=_place)
        return [one for one in rows if moment is None or one.moment >= moment][skip : skip + self.size]


def _place(one):
    return one.moment, one.entry.ref.identifier


TIMES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 6), max_size=60)


@given(times=TIMES, size=st.integers(21, 40), since=st.none() | st.integers(0, 6))
def test_every_document_is_listed_once_in_the_order_of_its_changes(times, size, since):
    start = None if since is None else START + timedelta(seconds=since)
    listed = list(walk("store", Store(times, size).page, start))
    expected = {name for name, seconds in times.items() if since is None or seconds >= since}
    assert sorted(entry.ref.identifier for entry in listed) == sorted(expected)
    assert listed == sorted(listed, key=lambda entry: entry.modified)


@given(
    times=TIMES,
    size=st.integers(21, 30),
    touched=st.lists(st.lists(st.text("abcdef", min_size=1, max_size=3), max_size=6), max_size=6),
)
def test_what_changes_while_it_is_listed_hides_nothing(times, size, touched):
    """Counted pages would lose one document for each that moves to the end."""

    def change(held, number):
        for place, name in enumerate(touched[number] if number < len(touched) else []):
            if name in held:
                held[name] = 100 + number * 10 + place

    listed = {entry.ref.identifier for entry in walk("store", Store(times, size, change).page, None)}
    assert listed == set(times)


def test_an_end_that_comes_too_early_is_asked_for_again():
    store = Store({f"{number:03}": number for number in range(90)}, 30)
    given_up = {2: [], 4: []}

    def moody(moment, skip):
        rows = store.page(moment, skip)
        return given_up.get(store.asked, rows)

    assert len(list(walk("store", moody, None))) == 90


def test_an_empty_list_is_believed_when_it_comes_twice():
    store = Store({}, 30)
    assert list(walk("store", store.page, None)) == []
    assert store.asked == 2


@pytest.mark.parametrize("rows", [[row("a", 2), row("b", 1)], [row("a", -1)]])
def test_a_store_that_keeps_no_order_is_refused(rows):
    with pytest.raises(ConnectorError, match="in another order than asked for"):
        list(walk("store", lambda _moment, _skip: rows, START))


def test_an_article_is_listed_by_when_it_was_modified_or_else_made():
    at = "2026-03-01T08:00:00.123Z"
    assert article_row({"_id": "5b", "meta": {"modifiedOn": at}}).entry.modified.microsecond == 123_000
    assert article_row({"_id": {"$oid": "5b"}, "meta": {"updatedOn": at}}).moment is None
    assert article_row({"_id": "5b", "meta": {"createdOn": {"$date": at}}}).entry.modified.year == 2026
    assert article_row({"_id": "5b"}).entry.modified.year == 1


def test_a_record_is_listed_with_its_revision():
    read = {"identifier": "x", "type": "contact", "updatedOn": "2026-03-01T08:00:00.123456", "revision": 3}
    found = record_row(read)
    assert found.entry == RecordEntry(RecordRef("contact", "x"), datetime(2026, 3, 1, 8, 0, 0, 123456, UTC), 3)
    assert found.moment.microsecond == 123_000
    assert record_row(read | {"revision": True}).entry.revision == 0


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        1,
        "x",
        [],
        {},
        {"_id": 5},
        {"_id": ""},
        {"_id": "a", "meta": {"modifiedOn": "yesterday"}},
        {"_id": "a", "meta": {"modifiedOn": 12}},
    ],
)
def test_a_line_that_is_none_is_asked_for_again(wrong):
    with pytest.raises(Passing):
        article_row(wrong)


def test_lists_come_bare_or_below_items():
    assert rows_of([1]) == rows_of({"Items": [1]}) == rows_of({"items": [1], "Count": 1}) == [1]
    for wrong in ({}, {"Items": None}, "x", None, {"error": "x"}):
        with pytest.raises(Passing):
            rows_of(wrong)


def test_documents_that_leave_their_moment_hide_none_of_the_others():
    """All were imported at once; some are edited while the list is read."""

    def change(held, number):
        if number in (1, 2):
            for name in sorted(held)[(number - 1) * 5 : number * 5]:
                held[name] = 100 + number

    store = Store({f"{number:03}": 0 for number in range(80)}, 30, change)
    assert {entry.ref.identifier for entry in walk("store", store.page, None)} == {
        f"{number:03}" for number in range(80)
    }
