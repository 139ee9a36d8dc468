"""Work, alarms, savings and quality of a small world, counted by hand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from memory.desk import Desk
from tests.fakes import empty_store
from tests.register_world import GARDEN, NOW, Releases, package, page_of, receipt, returned, unit
from tm_service.domain.deliveries import DeliveryStatus, Posting
from tm_service.domain.errors import Conflict, NotFound, Unusable
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import PackageStatus
from tm_service.domain.register import Acknowledgement, AlarmKind, PaidRates
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.usecases.register.alarms import LONGEST, acknowledge, alarms
from tm_service.usecases.register.quality import quality
from tm_service.usecases.register.savings import savings
from tm_service.usecases.register.work import work

TODAY = NOW.date()
PERCENTS = {kind: Decimal(100) for kind in MatchClass} | {MatchClass.EXACT: Decimal(10), MatchClass.CONTEXT: Decimal(0)}


@pytest.fixture
def store(tmp_path):
    made = empty_store(tmp_path)
    yield made
    made.close()


def save(store, *packages: object):
    with store.begin() as tx:
        for one in packages:
            tx.save_package(one)


def weighed(store):
    with store.read() as tx:
        return tx.weighed_packages("garden")


def worked(store):
    with store.read() as tx:
        return work(tx, GARDEN, tx.weighed_packages("garden"), NOW)


def of(report, locale):
    return next(one for one in report.locales if one.locale == locale)


def test_open_words_are_those_of_units_that_did_not_come_back(store):
    units = [
        unit(1, "Dig the bed"),
        unit(2, "Water it", done=True),
        unit(3, "Sow", attention=True),
        unit(4, "Rest", locked=True),
    ]
    save(store, package(1, "fr", units, due=TODAY + timedelta(days=2)))
    fr = of(worked(store), "fr")
    assert (fr.packages, fr.open, fr.open_words, fr.attention, fr.overdue) == (1, 2, 4, 1, 0)
    assert fr.next_due == TODAY + timedelta(days=2)
    assert of(worked(store), "ar").packages == 0


def test_packages_come_by_their_day_and_those_without_one_last(store):
    dug = [unit(1, "Dig the bed")]
    save(
        store,
        package(1, "fr", dug),
        package(2, "fr", dug, due=TODAY),
        package(3, "ar", dug, due=TODAY - timedelta(days=3)),
        package(4, "ar", dug, status=PackageStatus.CANCELLED, due=TODAY - timedelta(days=30)),
        package(5, "ar", [unit(1, "Dig", done=True)], due=TODAY - timedelta(days=30)),
    )
    out = worked(store).out
    assert [(one.package.id, one.overdue) for one in out] == [
        ("garden-3-ar", 3),
        ("garden-2-fr", 0),
        ("garden-1-fr", 0),
    ]
    assert of(worked(store), "ar").next_due is None


def test_reminders_count_once_they_are_sent(store):
    save(store, package(1, "fr", [unit(1, "Dig the bed")]))
    sent = Posting(
        "p1", "garden", "garden-1-fr", "mail", "ines@garden.example", DeliveryStatus.SENT, NOW, reminder="soon"
    )
    with store.begin() as tx:
        tx.save_posting(sent)
        tx.save_posting(replace(sent, id="p2", status=DeliveryStatus.WAITING))
        tx.save_posting(replace(sent, id="p3", reminder=""))
    assert worked(store).out[0].reminders == 1


def test_the_pace_is_that_of_accepted_returns_each_unit_once(store):
    save(store, package(1, "fr", [unit(1, "Dig the long bed by the wall")], created=NOW - timedelta(weeks=30)))
    day = timedelta(days=1)
    with store.begin() as tx:
        tx.append(
            [
                returned(1, "fr", "Four words of text", NOW - day),
                returned(1, "fr", "Four words of text", NOW, target="corrected"),
                returned(2, "fr", "Two words", NOW - 8 * day),
                returned(3, "fr", "Not yet accepted", NOW - day, state=State.PROPOSAL),
                returned(4, "fr", "From a file", NOW - day, origin=Origin.IMPORT),
                returned(5, "fr", "Long ago", NOW - 60 * day),
                returned(6, "ar", "Arabic has it", NOW - day),
            ]
        )
    assert of(worked(store), "fr").forecast.weeks == (4, 2, 0, 0, 0, 0, 0, 0)
    assert not of(worked(store), "fr").forecast.is_known


def test_savings_are_words_by_class_less_what_they_weigh(store):
    units = [
        unit(1, "Dig the bed", match=MatchClass.EXACT),
        unit(2, "Water it well today", match=MatchClass.NEW),
        unit(3, "Sow", match=MatchClass.CONTEXT),
        unit(4, "Rest now", match=MatchClass.NEW, locked=True),
    ]
    earlier = NOW - timedelta(days=40)
    save(
        store,
        package(1, "fr", units),
        package(2, "ar", units[:1], created=earlier),
        package(3, "ar", units, status=PackageStatus.DRAFT),
    )
    rates = {
        "fr": PaidRates("garden", "fr", PERCENTS, "EUR", Decimal("0.2")),
        "ar": PaidRates("garden", "ar", PERCENTS),
    }
    found = savings(weighed(store), lambda locale: rates[locale])
    assert found.locales["fr"].words[MatchClass.EXACT] == 3
    assert (found.locales["fr"].total, found.locales["fr"].weighted) == (8, Decimal("4.3"))
    assert found.locales["fr"].saved == Decimal("3.7")
    assert (found.total.total, found.total.weighted, found.total.share) == (
        11,
        Decimal("4.6"),
        float(Decimal("6.4") / 11),
    )
    assert list(found.months) == [(2026, 11), (2026, 10)]
    assert list(found.months[2026, 10]) == ["ar"]
    assert dict(found.locales["fr"].cost) == {"EUR": Decimal("0.86")}
    assert dict(found.total.spared) == {"EUR": Decimal("0.74")}, "Arabic has no price"
    assert savings([], rates.__getitem__).total.share is None


def test_the_usual_rates_of_every_class_and_language_are_known_to_the_room():
    for locale in ("fr", "zh-Hant"):
        percents = Desk.percents(None, locale)
        assert set(percents) == set(MatchClass)
        assert percents[MatchClass.NEW] == 100 > percents[MatchClass.FUZZY_85] > percents[MatchClass.EXACT] > 0


def test_quality_is_counted_over_returns(store):
    save(store, package(1, "fr", [unit(1, "Dig")], due=TODAY - timedelta(days=5)), package(2, "ar", [unit(1, "Dig")]))
    with store.begin() as tx:
        found = [("numbers", "error"), ("numbers", "error"), ("punctuation", "note")]
        late = receipt("garden-1-fr", NOW, accepted=6, quarantined=("u1", "u2"), findings=found, repaired=("u3",))
        tx.save_receipt("garden", late, b"one")
        tx.save_receipt("garden", receipt("garden-2-ar", NOW - timedelta(days=9), accepted=4), b"two")
        counted = tx.counted_returns("garden")
    report = quality(counted, GARDEN.locales)
    fr, total = report.locales["fr"], report.total
    assert (fr.returns, fr.late, fr.accepted, fr.quarantined, fr.repaired, fr.share) == (1, 1, 6, 2, 1, 0.25)
    assert (total.returns, total.late, total.share) == (2, 1, 2 / 12)
    assert report.checks == [("numbers", {"error": 2}), ("punctuation", {"note": 1})]
    assert [one.late for one in report.returns] == [5, 0], "the newest first; without a day nothing is late"
    assert report.locales["zh"].share is None


def test_alarms_are_of_deployments_and_of_packages_open_after_their_day(store):
    releases = Releases(store)
    releases.deploy({("fr", "texts/home.json"): page_of("fr", "texts/home.json", {"a": "c"})})
    releases.deploy({}, alarms=[("fr", 7), ("", 0)])
    save(
        store,
        package(1, "ar", [unit(1, "Dig")], due=TODAY - timedelta(days=1)),
        package(2, "ar", [unit(1, "Dig")], due=TODAY),
    )
    with store.read() as tx:
        found = alarms(tx, "garden", tx.weighed_packages("garden"), TODAY)
    assert [(one.kind, one.locale, one.lost, one.deployment, one.package) for one in found] == [
        (AlarmKind.OVERDUE, "ar", 1, 0, "garden-1-ar"),
        (AlarmKind.FALL, "fr", 7, 2, ""),
        (AlarmKind.IMPORT, "", 0, 2, ""),
    ]
    assert found[0].at.date() == TODAY


def seen(store, alarm, note="The wall fell down.", by="ada@house.example"):
    with store.begin() as tx:
        acknowledge(tx, Acknowledgement("garden", alarm, by, NOW, note), tx.weighed_packages("garden"))


def listed(store):
    with store.read() as tx:
        return alarms(tx, "garden", tx.weighed_packages("garden"), TODAY)


def test_an_alarm_is_acknowledged_once_and_goes_behind_the_open_ones(store):
    releases = Releases(store)
    releases.deploy(
        {("fr", "texts/home.json"): page_of("fr", "texts/home.json", {"a": "c"})}, alarms=[("ar", 1), ("fr", 2)]
    )
    first, second = listed(store)
    seen(store, first.id)
    with pytest.raises(Conflict, match="acknowledged this alarm meanwhile"):
        seen(store, first.id, by="bo@house.example")
    now = listed(store)
    assert [one.id for one in now] == [second.id, first.id]
    assert (now[1].acknowledged.by, now[1].acknowledged.note) == ("ada@house.example", "The wall fell down.")
    with store.read() as tx:
        told = tx.audit("garden")[-1]
    assert told.entry.verb == "acknowledge"
    assert told.details == {"alarm": first.id, "by": "ada@house.example", "note": "The wall fell down."}


@pytest.mark.parametrize("note", ["", "  \n", "x" * (LONGEST + 1)])
def test_a_note_says_why_in_a_few_words(store, note):
    Releases(store).deploy({}, alarms=[("ar", 1)])
    with pytest.raises(Unusable, match="Write why"):
        seen(store, listed(store)[0].id, note)
    assert listed(store)[0].acknowledged is None


def test_what_is_no_alarm_cannot_be_acknowledged(store):
    with pytest.raises(NotFound):
        seen(store, "deployment-99")


def test_a_package_that_gets_another_day_raises_another_alarm(store):
    made = package(1, "fr", [unit(1, "Dig")], due=date(2026, 11, 1))
    save(store, made)
    seen(store, listed(store)[0].id)
    save(store, replace(made, due=date(2026, 11, 20)))
    assert [one.acknowledged for one in listed(store)] == [None]
    save(store, replace(made, due=date(2026, 12, 20)))
    assert listed(store) == []
