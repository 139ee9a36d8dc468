"""Site views: what pages count of a site, counted once and again when the journal says that the site has changed."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast

from starlette.requests import Request

from tm_service.service import Service
from tm_service.usecases.report import CoverageReport

_Counted = TypeVar("_Counted")


_MOST = 200  # counts that are kept


@dataclass
class SiteViews:
    """The newest counts, each with what it was made as of; those longest unused are forgotten first."""

    counted: OrderedDict[tuple[str, str], tuple[object, Any]] = field(default_factory=OrderedDict)
    counting: defaultdict[tuple[str, str], Lock] = field(default_factory=lambda: defaultdict(Lock))
    lock: Lock = field(default_factory=Lock)

    def of(
        self,
        service: Service,
        site: str,
        kind: str,
        count: Callable[[], _Counted],
        *beside: object,
        waits: bool = False,
    ) -> _Counted:
        """What `count` gives, as of the site's newest change and of what stands `beside`.

        While somebody counts anew, others get the count before, or wait for this one where it is the first, and wherever
        who asks `waits` for what is never older than the newest change.
        """
        key, now = (site, kind), (service.audit.newest(site), *beside)
        with self.lock:
            turn, (at, found) = self.counting[key], self.counted.get(key, (None, None))
            if key in self.counted:
                self.counted.move_to_end(key)
        if at != now and turn.acquire(blocking=waits or at is None):
            try:
                found = self._counted(key, now, count)
            finally:
                turn.release()
                self._forget(key)
        return cast("_Counted", found)

    def _counted(self, key: tuple[str, str], now: object, count: Callable[[], _Counted]) -> _Counted:
        """The count of now, which somebody may have made while we waited for our turn."""
        with self.lock:
            at, found = self.counted.get(key, (None, None))
        if at != now:
            found = count()
            self._keep(key, (now, found))
        return cast("_Counted", found)

    def _forget(self, key: tuple[str, str]) -> None:
        """Keep no turn of what there is no count of: of a deployment that somebody made up."""
        with self.lock:
            if key not in self.counted:
                self.counting.pop(key, None)

    def _keep(self, key: tuple[str, str], made: tuple[object, Any]) -> None:
        with self.lock:
            self.counted[key] = made
            self.counted.move_to_end(key)
            while len(self.counted) > _MOST:
                gone, _ = self.counted.popitem(last=False)
                self.counting.pop(gone, None)


def coverage_of(request: Request, site: str, number: int | None) -> CoverageReport:
    """Of a deployment, or of the newest. Raises NotFound."""
    service = cast("Service", request.app.state.service)
    return views_of(request).of(service, site, f"coverage {number}", lambda: service.coverage(site, number))


def views_of(request: Request) -> SiteViews:
    return cast("SiteViews", request.app.state.views)
