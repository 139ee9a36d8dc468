"""Uploads: files on their way in, piece by piece, so that a line that breaks costs no more than the last piece."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = 50 << 20  # bytes of a file: what a return may weigh
PIECE = 256 << 10  # bytes that are kept at a time
LASTS = timedelta(days=1)  # from the last piece on
EACH, EACH_BYTES = 20, 250 << 20  # uploads that one asker may have at once, and what they may come to
ALL, ALL_BYTES = 500, 2500 << 20  # that there may be of all askers


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: of its `length` in bytes the first `offset` are kept.

    `by` is who sends it, `name` what the file is called; `metadata` is what was said of it, as it was said. It is forgotten at
    `until`. `digest` names its bytes (SHA-256) once they are kept with the returns, empty before.
    """

    id: str
    by: str
    name: str
    metadata: str
    length: int
    until: datetime
    offset: int = 0
    digest: str = ""

    @property
    def is_whole(self) -> bool:
        return self.offset == self.length
