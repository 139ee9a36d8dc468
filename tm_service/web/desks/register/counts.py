"""Counts: what the pages of the register ask of one site, counted anew only once it has changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from starlette.requests import Request

from tm_service.domain.deployments import Deployment
from tm_service.domain.register import WeighedPackage
from tm_service.domain.site import Site
from tm_service.service import Service
from tm_service.usecases.register.alarms import Alarm
from tm_service.usecases.register.freshness import FreshnessReport
from tm_service.usecases.register.quality import QualityReport
from tm_service.usecases.register.savings import SavingsReport
from tm_service.usecases.register.sections import HeatMap
from tm_service.usecases.register.work import WorkReport
from tm_service.web.api.routes import service_of
from tm_service.web.site_views import views_of

_Counted = TypeVar("_Counted")


@dataclass(frozen=True)
class Counts:
    """One site as one request asks for it. Raises NotFound for a site that is not there."""

    request: Request
    name: str

    @property
    def service(self) -> Service:
        return service_of(self.request)

    @property
    def site(self) -> Site:
        return self.service.site(self.name)

    @property
    def now(self) -> datetime:
        return self.service.clock()

    def _of(self, kind: str, count: Callable[[], _Counted], *beside: object) -> _Counted:
        """Never older than the newest change; what is counted is cheap, for most of it is kept."""
        return views_of(self.request).of(self.service, self.site.name, f"register {kind}", count, *beside, waits=True)

    @property
    def deployments(self) -> Sequence[Deployment]:
        """Newest first."""
        return self._of("deployments", lambda: self.service.deployments(self.name))

    def heat(self, number: int, below: str) -> HeatMap:
        """Of a deployment, of the newest where it is 0. Raises NotFound for a folder that it does not serve."""
        return self._of(f"heat {number} {below}", lambda: self.service.register.sections(self.name, number, below))

    @property
    def freshness(self) -> FreshnessReport | None:
        """In figures; no unit is named."""
        return self._of("freshness", lambda: self.service.register.freshness(self.name, self.packages, 0))

    @property
    def longest(self) -> FreshnessReport | None:
        """With the units that are behind the longest."""
        return self._of("longest", lambda: self.service.register.freshness(self.name, self.packages))

    @property
    def packages(self) -> Sequence[WeighedPackage]:
        return self._of("packages", lambda: self.service.register.packages(self.name))

    @property
    def work(self) -> WorkReport:
        return self._of("work", lambda: self.service.register.work(self.name, self.packages), self.now.date())

    @property
    def alarms(self) -> Sequence[Alarm]:
        return self._of("alarms", lambda: self.service.register.alarms(self.name, self.packages), self.now.date())

    @property
    def savings(self) -> SavingsReport:
        return self._of("savings", lambda: self.service.register.savings(self.name, self.packages))

    @property
    def quality(self) -> QualityReport:
        return self._of("quality", lambda: self.service.register.quality(self.name))
