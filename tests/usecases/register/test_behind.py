"""Behind: what is counted with each change is what counting anew gives, whatever happened and whoever wrote it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import empty_store
from tests.register_world import NOW, Releases, open_house, package, page_of, source, unit
from tm_service.domain.packages import PackageStatus
from tm_service.domain.register import Cause
from tm_service.storage.tables import package as packages
from tm_service.usecases.deploy import roll_back
from tm_service.usecases.register.behind import count_anew, counted_anew, is_counted

FILES = ("texts/home.json", "texts/tour.json", "texts/zoo.json")
UNITS = "abcd"


class Life:
    """A site of two languages and four units that move on from file to file, packages of them, and going back."""

    def __init__(self, store) -> None:
        self.store, self.releases, self.number = store, Releases(store), 0
        self.places = dict.fromkeys(UNITS, 0)
        self.pages = set()

    def release(self, letters, moving, waiting):
        """`letters` by locale, a unit each; a `-` is not there."""
        moves = {}
        for name in moving:
            was, now = self.places[name], min(self.places[name] + 1, len(FILES) - 1)
            if was != now:
                self.places[name], moves[FILES[now], (name,)] = now, (FILES[was], (name,))
        wanted = {}
        for locale, said in zip(("fr", "ar"), letters, strict=True):
            for name, letter in zip(UNITS, said, strict=True):
                if letter != "-":
                    wanted.setdefault((locale, FILES[self.places[name]]), {})[name] = letter
        with self.store.read() as tx:
            last = tx.latest("garden")
            self.releases.number = last.number if last else 0
            refs = tx.pages("garden", last.number) if last else ()
        there = {(ref.locale, ref.resource): ref.coverage for ref in refs}
        self.releases.pages, self.releases.covered = dict.fromkeys(there), there
        self.releases.deploy(
            {page: page_of(*page, said) for page, said in wanted.items()},
            gone=sorted(set(there) - set(wanted)),
            waiting=FILES[:1] if waiting else (),
            moves=moves,
        )

    def go_back(self, to):
        with self.store.begin() as tx:
            last = tx.latest("garden")
            if last:
                roll_back(tx, "garden", 1 + to % last.number, NOW)

    def send(self, locale, names, status):
        self.number += 1
        rows = [
            replace(unit(place, source(file, (name,))), resource=file, key=(name,))
            for place, (name, file) in enumerate((name, file) for name in names for file in FILES)
        ]
        with self.store.begin() as tx:
            tx.save_package(package(self.number, locale, rows, status=status))

    def come_back(self, which, done, attention, status):
        with self.store.begin() as tx:
            found = tx.packages("garden")
            if found:
                one = found[which % len(found)]
                units = [replace(its, done=its.key[0] in done, attention=its.key[0] in attention) for its in one.units]
                tx.save_package(replace(one, units=tuple(units), status=status))


LETTERS = st.text("cmkdxw-", min_size=len(UNITS), max_size=len(UNITS))
NAMES = st.sets(st.sampled_from(UNITS))
STEPS = st.one_of(
    st.tuples(st.just(Life.release), st.tuples(LETTERS, LETTERS), NAMES, st.booleans()),
    st.tuples(st.just(Life.go_back), st.integers(0, 9)),
    st.tuples(st.just(Life.send), st.sampled_from(("fr", "ar")), NAMES, st.sampled_from(PackageStatus)),
    st.tuples(st.just(Life.come_back), st.integers(0, 9), NAMES, NAMES, st.sampled_from(PackageStatus)),
)


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=9))
def test_counting_with_each_change_gives_what_counting_anew_gives(tmp_path_factory, steps):
    store = empty_store(tmp_path_factory.mktemp("lives"))
    life = Life(store)
    for act, *told in steps:
        act(life, *told)
        with store.read() as tx:
            last = tx.latest("garden")
            if last:
                assert is_counted(tx, "garden", tx.weighed_packages("garden"))
                assert set(tx.behind_units("garden")) == set(counted_anew(tx, last))
    store.close()


@pytest.fixture
def house(tmp_path):
    return open_house(tmp_path)


def told(house):
    report = house.register.freshness("garden", house.register.packages("garden"))
    return next((dict(one.since), dict(one.causes)) for one in report.locales if one.locale == "fr")


def french(**letters: str):
    return {("fr", FILES[0]): page_of("fr", FILES[0], letters)}


def test_what_older_code_deployed_is_counted_when_somebody_looks_and_with_the_next_deployment(house):
    releases = Releases(house.store)
    releases.deploy(french(a="x", b="c"), counted=False)
    releases.deploy(french(a="x", b="d"), counted=False)
    assert told(house) == ({1: 1, 2: 1}, {Cause.NEVER_SENT: 2})
    releases.deploy(french(a="x", b="d", c="x"), counted=False)
    releases.deploy(french(a="c", b="d", c="x"))
    assert told(house)[0] == {2: 1, 3: 1}


def test_what_older_code_saves_of_a_package_is_noticed(house):
    releases = Releases(house.store)
    releases.deploy(french(a="x"))
    sent = package(1, "fr", [replace(unit(1, source(FILES[0], ("a",))), resource=FILES[0], key=("a",))])
    with house.store.begin() as tx:
        tx.save_package(sent)
    assert told(house)[1] == {Cause.OUT: 1}
    with house.store.begin() as tx:
        tx.connection.execute(packages.update().values(status=PackageStatus.CANCELLED.value))
    assert told(house)[1] == {Cause.CANCELLED: 1}


def test_before_the_first_deployment_there_is_nothing_to_count(house):
    with house.store.begin() as tx:
        count_anew(tx, "garden")
        tx.save_package(package(1, "fr", [unit(1, "Dig the bed")]))
    assert house.register.freshness("garden", house.register.packages("garden")) is None
