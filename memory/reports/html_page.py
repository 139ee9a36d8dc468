"""HTML: an analysis as one page without scripts or anything from elsewhere, for a window of any width and for paper.

The words of the page are an argument, so that whoever has translations passes them; direction, digits, dates and money are
those of the language (CLDR, through Babel).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from memory.analysis import INTERNAL, Analysis, Category, whole
from memory.rates import Rates, charge
from memory.reports import Heading, legible
from tm_service.domain.units import Locale

LABELS: Mapping[str, str] = {
    "title": "Analysis",
    "job": "Job",
    "customer": "Customer",
    "languages": "Languages",
    "analysed": "Analysed",
    "memories": "Memories",
    "words": "Words",
    "weighted words": "Weighted words",
    "price": "Price",
    "by class": "The job by match class",
    "by file": "Words by file and match class",
    "class": "Class",
    "file": "File",
    "segments": "Segments",
    "share": "Share of words",
    "characters": "Characters",
    "characters with spaces": "With spaces",
    "placeables": "Placeables",
    "tags": "Tags",
    "rate": "Rate",
    "amount": "Amount",
    "total": "Total",
    "minimum charge": "Up to the minimum charge",
    "locked": "Locked",
    "context": "Context match",
    "exact": "Exact match",
    "repetition": "Repetition",
    "cross-file repetition": "Cross-file repetition",
    # Bands are not broken at the end of a line: word joiners, no-break space.
    "95-99": "95\u2060–\u206099\u00a0%",
    "85-94": "85\u2060–\u206094\u00a0%",
    "75-84": "75\u2060–\u206084\u00a0%",
    "50-74": "50\u2060–\u206074\u00a0%",
    "internal 95-99": "Internal 95\u2060–\u206099\u00a0%",
    "internal 85-94": "Internal 85\u2060–\u206094\u00a0%",
    "internal 75-84": "Internal 75\u2060–\u206084\u00a0%",
    "internal 50-74": "Internal 50\u2060–\u206074\u00a0%",
    "new": "New",
}


def html_page(
    analysis: Analysis,
    heading: Heading,
    rates: Rates | None = None,
    *,
    language: Locale = "en",
    labels: Mapping[str, str] | None = None,
) -> bytes:
    """The page in an interface language, UTF-8; labels left out are in English."""
    price = charge(analysis.total, rates) if rates else None
    used = [category for category in Category if _is_used(category, analysis)]
    text = _template().render(
        say={**LABELS, **(labels or {})},
        show=Show(_locale(language)),
        heading=heading,
        analysis=analysis,
        used=used,
        lines={line.category: line for line in price.lines} if price else {},
        weighted={name: charge(tally, rates).weighted for name, tally in analysis.files.items()} if rates else {},
        total=whole(analysis.total.values()),
        whole=whole,
        price=price,
    )
    return legible(text).encode()


def _is_used(category: Category, analysis: Analysis) -> bool:
    """Whether a class can have anything in this analysis; what was not looked for is left out."""
    if category is Category.LOCKED:
        return analysis.total[category].segments > 0
    if category is Category.CROSS_FILE:
        return analysis.options.cross_file
    return analysis.internal or category not in INTERNAL.values()


@cache
def _template() -> Template:
    made = Environment(
        loader=PackageLoader("memory.reports", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("page.html")


def _locale(code: Locale) -> BabelLocale:
    try:
        return BabelLocale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return BabelLocale("en")


@dataclass(frozen=True, slots=True)
class Show:
    """Numbers, dates and names as readers of a language write them."""

    locale: BabelLocale

    @property
    def code(self) -> str:
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        return str(self.locale.text_direction)

    def number(self, value: Decimal | int) -> str:
        """At most two decimals, thousands grouped."""
        return format_decimal(value, "#,##0.##", locale=self.locale)

    def share(self, part: int, total: int) -> str:
        return format_percent(part / total if total else 0, "#,##0.0%", locale=self.locale)

    def rate(self, percent: Decimal) -> str:
        return format_percent(percent / 100, "#,##0.####%", locale=self.locale)

    def money(self, amount: Decimal, currency: str) -> str:
        return format_currency(amount, currency, locale=self.locale)

    def moment(self, at: datetime) -> str:
        return format_datetime(at.astimezone(UTC), "long", locale=self.locale)

    def language(self, code: Locale) -> str:
        """A language's name in the language of the page; a code that is no language stays itself."""
        try:
            return BabelLocale.parse(code.replace("-", "_")).get_display_name(self.locale) or code
        except (ValueError, UnknownLocaleError):
            return code
