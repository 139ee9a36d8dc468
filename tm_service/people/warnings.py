"""Warnings: a client is told once that a function it is pinned to changes, whoever tries how often."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta

from sqlalchemy import RowMapping, select

from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.functions import ClientWarning, Deprecated
from tm_service.people.base import Base, Work
from tm_service.people.tables import warning

_PATIENCE = timedelta(hours=1)  # after which an attempt without an end is over
_OPEN = frozenset({DeliveryStatus.WAITING, DeliveryStatus.REFUSED})  # of these nothing went out
_UNKNOWN = "The process ended while it was being sent; ask the contact whether it came."


class Warnings(Base):
    def begin_warning(self, client: str, function: Deprecated) -> ClientWarning | None:
        with self.writing() as work:
            work.client(client)
            known = _known(work, client, function) or ClientWarning(
                client, function.name, function.until, DeliveryStatus.WAITING, work.now
            )
            if known.status is DeliveryStatus.SENDING and work.now - known.at >= _PATIENCE:
                _put(work, replace(known, status=DeliveryStatus.IN_DOUBT, at=work.now, error=_UNKNOWN))
            if known.status not in _OPEN or (known.next_at is not None and known.next_at > work.now):
                return None
            attempts = known.attempts + 1
            mine = replace(known, status=DeliveryStatus.SENDING, at=work.now, attempts=attempts, next_at=None, error="")
            _put(work, mine)
            return mine

    def end_warning(self, warning: ClientWarning) -> None:
        with self.writing() as work:
            _put(work, warning)
            said = {"client": warning.client, "function": warning.function, "day": warning.day.isoformat()}
            work.note("warn client", **said, status=warning.status.value)

    def warnings(self) -> Sequence[ClientWarning]:
        query = select(warning).order_by(warning.c.client, warning.c.function, warning.c.day)
        with self.reading() as work:
            return [_warning(row) for row in work.connection.execute(query).mappings()]


def _known(work: Work, client: str, function: Deprecated) -> ClientWarning | None:
    key = (warning.c.client == client, warning.c.function == function.name, warning.c.day == function.until)
    row = work.connection.execute(select(warning).where(*key)).mappings().one_or_none()
    return None if row is None else _warning(row)


def _put(work: Work, made: ClientWarning) -> None:
    row = asdict(made)
    work.put(warning, {name: row.pop(name) for name in ("client", "function", "day")}, row)


def _warning(row: RowMapping) -> ClientWarning:
    return ClientWarning(**{**row, "status": DeliveryStatus(row["status"])})
