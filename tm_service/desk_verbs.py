"""Desk verbs: what is asked of the translator's desk, between the doors and the use cases."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tm_service.domain.desk import DeskFilter, DeskPackage, DeskRow, DeskTarget, in_forms
from tm_service.domain.errors import Unusable
from tm_service.domain.packages import OPEN, Package, PackageStatus, Receipt
from tm_service.domain.plurals import parse_plural
from tm_service.domain.ports import Checker, Clock, Exporter, MemoryRoom, Store, Transaction, Turn
from tm_service.domain.site import Site
from tm_service.usecases import desk
from tm_service.usecases import hand_in as handing_in
from tm_service.usecases.desk import LONGEST, LONGEST_QUESTION, Checked, DeskPage, DeskUnit, Wording
from tm_service.usecases.examine import Intake, rules_of

__all__ = ["LONGEST", "LONGEST_QUESTION", "Checked", "DeskPage", "DeskUnit", "DeskVerbs", "Wording"]

_OUT = OPEN - {PackageStatus.DRAFT}


@dataclass(frozen=True)
class DeskVerbs:
    """What a door may ask of the desk; one method a verb. Who asks was let in by the door."""

    sites: Callable[[], Mapping[str, Site]]
    store: Store
    room: Callable[[], MemoryRoom]
    exporter: Exporter
    checker: Checker
    clock: Clock

    def queue(self, sites: Collection[str]) -> list[DeskPackage]:
        """What is out of these sites, by due date."""
        with self.store.read() as tx:
            return list(tx.desk_packages(sites, _OUT))

    def words(self, package_ids: Collection[str]) -> dict[str, int]:
        """The words of these packages' units, without locked ones; they stay as they are."""
        with self.store.read() as tx:
            return dict(tx.desk_words(package_ids))

    def package(self, package_id: str) -> Package:
        """A package without its units. Raises NotFound."""
        with self.store.read() as tx:
            return tx.package_head(package_id)

    def page(
        self, package_id: str, *, only: DeskFilter = DeskFilter.ALL, text: str = "", start: int = 0, most: int = 50
    ) -> DeskPage:
        """Units of a package, from one place on. Raises NotFound, Conflict."""
        with self.store.read() as tx:
            return desk.page(tx, package_id, only, text, start, most)

    def named(self, package_id: str, ids: Sequence[str]) -> DeskPage:
        """These units of a package, as they are now. Raises NotFound, Conflict."""
        with self.store.read() as tx:
            return desk.named(tx, package_id, ids)

    def progress(self, package_id: str) -> DeskPackage:
        """How far a package is. Raises NotFound."""
        with self.store.read() as tx:
            return tx.desk_package(package_id)

    def unit(self, package_id: str, unit_id: str) -> DeskUnit:
        """Raises NotFound, Conflict."""
        with self.store.read() as tx:
            head = tx.package_head(package_id)
            site = self.sites().get(head.site)
            return desk.unit(tx, package_id, unit_id, site=site, room=self.room(), checker=self.checker)

    def joined(self, package_id: str, unit_id: str, texts: Mapping[str, str]) -> str:
        """The message of these plural forms. Raises NotFound, Conflict, Unusable for a unit that has none."""
        with self.store.read() as tx:
            source = desk.row_of(tx, desk.workable(tx, package_id), unit_id).unit.source
        if parse_plural(source) is None:
            raise Unusable(f"Unit {unit_id} has no plural forms; send its target.")
        return in_forms(source, texts)

    def check(self, package_id: str, unit_id: str, target: str) -> Checked:
        """What would be said of a target if it were handed in. Raises NotFound, Conflict."""
        with self.store.read() as tx:
            package = desk.workable(tx, package_id)
            return self._checked(tx, package, desk.row_of(tx, package, unit_id), target)

    def _checked(self, tx: Transaction, package: Package, row: DeskRow, target: str) -> Checked:
        rules = rules_of(tx, self.sites().get(package.site), package)
        return desk.checked(package, row.unit, target, self.checker, rules)

    def save(self, package_id: str, unit_id: str, said: Wording, *, by: str) -> tuple[DeskTarget, Checked]:
        """Keep what somebody wrote, and say what the checks find. Raises NotFound, Conflict, Overtaken, Unusable.

        A package that was cancelled meanwhile refuses it afterwards: whoever cancels does not wait for who types.
        """
        found = self.check(package_id, unit_id, said.target)
        with self.store.begin(Turn.DESK) as tx:
            package = desk.workable(tx, package_id)
            row = desk.row_of(tx, package, unit_id)
            kept = desk.save(tx, package, row, said, found.gravity, by=by, now=self.clock())
        with self.store.read() as tx:
            desk.workable(tx, package_id)
        return kept, found

    def undo(self, package_id: str, unit_id: str, to: int, *, version: int, by: str) -> DeskTarget:
        """Write an earlier version anew, as a draft. Raises NotFound, Conflict, Overtaken."""
        with self.store.read() as tx:
            package = desk.workable(tx, package_id)
            text = desk.version_of(tx, package, desk.row_of(tx, package, unit_id), to)
        return self.save(package_id, unit_id, Wording(text, version), by=by)[0]

    def ask(self, package_id: str, unit_id: str, text: str, *, by: str) -> None:
        """Ask or remark something beside a unit. Raises NotFound, Conflict, Unusable."""
        with self.store.begin() as tx:
            package = desk.workable(tx, package_id)
            desk.ask(tx, package, desk.row_of(tx, package, unit_id), text, by=by, now=self.clock())

    def hand_in(self, package_id: str, told: Callable[[int, int], None] | None = None) -> Receipt:
        """Give the house what is confirmed; `told` hears how much of it is judged. Raises NotFound, Conflict, Unusable."""
        intake = Intake(self.exporter, self.checker, self.sites(), self.clock())
        intake = replace(intake, told=told) if told else intake
        with self.store.read() as tx:
            before = handing_in.examined(tx, package_id, intake)
        with self.store.begin() as tx:
            return handing_in.hand_in(tx, package_id, intake, before)
