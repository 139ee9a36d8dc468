"""Rates: what words of each category cost, by language; weighted words and the price of a job.

A rate table is a TOML file. Rates are percent of the full price of a word; whoever needs no price leaves it out and has
weighted words alone.

    currency = "EUR"
    price    = 0.18     # of a new word
    minimum  = 35       # the least a job with words costs

    [rates]             # every match class; "locked" is 0 and "internal 95-99" is as "95-99" where left out
    context = 0
    exact = 10
    repetition = 10
    "cross-file repetition" = 10
    "95-99" = 30
    "85-94" = 50
    "75-84" = 70
    "50-74" = 100
    new = 100

    [languages.ar]      # what differs for a target language
    price = 0.21
    rates = { "75-84" = 80 }

All is decimal arithmetic. Weighted words are words times rate, exactly. A line's amount is its weighted words times the
price, rounded half up to the currency's smallest unit (ISO 4217, as CLDR has it); a job costs the sum of its lines as they
are printed, or the minimum where that is more. Amounts of single files, rounded for themselves, need not add up to the job's.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision, is_currency

from memory.analysis import INTERNAL, Category, Tally
from memory.classes import TABLE
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.units import Locale

LARGEST = 100_000  # bytes of a rate table
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of one target language: percent of the full price for every category; no currency means no price."""

    percents: Mapping[Category, Decimal]
    currency: str = ""
    price: Decimal = _NOTHING  # of one new word
    minimum: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class RateTable:
    """What a rate table says: the rates of any language, and of languages that differ, by code in small letters."""

    common: Rates
    languages: Mapping[str, Rates]

    def of(self, language: Locale) -> Rates:
        """Rates of a language: those of zh-hant, else of zh, else the common ones."""
        code = language.replace("_", "-").lower()
        while code:
            if code in self.languages:
                return self.languages[code]
            code = code.rpartition("-")[0]
        return self.common


@dataclass(frozen=True, slots=True)
class Line:
    """One category of a job as it is paid; `amount` is None where there is no price."""

    category: Category
    words: int
    percent: Decimal
    weighted: Decimal
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Charge:
    """What a job weighs and costs: `amount` is the sum of its lines, and of what `raised` them to the minimum."""

    lines: tuple[Line, ...]
    weighted: Decimal
    amount: Decimal | None
    currency: str
    raised: Decimal = _NOTHING


def charge(tally: Tally, rates: Rates) -> Charge:
    """Weigh and price a job's total, or a file's for itself; a job without a word costs nothing."""
    lines = tuple(_line(category, tally[category].words, rates) for category in Category)
    weighted = sum((line.weighted for line in lines), _NOTHING)
    if not rates.currency:
        return Charge(lines, weighted, None, "")
    amount = sum((line.amount for line in lines if line.amount is not None), _NOTHING)
    raised = max(_NOTHING, rates.minimum - amount) if any(line.words for line in lines) else _NOTHING
    return Charge(lines, weighted, amount + raised, rates.currency, raised)


def _line(category: Category, words: int, rates: Rates) -> Line:
    percent = rates.percents[category]
    weighted = words * percent / 100
    amount = (weighted * rates.price).quantize(_unit(rates.currency), ROUND_HALF_UP) if rates.currency else None
    return Line(category, words, percent, weighted, amount)


def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-get_currency_precision(currency))


def _filled(percents: Mapping[Category, Decimal]) -> dict[Category, Decimal]:
    """Every category: an internal band is as its band, and what is locked costs nothing, unless it is said."""
    bands = {internal: percents[Category(band)] for band, internal in INTERNAL.items()}
    return {Category.LOCKED: _NOTHING, **bands, **percents}


_DEFAULT = {Category(kind): Decimal(round(100 * line.rate)) for kind, line in TABLE.items()}
DEFAULT = RateTable(Rates(_filled(_DEFAULT)), {})  # the middle of what agencies publish, without a price


