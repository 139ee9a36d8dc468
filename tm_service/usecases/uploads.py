"""Uploads: take a file in piece by piece; what was acknowledged is kept, whatever happens to the process or the line."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from tm_service.domain.errors import Conflict, NotFound, Refused
from tm_service.domain.ports import Clock, Store, Transaction
from tm_service.domain.uploads import ALL, ALL_BYTES, EACH, EACH_BYTES, LASTS, LONGEST, Upload

_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Uploads:
    """What is asked of uploads; each is its sender's, and is not there for anybody else."""

    store: Store
    clock: Clock

    def begin(self, by: str, name: str, length: int, metadata: str = "") -> Upload:
        """An upload of so many bytes, nothing of it here yet; what is over is forgotten first. Raises Refused."""
        if not 0 < length <= LONGEST:
            raise Refused(f"A file of {length:,} bytes is not taken; it may have 1 to {LONGEST:,}.")
        now = self.clock()
        made = Upload(uuid4().hex, by, name, metadata, length, now + LASTS)
        with self.store.begin() as tx:
            tx.remove_uploads(tx.uploads_over(now))
            _refuse_many(tx, made)
            tx.add_upload(made)
        return made

    def find(self, upload_id: str, by: str) -> Upload:
        """Raises NotFound, also for somebody else's."""
        with self.store.read() as tx:
            return _mine(tx, upload_id, by, self.clock())

    def add(self, upload_id: str, by: str, start: int, content: bytes) -> Upload:
        """Keep a piece behind what is kept. Raises NotFound, Conflict where it begins elsewhere, Refused beyond the end."""
        with self.store.begin() as tx:
            now = self.clock()
            found = _mine(tx, upload_id, by, now)
            if start + len(content) > found.length:
                raise Refused(f"The upload ends at byte {found.length:,}; this goes on until {start + len(content):,}.")
            if not tx.add_piece(found.id, start, content, now + LASTS):
                raise Conflict(f"The upload is at byte {found.offset:,}, not at {start:,}; go on from there.")
            return tx.upload(found.id)

    def remove(self, upload_id: str, by: str) -> None:
        """Raises NotFound."""
        with self.store.begin() as tx:
            tx.remove_uploads([_mine(tx, upload_id, by, self.clock()).id])

    def content(self, upload_id: str, by: str) -> tuple[str, bytes]:
        """Name and bytes of a file that came whole. Raises NotFound, Conflict where it did not."""
        with self.store.read() as tx:
            found = _mine(tx, upload_id, by, self.clock())
            if not found.is_whole:
                raise Conflict(f"Of {found.length:,} bytes {found.offset:,} are here; send the others first.")
            return found.name, tx.blobs([found.digest])[found.digest] if found.digest else tx.upload_content(found.id)

    def settle(self, upload_id: str, by: str, content: bytes) -> None:
        """Its content is kept with the returns by now: the pieces go, and it counts no more. Raises NotFound."""
        with self.store.begin() as tx:
            found = _mine(tx, upload_id, by, self.clock())
            if not found.digest:
                tx.settle_upload(found.id, sha256(content).hexdigest())

    def tidy(self) -> int:
        """Forget those whose time is over. Returns how many."""
        with self.store.begin() as tx:
            return tx.remove_uploads(tx.uploads_over(self.clock()))


def _mine(tx: Transaction, upload_id: str, by: str, now: datetime) -> Upload:
    found = tx.upload(upload_id)
    if found.by != by or found.until <= now:
        raise NotFound("There is no such upload, or not any more; begin another.")
    return found


def _refuse_many(tx: Transaction, made: Upload) -> None:
    for by, whose, many, much in ((made.by, "You have", EACH, EACH_BYTES), ("", "There are", ALL, ALL_BYTES)):
        count, size = tx.uploads_open(by)
        if count >= many or size + made.length > much:
            raise Refused(
                f"{whose} {count} uploads under way, of {size // _MEGABYTE} MB; {many} are taken, of {much // _MEGABYTE} MB. "
                "Take their files in, or delete them, and begin again."
            )
