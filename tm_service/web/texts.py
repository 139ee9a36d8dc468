"""Texts: which language a reader gets, and how it says words, numbers, percentages, dates and languages."""

import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import format_skeleton, get_datetime_format
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from locales import LANGUAGES

DOMAINS = (
    "tm_service",
    "desk",
    "deployments",
    "register",
    "editor",
    "house",
)  # what all pages say, and each desk's own
SOURCE = "en"
_DIGITS = "latn"  # readers of all six languages compare these numbers with tools that write Western digits
_REGIONAL = {"en": "en_GB"}
_NO_BREAK = "\N{NO-BREAK SPACE}"
_LONGEST_HEADER = 1_000  # characters


@dataclass(frozen=True)
class Speech:
    """One interface language: its messages and its way of writing numbers and dates."""

    code: str

    @property
    def direction(self) -> str:
        return LANGUAGES[self.code].direction

    @cached_property
    def locale(self) -> Locale:
        """The regional way of writing numbers and dates; English as the United Nations write it."""
        return Locale.parse(_REGIONAL.get(self.code, self.code))

    @cached_property
    def translations(self) -> NullTranslations:
        return NullTranslations() if self.code == SOURCE else _compiled(self.code)

    def number(self, value: int | Decimal | str) -> str:
        """A text is a decimal as JSON has it."""
        return format_decimal(value, locale=self.locale, numbering_system=_DIGITS)

    def percent(self, share: float | None) -> str:
        """One decimal, cut and not rounded: 100 % is said of nothing less. A dash where there is no whole."""
        if share is None:
            return "–"
        cut = math.floor(round(share * 1000, 6)) / 1000
        pattern = self.locale.percent_formats[None].pattern
        fine = pattern if cut == 1 else pattern.replace("0", "0.0", 1)
        return format_percent(cut, fine, locale=self.locale, numbering_system=_DIGITS)

    def moment(self, at: datetime) -> str:
        """Day and time, in UTC; a line may break between the two and nowhere else."""
        joined = str(get_datetime_format("medium", self.locale))
        day = self.day(at.astimezone(UTC)).replace(" ", _NO_BREAK)
        return joined.format(f"{at.astimezone(UTC):%H:%M}{_NO_BREAK}UTC", day)

    def day(self, on: date) -> str:
        return format_skeleton("yMMMd", _noon(on), locale=self.locale)

    def language(self, code: str) -> str:
        """A language's name as it stands alone, with a capital where the script has one; the code where it has no name."""
        name = self._name(code)
        return name[:1].upper() + name[1:] if name != code else code

    def languages(self, codes: Iterable[str]) -> str:
        """Languages one after another within a sentence: "anglais et espagnol"."""
        return format_list([self._name(code) for code in codes], locale=self.locale)

    def _name(self, code: str) -> str:
        try:
            return Locale.parse(code, sep="-").get_display_name(self.locale) or code
        except (ValueError, UnknownLocaleError):
            return code


def native_name(code: str) -> str:
    """A language's name as its speakers write it; the code where it has no name."""
    if code in LANGUAGES:
        return LANGUAGES[code].native
    try:
        return Locale.parse(code, sep="-").get_display_name() or code
    except (ValueError, UnknownLocaleError):
        return code


def direction(code: str) -> str:
    """`ltr` or `rtl`, for languages of the house and all others."""
    if code in LANGUAGES:
        return LANGUAGES[code].direction
    try:
        return str(Locale.parse(code, sep="-").text_direction)
    except (ValueError, UnknownLocaleError):
        return "ltr"


def _noon(on: date) -> datetime:
    """A day as Babel's skeletons take it."""
    return datetime.combine(on, time(12), UTC)


@cache
def speech(code: str) -> Speech:
    return Speech(code)


def read_catalog(code: str, domain: str = DOMAINS[0]) -> Catalog:
    """The messages of a language as one of its `.po` files says them."""
    file = files("locales").joinpath("messages", code, "LC_MESSAGES", f"{domain}.po")
    return read_po(io.BytesIO(file.read_bytes()), locale=code, domain=domain, abort_invalid=True)


def _compiled(code: str) -> GNUTranslations:
    """All domains as one: no message stands in two."""
    whole = read_catalog(code)
    for domain in DOMAINS[1:]:
        for message in read_catalog(code, domain):
            if message.id:
                whole[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


def choose(query: Mapping[str, str], cookies: Mapping[str, str], header: str) -> str:
    """The language asked for in the address, else the one kept, else the best of `Accept-Language` (RFC 9110, 12.5.4)."""
    for code in (query.get("lang", ""), cookies.get("lang", "")):
        if code in LANGUAGES:
            return code
    return negotiate_locale(list(_wanted(header)), list(LANGUAGES), sep="-") or SOURCE


def _wanted(header: str) -> Iterator[str]:
    """Language tags by falling weight; those of weight 0 are not wanted."""
    weighed = []
    for part in header[:_LONGEST_HEADER].lower().split(","):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and quality > 0:
            weighed.append((-quality, tag.strip()))
    return (tag for _, tag in sorted(weighed, key=lambda found: found[0]))
