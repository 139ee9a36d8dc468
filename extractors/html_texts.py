"""Texts of markup: what translators see of a stretch of a page, with white space and characters as readers see them.

Tags and codes are shown as they are written, except for what is no part of the sentence: attributes that are units of their
own, and expressions that would end a tag or a code too soon. Those are left out and put back by where they came from.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from html.entities import codepoint2name, html5

from extractors.html_tokens import Attribute, Kind, Role, Syntax, Token, collapsed

_LEGACY = "|".join(sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True))
REFERENCE = re.compile(
    rf"&(?:#[0-9]{{1,7}};?|#[xX][0-9a-fA-F]{{1,6}};?|[A-Za-z][A-Za-z0-9]{{1,31}};|(?:{_LEGACY})(?P<bare>))"
)
_IN_ATTRIBUTE = re.compile(
    rf"&(?:#[0-9]{{1,7}};?|#[xX][0-9a-fA-F]{{1,6}};?|[A-Za-z][A-Za-z0-9]{{1,31}};|(?:{_LEGACY})(?![=A-Za-z0-9]))"
)
_NAMES = {chr(code): f"&{name};" for code, name in codepoint2name.items()}  # those that XML-like readers know, too
_LONG = 99_999  # some readers of JSX know five decimal digits
_LETTER = re.compile(r"[^\W\d_]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LETTER_REFERENCE = re.compile(r"&(?:[A-Za-z]+(?:acute|grave|circ|uml|tilde|cedil|ring|slash|caron);|#\d{3,6};)")
_WRITTEN = re.compile(r"""[^\x20-\x7e\t\n\r\f]|[&<>"'{}@]""")
_UNREADABLE = re.compile(r"[<>]")
# What `tm_service.domain.text` tells from words, and what it should.
_READABLE = re.compile(
    r"\{\{[^{}]{1,200}\}\}|\{\s*[\w.$\-\[\]]{1,80}\s*\}|\{%.*%\}|<%.*%>|\{\{\{[^{}]*\}\}\}|\{[#:/@][^{}<>]*\}",
    re.DOTALL,
)
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
TAG = re.compile(r"""<(/?)([A-Za-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^<>"'])*)>""")
LITERAL = re.compile(r"""\{\s*(["'`])((?:(?!\1|\$\{)[^\\]|\\[\s\S])*+)\1\s*\}""")  # a string as an expression


def has_words(written: str) -> bool:
    """Whether a text has letters, those of its character references' names left out."""
    return _LETTER.search(REFERENCE.sub(_character, written) if "&" in written else written) is not None


def _character(found: re.Match[str]) -> str:
    return unescape(found[0])


def decoded(written: str, kept: Collection[str] = ()) -> str:
    """Undo references to characters that can be seen; what would then be read as markup stays."""
    if "&" not in written:
        return written

    def seen(found: re.Match[str]) -> str:
        character, follows = unescape(found[0]), written[found.end() : found.end() + 1]
        if character == found[0] or character in kept or not character.isprintable() or character.isspace():
            return found[0]
        if character == "<" and (follows.isalpha() or follows in "/!?%"):
            return found[0]
        is_ambiguous = character == "&" and REFERENCE.match("&" + written[found.end() : found.end() + 40])
        return found[0] if is_ambiguous else character

    return REFERENCE.sub(seen, written)


def decoded_value(written: str) -> str:
    """An attribute's value as a browser reads it."""
    return _IN_ATTRIBUTE.sub(_character, written) if "&" in written else written


def cut(written: str, syntax: Syntax) -> list[tuple[str, bool]]:
    """An attribute's value cut into words and, told by True, codes."""
    pieces: list[tuple[str, bool]] = []
    begin = place = 0
    while syntax.opener and (found := syntax.opener.search(written, place)):
        code = syntax.code(written, found.start(), found)
        place = found.start() + 1 if code is None or code.end < 0 else code.end
        if code is not None and code.end >= 0 and code.role is not Role.TEXT:
            pieces += ((written[begin : found.start()], False), (written[found.start() : place], True))
            begin = place
    return [*pieces, (written[begin:], False)]


def habits(written: str) -> Mapping[str, str]:
    """Characters that a stretch of a page writes as references only, and how."""
    found = {unescape(reference[0]): reference[0] for reference in REFERENCE.finditer(written)}
    raw = REFERENCE.sub("", written) if found else ""
    return {character: reference for character, reference in found.items() if character not in raw}


