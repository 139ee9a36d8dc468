"""Views: tables and charts of coverage and freshness, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from tm_service.domain.deployments import Coverage, Deployment, Tally
from tm_service.domain.register import Cause
from tm_service.domain.units import Locale, key_text
from tm_service.usecases.register.freshness import Freshness, FreshnessReport
from tm_service.usecases.register.sections import HeatMap
from tm_service.web.desks.register.charts import STEPS, Bars, Chart, Heat, Line, Lines
from tm_service.web.desks.register.words import Cell, Column, Kind, Link, Sheet, words
from tm_service.web.texts import speech

_DRAWN = 100  # sections of a chart: a picture of thousands takes gigabytes; its table has all
_AGES = (("week", 7), ("month", 30), ("quarter", 90), ("year", 365), ("longer", 0))  # days, each up to and with


@dataclass(frozen=True, slots=True)
class View:
    """What one page shows: charts, and tables beside them; a chart has the table of its name."""

    charts: tuple[Chart, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """How one reader is spoken to about one site."""

    code: str
    site: str

    def __call__(self, name: str) -> str:
        return words(self.code)[name]

    def column(self, name: str, kind: Kind = Kind.TEXT) -> Column:
        return Column(self(name), kind)

    def numbers(self, *names: str) -> tuple[Column, ...]:
        return tuple(self.column(name, Kind.NUMBER) for name in names)

    def language(self, locale: Locale) -> str:
        return speech(self.code).language(locale)

    def address(self, place: str, **asked: object) -> str:
        query = urlencode({name: value for name, value in asked.items() if value}, errors="replace")
        return f"/sites/{quote(self.site)}/{place}{f'?{query}' if query else ''}"


MEASURES: Mapping[str, Callable[[Tally], int]] = {
    "translated": lambda tally: tally.covered,
    "current": lambda tally: tally.current + tally.from_memory,
}


def share(tally: Tally, measure: str = "translated") -> float | None:
    """The part that readers see in their language, or that is up to date; None of nothing."""
    return MEASURES[measure](tally) / tally.units if tally.units else None


def counted(found: Coverage, kind: str) -> Tally:
    return found.words if kind == "words" else found.units


def coverage(say: Say, found: HeatMap, locales: Sequence[Locale], kind: str, measure: str) -> View:
    shown = [locale for locale in locales if locale in found.total]
    title = f"{say('coverage')} · {say(measure)} · {say(kind)}"

    def shares(by: Mapping[Locale, Coverage]) -> list[float | None]:
        return [share(counted(by.get(locale, Coverage()), kind), measure) for locale in shown]

    rows: list[list[Cell]] = []
    for one in found.sections:
        size = max((counted(by, kind).units for by in one.locales.values()), default=0)
        address = say.address(
            "register/coverage", below=one.path, deployment=found.deployment.number, kind=kind, measure=measure
        )
        name = Link(one.name, address) if one.is_folder else one.name
        rows.append([name, size, *shares(one.locales)])
    size = max((counted(by, kind).units for by in found.total.values()), default=0)
    rows.append([say("total"), size, *shares(found.total)])
    columns = (
        say.column("section", Kind.PLAIN),
        say.column(kind, Kind.NUMBER),
        *(Column(say.language(locale), Kind.HEAT) for locale in shown),
    )
    drawn = [(one.name, shares(one.locales)) for one in found.sections[:_DRAWN]]
    number = speech(say.code).number
    cut = f" · {number(_DRAWN)} / {number(len(found.sections))}" if len(found.sections) > _DRAWN else ""
    languages = [say.language(locale) for locale in shown]
    heat = Heat("coverage", f"{title}{cut}", languages, [*drawn, (say("total"), shares(found.total))])
    return View((heat,), (Sheet("coverage", title, columns, rows),))


def trend(say: Say, deployments: Sequence[Deployment], locales: Sequence[Locale], kind: str, measure: str) -> View:
    """Deployments come newest first; lines run from the oldest."""
    title = f"{say('trend')} · {say(measure)} · {say(kind)}"

    def at(one: Deployment, locale: Locale) -> float | None:
        return share(counted(one.coverage.get(locale, Coverage()), kind), measure)

    old = list(reversed(deployments))
    lines = [Line(say.language(locale), [(one.at, at(one, locale)) for one in old]) for locale in locales]
    rows: list[list[Cell]] = [
        [
            Link(one.number, say.address(f"deployments/{one.number}")),
            one.at,
            *(at(one, locale) for locale in locales),
            len(one.alarms),
        ]
        for one in deployments
    ]
    columns = (
        say.column("deployment", Kind.NUMBER),
        say.column("when", Kind.MOMENT),
        *(Column(say.language(locale), Kind.SHARE) for locale in locales),
        say.column("alarms", Kind.NUMBER),
    )
    chart = Lines("trend", title, lines, [(one.at, bool(one.alarms)) for one in old])
    return View((chart,) if old else (), (Sheet("trend", title, columns, rows),))


def ages(report: FreshnessReport, one: Freshness, now: datetime) -> list[int]:
    """Units behind for up to a week, a month, a quarter, a year, and longer."""
    older = [report.older(one, now - timedelta(days=days, microseconds=1)) for _, days in _AGES[:-1]]
    return [before - after for before, after in zip([one.behind, *older], [*older, 0], strict=True)]


def days(since: datetime | None, now: datetime) -> int | None:
    return (now - since).days if since else None


def freshness(say: Say, report: FreshnessReport, now: datetime) -> View:
    parts = ["up to date", *(name for name, _ in _AGES)]
    rows: list[list[Cell]] = []
    bars = []
    for one in report.locales:
        pieces = [one.units - one.behind, *ages(report, one, now)]
        bars.append((say.language(one.locale), pieces))
        middle, oldest = days(report.median(one), now), days(report.oldest(one), now)
        rows.append([say.language(one.locale), one.units, one.behind, middle, oldest, *pieces])
    columns = (say.column("language"), *say.numbers("units", "behind", "median", "oldest", *parts))
    chart = Bars("freshness", say("freshness"), [say(part) for part in parts], bars, STEPS)
    causes = [cause for cause in Cause if any(one.causes.get(cause) for one in report.locales)]
    why = Sheet(
        "causes",
        say("causes"),
        (say.column("language"), *say.numbers(*causes, "total")),
        [[say.language(one.locale), *(one.causes.get(it, 0) for it in causes), one.behind] for one in report.locales],
    )
    reasons = Bars(
        "causes",
        say("causes"),
        [say(cause) for cause in causes],
        [(say.language(one.locale), [one.causes.get(it, 0) for it in causes]) for one in report.locales],
    )
    return View((chart, reasons), (Sheet("freshness", say("freshness"), columns, rows), why))


def longest(say: Say, report: FreshnessReport, locale: Locale, now: datetime) -> Sheet:
    """The units of one language, or of all, that are behind the longest."""
    chosen = [one for found in report.locales if locale in ("", found.locale) for one in found.worst]
    chosen.sort(key=lambda one: (one.since, one.locale, one.resource, one.key))
    rows: list[list[Cell]] = [
        [
            key_text(one.key),
            one.resource,
            say.language(one.locale),
            days(one.since, now),
            one.since,
            say(one.cause),
        ]
        for one in chosen
    ]
    columns = (
        say.column("unit", Kind.PLAIN),
        say.column("resource", Kind.PLAIN),
        say.column("language"),
        say.column("oldest", Kind.NUMBER),
        say.column("since", Kind.DAY),
        say.column("cause"),
    )
    return Sheet("longest", say("longest"), columns, rows)
