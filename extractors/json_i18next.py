"""i18next's JSON: plural forms in entries of their own (`seeds_one`, `seeds_other`), contexts and nesting as they stand.

Version 4 of the format names forms by CLDR category, those of ordinals `seeds_ordinal_two`. Versions 1 to 3 have `seeds` and
`seeds_plural` in languages of two forms, `seeds_0`, `seeds_1`... in all others (i18next, JSON format; Plurals).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import takewhile
from typing import Any, Protocol

from extractors.comments import about
from extractors.json_files import JsonFile, language
from extractors.plural_forms import categories
from extractors.slots import Slot
from extractors.splices import Splice
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import CATEGORIES, Plural, parse_plural
from tm_service.domain.units import Key, Locale

_FORM = re.compile(rf"(?P<base>.+?)(?P<ordinal>_ordinal)?_(?P<category>{'|'.join(CATEGORIES)})", re.DOTALL)
_PLURAL = "_plural"
_ARGUMENT = "count"
_KIND, _ORDINAL = ", plural,", ", selectordinal,"
_SOME = ("=0", "one", "other")  # in any file: what is not translated yet stands as in the source
_TWO = 2


@dataclass(frozen=True, slots=True)
class _Group:
    """The entries of one message: its key in its object, and the name of each form's entry."""

    key: str
    stem: str
    entries: Mapping[str, str]
    ordinal: bool = False


class _Scheme(Protocol):
    """How a version of the format spells the entries of a message."""

    def groups(self, node: Mapping[str, Any], locale: Locale) -> Iterator[tuple[_Group, bool]]:
        """What may be the entries of one message, and whether in this language they are."""

    def names(self, group: _Group, plural: Plural, locale: Locale) -> Mapping[str, str]:
        """The entries of a text of several forms, in a language."""