@dataclass(frozen=True, slots=True)
class Hand:
    """How a page writes characters; `referring` where it writes letters as references."""

    encoding: str
    syntax: Syntax
    referring: bool

    def text(self, words: str, usual: Mapping[str, str], *, is_icu: bool = False) -> str:
        """Words between tags; proper references in them stay references."""
        escapes = {"<": "&lt;", **({} if is_icu else self.syntax.escapes)}
        written = self._written(words, usual, escapes, keeps=True)
        return written if is_icu else self._unbroken(written)

    def plain(self, words: str, usual: Mapping[str, str]) -> str:
        """Words of an element without tags, exactly as given."""
        return self._unbroken(self._written(words, usual, {"<": "&lt;"}, keeps=False))

    def value(self, words: str, usual: Mapping[str, str], quote: str) -> str:
        """Words of an attribute's value, exactly as given."""
        quotes = {quote: "&quot;" if quote == '"' else "&#39;"}
        return self._unbroken(self._written(words, usual, quotes, keeps=False))

    def _written(self, words: str, usual: Mapping[str, str], escapes: Mapping[str, str], *, keeps: bool) -> str:
        words = _CONTROL.sub("", words)

        def one(found: re.Match[str]) -> str:
            character = found[0]
            if character == "&":
                return self._ampersand(words, found.start(), usual, keeps=keeps)
            if character in escapes:
                return usual.get(character, escapes[character])
            if character in usual:
                return usual[character]
            is_seen = character.isprintable()
            if character < "\x80" or (not (self.referring and is_seen) and self._holds(character)):
                return character
            number = f"&#{ord(character)};" if ord(character) <= _LONG else f"&#x{ord(character):X};"
            return _NAMES.get(character, number) if self.referring else number

        return _WRITTEN.sub(one, words)

    def _ampersand(self, words: str, place: int, usual: Mapping[str, str], *, keeps: bool) -> str:
        reference = REFERENCE.match(words, place)
        if reference is None:
            return usual.get("&", "&")
        is_meant = keeps and reference["bare"] is None and reference[0].endswith(";")
        return "&" if is_meant and unescape(reference[0]) != reference[0] else "&amp;"

    def _unbroken(self, words: str) -> str:
        """Words in which nothing is read as a template's code."""
        opener = self.syntax.opener
        if opener is None or not opener.search(words):
            return words
        return opener.sub(lambda found: self.syntax.breaks.get(found[0][0], found[0][0]) + found[0][1:], words)

    def _holds(self, character: str) -> bool:
        try:
            character.encode(self.encoding, "surrogatepass" if self.encoding.startswith("utf") else "strict")
        except UnicodeEncodeError:
            return False
        return True


def hand(text: str, encoding: str, syntax: Syntax) -> Hand:
    """Read off a page how it writes characters."""
    return Hand(encoding, syntax, text.isascii() and _LETTER_REFERENCE.search(text) is not None)


@dataclass(frozen=True, slots=True)
class Shown:
    """A tag or code as translators see it and where it stands; `hidden` are the attributes that are not shown of it."""

    text: str
    token: Token
    hidden: tuple[Attribute, ...] = ()


def shown(page: str, stretch: Sequence[Token], own: Collection[int]) -> Iterator[Shown]:
    """Tags, codes and comments of a stretch as translators see them, each telling where it came from.

    `own` says where attributes begin that are units of their own. What looks the same and is not gets a number.
    """
    taken: dict[str, tuple[str, bool]] = {}
    for token in stretch:
        if token.kind is Kind.TEXT:
            continue
        if token.role is Role.TEXT:
            yield from _tags_within(page, token)
            continue
        source = page[token.begin : token.end]
        text, hidden = _seen(page, token, own)
        is_short = bool(hidden) or text != collapsed(source)
        number, numbered = 1, text
        while numbered in taken and (is_short or taken[numbered] != (source, False)):
            number += 1
            numbered = _numbered(text, number)
        taken[numbered] = (source, is_short)
        yield Shown(numbered, token, hidden)


def _tags_within(page: str, token: Token) -> Iterator[Shown]:
    """The tags in the arms of an ICU expression."""
    for found in TAG.finditer(page, token.begin, token.end):
        kind = Kind.CLOSE if found[1] else Kind.OPEN
        yield Shown(found[0], Token(kind, found.start(), found.end(), found[2].lower()))


def _seen(page: str, token: Token, own: Collection[int]) -> tuple[str, tuple[Attribute, ...]]:
    source = page[token.begin : token.end]
    if token.kind is Kind.OPEN and token.nested:
        return f"<{token.name}/>", ()
    if token.kind is Kind.OPEN:
        hidden = tuple(
            each for each in token.attributes if each.begin in own or _UNREADABLE.search(page, each.begin, each.end)
        )
        if not hidden:
            return collapsed(source), ()
        kept = [page[each.begin : each.end] for each in token.attributes if each not in hidden]
        return collapsed(" ".join((f"<{_written_name(source)}", *kept))) + (
            "/>" if source.endswith("/>") else ">"
        ), hidden
    if not source.startswith("<") and (token.nested or not _READABLE.fullmatch(source)):
        found = _IDENTIFIER.search(source)
        name = f"{{{found[0] if found else 'end' if token.role is Role.CLOSES else 'value'}}}"
        return f"{{{name}}}" if source.startswith("{{") else name, ()
    return collapsed(source), ()


def _written_name(source: str) -> str:
    found = re.match(r"<([^\s/>]*)", source)
    return found[1] if found else ""


def _numbered(text: str, number: int) -> str:
    """`<a href="x">` with a number as an attribute, `{name}` with one at the end of its name."""
    if text.startswith("<"):
        end = -2 if text.endswith("/>") else -1
        return f'{text[:end].rstrip()} n="{number}"{text[end:]}'
    end = len(text.rstrip("}%> "))
    return f"{text[:end]}{number}{text[end:]}"
