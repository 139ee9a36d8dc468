"""Replay: walk a site's past releases; what readers saw against what they would have seen with this service."""

import csv
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path

from tm_service.domain.changes import ChangeKind
from tm_service.domain.deployments import Coverage
from tm_service.domain.errors import ConfigurationError, GateClosed, NotFound
from tm_service.domain.ports import SiteConnector, Store
from tm_service.domain.serving import STALE, TRANSLATED, Answer, Rule, Served
from tm_service.domain.units import Key, Locale, Resource, Revision
from tm_service.usecases.deploy import Deployed, deploy
from tm_service.usecases.learn import Learner
from tm_service.usecases.reading import SiteReader, Unreadable

_DAY = timedelta(days=1)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Release:
    """A revision that readers had from a moment on; `until` is when the next one came."""

    revision: Revision
    until: datetime

    @property
    def days(self) -> float:
        return max(0.0, (self.until - self.revision.at) / _DAY)


@dataclass(frozen=True, slots=True)
class Seen:
    """What readers of one locale saw of one release: strings in the source language, for how many days."""

    in_source: int
    days: float


@dataclass
class LocaleReplay:
    """One locale over all releases. `..._days` and `english_...` are strings times days; the rest are units.

    `string_days` counts every string of the site, `unit_days` those that are language. `same_days` are units that are
    the same as the source on purpose; they count as translated, as they do by a site's own display rule.
    """

    string_days: float = 0.0
    unit_days: float = 0.0
    english_seen: float = 0.0
    english_served: float = 0.0
    same_days: float = 0.0
    reverts: int = 0
    from_memory: int = 0
    moved: int = 0
    edits: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Replay:
    """The whole walk: totals by locale, a row for each release and locale, and the releases a gate stopped, with why."""

    releases: int
    seconds: float
    locales: Mapping[Locale, LocaleReplay]
    rows: tuple[Mapping[str, object], ...]
    stopped: Mapping[str, str]


def replay(
    reader: SiteReader,
    scratch: Store,
    releases: Sequence[Release],
    *,
    seen: Mapping[tuple[str, Locale], Seen],
    progress: Progress = lambda _name, _done, _all: None,
) -> Replay:
    """Deploy release after release into a scratch store, learning each delivery at the commit where it appeared.

    Only what had been delivered by then is known. A release that a gate stops is not deployed: readers keep the one before.
    """
    began = time.monotonic()
    scratch.migrate()
    walk = _Walk(reader, seen)
    learned: list[str] = []
    for place, release in enumerate(releases):
        progress(release.revision.name, place, len(releases))
        with scratch.begin() as tx:
            Learner(reader, tx, datetime.now(UTC)).walk(reader.connector.history(release.revision.id, learned))
            learned = [release.revision.id]
            try:
                walk.deployed(deploy(reader, tx, release.revision.id, now=release.revision.at, waivers=()))
            except GateClosed as closed:
                walk.stopped[release.revision.name] = str(closed)
        walk.count(release)
    return Replay(len(releases), time.monotonic() - began, walk.totals, tuple(walk.rows), walk.stopped)


class _Walk:
    """What readers have at each moment, kept up to date page by page."""

    def __init__(self, reader: SiteReader, seen: Mapping[tuple[str, Locale], Seen]) -> None:
        self.reader, self.seen = reader, seen
        self.totals = {locale: LocaleReplay() for locale in reader.site.locales}
        self.rows: list[Mapping[str, object]] = []
        self.stopped: dict[str, str] = {}
        self._coverage: Mapping[Locale, Coverage] = {}
        self._rules: dict[tuple[Locale, str], dict[Key, tuple[Rule, Answer]]] = {}

    def deployed(self, made: Deployed) -> None:
        """Follow every unit of the changed pages: did it revert, come from memory, move, or stay behind an edit?"""
        self._coverage = made.deployment.coverage
        lineage = made.plan.changes.lineage
        pages, known = made.plan.pages, dict(self._rules)
        for page_id in (*pages, *made.plan.gone):
            self._rules.pop(page_id, None)
        for (locale, resource), page in pages.items():
            total, rules = self.totals[locale], self._rules.setdefault((locale, resource), {})
            for entry in page.served:
                old_resource, old_key = lineage.get((resource, entry.key), (resource, entry.key))
                was = known.get((locale, old_resource), {}).get(old_key)
                rules[entry.key] = entry.rule, entry.answer
                if was != rules[entry.key]:
                    _tell(total, was, entry)
        for change in made.plan.changes.of(ChangeKind.MOVED, ChangeKind.EDITED_AND_MOVED):
            for locale, total in self.totals.items():
                rule, _ = self._rules.get((locale, change.unit.resource), {}).get(change.unit.key, (None, None))
                total.moved += rule in TRANSLATED

    def count(self, release: Release) -> None:
        """Add one release's string-days."""
        snapshot = self.reader.snapshot(release.revision)
        strings = sum(len(resource.values) for resource in snapshot.resources.values())
        for locale, total in self.totals.items():
            saw = self.seen.get((release.revision.name, locale))
            days = saw.days if saw else release.days
            in_source = (
                saw.in_source if saw else _shown_in_source(self.reader, release.revision, snapshot.resources, locale)
            )
            served = self._coverage.get(locale, Coverage()).units
            english = served.missing + served.held if self._coverage else strings
            total.string_days += strings * days
            total.unit_days += served.units * days
            total.english_seen += in_source * days
            total.english_served += english * days
            total.same_days += served.same * days
            self.rows.append(
                {
                    "tag": release.revision.name,
                    "date": release.revision.at.date().isoformat(),
                    "locale": locale,
                    "days": round(days, 3),
                    "strings": strings,
                    "units": served.units,
                    "english_seen": in_source,
                    "english_served": english,
                    "current": served.current,
                    "from_memory": served.from_memory,
                    "stale": served.stale,
                }
            )


