"""Ports of the desk: what the store keeps of targets that translators are at, and how it finds units by them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from tm_service.domain.desk import DeskFilter, DeskPackage, DeskRow, DeskTarget, TargetState
from tm_service.domain.packages import Package, PackageStatus, Question, Receipt
from tm_service.domain.permissions import Place
from tm_service.domain.units import UnitId


class DeskRows(Protocol):
    """Wordings of targets, in a transaction of the store; packages here are without their units."""

    def hold_desk(self) -> None:
        """Let nobody write a wording until this transaction ends; before anything of a package is changed."""

    def package_head(self, package_id: str) -> Package:
        """A package without its units. Raises NotFound."""

    def desk_packages(self, sites: Collection[str], statuses: Collection[PackageStatus]) -> Sequence[DeskPackage]:
        """Packages of these sites and statuses with how far they are, by due date; those without one last."""

    def desk_package(self, package_id: str) -> DeskPackage:
        """How far a package is. Raises NotFound."""

    def desk_words(self, package_ids: Collection[str]) -> Mapping[str, int]:
        """The words of each package's units, without locked ones."""

    def desk_units(
        self, package_id: str, only: DeskFilter = DeskFilter.ALL, *, ids: Collection[str] | None = None
    ) -> Sequence[str]:
        """The ids of a package's units, in its order; of these alone where `ids` says."""

    def desk_texts(self, package_id: str) -> Sequence[tuple[str, str, str]]:
        """Id, source and target of each unit that is not locked, in order."""

    def desk_rows(self, package_id: str, ids: Sequence[str]) -> Sequence[DeskRow]:
        """These units, locked ones as well, in the package's order; unknown ones are left out."""

    def desk_around(self, package_id: str, unit: str, reach: int) -> Sequence[DeskRow]:
        """A unit among its neighbours, up to so many on either side; locked ones as well. Empty where there is none."""

    def add_desk_target(self, entry: DeskTarget) -> None:
        """Append a wording. Raises Conflict where its unit has this version already."""

    def desk_targets(self, package_id: str, unit: str) -> Sequence[DeskTarget]:
        """Every wording of a unit, the newest first."""

    def newest_desk_targets(self, package_id: str, state: TargetState) -> Sequence[DeskTarget]:
        """The newest wordings of a package that are of this state, in its order."""

    def unit_questions(self, package_id: str, unit: str) -> Sequence[Question]:
        """What was asked or remarked beside a unit, oldest first."""

    def newest_sources(self, site: str, units: Collection[UnitId]) -> Mapping[UnitId, str]:
        """The source text that each of these units has now, as far as any was learned."""

    def newest_receipts(self, places: Collection[Place], most: int) -> Sequence[Receipt]:
        """Receipts of packages of these sites and locales, "" for all, without findings; newest first."""
