"""Plural forms: which CLDR categories a language has, for formats that keep each form in an entry of its own."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError

from locales import LANGUAGES
from tm_service.domain.plurals import CATEGORIES


@cache
def categories(code: str) -> tuple[str, ...]:
    """The plural categories of a language in CLDR's order, by its code as a site writes it; `one` and `other` where unknown."""
    language = re.split("[-_]", code, maxsplit=1)[0].lower()
    if language in LANGUAGES:
        names = set(LANGUAGES[language].plurals)
    else:
        try:
            names = {*Locale.parse(language).plural_form.tags, "other"}
        except (UnknownLocaleError, ValueError):
            names = {"one", "other"}
    return tuple(name for name in CATEGORIES if name in names)
