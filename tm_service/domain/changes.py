"""Changes: what differs between two revisions of a site's source, told apart by what it costs."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tm_service.domain.edits import EditClass
from tm_service.domain.units import Revision, Unit, UnitId


class ChangeKind(StrEnum):
    ADDED = "added"
    EDITED = "edited"
    MOVED = "moved"  # the same text under another key or file
    EDITED_AND_MOVED = "edited-and-moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One unit's change; `before` is None for added, `after` for removed units."""

    kind: ChangeKind
    before: Unit | None
    after: Unit | None
    edit: EditClass | None = None

    @property
    def unit(self) -> Unit:
        found = self.after or self.before
        if found is None:
            raise ValueError("A change has a unit before or after.")
        return found


@dataclass(frozen=True)
class ChangeSet:
    """All changes from `base` (None: from nothing) to `head`, and how many units stayed as they were."""

    base: Revision | None
    head: Revision
    changes: tuple[Change, ...]
    unchanged: int

    def of(self, *kinds: ChangeKind) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind in kinds)

    @cached_property
    def lineage(self) -> dict[UnitId, UnitId]:
        """New identity to old one, for units that moved."""
        return {
            change.after.id: change.before.id
            for change in self.of(ChangeKind.MOVED, ChangeKind.EDITED_AND_MOVED)
            if change.after and change.before
        }
