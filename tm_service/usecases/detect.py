"""Detect: what changed between two snapshots, by key, by text, by renamed file and by neighbours; never by date."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from tm_service.domain.changes import Change, ChangeKind, ChangeSet
from tm_service.domain.edits import edit_class
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Revision, Snapshot, Unit, UnitId
from tm_service.usecases.reading import SiteReader

_ALIKE = 0.5  # least similarity of an edited unit between the same two neighbours
_VERY_ALIKE = 0.7  # least similarity of an edited unit known only by its key's name


def detect(before: Snapshot | None, after: Snapshot) -> ChangeSet:
    """All changes from one snapshot to the next; `before` None means everything is added."""
    old = before.units if before else {}
    new = after.units
    stayed = [(old[unit_id], unit) for unit_id, unit in new.items() if unit_id in old]
    edited = [
        Change(ChangeKind.EDITED, was, now, edit_class(was.source, now.source))
        for was, now in stayed
        if was.fingerprint != now.fingerprint
    ]
    gone = [unit for unit_id, unit in old.items() if unit_id not in new]
    come = [unit for unit_id, unit in new.items() if unit_id not in old]
    moves = _moved(gone, come) if before else {}
    moves |= _edited_and_moved(gone, come, moves, before, after) if before else {}
    return ChangeSet(
        before.revision if before else None,
        after.revision,
        (*edited, *_told_apart(gone, come, moves)),
        len(stayed) - len(edited),
    )


def changes_between(reader: SiteReader, base: Revision | None, head: Revision) -> ChangeSet:
    """All changes of a site from one revision to another; of files that stayed only the units are counted."""
    if base is None:
        return detect(None, reader.snapshot(head))
    changed = {change.path for change in reader.connector.changes(base.id, head.id)}
    stayed = {path: blob for path, blob in reader.sources(head.id).items() if path not in changed}
    found = detect(reader.snapshot(base, changed), reader.snapshot(head, changed))
    return replace(found, unchanged=found.unchanged + reader.count(stayed))


def _told_apart(gone: Iterable[Unit], come: Iterable[Unit], moves: dict[UnitId, Unit]) -> list[Change]:
    changes = []
    for unit in come:
        was = moves.get(unit.id)
        if was is None:
            changes.append(Change(ChangeKind.ADDED, None, unit))
        elif was.fingerprint == unit.fingerprint:
            changes.append(Change(ChangeKind.MOVED, was, unit))
        else:
            edit = edit_class(was.source, unit.source)
            changes.append(Change(ChangeKind.EDITED_AND_MOVED, was, unit, edit))
    left = {unit.id for unit in moves.values()}
    changes += [Change(ChangeKind.REMOVED, unit, None) for unit in gone if unit.id not in left]
    return changes


def _moved(gone: Sequence[Unit], come: Sequence[Unit]) -> dict[UnitId, Unit]:
    """Pair units of the same text: the nearest first, each old unit once."""
    by_text: dict[str, list[Unit]] = defaultdict(list)
    for unit in gone:
        by_text[unit.fingerprint].append(unit)
    renamed = _renamed(gone, come)
    pairs = [(was, unit) for unit in come for was in by_text.get(unit.fingerprint, ())]
    pairs.sort(key=lambda pair: _nearness(pair[0], pair[1], renamed), reverse=True)
    moves: dict[UnitId, Unit] = {}
    taken: set[UnitId] = set()
    for was, unit in pairs:
        if unit.id not in moves and was.id not in taken:
            moves[unit.id] = was
            taken.add(was.id)
    return moves


def _nearness(was: Unit, now: Unit, renamed: dict[str, str]) -> tuple[bool, bool, bool, bool]:
    same_place = was.resource == now.resource or renamed.get(now.resource) == was.resource
    return same_place and was.key == now.key, same_place, was.key == now.key, was.key[-1] == now.key[-1]


def _renamed(gone: Sequence[Unit], come: Sequence[Unit]) -> dict[str, str]:
    """New file to old file, where most of what left one arrived in the other under the same keys."""
    places: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for unit in gone:
        places[unit.key].append(unit.resource)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for unit in come:
        votes[unit.resource].update(set(places.get(unit.key, ())))
    arrived = Counter(unit.resource for unit in come)
    renamed = {}
    for path, counter in votes.items():
        old, count = counter.most_common(1)[0] if counter else ("", 0)
        if old != path and 2 * count >= arrived[path]:
            renamed[path] = old
    return renamed


def _edited_and_moved(
    gone: Sequence[Unit], come: Sequence[Unit], moves: dict[UnitId, Unit], before: Snapshot, after: Snapshot
) -> dict[UnitId, Unit]:
    """Pair what is left: same key in a renamed file, same place between the same neighbours, same name and much alike."""
    taken = {unit.id for unit in moves.values()}
    left = {unit.id: unit for unit in gone if unit.id not in taken}
    renamed = _renamed(gone, come)
    neighbours = _Neighbours(before, after, {new: old.id for new, old in moves.items()})
    by_name: dict[str, list[Unit]] = defaultdict(list)
    for unit in left.values():
        by_name[unit.key[-1]].append(unit)
    found: dict[UnitId, Unit] = {}
    for unit in come:
        if unit.id in moves or not left:
            continue
        was = left.get((renamed.get(unit.resource, ""), unit.key)) or neighbours.predecessor(unit, left)
        if was is None:
            likely = [old for old in by_name[unit.key[-1]] if old.id in left and _alike(old, unit) >= _VERY_ALIKE]
            was = max(likely, key=lambda old: _alike(old, unit), default=None)
        if was is not None:
            found[unit.id] = left.pop(was.id)
    return found


def _alike(a: Unit, b: Unit) -> float:
    matcher = SequenceMatcher(None, a.source.casefold(), b.source.casefold(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


class _Neighbours:
    """Who stands beside whom, so that a renamed key is known by its place."""

    def __init__(self, before: Snapshot, after: Snapshot, moves: dict[UnitId, UnitId]) -> None:
        self._before, self._after, self._moves = _sides(before), _sides(after), moves
        self._between = {sides: unit_id for unit_id, sides in self._before.items()}

    def predecessor(self, unit: Unit, left: dict[UnitId, Unit]) -> Unit | None:
        sides = tuple(self._moves.get(side, side) if side else None for side in self._after[unit.id])
        if sides == (None, None):
            return None
        was = left.get(self._between.get(sides, ("", ())))
        return was if was and _alike(was, unit) >= _ALIKE else None


def _sides(snapshot: Snapshot) -> dict[UnitId, tuple[UnitId | None, ...]]:
    sides: dict[UnitId, tuple[UnitId | None, ...]] = {}
    for resource in snapshot.resources.values():
        ids = [None, *(unit.id for unit in resource.units), None]
        for left, unit_id, right in zip(ids, ids[1:], ids[2:], strict=False):
            if unit_id is not None:
                sides[unit_id] = left, right
    return sides


def neighbours(units: Sequence[Unit]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Fingerprints of what stands before and after each unit of a file, by key; empty at the ends."""
    prints = ["", *(fingerprint(unit.source) for unit in units), ""]
    return {unit.key: (prints[place], prints[place + 2]) for place, unit in enumerate(units)}
