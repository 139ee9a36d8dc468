"""The register's figures, on both databases: what the store counts is what the whole rows say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.register_world import GARDEN, LOCALES, NOW, Releases, grown, page_of
from tests.storage.samples import deployment, package, translation, unit
from tm_service.domain.errors import Conflict
from tm_service.domain.matches import MatchClass
from tm_service.domain.register import Acknowledgement, PageVersion
from tm_service.domain.serving import Origin
from tm_service.domain.text import words
from tm_service.storage.tables import TODAY

SEEN = Acknowledgement("absch", "deployment-1", "ada@house.example", NOW, "Seen \0 by\ud800 Ada.")


def test_weighed_packages_are_the_packages_counted(store):
    grown(store, sections=2, files=1, units=4, deployments=3)
    with store.read() as tx:
        whole, weighed = tx.packages("garden"), tx.weighed_packages("garden")
    assert [one.id for one in weighed] == [one.id for one in whole]
    assert len(whole) == 15
    for one, other in zip(whole, weighed, strict=True):
        assert (other.locale, other.created, other.due, other.status) == (one.locale, one.created, one.due, one.status)
        for kind in MatchClass:
            mine = [its for its in one.work if its.match is kind]
            assert other.units.get(kind, 0) == len(mine)
            assert other.words.get(kind, 0) == sum(words(its.source) for its in mine)
        assert other.open == len(one.open_units)
        assert other.open_words == sum(words(its.source) for its in one.open_units)
        assert other.attention == sum(its.attention for its in one.open_units)


def test_a_package_without_units_and_a_class_that_is_new_are_counted(tx):
    tx.save_package(package(1, units=0))
    tx.save_package(package(2, units=2))
    two, one = tx.weighed_packages("absch")
    assert (one.open, dict(one.words)) == (0, {})
    assert dict(two.units) == {MatchClass.NEW: 2}
    assert tx.weighed_packages("elsewhere") == []


def test_locked_neighbours_are_not_weighed(tx):
    made = package(1, units=1)
    tx.save_package(replace(made, units=(*made.units, unit(7, locked=True))))
    (found,) = tx.weighed_packages("absch")
    assert (found.open, sum(found.units.values())) == (1, 1)


def test_versions_of_pages_say_from_when_until_when(store):
    releases = Releases(store)
    home, tour = "texts/home.json", "texts/tour.json"
    releases.deploy({("fr", home): page_of("fr", home, {"a": "x"}), ("fr", tour): page_of("fr", tour, {"a": "x"})})
    releases.deploy({("fr", home): page_of("fr", home, {"a": "c"})}, gone=[("fr", tour)])
    with store.read() as tx:
        found = tx.page_versions("garden", [("fr", home), ("fr", tour), ("ar", home)])
        assert tx.page_versions("garden", []) == []
    assert [(one.resource, one.first, one.until) for one in found] == [(home, 1, 2), (home, 2, TODAY), (tour, 1, 2)]
    assert all(isinstance(one, PageVersion) for one in found)


def test_returned_words_begin_after_a_moment_and_behind_the_last_deployment_before_it(tx):
    old = translation("Zones", "One two", at=NOW - timedelta(days=90), origin=Origin.PACKAGE)
    late = translation("Marais", "One two three", at=NOW - timedelta(days=2), origin=Origin.PACKAGE, key=("b",))
    tx.append([old, late])
    since = NOW - timedelta(days=56)
    assert dict(tx.returned_words("absch", "en", since)) == {"fr": [(late.at, 3)]}
    tx.save_deployment(deployment(1, at=NOW - timedelta(days=60), sequence=tx.sequence()), [], [], {})
    assert dict(tx.returned_words("absch", "en", since)) == {}, "what a deployment knew was there before it"
    assert dict(tx.returned_words("absch", "es", since)) == {}


def test_an_alarm_is_acknowledged_by_one_person_whoever_asks_later(store):
    with store.begin() as tx:
        tx.acknowledge(SEEN)
    with store.begin() as tx, pytest.raises(Conflict):
        tx.acknowledge(Acknowledgement("absch", "deployment-1", "bo@house.example", NOW, "Me too."))
    with store.begin() as tx:
        tx.acknowledge(Acknowledgement("garden", "deployment-1", "bo@house.example", NOW, "Another site's."))
    with store.read() as tx:
        assert tx.acknowledgements("absch") == {"deployment-1": SEEN}
        assert list(tx.acknowledgements("garden")) == ["deployment-1"]


def test_returns_and_alarms_come_newest_first(store):
    grown(store, sections=2, files=2, units=12, deployments=3)
    with store.read() as tx:
        returns, raised = tx.counted_returns("garden"), tx.raised_alarms("garden")
    assert len(returns) == 10
    assert [one.at for one in returns] == sorted((one.at for one in returns), reverse=True)
    assert {one.locale for one in returns} == set(LOCALES) == set(GARDEN.locales)
    assert all(sum(one.findings.values()) == 6 and one.quarantined == 2 and one.repaired == 1 for one in returns)
    assert {one.due for one in returns if one.locale == "fr"} == {date(2026, 8, 30), date(2026, 10, 18)}
    assert [(one.locale, one.deployment) for one in raised] == [("fr", 3)]
    assert raised[0].at.strftime("%A") == "Tuesday"
