"""Jobs: work that is asked for now and done by whoever is free; the table of jobs is the truth of what is left to do.

A worker has a job for as long as its lease lasts. The number of the attempt is a fence: who lost the lease and wakes up late
speaks of an attempt that is over, and is refused in the very transaction in which it would have had an effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tm_service.domain.errors import Conflict, ConnectorError, InDoubt, Refused, Unusable
from tm_service.domain.sentences import WORKERS_LOST

Arguments = Mapping[str, object]  # what JSON can say

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
_DOUBLINGS = 10  # beyond the longest pause
_JSON = {str: "text", bool: "true or false", list: "list", int: "whole number"}
HINT = "tm_service.run_job"  # what a broker calls the hint that a job waits
MOST_TRIES = 6
MOST_LOST = 3  # attempts that ended with their worker: such work may be what ends it


class JobKind(StrEnum):
    """What can be asked for."""

    LEARN = "learn"
    ANALYSE = "analyse"  # count what a site still needs
    PACKAGE = "package"
    SEND = "send"
    TAKE_IN = "take-in"
    HAND_IN = "hand-in"  # what is confirmed at the desk
    DEPLOY = "deploy"
    SYNC = "sync"  # see what a site has now, so that whoever asks next need not wait for it
    TIDY = "tidy"  # forget what is over
    WARN = "warn"  # tell clients of what changes
    DIGEST = "digest"  # tell people what waits for them
    BACKUP = "backup"  # write everything into one more file
    REMIND = "remind"  # tell translators which packages are due
    ESTIMATE = "estimate"  # count what a change of the source will cost
    CHECK = "check"  # see what a deployment would serve, and whether it may
    ADVISE = "advise"  # see what authors should put right
    FIND_KEYS = "find-keys"  # see where the site's code uses which key


OF_HOUSE = frozenset({JobKind.TIDY, JobKind.WARN, JobKind.DIGEST, JobKind.BACKUP})  # without a site

# What each kind may be told, beside its site, and what that is in JSON.
ARGUMENTS: Mapping[JobKind, Mapping[str, type]] = {
    JobKind.LEARN: {"ref": str, "history": bool},
    JobKind.ANALYSE: {"ref": str, "locales": list},
    JobKind.PACKAGE: {
        "ref": str,
        "locales": list,
        "due": str,
        "profile": str,
        "only": str,
        "words": int,
        "draft": bool,
        "xliff2": bool,
    },
    # What was put into the outbox with it; of the recipients a digest, for their addresses stand there alone.
    JobKind.SEND: {"package": str, "channel": str, "recipients": str, "once_more": bool},
    # Of the file that was put into the store; and the sites and locales whose packages it may return.
    JobKind.TAKE_IN: {"name": str, "digest": str, "places": list},
    JobKind.HAND_IN: {"package": str},
    JobKind.DEPLOY: {"ref": str, "with": list, "push": bool},
    JobKind.SYNC: {},
    JobKind.TIDY: {},
    JobKind.WARN: {},
    JobKind.DIGEST: {},
    JobKind.BACKUP: {},
    JobKind.REMIND: {},
    JobKind.ESTIMATE: {"base": str, "head": str},
    JobKind.CHECK: {"ref": str},
    JobKind.ADVISE: {"base": str, "head": str},
    JobKind.FIND_KEYS: {"ref": str},
}


class JobStatus(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"  # until its time comes and a worker is free
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # a person has something to put right, and may then ask for it again
    CANCELLED = "cancelled"


OVER = frozenset({JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED})


class LostLease(Conflict):
    """The job is another worker's by now, or nobody's; what this attempt has not done yet it may not do."""


class Cancelled(Conflict):
    """A person took the job back while it ran."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that an attempt changed: what the journal says of it. Written in the transaction of the change itself."""

    verb: str
    details: Mapping[str, object]


@dataclass(frozen=True)
class Job:
    """Work that was asked for: `kind` names what is done, `arguments` with what; `site` is the one it changes, or empty.

    Who asks twice with the same `key` gets the same job. `due` is when it may begin; `lease` until when its worker has it;
    `tries` counts attempts that ended with an error, `lost` those that ended with their worker. `effects` are what its
    attempts changed so far; `result` is what it came to, of one that failed the kind of `problem`; `error` is the sentence that
    the last attempt ended with. `parts` do it at once, where it was parted; each names its `parent`, and of the site the `lane`
    that it is done in. What parts changed are effects of the job, too.
    """

    id: str
    kind: JobKind
    site: str
    arguments: Arguments
    key: str
    by: str
    asked: datetime
    due: datetime
    status: JobStatus = JobStatus.WAITING
    attempt: int = 0
    tries: int = 0
    lost: int = 0
    worker: str = ""
    lease: datetime | None = None
    ended: datetime | None = None
    done: int = 0
    total: int = 0
    cancelling: bool = False
    error: str = ""
    result: Mapping[str, object] = field(default_factory=dict)
    parent: str = ""
    lane: str = ""
    effects: Sequence[Effect] = ()
    parts: Sequence["Job"] = ()

    @property
    def is_over(self) -> bool:
        return self.status in OVER


