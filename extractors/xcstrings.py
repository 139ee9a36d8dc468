"""Xcstrings: Xcode's string catalogs, one JSON file for all languages of an app (format version 1.0).

What is added is written as Xcode writes it: `"key" : {`, languages in order, a state beside every value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from extractors.comments import about
from extractors.form_entries import wanted_forms
from extractors.json_nodes import Node, put_member, put_value, read_json
from extractors.json_spans import scan
from extractors.json_style import Style, style_of
from extractors.pages import Page
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice, splice
from extractors.stringsdict import APPLE
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import CATEGORIES, Plural
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import About, Key, Locale, Resource

_DONE, _OPEN = "translated", "new"
_ARGUMENT = "count"
_SLASHED = re.compile(r"(?<!\\)(?:\\\\)*\\/")
_CONTAINERS = {"device": ("variations", "device"), "substitutions": ("substitutions",)}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A message of the catalog: its name, its place, and how it stands in one language."""

    page: Page
    name: str
    node: Node
    source_language: str
    locale: str

    @property
    def is_source(self) -> bool:
        return _code(self.locale) == _code(self.source_language)

    @property
    def localizations(self) -> Node | None:
        return self.node.object_at("localizations")

    def language(self, code: str) -> str:
        """How the file spells a language."""
        names = self.localizations.members if self.localizations else ()
        return next((name for name in names if _code(name) == _code(code)), code.replace("_", "-"))

    def localization(self, code: str) -> Node | None:
        return self.localizations.object_at(self.language(code)) if self.localizations else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part(Slot):
    """A slot of an entry, by its path within a localization; `merge` writes all parts of an entry together, none by itself."""

    entry: _Entry
    path: tuple[str, ...]


class XcStrings(TextFormat):
    """A message's key is its name; variants by device and substitutions are parts of it, with keys of their own.

    Without a locale, a text is that of the source language. A source without a text of its own is its name.
    """

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """Every message and its parts, each with its source and its text in this language."""
        root = read_json(page)
        source_language = root.string(page, "sourceLanguage") or "en"
        strings = root.at("strings")
        for name, node in strings.objects() if strings else ():
            said = about(node.string(page, "comment"))
            flag = node.at("shouldTranslate")
            if flag and page.text[flag.begin : flag.end] == "false":
                said = replace(said, ignored=True)
            yield from _parts(_Entry(page, name, node, source_language, locale or source_language), said)

    def merge(
        self,
        resource: Resource,
        served: Mapping[Key, Served],
        stamp: Stamp | None = None,  # noqa: ARG002 - TextFormat's signature
        locale: Locale = "",
    ) -> bytes:
        """Put the served texts in, all of an entry at once; source text that stands in for a translation is said to be new."""
        page = self._page(resource.document)
        changed: dict[str, list[tuple[_Part, Served]]] = {}
        for key, slot in self._parsed(resource.document, locale)[0].items():
            if isinstance(slot, _Part) and key in served and served[key].text != slot.text:
                changed.setdefault(slot.entry.name, []).append((slot, served[key]))
        if not changed:
            return resource.document.content
        style, model = style_of(page.text, scan(page.text)), "\\/" if _SLASHED.search(page.text) else ""
        splices = [made for parts in changed.values() for made in _localized(style, model, parts, locale)]
        return page.encoded(splice(page.text, splices))


def _code(language: str) -> str:
    return language.replace("_", "-").lower()


def _parts(entry: _Entry, said: About) -> Iterator[_Part]:
    source, target = entry.localization(entry.source_language), entry.localization(entry.locale)
    for path in list(_paths(source)) or [()]:
        spoken = _text(entry.page, source, path) or ("" if path else _named(entry, source))
        text = spoken if entry.is_source else _text(entry.page, target, path)
        source_text = None if entry.is_source else spoken
        yield _Part((entry.name, *path), text, lambda _: (), source_text, said, entry=entry, path=path)


def _paths(localization: Node | None) -> Iterator[tuple[str, ...]]:
    """The parts of a localization: itself, and what varies by device or is put in."""
    if localization is None:
        return
    if localization.at("stringUnit") or localization.at("variations", "plural"):
        yield ()
    for kind, names in _CONTAINERS.items():
        container = localization.at(*names)
        for part, _ in container.objects() if container else ():
            yield kind, part


