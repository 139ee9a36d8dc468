"""TMX in: the entries of a memory of any tool, one at a time, and what of it could not be used.

Versions 1.1 to 1.4b, levels 1 and 2. Memory stays the same whatever the size of the file: it is cut into entries before it
is parsed, and each is read and let go of. An entry that cannot be read is told by its number and line and left out, the next
is read; only a file that is no TMX, or declares entities, is refused as a whole.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lxml import etree

from memory.interchange.cutting import Cutter, Entry, damaged
from memory.interchange.dialects import SOURCE, TARGET, Properties, time_of, understood
from memory.interchange.head import Head, read_head
from memory.interchange.inline import attribute, text_of
from memory.interchange.intake import (
    LIMITS,
    Limits,
    Problem,
    attributes,
    brief,
    inside,
    nothing_asked,
    opened,
    parser,
    reason,
    utf8,
)
from memory.interchange.languages import chosen, locale_of, speaks
from memory.interchange.ours import ADDED, PREFIX, named, restored, turned
from tm_service.domain.serving import Translation
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Locale

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TWO = 2
_LANGUAGES = 100  # codes remembered of one file
_VALUE = rb"""\s*=\s*(?:"[^"<]*"|'[^'<]*')"""
# libxml2 keeps every name it has met for as long as the process lives; names that TMX does not have are therefore counted.
_STRANGE = re.compile(
    rb"<(?!/?(?:tuv?|prop|note|seg|bpt|ept|ph|it|hi|ut|sub)(?:\s+(?:xml:lang|lang|type|i|x|pos|assoc|tuid|o-encoding"
    rb"|datatype|usagecount|lastusagedate|creationtool|creationtoolversion|creationdate|creationid|changedate|changeid"
    rb"|segtype|o-tmf|srclang)" + _VALUE + rb")*\s*/?>|!)"
)
_NAME = re.compile(rb"<\??([\w:.\-]+)|([\w:.\-]+)\s*=\s*[\"']")
_print = fingerprint.__wrapped__  # texts of a stream come once; keeping them would only fill the cache


def read_tmx(
    content: BinaryIO | Path,
    *,
    memory: str,
    at: datetime,
    source: Locale | None = None,
    targets: Collection[Locale] | None = None,
    reference: str = "",
    limits: Limits = LIMITS,
) -> Iterator[Translation | Problem]:
    """The pairs of a TMX file as entries of `memory`, in file order, with the problems where they stand.

    `source` and `targets` are the pairs asked for, any code of a language answering (`EN-us` is `en`). Without `source` it is
    what the file says, and where that is `*all*` or missing every pair once, the earlier text being the source; without
    `targets` every other language. `at` is the time of entries that say none, `reference` what they came by.

    Raises ReturnRejected before the first entry.
    """
    with opened(content) as (name, stream):
        blocks = utf8(name, stream)
        head, held, line = read_head(name, blocks, limits)
        asked = _Asked(memory, at, source, tuple(targets) if targets is not None else None, reference)
        reader = _Reader(asked, head, limits)
        cutter = Cutter(limits)
        for piece in cutter.cut(blocks, held, line):
            if isinstance(piece, Problem):
                yield piece
                continue
            try:
                yield from reader.read(piece)
            except _TooManyNames:
                message = (
                    f"From entry {piece.number} (line {piece.line}) on nothing was read: this is no TMX of any tool."
                )
                yield Problem(piece.number, piece.line, message)
                return
        if cutter.number and not reader.spoken and reader.seen:
            yield nothing_asked(source, asked.targets, reader.seen)


@dataclass(frozen=True, slots=True)
class _Asked:
    memory: str
    at: datetime
    source: Locale | None
    targets: tuple[Locale, ...] | None
    reference: str

    def target(self, code: str) -> Locale:
        """The locale of a code where it is asked for, else empty."""
        return locale_of(code) if self.targets is None else chosen(code, self.targets)


class _Variant(NamedTuple):
    """One `tuv`: its code as written, its text, and its properties without their level."""

    code: str
    text: str
    properties: Properties

    def said(self, level: str, locale: Locale) -> Properties:
        """Its properties under their names, with the code where the locale does not say it."""
        code = ((f"{level}@xml:lang", self.code),) if self.code != locale else ()
        return (*code, *((level + name, value) for name, value in self.properties))


Pair = tuple[_Variant, Locale, _Variant, Locale]


class _Damage(Exception):
    """What is wrong with one entry."""


class _TooManyNames(Exception):
    """A file made to fill memory with names."""


