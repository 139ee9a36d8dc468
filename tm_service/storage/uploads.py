"""Uploads: what is known of each, and its pieces as rows, so that any process of the house can go on with it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import and_, delete, func, select, update

from tm_service.database.rows import Rows
from tm_service.domain.errors import NotFound
from tm_service.domain.uploads import Upload
from tm_service.storage.upload_tables import upload, upload_piece

_COLUMNS = tuple(upload.c[one.name] for one in fields(Upload))


class Uploads(Rows):
    def add_upload(self, made: Upload) -> None:
        self.connection.execute(upload.insert(), {column.name: getattr(made, column.name) for column in _COLUMNS})

    def upload(self, upload_id: str) -> Upload:
        row = self.connection.execute(select(*_COLUMNS).where(upload.c.id == upload_id)).first()
        if row is None:
            raise NotFound("There is no such upload, or not any more; begin another.")
        return Upload(**row._asdict())

    def uploads_open(self, by: str = "") -> tuple[int, int]:
        query = select(func.count(), func.coalesce(func.sum(upload.c.length), 0)).where(upload.c.digest == "")
        if by:
            query = query.where(upload.c.by == by)
        count, size = self.connection.execute(query).one()
        return int(count), int(size)

    def add_piece(self, upload_id: str, start: int, content: bytes, until: datetime) -> bool:
        here = and_(upload.c.id == upload_id, upload.c.offset == start, upload.c.digest == "")
        moved = update(upload).where(here).values(offset=start + len(content), until=until)
        if self.connection.execute(moved).rowcount == 0:
            return False
        self.connection.execute(upload_piece.insert(), {"upload": upload_id, "start": start, "content": content})
        return True

    def upload_content(self, upload_id: str) -> bytes:
        query = select(upload_piece.c.content).where(upload_piece.c.upload == upload_id).order_by(upload_piece.c.start)
        return b"".join(self.connection.execute(query).scalars())

    def settle_upload(self, upload_id: str, digest: str) -> None:
        self.connection.execute(update(upload).where(upload.c.id == upload_id).values(digest=digest))
        self.connection.execute(delete(upload_piece).where(upload_piece.c.upload == upload_id))

    def remove_uploads(self, ids: Sequence[str]) -> int:
        self.connection.execute(delete(upload_piece).where(upload_piece.c.upload.in_(ids)))
        return self.connection.execute(delete(upload).where(upload.c.id.in_(ids))).rowcount

    def uploads_over(self, now: datetime, most: int = 400) -> Sequence[str]:
        return self.connection.execute(select(upload.c.id).where(upload.c.until <= now).limit(most)).scalars().all()
