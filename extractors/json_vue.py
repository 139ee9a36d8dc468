"""vue-i18n's JSON: texts with `{name}`, links `@:other.key`, lists, and plural forms divided by bars.

vue-i18n's own rule takes the first of two forms for 1 and the second for all else, and of three forms the first for 0, the
second for 1, the third for all else. It serves English, Spanish, Chinese and, but for 0, French; for other languages a site
gives `pluralRules` a rule. Forms stand here in this order, which `tests/runtime/plural_rule.mjs` is the rule of:

1 form: other; 2: one, other; 3: =0, one, other; 4 where a language has `many` for millions only (es, fr): =0, one, many, other.
A language with more forms has them all in CLDR's order (ar 6; ru 4: one, few, many, other), with one for 0 in front where the
source has one. Three of ru, where all its whole numbers need, are read as one, few, many.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial

from extractors.comments import about
from extractors.json_files import JsonFile, language
from extractors.plural_forms import categories
from extractors.slots import Slot, printable
from extractors.splices import Splice
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.plurals import CATEGORIES, Plural, parse_plural
from tm_service.domain.units import Key, Locale

_BAR = re.compile(r"\{\s*'[^']*'\s*\}|((?<![ \t])[ \t]*+\|[ \t]*)")  # one within a literal divides nothing
_LITERAL = re.compile(r"\{\s*'\|'\s*\}")
_COUNT = re.compile(r"\{\s*(?:count|n)\s*\}")
_WORD = re.compile(r"\w+")
_SHORT = 40  # characters of a form without a number; a longer one is a sentence, and its bar a divider that readers see
_TWO, _THREE = 2, 3
_MOST = 12  # forms of one text
_OWN_RULE = (("other",), ("one", "other"), ("=0", "one", "other"), ("=0", "one", "many", "other"))


def vue_i18n(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:
    """Every string; one that holds plural forms as a plural.

    A text with a bar holds plural forms where a form shows the number (`{count}`, `{n}`) or where they are short and alike
    ("seed | seeds", "mouse | mice"). Any other is one text with a bar in it ("Home | Seed bank"), and a note says so.
    """
    for path, text, said in file.strings():
        forms = _divided(text)
        if _are_plural(forms):
            plural = _plural(forms, locale)
            yield Slot(path, str(plural), partial(_write, file, path, text), about=about(said))
        elif len(forms) > 1:
            yield file.slot(path, path, text, said)
            yield _undecided(file.page.path, path)
        else:
            yield Slot(path, _LITERAL.sub("|", text), partial(_write_one, file, path), about=about(said))


def has_forms(text: str) -> bool:
    """Whether a text holds plural forms."""
    return _are_plural(_divided(text))


def _divided(text: str) -> list[str]:
    """The forms of a text."""
    forms, done = [], 0
    for bar in _BAR.finditer(text):
        if bar[1] is not None:
            forms.append(text[done : bar.start()])
            done = bar.end()
    return [*forms, text[done:]]


def _are_plural(forms: list[str]) -> bool:
    if not 1 < len(forms) <= _MOST or not all(form.strip() for form in forms):
        return False
    if any(_COUNT.search(form) for form in forms):
        return True
    if any(len(form) > _SHORT for form in forms):
        return False
    return len(forms) > _TWO or _are_alike(*(_WORD.findall(form.casefold()) for form in forms))


def _are_alike(first: list[str], second: list[str]) -> bool:
    """Whether two forms may be of one word: seed and seeds, person and people, mouse and mice."""
    if {word[:2] for word in first} & {word[:2] for word in second}:
        return True
    if len(first) != 1 or len(second) != 1:
        return False
    return (first[0][0], first[0][-1]) == (second[0][0], second[0][-1])


def _plural(written: list[str], locale: Locale) -> Plural:
    names = _names(locale, len(written))
    forms = {name: _LITERAL.sub("|", form) for name, form in zip(names, written, strict=True)}
    forms.setdefault("other", _LITERAL.sub("|", written[-1]))
    for name in _fillers(locale, names):
        if name in forms and forms[name] == _filler(locale, name, forms):
            del forms[name]
    return Plural("count", forms)


def _names(locale: Locale, number: int) -> tuple[str, ...]:
    """What each of so many forms is for."""
    needed = categories(locale)
    if _has_own_rule(locale):
        if number < len(_OWN_RULE) or (number == len(_OWN_RULE) and "many" in needed):
            return _OWN_RULE[number - 1]
    else:
        counted = tuple(name for name in needed if name in _counted(locale))
        for names in (needed, ("=0", *needed), counted, *_OWN_RULE[:_THREE]):
            if len(names) == number:
                return names
    return (*(f"={place}" for place in range(number - 1)), "other")


def _has_own_rule(locale: Locale) -> bool:
    """Whether vue-i18n's own rule, or that rule but for millions, fits a language."""
    return {"zero", "two", "few"}.isdisjoint(categories(locale))


def _fillers(locale: Locale, names: tuple[str, ...]) -> tuple[str, ...]:
    """Forms that stand only so that those behind them stand in their place."""
    if not _has_own_rule(locale):
        return ()
    return ("=0",) if names == _OWN_RULE[-1] else tuple(name for name in ("one",) if name not in categories(locale))


def _filler(locale: Locale, name: str, forms: Mapping[str, str]) -> str:
    """The text of a form that a message does not have."""
    return forms.get(_of_zero(locale) if name == "=0" else "other", forms["other"])


@cache
def _counted(locale: Locale) -> frozenset[str]:
    """The categories that things which are counted take: whole numbers, not too large."""
    return frozenset(language(locale).plural_form(number) for number in range(201))


def _of_zero(locale: Locale) -> str:
    return str(language(locale).plural_form(0))


def _write(file: JsonFile, path: Key, source: str, text: str) -> Iterator[Splice]:
    """A plural as forms between bars; a text that has bars as it is, any other as the only form."""
    plural = parse_plural(text)
    if plural is None:
        yield from file.text_at(path, text)
        return
    bar = next((found[1] for found in _BAR.finditer(source) if found[1] is not None), " | ")
    forms = {name: _seen_bars(form) for name, form in plural.forms.items()}
    names = _written(forms, file.target)
    yield from file.text_at(path, bar.join(forms.get(name, _filler(file.target, name, forms)) for name in names))


def _written(forms: Mapping[str, str], locale: Locale) -> tuple[str, ...]:
    """The fewest forms that hold all that a language needs of these."""
    order = tuple(sorted(forms, key=lambda name: CATEGORIES.index(name) if name in CATEGORIES else -1))
    if not locale:
        return order
    needed = {name for name in order if name in categories(locale) or name == "=0"}
    choices = (_names(locale, number) for number in range(1, _MOST))
    return next((names for names in choices if needed <= set(names)), categories(locale))


def _write_one(file: JsonFile, path: Key, text: str) -> Iterator[Splice]:
    """A bar in a text that is not divided is one that readers see."""
    return file.text_at(path, _seen_bars(text))


def _seen_bars(text: str) -> str:
    """A text with the bars that readers see as vue-i18n wants them; some may have come so."""
    return _LITERAL.sub("|", text).replace("|", "{'|'}")


def _undecided(path: str, key: Key) -> Finding:
    sentence = (
        f'"{printable(key)}" has a bar and does not look like plural forms; it is translated as one text. '
        "Show the number in plural forms, and write a bar that readers see as {'|'}."
    )
    return Finding("plural-bar", Severity.NOTE, sentence, path=path)
