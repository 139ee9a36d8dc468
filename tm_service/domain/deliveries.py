"""Deliveries: packages and receipts on their way out of the house, and what is known of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tm_service.domain.units import Document

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=4)
_MOST_ATTEMPTS = 25  # three days, as mail servers themselves try (RFC 5321, 4.5.4.1)


class DeliveryStatus(StrEnum):
    WAITING = "waiting"  # to be sent, or to be tried again
    SENDING = "sending"  # an attempt began and its end is not known
    SENT = "sent"
    REFUSED = "refused"  # a person has something to put right
    IN_DOUBT = "in doubt"  # it may have gone out or not; a person is asked


TROUBLE = frozenset({DeliveryStatus.REFUSED, DeliveryStatus.IN_DOUBT})


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes with a file: `html` as the content of a body, both texts in `language`."""

    subject: str
    plain: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One hand-off on its way to one recipient.

    `id` names it for good: whoever sends it again sends the same. `plain` and `html` are the covering letter, `html` as
    the content of a body, both in `language`; a channel that carries the file elsewhere puts `link` below them. `name`
    and `content` are the file, without a name there is none; `link` is where it can be downloaded, empty where it cannot.
    `beside` are files for reading.
    """

    id: str
    recipient: str
    subject: str
    plain: str
    html: str
    name: str
    content: bytes
    link: str = ""
    language: str = "en"
    beside: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer to a delivery: what names it outside, such as a path or a Message-ID.

    `attached` says that the file itself went, not its link; `repeated` that it was there already and nothing was done.
    """

    reference: str
    attached: bool = True
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """What the outbox knows of a delivery: of which package, by which channel, how far, and when it is tried again.

    `receipt` is the digest of the return that the delivery answers, `reminder` is "soon" where it says that the package is due,
    "overdue 2" in the second week after that day; both are empty where it carries the package itself.
    """

    id: str
    site: str
    package: str
    channel: str
    recipient: str
    status: DeliveryStatus
    at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    reference: str = ""
    error: str = ""
    receipt: str = ""
    reminder: str = ""


class Carried(StrEnum):
    """What a delivery brings."""

    PACKAGE = "package"
    RECEIPT = "receipt"
    REMINDER = "reminder"


def carried(entry: Posting) -> Carried:
    if entry.reminder:
        return Carried.REMINDER
    return Carried.RECEIPT if entry.receipt else Carried.PACKAGE


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None when it is time to give up and tell a person.

    The waits double from a minute up to four hours; the last attempt is made after some three days.
    """
    if attempts >= _MOST_ATTEMPTS:
        return None
    if attempts < 1:
        return now
    return now + min(_FIRST_WAIT * (1 << (attempts - 1)), _LONGEST_WAIT)