def _below(localization: Node | None, path: tuple[str, ...]) -> Node | None:
    return localization.at(*_CONTAINERS[path[0]], path[1]) if localization and path else localization


def _text(page: Page, localization: Node | None, path: tuple[str, ...]) -> str:
    node = _below(localization, path)
    plural = node.at("variations", "plural") if node else None
    if node is None or plural is None:
        return node.string(page, "stringUnit", "value") if node else ""
    forms = {name: form.string(page, "stringUnit", "value") for name, form in plural.objects() if name in CATEGORIES}
    states = {form.string(page, "stringUnit", "state") for name, form in plural.objects() if name in CATEGORIES}
    is_blank = not any(forms.values()) and states <= {_OPEN}
    return "" if is_blank else str(Plural(_ARGUMENT, {"other": list(forms.values())[-1], **forms}))


def _named(entry: _Entry, source: Node | None) -> str:
    """The name of an entry as its source; as a plural where it has forms and nothing in them."""
    is_plural = source is not None and source.at("variations", "plural") is not None
    return str(Plural(_ARGUMENT, {"other": entry.name})) if is_plural else entry.name


def _localized(style: Style, model: str, parts: list[tuple[_Part, Served]], locale: Locale) -> Iterator[Splice]:
    """The splices that put texts into the localization of an entry, into its parts alone where these are there."""
    entry = parts[0][0].entry
    there = entry.localization(entry.locale)
    spots = [(_spot(there, part), part, answer) for part, answer in parts]
    if all(spot for spot, _, _ in spots):
        for spot, part, answer in spots:
            if spot:
                yield put_value(entry.page, spot, _value(part, answer, locale), style, model)
        return
    made = there.loaded(entry.page) if there else {}
    for part, answer in parts:
        _put(made, part, answer, locale)
    if there:
        yield put_value(entry.page, there, made, style, model)
    elif entry.localizations:
        yield put_member(entry.page, entry.localizations, entry.language(entry.locale), made, style, model)
    else:
        yield put_member(entry.page, entry.node, "localizations", {entry.language(entry.locale): made}, style, model)


def _put(made: dict[str, Any], part: _Part, answer: Served, locale: Locale) -> None:
    """Put a text into a localization, as Python holds it."""
    if not part.path:
        _said(made, part, answer, locale)
        return
    if part.path[0] == "device":
        made.pop("stringUnit", None)
    container = made
    for name in _CONTAINERS[part.path[0]]:
        below = container.get(name)
        container[name] = container = below if isinstance(below, dict) else {}
    there = container.get(part.path[1])
    source = _below(part.entry.localization(part.entry.source_language), part.path)
    fresh = source.loaded(part.entry.page) if source and part.path[0] == "substitutions" else {}
    container[part.path[1]] = _said(there if isinstance(there, dict) else fresh, part, answer, locale)


def _said(container: dict[str, Any], part: _Part, answer: Served, locale: Locale) -> dict[str, Any]:
    """The same container with this text in the place of what it said."""
    container.pop("variations", None)
    if _forms(part) is None:
        container["stringUnit"] = _value(part, answer, locale)
    else:
        container.pop("stringUnit", None)
        container["variations"] = {"plural": _value(part, answer, locale)}
    return container


def _forms(part: _Part) -> Node | None:
    """The plural forms of a part: those it has, else those of its source."""
    languages = (part.entry.locale, part.entry.source_language)
    nodes = (_below(part.entry.localization(code), part.path) for code in languages)
    return next((plural for node in nodes if node and (plural := node.at("variations", "plural"))), None)


def _spot(there: Node | None, part: _Part) -> Node | None:
    """What a text takes the place of, the forms of a plural or one unit; None where that is not there yet."""
    place = _below(there, part.path)
    names = ("stringUnit",) if _forms(part) is None else ("variations", "plural")
    return place.at(*names) if place else None


def _value(part: _Part, answer: Served, locale: Locale) -> dict[str, Any]:
    """A text with its state; of a plural, that of each form."""
    state, forms = _DONE if answer.translated else _OPEN, _forms(part)
    if forms is None:
        return {"state": state, "value": answer.text}
    texts = wanted_forms(answer.text, locale, forms.members, APPLE)
    return {name: {"stringUnit": {"state": state, "value": texts[name]}} for name in sorted(texts)}
