"""Folder channel: leaves packages in a folder that translators share, whole or not at all."""

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from connectors.file_names import checked_name
from tm_service.domain.deliveries import Delivery, Sent
from tm_service.domain.errors import Conflict, Refused, TryLater

_NEW_FILE = 0o666
_WITHOUT_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})
# What somebody must put right; everything else (a full disk, a share that is away) may pass by itself.
_LASTING = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EILSEQ})


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """A folder on this machine or on a share mounted there.

    A file appears under its name only when all of it is on the disk. What stands there already is never overwritten:
    the same bytes are the same delivery, other bytes are a Conflict.
    """

    folder: Path

    @property
    def repeatable(self) -> bool:
        return True

    def send(self, delivery: Delivery) -> Sent:
        """Put the file into the folder; harmless when it is there. Raises as the port says, except InDoubt."""
        place = self.folder / checked_name(delivery.name)
        try:
            repeated = _stands(place, delivery.content) or not _put(place, delivery.content)
        except OSError as error:
            failure = Refused if error.errno in _LASTING else TryLater
            raise failure(f"{place} cannot be written: {error.strerror}.") from error
        return Sent(str(place), repeated=repeated)


def _stands(place: Path, content: bytes) -> bool:
    """Whether these very bytes stand there; raises Conflict where others do."""
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(mode):
        raise Conflict(f"{place} is a link or a folder, not a file; move it away, then send again.")
    with place.open("rb") as file:
        if file.read(len(content) + 1) == content:
            return True
    raise Conflict(f"{place} holds another file; look at it, and move one of the two away before sending again.")


def _put(place: Path, content: bytes) -> bool:
    """Write the file beside its place and give it its name when all of it is safe; False where the same came first."""
    draft = place.with_name(f".tm-service-{token_hex(6)}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _NEW_FILE)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        return _named(draft, place, content)
    finally:
        with suppress(OSError):  # what made it fail is the answer; a share that is away takes nothing back either
            draft.unlink(missing_ok=True)


def _named(draft: Path, place: Path, content: bytes) -> bool:
    try:
        os.link(draft, place, follow_symlinks=False)
    except FileExistsError:
        if _stands(place, content):
            return False
        raise
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:
            raise
        # Shares without hard links: of two senders at the same moment the later one's file stays; the bytes are compared.
        if _stands(place, content):
            return False
        draft.replace(place)
    _remember(place.parent)
    return True


def _remember(folder: Path) -> None:
    """A name survives a power cut only when its folder is on the disk as well."""
    with suppress(OSError):  # some shares cannot; the file itself is written
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
