"""Metrics: figures as Prometheus reads them; what the store knows is the same from every process, the rest is this one's.

The store is asked at most once in a few seconds, however many ask here. Counters of requests are each process's own, as
Prometheus expects of processes that it asks one by one.
"""

import logging
from collections.abc import Callable, Iterator
from threading import Lock
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from tm_service.domain.deployments import Tally
from tm_service.domain.errors import ServiceError
from tm_service.domain.figures import Figures, Packaged
from tm_service.domain.ports import Clock, Store

_PREFIX = "tm_service_"
_LASTS = 10.0  # seconds that what the store said is used
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
_HOW = ("current", "from_memory", "stale", "held", "missing")

_log = logging.getLogger("tm_service.metrics")


class Metrics:
    """What one process counts, beside what its store tells."""

    def __init__(self, store: Store, clock: Clock, ticks: Callable[[], float] = monotonic) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a line more for each of them, which nobody asks for
        self.registry = CollectorRegistry(auto_describe=False)
        for collect in (ProcessCollector, PlatformCollector, GCCollector):
            collect(registry=self.registry)
        self.requests = Counter(
            f"{_PREFIX}requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            f"{_PREFIX}request_seconds",
            "Seconds until a request was answered.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.registry.register(StoreCollector(store, clock, ticks))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def page(self) -> bytes:
        """In Prometheus's text format, version 0.0.4, in UTF-8."""
        return generate_latest(self.registry)


class StoreCollector(Collector):
    """Reads the store once in a while; where it does not answer, `tm_service_store_up` is 0 and the rest is left out."""

    def __init__(self, store: Store, clock: Clock, ticks: Callable[[], float]) -> None:
        self._store, self._clock, self._ticks = store, clock, ticks
        self._lock = Lock()
        self._until = 0.0
        self._found: tuple[Figures, tuple[Packaged, ...]] | None = None
        self._packaged: dict[str, Packaged] = {}

    def describe(self) -> list[Metric]:
        return []  # without asking the store when the registry is made

    def collect(self) -> Iterator[Metric]:
        found = self._fresh()
        yield _gauge("store_up", "Whether the store answers.", [((), float(found is not None))])
        if found is not None:
            figures, packaged = found
            yield from _of_jobs(figures)
            yield from _of_packages(figures, packaged)
            yield from _of_coverage(figures)

    def _fresh(self) -> tuple[Figures, tuple[Packaged, ...]] | None:
        with self._lock:
            now = self._ticks()
            if now >= self._until:
                self._found = self._read()
                self._until = now + _LASTS
            return self._found

    def _read(self) -> tuple[Figures, tuple[Packaged, ...]] | None:
        try:
            with self._store.read() as tx:
                figures = tx.figures(self._clock())
                self._packaged |= tx.packaged(self._packaged.keys())
        except ServiceError as error:
            _log.warning("%s", error)
            return None
        return figures, tuple(self._packaged.values())


Rows = list[tuple[tuple[str, ...], float]]


def _gauge(name: str, says: str, rows: Rows, labels: tuple[str, ...] = ()) -> Metric:
    made = GaugeMetricFamily(f"{_PREFIX}{name}", says, labels=labels)
    for values, number in rows:
        made.add_metric(values, number)
    return made


def _counter(name: str, says: str, rows: Rows, labels: tuple[str, ...]) -> Metric:
    made = CounterMetricFamily(f"{_PREFIX}{name}", says, labels=labels)
    for values, number in rows:
        made.add_metric(values, number)
    return made


def _of_jobs(figures: Figures) -> Iterator[Metric]:
    yield _gauge("jobs", "Jobs by what they do and where they stand.", [*figures.jobs.items()], ("kind", "status"))
    yield _gauge(
        "oldest_waiting_job_seconds", "For how long the job waits that is due longest.", [((), figures.oldest)]
    )
    yield _gauge("leases_lost", "Attempts that ended with their worker, of all jobs.", [((), figures.lost)])
    # No counters: what the house did of its own accord is forgotten after a while.
    ended: Rows = [(labels, spent.jobs) for labels, spent in figures.spent.items()]
    yield _gauge("ended_jobs", "Jobs that ended within the last day.", ended, ("kind", "status"))
    took: Rows = [(labels, spent.seconds) for labels, spent in figures.spent.items()]
    says = "Seconds from when they could begin until they were over, of jobs that ended within the last day."
    yield _gauge("ended_job_seconds", says, took, ("kind", "status"))
    used, opened = figures.connections
    yield _gauge(
        "database_connections", "This process's connections.", [(("used",), used), (("open",), opened)], ("state",)
    )


def _of_packages(figures: Figures, packaged: tuple[Packaged, ...]) -> Iterator[Metric]:
    where = ("site", "locale")
    units: dict[tuple[str, ...], float] = {}
    words: dict[tuple[str, ...], float] = {}
    for one in packaged:
        place = (one.site, one.locale)
        units[place] = units.get(place, 0) + one.units
        words[place] = words.get(place, 0) + one.words
    yield _gauge("packages", "Packages by where they stand.", [*figures.packages.items()], (*where, "status"))
    yield _gauge("packages_overdue", "Open packages whose day is past.", [*figures.overdue.items()], where)
    yield _counter("packaged_units", "Units handed off.", [*units.items()], where)
    yield _counter("packaged_words", "Words of the sources handed off.", [*words.items()], where)
    returns: Rows = [(place, found.returns) for place, found in figures.returned.items()]
    yield _counter("returns", "Returns taken in.", returns, ("site", "outcome"))
    accepted: Rows = [(place, found.accepted) for place, found in figures.returned.items()]
    yield _counter("returned_units", "Units of returns that were accepted.", accepted, ("site", "outcome"))
    yield _gauge("deliveries", "Packages sent, or to be sent.", [*figures.postings.items()], ("channel", "status"))
    said = "Messages of webhooks by where they stand."
    yield _gauge("webhook_messages", said, [*figures.hooks.items()], ("event", "status"))
    made: Rows = [((site,), count) for site, count in figures.deployments.items()]
    yield _counter("deployments", "Deployments made.", made, ("site",))


def _of_coverage(figures: Figures) -> Iterator[Metric]:
    where, covered = ("site", "locale"), figures.coverage.items()
    units: Rows = [((*place, how), getattr(one.units, how)) for place, one in covered for how in _HOW]
    yield _gauge("served_units", "Units that readers see, by how they are served.", units, (*where, "how"))
    current: Rows = [(place, _share(one.units, "current")) for place, one in covered]
    yield _gauge("served_current_ratio", "The share of units served from today's source.", current, where)
    missing: Rows = [(place, _share(one.units, "missing")) for place, one in covered]
    said = "The share of units served in the source language, because they were never translated."
    yield _gauge("served_source_ratio", said, missing, where)


def _share(units: Tally, how: str) -> float:
    return float(getattr(units, how)) / units.units if units.units else 0.0
