"""Work: packages that are out and when they are due, what was reminded of, and when it will be done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.packages import PackageStatus
from tm_service.domain.ports import Transaction
from tm_service.domain.register import WeighedPackage
from tm_service.domain.site import Site
from tm_service.domain.units import Locale
from tm_service.usecases.register.forecast import WEEKS, Forecast, forecast, weekly


@dataclass(frozen=True, slots=True)
class OutPackage:
    """A package that waits for translators: `overdue` days since its day, `reminders` that were sent of it."""

    package: WeighedPackage
    overdue: int
    reminders: int


@dataclass(frozen=True, slots=True)
class LocaleWork:
    """What is out in one language; `next_due` is the nearest day that is not over."""

    locale: Locale
    packages: int
    open: int
    open_words: int
    attention: int
    overdue: int
    next_due: date | None
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class WorkReport:
    """Work of a site as of a day: `out` by due date, those without one last."""

    today: date
    locales: tuple[LocaleWork, ...]
    out: tuple[OutPackage, ...]


def work(tx: Transaction, site: Site, known: Sequence[WeighedPackage], now: datetime) -> WorkReport:
    """`known` are all packages of the site."""
    today = now.date()
    sent = _reminders(tx, site.name)
    out = sorted(
        (OutPackage(one, one.overdue(today), sent.get(one.id, 0)) for one in known if one.is_open),
        key=lambda one: (one.package.due or date.max, one.package.id),
    )
    returned = tx.returned_words(site.name, site.source, now - timedelta(weeks=WEEKS))
    locales = []
    for locale in site.locales:
        mine = [one for one in out if one.package.locale == locale]
        words = sum(one.package.open_words for one in mine)
        handed = [one.created for one in known if one.locale == locale and one.status is not PackageStatus.DRAFT]
        weeks = weekly(returned.get(locale, ()), now, min(handed, default=None))
        locales.append(
            LocaleWork(
                locale=locale,
                packages=len(mine),
                open=sum(one.package.open for one in mine),
                open_words=words,
                attention=sum(one.package.attention for one in mine),
                overdue=sum(1 for one in mine if one.overdue),
                next_due=min((day for one in mine if (day := one.package.due) and day >= today), default=None),
                forecast=forecast(words, weeks, today),
            )
        )
    return WorkReport(today, tuple(locales), tuple(out))


def _reminders(tx: Transaction, site: str) -> Mapping[str, int]:
    """How many reminders were sent, by package."""
    posted = tx.postings(site, statuses=[DeliveryStatus.SENT])
    return Counter(one.package for one in posted if one.reminder)
