"""Port of the register: what the store tells the Secretariat, in figures and without texts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tm_service.domain.deployments import Coverage
from tm_service.domain.register import (
    Acknowledgement,
    BehindUnit,
    Cause,
    CountedReturn,
    PageVersion,
    PaidRates,
    RaisedAlarm,
    SentUnit,
    WeighedPackage,
)
from tm_service.domain.units import Locale


class RegisterRows(Protocol):
    """What a transaction tells and keeps for the register."""

    def page_versions(self, site: str, pages: Iterable[tuple[Locale, str]]) -> Sequence[PageVersion]:
        """Every version of these pages, by locale, resource and deployment."""

    def page_coverages(self, site: str, number: int) -> Mapping[Locale, Mapping[str, Coverage]]:
        """How well a deployment covers each resource, by locale; what is out is not counted."""

    def moments(self, site: str) -> Mapping[int, datetime]:
        """When each deployment of a site was made."""

    def sent_units(
        self, site: str, pages: Iterable[tuple[Locale, str]] | None = None
    ) -> Mapping[tuple[Locale, str, str], SentUnit]:
        """What became of source texts that ever went out, of all or of these pages: by locale, resource and fingerprint.

        Of a text that went out more than once its newest package counts.
        """

    def counted_to(self, site: str) -> int:
        """The deployment as of which what is behind is kept; 0 before the first."""

    def behind_units(self, site: str, pages: Iterable[tuple[Locale, str]] | None = None) -> Sequence[BehindUnit]:
        """What is behind, all of it or on these pages."""

    def keep_behind(
        self, site: str, number: int, pages: Iterable[tuple[Locale, str]] | None, units: Iterable[BehindUnit]
    ) -> None:
        """As of a deployment these units of these pages are behind and no others there; without `pages`, of all pages."""

    def find_causes(self, site: str, pages: Iterable[tuple[Locale, str]]) -> None:
        """Say anew why units of these pages are behind."""

    def know_packages(self, site: str) -> None:
        """Note that the causes of what is behind know of every package as it is."""

    def behind_counts(self, site: str) -> Sequence[tuple[Locale, int, Cause, int]]:
        """How many units are behind: by locale, deployment since which, and cause."""

    def behind_longest(self, site: str, locale: Locale, most: int) -> Sequence[BehindUnit]:
        """Those of a locale that are behind the longest."""

    def weighed_packages(self, site: str) -> Sequence[WeighedPackage]:
        """A site's packages with their units and words by match class, newest first."""

    def returned_words(
        self, site: str, source: Locale, since: datetime
    ) -> Mapping[Locale, Sequence[tuple[datetime, int]]]:
        """When words came back translated in packages and were accepted, after a moment: moment and words of each unit."""

    def counted_returns(self, site: str) -> Sequence[CountedReturn]:
        """A site's returns in figures, newest first."""

    def raised_alarms(self, site: str) -> Sequence[RaisedAlarm]:
        """The alarms of a site's deployments, newest first."""

    def paid_rates(self, site: str) -> Mapping[Locale, PaidRates]:
        """What a site pays, by locale; "" has what holds for all others."""

    def set_paid_rates(self, entry: PaidRates) -> None:
        """In place of what was paid in this locale before."""

    def forget_paid_rates(self, site: str, locale: Locale) -> None:
        """Pay in this locale as for all, or as usual."""

    def acknowledge(self, entry: Acknowledgement) -> None:
        """Raises Conflict where somebody acknowledged it before."""

    def acknowledgements(self, site: str) -> Mapping[str, Acknowledgement]:
        """By alarm."""
