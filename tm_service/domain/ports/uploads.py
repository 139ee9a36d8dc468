"""Ports of uploads: what the store keeps of files on their way in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tm_service.domain.uploads import Upload


class UploadRows(Protocol):
    """Uploads and their pieces, in a transaction of the store."""

    def add_upload(self, made: Upload) -> None: ...

    def upload(self, upload_id: str) -> Upload:
        """Raises NotFound."""

    def uploads_open(self, by: str = "") -> tuple[int, int]:
        """How many uploads of somebody, or of all, hold pieces or will, and how many bytes they come to when they are whole."""

    def add_piece(self, upload_id: str, start: int, content: bytes, until: datetime) -> bool:
        """Keep a piece where it follows what is kept, and prolong the upload; False where it does not follow."""

    def upload_content(self, upload_id: str) -> bytes:
        """All pieces, joined."""

    def settle_upload(self, upload_id: str, digest: str) -> None:
        """Its content is kept elsewhere, under its digest; the pieces go."""

    def remove_uploads(self, ids: Sequence[str]) -> int:
        """Forget these with their pieces. Returns how many there were."""

    def uploads_over(self, now: datetime, most: int = 400) -> Sequence[str]:
        """Those whose time is over, by their ids."""
