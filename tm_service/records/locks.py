"""Locks and shares as rows: who keeps others from saving until when, and which links lead to a draft."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update

from tm_service.database.rows import chunks
from tm_service.domain.drafts import Lock, Share
from tm_service.domain.errors import NotFound
from tm_service.domain.records import RecordRef
from tm_service.records.documents import Documents
from tm_service.records.rows import CHUNK
from tm_service.records.tables import lock, share


class Locks(Documents):
    def lock(self, ref: RecordRef) -> Lock | None:
        """The lock of a document that has not run out."""
        return next(iter(self.locks([ref])), None)

    def locks(self, refs: Sequence[RecordRef]) -> Sequence[Lock]:
        """The locks of these documents that have not run out."""
        named = {ref.identifier: ref for ref in refs}
        query = select(lock).where(lock.c.until > self.now())
        return [
            Lock(named[row["identifier"]], row["id"], row["holder"], row["since"], row["until"])
            for chunk in chunks(list(named), CHUNK)
            for row in self.connection.execute(query.where(lock.c.identifier.in_(chunk))).mappings()
        ]

    def put_lock(self, entry: Lock) -> None:
        """Take, renew or, of one that has run out, take over."""
        row = {"id": entry.id, "holder": entry.holder, "since": entry.since, "until": entry.until}
        statement = self.insert(lock).values(identifier=entry.ref.identifier, **row)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["identifier"], set_=row))

    def end_lock(self, ref: RecordRef) -> None:
        self.connection.execute(delete(lock).where(lock.c.identifier == ref.identifier))


class Shares(Documents):
    def add_share(self, ref: RecordRef, digest: str, by: str, until: datetime, uses: int) -> Share:
        row = {"identifier": ref.identifier, "by": by, "at": self.now(), "until": until, "uses": uses}
        self.connection.execute(share.insert(), {**row, "digest": digest, "used": 0, "revoked": False})
        return self.shares(ref)[0]

    def share(self, ref: RecordRef, number: int) -> Share:
        """Raises NotFound."""
        found = [one for one in self.shares(ref) if one.number == number]
        if not found:
            raise NotFound(f"There is no link {number} to a draft of {ref.kind} {ref.identifier}.")
        return found[0]

    def shares(self, ref: RecordRef) -> Sequence[Share]:
        query = select(share).where(share.c.identifier == ref.identifier).order_by(share.c.number.desc())
        return [_share(ref, row) for row in self.connection.execute(query).mappings()]

    def use_share(self, digest: str) -> str | None:
        """Count a use of a link that may be used; gives the document's identifier."""
        query = select(share).where(share.c.digest == digest)
        row = self.connection.execute(query).mappings().one_or_none()
        if row is None or row["revoked"] or row["until"] <= self.now() or (row["uses"] and row["used"] >= row["uses"]):
            return None
        self.connection.execute(update(share).where(share.c.number == row["number"]).values(used=row["used"] + 1))
        identifier: str = row["identifier"]
        return identifier

    def revoke(self, ref: RecordRef, number: int | None = None) -> None:
        """End one link, or all of a document."""
        statement = update(share).where(share.c.identifier == ref.identifier)
        if number is not None:
            statement = statement.where(share.c.number == number)
        self.connection.execute(statement.values(revoked=True))


def _share(ref: RecordRef, row: RowMapping) -> Share:
    return Share(
        row["number"], ref, row["by"], row["at"], row["until"], row["uses"], row["used"], revoked=row["revoked"]
    )
