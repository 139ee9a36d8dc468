"""Memories: what one source text was translated as, the same wording once, different ones side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from tm_service.domain.serving import Translation
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Key


@dataclass(frozen=True, slots=True)
class Alternative:
    """One target of a source text in one memory and language pair.

    `entry` is the newest that says so, `count` in how many places it is the last word, `authors` who said so, each once,
    the newest first.
    """

    entry: Translation
    count: int
    authors: tuple[str, ...]


def grouped(entries: Iterable[Translation]) -> tuple[Alternative, ...]:
    """The distinct targets of one source text: those of most places first, the newest of equals before the others.

    A place is a key in a resource; its last word counts and what it said before is left out. An entry without a key is a
    place of its own. Targets that a reader cannot tell apart (Unicode forms, line ends) are one.
    """
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.number))
    last = {_place(entry, position): entry for position, entry in enumerate(ordered)}
    said: dict[tuple[str, ...], list[Translation]] = {}
    for entry in sorted(last.values(), key=lambda entry: (entry.at, entry.number), reverse=True):
        wording = entry.site, entry.source_locale, entry.locale, entry.fingerprint, fingerprint(entry.target)
        said.setdefault(wording, []).append(entry)
    found = [Alternative(same[0], len(same), _authors(same)) for same in said.values()]
    return tuple(sorted(found, key=lambda one: one.count, reverse=True))


def _place(entry: Translation, position: int) -> tuple[str | int | Key, ...]:
    if not entry.key:
        return (position,)
    return entry.site, entry.source_locale, entry.locale, entry.fingerprint, entry.resource, entry.key


def _authors(entries: Iterable[Translation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.author for entry in entries if entry.author))
