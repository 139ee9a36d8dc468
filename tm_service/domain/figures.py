"""Figures: how the house is doing, as the store tells; for those who watch it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tm_service.domain.deployments import Coverage
from tm_service.domain.units import Locale


@dataclass(frozen=True, slots=True)
class Spent:
    """How many jobs ended within the last day, and the seconds from when each could begin until it was over, in all."""

    jobs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Returned:
    """How many returns there were, and the units of them that were accepted."""

    returns: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package's site and locale, its units without locked ones, and the words of their sources."""

    site: str
    locale: Locale
    units: int
    words: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands in the store at a moment. Names of kinds, statuses and outcomes are the store's own.

    `oldest` is for how many seconds the job has waited that is due longest, 0 where none is; `lost` counts attempts that ended
    with their worker; `connections` are the database connections that this process uses now, and those it has.
    """

    jobs: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by kind and status
    oldest: float = 0.0
    spent: Mapping[tuple[str, str], Spent] = field(default_factory=dict)  # by kind and status
    lost: int = 0
    packages: Mapping[tuple[str, Locale, str], int] = field(default_factory=dict)  # by site, locale and status
    overdue: Mapping[tuple[str, Locale], int] = field(default_factory=dict)
    returned: Mapping[tuple[str, str], Returned] = field(default_factory=dict)  # by site and outcome
    deployments: Mapping[str, int] = field(default_factory=dict)  # by site
    coverage: Mapping[tuple[str, Locale], Coverage] = field(default_factory=dict)  # of each site's latest deployment
    postings: Mapping[tuple[str, str], int] = field(default_factory=dict)  # deliveries by channel and status
    hooks: Mapping[tuple[str, str], int] = field(default_factory=dict)  # messages of webhooks by event and status
    connections: tuple[int, int] = (0, 0)
