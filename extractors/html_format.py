"""Formats of markup: the blocks of a page as slots, and pages put together again with what stands inside what."""

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from babel import Locale as Language
from babel import UnknownLocaleError

from extractors.html_blocks import Block, Blocks, Rules, Value
from extractors.html_texts import LITERAL, Hand, cut, decoded, decoded_value, habits, hand, shown
from extractors.html_tokens import Kind, Role, Syntax, Token, collapsed, tokens
from extractors.html_writing import Part, assembled, parts
from extractors.js_strings import js_value
from extractors.pages import Page
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice, splice
from tm_service.domain.findings import Finding
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import Key, Locale, Resource

PLAIN = Syntax()
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_LOOKED_AT = 1024  # bytes (WHATWG HTML 13.2.3.2)
_HTML_TAG = re.compile(r"<html(?=[\s>])", re.IGNORECASE)
_BLANKS = " \t\n\r\f"
_BARE_VALUE = re.compile(r"[^\s\"'=<>`]+")


@dataclass(frozen=True, slots=True)
class Passage(Slot):
    """A slot from `begin` to `end` in which others may stand; `parts` says which characters of the page stay."""

    begin: int = 0
    end: int = 0
    parts: Callable[[str], list[Part]] = list


class Markup(TextFormat):
    """An extractor of a format whose texts stand in tags. A new one says `syntaxes`, and `found` where not all is markup."""

    syntaxes: ClassVar[Mapping[str, tuple[Syntax, Rules]]]
    is_page: ClassVar[bool] = False  # whether it may be a whole page, which names its language

    def __init__(self, dialect: str = "") -> None:
        super().__init__(dialect)
        self.syntax, self.rules = self.syntaxes[dialect]

    def found(self, page: Page) -> Iterable[Block | Value]:
        """The texts and attributes that people read, in any order. Raises ExtractionError."""
        blocks = Blocks(page, self.rules, self.syntax)
        blocks.walk(tokens(page, self.syntax))
        return blocks.found

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002 - one language a page
        yield from self.slots_of(page, self.found(page))

    def slots_of(self, page: Page, texts: Iterable[Block | Value]) -> Iterator[Slot]:
        """Texts and attributes as slots, in file order."""
        found = sorted(texts, key=lambda each: each.begin)
        own = frozenset(each.begin for each in found if isinstance(each, Value))
        writer = hand(page.text, page.encoding, self.syntax)
        for each in found:
            yield self._value(page, each, writer) if isinstance(each, Value) else self._passage(page, each, own, writer)

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """As every text format does; what stands in a tag or code of another text goes where that tag or code goes."""
        page = self._page(resource.document)
        slots, _ = self._parsed(resource.document, locale)
        asked = [(slot, served[key]) for key, slot in slots.items() if key in served]
        # Where a language has no message yet, its source text is no translation: the site falls back by itself.
        changed = [(slot, one.text) for slot, one in asked if one.text != slot.text and (slot.text or one.translated)]
        made = sorted(self.spliced(page, [each for each in changed if not isinstance(each[0], Passage)]))
        passages = [(slot, text) for slot, text in changed if isinstance(slot, Passage)]
        for slot, text in sorted(passages, key=lambda each: each[0].end - each[0].begin):
            first, last = (bisect_left(made, (place, -1, "")) for place in (slot.begin, slot.end))
            written = assembled(page.text, slot.parts(text), made[first:last])
            del made[first:last]
            insort(made, Splice(slot.begin, slot.end, written))
        if locale and served:
            made += self.whole(page, locale, stamp)
        return page.encoded(splice(page.text, made)) if made else resource.document.content

    def spliced(self, page: Page, changed: Iterable[tuple[Slot, str]]) -> Iterator[Splice]:  # noqa: ARG002
        """What puts these texts into their slots."""
        for slot, text in changed:
            yield from slot.write(text)

    def encoding(self, content: bytes) -> str:
        """The encoding that a page declares, UTF-8 without one."""
        declared = _CHARSET.search(content[:_LOOKED_AT])
        return _codec(declared[1].decode()) if declared else "utf-8"

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterator[Splice]:  # noqa: ARG002
        """The language and direction of a whole page, where its `html` tag stands here and says them in plain words."""
        if not self.is_page or not _HTML_TAG.search(page.text):
            return
        starts = (each for each in tokens(page, self.syntax) if each.kind is Kind.OPEN)
        tag = next((each for each in starts if each.name == "html"), None)
        if tag is None:
            return
        said = {each.name: each for each in tag.attributes}
        wanted = {"lang": locale.replace("_", "-"), "dir": direction(locale)}
        for name, value in wanted.items():
            there = said.get(name)
            if there is None:
                if name == "lang" or value == "rtl":
                    yield Splice(tag.begin + 5, tag.begin + 5, f' {name}="{value}"')
            elif there.value and not self._has_code(page.text[slice(*there.value)]):
                yield Splice(*there.value, value)

    def _has_code(self, written: str) -> bool:
        return self.syntax.opener is not None and self.syntax.opener.search(written) is not None

    def _passage(self, page: Page, block: Block, own: frozenset[int], writer: Hand) -> Passage:
        kept = _trimmed(page.text, block.tokens)
        marks = tuple(shown(page.text, kept, own))
        texts = {each.token.begin: each.text for each in marks}
        begin, end = _edges(page.text, kept)
        said = (page.text[each.begin : each.end] for each in kept if each.kind is Kind.TEXT)
        written = "".join(words for words in said if not LITERAL.fullmatch(words))
        usual, is_icu = habits(written), any(each.role is Role.TEXT for each in kept)

        def seen(token: Token) -> str:
            source = page.text[token.begin : token.end]
            if token.kind is not Kind.TEXT:
                return collapsed(source) if token.role is Role.TEXT else texts[token.begin]
            spaced = source if block.spaced else self.syntax.space(source)
            return decoded_value(spaced) if block.plain else decoded(spaced, "{}" if "{" in self.syntax.escapes else "")

        def words(given: str) -> str:
            return writer.plain(given, usual) if block.plain else writer.text(given, usual, is_icu=is_icu)

        def made(target: str) -> list[Part]:
            return parts(target, marks, words, plain=block.plain)

        def write(target: str) -> tuple[Splice, ...]:
            return (Splice(begin, end, assembled(page.text, made(target), ())),)

        text = "".join(seen(each) for each in kept).strip(_BLANKS)
        return Passage(block.key, text, write, None, block.about, begin, end, made)

    def _value(self, page: Page, value: Value, writer: Hand) -> Slot:
        attribute = value.attribute
        begin, end = attribute.value or (0, 0)
        written = page.text[begin:end]
        if attribute.quote == "{":
            return _literal(value, written, writer)
        pieces = cut(written, self.syntax)
        usual = habits("".join(words for words, is_code in pieces if not is_code))
        codes = {words for words, is_code in pieces if is_code}
        text = "".join(words if is_code else decoded_value(words) for words, is_code in pieces)

        def write(target: str) -> tuple[Splice, ...]:
            quote = attribute.quote or ('"' if not _BARE_VALUE.fullmatch(target) else "")
            added = quote if not attribute.quote else ""
            said = "".join(
                words if is_code else writer.value(words, usual, quote) for words, is_code in _cut_at(target, codes)
            )
            return (Splice(begin, end, f"{added}{said}{added}"),)

        return Slot(value.key, text, write, None, value.about)


