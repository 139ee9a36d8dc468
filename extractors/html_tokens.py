"""Tokens of markup: tags with their attributes, texts, comments and template codes, each by the characters it stands in.

The states are those of the HTML standard's tokenizer (WHATWG HTML 13.2.5). What a browser would mend by dropping the rest of
the page, such as a comment that nobody ends, is refused with its place instead.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from extractors.pages import Page

_BLANKS = re.compile(r"[ \t\n\r\f]+")


def collapsed(written: str) -> str:
    """White space as a browser shows it."""
    return _BLANKS.sub(" ", written)


class Kind(Enum):
    TEXT = auto()
    OPEN = auto()  # a start tag
    CLOSE = auto()  # an end tag
    CODE = auto()  # a template's code, {{ x }} or {% if x %}
    COMMENT = auto()
    DATA = auto()  # what stands in a script or style


class Role(Enum):
    """What a code is to the sentence around it."""

    VALUE = auto()  # puts something there
    TEXT = auto()  # holds words itself, as ICU's plural does
    OPENS = auto()  # begins a part of the page that is there on a condition or many times
    PARTS = auto()  # else
    CLOSES = auto()
    STATEMENT = auto()  # shows nothing
    NOTE = auto()  # a comment


class Attribute(NamedTuple):
    """An attribute from `begin` to `end`; its value stands in `value`, None where it has none that is a plain string.

    `quote` is what stands around the value: a quotation mark, nothing, or `{` for a string in an expression.
    """

    name: str
    begin: int
    end: int
    value: tuple[int, int] | None = None
    quote: str = ""


class Token(NamedTuple):
    """`name` is the element's, or the keyword of a code; `note` what a comment says; `alone` where no end tag follows."""

    kind: Kind
    begin: int
    end: int
    name: str = ""
    attributes: tuple[Attribute, ...] = ()
    role: Role = Role.VALUE
    note: str = ""
    alone: bool = False
    nested: tuple[tuple["Token", ...], ...] = ()  # trees of markup within a code, as JSX has them


class Code(NamedTuple):
    """A code that ends before `end`; a negative end says that nothing closes it."""

    end: int
    role: Role
    name: str = ""
    note: str = ""


def _no_code(text: str, place: int, found: re.Match[str]) -> Code | None:  # noqa: ARG001 - the shape of a reader
    return None


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a kind of template differs from plain HTML.

    `opener` finds where a code may begin and `code` reads it, None where it is text after all; `anywhere` where codes stand in
    tags and attribute values, too, because a server reads them before there are tags. `cased` where names are case-sensitive,
    `closes_itself` where `<x/>` is a whole element. `raw` are elements whose content is no markup. `escapes` are characters
    that a text cannot hold as they are, `breaks` what is put for the first character of a code that must not be one.
    `space` gives the white space of a text as readers see it.
    """

    opener: re.Pattern[str] | None = None
    code: Callable[[str, int, re.Match[str]], Code | None] = _no_code
    anywhere: bool = False
    cased: bool = False
    closes_itself: bool = False
    raw: frozenset[str] = frozenset(["script", "style"])
    escapes: Mapping[str, str] = field(default_factory=dict)
    breaks: Mapping[str, str] = field(default_factory=lambda: {"{": "&#123;", "@": "&#64;", "}": "&#125;", "<": "&lt;"})
    space: Callable[[str], str] = collapsed

    @property
    def special(self) -> re.Pattern[str]:
        return _special(self.opener.pattern if self.opener else "")


VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
TEXT_ONLY = frozenset(["title", "textarea"])  # elements with text and character references, without tags
_NO_MARKUP = frozenset(["iframe", "noembed", "noframes", "xmp", "plaintext"])
_TEMPLATE_TYPE = re.compile(r"text/(?:ng-template|x-template|html|template|x-handlebars\S*)", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"""([^\s/>][^\s/>=]*+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*+)|(?=>)))?"""  # 1 name, 2 to 4 value
)
_BETWEEN = re.compile(r"[\s/]*")
_EQUALS = re.compile(r"\s*=\s*")
_QUOTE_AHEAD = re.compile(r"""\s*=\s*["']""")
_NAME_ENDS = re.compile(r"[\s/>=]")
_COMMENT_END = re.compile(r"--!?>")
_NO_QUOTES = {'"': re.compile('"'), "'": re.compile("'"), "": re.compile(r"[\s>]")}