class _Reader:
    """Reads the entries of one file; `spoken` says whether a pair asked for was there, `seen` which codes there are."""

    def __init__(self, asked: _Asked, head: Head, limits: Limits) -> None:
        self.spoken, self.seen = False, dict[str, None]()
        self._asked, self._head, self._limits = asked, head, limits
        self._names: set[bytes] = set()
        self._parser = parser()
        self._at = time_of(head.attributes.get("changedate", "")) or time_of(head.attributes.get("creationdate", ""))
        spaces = "".join(f' xmlns:{prefix}="{attribute(address)}"' for prefix, address in head.namespaces.items())
        self._open = f"<tmx{spaces}>".encode()

    def read(self, entry: Entry) -> Iterator[Translation | Problem]:
        self._watch(entry.content)
        try:
            yield from self._unit(self._parsed(entry.content), entry)
        except _Damage as damage:
            self.spoken = True  # what it would have been is not known
            yield damaged(entry.number, entry.line, str(damage))

    def _watch(self, content: bytes) -> None:
        if _STRANGE.search(content):
            self._names.update(name for names in _NAME.findall(content) for name in names)
            if len(self._names) > self._limits.names:
                raise _TooManyNames

    def _parsed(self, content: bytes) -> etree._Element:
        try:
            unit = etree.fromstring(self._open + content + b"</tmx>", self._parser)[0]
        except etree.XMLSyntaxError as error:
            raise _Damage(f"is not well-formed XML ({reason(error)})") from None
        if unit.tag != "tu":
            raise _Damage(f"is <{brief(unit.tag, 60)}>, which TMX does not have")
        return unit

    def _unit(self, unit: etree._Element, entry: Entry) -> Iterator[Translation | Problem]:
        own: dict[str, str] = {}
        properties, elements = self._properties(unit, "tuv", own)
        if len(elements) > self._limits.texts:
            raise _Damage(f"has more than {self._limits.texts} texts")
        variants = [self._variant(element) for element in elements]
        if len(self.seen) < _LANGUAGES:
            self.seen.update(dict.fromkeys(variant.code for variant in variants))
        if ADDED in own and len(variants) == _TWO:
            yield from self._ours(own, properties, variants)
            return
        for pair in self._pairs(variants, unit.get("srclang") or self._head.attributes.get("srclang", "")):
            self.spoken = True
            blank = [variant.code for variant in (pair[0], pair[2]) if not variant.text.strip()]
            if blank:
                yield damaged(entry.number, entry.line, f"has no text in {brief(blank[0], 40)}")
            else:
                yield self._translation(pair, properties)

    def _properties(
        self, element: etree._Element, texts: str, own: dict[str, str] | None = None
    ) -> tuple[Properties, list[etree._Element]]:
        """What stands beside the texts, and the elements that hold them, by their tag.

        What is ours goes to `own`, what is blank says nothing.
        """
        said = [
            (f"@{name}", value)
            for name, value in attributes(element).items()
            if name != "lang" and name[0] != "{" and value.strip()
        ]
        found = []
        if len(element) > self._limits.properties:
            raise _Damage(f"has more than {self._limits.properties} properties")
        for child in element:
            tag = child.tag
            if tag == texts:
                found.append(child)
            elif tag == "prop":
                kind, value = child.get("type", ""), inside(child)
                if own is not None and kind.startswith(PREFIX):
                    own[kind.removeprefix(PREFIX)] = value
                elif value.strip():
                    said.append((named("", kind), value))
            elif tag == "note" and (value := inside(child)).strip():
                said.append(("note", value))
        return tuple(said), found

    def _variant(self, element: etree._Element) -> _Variant:
        code = element.get(_LANG) or element.get("lang") or ""
        properties, texts = self._properties(element, "seg")
        if not locale_of(code):
            what = f"in no language ({brief(code, 40)})" if code else "without its language"
            raise _Damage(f"has a text {what}")
        if len(texts) != 1:
            raise _Damage(f"has {'no' if not texts else 'more than one'} text in {brief(code, 40)}")
        return _Variant(code, text_of(texts[0]), properties)

    def _pairs(self, variants: list[_Variant], said: str) -> Iterator[Pair]:
        """The pairs asked for; `said` is the source language the file gives."""
        source = self._asked.source
        if source is not None:
            sources = [variant for variant in variants if speaks(variant.code, source)]
        else:
            sources = [one for one in variants if speaks(one.code, said) or speaks(said, one.code)]
        for place, target in enumerate(variants):
            locale = self._asked.target(target.code)
            for other, one in enumerate(variants):
                source_locale = source or locale_of(one.code)
                if not locale or locale == source_locale:
                    continue
                is_source = source is None and (other < place or not self._asked.target(one.code))
                if one in sources if sources else is_source:
                    yield one, source_locale, target, locale

    def _ours(self, own: dict[str, str], properties: Properties, variants: list[_Variant]) -> Iterator[Translation]:
        """An entry that was written here, read against its direction where that is asked for."""
        first, second = variants
        languages = own["languages"].partition(" ")[::2] if "languages" in own else (first.code, second.code)
        said = (*properties, *first.said(SOURCE, languages[0]), *second.said(TARGET, languages[1]))
        try:
            entry = restored(
                own,
                memory=self._asked.memory,
                texts=(first.text, second.text),
                languages=(first.code, second.code),
                properties=said,
            )
        except ValueError as error:
            raise _Damage(f"has properties of ours that were changed ({brief(str(error), 80)})") from None
        source = self._asked.source
        if (source is None or speaks(entry.source_locale, source)) and self._asked.target(entry.locale):
            self.spoken = True
            yield entry
        elif source is not None and speaks(entry.locale, source) and self._asked.target(entry.source_locale):
            self.spoken = True
            yield turned(entry)

    def _translation(self, pair: Pair, properties: Properties) -> Translation:
        one, source_locale, other, locale = pair
        properties = (*properties, *one.said(SOURCE, source_locale), *other.said(TARGET, locale))
        said = understood(properties, self._head.properties)
        return Translation(
            site=self._asked.memory,
            locale=locale,
            resource=said.resource,
            key=said.key,
            fingerprint=_print(one.text),
            source=one.text,
            target=other.text,
            at=said.at or self._at or self._asked.at,
            origin=said.origin,
            state=said.state,
            author=said.author,
            reference=self._asked.reference,
            previous=said.previous,
            following=said.following,
            source_locale=source_locale,
            properties=properties,
        )
