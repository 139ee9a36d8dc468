"""JSON dialects: what a site's message files say about themselves beside their texts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import md5
from typing import Any, Protocol

from tm_service.domain.serving import STALE, Rule, Served, Stamp
from tm_service.domain.text import is_language
from tm_service.domain.units import CatalogFile, Key

_DERIVED = ("stale", "fromMemory", "untranslated")  # lists of keys that we keep in `#meta`


class Dialect(Protocol):
    """`block` is the top-level key that is the site's own and never a unit; None where there is none."""

    block: str | None

    def read(self, values: Mapping[Key, str], block: Any) -> CatalogFile:
        """Tell what a translated file says; `block` is None where the file has none."""

    def write(self, sources: Mapping[Key, str], served: Mapping[Key, Served], stamp: Stamp) -> dict[str, Any]:
        """Make the block of a translated file from the source's strings in file order."""


class Plain:
    """Texts and nothing else."""

    block: str | None = None

    def read(self, values: Mapping[Key, str], block: Any) -> CatalogFile:  # noqa: ARG002 (Dialect's signature)
        return CatalogFile(values)

    def write(self, sources: Mapping[Key, str], served: Mapping[Key, Served], stamp: Stamp) -> dict[str, Any]:
        raise NotImplementedError("A dialect without a block writes none.")


class Md5Meta:
    """A last key `#meta` with the md5 of the English text each value was translated from.

    The site shows a value when its hash is that of today's English or when it has none; it shows English when the hash
    differs or the value is empty. So an empty hash makes it show its own English, and a value that is empty on purpose
    is shown in English however it is hashed.
    """

    block: str | None = "#meta"

    def read(self, values: Mapping[Key, str], block: Any) -> CatalogFile:
        said = block if isinstance(block, dict) else {}
        keys = _by_spelling(values)
        hashes, stamped = said.get("hashes"), said.get("hashedOn")
        lists = [names for name in _DERIVED if isinstance(names := said.get(name), list)]
        return CatalogFile(
            values,
            {keys[name]: value for name, value in hashes.items() if name in keys and isinstance(value, str)}
            if isinstance(hashes, dict)
            else None,
            frozenset(keys[name] for names in lists for name in names if isinstance(name, str) and name in keys),
            stamped if isinstance(stamped, str) else "",
        )

    def write(self, sources: Mapping[Key, str], served: Mapping[Key, Served], stamp: Stamp) -> dict[str, Any]:
        names = {key: name for name, key in _by_spelling(sources).items()}
        entries = [
            (names[key], served[key], source) for key, source in sources.items() if key in served and key in names
        ]
        lists = {
            "stale": [name for name, entry, _ in entries if entry.rule in STALE],
            "fromMemory": [name for name, entry, _ in entries if entry.rule is Rule.MEMORY],
            "untranslated": [name for name, entry, source in entries if not _counts(entry, source)],
        }
        return {
            "hashedOn": _moment(stamp.at),
            "algorithm": "md5",
            "branch": stamp.branch,
            "hashes": {name: _md5(source) if _counts(entry, source) else "" for name, entry, source in entries},
            **{name: keys for name, keys in lists.items() if keys},
        }


PLAIN = Plain()
DIALECTS: Mapping[str, Dialect] = {"md5-meta": Md5Meta()}


def _by_spelling(keys: Iterable[Key]) -> dict[str, Key]:
    """Keys by how `#meta` spells them; where two share a spelling, the name that stands at the top has it."""
    spelled: dict[str, Key] = {}
    for key in keys:
        name = ".".join(key)
        if len(key) == 1 or name not in spelled:
            spelled[name] = key
    return spelled


def _counts(entry: Served, source: str) -> bool:
    """Whether readers may see the value: a translation, or a localised code such as a link."""
    return entry.translated or _is_localised_code(entry, source)


def _is_localised_code(entry: Served, source: str) -> bool:
    return entry.text != source and not is_language(source)


def _md5(text: str) -> str:
    return md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
