"""Alarms: what a person should know of, until somebody says that they have seen it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tm_service.domain.errors import NotFound, Unusable
from tm_service.domain.ports import Transaction
from tm_service.domain.register import Acknowledgement, AlarmKind, RaisedAlarm, WeighedPackage
from tm_service.domain.units import Locale

LONGEST = 2000  # characters of a note


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm of a site, and who acknowledged it. `lost` units for a fall, days late for a package.

    `deployment` is 0 for a package; `message` is the sentence of a lost import.
    """

    id: str
    kind: AlarmKind
    at: datetime
    locale: Locale
    lost: int
    deployment: int = 0
    message: str = ""
    package: str = ""
    acknowledged: Acknowledgement | None = None


def alarms(tx: Transaction, site: str, packages: Sequence[WeighedPackage], today: date) -> list[Alarm]:
    """Open ones first, then by time, the newest first. A package's alarm is over with its work, one of a deployment stays."""
    known = tx.acknowledgements(site)
    found = [
        *(_raised(one) for one in tx.raised_alarms(site)),
        *(_overdue(one, today) for one in packages if one.overdue(today)),
    ]
    marked = [
        Alarm(
            one.id, one.kind, one.at, one.locale, one.lost, one.deployment, one.message, one.package, known.get(one.id)
        )
        for one in found
    ]
    return sorted(marked, key=lambda one: (one.acknowledged is not None, -one.at.timestamp(), one.id))


def _raised(one: RaisedAlarm) -> Alarm:
    kind = AlarmKind.FALL if one.locale else AlarmKind.IMPORT
    return Alarm(f"deployment-{one.number}", kind, one.at, one.locale, one.lost, one.deployment, one.message)


def _overdue(one: WeighedPackage, today: date) -> Alarm:
    """Raised with the first moment after its day; issued again for another day, it is another alarm."""
    day = one.due or today
    at = datetime.combine(day + timedelta(days=1), time(), UTC)
    return Alarm(f"overdue-{one.id}-{day}", AlarmKind.OVERDUE, at, one.locale, one.overdue(today), package=one.id)


def acknowledge(tx: Transaction, entry: Acknowledgement, packages: Sequence[WeighedPackage]) -> None:
    """Keep that a person has seen an alarm, and why it may rest; who and why stand in the journal as well.

    Raises NotFound, Unusable without a note, Conflict where somebody did before.
    """
    if entry.alarm not in {one.id for one in alarms(tx, entry.site, packages, entry.at.date())}:
        raise NotFound("There is no such alarm, or not any more.")
    if not entry.note.strip() or len(entry.note) > LONGEST:
        raise Unusable(f"Write why the alarm may rest, in at most {LONGEST} characters.")
    tx.acknowledge(entry)
    tx.note(entry.site, "acknowledge", {"alarm": entry.alarm, "by": entry.by, "note": entry.note}, entry.at)
