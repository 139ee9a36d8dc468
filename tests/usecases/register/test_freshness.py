"""Freshness: since when each unit is behind, checked by hand and against looking at every deployment."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import empty_store
from tests.register_world import GARDEN, Releases, package, page_of, source, unit
from tm_service.domain.packages import PackageStatus
from tm_service.domain.register import Cause
from tm_service.domain.text import fingerprint
from tm_service.usecases.register.behind import is_counted
from tm_service.usecases.register.freshness import freshness

HOME, TOUR = "texts/home.json", "texts/tour.json"


@pytest.fixture
def store(tmp_path):
    made = empty_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def releases(store):
    return Releases(store)


def of(report, locale="fr"):
    return next(one for one in report.locales if one.locale == locale)


def told(store):
    with store.read() as tx:
        assert is_counted(tx, "garden", tx.weighed_packages("garden"))
        return freshness(tx, GARDEN)


def since(store, locale="fr"):
    return {(one.resource, one.key[-1]): one.deployment for one in of(told(store), locale).worst}


def french(resource, **letters: str):
    return {("fr", resource): page_of("fr", resource, letters)}


def test_before_the_first_deployment_there_is_nothing_to_say(store):
    assert told(store) is None


def test_a_unit_is_behind_since_the_deployment_in_which_it_was_last_not_current_any_more(store, releases):
    releases.deploy(french(HOME, a="c", b="x", c="c"))
    releases.deploy(french(HOME, a="d", b="x", c="c"))
    releases.deploy(french(HOME, a="d", b="c", c="m"))
    releases.deploy(french(HOME, a="x", b="k", c="m"))
    assert since(store) == {(HOME, "a"): 2, (HOME, "b"): 4}


def test_a_page_that_a_deployment_leaves_alone_goes_on_being_behind(store, releases):
    releases.deploy(french(HOME, a="x") | french(TOUR, a="c"))
    releases.deploy(french(TOUR, a="d"))
    releases.deploy({})
    assert since(store) == {(HOME, "a"): 1, (TOUR, "a"): 2}
    report = told(store)
    assert {one.since for one in of(report).worst} == {releases.at(1), releases.at(2)}


def test_a_unit_that_moved_takes_its_time_with_it(store, releases):
    releases.deploy(french(HOME, a="x", b="c"))
    releases.deploy(french(HOME, b="c") | french(TOUR, a="x"), moves={(TOUR, ("a",)): (HOME, ("a",))})
    assert since(store) == {(TOUR, "a"): 1}


def test_a_unit_that_left_and_came_back_begins_anew(store, releases):
    releases.deploy(french(HOME, a="x", b="c"))
    releases.deploy(french(HOME, b="c"))
    releases.deploy(french(HOME, a="x", b="c"))
    assert since(store) == {(HOME, "a"): 3}


def test_moves_that_lead_in_a_circle_come_to_an_end(store, releases):
    releases.deploy(french(HOME, b="c"))
    circle = {(HOME, ("a",)): (TOUR, ("a",)), (TOUR, ("a",)): (HOME, ("a",))}
    releases.deploy(french(HOME, a="x", b="c"), moves=circle)
    assert since(store) == {(HOME, "a"): 2}


def test_half_of_what_is_behind_is_behind_since_the_median_or_longer(store, releases):
    for letters in ("xcccc", "xxccc", "xxxxc", "xxxxc"):
        releases.deploy(french(HOME, **dict(zip("abcde", letters, strict=True))))
    report = told(store)
    mine = of(report)
    assert (mine.units, mine.behind, dict(mine.since)) == (5, 4, {1: 1, 2: 1, 3: 2})
    assert report.median(mine) == releases.at(2)
    assert report.oldest(mine) == releases.at(1)
    assert [report.older(mine, releases.at(number)) for number in (1, 2, 3)] == [1, 2, 4]
    assert report.older(mine, releases.at(1) - timedelta(seconds=1)) == 0
    assert report.median(of(report, "ar")) is None


def test_the_cause_is_what_became_of_the_present_source_text(store, releases):
    texts = {key: source(HOME, key) for key in "abcdefgh"}
    with store.begin() as tx:
        rows = [
            (1, "a", PackageStatus.HANDED_OFF, {}),
            (2, "b", PackageStatus.PARTLY_RETURNED, {"attention": True}),
            (3, "c", PackageStatus.PARTLY_RETURNED, {"done": True}),
            (4, "d", PackageStatus.CANCELLED, {}),
            (5, "e", PackageStatus.DRAFT, {}),
            (6, "f", PackageStatus.REINTEGRATED, {}),
            (
                7,
                "g",
                PackageStatus.HANDED_OFF,
                {"source": "An older text", "fingerprint": fingerprint("An older text")},
            ),
        ]
        for number, key, status, about in rows:
            tx.save_package(package(number, "fr", [unit(1, texts[key], **about)], status=status))
    letters = dict.fromkeys("abcdefg", "x") | {"h": "w"}
    releases.deploy({("fr", HOME): page_of("fr", HOME, letters)})
    found = {one.key[-1]: one.cause for one in of(told(store)).worst}
    assert found == {
        "a": Cause.OUT,
        "b": Cause.QUARANTINED,
        "c": Cause.WAITING,
        "d": Cause.CANCELLED,
        "e": Cause.DRAFT,
        "f": Cause.RETURNED,
        "g": Cause.NEVER_SENT,
        "h": Cause.WAIVED,
    }


def test_of_several_packages_the_newest_counts_and_a_locked_neighbour_was_not_sent(store, releases):
    with store.begin() as tx:
        tx.save_package(package(1, "fr", [unit(1, source(HOME, "a"))], status=PackageStatus.CANCELLED))
        tx.save_package(package(2, "fr", [unit(1, source(HOME, "a")), unit(2, source(HOME, "b"), locked=True)]))
        tx.save_package(package(3, "es", [unit(1, source(HOME, "b"))]))
    releases.deploy(french(HOME, a="d", b="x"))
    assert {one.key[-1]: one.cause for one in of(told(store)).worst} == {"a": Cause.OUT, "b": Cause.NEVER_SENT}


def test_a_document_that_waits_for_all_languages_is_held(store, releases):
    releases.deploy(french(HOME, a="d"), waiting=(HOME,))
    assert of(told(store)).causes == {Cause.HELD: 1}


DEPLOYMENTS = 5
LIVES = st.lists(
    st.tuples(st.text("cmkdx-", min_size=DEPLOYMENTS, max_size=DEPLOYMENTS), st.integers(1, DEPLOYMENTS)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(lives=LIVES)
def test_it_is_what_looking_at_every_deployment_gives(tmp_path_factory, lives):
    """Each unit has a letter in each deployment, and moves into another file with one of them."""
    store = empty_store(tmp_path_factory.mktemp("lives"))
    releases = Releases(store)

    def place(number, moves):
        return HOME if number < moves else TOUR

    for number in range(1, DEPLOYMENTS + 1):
        pages = {HOME: {}, TOUR: {}}
        for name, (letters, moves) in enumerate(lives):
            pages[place(number, moves)][str(name)] = letters[number - 1]
        moved = {
            (TOUR, (str(name),)): (HOME, (str(name),)) for name, (_, moves) in enumerate(lives) if moves == number > 1
        }
        releases.deploy({("fr", path): page_of("fr", path, letters) for path, letters in pages.items()}, moves=moved)
    wanted = {}
    for name, (letters, moves) in enumerate(lives):
        run = len(letters) - len(letters.rstrip("kdx"))
        if run:
            wanted[place(DEPLOYMENTS, moves), str(name)] = DEPLOYMENTS - run + 1
    assert since(store) == wanted
    store.close()
