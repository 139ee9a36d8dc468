"""Register verbs: what the Secretariat asks of a site, between the doors and the use cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tm_service.domain.ports import Clock, MemoryRoom, Store
from tm_service.domain.register import Acknowledgement, WeighedPackage
from tm_service.domain.site import Site
from tm_service.usecases.register.alarms import Alarm, acknowledge, alarms
from tm_service.usecases.register.freshness import FreshnessReport, freshness
from tm_service.usecases.register.quality import QualityReport, quality
from tm_service.usecases.register.savings import SavingsReport, savings
from tm_service.usecases.register.work import WorkReport, work


@dataclass(frozen=True)
class RegisterVerbs:
    """What a door may ask of the register; one method a verb. All raise NotFound for a site that is not there."""

    site: Callable[[str], Site]
    store: Store
    room: Callable[[], MemoryRoom]
    clock: Clock

    def freshness(self, name: str) -> FreshnessReport | None:
        """Since when each language is behind; None before the first deployment."""
        with self.store.read() as tx:
            return freshness(tx, self.site(name))

    def packages(self, name: str) -> Sequence[WeighedPackage]:
        """A site's packages in figures, newest first; what is asked below is worked out from them."""
        site = self.site(name).name
        with self.store.read() as tx:
            return tx.weighed_packages(site)

    def work(self, name: str, packages: Sequence[WeighedPackage]) -> WorkReport:
        """What is out and due, and when it will be done."""
        with self.store.read() as tx:
            return work(tx, self.site(name), packages, self.clock())

    def alarms(self, name: str, packages: Sequence[WeighedPackage]) -> list[Alarm]:
        """Open ones first."""
        site = self.site(name).name
        with self.store.read() as tx:
            return alarms(tx, site, packages, self.clock().date())

    def acknowledge(self, name: str, alarm: str, *, by: str, note: str) -> None:
        """Raises NotFound, Unusable without a note, Conflict where somebody acknowledged it before."""
        site = self.site(name).name
        entry = Acknowledgement(site, alarm, by, self.clock(), note.strip())
        with self.store.begin() as tx:
            acknowledge(tx, entry, tx.weighed_packages(site))

    def savings(self, packages: Sequence[WeighedPackage]) -> SavingsReport:
        """What the memory saved, by the usual rates."""
        return savings(packages, self.room().percents)

    def quality(self, name: str) -> QualityReport:
        """What was found in returns."""
        site = self.site(name)
        with self.store.read() as tx:
            return quality(tx.counted_returns(site.name), site.locales)
