"""Wording: labels that mean several things, links that say nothing, texts that do not fit or that shout."""

import re
from collections.abc import Iterator

from tm_service.checks.advice.words import known, plain, table
from tm_service.checks.reading import short
from tm_service.checks.seen import quoted, seen
from tm_service.checks.tags import tags
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.text import CodeKind, parse
from tm_service.domain.units import Unit

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_EMPTY_LINK = re.compile(r"^(?:(?:please )?click )?(?:here|this link|this)[.!:]?$", re.IGNORECASE)
_EMPTY_TEXT = re.compile(r"^(?:please )?click here[.!:]?$", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-Z]{4,}(?:[\s,]+(?:[A-Z]{2,}|&|A|I))+\b")
_LETTERS = 12  # capitals from which words are shouted, not abbreviated
_CHAIN = re.compile(r"!{2,}|\?{3,}|(?:!\?|\?!)[!?]*")
_ENTITY_QUOTE = re.compile(r"[“”]")
_STRAIGHT = re.compile(r"(?<![\d″])\"")
_TWICE = re.compile(r"\b(the|a|an|of|to|in|and|is|for|with|be|are|on|by)\s+\1\b", re.IGNORECASE)


def wording(unit: Unit) -> Iterator[Finding]:
    """One rule after the other; each says at most one thing of a text."""
    yield from _ambiguous(unit)
    yield from _links(unit)
    yield from _length(unit)
    yield from _capitals(unit)
    yield from _signs(unit)


def _key_parts(unit: Unit) -> list[str]:
    return [part.casefold() for name in unit.key for part in _PARTS.findall(name)]


def _ambiguous(unit: Unit) -> Iterator[Finding]:
    word = plain(unit)
    if word.casefold() in known("ambiguous", "words") and not unit.about.note:
        told = set(_key_parts(unit)[-1:] + _key_parts(unit)[:-1])
        if not told & known("ambiguous", "told"):
            template = "“{word}” alone may be a verb or a noun, two words in other languages; say which in a note."
            yield found("source-ambiguous", Severity.NOTE, template, word=word)


def _links(unit: Unit) -> Iterator[Finding]:
    template = "The link says only “{text}”; let it name what it leads to."
    if _EMPTY_TEXT.match(plain(unit)):
        yield found("source-link", Severity.NOTE, template, text=plain(unit))
        return
    text, opened = parse(unit.source), {}
    place = 0
    for part in text.parts:
        written = part if isinstance(part, str) else part.data
        if not isinstance(part, str) and part.pair and re.match(r"</?a\b", written, re.IGNORECASE):
            if part.kind is CodeKind.OPEN:
                opened[part.pair] = place + len(written)
            elif part.pair in opened:
                start = opened[part.pair]
                said = " ".join(seen(unit.source[start:place]).plain.split())
                if _EMPTY_LINK.match(said):
                    yield found("source-link", Severity.NOTE, template, place=(start, place), text=said)
        place += len(written)


def _length(unit: Unit) -> Iterator[Finding]:
    size = len(plain(unit))
    if unit.about.limit:
        if size > unit.about.limit:
            template = "The text has {size} characters and {limit} fit; shorten it before it is translated."
            yield found("source-length", Severity.WARNING, template, size=size, limit=unit.about.limit)
        return
    kind = (_key_parts(unit) or [""])[-1]
    fits = table("kinds").get(kind)
    if fits and size > fits and not tags(unit.source):
        template = "The text has {size} characters, and labels of its kind have room for about {limit}; shorten it."
        yield found("source-length", Severity.NOTE, template, size=size, limit=fits)


def _capitals(unit: Unit) -> Iterator[Finding]:
    shouted = _CAPITALS.search(plain(unit))
    if shouted and sum(character.isupper() for character in shouted[0]) >= _LETTERS:
        template = "“{text}” is in capitals, which many scripts do not have; write it in small letters and style it."
        yield found("source-capitals", Severity.NOTE, template, text=short(shouted[0]))


def _signs(unit: Unit) -> Iterator[Finding]:
    shown = plain(unit)
    chain = _CHAIN.search(shown)
    if chain:
        template = "“{signs}” is louder than the text needs; write one sign."
        yield found("source-exclamation", Severity.NOTE, template, signs=chain[0])
    if _ENTITY_QUOTE.search(shown) and _STRAIGHT.search(shown):
        template = "The text has both straight and curly quotation marks; write one kind."
        yield found("source-quotes", Severity.NOTE, template)
    twice = _TWICE.search(shown)
    if twice:
        template = "“{words}” stands twice; take one away."
        yield found("source-doubled", Severity.WARNING, template, words=quoted(twice[0]))
