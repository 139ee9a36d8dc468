"""Reasons: why readers see a line, as sentences by code: made when it is decided, and read back from what was written down."""

import re
from collections.abc import Mapping, Sequence

from tm_service.domain.sentences import Said, Sentence
from tm_service.domain.serving import Origin, Translation

NEVER = Sentence("never", "never translated")
WAIVED = Sentence("waived", "a waiver allows the source text")
UNSAFE = Sentence(
    "unsafe", "its last translation needs a placeholder that the source no longer has; translate it or waive it"
)
CODE = Sentence("code", "a code that differs by locale")
CURRENT = Sentence("current", "translated from this source, {origin}")
UNCONFIRMED = Sentence("unconfirmed", "nobody said that it translates this source: {origin}")
SAME_FILE = Sentence("same-file", "the same text in the same file: {resource}")
SAME_KEY = Sentence("same-key", "the same text under the same key name: {resource}")
MOST_PLACES = Sentence("most-places", "the same text in most places: {resource}")
FOUND = Sentence("found", "{why}, {origin}")
FROM_THIS = Sentence("from-this", "readers have it from this source; {origin}")
CHANGED = Sentence("changed", "the source changed since ({edit}); {origin}")
CARRIED = Sentence("carried", "renamed placeholder carried over; {since}")
HELD = Sentence("held", "held until it is translated or waived: {since}")

_ALONE = (NEVER, WAIVED, UNSAFE, CODE)
_AFTER = (HELD, CARRIED)  # others follow
_RESTING = (CURRENT, UNCONFIRMED, FROM_THIS, CHANGED)  # on a translation
_ELSEWHERE = (SAME_FILE, SAME_KEY, MOST_PLACES)  # as the memory found it
MADE = "made"  # who translated it, when and where from
_ORIGIN = re.compile(
    rf"(?P<origin>{'|'.join(Origin)}) (?:(?P<reference>.*?) )?of (?P<day>\d{{4}}-\d\d-\d\d)(?: by (?P<author>.*))?",
    re.DOTALL,
)
_FOUND = re.compile(rf"(?P<why>.*?), (?P<origin>(?:{'|'.join(Origin)}) (?:.*? )?of \d{{4}}-\d\d-\d\d.*)", re.DOTALL)
_MORE = re.compile(r"(?P<losses>.*?)(?: and (?P<more>\d+) more)?", re.DOTALL)


def origin_of(entry: Translation) -> str:
    """Where a translation came from, with the first digits of a commit."""
    package, _, digest = entry.reference.partition("@")
    reference = package if digest else entry.reference[:12]
    author = f" by {entry.author}" if entry.author and entry.author != reference else ""
    return f"{entry.origin} {reference} of {entry.at:%Y-%m-%d}{author}".replace("  ", " ")


def read(why: str) -> Sequence[Said]:
    """The reason sentence by sentence, the rule first and the translation last; none where it is known only in English."""
    for one in _ALONE:
        if found := one.read(why):
            return (found,)
    for one in _AFTER:
        if found := one.read(why):
            rest = read(found.values["since"])
            return (Said(one.code), *rest) if rest else ()
    for one in _RESTING:
        found = one.read(why)
        origin = _ORIGIN.fullmatch(found.values["origin"]) if found else None
        if found and origin:
            values = {name: value for name, value in found.values.items() if name != "origin"}
            return Said(one.code, values), Said(MADE, origin.groupdict(""))
    return _elsewhere(why)


def _elsewhere(why: str) -> Sequence[Said]:
    found = _FOUND.fullmatch(why)
    origin = _ORIGIN.fullmatch(found["origin"]) if found else None
    if found and origin:
        for one in _ELSEWHERE:
            if said := one.read(found["why"]):
                return said, Said(MADE, origin.groupdict(""))
    return ()


def losses(said: Mapping[str, str]) -> tuple[Sequence[tuple[str, str, Sequence[Said]]], int]:
    """What a closed gate names: locale, unit and reason of each; and how many more it does not name.

    `said` are the values of `sentences.GATE_CLOSED`. A reason may hold what parts one from the next: the first cut at which
    every reason is one that the house gives is the right one.
    """
    whole = _MORE.fullmatch(said["losses"])
    named, more = (whole["losses"], int(whole["more"] or 0)) if whole else (said["losses"], 0)
    found, held = [], ""
    for piece in named.split("; "):
        held = f"{held}; {piece}" if held else piece
        if loss := _loss(held):
            found.append(loss)
            held = ""
    return ([], 0) if held else (found, more)


def _loss(said: str) -> tuple[str, str, Sequence[Said]] | None:
    """Locale, unit and reason; units and reasons may have brackets: the first cut that leaves a reason is the right one."""
    locale, _, rest = said.partition(" ")
    for cut in re.finditer(r" \(", rest) if rest.endswith(")") else ():
        if why := read(rest[cut.end() : -1]):
            return locale, rest[: cut.start()], why
    return None
