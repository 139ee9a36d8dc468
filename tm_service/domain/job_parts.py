"""Parts: a job that several workers do at once, one a locale; the asked job keeps its site, and is joined from its parts.

While they are done, the asked job runs and no worker has it: so no other job of the site runs beside them. A part is a job of
its own, with attempts, tries and a lease; `lane` says which of the site's parts it is, and of each lane one runs at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from tm_service.domain.jobs import Arguments, Job, JobStatus, asked_again, finished, over
from tm_service.domain.units import Locale


@dataclass(frozen=True, slots=True)
class Parted:
    """What an attempt came to that leaves the work to others: what each lane is told."""

    lanes: Mapping[Locale, Arguments]


def parted(job: Job, by_lane: Parted, now: datetime) -> Job:
    """A job that its parts do from now on; parts that an earlier attempt had and that are not done begin anew."""
    known = {part.lane: part for part in job.parts}
    parts = [_part(job, known.get(lane), lane, told, now) for lane, told in by_lane.lanes.items()]
    return _counted(replace(job, worker="", lease=None, total=len(parts), parts=tuple(parts)))


def _part(job: Job, known: Job | None, lane: Locale, told: Arguments, now: datetime) -> Job:
    if known is None:
        number = uuid4().hex
        return Job(number, job.kind, job.site, told, number, job.by, now, now, parent=job.id, lane=lane)
    if known.status is JobStatus.DONE:
        return known
    again = known if not known.is_over else asked_again(replace(known, parent=""), now)
    return replace(again, parent=job.id, arguments=told, result={})


def is_parted(job: Job) -> bool:
    """Whether its parts are at it, and no worker."""
    return job.status is JobStatus.RUNNING and not job.worker


def joined(job: Job, now: datetime) -> Job:
    """A parted job as its parts leave it: how many are over; done, failed or cancelled when all of them are."""
    if not all(part.is_over for part in job.parts):
        return _counted(job)
    job = _counted(job)
    odd = [part for part in job.parts if part.status is not JobStatus.DONE]
    failed = [part for part in odd if part.status is JobStatus.FAILED]
    if not odd:
        return finished(job, together([part.result for part in job.parts]), now)
    if failed:
        ended = over(job, JobStatus.FAILED, now, _said(job.parts))
        return replace(ended, result=failed[0].result)
    return over(job, JobStatus.CANCELLED, now, _said(job.parts))


def _counted(job: Job) -> Job:
    return replace(job, done=sum(part.is_over for part in job.parts))


def _said(parts: Collection[Job]) -> str:
    """What became of each: those that are not done with their reason."""
    sentences = [f"{part.lane}: {part.error or 'Cancelled.'}" for part in parts if part.status is not JobStatus.DONE]
    done = [part.lane for part in parts if part.status is JobStatus.DONE]
    return " ".join([*sentences, f"Done: {', '.join(done)}."] if done else sentences)


def together(results: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Results of parts as one: lists behind each other, mappings united."""
    made: dict[str, object] = {}
    for result in results:
        for name, value in result.items():
            before = made.get(name)
            if isinstance(before, list) and isinstance(value, list):
                made[name] = [*before, *value]
            elif isinstance(before, dict) and isinstance(value, dict):
                made[name] = {**before, **value}
            else:
                made[name] = value
    return made