@cache
def _special(opener: str) -> re.Pattern[str]:
    tags = "<(?=[A-Za-z/!?])"
    return re.compile(f"(?:{opener})|(?P<tag>{tags})" if opener else f"(?P<tag>{tags})")


@cache
def _raw_end(name: str) -> re.Pattern[str]:
    return re.compile(rf"</(?={re.escape(name)}[\s/>])", re.IGNORECASE)


def tokens(page: Page, syntax: Syntax, begin: int = 0, end: int = -1) -> Iterator[Token]:
    """Cut a stretch of a page into tokens that leave nothing out. Raises ExtractionError where something is never closed."""
    return _Tokenizer(page, syntax, len(page.text) if end < 0 else end).run(begin)


class _Tokenizer:
    def __init__(self, page: Page, syntax: Syntax, end: int) -> None:
        self.page, self.text, self.end, self.syntax = page, page.text, end, syntax
        self.opener = syntax.opener

    def run(self, place: int) -> Iterator[Token]:
        search, text, end = self.syntax.special.search, self.text, self.end
        begin = place
        while found := search(text, place, end):
            token = self._markup(found.start()) if found["tag"] else self._code(found)
            if token is None:
                place = found.start() + 1
                continue
            if found.start() > begin:
                yield Token(Kind.TEXT, begin, found.start())
            yield token
            begin = place = token.end
            if token.kind is Kind.OPEN and not token.alone and (inside := self._content(token)) is not None:
                yield from inside
                begin = place = self._raw_ends(token)
        if begin < end:
            yield Token(Kind.TEXT, begin, end)

    def _content(self, token: Token) -> Iterator[Token] | None:
        """The content of an element that holds no tags; None for any other."""
        name = token.name.lower() if not self.syntax.cased else token.name
        if name in self.syntax.raw or name in _NO_MARKUP:
            if name == "script" and _TEMPLATE_TYPE.fullmatch(self._value(token, "type")):
                return None
            close = self._raw_ends(token)
            return iter((Token(Kind.DATA, token.end, close),) if close > token.end else ())
        return self._texts(token.end, self._raw_ends(token)) if name in TEXT_ONLY else None

    def _raw_ends(self, token: Token) -> int:
        close = _raw_end(token.name).search(self.text, token.end, self.end)
        if close is None:
            raise self.page.error(
                token.begin, f"the <{token.name}> that begins here has no </{token.name}>; write its end tag"
            )
        return close.start()

    def _texts(self, place: int, end: int) -> Iterator[Token]:
        begin = place
        while self.opener and (found := self.opener.search(self.text, place, end)):
            token = self._code(found)
            if token is None or token.end > end:
                place = found.start() + 1
                continue
            if found.start() > begin:
                yield Token(Kind.TEXT, begin, found.start())
            yield token
            begin = place = token.end
        if begin < end:
            yield Token(Kind.TEXT, begin, end)

    def _value(self, token: Token, name: str) -> str:
        return next(
            (self.text[slice(*each.value)] for each in token.attributes if each.name == name and each.value), ""
        )

    def _code(self, found: re.Match[str]) -> Token | None:
        code = self.syntax.code(self.text, found.start(), found)
        if code is None:
            return None
        if code.end < 0 or code.end > self.end:
            raise self.page.error(found.start(), f"the {found[0].strip()} that begins here is never closed")
        kind = Kind.COMMENT if code.role is Role.NOTE else Kind.CODE
        return Token(kind, found.start(), code.end, code.name, role=code.role, note=code.note)

    def _markup(self, place: int) -> Token | None:
        text = self.text
        if tag := _TAG.match(text, place, self.end):
            return self._tag(tag)
        if text.startswith("<!--", place):
            return self._comment(place)
        if text.startswith("</>", place):
            return Token(Kind.COMMENT, place, place + 3)
        is_php = text.startswith(("<?php", "<?="), place)
        end = text.find("?>" if is_php else ">", place, self.end)
        if end < 0 and is_php:
            return Token(Kind.CODE, place, self.end, "php", role=Role.STATEMENT)
        if end < 0:
            raise self.page.error(place, "the < that begins here is never closed; write &lt; for the character")
        if is_php:
            return Token(
                Kind.CODE, place, end + 2, "php", role=Role.VALUE if text[place + 2] == "=" else Role.STATEMENT
            )
        return Token(Kind.COMMENT, place, end + 1)

    def _comment(self, place: int) -> Token:
        for empty in ("<!-->", "<!--->"):
            if self.text.startswith(empty, place):
                return Token(Kind.COMMENT, place, place + len(empty))
        end = _COMMENT_END.search(self.text, place + 4, self.end)
        if end is None:
            raise self.page.error(place, "the comment that begins here is never closed; write --> where it ends")
        said = self.text[place + 4 : end.start()]
        note = "" if said.lstrip().startswith(("[if", "<![", "#", "/ko", "ko ")) else said
        return Token(Kind.COMMENT, place, end.end(), note=note)

    def _tag(self, tag: re.Match[str]) -> Token:
        text, end, opener = self.text, self.end, self.opener if self.syntax.anywhere else None
        name, place = tag[1], tag.end()
        if text.startswith(">", place) and place < end and not (opener and opener.search(name)):
            return self._token(tag, place, name, ())
        if opener and (inside := opener.search(name)) and inside.start():
            name, place = name[: inside.start()], tag.start(1) + inside.start()
        attributes: list[Attribute] = []
        while True:
            between = _BETWEEN.match(text, place, end)
            place = between.end() if between else place
            if place >= end:
                raise self.page.error(
                    tag.start(), f"the tag {tag[0]} that begins here is never closed; write > where it ends"
                )
            if text[place] == ">":
                break
            found = _ATTRIBUTE.match(text, place, end)
            if found is None or (opener and opener.search(text, place, found.end())):
                attribute = self._attribute_with_codes(place, tag)
            elif found.lastindex == 1 and (quote := _QUOTE_AHEAD.match(text, found.end(1), end)):
                raise self._unquoted(quote.end() - 1, tag)
            else:
                attribute = _attribute(found)
            attributes.append(attribute)
            place = attribute.end
        return self._token(tag, place, name, attributes)

    def _token(self, tag: re.Match[str], place: int, name: str, attributes: Sequence[Attribute]) -> Token:
        """The tag that ends with the character at `place`."""
        begin = tag.start()
        if not self.syntax.cased:
            name = name.lower()
            attributes = [each if each.name.islower() else each._replace(name=each.name.lower()) for each in attributes]
        if self.text[begin + 1] == "/":
            return Token(Kind.CLOSE, begin, place + 1, name)
        alone = name in VOID or (self.syntax.closes_itself and self.text[place - 1] == "/")
        return Token(Kind.OPEN, begin, place + 1, name, tuple(attributes), alone=alone)

    def _unquoted(self, place: int, tag: re.Match[str]) -> Exception:
        return self.page.error(
            place, f"a quotation mark in the tag {tag[0]} is never closed; write it where the value ends"
        )

    def _attribute_with_codes(self, place: int, tag: re.Match[str]) -> Attribute:
        """An attribute in whose name or value there are codes, or a code that stands for attributes."""
        text, begin = self.text, place
        end = self._run_of(place, _NAME_ENDS, tag)
        name = text[begin:end] if end > begin else ""
        equals = _EQUALS.match(text, end, self.end)
        if equals is None or (self.opener and self.opener.match(text, begin) and text[end - 1] in "%}>" and not name):
            return Attribute(name, begin, max(end, begin + 1))
        place = equals.end()
        quote = text[place] if place < self.end and text[place] in "\"'" else ""
        place += len(quote)
        end = self._run_of(place, _NO_QUOTES[quote], tag)
        if end >= self.end and quote:
            raise self._unquoted(place - 1, tag)
        return Attribute(name, begin, end + len(quote), (place, end), quote)

    def _run_of(self, place: int, stop: re.Pattern[str], tag: re.Match[str]) -> int:
        """Where a run of characters and codes ends: at a character of `stop` that is in no code."""
        while True:
            here = stop.search(self.text, place, self.end)
            limit = here.start() if here else self.end
            found = self.opener.search(self.text, place, limit) if self.opener else None
            if found is None:
                return limit
            code = self._code(found)
            place = found.start() + 1 if code is None else code.end
            if place >= self.end:
                raise self.page.error(
                    tag.start(), f"the tag {tag[0]} that begins here is never closed; write > where it ends"
                )


def _attribute(found: re.Match[str]) -> Attribute:
    group = found.lastindex or 1
    if group == 1:
        return Attribute(found[1], found.start(), found.end())
    return Attribute(found[1], found.start(), found.end(), found.span(group), ("", "", '"', "'", "")[group])
