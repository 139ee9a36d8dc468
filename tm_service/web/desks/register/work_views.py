"""Views: tables and charts of packages, alarms, savings, returns and programs, in the reader's language."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tm_service.domain.findings import Severity
from tm_service.domain.matches import MatchClass
from tm_service.domain.register import AlarmKind
from tm_service.domain.units import Locale
from tm_service.usecases.register.alarms import Alarm
from tm_service.usecases.register.quality import QualityReport
from tm_service.usecases.register.savings import Leverage, SavingsReport
from tm_service.usecases.register.work import WorkReport
from tm_service.web.desks.register.charts import CLASSES, SEVERITIES, Bars
from tm_service.web.desks.register.views import Say, View
from tm_service.web.desks.register.words import Cell, Column, Kind, Sheet


def work(say: Say, report: WorkReport) -> View:
    columns = (
        say.column("language"),
        *say.numbers("packages", "open", "open words", "attention", "overdue"),
        say.column("next due", Kind.DAY),
        *say.numbers("pace"),
        *(say.column(name, Kind.DAY) for name in ("likely", "early", "late")),
    )
    rows: list[list[Cell]] = [
        [
            say.language(one.locale),
            one.packages,
            one.open,
            one.open_words,
            one.attention,
            one.overdue,
            one.next_due,
            round(one.forecast.pace),
            one.forecast.middle,
            one.forecast.early,
            one.forecast.late,
        ]
        for one in report.locales
    ]
    out: list[list[Cell]] = [
        [
            one.package.id,
            say.language(one.package.locale),
            one.package.created.date(),
            one.package.due,
            one.overdue,
            say(f"status {one.package.status}"),
            one.package.open,
            one.package.open_words,
            one.package.attention,
            one.reminders,
        ]
        for one in report.out
    ]
    packages = (
        say.column("package", Kind.PLAIN),
        say.column("language"),
        say.column("made", Kind.DAY),
        say.column("due", Kind.DAY),
        *say.numbers("late days"),
        say.column("status"),
        *say.numbers("open", "open words", "attention", "reminders"),
    )
    chart = Bars(
        "work",
        f"{say('work')} · {say('open words')}",
        [say("words")],
        [(say.language(one.locale), [one.open_words]) for one in report.locales],
    )
    return View(
        (chart,), (Sheet("work", say("work"), columns, rows), Sheet("packages", say("packages"), packages, out))
    )


_CLASS_OF_ALARM = {AlarmKind.FALL: "fall", AlarmKind.IMPORT: "import", AlarmKind.OVERDUE: "overdue package"}


def alarms(say: Say, found: Sequence[Alarm]) -> View:
    columns = (
        say.column("alarm"),
        say.column("when", Kind.MOMENT),
        say.column("language"),
        *say.numbers("deployment"),
        say.column("package", Kind.PLAIN),
        *say.numbers("lost", "late days"),
        say.column("by"),
        say.column("acknowledged", Kind.MOMENT),
        say.column("why"),
    )
    return View((), (Sheet("alarms", say("alarms"), columns, [_alarm(say, one) for one in found]),))


def _alarm(say: Say, one: Alarm) -> list[Cell]:
    seen, late = one.acknowledged, one.kind is AlarmKind.OVERDUE
    return [
        say(_CLASS_OF_ALARM[one.kind]),
        one.at,
        say.language(one.locale) if one.locale else "",
        one.deployment or None,
        one.package,
        None if late or not one.locale else one.lost,
        one.lost if late else None,
        seen.by if seen else "",
        seen.at if seen else None,
        seen.note if seen else "",
    ]


def savings(say: Say, report: SavingsReport, locales: Sequence[Locale]) -> View:
    shown = {locale: report.locales.get(locale, Leverage()) for locale in locales}
    money = sorted(report.total.cost)
    figures = (
        *say.numbers(*MatchClass, "total", "weighted", "saved"),
        say.column("saved share", Kind.SHARE),
        *(Column(f"{say(name)} · {currency}", Kind.NUMBER) for currency in money for name in ("cost", "spared")),
    )

    def row(one: Leverage) -> list[Cell]:
        paid = [by.get(currency, Decimal(0)) for currency in money for by in (one.cost, one.spared)]
        return [*(one.words.get(it, 0) for it in MatchClass), one.total, one.weighted, one.saved, one.share, *paid]

    rows: list[list[Cell]] = [[say.language(locale), *row(one)] for locale, one in shown.items()]
    rows.append([say("total"), *row(report.total)])
    monthly: list[list[Cell]] = [
        [f"{year}-{month:02}", say.language(locale), *row(one)]
        for (year, month), by in report.months.items()
        for locale, one in by.items()
    ]
    chart = Bars(
        "savings",
        f"{say('savings')} · {say('words')}",
        [say(kind) for kind in MatchClass],
        [(say.language(it), [one.words.get(kind, 0) for kind in MatchClass]) for it, one in shown.items()],
        CLASSES,
    )
    first = (say.column("month of", Kind.PLAIN), say.column("language"))
    return View(
        (chart,),
        (
            Sheet("savings", say("savings"), (say.column("language"), *figures), rows),
            Sheet("months", say("months"), (*first, *figures), monthly),
        ),
    )


def quality(say: Say, report: QualityReport) -> View:
    severities = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    columns = (
        say.column("language"),
        *say.numbers("returns", "came late", "accepted", "units quarantined"),
        say.column("share quarantined", Kind.SHARE),
        *say.numbers("repaired", *severities),
    )
    named = [*((say.language(locale), one) for locale, one in report.locales.items()), (say("total"), report.total)]
    rows: list[list[Cell]] = [
        [
            name,
            one.returns,
            one.late,
            one.accepted,
            one.quarantined,
            one.share,
            one.repaired,
            *(one.severity(it) for it in severities),
        ]
        for name, one in named
    ]
    checks = Sheet(
        "checks",
        say("checks"),
        (say.column("check", Kind.PLAIN), *say.numbers(*severities)),
        [[check, *(by.get(it, 0) for it in severities)] for check, by in report.checks],
    )
    bars = [(check, [by.get(it, 0) for it in severities]) for check, by in report.checks[:20]]
    chart = Bars("checks", say("checks"), [say(it) for it in severities], bars, SEVERITIES, codes=True)
    returns: list[list[Cell]] = [
        [
            one.package,
            say.language(one.locale),
            one.at,
            one.late,
            one.accepted,
            one.quarantined,
            one.repaired,
            *(sum(n for (_, severity), n in one.findings.items() if severity == it) for it in severities),
        ]
        for one in report.returns
    ]
    each = (
        say.column("package", Kind.PLAIN),
        say.column("language"),
        say.column("when", Kind.MOMENT),
        *say.numbers("late days", "accepted", "units quarantined", "repaired", *severities),
    )
    sheets = (Sheet("quality", say("quality"), columns, rows), checks, Sheet("returns", say("returns"), each, returns))
    return View((chart,) if bars else (), sheets)


def usage(say: Say, calls: Iterable[tuple[str, str, int]]) -> View:
    """Calls of programs by name and function."""
    programs: dict[str, int] = {}
    functions: dict[tuple[str, str], int] = {}
    for program, function, times in calls:
        programs[program] = programs.get(program, 0) + times
        functions[program, function] = functions.get((program, function), 0) + times
    most = sorted(programs.items(), key=lambda one: (-one[1], one[0]))
    rows: list[list[Cell]] = [[name, times] for name, times in most]
    each: list[list[Cell]] = [
        [name, function, times]
        for (name, function), times in sorted(functions.items(), key=lambda one: (-one[1], one[0]))
    ]
    chart = Bars("usage", say("usage"), [say("calls")], [(name, [times]) for name, times in most[:30]])
    sheets = (
        Sheet("usage", say("usage"), (say.column("program"), *say.numbers("calls")), rows),
        Sheet(
            "functions",
            say("functions"),
            (say.column("program"), say.column("function", Kind.PLAIN), *say.numbers("calls")),
            each,
        ),
    )
    return View((chart,) if rows else (), sheets)
