"""Record listing: walks a remote list page by page, so that nothing is missed that is changed while it is walked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from connectors.http_calls import Passing
from connectors.mirror_index import LONG_AGO
from tm_service.domain.errors import ConnectorError
from tm_service.domain.records import ARTICLE, RecordEntry, RecordRef

_AGAIN = 20  # documents of one moment that are asked for again, since others of that moment may have left it


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list. `moment` is what the store sorts it by, None where it has nothing there."""

    entry: RecordEntry
    moment: datetime | None


Page = Callable[[datetime | None, int], Sequence[Row]]  # what was changed at a moment or later, from which row on


def walk(host: str, page: Page, since: datetime | None) -> Iterator[RecordEntry]:
    """Every entry from a moment on, oldest change first.

    The next page begins at the moment the last one ended with, not at a number of rows: a document that changes meanwhile moves
    to the end, and all the others would move one row up, one of them out of sight. An answer without what was there before is
    not taken for the end until it comes twice. Raises ConnectorError where the store does not keep the order or the moment
    that were asked for.
    """
    moment, seen = _whole(since), set[tuple[RecordRef, datetime]]()
    at_moment, is_asked_again = 0, False
    while True:
        rows = page(moment, max(0, at_moment - _AGAIN))
        _check_order(host, rows, moment)
        fresh = [row for row in rows if (row.entry.ref, row.entry.modified) not in seen]
        if not fresh:
            if is_asked_again or 0 < min(at_moment, _AGAIN) <= len(rows):
                return
            is_asked_again = True
            continue
        is_asked_again = False
        seen |= {(row.entry.ref, row.entry.modified) for row in fresh}
        yield from (row.entry for row in fresh)
        last = rows[-1].moment
        same = sum(row.moment == last for row in fresh)
        at_moment = at_moment + same if last == moment else same
        moment = last


def _check_order(host: str, rows: Sequence[Row], moment: datetime | None) -> None:
    times = [moment or LONG_AGO, *(row.moment or LONG_AGO for row in rows)]
    if any(later < earlier for earlier, later in pairwise(times)):
        raise ConnectorError(
            f"The record store {host} lists its documents in another order than asked for; without it changes would be missed."
        )


def article_row(read: Any) -> Row:
    """A line of the list of articles; raises Passing for what is none."""
    name, meta = _identifier(read, "_id"), read.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    moment = _time(meta.get("modifiedOn"))
    modified = moment or _time(meta.get("updatedOn")) or _time(meta.get("createdOn")) or LONG_AGO
    return Row(RecordEntry(RecordRef(ARTICLE, name), modified), _whole(moment))


def record_row(read: Any) -> Row:
    """An envelope: a line of the list of records; raises Passing for what is none."""
    name, kind = _identifier(read, "identifier"), read.get("type")
    if not isinstance(kind, str) or not kind:
        raise Passing("an envelope has no type")
    moment, revision = _time(read.get("updatedOn")), read.get("revision")
    number = revision if isinstance(revision, int) and not isinstance(revision, bool) else 0
    modified = moment or _time(read.get("createdOn")) or LONG_AGO
    return Row(RecordEntry(RecordRef(kind, name), modified, number), _whole(moment))


def rows_of(read: Any) -> list[Any]:
    """The lines of an answer: a list, or one below `Items`; raises Passing for anything else."""
    items = read.get("Items", read.get("items")) if isinstance(read, dict) else read
    if not isinstance(items, list):
        raise Passing("its list is none")
    return items


def written(at: datetime) -> str:
    """A moment as the store writes it, in whole milliseconds, never after it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _whole(at: datetime | None) -> datetime | None:
    """Whole milliseconds, which is all that a store may be asked by."""
    return at and at.replace(microsecond=at.microsecond // 1000 * 1000)


def _identifier(read: Any, name: str) -> str:
    said = read.get(name) if isinstance(read, dict) else None
    if isinstance(said, dict):
        said = said.get("$oid")
    if not isinstance(said, str) or not said:
        raise Passing(f"a document of its list has no {name}")
    return said


def _time(said: Any) -> datetime | None:
    """A moment with its zone; None for nothing. Raises Passing for what is no moment."""
    if isinstance(said, dict):
        said = said.get("$date")
    if said is None or said == "":
        return None
    try:
        at = datetime.fromisoformat(said)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        raise Passing("a moment in its answer is none") from None
