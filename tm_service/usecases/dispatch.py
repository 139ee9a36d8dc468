"""Dispatch: what becomes of a package after it was made: handed off, sent, issued again, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from tm_service.domain.deliveries import Delivery, DeliveryStatus, Letter, Posting, next_try
from tm_service.domain.errors import Conflict, InDoubt, NotFound, ServiceError, TryLater
from tm_service.domain.packages import OPEN, Package, PackageStatus, Receipt
from tm_service.domain.ports import Channel, Clock, Exporter, MemoryRoom, Store, Transaction
from tm_service.domain.site import Site
from tm_service.domain.units import Document
from tm_service.usecases.handoff import Supplies, again
from tm_service.usecases.leverage import reading, terms_of

_PATIENCE = timedelta(minutes=30)  # longer than any attempt lasts
_PAST = "What it was to say is no longer so; nothing needs to be done."
_AHEAD = timedelta(days=3)  # so long before it is due a package is spoken of

Channels = Mapping[str, Channel]


def hand_off(tx: Transaction, package_id: str, now: datetime) -> Package:
    """A draft becomes work that is out. Raises NotFound, Conflict."""
    found = tx.package(package_id)
    if found.status is not PackageStatus.DRAFT:
        raise Conflict(f"Package {found.id} is {found.status}; only a draft can be handed off.")
    return _become(tx, found, PackageStatus.HANDED_OFF, "hand off", now)


def cancel(tx: Transaction, package_id: str, now: datetime) -> Package:
    """Call a package back: its units are work again, what returned of it stays. Raises NotFound, Conflict."""
    found = tx.package(package_id)
    if found.status not in OPEN:
        raise Conflict(f"Package {found.id} is {found.status}; it cannot be cancelled.")
    _withdraw(tx, found, "The package was cancelled before it was sent.", now)
    return _become(tx, found, PackageStatus.CANCELLED, "cancel", now)


def _become(tx: Transaction, found: Package, status: PackageStatus, verb: str, now: datetime) -> Package:
    after = replace(found, status=status)
    tx.save_package(after)
    tx.note(found.site, verb, {"package": found.id}, now)
    return after


def issue_again(
    tx: Transaction,
    package_id: str,
    site: Site,
    *,
    exporter: Exporter,
    room: MemoryRoom,
    now: datetime,
    due: date | None = None,
    profile: str = "",
) -> tuple[Package, str, bytes]:
    """The open units of a package once more, as its next version, for another day or another tool.

    Units keep their ids, so that a return of any version is taken in. Raises NotFound, Conflict.
    """
    found = tx.package(package_id)
    if found.status is PackageStatus.DRAFT:
        raise Conflict(f"Package {found.id} is a draft that nobody has yet; cancel it and make it anew.")
    if found.status not in OPEN or not found.open_units:
        raise Conflict(f"Package {found.id} is {found.status}; nothing of it is open to be issued again.")
    after = replace(found, version=found.version + 1, due=due or found.due, profile=profile or found.profile)
    where = reading(site, found.locale)
    earlier = list(tx.numbered({unit.base for unit in found.open_units if unit.base}).values())
    usual, tool = site.hand_off, exporter.profile(after.profile)
    name, content = exporter.write(
        again(after, earlier, Supplies(room, where, tool, terms_of(tx, where), usual.contact, usual.xliff2)),
    )
    tx.save_package(after)
    tx.keep_file(found.id, name, content)
    _withdraw(tx, found, "It was issued again before it was sent; send the new version.", now)
    tx.note(found.site, "issue again", {"package": found.id, "version": after.version}, now)
    return after, name, content


def _withdraw(tx: Transaction, found: Package, reason: str, now: datetime) -> None:
    """What of a package waits to be sent is not sent."""
    for entry in tx.postings(found.site, statuses=[DeliveryStatus.WAITING]):
        if entry.package == found.id and not entry.receipt:
            tx.save_posting(replace(entry, status=DeliveryStatus.REFUSED, at=now, next_at=None, error=reason))


def post(
    tx: Transaction, package_id: str, channel: str, recipient: str, now: datetime, *, once_more: bool = False
) -> Posting:
    """Put a package into the outbox for a recipient; what is there already, or was sent, is not sent twice.

    With `once_more`, what is in doubt is: a person has asked the recipient. Raises NotFound, Conflict.
    """
    found = tx.package(package_id)
    if found.status is PackageStatus.DRAFT:
        raise Conflict(f"Package {found.id} is a draft; hand it off before it is sent.")
    if found.status not in OPEN:
        raise Conflict(f"Package {found.id} is {found.status}; it is not sent any more.")
    name = sha256(f"{found.id} v{found.version} {channel} {recipient}".encode("utf-8", "surrogatepass")).hexdigest()
    known = tx.posting(name)
    may_go = known is None or known.status is DeliveryStatus.REFUSED
    if known is not None and not may_go and not (once_more and known.status is DeliveryStatus.IN_DOUBT):
        return known
    entry = Posting(name, found.site, found.id, channel, recipient, DeliveryStatus.WAITING, now, next_at=now)
    tx.save_posting(entry)
    return entry


def post_receipt(tx: Transaction, receipt: Receipt, channel: str, recipient: str, now: datetime) -> Posting:
    """Put the answer to a return into the outbox; the same answer goes to nobody twice. Raises NotFound."""
    found = tx.package(receipt.package)
    entry = Posting(
        id=sha256(f"receipt {receipt.digest} {channel} {recipient}".encode("utf-8", "surrogatepass")).hexdigest(),
        site=found.site,
        package=found.id,
        channel=channel,
        recipient=recipient,
        status=DeliveryStatus.WAITING,
        at=now,
        next_at=now,
        receipt=receipt.digest,
    )
    return _put(tx, entry)


def _put(tx: Transaction, entry: Posting) -> Posting:
    """As the outbox has it, which is the entry itself only where there was none or its delivery was refused."""
    known = tx.posting(entry.id)
    if known is not None and known.status is not DeliveryStatus.REFUSED:
        return known
    tx.save_posting(entry)
    return entry


def due_reminder(package: Package, today: date) -> str:
    """What a package's translators are to be told: "soon", "overdue" with the number of the week, or nothing."""
    is_out = package.status in OPEN and package.status is not PackageStatus.DRAFT
    if not is_out or not package.open_units or package.due is None or today < package.due - _AHEAD:
        return ""
    late = (today - package.due).days
    return f"overdue {(late + 6) // 7}" if late > 0 else "soon"


