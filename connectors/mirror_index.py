"""Mirror index: what our copy of a record store was made from, document by document, and how far its syncs came."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from tm_service.domain.errors import ConnectorError
from tm_service.domain.records import RecordEntry, RecordRef

VERSION = 1
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it was read last: when it was changed, at which revision, and its content's hash.

    `doubt` is when it was first read so soon after its change that another one may bear the same moment; None once it is sure.
    """

    modified: datetime
    revision: int
    digest: str
    doubt: datetime | None = None

    def is_of(self, entry: RecordEntry) -> bool:
        return self.modified == entry.modified and self.revision == entry.revision


@dataclass(frozen=True)
class Index:
    """What is known of each document in the mirror at `commit`.

    `watermark` is the newest change that every document up to it was read at, by the store's own clock; `listed` is when the
    whole list was seen last, by ours. `failed` are documents that could not be settled, and why.
    """

    commit: str = ""
    known: Mapping[RecordRef, Known] = field(default_factory=dict)
    failed: Mapping[RecordRef, str] = field(default_factory=dict)
    watermark: datetime | None = None
    listed: datetime | None = None


def read_index(place: Path) -> Index | None:
    """What `write_index` wrote; None where it is lost or cannot be read, so that it is made anew."""
    try:
        return _index(json.loads(place.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    except OSError as error:
        raise ConnectorError(f"{place} cannot be read: {error.strerror}; look at the disk and its rights.") from error


def write_index(place: Path, index: Index) -> None:
    """Write it as a whole or not at all. Raises ConnectorError where the disk refuses."""
    draft = place.with_name(f".{place.name}-{token_hex(6)}")
    try:
        with draft.open("wb") as file:
            file.write(json.dumps(_written(index), separators=(",", ":")).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ConnectorError(f"{place} cannot be written: {error.strerror}; make room or mend its rights.") from error


def _written(index: Index) -> dict[str, Any]:
    known = [
        [ref.kind, ref.identifier, one.modified.isoformat(), one.revision, one.digest, _moment(one.doubt)]
        for ref, one in index.known.items()
    ]
    failed = [[ref.kind, ref.identifier, reason] for ref, reason in index.failed.items()]
    times = {"watermark": _moment(index.watermark), "listed": _moment(index.listed)}
    return {"version": VERSION, "commit": index.commit, **times, "known": known, "failed": failed}


def _index(read: Mapping[str, Any]) -> Index:
    if read["version"] != VERSION:
        raise ValueError(f"version {read['version']}")
    at = datetime.fromisoformat
    known = {
        RecordRef(kind, name): Known(at(modified), int(revision), str(digest), at(doubt) if doubt else None)
        for kind, name, modified, revision, digest, doubt in read["known"]
    }
    failed = {RecordRef(kind, name): str(reason) for kind, name, reason in read["failed"]}
    watermark, listed = (at(read[name]) if read[name] else None for name in ("watermark", "listed"))
    return Index(str(read["commit"]), known, failed, watermark, listed)


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
