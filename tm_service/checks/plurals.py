"""Plurals: a text divided by bars has the forms its language needs, none blank.

vue-i18n's own rule, unless a site gives it another: of two forms the first is for 1 and the second for all other numbers; of
three or more the first is for 0, the second for 1, the third for the rest, and no further one is ever shown (vue-i18n,
Pluralization). Sites with languages of more forms give it a rule in the order of CLDR, with or without a form for 0 in front.
"""

import re
from collections.abc import Iterator

from locales import LANGUAGES, Language
from tm_service.checks.reading import language
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import Code, CodeKind, parse

_BAR = re.compile(r"(?:(?<!\s)\s++)?[|｜¦]\s*")
_WITH_ZERO = 3  # forms from which vue-i18n's own rule has one for 0 in front
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_LARGEST = 1000  # a form for larger round numbers only is one that texts do without


def plurals(pair: Pair) -> Iterator[Finding]:
    """Plural forms too few or too many for the language, blank ones, bars not written as bars."""
    wanted = _forms(pair.source)
    if len(wanted) == 1:
        if parse(pair.target).data(CodeKind.BAR):
            template = "The target is divided by | as plural forms are, and the source is not; take the bar out."
            yield found("plurals", Severity.WARNING, template, place=_first_bar(pair.target))
        return
    forms = _forms(pair.target)
    if len(forms) == 1:
        forms = _respelt(pair.target)
        if len(forms) > 1:
            template = "The bar between plural forms has a space on either side: “ | ”; write it so."
            repair = " | ".join(forms) if all(forms) else ""
            yield found("plurals", Severity.WARNING, template, place=_first_bar(pair.target), repair=repair)
    blank = [number for number, form in enumerate(forms, 1) if not form.strip()]
    if blank and all(form.strip() for form in wanted):
        yield found("plurals", Severity.ERROR, "Plural form {number} of the target is blank.", number=blank[0])
    else:
        yield from _counted(pair, len(wanted), len(forms))


def _forms(value: str) -> list[str]:
    forms = [""]
    for part in parse(value).parts:
        if isinstance(part, Code) and part.kind is CodeKind.BAR:
            forms.append("")
        else:
            forms[-1] += str(part) if isinstance(part, str) else part.data
    return forms


def _respelt(value: str) -> list[str]:
    """Forms divided by bars without their spaces, or by the bar of a Chinese keyboard; bars within codes are not bars."""
    hidden = "".join(part if isinstance(part, str) else "\0" * len(part.data) for part in parse(value).parts)
    cuts = [0, *(place for bar in _BAR.finditer(hidden) for place in bar.span()), len(value)]
    return [value[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True)]


def _first_bar(value: str) -> tuple[int, int] | None:
    hidden = "".join(part if isinstance(part, str) else _seen(part) for part in parse(value).parts)
    bar = _BAR.search(hidden)
    return bar.span() if bar else None


def _seen(code: Code) -> str:
    return code.data if code.kind is CodeKind.BAR else "\0" * len(code.data)


def _counted(pair: Pair, wanted: int, has: int) -> Iterator[Finding]:
    """How many forms there are, where the source has those of its own language and so follows a rule that is known."""
    source, known = (LANGUAGES.get(language(locale)) for locale in (pair.source_locale, pair.locale))
    if known is None or (source is not None and wanted not in _fit(source, wanted)):
        return
    needed, fit = _needed(known), _fit(known, wanted)
    if has in fit:
        return
    if has < min(fit):
        template = (
            "{language} has {needed} plural forms ({forms}) and the target has {has}; some numbers will read wrongly."
        )
    else:
        template = "{language} has {needed} plural forms ({forms}) and the target has {has}; some would never be shown."
    forms = "; ".join(f"{name}: {known.plurals[name]}" for name in needed)
    yield found("plurals", Severity.WARNING, template, language=known.name, needed=len(needed), forms=forms, has=has)


def _needed(known: Language) -> list[str]:
    return [name for name, numbers in known.plurals.items() if _is_counted(numbers)]


def _fit(known: Language, source: int) -> frozenset[int]:
    """How many forms a text may have in a language, where its source has so many."""
    counts = {len(_needed(known)), len(known.plurals)}
    if "zero" not in known.plurals and source >= _WITH_ZERO:
        counts |= {count + 1 for count in counts}
    if len(_needed(known)) == 1:
        counts.add(source)
    return frozenset(counts)


def _is_counted(numbers: str) -> bool:
    """Whether a form is for whole numbers that things are counted in."""
    return any("." not in number and int(number) < _LARGEST for number in _NUMBERS.findall(numbers))
