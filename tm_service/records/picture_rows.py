"""Pictures as rows, each under the digest of what is in it."""

from datetime import datetime

from sqlalchemy import func, select

from tm_service.domain.errors import NotFound
from tm_service.domain.pictures import Picture
from tm_service.records.documents import Documents
from tm_service.records.tables import picture


class Pictures(Documents):
    def has_picture(self, digest: str) -> bool:
        return self.connection.scalar(select(picture.c.digest).where(picture.c.digest == digest)) is not None

    def pictures_by(self, by: str, since: datetime) -> int:
        """How many somebody brought since then."""
        query = select(func.count()).select_from(picture).where(picture.c.by == by, picture.c.at >= since)
        return int(self.connection.scalar(query) or 0)

    def put_picture(self, made: Picture, by: str) -> None:
        row = {
            "digest": made.digest,
            "kind": made.kind,
            "width": made.width,
            "height": made.height,
            "content": made.content,
            "at": self.now(),
            "by": by,
        }
        self.connection.execute(picture.insert(), row)

    def picture(self, digest: str) -> Picture:
        """Raises NotFound."""
        query = select(picture).where(picture.c.digest == digest)
        row = self.connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("There is no such picture.")
        return Picture(row["digest"], row["kind"], row["width"], row["height"], row["content"])
