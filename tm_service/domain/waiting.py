"""Waiting: what waits for a person, and how often a letter tells them of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tm_service.domain.units import Locale


class WaitingKind(StrEnum):
    """What it is, the most pressing first."""

    OVERDUE = "overdue"  # a package that was to be back
    GATE = "gate"  # a deployment was refused, and none was made since
    PACKAGE = "package"  # to be translated
    ALARM = "alarm"  # that nobody has acknowledged
    REQUEST = "request"  # articles or records whose publication somebody asks for
    CLASH = "clash"  # one's own drafts in which two people changed the same
    FAILED = "failed"  # jobs that a person has to look at; of the house itself where no site is named
    CLIENT = "client"  # programs that ask for approval
    DRAFT = "draft"  # what one began to write and has not sent on


_ORDER = tuple(WaitingKind)
ARTICLES, RECORDS = "articles", "records"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: `count` are open units, alarms, documents, jobs or programs.

    `name` is a package's id, of documents ARTICLES or RECORDS, and "" for the others.
    """

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
