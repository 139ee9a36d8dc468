"""Record: settled documents of a record store, all languages in one file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from extractors.articles.attributes import ADDRESS
from tm_service.domain.articles import Found, Segment, Settled, TextField, dump, load, placed, with_languages
from tm_service.domain.errors import ExtractionError
from tm_service.domain.fitting import fitted
from tm_service.domain.records import text_at
from tm_service.domain.serving import Rule, Served, Stamp
from tm_service.domain.text import is_language
from tm_service.domain.units import About, CatalogFile, Document, Key, Locale, Resource, Unit

_TITLES = (("title",), ("name",))  # fields that say what a document is called


class Record:
    """A segment is a unit; its key is the path of its field and, in HTML, its id.

    Without a locale, a text is that of the source.
    """

    dialects = ("",)

    def __init__(self, dialect: str = "") -> None:
        self.dialect = dialect

    def extract(self, document: Document, locale: Locale = "") -> Resource:  # noqa: ARG002 - the source is the same for all
        """Every segment, in the order of the document. Raises ExtractionError."""
        settled = _loaded(document)
        units = tuple(
            Unit(document.path, key, segment.text, _about(segment, settled))
            for key, _, segment in _segments(settled)
            if segment.text.strip()
        )
        return Resource(document, units, title=_title(settled))

    def read(self, document: Document, locale: Locale = "") -> CatalogFile:
        """What the store says in a language, and the text each of it was made from. Raises ExtractionError."""
        settled = _loaded(document)
        if not locale:
            return CatalogFile({key: segment.text for key, _, segment in _segments(settled)})
        said = dict(_said(settled, locale))
        return CatalogFile(
            {key: found.text for key, found in said.items()},
            sources={key: found.source for key, found in said.items()},
            unsure=frozenset(key for key, found in said.items() if not found.sure),
        )

    def merge(
        self,
        resource: Resource,
        served: Mapping[Key, Served],
        stamp: Stamp | None = None,  # noqa: ARG002 - a document says nothing of how it was made
        locale: Locale = "",
    ) -> bytes:
        """The document with its fields in a language, and what was translated from today's text as a translation of it.

        A field of which nothing is translated stays without this language: the store falls back by itself.
        """
        settled = _loaded(resource.document)
        if not locale or not served:
            return resource.document.content
        document: dict[str, Any] = dict(settled.document)
        fields = []
        for field in settled.fields:
            answers = {segment.id: served[key] for segment in field.segments if (key := field.key(segment)) in served}
            if any(answers[name].translated for name in _worded(field) if name in answers):
                texts = fitted(field, {name: answer.text for name, answer in answers.items()})
                document = _with_text(document, field, locale, field.build(texts))
            fields.append(_with_answers(field, locale, answers))
        if document != settled.document:
            document = with_languages(document, [locale])
        made = replace(settled, document=document, fields=tuple(fields))
        return resource.document.content if made == settled else dump(made)


def _loaded(document: Document) -> Settled:
    try:
        return load(document.content)
    except ValueError as error:
        raise ExtractionError(document.path, 1, 1, "this is no settled document; sync the site again") from error


def _about(segment: Segment, settled: Settled) -> About:
    return About(segment.note, ignored=segment.note == ADDRESS, legal=settled.legal, parts=segment.parts)


def _worded(field: TextField) -> list[str]:
    """The segments of a field that say whether it is translated: those with words, or all where none has any."""
    all_ = [segment.id for segment in field.segments]
    return [one.id for one in field.segments if one.note != ADDRESS and is_language(one.text)] or all_


def _title(settled: Settled) -> str:
    named = (settled.by_path[path].build({}) for path in _TITLES if path in settled.by_path)
    return next(named, "")


def _segments(settled: Settled) -> Iterator[tuple[Key, TextField, Segment]]:
    for field in settled.fields:
        for segment in field.segments:
            yield field.key(segment), field, segment


def _said(settled: Settled, locale: Locale) -> Iterator[tuple[Key, Found]]:
    """Translations of the segments there are, and of those that parts were made of."""
    for field in settled.fields:
        for name, found in field.translations.get(locale, {}).items():
            yield (*field.path, name) if name else field.path, found


def _with_text(document: dict[str, Any], field: TextField, locale: Locale, text: str) -> dict[str, Any]:
    if text_at(document, field.path).get(locale) == text:
        return document
    return placed(document, field.path, locale, text)


def _with_answers(field: TextField, locale: Locale, answers: Mapping[str, Served]) -> TextField:
    """A field whose translations are those that were served as they were made from today's text."""
    known = field.translations.get(locale, {})
    told = {
        segment.id: Found(answers[segment.id].text, segment.text)
        for segment in field.segments
        if segment.id in answers and answers[segment.id].rule is Rule.CURRENT
    }
    changed = {name: found for name, found in told.items() if name not in known or not _is_said(known[name], found)}
    return replace(field, translations={**field.translations, locale: {**known, **changed}}) if changed else field


def _is_said(known: Found, found: Found) -> bool:
    return (known.text, known.source) == (found.text, found.source)
