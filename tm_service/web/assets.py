"""Assets: the files of `static/` under addresses that carry their digest, so that browsers may keep them for good."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file: its bytes, media type and the first digits of their SHA-256."""

    content: bytes
    media_type: str
    digest: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every static file by name."""
    found = (entry for entry in files("tm_service.web").joinpath("static").iterdir() if entry.is_file())
    return {entry.name: _asset(entry.name, entry.read_bytes()) for entry in found}


def _asset(name: str, content: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(content, media_type, sha256(content).hexdigest()[:_DIGITS])


def asset_path(name: str) -> str:
    return f"/static/{assets()[name].digest}/{name}"
