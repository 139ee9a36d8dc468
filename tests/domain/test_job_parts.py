"""A job in parts: one a locale, each done once; the asked job ends with the last of them, and says what became of each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.job_parts import Parted, is_parted, joined, parted, together
from tm_service.domain.jobs import Job, JobKind, JobStatus, after, asked_again, cancelled, finished, taken

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
LEASE = timedelta(minutes=1)
LANES = Parted({locale: {"locales": [locale], "ref": "a1"} for locale in ("ar", "fr", "zh")})


def running():
    return taken(Job("a" * 32, JobKind.PACKAGE, "reef", {"ref": ""}, "k", "Ana", NOW, NOW), "worker", NOW, LEASE)


def ended(part, how):
    at_it = taken(part, "worker", NOW, LEASE)
    if how == "done":
        return finished(at_it, {"packages": [f"reef-{part.lane}"]}, NOW)
    if how == "failed":
        return after(at_it, NotFound("The site is gone."), NOW, said="The site is gone.")
    return cancelled(part, NOW)


def with_parts(job, *hows: str | None):
    parts = [ended(part, how) if how else part for part, how in zip(job.parts, hows, strict=True)]
    return joined(replace(job, parts=tuple(parts)), LATER)


def test_a_part_is_a_job_of_its_own_that_names_its_lane():
    job = parted(running(), LANES, NOW)
    assert is_parted(job)
    assert (job.status, job.worker, job.lease, job.done, job.total) == (JobStatus.RUNNING, "", None, 0, 3)
    assert [(part.lane, part.parent, part.status, part.by) for part in job.parts] == [
        (lane, job.id, JobStatus.WAITING, "Ana") for lane in ("ar", "fr", "zh")
    ]
    assert job.parts[0].arguments == {"locales": ["ar"], "ref": "a1"}
    assert len({part.id for part in job.parts} | {part.key for part in job.parts}) == 3


def test_it_goes_on_until_the_last_part_is_over():
    job = with_parts(parted(running(), LANES, NOW), "done", None, "failed")
    assert (job.status, job.done, job.total, job.result) == (JobStatus.RUNNING, 2, 3, {})


def test_what_the_parts_came_to_is_what_it_came_to_in_their_order():
    job = with_parts(parted(running(), LANES, NOW), "done", "done", "done")
    assert (job.status, job.ended, job.error) == (JobStatus.DONE, LATER, "")
    assert job.result == {"packages": ["reef-ar", "reef-fr", "reef-zh"]}


def test_one_that_failed_is_named_with_its_reason_and_so_are_those_that_are_done():
    job = with_parts(parted(running(), LANES, NOW), "done", "failed", "done")
    assert (job.status, job.error) == (JobStatus.FAILED, "fr: The site is gone. Done: ar, zh.")
    assert job.result == {"problem": "NotFound"}


def test_one_that_was_taken_back_is_named():
    job = with_parts(parted(running(), LANES, NOW), "done", "cancelled", "done")
    assert (job.status, job.error) == (JobStatus.CANCELLED, "fr: Cancelled. Done: ar, zh.")
    assert with_parts(parted(running(), LANES, NOW), "failed", "cancelled", "done").status is JobStatus.FAILED


def test_taken_back_it_takes_back_its_parts():
    job = parted(running(), LANES, NOW)
    at_it = replace(job, parts=(ended(job.parts[0], "done"), taken(job.parts[1], "two", NOW, LEASE), job.parts[2]))
    back = cancelled(at_it, NOW)
    assert back.cancelling
    assert [(part.status, part.cancelling) for part in back.parts] == [
        (JobStatus.DONE, False),
        (JobStatus.RUNNING, True),
        (JobStatus.CANCELLED, False),
    ]


def test_asked_again_what_is_done_stays_done_and_the_rest_begins_anew():
    failed = with_parts(parted(running(), LANES, NOW), "done", "failed", "cancelled")
    again = parted(
        taken(asked_again(failed, LATER), "worker", LATER, LEASE), Parted(dict(LANES.lanes, fr={"ref": "b2"})), LATER
    )
    assert [part.id for part in again.parts] == [part.id for part in failed.parts]
    assert [part.status for part in again.parts] == [JobStatus.DONE, JobStatus.WAITING, JobStatus.WAITING]
    assert [part.attempt for part in again.parts] == [1, 1, 0], (
        "a late worker of before speaks of an attempt that is over"
    )
    assert (again.parts[1].arguments, again.parts[1].error, again.done) == ({"ref": "b2"}, "", 1)


def test_a_part_is_not_tried_again_by_itself():
    job = with_parts(parted(running(), LANES, NOW), "done", "failed", "done")
    with pytest.raises(Conflict, match=f"is a part of job {job.id}; try that one again"):
        asked_again(job.parts[1], NOW)


_RESULTS = st.dictionaries(st.sampled_from(["packages", "others"]), st.lists(st.integers(), max_size=3))


@given(st.lists(_RESULTS, max_size=4))
def test_nothing_of_a_result_is_lost_or_doubled(results):
    made = together(results)
    for name in ("packages", "others"):
        assert made.get(name, []) == [one for result in results for one in result.get(name, [])]


def test_answers_by_locale_are_united():
    assert together([{"locales": {"ar": {"words": 1}}}, {"locales": {"fr": {"words": 2}}}, {"ref": "a1"}]) == {
        "locales": {"ar": {"words": 1}, "fr": {"words": 2}},
        "ref": "a1",
    }
