"""The schedule: everybody who looks names the same jobs in the same slot, and other ones in the next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.jobs import JobKind
from tm_service.domain.schedule import BACKUP, USUAL, Recurring, due

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have none
LENGTHS = st.integers(60, 10**7).map(lambda seconds: timedelta(seconds=seconds))


@given(MOMENTS, st.sets(st.text(max_size=5)))
def test_all_that_recurs_is_due_in_every_slot_once_for_each_site_or_for_the_house(now, sites):
    known = [
        Recurring(JobKind.SYNC, timedelta(minutes=15), of_each_site=True),
        Recurring(JobKind.TIDY, timedelta(days=1)),
    ]
    found = list(due(now, sites, known))
    assert [(slot.kind, slot.site) for slot in found] == [
        *((JobKind.SYNC, site) for site in sorted(sites)),
        (JobKind.TIDY, ""),
    ]
    assert len({slot.key for slot in found}) == len(found)


@given(MOMENTS)
def test_every_site_is_reminded_of_what_is_due_once_a_day(now):
    def asked(at):
        return {slot.key for slot in due(at, ["garden", "reef"], USUAL) if slot.kind is JobKind.REMIND}

    assert len(asked(now)) == 2
    assert asked(now) == asked(now.replace(hour=0, minute=0, second=0, microsecond=0))
    assert not asked(now) & asked(now + timedelta(days=1))


@given(MOMENTS, LENGTHS, st.floats(0, 2))
def test_a_slot_has_one_name_for_as_long_as_it_lasts(now, every, ahead):
    known = [Recurring(JobKind.TIDY, every)]
    start = datetime.fromtimestamp(now.timestamp() // every.total_seconds() * every.total_seconds(), UTC)
    (first,), (later,) = (due(at, [], known) for at in (start, start + every * ahead))
    assert (first.key == later.key) == (int(ahead * every.total_seconds() * 1e6) < every.total_seconds() * 1e6)


@given(MOMENTS)
def test_clients_are_told_daily_and_backups_are_asked_for_by_who_has_a_place_for_them(now):
    usual = {slot.kind: slot for slot in due(now, ["garden"])}
    assert (JobKind.WARN in usual, JobKind.BACKUP in usual) == (True, False)
    (slot,) = due(now, ["garden"], [BACKUP])
    assert (slot.kind, slot.site) == (JobKind.BACKUP, "")
    assert {slot.key, usual[JobKind.WARN].key}.isdisjoint(
        one.key for one in due(now + timedelta(days=1), ["garden"], [*USUAL, BACKUP])
    )
