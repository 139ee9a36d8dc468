"""Articles: documents settled for translation: layouts that stay, and segments that keep their identity.

A settled document is what stands in our copy of a record store: the document as the store has it, and beside it each
translatable field cut into segments. It is written by the settler, read by the extractor of records and by the pages.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from tm_service.domain.records import ARTICLE, Content, RecordRef, text_at
from tm_service.domain.units import Key, Locale, Part

VERSION = 1
# Tags, and Unicode's noncharacters, by which a page tells where a segment of this number begins and ends.
_UNSEEN = re.compile(r"<[^<>]*>|[\ufdd0-\ufdef][0-9]*")
_FULL_WIDTH = re.compile(r"[。，、；：！？…）」』》〉】]")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, a caption, the value of an attribute: the smallest text with an identity of its own.

    `id` is never given again in its document; it is empty where a field is one plain text. `text` is as it is written in the
    field, inline tags and entities included. `parts` are what it was made of where sentences were cut apart or joined. `note`
    says where it stands ("heading 2", "alternative text"), `block` counts the blocks of its field from 0. Of an attribute's
    value, which stands between quotes, `attribute` is true; where its tag is part of another segment's text, `inside` is the id
    of that one.
    """

    id: str
    text: str
    parts: tuple[Part, ...] = ()
    note: str = ""
    block: int = 0
    attribute: bool = False
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A translation found in the store, and the text it was made from; not `sure` where it was only aligned."""

    text: str
    source: str
    sure: bool = True


@dataclass(frozen=True)
class TextField:
    """A translatable field: `layout` is what stands before, between and after its segments, one more than there are segments.

    `translations` are what the store had of each language, by segment id.
    """

    path: Key
    segments: tuple[Segment, ...]
    layout: tuple[str, ...]
    rich: bool = False
    translations: Mapping[Locale, Mapping[str, Found]] = field(default_factory=dict)

    def key(self, segment: Segment) -> Key:
        """The key path of a segment's unit."""
        return (*self.path, segment.id) if segment.id else self.path

    def build(self, texts: Mapping[str, str]) -> str:
        """The field with these texts by segment id; what is not named stays as it is in the source."""
        spoken = {segment.id: texts.get(segment.id, segment.text) for segment in self.segments}
        for segment in self.segments:
            if segment.inside:
                value = spoken.pop(segment.id)
                spoken[segment.inside] = _with_value(spoken[segment.inside], segment.text, value)
        said = ["", *(spoken.get(segment.id, "") for segment in self.segments), ""]
        layout = list(self.layout)
        for number, between in enumerate(layout[1:-1], 1):
            if between.isspace() and self._is_other(number, said) and _is_close(said[number], said[number + 1]):
                layout[number] = ""
        return "".join(chain.from_iterable(zip(said[:-1], layout, strict=True)))

    def _is_other(self, number: int, said: Sequence[str]) -> bool:
        """Whether one of the two sentences of a block that meet here is not that of the source."""
        before, after = self.segments[number - 1 : number + 1]
        same = before.block == after.block and not before.attribute and not after.attribute
        return same and (said[number] != before.text or said[number + 1] != after.text)


def _is_close(text: str, following: str) -> bool:
    """Whether two sentences follow one another without a space, as they do in Chinese and Japanese."""
    last, first = _UNSEEN.sub("", text).rstrip("\"'”’")[-1:], _UNSEEN.sub("", following)[:1]
    return _FULL_WIDTH.match(last) is not None or bool(_HAN.match(last) and _HAN.match(first))


def _with_value(text: str, value: str, other: str) -> str:
    """A text in which the first attribute of this value has another one."""
    places = (text.find(f"={quote}{value}{quote}") for quote in ('"', "'"))
    place = min((found for found in places if found >= 0), default=-1)
    return text if place < 0 else f"{text[: place + 2]}{other}{text[place + 2 + len(value) :]}"


@dataclass(frozen=True)
class Settled:
    """A document and its fields as they are translated. `last` is the number of the newest id that was given in it.

    `legal` documents change in all languages at once or not at all; of `national` ones translations are a courtesy.
    """

    ref: RecordRef
    document: Content
    fields: tuple[TextField, ...]
    last: int = 0
    legal: bool = False
    national: bool = False

    @cached_property
    def by_path(self) -> Mapping[Key, TextField]:
        return {field.path: field for field in self.fields}


def dump(settled: Settled) -> bytes:
    """A settled document as JSON, the same bytes for the same document; one line a segment, so that differences read well."""
    said = {
        "version": VERSION,
        "kind": settled.ref.kind,
        "identifier": settled.ref.identifier,
        "last": settled.last,
        "legal": settled.legal,
        "national": settled.national,
    }
    written = {name: _line(value) for name, value in said.items()}
    values = settled.document.items()
    written["document"] = _object({name: _by_name(value) for name, value in values}, " ")
    written["fields"] = _array([_field(one) for one in settled.fields], "")
    return (_object(written, "") + "\n").encode("utf-8", "surrogatepass")


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _object(written: Mapping[str, str], indent: str) -> str:
    """Names and JSON, a line each; written by hand because JSON's own indenting is slow and parts every list."""
    lines = (f"\n{indent} {_line(name)}: {value}" for name, value in written.items())
    return f"{{{','.join(lines)}\n{indent}}}"


