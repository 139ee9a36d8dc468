"""gettext forms: which plural category each `msgstr[i]` stands for, told by evaluating the header's formula.

Source: GNU gettext manual, section "Additional functions for plural forms"; categories are CLDR's. The formula is read by the
standard library's own reader of catalogs, so that it means here what it means there.
"""

import gettext
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural

from extractors.plural_forms import categories
from tm_service.domain.plurals import Plural

_FORMULA = re.compile(r"\s*nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=\s*([^;]{1,1000})")
_NUMBERS = (*range(200), 1000, 1_000_000)
_USUAL = {  # as the GNU manual has it; the library keeps the forms of Arabic in an order of its own
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
}


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a catalog: its formula as the header says it, and for each form the selectors that may stand for it.

    The first selector is the form's own, such as `one` or, where a form is for one number only that has no category, `=0`.
    Those after it give its text where a message has no such form.
    """

    formula: str
    selectors: tuple[tuple[str, ...], ...]

    def gathered(self, argument: str, texts: Sequence[str]) -> Plural:
        """The message whose forms stand in a catalog; forms that no number asks for are left out."""
        forms = {names[0]: text for names, text in zip(self.selectors, texts, strict=False) if names}
        forms.setdefault("other", texts[min(len(self.selectors), len(texts)) - 1])
        return Plural(argument, forms)

    def spread(self, plural: Plural) -> list[str]:
        """The text of each form."""
        return [
            next((plural.forms[name] for name in names if name in plural.forms), plural.forms["other"])
            for names in self.selectors
        ]


@lru_cache(maxsize=256)
def forms(formula: str, locale: str) -> Forms | None:
    """What a formula means for a language; None where it is no formula, or gives a form that there is not."""
    said = _FORMULA.match(formula)
    if said is None:
        return None
    try:
        index = gettext.c2py(said[2].strip())
        asked = [(index(number), number) for number in _NUMBERS]
    except (ValueError, ArithmeticError, RecursionError, SyntaxError):
        return None
    count = int(said[1])
    if not all(0 <= form < count for form, _ in asked):
        return None
    category = _categories(locale)
    pairs = Counter((category(number), form) for form, number in asked)
    home = {name: _home(name, pairs) for name, _ in pairs}
    numbers = {form: [number for each, number in asked if each == form] for form in range(count)}
    return Forms(formula.strip(), tuple(_selectors(form, numbers[form], pairs, home) for form in range(count)))


def usual_forms(locale: str) -> Forms:
    """The forms that a language's catalogs usually have."""
    language = re.split("[-_]", locale, maxsplit=1)[0].lower() or "en"
    formula = _USUAL.get(language)
    if formula is None:
        try:
            formula = str(get_plural(language))
        except (UnknownLocaleError, ValueError):
            formula = "nplurals=2; plural=(n != 1);"
    found = forms(formula, locale)
    if found is None:
        raise AssertionError(formula)
    return found


def _home(name: str, pairs: Counter[tuple[str, int]]) -> int:
    """The form of a category: one that is mostly its own, and of several the one with most numbers."""

    def weight(form: int) -> tuple[bool, int]:
        here = pairs[name, form]
        return here == max(count for (_, other), count in pairs.items() if other == form), here

    return max((form for each, form in pairs if each == name), key=weight)


def _selectors(form: int, numbers: list[int], pairs: Counter[tuple[str, int]], home: dict[str, int]) -> tuple[str, ...]:
    if not numbers:
        return ()
    name = max((each for each, place in pairs if place == form), key=lambda each: pairs[each, form])
    if home[name] == form:
        return (name,)
    own = next((each for each, place in home.items() if place == form), "")
    if own:
        return own, name
    return (f"={numbers[0]}", name) if len(numbers) == 1 else ()


def _categories(locale: str) -> Callable[[int], str]:
    language = re.split("[-_]", locale, maxsplit=1)[0].lower() or "en"
    try:
        rule: Callable[[int], str] = Locale.parse(language).plural_form
    except (UnknownLocaleError, ValueError):
        return lambda number: "one" if number == 1 else "other"
    known = set(categories(language))
    return lambda number: name if (name := rule(number)) in known else "other"
