"""Behind: which units readers do not see translated from their present source, counted with the deployment that changes it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tm_service.domain.deployments import Deployment
from tm_service.domain.ports import Transaction
from tm_service.domain.register import BEHIND, BehindUnit, PageVersion, WeighedPackage, cause
from tm_service.domain.units import Key, Locale, UnitId
from tm_service.usecases.pages import PageId, rules_of

_AT_ONCE = 500  # pages that are held while they are read
_LATE = frozenset(rule.value for rule in BEHIND)
_Entries = Mapping[Key, tuple[str, str]]  # rule and fingerprint of the source
_FARTHEST = 20  # moves that are followed between two deployments
_Unit = tuple[Locale, UnitId]


def count_behind(tx: Transaction, made: Deployment) -> None:
    """Bring what is behind up to a deployment that was just kept; of pages that it left alone nothing changes.

    A run goes back as far as the unit was behind in every deployment, through moves; what its source said meanwhile does not
    matter. A translation of the same text from elsewhere is current. Where the deployment before is not counted, all is
    counted anew.
    """
    site, number = made.site, made.number
    if tx.counted_to(site) != number - 1:
        count_anew(tx, site)
        return
    changed = {page for page, _, _ in tx.pages_between(site, number - 1, number)}
    before = set(tx.deployment(site, number - 1).waiting) if number > 1 else set()
    versions = _Versions(tx, site)
    runs, entries = _late(tx, site, number, versions, changed)
    kept = _kept(tx, site, changed)
    began = {run.unit: kept[run.unit] for run in runs if run.unit in kept}
    fresh = [run for run in runs if run.unit not in began]
    versions.add((run.unit[0], run.at[0]) for run in fresh)
    began |= _began(tx, site, versions, fresh, lambda going: _before(tx, site, going))
    tx.keep_behind(site, number, changed, _units(tx, made, entries, began, changed))
    moved = before.symmetric_difference(made.waiting)
    tx.find_causes(site, {(locale, resource) for locale in made.coverage for resource in moved})


def count_anew(tx: Transaction, site: str) -> None:
    """Count all that the newest deployment serves behind, of the versions of its pages."""
    last = tx.latest(site)
    if last is None:
        return
    tx.keep_behind(site, last.number, None, counted_anew(tx, last))
    tx.know_packages(site)


def counted_anew(tx: Transaction, last: Deployment) -> list[BehindUnit]:
    """What `last`, the newest deployment, serves behind."""
    versions = _Versions(tx, last.site)
    runs, entries = _late(tx, last.site, last.number, versions, None)
    began = _began(tx, last.site, versions, runs)
    return _units(tx, last, entries, began, None)


def is_counted(tx: Transaction, site: str, packages: Sequence[WeighedPackage]) -> bool:
    """Whether what is kept is true; it is not where older code deployed, or saved a package, beside this."""
    last = tx.latest(site)
    return last is None or (tx.counted_to(site) == last.number and all(one.is_counted for one in packages))


def _units(
    tx: Transaction,
    made: Deployment,
    entries: Mapping[_Unit, tuple[str, str]],
    began: Mapping[_Unit, int],
    pages: Iterable[PageId] | None,
) -> list[BehindUnit]:
    sent, waiting = tx.sent_units(made.site, pages), frozenset(made.waiting)
    return [
        BehindUnit(
            locale,
            resource,
            key,
            began[locale, (resource, key)],
            rule,
            source,
            cause(rule, sent.get((locale, resource, source)), is_held=resource in waiting),
        )
        for (locale, (resource, key)), (rule, source) in entries.items()
    ]


@dataclass(frozen=True, slots=True)
class _Run:
    """A unit that is behind in every deployment from `first` on, in which it stood as `at`; `moves` were followed there."""

    unit: _Unit
    at: UnitId
    first: int
    moves: int = 0


def _late(
    tx: Transaction, site: str, number: int, versions: "_Versions", pages: Iterable[PageId] | None
) -> tuple[list[_Run], dict[_Unit, tuple[str, str]]]:
    """The units that a deployment serves behind, on all its pages or on these: their runs, rules and sources."""
    there = [(ref.locale, ref.resource) for ref in tx.pages(site, number, pages, incomplete=True)]
    versions.add(there)
    runs: list[_Run] = []
    entries: dict[_Unit, tuple[str, str]] = {}
    for version, served in versions.read(versions.at(page, number) for page in there):
        for key, (rule, source) in served.items():
            if rule in _LATE:
                unit = version.locale, (version.resource, key)
                entries[unit] = rule, source
                runs.append(_Run(unit, unit[1], version.first))
    return runs, entries


def _kept(tx: Transaction, site: str, pages: Iterable[PageId]) -> dict[_Unit, int]:
    """Since when units of these pages were behind before the deployment."""
    return {(one.locale, (one.resource, one.key)): one.since for one in tx.behind_units(site, pages)}


def _before(tx: Transaction, site: str, going: Sequence["_Run"]) -> dict[_Unit, int]:
    """Since when units were behind that stood elsewhere before, which is known; all were."""
    kept = _kept(tx, site, {(run.unit[0], run.at[0]) for run in going})
    return {run.unit: kept[run.unit[0], run.at] for run in going}


class _Versions:
    """The versions of pages, fetched as they are asked for and read some at a time."""

    def __init__(self, tx: Transaction, site: str) -> None:
        self._tx, self._site = tx, site
        self._known: dict[PageId, list[PageVersion]] = {}

    def add(self, pages: Iterable[PageId]) -> None:
        fresh = {page for page in pages if page not in self._known}
        self._known |= {page: [] for page in fresh}
        for one in self._tx.page_versions(self._site, fresh):
            self._known[one.locale, one.resource].append(one)

    def at(self, page: PageId, number: int) -> PageVersion | None:
        """As a deployment served it; None where it did not."""
        return next((one for one in self._known[page] if one.first <= number < one.until), None)

    def read(self, wanted: Iterable[PageVersion | None]) -> Iterator[tuple[PageVersion, _Entries]]:
        there = [one for one in wanted if one is not None]
        for start in range(0, len(there), _AT_ONCE):
            some = there[start : start + _AT_ONCE]
            contents = self._tx.blobs(one.page for one in some)
            yield from ((one, rules_of(contents[one.page])) for one in some)


_Known = Callable[[Sequence[_Run]], Mapping[_Unit, int]]


def _began(
    tx: Transaction, site: str, versions: _Versions, runs: Iterable[_Run], known: _Known | None = None
) -> dict[_Unit, int]:
    """By unit the deployment with which its run began; all runs are followed back together, page by page.

    Where `known` tells since when units were behind one deployment earlier, they are followed no farther.
    """
    began: dict[_Unit, int] = {}
    going = list(runs)
    while going:
        pages: dict[tuple[PageId, int], list[_Run]] = defaultdict(list)
        for run in going:
            pages[(run.unit[0], run.at[0]), run.first - 1].append(run)
        going, absent = [], []
        before = {(page, number): versions.at(page, number) for page, number in pages}
        served = dict(versions.read({version for version in before.values() if version}))
        for place, some in pages.items():
            version = before[place]
            entries: _Entries = served[version] if version else {}
            for run in some:
                entry = entries.get(run.at[1])
                if entry is None or version is None:
                    absent.append(run)
                elif entry[0] not in _LATE:
                    began[run.unit] = run.first
                else:
                    going.append(_Run(run.unit, run.at, version.first))
        if known is not None:
            began |= known(going)
            going = []
        moved = _moved(tx, site, absent)
        began |= {run.unit: run.first for run in absent if run.unit not in moved}
        versions.add((locale, at[0]) for (locale, _), at in ((run.unit, run.at) for run in moved.values()))
        going += moved.values()
    return began


def _moved(tx: Transaction, site: str, absent: Sequence[_Run]) -> dict[_Unit, _Run]:
    """Runs of units that stood elsewhere before, there; by unit."""
    going_on = [run for run in absent if run.first > 1 and run.moves < _FARTHEST]
    parents = tx.lineage(site, {run.at for run in going_on})
    return {run.unit: replace(run, at=parents[run.at], moves=run.moves + 1) for run in going_on if run.at in parents}
