"""Decisions: waivers that people sign."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from tm_service.database.rows import Rows
from tm_service.domain.serving import Waiver
from tm_service.storage.rows import dump_key, load_key
from tm_service.storage.tables import waiver


class Decisions(Rows):
    def add_waiver(self, entry: Waiver) -> None:
        row = {name: getattr(entry, name) for name in ("site", "locale", "resource", "by", "at", "until", "reason")}
        self.connection.execute(waiver.insert(), row | {"key": dump_key(entry.key), "signature": entry.signature})

    def waivers(self, site: str) -> Sequence[Waiver]:
        query = select(waiver).where(waiver.c.site == site).order_by(waiver.c.number)
        return [read_waiver(row) for row in self.connection.execute(query).mappings()]


def read_waiver(row: RowMapping) -> Waiver:
    return Waiver(
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
