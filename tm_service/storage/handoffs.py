"""Hand-offs: the questions that came back with packages, and the outbox."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from hashlib import sha256

from sqlalchemy import RowMapping, select

from tm_service.database.rows import Rows, chunks
from tm_service.domain.deliveries import DeliveryStatus, Posting
from tm_service.domain.packages import Question
from tm_service.storage.rows import dump_texts
from tm_service.storage.tables import delivery, question


class Handoffs(Rows):
    def ask(self, questions: Iterable[Question]) -> int:
        rows = []
        for entry in questions:
            identity = sha256(dump_texts((entry.package, entry.unit, entry.text)).encode("utf-8", "surrogatepass"))
            row = {name: value for name, value in asdict(entry).items() if name != "number"}
            rows.append(row | {"identity": identity.hexdigest()})
        known: set[str] = set()
        for chunk in chunks(rows, 1000):
            wanted = [row["identity"] for row in chunk]
            known.update(self.connection.scalars(select(question.c.identity).where(question.c.identity.in_(wanted))))
        fresh = list({row["identity"]: row for row in rows if row["identity"] not in known}.values())
        if fresh:
            self.connection.execute(question.insert(), fresh)
        return len(fresh)

    def questions(self, site: str) -> Sequence[Question]:
        query = select(question).where(question.c.site == site).order_by(question.c.number)
        return [
            Question(**{name: value for name, value in row.items() if name != "identity"})
            for row in self.connection.execute(query).mappings()
        ]

    def save_posting(self, entry: Posting) -> None:
        row = asdict(entry) | {"status": entry.status.value}
        changed = {name: row[name] for name in ("status", "at", "attempts", "next_at", "reference", "error")}
        statement = self.insert(delivery).values(row)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))

    def posting(self, posting_id: str) -> Posting | None:
        row = self.connection.execute(select(delivery).where(delivery.c.id == posting_id)).mappings().one_or_none()
        return _posting(row) if row else None

    def postings(self, site: str = "", *, statuses: Collection[DeliveryStatus] = ()) -> Sequence[Posting]:
        query = select(delivery).order_by(delivery.c.at, delivery.c.id)
        if site:
            query = query.where(delivery.c.site == site)
        if statuses:
            query = query.where(delivery.c.status.in_([status.value for status in statuses]))
        return [_posting(row) for row in self.connection.execute(query).mappings()]


def _posting(row: RowMapping) -> Posting:
    return Posting(**dict(row) | {"status": DeliveryStatus(row["status"])})
