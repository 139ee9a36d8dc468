"""Page texts: what the pages of a package say in each language, with dates, numbers and names as its readers write them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from babel import Locale as BabelLocale
from babel.dates import format_date
from babel.numbers import format_decimal

from locales import LANGUAGES
from tm_service.domain.units import Locale

if TYPE_CHECKING:
    from jinja2 import Template

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Voice:
    """One language speaking: its texts by name, and its ways of writing."""

    code: Locale
    texts: Mapping[str, str]

    @property
    def direction(self) -> str:
        return LANGUAGES[self.code].direction

    def say(self, name: str, **values: object) -> str:
        """A text with its values filled in; braces that are none of them stay, as in a sentence about codes."""
        text = self.texts[name]
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", str(value))
        return text

    def date(self, day: date) -> str:
        return format_date(day, "long", locale=self._locale)

    def number(self, value: int) -> str:
        return format_decimal(value, locale=self._locale)

    def language(self, code: Locale) -> str:
        """A language's name in this one."""
        return BabelLocale.parse(code).get_display_name(self._locale) or LANGUAGES[code].name

    @property
    def _locale(self) -> BabelLocale:
        return BabelLocale.parse(self.code)


def voices(locale: Locale) -> tuple[Voice, ...]:
    """The languages that a page for a locale speaks: its own first where there are texts in it, then English."""
    texts = _texts()
    return tuple(Voice(code, texts[code]) for code in dict.fromkeys([locale, ENGLISH]) if code in texts)


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("tm_service.exchange").joinpath("page_texts.toml").read_text("utf-8"))


@cache
def template(name: str) -> "Template":
    """A template of the pages; everything put into it is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - most commands write no page

    made = Environment(
        loader=PackageLoader("tm_service.exchange", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template(name)
