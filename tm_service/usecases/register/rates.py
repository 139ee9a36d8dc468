"""Rates: what a site pays for a word of each match class, in each language, and who said so."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from babel.numbers import is_currency

from tm_service.domain.errors import NotFound, Unusable
from tm_service.domain.matches import MatchClass
from tm_service.domain.ports import Transaction
from tm_service.domain.register import PaidRates
from tm_service.domain.site import Site
from tm_service.domain.units import Locale

Usual = Callable[[Locale], Mapping[MatchClass, Decimal]]  # percent by match class where a site says nothing
_DEAREST = Decimal(1_000_000)
_FINEST = Decimal("0.000001")
_LONGEST = 20  # characters of a number


def rates_in_force(kept: Mapping[Locale, PaidRates], site: Site, usual: Usual) -> dict[Locale, PaidRates]:
    """Of every language its own rates, else those of all, else the usual ones; "" has those of all."""
    found = {}
    for locale in ("", *site.locales):
        said = kept.get(locale) or kept.get("")
        found[locale] = said or PaidRates(site.name, locale, usual(locale or site.source))
    return found


def read_rates(site: Site, locale: Locale, percents: Sequence[str], currency: str, price: str) -> PaidRates:
    """Rates as a person wrote them, percents in the order of the classes. Raises NotFound, Unusable."""
    if locale and locale not in site.locales:
        raise NotFound(f"Site {site.name} has no locale {locale}; it has {', '.join(site.locales)}.")
    if len(percents) != len(MatchClass):
        raise Unusable("Write a percentage for every match class.")
    read = {
        kind: _number(said, Decimal(100), f"the percentage of {kind}")
        for kind, said in zip(MatchClass, percents, strict=True)
    }
    code = currency.strip().upper()
    if bool(code) != bool(price.strip()):
        raise Unusable("Write a price and its currency, or neither.")
    if not code:
        return PaidRates(site.name, locale, read)
    if not is_currency(code):
        raise Unusable("Write the currency as a code of ISO 4217, such as EUR.")
    return PaidRates(site.name, locale, read, code, _number(price, _DEAREST, "the price"))


def _number(said: str, most: Decimal, what: str) -> Decimal:
    """A comma is as good as a point: half of the readers write one."""
    wrong = Unusable(f"Write {what} as a number from 0 to {most}, with at most six decimals.")
    try:
        value = Decimal(said.strip().replace(",", "."))
    except InvalidOperation:
        raise wrong from None
    if len(said) > _LONGEST or not value.is_finite() or not 0 <= value <= most or value != value.quantize(_FINEST):
        raise wrong
    return abs(value)


def set_rates(tx: Transaction, entry: PaidRates, by: str, now: datetime) -> None:
    """Keep what is paid from now on, and say in the journal who changed it, from what and to what."""
    before = tx.paid_rates(entry.site).get(entry.locale)
    if before != entry:
        tx.set_paid_rates(entry)
        _note(tx, entry.site, entry.locale, {"by": by, "before": _told(before), "now": _told(entry)}, now)


def forget_rates(tx: Transaction, site: str, locale: Locale, by: str, now: datetime) -> None:
    """Pay in a language as for all languages, or for all as usual. Raises NotFound where nothing was set."""
    before = tx.paid_rates(site).get(locale)
    if before is None:
        raise NotFound("No rates were set here, or not any more.")
    tx.forget_paid_rates(site, locale)
    _note(tx, site, locale, {"by": by, "before": _told(before), "now": ""}, now)


def _note(tx: Transaction, site: str, locale: Locale, said: Mapping[str, object], now: datetime) -> None:
    tx.note(site, "set rates", {"locale": locale, **said}, now)


def _told(rates: PaidRates | None) -> str:
    if rates is None:
        return ""
    percents = ", ".join(f"{kind} {percent:f}" for kind, percent in rates.percents.items())
    return f"{percents}; {rates.price:f} {rates.currency}" if rates.currency else percents
