"""Intentions: what a push is about to write, kept until it is known, so that our own texts are known again after a crash."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from tm_service.domain.errors import ConnectorError


@dataclass(frozen=True, slots=True)
class Intentions:
    """One file a document, by its path in the mirror; paths hold no other characters than names of documents do."""

    folder: Path

    def keep(self, path: str, digest: str, content: bytes) -> None:
        """Remember what a document is to become, before its store hears of it. Raises ConnectorError where the disk refuses.

        `digest` tells the document as its store will have it, `content` is what will stand in our copy.
        """
        place = self._place(path)
        draft = place.with_name(f".{token_hex(6)}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(f"{digest}\n".encode() + content)
            draft.replace(place)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ConnectorError(
                f"{place} cannot be written: {error.strerror}; make room or mend its rights."
            ) from error

    def of(self, path: str, digest: str) -> bytes | None:
        """What was to stand in our copy of a document, where its store has just what it was to become; else None."""
        try:
            begun, _, content = self._place(path).read_bytes().partition(b"\n")
            return content if begun == digest.encode() else None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConnectorError(f"{self._place(path)} cannot be read: {error.strerror}; mend its rights.") from error

    def drop(self, paths: Iterable[str]) -> None:
        """Forget what came about, or what never can."""
        for path in paths:
            self._place(path).unlink(missing_ok=True)

    def _place(self, path: str) -> Path:
        return self.folder / path.replace("/", ".")