def remind(tx: Transaction, site: Site, channel: str, now: datetime) -> list[Posting]:
    """Put the reminders of a site that are due into the outbox; those that are new there.

    A recipient is told "soon" once for each due date and version of a package, and "overdue" once a week for each due date.
    """
    posted = list[Posting]()
    for found in tx.packages(site.name, open_only=True):
        reminder = due_reminder(found, now.date())
        addresses = (address.strip() for address in site.hand_off.recipients.get(found.locale, ()))
        for recipient in filter(None, addresses) if reminder else ():
            entry = _reminder(found, reminder, channel, recipient, now)
            if _put(tx, entry) is entry:
                posted.append(entry)
    return posted


def _reminder(package: Package, reminder: str, channel: str, recipient: str, now: datetime) -> Posting:
    of = f"v{package.version} {reminder}" if reminder == "soon" else reminder
    named = f"reminder {package.id} {package.due} {of} {channel} {recipient}"
    return Posting(
        id=sha256(named.encode("utf-8", "surrogatepass")).hexdigest(),
        site=package.site,
        package=package.id,
        channel=channel,
        recipient=recipient,
        status=DeliveryStatus.WAITING,
        at=now,
        next_at=now,
        reminder=reminder,
    )


def settle(tx: Transaction, site: str, channels: Channels, now: datetime) -> None:
    """What was being sent when the process ended: tried again where that is harmless, else a person is asked."""
    for entry in tx.postings(site, statuses=[DeliveryStatus.SENDING]):
        if now - entry.at < _PATIENCE:
            continue
        channel = channels.get(entry.channel)
        if channel is not None and channel.repeatable:
            tx.save_posting(replace(entry, status=DeliveryStatus.WAITING, at=now, next_at=now))
        else:
            said = "The process ended while it was being sent; ask the recipient, then send it again or let it be."
            tx.save_posting(replace(entry, status=DeliveryStatus.IN_DOUBT, at=now, next_at=None, error=said))


def send_due(store: Store, site: Site, channels: Channels, exporter: Exporter, clock: Clock) -> list[Posting]:
    """Send what is due of a site, one after the other; each attempt is remembered before it begins and after it ended."""
    with store.begin() as tx:
        settle(tx, site.name, channels, clock())
        due = _due(tx.postings(site.name, statuses=[DeliveryStatus.WAITING]), clock())
    contact = site.hand_off.contact
    return [sent for entry in due if (sent := _send(store, entry, channels, exporter, contact, clock)) is not None]


