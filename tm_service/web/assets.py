"""Assets: our style sheet, scripts and pictures, under addresses that carry a digest, so that browsers keep them for good."""

import gzip
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

STYLE = "style.css"
_DIGITS = 12
_WORTH_IT = 1000  # bytes from which on smaller is faster


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers: its bytes, the same in gzip, or none where that is no smaller, and its media type."""

    content: bytes
    small: bytes
    media_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every one by name: all below `static/`, and the files of `styles/` one after another as one style sheet."""
    place = files("tm_service.web")
    found = dict(_below(place.joinpath("static"), ""))
    sheets = sorted(place.joinpath("styles").iterdir(), key=lambda sheet: sheet.name)
    found[STYLE] = b"\n".join(sheet.read_bytes() for sheet in sheets if sheet.name.endswith(".css"))
    return {name: _asset(name, content) for name, content in found.items()}


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{path}{entry.name}/")
        else:
            yield path + entry.name, entry.read_bytes()


def _asset(name: str, content: bytes) -> Asset:
    small = gzip.compress(content, mtime=0) if len(content) > _WORTH_IT else b""
    return Asset(content, small, mimetypes.guess_type(name)[0] or "application/octet-stream")


@cache
def edition() -> str:
    """The first digits of the SHA-256 of all of them: scripts name one another by where they stand."""
    found = sha256()
    for name, asset in sorted(assets().items()):
        found.update(f"{name}\0{len(asset.content)}\0".encode())
        found.update(asset.content)
    return found.hexdigest()[:_DIGITS]


def asset_path(name: str) -> str:
    """The address of one. Raises KeyError."""
    assets()[name]
    return f"/static/{edition()}/{name}"


def has_asset(name: str) -> bool:
    """Scripts of others are there where npm could bring them; pages do without."""
    return name in assets()
