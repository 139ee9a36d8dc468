"""Desk: save what a translator writes, check it as a return is checked, show a unit with all that translating it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from operator import eq

from tm_service.domain.answers import TermFound
from tm_service.domain.desk import DeskFilter, DeskRow, DeskTarget, Overtaken, TargetState
from tm_service.domain.errors import Conflict, NotFound, Unusable
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.matches import Match
from tm_service.domain.packages import Package, PackageStatus, PackageUnit, Question, ReturnedUnit, Stage
from tm_service.domain.ports import Checker, MemoryRoom, Transaction
from tm_service.domain.site import Site, State
from tm_service.usecases.examine import rules_of
from tm_service.usecases.judge import Rules, judged
from tm_service.usecases.leverage import reading, terms_of

LONGEST, LONGEST_QUESTION = 100_000, 5_000  # characters of a target and of a question
_LEAST, _MATCHES = 50, 5  # percent from which a match is shown, and how many
_REACH = 2  # neighbours on either side
_GRAVEST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_REPAIR = "repair"  # the check that says what was put right


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody writes: the target, the version they had before them, and how far it is."""

    target: str
    version: int
    state: TargetState = TargetState.DRAFT


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks say of a `target` for a `source`; `repaired` is it put right where that is proven, "" elsewhere."""

    findings: tuple[Finding, ...] = ()
    repaired: str = ""
    source: str = field(default="", compare=False)
    target: str = field(default="", compare=False)

    @property
    def gravity(self) -> str:
        return next((one.value for one in _GRAVEST if any(found.severity is one for found in self.findings)), "")


@dataclass(frozen=True, slots=True)
class DeskUnit:
    """A unit with what it takes to translate it; `package` is without its units.

    `place` counts from 1 among the `units` that are work; `before` and `after` are those around it. `source_now` is what its
    source became since it left, "" where it is as it was. `history` has every wording, the newest first.
    """

    package: Package
    row: DeskRow
    place: int
    units: int
    previous: str
    following: str
    before: tuple[DeskRow, ...]
    after: tuple[DeskRow, ...]
    source_now: str
    matches: tuple[Match, ...]
    terms: tuple[TermFound, ...]
    checked: Checked
    history: tuple[DeskTarget, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Some of a package's units, of those that were asked for, whose `ids` are in its order."""

    package: Package
    rows: tuple[DeskRow, ...]
    ids: tuple[str, ...]

    @property
    def found(self) -> int:
        return len(self.ids)


def workable(tx: Transaction, package_id: str) -> Package:
    """A package that can be translated, without its units. Raises NotFound, Conflict."""
    found = tx.package_head(package_id)
    if found.status in (PackageStatus.DRAFT, PackageStatus.CANCELLED):
        raise Conflict(f"Package {found.id} is {found.status}; nothing of it can be translated.")
    return found


def row_of(tx: Transaction, package: Package, unit_id: str) -> DeskRow:
    """A unit that is work. Raises NotFound."""
    found = next(iter(tx.desk_rows(package.id, [unit_id])), None)
    if found is None or found.unit.locked:
        raise NotFound(f"Package {package.id} has no unit {unit_id} to translate.")
    return _with_accepted(tx, package, [found])[0]


def save(
    tx: Transaction, package: Package, row: DeskRow, said: Wording, gravity: str, *, by: str, now: datetime
) -> DeskTarget:
    """Append a wording; the same text again changes nothing, so that who hears no answer may send it once more.

    `gravity` is that of its gravest finding. Raises Overtaken where another text was written since the version it was made
    from, Unusable for one that cannot be kept.
    """
    newest = row.newest
    refuse_long(said.target)
    if said.state is TargetState.CONFIRMED and not said.target.strip():
        raise Unusable("An empty target cannot be confirmed; write one, or leave the unit open.")
    if newest is not None:
        if newest.target == said.target and said.state in (newest.state, TargetState.DRAFT):
            return newest
        if newest.target not in (said.target, _written(tx, package, row, said.version)):
            raise Overtaken(newest)
    made = DeskTarget(
        package.id,
        row.unit.id,
        row.version + 1,
        said.target,
        said.state,
        by,
        now,
        gravity if said.target.strip() else "",
    )
    tx.add_desk_target(made)
    return made


def refuse_long(target: str) -> None:
    """Raises Unusable, before anybody reads all of it."""
    if len(target) > LONGEST:
        raise Unusable(f"A target has at most {LONGEST:,} characters; this has {len(target):,}.")


def _written(tx: Transaction, package: Package, row: DeskRow, version: int) -> str | None:
    """What a version said, 0 for what the unit left with; None where there is no such version."""
    if version == 0:
        return replace(row, newest=None).target
    if version == row.version:
        return row.target
    return next((one.target for one in tx.desk_targets(package.id, row.unit.id) if one.version == version), None)


def version_of(tx: Transaction, package: Package, row: DeskRow, version: int) -> str:
    """The text of an earlier version, 0 for what the unit left with. Raises NotFound."""
    found = _written(tx, package, row, version)
    if found is None:
        raise NotFound(f"Unit {row.unit.id} has no version {version}.")
    return found


def ask(tx: Transaction, package: Package, row: DeskRow, text: str, *, by: str, now: datetime) -> None:
    """Keep a question or a remark for the developers; the same one once. Raises Unusable."""
    if not text.strip() or len(text) > LONGEST_QUESTION:
        raise Unusable(f"A question has 1 to {LONGEST_QUESTION:,} characters.")
    said = Question(package.site, package.id, row.unit.id, text.strip(), by, now.isoformat(timespec="seconds"), now)
    if tx.ask([said]):
        tx.note(package.site, "ask question", {"package": package.id, "unit": row.unit.id}, now)