def _due(waiting: Sequence[Posting], now: datetime) -> list[Posting]:
    """What of it may go now, the longest due first."""
    when = {entry.id: entry.next_at or entry.at for entry in waiting}
    return sorted((entry for entry in waiting if when[entry.id] <= now), key=lambda entry: when[entry.id])


def _send(
    store: Store, entry: Posting, channels: Channels, exporter: Exporter, contact: str, clock: Clock
) -> Posting | None:
    """One attempt; None where another process took it up first."""
    with store.begin() as tx:
        now = tx.posting(entry.id)
        if now is None or now.status is not DeliveryStatus.WAITING:
            return None
        mine = replace(now, status=DeliveryStatus.SENDING, at=clock(), attempts=now.attempts + 1, next_at=None)
        if mine.reminder and due_reminder(tx.package(mine.package), mine.at.date()) != mine.reminder:
            late = replace(now, status=DeliveryStatus.REFUSED, at=mine.at, next_at=None, error=_PAST)
            tx.save_posting(late)
            return late
        delivery = _prepared(tx, mine, exporter, contact)
        tx.save_posting(mine)
    after = _attempted(mine, channels, delivery, clock)
    with store.begin() as tx:
        tx.save_posting(after)
        tx.note(after.site, "send", {"package": after.package, "status": after.status.value}, after.at)
    return after


def _prepared(tx: Transaction, entry: Posting, exporter: Exporter, contact: str) -> Delivery:
    """A package with its letter, the answer to a return, or a reminder, which is a letter alone."""
    if entry.receipt:
        return _answer(tx, entry, exporter)
    package = tx.package(entry.package)
    if entry.reminder:
        return _delivery(entry, exporter.reminder_letter(package, contact, entry.at.date()), [])
    return _delivery(entry, exporter.letter(package, contact), [Document(*tx.file(package.id))])


def _answer(tx: Transaction, entry: Posting, exporter: Exporter) -> Delivery:
    """The answer to a return: its page and, where something is to be corrected, the package of that."""
    receipt = tx.receipt(entry.receipt)
    if receipt is None:
        raise NotFound(f"There is no receipt {entry.receipt}.")
    return _delivery(entry, exporter.receipt_letter(receipt, tx.package(entry.package)), receipt_files(tx, receipt))


def receipt_files(tx: Transaction, receipt: Receipt) -> list[Document]:
    """A receipt as a page in the translator's language and, where units were quarantined, the package of those."""
    named = [(f"{receipt.package}-receipt-{receipt.digest[:8]}.html", receipt.page)]
    if receipt.corrections:
        named.append((f"{receipt.package}-corrections-{receipt.digest[:8]}.zip", receipt.corrections))
    contents = tx.blobs(digest for _, digest in named)
    return [Document(name, contents[digest]) for name, digest in named]


def _delivery(entry: Posting, letter: Letter, files: Sequence[Document]) -> Delivery:
    own = files[0] if files else Document("", b"")
    return Delivery(
        entry.id,
        entry.recipient,
        letter.subject,
        letter.plain,
        letter.html,
        own.path,
        own.content,
        language=letter.language,
        beside=tuple(files[1:]),
    )


def _attempted(mine: Posting, channels: Channels, delivery: Delivery, clock: Clock) -> Posting:
    channel = channels.get(mine.channel)
    if channel is None:
        said = f"There is no channel {mine.channel} any more; set it up again or send it by another."
        return replace(mine, status=DeliveryStatus.REFUSED, at=clock(), error=said)
    try:
        sent = channel.send(delivery)
    except TryLater as error:
        again = next_try(mine.attempts, clock())
        status = DeliveryStatus.WAITING if again else DeliveryStatus.REFUSED
        return replace(mine, status=status, at=clock(), next_at=again, error=str(error))
    except InDoubt as error:
        return replace(mine, status=DeliveryStatus.IN_DOUBT, at=clock(), error=str(error))
    except ServiceError as error:
        return replace(mine, status=DeliveryStatus.REFUSED, at=clock(), error=str(error))
    return replace(mine, status=DeliveryStatus.SENT, at=clock(), reference=sent.reference, error="")