def _array(written: Sequence[str], indent: str) -> str:
    lines = (f"\n{indent} {value}" for value in written)
    return f"[{','.join(lines)}\n{indent}]"


def _by_name(value: Any) -> str:
    """A text by language with a line for each."""
    if isinstance(value, Mapping):
        return _object({name: _line(one) for name, one in value.items()}, "  ")
    return _line(value)


def load(content: bytes) -> Settled:
    """Read what `dump` writes. Raises ValueError for anything else."""
    try:
        return _settled(json.loads(content.decode("utf-8", "surrogatepass")))
    except (KeyError, TypeError, AttributeError, RecursionError, ValueError) as error:
        raise ValueError("This is no settled document.") from error


def _settled(read: Mapping[str, Any]) -> Settled:
    if read["version"] != VERSION:
        raise ValueError(f"version {read['version']}")
    fields = tuple(_field_of(one) for one in read["fields"])
    if any(field.segments and not text_at(read["document"], field.path) for field in fields):
        raise ValueError("path")
    ref = RecordRef(_text(read["kind"]), _text(read["identifier"]))
    return Settled(ref, dict(read["document"]), fields, int(read["last"]), read["legal"], read["national"])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _field(one: TextField) -> str:
    written = {"path": _line(list(one.path)), "rich": _line(one.rich), "layout": _line(list(one.layout))}
    written["segments"] = _array([_line(_segment(segment)) for segment in one.segments], "  ")
    translations = {
        locale: _object({name: _line([found.text, found.source, found.sure]) for name, found in texts.items()}, "   ")
        for locale, texts in one.translations.items()
    }
    written["translations"] = _object(translations, "  ")
    return _object(written, " ")


def _segment(segment: Segment) -> dict[str, Any]:
    said: dict[str, Any] = {"id": segment.id, "text": segment.text}
    said |= {"parts": [[list(part.key), part.source, part.begin, part.end] for part in segment.parts]}
    said |= {"note": segment.note, "block": segment.block, "attribute": segment.attribute, "inside": segment.inside}
    return {name: value for name, value in said.items() if name in ("id", "text") or value}


def _field_of(read: Mapping[str, Any]) -> TextField:
    segments, layout = tuple(map(_segment_of, read["segments"])), tuple(map(_text, read["layout"]))
    if len(layout) != len(segments) + 1:
        raise ValueError("layout")
    if not {one.inside for one in segments} <= {"", *(one.id for one in segments)}:
        raise ValueError("inside")
    translations = {
        locale: {name: Found(_text(text), _text(source), sure) for name, (text, source, sure) in texts.items()}
        for locale, texts in read["translations"].items()
    }
    return TextField(tuple(map(_text, read["path"])), segments, layout, read["rich"], translations)


def _segment_of(read: Mapping[str, Any]) -> Segment:
    parts = tuple(
        Part(tuple(map(_text, key)), _text(source), int(begin), int(end))
        for key, source, begin, end in read.get("parts", ())
    )
    return Segment(
        _text(read["id"]),
        _text(read["text"]),
        parts,
        _text(read.get("note", "")),
        int(read.get("block", 0)),
        read.get("attribute", False),
        _text(read.get("inside", "")),
    )


def path_of(ref: RecordRef) -> str:
    """Where a document stands in our copy of its store."""
    return f"articles/{ref.identifier}.json" if ref.kind == ARTICLE else f"records/{ref.kind}/{ref.identifier}.json"


def placed(document: Content, path: Sequence[str], language: Locale, text: str) -> dict[str, Any]:
    """A document with another text in one language at a path; everything else is shared with the one it was made of."""
    made: dict[str, Any] = _placed(dict(document), list(path), language, text)
    return made


def _placed(held: Any, path: list[str], language: Locale, text: str) -> Any:
    if not path:
        return {**held, language: text} if isinstance(held, Mapping) else {language: text}
    name, rest = path[0], path[1:]
    if isinstance(held, list):
        return [_placed(one, rest, language, text) if str(at) == name else one for at, one in enumerate(held)]
    return {**held, name: _placed(held[name], rest, language, text)}


def as_said_today(settled: Settled, today: Content) -> Settled:
    """A settled document as if its store had said then what it says `today` in the languages that are translated."""
    document = settled.document
    for one in settled.fields:
        there = text_at(today, one.path)
        for language in one.translations.keys() & there.keys():
            document = placed(document, one.path, language, there[language])
    return replace(settled, document=document)


def with_languages(document: Content, languages: Iterable[Locale]) -> dict[str, Any]:
    """A document whose header names these languages too; an article has no header and stays as it is."""
    header = document.get("header")
    if not isinstance(header, Mapping):
        return dict(document)
    there = header.get("languages")
    known = list(there) if isinstance(there, list) else []
    more = [language for language in languages if language not in known]
    return {**document, "header": {**header, "languages": [*known, *more]}} if more else dict(document)
