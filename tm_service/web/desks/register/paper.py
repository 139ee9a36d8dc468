"""Paper: one language of a site on one page, set by Typst."""

import json
from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import files

from tm_service.domain.register import AlarmKind, Cause
from tm_service.domain.units import Locale
from tm_service.usecases.register.alarms import Alarm
from tm_service.usecases.register.work import OutPackage
from tm_service.web.desks.register import views
from tm_service.web.desks.register.charts import svg_of
from tm_service.web.desks.register.counts import Counts
from tm_service.web.desks.register.files import ALL_FAMILIES, typeset
from tm_service.web.desks.register.views import Say
from tm_service.web.desks.register.words import printable
from tm_service.web.texts import direction, speech

_ROWS = 4  # packages and alarms each, so that it is one page


def summary(say: Say, counts: Counts, locale: Locale) -> bytes:
    """A PDF in the reader's language. Raises ConnectorError where this machine has no font for it."""
    content = json.dumps(_content(say, counts, locale), ensure_ascii=False)
    source = files("tm_service.web").joinpath("templates", "register", "summary.typ").read_bytes()
    return typeset(source, "pdf", say.code, content=printable(content))


def _content(say: Say, counts: Counts, locale: Locale) -> dict[str, object]:
    said = speech(say.code)
    view = views.trend(say, counts.deployments, [locale], "units", "translated")
    out = [one for one in counts.work.out if one.package.locale == locale]
    raised = [one for one in counts.alarms if one.locale == locale and one.acknowledged is None]
    return {
        "language": say.code,
        "direction": direction(say.code),
        "fonts": ALL_FAMILIES,
        "title": f"{say.language(locale)} · {say.site}",
        "told": f"{say('as of')}: {said.moment(counts.now)}",
        "coverage": _coverage(say, counts, locale),
        "chart": svg_of(view.charts[0], say.code) if view.charts else "",
        "freshness": _freshness(say, counts, locale),
        "work": _table(say, ("package", "due", "late days", "open words"), [_package(say, one) for one in out]),
        "savings": _savings(say, counts, locale),
        "forecast": _forecast(say, counts, locale),
        "alarms": _table(say, ("when", "alarm"), [_alarm(say, one) for one in raised]),
        "words": {
            name: say(name)
            for name in ("coverage", "freshness", "work", "savings", "forecast", "open alarms", "nothing")
        },
    }


def _table(say: Say, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """A table cut so that it fits; without rows none. How many are left out stands in its last row."""
    if not rows:
        return []
    more = [[f"+ {speech(say.code).number(len(rows) - _ROWS)}", *[""] * (len(titles) - 1)]] if len(rows) > _ROWS else []
    return [[say(title) for title in titles], *rows[:_ROWS], *more]


def _coverage(say: Say, counts: Counts, locale: Locale) -> list[list[str]]:
    newest = counts.deployments[0].coverage if counts.deployments else {}
    if locale not in newest:
        return []
    said, rows = speech(say.code), []
    for kind in ("units", "words"):
        tally = views.counted(newest[locale], kind)
        pieces = (tally.current, tally.from_memory, tally.stale, tally.units - tally.covered, tally.units)
        rows.append([say(kind), said.percent(views.share(tally)), *map(said.number, pieces)])
    titles = ("translated", "current", "from_memory", "stale", "missing", "total")
    return [["", *(say(title) for title in titles)], *rows]


def _freshness(say: Say, counts: Counts, locale: Locale) -> list[list[str]]:
    """Pairs of a name and a figure: how far behind, and why."""
    report = counts.freshness
    mine = next((one for one in report.locales if one.locale == locale), None) if report else None
    if report is None or mine is None:
        return []
    said = speech(say.code)
    middle, oldest = (views.days(at, counts.now) for at in (report.median(mine), report.oldest(mine)))
    pairs = [("behind", mine.behind), ("median", middle), ("oldest", oldest)]
    pairs += [(cause.value, count) for cause in Cause if (count := mine.causes.get(cause))]
    return [[say(name), "–" if value is None else said.number(value)] for name, value in pairs]


def _package(say: Say, one: OutPackage) -> list[str]:
    said, due = speech(say.code), one.package.due
    late = said.number(one.overdue) if one.overdue else "–"
    return [one.package.id, said.day(due) if due else "–", late, said.number(one.package.open_words)]


def _forecast(say: Say, counts: Counts, locale: Locale) -> list[list[str]]:
    said = speech(say.code)
    found = next(one.forecast for one in counts.work.locales if one.locale == locale)
    known = [
        (name, day) for name, day in (("likely", found.middle), ("early", found.early), ("late", found.late)) if day
    ]
    pace = [[say("open words"), said.number(found.words)], [say("pace"), said.number(round(found.pace))]]
    return [*pace, *([say(name), said.day(day)] for name, day in known)]


def _savings(say: Say, counts: Counts, locale: Locale) -> list[list[str]]:
    """What was handed off in words, what that weighs by the rates, and what it cost where there is a price."""
    found, said = counts.savings.locales.get(locale), speech(say.code)
    if found is None:
        return []
    pairs: list[tuple[str, Decimal]] = [
        ("total", Decimal(found.total)),
        ("weighted", found.weighted),
        ("saved", found.saved),
    ]
    figures = [[f"{say('words')} · {say(name)}", said.number(round(value))] for name, value in pairs]
    figures.append([say("saved share"), said.percent(found.share)])
    money = [(name, *one) for name, by in (("cost", found.cost), ("spared", found.spared)) for one in by.items()]
    return [*figures, *([f"{say(name)} · {currency}", said.number(round(amount))] for name, currency, amount in money)]


def _alarm(say: Say, one: Alarm) -> list[str]:
    said = speech(say.code)
    name = say("overdue package" if one.kind is AlarmKind.OVERDUE else one.kind)
    what = f"{name}: {one.package}" if one.package else f"{name} · {say('lost')}: {said.number(one.lost)}"
    return [said.moment(one.at), what]