def _tell(total: LocaleReplay, was: tuple[Rule, Answer] | None, entry: Served) -> None:
    """Count what happened to a unit that is served otherwise than before."""
    if was and was[0] in TRANSLATED and was[1] is Answer.TEXT and not entry.translated:
        total.reverts += 1
    total.from_memory += entry.rule is Rule.MEMORY
    if entry.rule in STALE and entry.edit:
        total.edits[entry.edit] += 1


def own_build(reader: SiteReader, ref: str) -> dict[Locale, tuple[int, int]]:
    """Without this service: strings that the site's own display rule shows in the source language, and all strings."""
    revision = reader.connector.resolve(ref)
    resources = reader.snapshot(revision).resources
    strings = sum(len(resource.values) for resource in resources.values())
    return {locale: (_shown_in_source(reader, revision, resources, locale), strings) for locale in reader.site.locales}


def _shown_in_source(reader: SiteReader, revision: Revision, resources: Mapping[str, Resource], locale: Locale) -> int:
    """How many strings the site itself showed in the source language at a revision.

    Its display rule: the translation is shown when its declared hash is that of today's source or it declares none;
    the source is shown when the hash differs, the value is empty or the file is not there.
    """
    files, count = reader.connector.files(revision.id), 0
    for path, resource in resources.items():
        rule, target = reader.site.rule(path), reader.site.target_path(path, locale)
        try:
            catalog = reader.catalog(target, files[target], rule, locale) if rule and target in files else None
        except Unreadable:
            catalog = None
        for unit in resource.values:
            value = catalog.values.get(unit.key, "") if catalog else ""
            declared = (catalog.hashes or {}).get(unit.key) if catalog else None
            today = md5(unit.source.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
            count += not value.strip() or declared not in (None, today)
    return count


def releases_of(
    connector: SiteConnector, pattern: str, deployments: Path | None, *, last: datetime | None = None
) -> list[Release]:
    """Releases in deployment order: tags by their commits' times, or as a CSV (`tag`, `deployed_at`) says.

    Raises ConfigurationError naming the line of the CSV that cannot be used, NotFound where there is no release.
    """
    tags = {tag.name: tag for tag in connector.tags(pattern)}
    if deployments is None:
        revisions = list(tags.values())
    else:
        revisions = sorted(_dated(tags, deployments), key=lambda revision: revision.at)
    if not revisions:
        raise NotFound(f"No tag matches {pattern}; name the release tags with --tags or --deployments.")
    newest = revisions[-1].at
    end = max(last or newest, newest)
    ends = [*(revision.at for revision in revisions[1:]), end]
    return [Release(revision, until) for revision, until in zip(revisions, ends, strict=True)]


def _dated(tags: Mapping[str, Revision], path: Path) -> Iterable[Revision]:
    for line, row in read_csv(path, ("tag", "deployed_at")):
        if row["tag"] not in tags:
            continue
        try:
            at = datetime.fromisoformat(row["deployed_at"])
        except ValueError as error:
            raise ConfigurationError(
                f"{path}, line {line}: `deployed_at` is {row['deployed_at']!r}; write a date such as 2026-01-31T12:00:00+00:00."
            ) from error
        yield Revision(tags[row["tag"]].id, at if at.tzinfo else at.replace(tzinfo=UTC), row["tag"])


def read_seen(path: Path) -> dict[tuple[str, Locale], Seen]:
    """What readers saw, from a CSV with `tag`, `lang`, `days` and `in_english`. Raises ConfigurationError."""
    found = {}
    for line, row in read_csv(path, ("tag", "lang", "days", "in_english")):
        try:
            found[row["tag"], row["lang"]] = Seen(int(row["in_english"]), float(row["days"]))
        except ValueError as error:
            raise ConfigurationError(f"{path}, line {line}: `days` and `in_english` must be numbers.") from error
    return found


def read_csv(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows with their line numbers. Raises ConfigurationError where the file or a column is missing."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, dict(row)) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read as CSV: {error}.") from error
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise ConfigurationError(f"{path} has no column {missing[0]}; it needs {', '.join(columns)}.")
    return rows