def i18next(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:
    """Every string; the entries of a message of several forms as one plural, at the place of the first."""
    return _slots(file, locale, _Categories())


def i18next_v3(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:
    """The same for versions 1 to 3 of the format."""
    return _slots(file, locale, _Numbers())


def _slots(file: JsonFile, locale: Locale, scheme: _Scheme) -> Iterator[Slot]:
    grouped: dict[Key, Mapping[str, _Group]] = {}
    done: set[Key] = set()
    for path, text, said in file.strings():
        above = path[:-1]
        if above not in grouped:
            grouped[above] = _grouped(file, above, locale, scheme)
        group = grouped[above].get(path[-1])
        if group is None:
            yield file.slot(path, path, text, said)
        elif (key := (*above, group.key)) not in done:
            done.add(key)
            yield _slot(file, above, group, scheme, said)


def _grouped(file: JsonFile, above: Key, locale: Locale, scheme: _Scheme) -> Mapping[str, _Group]:
    """The messages of several forms in one object, by the names of their entries."""
    node = file.at(above)
    if not isinstance(node, dict):
        return {}
    groups: dict[str, _Group] = {}
    for group, fits in scheme.groups(node, locale):
        is_one = fits if file.known is None else (*above, group.key) in file.known
        if is_one and groups.keys().isdisjoint(group.entries.values()):
            groups |= dict.fromkeys(group.entries.values(), group)
    return groups


def _slot(file: JsonFile, above: Key, group: _Group, scheme: _Scheme, said: str) -> Slot:
    node = file.at(above)
    forms = {form: node[name] for form, name in group.entries.items()}
    forms.setdefault("other", next(reversed(forms.values())))  # Russian files leave out the form of fractions
    text = str(Plural(_ARGUMENT, forms))
    notes = dict.fromkeys([said, *(file.comments.get((*above, name), "") for name in group.entries.values())])
    return Slot(
        (*above, group.key),
        text.replace(_KIND, _ORDINAL, 1) if group.ordinal else text,
        partial(_write, file, above, group, scheme),
        about=about("\n".join(filter(None, notes))),
    )


def _write(file: JsonFile, above: Key, group: _Group, scheme: _Scheme, text: str) -> Iterator[Splice]:
    """The forms of a plural in the entries its language needs; a text without forms in every entry."""
    plural = parse_plural(text.replace(_ORDINAL, _KIND, 1) if group.ordinal else text)
    forms = plural or Plural(_ARGUMENT, {**dict.fromkeys(group.entries, text), "other": text})
    return file.entries(above, group.entries.values(), scheme.names(group, forms, file.target))


class _Categories:
    """Version 4."""

    def groups(self, node: Mapping[str, Any], locale: Locale) -> Iterator[tuple[_Group, bool]]:
        """By CLDR category; where `other` is missing, all that whole numbers need is there.

        Names such as `step_one`, `step_two` are no forms in a language that has no `two`.
        """
        found: dict[tuple[str, bool], dict[str, str]] = {}
        for name, text in node.items():
            form = _FORM.fullmatch(name) if isinstance(text, str) else None
            if form:
                found.setdefault((form["base"], bool(form["ordinal"])), {})[form["category"]] = name
        for (base, ordinal), entries in found.items():
            needed = _ordinals(locale) if ordinal else categories(locale)
            stem = f"{base}_ordinal" if ordinal else base
            forms = {_shown(form, needed, ordinal=ordinal): entries[form] for form in CATEGORIES if form in entries}
            whole = "other" in entries or (len(entries) >= _TWO and entries.keys() >= {*needed} - {"other"})
            fits = whole and (ordinal or forms.keys() <= {*needed, *_SOME})
            yield _Group(f"{stem}_*" if stem in node else stem, stem, forms, ordinal), fits

    def names(self, group: _Group, plural: Plural, locale: Locale) -> Mapping[str, str]:
        """One entry for each category of the language; without a language, one for each form given."""
        needed = (_ordinals(locale) if group.ordinal else categories(locale)) if locale else tuple(plural.forms)
        named = {f"{group.stem}_{form}": plural.form(form) for form in CATEGORIES if form in needed}
        if "=0" not in plural.forms or group.ordinal:
            return named
        zero = f"{group.stem}_zero"
        return {zero: plural.forms["=0"], **{name: text for name, text in named.items() if name != zero}}


class _Numbers:
    """Versions 1 to 3."""

    def groups(self, node: Mapping[str, Any], locale: Locale) -> Iterator[tuple[_Group, bool]]:
        """`seeds` with `seeds_plural`, or `seeds_0` and so on in the order of the forms' numbers in gettext."""
        counted = _counted(locale)
        for name, text in node.items():
            if not isinstance(text, str):
                continue
            if isinstance(node.get(name + _PLURAL), str):
                yield _Group(name, name, {"one": name, "other": name + _PLURAL}), True
            elif name.endswith("_0") and name != "_0" and name[:-2] not in node:
                entries = _numbered(node, name[:-2])
                forms = counted if len(counted) == len(entries) else CATEGORIES
                yield (
                    _Group(name[:-2], name[:-2], dict(zip(forms, entries, strict=False))),
                    len(counted) == len(entries) != _TWO,
                )

    def names(self, group: _Group, plural: Plural, locale: Locale) -> Mapping[str, str]:
        """One entry for each form that whole numbers take in the language."""
        counted = _counted(locale)
        if len(counted) == _TWO:
            return {group.stem: plural.form(counted[0]), group.stem + _PLURAL: plural.form(counted[1])}
        return {f"{group.stem}_{number}": plural.form(form) for number, form in enumerate(counted)}


def _shown(form: str, needed: tuple[str, ...], *, ordinal: bool) -> str:
    """`_zero` is for the number 0 in every language; where the language has that category, it is the category."""
    return "=0" if form == "zero" and "zero" not in needed and not ordinal else form


def _numbered(node: Mapping[str, Any], stem: str) -> list[str]:
    """The entries of a stem that are numbered from 0 on without a gap."""
    names = (f"{stem}_{number}" for number in range(len(CATEGORIES)))
    return list(takewhile(lambda name: isinstance(node.get(name), str), names))


@cache
def _ordinals(locale: Locale) -> tuple[str, ...]:
    names = {*language(locale).ordinal_form.tags, "other"}
    return tuple(name for name in CATEGORIES if name in names)


@cache
def _counted(locale: Locale) -> tuple[str, ...]:
    """The forms of whole numbers, in the order of their numbers in gettext's rules, which these versions follow."""
    names = {language(locale).plural_form(number) for number in range(201)}
    return tuple(name for name in CATEGORIES if name in names)
