"""Register verbs: what the Secretariat asks of a site, between the doors and the use cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tm_service.domain.errors import NotFound
from tm_service.domain.ports import Clock, MemoryRoom, Store
from tm_service.domain.register import Acknowledgement, PaidRates, WeighedPackage
from tm_service.domain.site import Site
from tm_service.domain.units import Locale
from tm_service.usecases.register.alarms import Alarm, acknowledge, alarms
from tm_service.usecases.register.behind import count_anew, is_counted
from tm_service.usecases.register.freshness import WORST, FreshnessReport, freshness
from tm_service.usecases.register.quality import QualityReport, quality
from tm_service.usecases.register.rates import forget_rates, rates_in_force, read_rates, set_rates
from tm_service.usecases.register.savings import SavingsReport, savings
from tm_service.usecases.register.sections import RECORDS, HeatMap, heat_map
from tm_service.usecases.register.work import WorkReport, work


@dataclass(frozen=True)
class RegisterVerbs:
    """What a door may ask of the register; one method a verb. All raise NotFound for a site that is not there."""

    site: Callable[[str], Site]
    store: Store
    room: Callable[[], MemoryRoom]
    clock: Clock

    def freshness(self, name: str, packages: Sequence[WeighedPackage], most: int = WORST) -> FreshnessReport | None:
        """Since when each language is behind; None before the first deployment.

        Counted with each deployment and package; here only once, where older code made the newest.
        """
        site = self.site(name)
        with self.store.read() as tx:
            if is_counted(tx, site.name, packages):
                return freshness(tx, site, most)
        with self.store.begin() as tx:
            count_anew(tx, site.name)
            return freshness(tx, site, most)

    def sections(self, name: str, number: int = 0, below: str = "") -> HeatMap:
        """How well a deployment covers what is below a folder, the newest one where it is 0. Raises NotFound."""
        site = self.site(name)
        with self.store.read() as tx:
            last = tx.deployment(site.name, number) if number else tx.latest(site.name)
            if last is None:
                raise NotFound(f"Site {site.name} has no deployment yet; run `tm-service deploy {site.name}`.")
            paths = tx.page_coverages(site.name, last.number)
        found = heat_map(last, paths, below, RECORDS if site.is_record_store else "")
        if not found.sections:
            raise NotFound(f"Deployment {last.number} serves nothing from {below}.")
        return found

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

    def savings(self, name: str, packages: Sequence[WeighedPackage]) -> SavingsReport:
        """What the memory saved, by the rates that the site pays."""
        rates = self.rates(name)
        return savings(packages, lambda locale: rates.get(locale, rates[""]))

    def rates(self, name: str) -> Mapping[Locale, PaidRates]:
        """What the site pays in each language, "" for all others: as it was set, else the usual rates."""
        site = self.site(name)
        return rates_in_force(self.rates_set(name), site, self.room().percents)

    def rates_set(self, name: str) -> Mapping[Locale, PaidRates]:
        """What was set, by locale, "" for all others."""
        site = self.site(name).name
        with self.store.read() as tx:
            return tx.paid_rates(site)

    def set_rates(
        self, name: str, locale: Locale, percents: Sequence[str], currency: str, price: str, *, by: str
    ) -> None:
        """As a person wrote them, percents in the order of the match classes. Raises NotFound, Unusable."""
        entry = read_rates(self.site(name), locale, percents, currency, price)
        with self.store.begin() as tx:
            set_rates(tx, entry, by, self.clock())

    def forget_rates(self, name: str, locale: Locale, *, by: str) -> None:
        """Pay in a language as for all, for all as usual. Raises NotFound."""
        site = self.site(name).name
        with self.store.begin() as tx:
            forget_rates(tx, site, locale, by, self.clock())

    def quality(self, name: str) -> QualityReport:
        """What was found in returns."""
        site = self.site(name)
        with self.store.read() as tx:
            return quality(tx.counted_returns(site.name), site.locales)
