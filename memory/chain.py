"""The chain: what the memories offer for a text, matcher after matcher from the surest to the vaguest; each says why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from memory.classes import CAPPED, fuzzy_class
from memory.exact import most_places, same_file, same_key_name
from memory.guard import dangers
from memory.repair import repair
from memory.score import DEFAULT, Penalties, score
from tm_service.domain.matches import Asked, Match, MatchClass
from tm_service.domain.memories import grouped
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.site import MemoryRef, State
from tm_service.domain.units import Locale, Unit

_YEAR = 365
_CONTEXT_PERCENT = 101
_EXACT_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What one memory has for a text: the pairs of this very text, and those of texts like it, in no order."""

    memory: MemoryRef
    same: Sequence[Translation]
    near: Sequence[Translation]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: the languages, the site whose own memory is not another site's, and what is taken off for what."""

    language: Locale
    locale: Locale
    site: str = ""
    now: datetime | None = None
    penalties: Penalties = DEFAULT


Step = Callable[[Asked, Known, Asking], Iterator[Match]]


def in_context(asked: Asked, known: Known, asking: Asking) -> Iterator[Match]:
    """The same text between the same neighbours, or under the same key of the same file."""
    for entry in _newest_first(known.same):
        here = bool(entry.key) and (entry.resource, entry.key) == (asked.resource, asked.key)
        sides = (entry.previous, entry.following)
        if here or (any(sides) and sides == (asked.previous, asked.following)):
            why = "the same text under the same key" if here else "the same text between the same neighbours"
            match = Match(
                entry, MatchClass.CONTEXT, f"{why}: {entry.resource or entry.site}", "context", _CONTEXT_PERCENT
            )
            yield _weighed(match, known, asking)


def exact(asked: Asked, known: Known, asking: Asking) -> Iterator[Match]:
    """The same text elsewhere: in the same file, under the same key name, in most places; then its other translations."""
    unit = Unit(asked.resource, asked.key, asked.source)
    chosen = next(
        (found for step in (same_file, same_key_name, most_places) if (found := step(unit, known.same, None))), None
    )
    if chosen is None:
        return
    others = grouped(known.same)
    tied = len(others) > 1 and others[0].count == others[1].count and "most places" in chosen.why
    several = (("several targets", asking.penalties.several_targets),) if tied else ()
    yield _weighed(chosen, known, asking, several)
    for other in others:
        if other.entry.target != chosen.translation.target:
            why = f"the same text, translated so in {other.count} {'places' if other.count > 1 else 'place'}"
            taken = (("several targets", asking.penalties.several_targets),)
            yield _weighed(Match(other.entry, MatchClass.EXACT, why), known, asking, taken)


def repaired(asked: Asked, known: Known, asking: Asking) -> Iterator[Match]:
    """A like text whose translation needs nothing but other numbers, placeholders, tags or signs, put in with proof."""
    for entry in _one_a_target(known.near):
        if entry.origin is Origin.MACHINE:
            continue
        found = repair(asked.source, entry.source, entry.target, language=asking.language, locale=asking.locale)
        if found is not None and found.target != entry.target:
            why = f"from memory, {'; '.join(found.what)}"
            match = Match(entry, MatchClass.FUZZY_95, why, "repair", float(CAPPED), target=found.target)
            yield replace(_weighed(match, known, asking), capped=dangers(entry.source, asked.source, asking.language))


def fuzzy(asked: Asked, known: Known, asking: Asking) -> Iterator[Match]:
    """A like text; what it differs in dangerously is named, and keeps it from being used unseen."""
    for entry in _one_a_target(known.near):
        found = score(asked.source, entry.source, asking.language, asking.penalties)
        if not found.percent:
            continue
        why = f"{found.similarity:.0f} % alike: {entry.resource or entry.site}"
        capped = dangers(entry.source, asked.source, asking.language)
        match = Match(entry, MatchClass.NEW, why, "fuzzy", min(found.percent, CAPPED), capped=capped)
        yield _weighed(match, known, asking, found.penalties, off=0)


STEPS: tuple[Step, ...] = (in_context, exact, repaired, fuzzy)


def offers(
    asked: Asked, memories: Sequence[Known], asking: Asking, *, least: float = 75, k: int = 5
) -> tuple[Match, ...]:
    """The best `k` matches of at least `least` percent.

    Of equals the earlier memory's comes first, then the earlier matcher's, then the newer; a target is offered
    once, by the surest matcher that has it.
    """
    found = [
        (-match.percent, place, turn, -match.translation.number, match)
        for place, known in enumerate(memories)
        for turn, step in enumerate(STEPS)
        for match in step(asked, known, asking)
        if match.percent >= least
    ]
    best: dict[str, Match] = {}
    for *_, match in sorted(found, key=lambda entry: entry[:4]):
        best.setdefault(match.offered, match)
    return tuple(best.values())[:k]


def _weighed(
    match: Match, known: Known, asking: Asking, penalties: tuple[tuple[str, int], ...] = (), off: int | None = None
) -> Match:
    """Take off what is known against the entry and its memory; `off` replaces the sum of what was taken off before."""
    more = tuple(_doubts(match.translation, known.memory, asking))
    before = sum(percent for _, percent in penalties) if off is None else off
    percent = max(0.0, match.percent - before - sum(percent for _, percent in more))
    kind = match.kind
    if percent < _EXACT_PERCENT:
        kind = fuzzy_class(percent)
    elif percent < _CONTEXT_PERCENT and kind is MatchClass.CONTEXT:
        kind = MatchClass.EXACT
    taken = tuple((name, percent) for name, percent in (*penalties, *more) if percent)
    return replace(match, kind=kind, percent=round(percent, 2), penalties=taken)


def _doubts(entry: Translation, memory: MemoryRef, asking: Asking) -> Iterator[tuple[str, int]]:
    """What makes a stored target doubtful, by name, in percent."""
    rules = asking.penalties
    if entry.state is State.TRANSLATED:
        yield "unreviewed", rules.unreviewed
    if entry.origin is Origin.MACHINE:
        yield "machine", rules.machine
    if asking.site and memory.name != asking.site:
        yield "other site", rules.other_site
    if memory.penalty:
        yield f"memory {memory.name}", memory.penalty
    if asking.now is not None and rules.age:
        yield "age", rules.age * max(0, (asking.now - entry.at).days // _YEAR - 1)


def _newest_first(entries: Sequence[Translation]) -> list[Translation]:
    return sorted(entries, key=lambda entry: (entry.at, entry.number), reverse=True)


def _one_a_target(entries: Sequence[Translation]) -> Iterator[Translation]:
    """Of each stored text its distinct targets, the newest of each."""
    ordered = sorted(entries, key=lambda entry: entry.fingerprint)
    for _, same in groupby(ordered, key=lambda entry: entry.fingerprint):
        yield from (one.entry for one in grouped(same))