def read_rates(file: Path) -> RateTable:
    """A rate table from its file. Raises ConfigurationError, naming the key."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}.") from error
    return parse_rates(content, str(file))


def parse_rates(content: bytes, name: str = "The rate table") -> RateTable:
    """A rate table from the bytes of its file, called `name` in what is said of it. Raises ConfigurationError."""
    if len(content) > LARGEST:
        raise ConfigurationError(f"{name} is longer than {LARGEST} bytes; a rate table has a few dozen lines.")
    try:
        read = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except ValueError as error:
        raise ConfigurationError(f"{name} is not TOML: {error}.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{name} is not TOML: it nests too deep.") from error
    table = _Table(name, "", read)
    table.only({"currency", "price", "minimum", "rates", "languages"})
    common, percents = _common(table)
    languages = {}
    all_said = _Table(name, "languages", table.table("languages"))
    for code in all_said.content:
        if not _CODE.fullmatch(code):
            raise all_said.wrong(code, "is no language; write a code such as ar or zh-Hans")
        own = _Table(name, f"languages.{code}", all_said.table(code))
        languages[code.lower()] = _language(own, common, percents)
    return RateTable(common, languages)


_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def _common(table: "_Table") -> tuple[Rates, dict[Category, Decimal]]:
    """The common rates, and the percents as they are written, which languages add to."""
    said = _Table(table.file, "rates", table.table("rates"))
    percents = said.percents()
    for category in _DEFAULT:
        if category not in percents:
            raise said.wrong(category, "is missing; write percent of the full price, such as 30")
    return _priced(table, Rates(_filled(percents), _currency(table))), percents


def _currency(table: "_Table") -> str:
    for missing, there in (("price", "currency"), ("currency", "price")):
        if there in table.content and missing not in table.content:
            raise table.wrong(missing, f"is missing where there is a {there}; write both or neither")
    currency = table.content.get("currency")
    if currency is None:
        return ""
    if not isinstance(currency, str) or not is_currency(currency):
        raise table.wrong("currency", f"is {currency!r}; write a code of ISO 4217, such as EUR")
    return currency


def _language(table: "_Table", common: Rates, percents: Mapping[Category, Decimal]) -> Rates:
    table.only({"price", "minimum", "rates"})
    own = _Table(table.file, f"{table.name}.rates", table.table("rates")).percents()
    return _priced(table, replace(common, percents=_filled({**percents, **own})))


def _priced(table: "_Table", rates: Rates) -> Rates:
    """Rates with the price and the minimum that a table says."""
    if not rates.currency:
        for key in {"price", "minimum"} & set(table.content):
            raise table.wrong(key, "needs a currency and a price of all languages beside it")
        return rates
    price = table.decimal("price", _MOST, rates.price)
    minimum = table.decimal("minimum", _MOST, rates.minimum)
    unit = _unit(rates.currency)
    if minimum != minimum.quantize(unit):
        raise table.wrong("minimum", f"is {minimum}; {rates.currency} has no smaller unit than {unit}")
    return replace(rates, price=price, minimum=minimum.quantize(unit))


_MOST = Decimal(1_000_000)
_FINEST = Decimal("0.000001")  # of a price or a rate


@dataclass(frozen=True, slots=True)
class _Table:
    """A TOML table that knows its own name, so that what is wrong in it can be said."""

    file: str
    name: str
    content: Mapping[str, Any]

    def wrong(self, key: str, what: str) -> ConfigurationError:
        place = ".".join(part for part in (self.name, key) if part)
        return ConfigurationError(f"{self.file}: {place} {what}.")

    def only(self, keys: Collection[str]) -> None:
        for key in self.content:
            if key not in keys:
                raise self.wrong(key, f"is not known; the keys here are {', '.join(sorted(keys))}")

    def table(self, key: str) -> Mapping[str, Any]:
        found = self.content.get(key, {})
        if not isinstance(found, dict):
            raise self.wrong(key, "must be a table")
        return found

    def percents(self) -> dict[Category, Decimal]:
        self.only([category.value for category in Category])
        return {Category(key): self.decimal(key, Decimal(100)) for key in self.content}

    def decimal(self, key: str, most: Decimal, default: Decimal = _NOTHING) -> Decimal:
        written = self.content.get(key, default)
        if isinstance(written, bool) or not isinstance(written, int | Decimal):
            raise self.wrong(key, "must be a number, such as 30 or 0.18")
        value = Decimal(written)
        if not value.is_finite() or not 0 <= value <= most:
            raise self.wrong(key, f"is {str(written)[:20]}; write a number from 0 to {most}")
        if value != value.quantize(_FINEST):
            raise self.wrong(key, f"is {str(written)[:20]}; {-_FINEST.adjusted()} decimals are the most")
        return abs(value)
