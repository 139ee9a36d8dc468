"""Record rows: a record's fields as its schema orders them, in one language, for a page and for machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from tm_service.domain.records import CUSTOM, Content, FieldDefinition, FieldKind, Json, Schema
from tm_service.domain.units import Key, Locale
from tm_service.usecases.notices import Cleaned
from tm_service.web.reading import Reading

_TEXTS = (FieldKind.TEXT, FieldKind.RICH)
_TERMS = (FieldKind.TERM, FieldKind.TERMS)
_REFERENCES = (FieldKind.REFERENCE, FieldKind.REFERENCES)
_SAFE = ("https://", "http://")


@dataclass(frozen=True)
class Value:
    """One value of a field as a page shows it; a text has its language, where that is not the page's."""

    text: str | Markup
    language: Locale = ""
    html: bool = False
    href: str = ""
    day: date | None = None
    truth: bool | None = None
    told: Markup = field(default_factory=Markup)


@dataclass(frozen=True)
class Row:
    """A field: its title, its values, and the rows of each group in it."""

    title: str
    values: tuple[Value, ...] = ()
    groups: tuple[tuple["Row", ...], ...] = ()


@dataclass(frozen=True)
class Rows:
    """A public document in one language; `reading` is what is served of it, where it is."""

    locale: Locale
    source: Locale
    cleaned: Cleaned
    reading: Reading | None = None

    def of(self, schema: Schema, document: Content) -> list[Row]:
        return list(self._rows(schema.fields, document, ()))

    def _rows(self, fields: Sequence[FieldDefinition], held: Content, path: Key) -> Iterator[Row]:
        for one in fields:
            value, here = held.get(one.name), (*path, one.name)
            if value in (None, "", [], {}) or one.kind is FieldKind.HEADER or one.confidential:
                continue
            title = one.title or one.name
            if one.kind in (FieldKind.GROUP, FieldKind.GROUPS):
                groups = value if isinstance(value, list) else [value]
                shown = (
                    tuple(self._rows(one.fields, group, (*here, str(number)) if isinstance(value, list) else here))
                    for number, group in enumerate(groups)
                    if isinstance(group, Mapping)
                )
                yield Row(title, groups=tuple(rows for rows in shown if rows))
            else:
                items = value if isinstance(value, list) else [value]
                paths = [(*here, str(number)) if isinstance(value, list) else here for number in range(len(items))]
                values = (self._value(one.kind, item, where) for item, where in zip(items, paths, strict=True))
                yield Row(title, tuple(found for found in values if found is not None))

    def _value(self, kind: FieldKind, value: Json, path: Key) -> Value | None:
        if kind in _TEXTS or kind is FieldKind.TEXTS:
            return self._text(kind, value, path)
        if isinstance(value, Mapping):
            return self._named(kind, value)
        if isinstance(value, bool):
            return Value("", truth=value)
        if kind is FieldKind.DATE and isinstance(value, str):
            return Value(value, day=_day(value))
        return Value(str(value))

    def _text(self, kind: FieldKind, value: Json, path: Key) -> Value | None:
        if self.reading is not None and path in self.reading.view.fields:
            view = self.reading.view.fields[path]
            if view.field.rich:
                return Value(Markup(self.reading.rich(view)), html=True)  # noqa: S704 - sanitised, then marked by us
            return Value(self.reading.plain(view), told=self.reading.told(view))
        language, text = spoken(value, self.locale, self.source)
        if not text:
            return None
        rich = kind is FieldKind.RICH
        shown: str = Markup(self.cleaned(text)) if rich else text  # noqa: S704 - sanitised
        return Value(shown, language if language != self.locale else "", html=rich)

    def _named(self, kind: FieldKind, value: Mapping[str, Any]) -> Value | None:
        """A term, a reference, a link or a file."""
        address = str(value.get("url", ""))
        if address:
            name = str(value.get("name") or value.get("filename") or address)
            return Value(name, href=address if address.startswith(_SAFE) else "")
        if kind in _TERMS or kind in _REFERENCES:
            language, text = spoken(value.get(CUSTOM), self.locale, self.source)
            name = str(value.get("identifier", ""))
            place = f"/records/{quote(name, safe='@')}" if kind in _REFERENCES and name else ""
            shown = text or name
            return Value(shown, language if text and language != self.locale else "", href=place) if shown else None
        return None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def spoken(value: Json, locale: Locale, source: Locale) -> tuple[Locale, str]:
    """A text by language in the reader's, else in the source language, else in any that there is."""
    if not isinstance(value, Mapping):
        return "", ""
    there = {language: text for language, text in value.items() if isinstance(text, str) and text}
    language = next((code for code in (locale, source, *there) if code in there), "")
    return language, there.get(language, "")


def localised(fields: Sequence[FieldDefinition], held: Content, locale: Locale, source: Locale) -> dict[str, Json]:
    """A public document with each text in one language, which stays its key: `{"fr": "Permis"}`."""
    told: dict[str, Json] = {}
    by_name = {one.name: one for one in fields}
    for name, value in held.items():
        one = by_name.get(name)
        told[name] = value if one is None else _localised(one, value, locale, source)
    return told


def _localised(one: FieldDefinition, value: Json, locale: Locale, source: Locale) -> Json:
    if isinstance(value, list):
        return [_localised(one, item, locale, source) for item in value]
    if one.kind in _TEXTS or one.kind is FieldKind.TEXTS:
        language, text = spoken(value, locale, source)
        return {language: text} if text else {}
    if one.kind in (FieldKind.GROUP, FieldKind.GROUPS) and isinstance(value, Mapping):
        return localised(one.fields, value, locale, source)
    return value