def checked(package: Package, unit: PackageUnit, target: str, checker: Checker, rules: Rules) -> Checked:
    """What would be said of a target if it were handed in; nothing of one that nobody wrote yet. Raises Unusable."""
    refuse_long(target)
    if not target.strip():
        return Checked()
    answer = ReturnedUnit(unit.id, unit.source, target, stage=Stage.TRANSLATED, is_whole=True)
    verdict = judged(answer, unit, package, checker, rules)
    if not verdict.is_repaired:
        return Checked(verdict.findings, "", unit.source, target)
    told = (
        replace(one, repair=verdict.target)
        if one.check == _REPAIR
        else replace(one, place=_before(one.place, verdict.target, target), repair="")
        for one in verdict.findings
    )
    return Checked(tuple(told), verdict.target, unit.source, target)


def _before(place: tuple[int, int] | None, repaired: str, target: str) -> tuple[int, int] | None:
    """Where a place of the repaired text is in the one that was written; None for what only the repair put there."""
    if place is None:
        return None
    kept = _alike(repaired, target)
    if place[1] <= kept:
        return place
    after = _alike(repaired[kept:][::-1], target[kept:][::-1])
    by = len(target) - len(repaired)
    return (place[0] + by, place[1] + by) if place[0] >= len(repaired) - after else None


def _alike(one: str, other: str) -> int:
    """Characters that two texts begin with alike."""
    return sum(takewhile(bool, map(eq, one, other)))


def page(tx: Transaction, package_id: str, only: DeskFilter, text: str, start: int, most: int) -> DeskPage:
    """A package's units, from one place on. Raises NotFound, Conflict."""
    package = workable(tx, package_id)
    ids = tx.desk_units(package_id, only, ids=_with_text(tx, package, text) if text.strip() else None)
    rows = tx.desk_rows(package_id, ids[start : start + most])
    return DeskPage(package, _with_accepted(tx, package, rows), tuple(ids))


def named(tx: Transaction, package_id: str, ids: Sequence[str]) -> DeskPage:
    """These units of a package as they are now, as far as they are work. Raises NotFound, Conflict."""
    package = workable(tx, package_id)
    rows = [row for row in tx.desk_rows(package_id, ids) if not row.unit.locked]
    return DeskPage(package, _with_accepted(tx, package, rows), tuple(row.unit.id for row in rows))


def _with_text(tx: Transaction, package: Package, text: str) -> set[str]:
    """Units whose source or target has a text, in any case of its letters; a target may also have come in by a file."""
    wanted = text.strip().casefold()
    texts = tx.desk_texts(package.id)
    found = {unit for unit, *both in texts if any(wanted in one.casefold() for one in both)}
    others = {unit for unit, *_ in texts} - found - set(tx.desk_units(package.id, DeskFilter.OPEN))
    rows = _with_accepted(tx, package, tx.desk_rows(package.id, sorted(others)))
    return found | {row.unit.id for row in rows if wanted in row.accepted.casefold()}


def _with_accepted(tx: Transaction, package: Package, rows: Sequence[DeskRow]) -> tuple[DeskRow, ...]:
    """Rows with what the house took in for those that nobody wrote at the desk."""
    came = [row.unit for row in rows if row.unit.done and not row.newest]
    if not came:
        return tuple(rows)
    own = tx.own(package.site, package.locale, [(unit.resource, unit.key) for unit in came])
    taken = {
        unit.id: entry.target
        for unit in came
        for entry in own.get((unit.resource, unit.key), ())
        if entry.fingerprint == unit.fingerprint and entry.state is not State.PROPOSAL
    }
    return tuple(replace(row, accepted=taken.get(row.unit.id, "")) for row in rows)


def unit(
    tx: Transaction, package_id: str, unit_id: str, *, site: Site | None, room: MemoryRoom, checker: Checker
) -> DeskUnit:
    """A unit with all that it takes; of a site that is gone without matches. Raises NotFound, Conflict."""
    package = workable(tx, package_id)
    row, work = row_of(tx, package, unit_id), tx.desk_units(package_id)
    found = row.unit
    place = work.index(unit_id)
    around = [one for one in tx.desk_around(package_id, unit_id, _REACH) if one.unit.resource == found.resource]
    around = list(_with_accepted(tx, package, around))
    now = tx.newest_sources(package.site, [(found.resource, found.key)]).get((found.resource, found.key), "")
    rules = rules_of(tx, site, package)
    where = reading(site, package.locale) if site else None
    return DeskUnit(
        package=package,
        row=row,
        place=place + 1,
        units=len(work),
        previous=work[place - 1] if place else "",
        following=work[place + 1] if place + 1 < len(work) else "",
        before=tuple(one for one in around if one.number < row.number),
        after=tuple(one for one in around if one.number > row.number),
        source_now=now if now != found.source else "",
        matches=tuple(room.offers(where, [found.asked], least=_LEAST, k=_MATCHES)[0].matches) if where else (),
        terms=tuple(room.terms_in(found.source, terms_of(tx, where))) if where else (),
        checked=checked(package, found, row.target, checker, rules) if row.newest else Checked(),
        history=tuple(tx.desk_targets(package_id, unit_id)),
        questions=tuple(tx.unit_questions(package_id, unit_id)),
    )