def _literal(value: Value, written: str, writer: Hand) -> Slot:
    """A string in an expression, `title={'Open'}`, which becomes a plain one when it is written."""
    found = LITERAL.fullmatch(written)
    place = value.attribute.value or (0, 0)

    def write(target: str) -> tuple[Splice, ...]:
        return (Splice(*place, '"' + writer.value(target, {}, '"') + '"'),)

    return Slot(value.key, js_value(found[2]) if found else "", write, None, value.about)


def direction(locale: Locale) -> str:
    """`rtl` or `ltr`, by the language of a code as a site writes it."""
    try:
        return str(Language.parse(locale.replace("-", "_")).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def _codec(label: str) -> str:
    """A label as browsers read it: what calls itself Latin 1 is windows-1252 (WHATWG Encoding 4.2)."""
    name = label.lower()
    if name in ("iso-8859-1", "latin1", "us-ascii", "ascii", "iso8859-1"):
        return "windows-1252"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return "utf-8" if name.startswith("utf") else name


def _trimmed(text: str, run: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without blanks and comments at both ends."""
    begin, end = 0, len(run)
    while begin < end and _is_blank(text, run[begin]):
        begin += 1
    while end > begin and _is_blank(text, run[end - 1]):
        end -= 1
    return run[begin:end]


def _is_blank(text: str, token: Token) -> bool:
    return token.kind is Kind.COMMENT or (token.kind is Kind.TEXT and not text[token.begin : token.end].strip(_BLANKS))


def _edges(text: str, run: tuple[Token, ...]) -> tuple[int, int]:
    begin, end = run[0].begin, run[-1].end
    if run[0].kind is Kind.TEXT:
        begin += run[0].end - begin - len(text[begin : run[0].end].lstrip(_BLANKS))
    if run[-1].kind is Kind.TEXT:
        end = run[-1].begin + len(text[run[-1].begin : end].rstrip(_BLANKS))
    return begin, end


def _cut_at(target: str, codes: set[str]) -> list[tuple[str, bool]]:
    """A translation cut at the codes of its source."""
    if not codes:
        return [(target, False)]
    pattern = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    return [(words, words in codes) for words in re.split(f"({pattern})", target) if words]
