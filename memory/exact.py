"""Exact matches: the same source text in other places; same file first, then same key name, then the majority."""

from collections import Counter
from collections.abc import Sequence

from tm_service.domain.matches import Match, MatchClass
from tm_service.domain.reasons import MOST_PLACES, SAME_FILE, SAME_KEY
from tm_service.domain.sentences import Sentence
from tm_service.domain.serving import Answer, Translation
from tm_service.domain.units import Unit


def same_file(unit: Unit, entries: Sequence[Translation], known: Translation | None) -> Match | None:
    kept = [entry for entry in _newest(unit, entries) if entry.resource == unit.resource]
    return _majority(kept, known, SAME_FILE)


def same_key_name(unit: Unit, entries: Sequence[Translation], known: Translation | None) -> Match | None:
    kept = [entry for entry in _newest(unit, entries) if entry.key[-1:] == unit.key[-1:]]
    return _majority(kept, known, SAME_KEY)


def most_places(unit: Unit, entries: Sequence[Translation], known: Translation | None) -> Match | None:
    return _majority(_newest(unit, entries), known, MOST_PLACES)


def _newest(unit: Unit, entries: Sequence[Translation]) -> list[Translation]:
    """The last word of each place that has this very source; "the same as the source" is an answer for its own place only."""
    newest = {(entry.resource, entry.key): entry for entry in entries if entry.fingerprint == unit.fingerprint}
    return [entry for entry in newest.values() if entry.answer is Answer.TEXT]


def _majority(entries: Sequence[Translation], known: Translation | None, reason: Sentence) -> Match | None:
    """The target most places have; among equals the one readers know, then the newest."""
    if not entries:
        return None
    counts = Counter(entry.target for entry in entries)
    shown = known.target if known else None
    best = max(entries, key=lambda entry: (counts[entry.target], entry.target == shown, entry.at, entry.number))
    return Match(best, MatchClass.EXACT, reason.say(resource=best.resource))
