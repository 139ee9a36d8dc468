"""Desk: wordings of targets as rows that are only ever added, and a package's units found by them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cache

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, or_, select

from tm_service.database.rows import chunks
from tm_service.database.turns import take
from tm_service.domain.desk import DeskFilter, DeskPackage, DeskRow, DeskTarget, TargetState
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.packages import PackageStatus, Question
from tm_service.domain.ports import Turn
from tm_service.domain.text import words
from tm_service.domain.units import UnitId
from tm_service.storage.desk_tables import desk_target
from tm_service.storage.packages import Packages, package_of, unit_of
from tm_service.storage.rows import dump_key, load_key
from tm_service.storage.tables import package, package_unit, question, source

_WRITTEN_STATES = (TargetState.DRAFT, TargetState.CONFIRMED)


class Desk(Packages):
    def hold_desk(self) -> None:
        take(self.connection, Turn.DESK)

    def desk_packages(self, sites: Collection[str], statuses: Collection[PackageStatus]) -> Sequence[DeskPackage]:
        return self._packages(package.c.site.in_(sites), package.c.status.in_([one.value for one in statuses]))

    def desk_package(self, package_id: str) -> DeskPackage:
        found = self._packages(package.c.id == package_id)
        if not found:
            raise NotFound(f"There is no package {package_id}.")
        return found[0]

    def _packages(self, *which: ColumnElement[bool]) -> list[DeskPackage]:
        query = select(package).where(*which).order_by(package.c.due == "", package.c.due, package.c.id)
        heads = [package_of(row) for row in self.connection.execute(query).mappings()]
        ids = [head.id for head in heads]
        work: dict[str, tuple[int, int]] = {}
        written: dict[str, tuple[int, int]] = {}
        asked: dict[str, int] = {}
        for chunk in chunks(ids, 400):
            units = select(package_unit.c.package, func.count(), _counted(package_unit.c.done))
            units = units.where(package_unit.c.package.in_(chunk), package_unit.c.locked.is_(False))
            work |= self._pairs(units.group_by(package_unit.c.package))
            drafts, confirmed = (_counted(desk_target.c.state == state.value) for state in _WRITTEN_STATES)
            targets = select(desk_target.c.package, drafts, confirmed).join(package_unit, _OF_UNIT)
            targets = targets.where(desk_target.c.package.in_(chunk), _IS_NEWEST, package_unit.c.locked.is_(False))
            written |= self._pairs(targets.group_by(desk_target.c.package))
            questions = select(question.c.package, func.count()).where(question.c.package.in_(chunk))
            asked |= {row[0]: row[1] for row in self.connection.execute(questions.group_by(question.c.package))}
        none = (0, 0)
        return [
            DeskPackage(head, *work.get(head.id, none), *written.get(head.id, none), asked.get(head.id, 0))
            for head in heads
        ]

    def _pairs(self, counts: Select[str, int, int]) -> dict[str, tuple[int, int]]:
        return {name: (int(one), int(other)) for name, one, other in self.connection.execute(counts)}

    def desk_words(self, package_ids: Collection[str]) -> Mapping[str, int]:
        counted, found = cache(words), dict.fromkeys(package_ids, 0)
        for chunk in chunks(list(found), 400):
            query = select(package_unit.c.package, package_unit.c.source)
            query = query.where(package_unit.c.package.in_(chunk), package_unit.c.locked.is_(False))
            for name, text in self.connection.execute(query):
                found[name] += counted(text)
        return found

    def desk_units(
        self, package_id: str, only: DeskFilter = DeskFilter.ALL, *, ids: Collection[str] | None = None
    ) -> Sequence[str]:
        query = select(package_unit.c.id).select_from(_WRITTEN)
        query = query.where(package_unit.c.package == package_id, package_unit.c.locked.is_(False))
        found = self.connection.scalars(query.where(*_only(only)).order_by(package_unit.c.position)).all()
        return found if ids is None else [one for one in found if one in ids]

    def desk_texts(self, package_id: str) -> Sequence[tuple[str, str, str]]:
        target = func.coalesce(desk_target.c.target, package_unit.c.offered)
        query = select(package_unit.c.id, package_unit.c.source, target)
        query = query.select_from(_WRITTEN)
        query = query.where(package_unit.c.package == package_id, package_unit.c.locked.is_(False))
        return [tuple(row) for row in self.connection.execute(query.order_by(package_unit.c.position))]

    def desk_rows(self, package_id: str, ids: Sequence[str]) -> Sequence[DeskRow]:
        found: list[DeskRow] = []
        for chunk in chunks(ids, 400):
            found += self._rows(package_id, package_unit.c.id.in_(chunk))
        return sorted(found, key=lambda row: row.number)

    def desk_around(self, package_id: str, unit: str, reach: int) -> Sequence[DeskRow]:
        here = select(package_unit.c.position).where(package_unit.c.package == package_id, package_unit.c.id == unit)
        place = self.connection.scalar(here)
        if place is None:
            return []
        return self._rows(package_id, package_unit.c.position.between(place - reach, place + reach))

    def _rows(self, package_id: str, which: ColumnElement[bool]) -> list[DeskRow]:
        asked = select(func.count()).where(question.c.package == package_id, question.c.unit == package_unit.c.id)
        query = select(
            package_unit,
            *(
                desk_target.c[name].label(f"desk_{name}")
                for name in ("version", "target", "state", "by", "at", "gravity")
            ),
            asked.scalar_subquery().label("questions"),
        )
        query = query.select_from(_WRITTEN)
        query = query.where(package_unit.c.package == package_id, which).order_by(package_unit.c.position)
        return [
            DeskRow(row["position"] + 1, unit_of(row), _joined(row), row["questions"])
            for row in self.connection.execute(query).mappings()
        ]

    def add_desk_target(self, entry: DeskTarget) -> None:
        row = asdict(entry) | {"state": entry.state.value}
        added = self.insert(desk_target).values(row).on_conflict_do_nothing().returning(desk_target.c.version)
        if self.connection.scalar(added) is None:
            raise Conflict(f"{entry.unit} was written anew at the same moment; look again and save again.")

    def desk_targets(self, package_id: str, unit: str) -> Sequence[DeskTarget]:
        query = select(desk_target).where(desk_target.c.package == package_id, desk_target.c.unit == unit)
        rows = self.connection.execute(query.order_by(desk_target.c.version.desc())).mappings()
        return [DeskTarget(**dict(row) | {"state": TargetState(row["state"])}) for row in rows]

    def newest_desk_targets(self, package_id: str, state: TargetState) -> Sequence[DeskTarget]:
        query = select(desk_target).select_from(_WRITTEN)
        query = query.where(package_unit.c.package == package_id, desk_target.c.state == state.value)
        rows = self.connection.execute(query.order_by(package_unit.c.position)).mappings()
        return [DeskTarget(**dict(row) | {"state": TargetState(row["state"])}) for row in rows]

    def unit_questions(self, package_id: str, unit: str) -> Sequence[Question]:
        columns = [column for column in question.c if column.name != "identity"]
        query = select(*columns).where(question.c.package == package_id, question.c.unit == unit)
        rows = self.connection.execute(query.order_by(question.c.number)).mappings()
        return [Question(**row) for row in rows]

    def newest_sources(self, site: str, units: Collection[UnitId]) -> Mapping[UnitId, str]:
        wanted = {(resource, dump_key(key)) for resource, key in units}
        found: dict[UnitId, str] = {}
        for chunk in chunks(sorted(wanted), 200):
            named = or_(*(and_(source.c.resource == resource, source.c.key == key) for resource, key in chunk))
            query = select(source.c.resource, source.c.key, source.c.text).where(source.c.site == site, named)
            for resource, key, text in self.connection.execute(query.order_by(source.c.number)):
                found[resource, load_key(key)] = text  # the last one said is what it has now
        return found


def _counted(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


def _latest(package_id: ColumnElement[str], unit: ColumnElement[str]) -> ColumnElement[int]:
    """The version of a unit's newest wording, looked up by the key of the table."""
    other = desk_target.alias("other")
    last = select(func.max(other.c.version)).where(other.c.package == package_id, other.c.unit == unit)
    return last.correlate_except(other).scalar_subquery()


