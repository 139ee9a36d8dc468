"""Port of the register: what the store tells the Secretariat, in figures and without texts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tm_service.domain.register import (
    Acknowledgement,
    CountedReturn,
    PageVersion,
    RaisedAlarm,
    SentUnit,
    WeighedPackage,
)
from tm_service.domain.units import Locale


class RegisterRows(Protocol):
    """What a transaction tells and keeps for the register."""

    def page_versions(self, site: str, pages: Iterable[tuple[Locale, str]]) -> Sequence[PageVersion]:
        """Every version of these pages, by locale, resource and deployment."""

    def sent_units(self, site: str) -> Sequence[SentUnit]:
        """What of the units that readers do not see translated from their source ever went out, oldest package first."""

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

    def acknowledge(self, entry: Acknowledgement) -> None:
        """Raises Conflict where somebody acknowledged it before."""

    def acknowledgements(self, site: str) -> Mapping[str, Acknowledgement]:
        """By alarm."""
