"""References: what published documents name, and what is named by whom, with what has become of it."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlalchemy import RowMapping, Text, and_, select, type_coerce

from tm_service.database.rows import chunks
from tm_service.domain.drafts import Reference, Stage, Standing
from tm_service.domain.records import RecordRef
from tm_service.domain.units import Key
from tm_service.records.documents import Documents
from tm_service.records.rows import CHUNK
from tm_service.records.tables import document, reference, revision

_COLUMNS = (
    reference.c.source,
    reference.c.revision,
    reference.c.target,
    reference.c.pinned,
    type_coerce(reference.c.path, Text).label("path"),
)


class References(Documents):
    def refers_to(self, ref: RecordRef, *, confidential: bool) -> Sequence[Reference]:
        query = select(*_COLUMNS).where(reference.c.source == ref.identifier).order_by(reference.c.position)
        if not confidential:
            query = query.where(reference.c.confidential.is_(False))
        found = self.connection.execute(query).mappings().all()
        targets = self.rows({row["target"] for row in found})
        pinned = self._published_pins(found)
        return [
            _reference(row, ref, targets.get(row["target"]), pinned, _title(targets.get(row["target"])))
            for row in found
        ]

    def referred_by(self, identifier: str, *, confidential: bool) -> Sequence[Reference]:
        query = (
            select(*_COLUMNS, document.c.kind, document.c.title)
            .join(document, document.c.identifier == reference.c.source)
            .where(reference.c.target == identifier)
            .order_by(document.c.modified.desc(), reference.c.position)
        )
        if not confidential:
            query = query.where(reference.c.confidential.is_(False))
        found = self.connection.execute(query).mappings().all()
        target = self.rows([identifier]).get(identifier)
        pinned = self._published_pins(found)
        return [_reference(row, RecordRef(row["kind"], row["source"]), target, pinned, row["title"]) for row in found]

    def _published_pins(self, rows: Sequence[RowMapping]) -> frozenset[tuple[str, int]]:
        """Of the revisions that references are pinned to, those that were published."""
        wanted = {(row["target"], row["pinned"]) for row in rows if row["pinned"]}
        found: set[tuple[str, int]] = set()
        for chunk in chunks(sorted({identifier for identifier, _number in wanted}), CHUNK):
            query = select(revision.c.identifier, revision.c.number).where(
                and_(
                    revision.c.identifier.in_(chunk),
                    revision.c.number.in_({number for identifier, number in wanted if identifier in chunk}),
                    revision.c.stage == Stage.PUBLISHED,
                )
            )
            found.update((identifier, number) for identifier, number in self.connection.execute(query))
        return frozenset(found)


def _reference(
    row: RowMapping,
    source: RecordRef,
    target: RowMapping | None,
    published: frozenset[tuple[str, int]],
    title: Mapping[str, str],
) -> Reference:
    newest = target["revision"] if target is not None and target["stage"] == Stage.PUBLISHED else 0
    pinned = row["pinned"]
    standing = Standing.CURRENT
    if not newest or (pinned and (row["target"], pinned) not in published):
        standing = Standing.BROKEN
    elif pinned and pinned < newest:
        standing = Standing.NEWER
    return Reference(
        source=source,
        revision=row["revision"],
        path=_path(row["path"]),
        identifier=row["target"],
        pinned=pinned,
        target=RecordRef(target["kind"], target["identifier"]) if target is not None else None,
        newest=newest,
        standing=standing,
        title=title,
    )


@lru_cache(maxsize=1 << 12)
def _path(written: str) -> Key:
    return tuple(json.loads(written))


def _title(row: RowMapping | None) -> Mapping[str, str]:
    """The title of what readers have; one that they do not have says nothing of itself."""
    return row["title"] if row is not None and row["stage"] == Stage.PUBLISHED else {}