_OF_UNIT = and_(desk_target.c.package == package_unit.c.package, desk_target.c.unit == package_unit.c.id)
_IS_NEWEST = desk_target.c.version == _latest(desk_target.c.package, desk_target.c.unit)

# A unit with its newest wording, where it has one.
_WRITTEN = package_unit.outerjoin(
    desk_target, and_(_OF_UNIT, desk_target.c.version == _latest(package_unit.c.package, package_unit.c.id))
)


def _only(only: DeskFilter) -> list[ColumnElement[bool]]:
    asked = select(question.c.unit).where(question.c.package == package_unit.c.package)
    state = func.coalesce(desk_target.c.state, "")
    found: dict[DeskFilter, list[ColumnElement[bool]]] = {
        DeskFilter.ALL: [],
        DeskFilter.OPEN: [
            or_(
                and_(package_unit.c.done.is_(False), state != TargetState.CONFIRMED.value),
                state == TargetState.DRAFT.value,
            )
        ],
        DeskFilter.CONFIRMED: [state == TargetState.CONFIRMED.value],
        DeskFilter.QUESTIONS: [package_unit.c.id.in_(asked)],
        DeskFilter.FINDINGS: [func.coalesce(desk_target.c.gravity, "") != ""],
        DeskFilter.CHANGED: [
            package_unit.c.previous_source != "",
            package_unit.c.previous_source != package_unit.c.source,
        ],
    }
    return found[only]


def _joined(row: RowMapping) -> DeskTarget | None:
    if row["desk_version"] is None:
        return None
    state = TargetState(row["desk_state"])
    told = (row["desk_version"], row["desk_target"], state, row["desk_by"], row["desk_at"], row["desk_gravity"])
    return DeskTarget(row["package"], row["id"], *told)
