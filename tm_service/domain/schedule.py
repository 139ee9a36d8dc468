"""Schedule: what is done again and again, and is asked for once in its time, however many look.

Time is cut into slots of each length, from the beginning of 1970 (UTC). The name of a slot is the key of its job, so that the
table of jobs itself keeps anybody from asking twice, and what fell into a time when nobody looked is left out.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tm_service.domain.jobs import JobKind

BY = "system:schedule"  # who asks


@dataclass(frozen=True, slots=True)
class Recurring:
    """What is done once in every slot of this length, for each site or for the house."""

    kind: JobKind
    every: timedelta
    of_each_site: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A job that is due in the present slot; `site` is empty where it is the house's."""

    kind: JobKind
    site: str
    key: str


USUAL = (
    Recurring(JobKind.SYNC, timedelta(minutes=15), of_each_site=True),
    Recurring(JobKind.SEND, timedelta(minutes=15), of_each_site=True),  # letters that were put off
    Recurring(JobKind.TIDY, timedelta(days=1)),
    Recurring(JobKind.WARN, timedelta(days=1)),
    Recurring(JobKind.DIGEST, timedelta(days=1)),
    Recurring(JobKind.REMIND, timedelta(days=1), of_each_site=True),
)
BACKUP = Recurring(JobKind.BACKUP, timedelta(days=1))  # where a folder for it is set


def due(now: datetime, sites: Collection[str], known: Collection[Recurring] = USUAL) -> Iterator[Slot]:
    """The jobs of the present slots."""
    for one in known:
        number = int(now.timestamp() // one.every.total_seconds())
        for site in sorted(sites) if one.of_each_site else [""]:
            yield Slot(one.kind, site, f"{one.kind} {site} {one.every.total_seconds():.0f} {number}")