def refuse_arguments(kind: JobKind, arguments: Arguments) -> None:
    """Raise Unusable where a job of this kind cannot be told this."""
    known = ARGUMENTS[kind]
    for name, value in arguments.items():
        if name not in known:
            there = f"it is told {', '.join(known)}" if known else "it is told nothing"
            raise Unusable(f"A job that is to {kind} knows no {name!r}; {there}.")
        if not isinstance(value, known[name]) or (known[name] is int and isinstance(value, bool)):
            raise Unusable(f"{name!r} of a job that is to {kind} is a {_JSON[known[name]]}.")
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise Unusable(f"{name!r} of a job that is to {kind} is a list of texts.")


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: ten seconds after the first, twice as long each time, an hour at most."""
    return min(_FIRST_PAUSE * (1 << min(tries - 1, _DOUBLINGS)), _LONGEST_PAUSE)


def may_pass(error: Exception) -> bool:
    """Whether the same may succeed later without a person: somebody else was at it, a disk or an outside system failed."""
    return isinstance(error, Conflict | ConnectorError | OSError) and not isinstance(
        error, Refused | InDoubt | Cancelled
    )


def after(job: Job, error: Exception, now: datetime, *, said: str) -> Job:
    """A job whose attempt ended with an error: cancelled, waiting for its next attempt, or failed."""
    if isinstance(error, Cancelled):
        return over(job, JobStatus.CANCELLED, now, said)
    tried = replace(job, tries=job.tries + 1)
    if may_pass(error) and tried.tries < MOST_TRIES:
        waiting = replace(tried, status=JobStatus.WAITING, due=now + pause(tried.tries), error=said)
        return replace(waiting, worker="", lease=None)
    return replace(over(tried, JobStatus.FAILED, now, said), result={"problem": type(error).__name__})


def taken(job: Job, worker: str, now: datetime, lease: timedelta) -> Job:
    """A job as the worker has it that takes it up; cancelled where that was asked of an attempt that is gone.

    It is failed where too many workers ended over it.
    """
    if job.cancelling:
        return over(job, JobStatus.CANCELLED, now, job.error)
    lost = job.lost + (job.status is JobStatus.RUNNING)
    if lost >= MOST_LOST:
        said = WORKERS_LOST.say(count=lost)
        return over(replace(job, lost=lost), JobStatus.FAILED, now, said)
    made = replace(job, status=JobStatus.RUNNING, attempt=job.attempt + 1, lost=lost)
    return replace(made, worker=worker, lease=now + lease, error="", done=0, total=0)


def finished(job: Job, result: Mapping[str, object], now: datetime) -> Job:
    return replace(over(job, JobStatus.DONE, now, ""), result=result)


def given_back(job: Job, now: datetime) -> Job:
    """A job whose worker ends before it is done: it waits for another, and has lost no try."""
    return replace(job, status=JobStatus.WAITING, due=now, worker="", lease=None)


def cancelled(job: Job, now: datetime) -> Job:
    """A job that a person takes back: at once where nobody is at it, else as soon as its worker looks. Raises Conflict.

    Its parts are taken back with it.
    """
    if job.is_over:
        raise Conflict(f"Job {job.id} is {job.status} already.")
    if job.status is JobStatus.RUNNING:
        parts = tuple(part if part.is_over else cancelled(part, now) for part in job.parts)
        return replace(job, cancelling=True, parts=parts)
    return over(job, JobStatus.CANCELLED, now, "")


def asked_again(job: Job, now: datetime) -> Job:
    """A job that failed or was cancelled, waiting anew with all its tries before it. Raises Conflict."""
    if job.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
        raise Conflict(f"Job {job.id} is {job.status}; only what failed or was cancelled can be tried again.")
    if job.parent:
        raise Conflict(f"Job {job.id} is a part of job {job.parent}; try that one again.")
    return replace(job, status=JobStatus.WAITING, due=now, tries=0, lost=0, ended=None, error="")


def over(job: Job, status: JobStatus, now: datetime, said: str) -> Job:
    """A job that nobody is at any more."""
    return replace(job, status=status, ended=now, error=said, worker="", lease=None, cancelling=False)
