"""Markup: rich text cut into its tags, comments and texts, strictly.

What is read as a whole tag here is one to every browser, with the same attributes: only spellings on which the HTML standard
(https://html.spec.whatwg.org/multipage/parsing.html#tokenization) leaves no doubt are read so, all others are broken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

VOID = frozenset(
    ["area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input"]
) | {*("keygen", "link", "meta", "param", "source", "track", "wbr")}
# Elements whose end may be left out, https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
OPTIONAL_END = frozenset(["li", "p", "td", "th", "tr", "dt", "dd", "thead", "tbody", "tfoot", "colgroup"])

_BLANK = r"[\t\n\f\r ]"
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r "'=<>`]++)"""
_ATTRIBUTE = re.compile(rf"{_BLANK}++([A-Za-z][A-Za-z0-9:_.\-]*+)(?:{_BLANK}*+={_BLANK}*+({_VALUE}))?+")
_TAG = rf"""<(?P<open>[A-Za-z][A-Za-z0-9]*+)(?P<attributes>(?:{_ATTRIBUTE.pattern})*+){_BLANK}*+/?>
      | </(?P<close>[A-Za-z][A-Za-z0-9]*+){_BLANK}*+>
      | (?P<comment><!--(?:[^<\-]++|<(?!!--)|-(?!->))*+-->)
      | (?P<broken><(?=[A-Za-z/!?])[^<>]*+>?)"""
_TAGS = re.compile(_TAG, re.VERBOSE | re.DOTALL)
_TOKENS = re.compile(rf"(?P<text>(?:[^<]++|<(?![A-Za-z/!?]))++) | {_TAG}", re.VERBOSE | re.DOTALL)


class Kind(StrEnum):
    TEXT = "text"
    OPEN = "open"
    CLOSE = "close"
    COMMENT = "comment"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of rich text as written, and where it begins; joined, the pieces are the text. Names are in small letters.

    The values of `attributes` have their entities read.
    """

    kind: Kind
    written: str
    start: int
    name: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.written)


def tokens(html: str) -> Iterator[Token]:
    """The pieces of rich text, in order, without a gap."""
    return map(_token, _TOKENS.finditer(html))


def tags(html: str) -> Iterator[Token]:
    """The pieces of rich text that are no text, in order."""
    return map(_token, _TAGS.finditer(html))


def _token(match: re.Match[str]) -> Token:
    opened, written, closed = match.group("open", "attributes", "close")
    if opened:
        attributes = ((one[1].lower(), _read(one[2])) for one in _ATTRIBUTE.finditer(written)) if written else ()
        return Token(Kind.OPEN, match[0], match.start(), opened.lower(), tuple(attributes))
    if closed:
        return Token(Kind.CLOSE, match[0], match.start(), closed.lower())
    return Token(Kind(match.lastgroup or ""), match[0], match.start())


def _read(value: str | None) -> str:
    if value is None:
        return ""
    return unescape(value[1:-1] if value[:1] in ('"', "'") else value)
