"""Waiting: what waits for a person, and how often a letter tells them of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tm_service.domain.units import Locale


class WaitingKind(StrEnum):
    """What it is, the most pressing first."""

    OVERDUE = "overdue"  # a package that was to be back
    PACKAGE = "package"  # to be translated
    ALARM = "alarm"  # that nobody has acknowledged
    FAILED = "failed"  # jobs that a person has to look at
    CLIENT = "client"  # programs that ask for approval


_ORDER = tuple(WaitingKind)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: `name` is a package's id, "" for the others; `count` are open units, alarms, jobs or programs."""

    kind: WaitingKind
    count: int
    site: str = ""
    locale: Locale = ""
    name: str = ""
    due: date | None = None


class Digest(StrEnum):
    """How often a letter tells a person what waits for them."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"  # on Mondays

    def is_due(self, today: date, told: date | None) -> bool:
        """Whether it is to be told today; `told` is the day it was told last."""
        if self is Digest.NEVER or (told is not None and told >= today):
            return False
        return self is Digest.DAILY or today.weekday() == 0


def in_order(found: Collection[Waiting]) -> list[Waiting]:
    """The most pressing first, what is due sooner before what is due later."""
    return sorted(found, key=lambda one: (_ORDER.index(one.kind), one.due or date.max, one.site, one.name))
