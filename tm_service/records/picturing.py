"""Picturing: pictures put into documents by those who may write them, and read by whoever knows their name."""

from datetime import timedelta

from tm_service.domain.errors import Conflict
from tm_service.domain.pictures import Picture
from tm_service.domain.records import Actor, RecordRef
from tm_service.records.pictures import read_picture
from tm_service.records.sharing import Sharing

_MOST = 300  # new ones of one person within a day
_DAY = timedelta(days=1)


class Picturing(Sharing):
    def add_picture(self, ref: RecordRef, content: bytes, *, by: Actor) -> Picture:
        made = read_picture(content)
        with self.writing() as work:
            self._writes(work, ref, by)
            if not work.has_picture(made.digest):
                if work.pictures_by(by.name, work.now() - _DAY) >= _MOST:
                    raise Conflict(f"You brought {_MOST} pictures within a day, which are the most; go on tomorrow.")
                work.put_picture(made, by.name)
        return made

    def picture(self, digest: str) -> Picture:
        with self.reading() as work:
            return work.picture(digest)
