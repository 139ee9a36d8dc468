"""Kept: answers made once and sent again, by an entity tag that changes whenever the answer would."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

_ROOM = 64_000_000  # bytes
_SUFFIXES = (".py", ".html", ".css", ".js", ".svg", ".toml", ".po", ".json")
# Anybody may keep it, and asks each time whether it is still so.
_ASK_AGAIN = {"Cache-Control": "public, no-cache"}


@dataclass
class Kept:
    """Answers by entity tag, those longest unused forgotten first."""

    room: int = _ROOM
    answers: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    size: int = 0
    lock: Lock = field(default_factory=Lock)

    def of(self, tag: str, make: Callable[[], bytes]) -> bytes:
        with self.lock:
            found = self.answers.get(tag)
            if found is not None:
                self.answers.move_to_end(tag)
                return found
        made = make()
        with self.lock:
            if tag not in self.answers and len(made) <= self.room:
                self.answers[tag] = made
                self.size += len(made)
                while self.size > self.room:
                    self.size -= len(self.answers.popitem(last=False)[1])
        return made


def tag_of(*parts: str) -> str:
    """A strong entity tag (RFC 9110, 8.8.3) of what an answer is made from, this code included."""
    return f'"{sha256(repr((code_version(), parts)).encode()).hexdigest()[:32]}"'


@cache
def code_version() -> str:
    """Names this code and its texts: what other code rendered is not what this would render."""
    found = sha256()
    for package in ("tm_service", "locales"):
        _digest(files(package), found.update)
    return found.hexdigest()


def _digest(place: Traversable, update: Callable[[bytes], object]) -> None:
    for entry in sorted(place.iterdir(), key=lambda found: found.name):
        if entry.is_dir():
            _digest(entry, update)
        elif entry.name.endswith(_SUFFIXES):
            update(entry.read_bytes())


def answer(
    request: Request, tag: str, make: Callable[[], bytes], *, media_type: str, headers: Mapping[str, str]
) -> Response:
    """The answer with its tag, or 304 where the client has it already; made only where it is not kept."""
    said = {**_ASK_AGAIN, **headers, "ETag": tag}
    if has(request.headers.get("If-None-Match", ""), tag):
        return Response(status_code=304, headers=said)
    kept: Kept = request.app.state.kept
    return Response(kept.of(tag, make), media_type=media_type, headers=said)


def has(header: str, tag: str) -> bool:
    """Whether a client names this tag, or any (RFC 9110, 13.1.2, weak comparison)."""
    named = {one.strip().removeprefix("W/") for one in header.split(",")}
    return tag in named or "*" in named
