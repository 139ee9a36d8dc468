"""Handoff: everything that leaves the house with a package, decided before a byte of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.units import Document

# Below this, correcting a match takes longer than translating; it travels in the notes instead.
_WORTH_FILLING = frozenset({MatchClass.FUZZY_95, MatchClass.FUZZY_85, MatchClass.FUZZY_75})
_FULL = 100.0  # percent


@dataclass(frozen=True, slots=True)
class Profile:
    """What is written for a tool.

    `layout` is `bundle` or `omegat`; `new_target` what stands in the target of new text: `empty`, `source` or `none`;
    `notes` whether they are `each` an element or all in `one`; `xliff2` the version of XLIFF 2 the tool reads, empty for
    none, and `modules` those of its modules that are written.
    """

    name: str
    layout: str
    extension: str
    regions: bool
    new_target: str
    states: bool
    matches_in_file: bool
    notes: str
    page_groups: bool
    xliff2: str
    modules: frozenset[str]


class Standing(StrEnum):
    """How far a unit is when it leaves."""

    NEW = "new"
    FUZZY = "fuzzy"
    EXACT = "exact"
    CONTEXT = "context"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class TermHint:
    """A term of the unit's source and how it is to be said."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Detail:
    """What is known of a unit beside the unit itself.

    `matched` is the best target of the memory and `matched_source` the source it was made from, empty where that is the
    unit's own; `note` is the developers' comment; `limit` how many characters the target may have, 0 for any number.
    A `locked` unit is translated already and stands there for reading. Units of one `group` are the plural forms of one
    message.
    """

    matched: str = ""
    matched_source: str = ""
    note: str = ""
    limit: int = 0
    locked: bool = False
    group: str = ""
    terms: tuple[TermHint, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A text that stands beside a unit on its page, with its translation where there is one."""

    source: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What readers see before and after a unit, in reading order."""

    before: tuple[Neighbour, ...] = ()
    after: tuple[Neighbour, ...] = ()


_PLAIN = Detail()
_NOTHING = Surroundings()


@dataclass(frozen=True, slots=True)
class Handoff:
    """One package on its way out.

    `details` and `surroundings` are by unit id; a unit without surroundings has those of the package. `attachments` are
    files for reference and analysis, under `reference/` or `analysis/`. `contact` says whom to ask. With `xliff2` the
    same content goes out a second time as XLIFF 2, as far as the profile's tool reads it. `suffix` ends the file's name.
    `titles` are what people call the resources of its units, where they have names.
    """

    package: Package
    profile: Profile
    contact: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)
    surroundings: Mapping[str, Surroundings] = field(default_factory=dict)
    attachments: tuple[Document, ...] = ()
    xliff2: bool = False
    suffix: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The package's number as it stands in file names: `D0142`."""
        return f"D{self.package.number:04}"

    @property
    def name(self) -> str:
        """The hand-off's name without extension: `absch-D0142-en-ar-v1`."""
        package = self.package
        end = f"-{self.suffix}" if self.suffix else ""
        return f"{package.site}-{self.number}-{package.source_locale}-{package.locale}-v{package.version}{end}"

    @property
    def work(self) -> tuple[PackageUnit, ...]:
        """The units somebody is paid for; locked neighbours are not among them."""
        return tuple(unit for unit in self.package.units if not self.detail(unit).locked)

    def detail(self, unit: PackageUnit) -> Detail:
        found = self.details.get(unit.id)
        if found is None:
            return Detail(matched=unit.offered, locked=True) if unit.locked else _PLAIN
        return found

    def around(self, unit: PackageUnit) -> Surroundings:
        return self.surroundings.get(unit.id, _NOTHING)


@dataclass(frozen=True, slots=True)
class Offered:
    """The target a unit leaves with, and how far it is; no target for new text."""

    target: str
    standing: Standing


def offered(unit: PackageUnit, detail: Detail) -> Offered:
    """Decide what stands in a unit's target when it leaves.

    A match counts as exact only at 100 %: a penalty of its memory means that somebody must look. A unit's own previous
    translation goes before a fuzzy match from elsewhere.
    """
    known = detail.matched or unit.previous_target
    if detail.locked:
        return Offered(known, Standing.LOCKED)
    full = bool(detail.matched) and unit.percent >= _FULL
    if full and unit.match is MatchClass.CONTEXT:
        return Offered(detail.matched, Standing.CONTEXT)
    if full and unit.match is MatchClass.EXACT:
        return Offered(detail.matched, Standing.EXACT)
    if unit.previous_target:
        return Offered(unit.previous_target, Standing.FUZZY)
    if detail.matched and (unit.match in _WORTH_FILLING or unit.match in (MatchClass.CONTEXT, MatchClass.EXACT)):
        return Offered(detail.matched, Standing.FUZZY)
    return Offered("", Standing.NEW)
