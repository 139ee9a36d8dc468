"""Decisions: waivers that people sign, and the journal of what was done."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from tm_service.domain.serving import Waiver
from tm_service.storage.rows import Rows, dump, dump_key, load_key
from tm_service.storage.tables import journal, waiver


class Decisions(Rows):
    def add_waiver(self, entry: Waiver) -> None:
        row = {name: getattr(entry, name) for name in ("site", "locale", "resource", "by", "at", "until", "reason")}
        self.connection.execute(waiver.insert(), row | {"key": dump_key(entry.key), "signature": entry.signature})

    def waivers(self, site: str) -> Sequence[Waiver]:
        query = select(waiver).where(waiver.c.site == site).order_by(waiver.c.number)
        return [
            Waiver(
                site=row["site"],
                locale=row["locale"],
                resource=row["resource"],
                key=load_key(row["key"]),
                by=row["by"],
                at=row["at"],
                until=row["until"],
                reason=row["reason"],
                signature=row["signature"],
            )
            for row in self.connection.execute(query).mappings()
        ]

    def note(self, site: str, verb: str, details: Mapping[str, object], at: datetime) -> None:
        row = {"site": site, "verb": verb, "details": dump(details), "at": at}
        self.connection.execute(journal.insert(), row)
