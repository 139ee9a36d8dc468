"""Site views: counted once for each state of a site, whoever asks and however many."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep

import pytest

from tests.web.house import Visitor, build_house
from tm_service.domain.errors import NotFound
from tm_service.web import site_views
from tm_service.web.app import make_app
from tm_service.web.site_views import SiteViews


class House:
    """A house whose journal says what a test says."""

    newest_entry = 1

    @property
    def audit(self):
        return self

    def newest(self, _site):
        return self.newest_entry


@pytest.fixture
def house():
    return House()


def test_what_did_not_change_is_counted_once(house):
    views, counts = SiteViews(), iter(range(9))
    assert [views.of(house, "reef", "words", lambda: next(counts)) for _ in range(3)] == [0, 0, 0]
    assert views.of(house, "reef", "units", lambda: next(counts)) == 1
    assert views.of(house, "pond", "words", lambda: next(counts)) == 2
    house.newest_entry = 2
    assert views.of(house, "reef", "words", lambda: next(counts)) == 3


def test_another_day_is_another_count(house):
    views, counts = SiteViews(), iter(range(9))
    assert [views.of(house, "reef", "due", lambda: next(counts), day) for day in (1, 1, 2)] == [0, 0, 1]


def test_who_asks_while_it_is_counted_waits_for_that_count(house):
    views, together, counted = SiteViews(), Barrier(6), []

    def count():
        sleep(0.05)
        counted.append(1)
        return "counted"

    def ask(_number):
        together.wait()
        return views.of(house, "reef", "words", count)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {"counted"}
    assert counted == [1]


def test_who_asks_while_it_is_counted_anew_gets_the_count_before(house):
    views, counting, may_end = SiteViews(), Event(), Event()
    assert views.of(house, "reef", "words", lambda: "before") == "before"
    house.newest_entry = 2

    def count():
        counting.set()
        may_end.wait(10)
        return "after"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(views.of, house, "reef", "words", count)
        assert counting.wait(10)
        assert views.of(house, "reef", "words", count) == "before"
        may_end.set()
        assert first.result() == "after"
    assert views.of(house, "reef", "words", count) == "after"


def test_a_count_that_fails_is_tried_again(house):
    views = SiteViews()

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        views.of(house, "reef", "words", fail)
    assert views.of(house, "reef", "words", lambda: 7) == 7


def test_what_is_longest_unused_is_forgotten(house, monkeypatch):
    monkeypatch.setattr(site_views, "_MOST", 2)
    views = SiteViews()
    for kind in "abac":
        views.of(house, "reef", kind, lambda: 1)
    assert [kind for _, kind in views.counted] == ["a", "c"]
    assert len(views.counting) == 2


def test_nothing_is_kept_of_a_deployment_that_somebody_made_up(house):
    views = SiteViews()

    def missing():
        raise NotFound("There is no such deployment.")

    for number in range(9):
        with pytest.raises(NotFound):
            views.of(house, "reef", f"coverage {number}", missing)
    assert (len(views.counted), len(views.counting)) == (0, 0)


def test_a_page_shows_a_change_at_once(tmp_path):
    service = build_house(tmp_path)
    visitor = Visitor(make_app(service))
    before = visitor.get("/sites/demo").text
    assert visitor.get("/sites/demo").text == before
    package = next(one for one in service.handoffs.packages("demo", open_only=True))
    service.handoffs.cancel(package.id)
    assert visitor.get("/sites/demo").text != before
