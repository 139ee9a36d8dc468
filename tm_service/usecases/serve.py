"""Serve: what readers get for one unit in one locale, and why; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tm_service.domain import reasons
from tm_service.domain.edits import HARMLESS, EditClass, edit_class, weight
from tm_service.domain.ports import Matcher
from tm_service.domain.reasons import origin_of
from tm_service.domain.serving import Answer, Origin, Rule, Served, Translation
from tm_service.domain.site import ContentRule, Policy, State
from tm_service.domain.text import CodeKind, is_language, parse
from tm_service.domain.units import Unit


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of one unit in one locale.

    `own`: translations of the unit itself and of the units it was before it moved, oldest first. `elsewhere`: translations
    of the same source text in other places, oldest first. `last`: what the last deployment rested on, if it was translated.
    """

    own: Sequence[Translation] = ()
    elsewhere: Sequence[Translation] = ()
    last: Translation | None = None
    waived: bool = False


def serve(unit: Unit, known: Knowledge, rule: ContentRule, states: frozenset[State], match: Matcher) -> Served:
    """The first serving rule that applies (see the design's "What is served")."""
    own = _without_copies([entry for entry in known.own if entry.state in states], known.last)
    return (
        _current(unit, own)
        or _from_memory(unit, [entry for entry in known.elsewhere if entry.state in states], known.last, match)
        or _last_good(unit, own, known, rule)
        or Served(unit.key, unit.source, Rule.MISSING, unit.fingerprint, reasons.NEVER.say())
    )


def _without_copies(own: Sequence[Translation], last: Translation | None) -> list[Translation]:
    """Leave out copies of the source that stand in the site's files where there was a text (law 4); a person may say so."""
    kept: list[Translation] = []
    translated = last is not None and last.answer is Answer.TEXT
    for entry in own:
        if not (translated and entry.answer is Answer.SAME and entry.origin is Origin.SITE):
            kept.append(entry)
        translated = translated or entry.answer is Answer.TEXT
    return kept


def _current(unit: Unit, own: Sequence[Translation]) -> Served | None:
    """Rule 1: the newest translation of this very source."""
    mine = [entry for entry in reversed(own) if entry.fingerprint == unit.fingerprint]
    newest = next((entry for entry in mine if entry.origin is not Origin.ALIGNMENT), None)
    if newest is not None:
        return _served(unit, newest, Rule.CURRENT, reasons.CURRENT.say(origin=origin_of(newest)))
    if mine:
        return _served(unit, mine[0], Rule.KEPT, reasons.UNCONFIRMED.say(origin=origin_of(mine[0])))
    return None


def _from_memory(
    unit: Unit, elsewhere: Sequence[Translation], last: Translation | None, match: Matcher
) -> Served | None:
    """Rule 2: the same source text elsewhere."""
    found = match(unit, elsewhere, last)
    if found is None:
        return None
    return _served(
        unit, found.translation, Rule.MEMORY, reasons.FOUND.say(why=found.why, origin=origin_of(found.translation))
    )


def _last_good(unit: Unit, own: Sequence[Translation], known: Knowledge, rule: ContentRule) -> Served | None:
    """Rule 3: the last good translation, from the nearest source text, the newest of equals, as the policy allows."""
    candidates = [*own, *([known.last] if known.last else [])]
    edits = [(_edit(entry, unit), entry) for entry in candidates]
    usable = [(edit, entry) for edit, entry in edits if entry.answer is Answer.TEXT or edit in HARMLESS]
    nearest = sorted(usable, key=_nearness, reverse=True)
    for edit, entry in nearest:
        target = _fitting(entry, unit)
        if target is not None:
            return _behind(unit, entry, edit, target, known, rule)
    unsafe = nearest[0][1] if nearest else None
    if unsafe is None:
        return None
    if known.waived:
        return Served(unit.key, unit.source, Rule.WAIVED, unit.fingerprint, reasons.WAIVED.say())
    return _served(unit, unsafe, Rule.HELD, reasons.UNSAFE.say(), EditClass.PLACEHOLDER)


def _nearness(found: tuple[EditClass, Translation]) -> tuple[bool, int, datetime, int]:
    edit, entry = found
    return edit in HARMLESS, -weight(edit), entry.at, entry.number


def _behind(
    unit: Unit, entry: Translation, edit: EditClass, target: str, known: Knowledge, rule: ContentRule
) -> Served:
    if entry.fingerprint == unit.fingerprint:
        return _served(unit, entry, Rule.KEPT, reasons.FROM_THIS.say(origin=origin_of(entry)), edit, target)
    policy = rule.policy(edit, legal=unit.about.legal)
    since = reasons.CHANGED.say(edit=edit, origin=origin_of(entry))
    if target != entry.target:
        since = reasons.CARRIED.say(since=since)
    if policy is Policy.KEEP:
        return _served(unit, entry, Rule.KEPT, since, edit, target)
    if policy is Policy.KEEP_DATED:
        return _served(unit, entry, Rule.DATED, since, edit, target)
    if known.waived:
        return Served(unit.key, unit.source, Rule.WAIVED, unit.fingerprint, reasons.WAIVED.say(), edit=edit)
    return _served(unit, entry, Rule.HELD, reasons.HELD.say(since=since), edit, target)


def _edit(entry: Translation, unit: Unit) -> EditClass:
    if entry.fingerprint == unit.fingerprint:
        return EditClass.SPACE
    return edit_class(entry.source, unit.source) if entry.source else EditClass.REWRITE


def _fitting(entry: Translation, unit: Unit) -> str | None:
    """The target as it can be shown today, a placeholder's one-to-one renaming carried over; None where it would break."""
    if entry.answer is Answer.SAME:
        return unit.source
    today = _placeholders(unit.source)
    missing = _placeholders(entry.target) - today
    if entry.source:
        missing &= _placeholders(entry.source)  # what the target always had amiss is not this edit's doing
    if not missing:
        return entry.target
    new = today - _placeholders(entry.source)
    if len(missing) == 1 and len(new) == 1 and len(_placeholders(entry.source) - today) == 1:
        return entry.target.replace(missing.pop(), new.pop())
    return None


def _placeholders(value: str) -> set[str]:
    return set(parse(value).data(CodeKind.PLACEHOLDER))


def _served(
    unit: Unit, entry: Translation, rule: Rule, why: str, edit: EditClass | None = None, target: str | None = None
) -> Served:
    text = entry.target if target is None else target
    return Served(
        unit.key,
        unit.source if entry.answer is Answer.SAME else text,
        rule,
        unit.fingerprint,
        why,
        entry.number,
        edit,
        entry.answer,
    )


def serve_codes(
    values: Iterable[Unit], own: Mapping[tuple[str, ...], Sequence[Translation]]
) -> dict[tuple[str, ...], str]:
    """Values that are no language but differ by locale, such as an address of the French page; the newest one stands."""
    codes: dict[tuple[str, ...], str] = {}
    for unit in values:
        if not unit.translatable:
            found = [entry for entry in own.get(unit.key, ()) if _is_code_of(unit, entry)]
            codes |= {unit.key: found[-1].target} if found else {}
    return codes


def _is_code_of(unit: Unit, entry: Translation) -> bool:
    """Whether a target was made for a code; where a text stood before, its translation is none."""
    return entry.fingerprint == unit.fingerprint or (bool(entry.source) and not is_language(entry.source))
