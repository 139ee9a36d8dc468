"""Functions of the interface that go out of date: which, when, what to use instead, and who was told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from tm_service.domain.deliveries import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Deprecated:
    """A function that is out of date `since` a day and as it is before the day `until`; `instead` is what to use, or empty."""

    name: str
    since: date
    until: date
    instead: str = ""


DEPRECATED: tuple[Deprecated, ...] = ()


def changing(functions: Collection[Deprecated], pinned: Collection[str], today: date) -> list[Deprecated]:
    """What changes soon of what somebody relies on, the next change first."""
    found = [one for one in functions if one.name in pinned and one.since <= today < one.until]
    return sorted(found, key=lambda one: (one.until, one.name))


@dataclass(frozen=True, slots=True)
class ClientWarning:
    """What is known of telling a client, by mail, that a function it is pinned to changes on a day."""

    client: str
    function: str
    day: date
    status: DeliveryStatus
    at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    error: str = ""

    @property
    def id(self) -> str:
        """The same at every attempt."""
        return sha256(f"warning {self.client} {self.function} {self.day}".encode("utf-8", "surrogatepass")).hexdigest()
