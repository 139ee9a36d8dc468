"""Text: what a reader sees, with the inline codes in it told apart from the words."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b

from tm_service.domain.plurals import parse_plural

_CACHE = 1 << 16


@lru_cache(maxsize=_CACHE)
def fingerprint(value: str) -> str:
    """Name a text by what a reader sees of it: 32 hexadecimal digits.

    Stable over Unicode canonical forms (NFC, UAX 15) and line ends; everything else that is visible counts,
    so NFKC, case folding or trimming are not applied.
    """
    seen = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return blake2b(seen.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class CodeKind(StrEnum):
    """What an inline code is to the site; translators move codes, they do not translate them."""

    OPEN = "open"  # <a href="...">
    CLOSE = "close"  # </a>
    ALONE = "alone"  # <br>, an unpaired tag
    PLACEHOLDER = "placeholder"  # {name}, {0}, {{x}}, %s, %(n)s, ${x}
    ENTITY = "entity"  # &nbsp;
    LINK = "link"  # @:other.key
    BAR = "bar"  # the " | " between vue-i18n plural forms


@dataclass(frozen=True, slots=True)
class Code:
    """One inline code; `pair` is shared by an opening and its closing tag, 1..n in reading order."""

    kind: CodeKind
    data: str
    pair: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A value cut into text and inline codes; joining the parts gives the value back."""

    parts: tuple[str | Code, ...]

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else part.data for part in self.parts)

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(part for part in self.parts if isinstance(part, Code))

    @property
    def plain(self) -> str:
        """The words alone; a code that stands between words counts as a space."""
        return "".join(part if isinstance(part, str) else " " for part in self.parts)

    def data(self, *kinds: CodeKind) -> tuple[str, ...]:
        """The codes of these kinds, as written, in order."""
        return tuple(code.data for code in self.codes if code.kind in kinds)


_CODE = re.compile(
    r"""(?P<tag><!--(?:(?!<!--).)*?-->|</?[A-Za-z][^<>]*>)
      | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
      | (?P<placeholder>
            \{\{\{?[^{}]{1,200}\}?\}\}
          | <%(?:(?!%>).){0,400}%>|\{[%\#](?:(?![%\#]\}).){0,400}[%\#]\}  # codes of EJS and Jinja
          | \{[\#:/@][a-z][^{}]{0,200}\}              # {#if ...} of Svelte
          | [$%]\{[^{}]{1,200}\}                     # ${x}, and %{x} of Rails
          | \{'[^'{}]{1,80}'\}                       # {'@'} of vue-i18n: characters as they are
          | \$[A-Za-z_]\w{0,60}\$                    # $NAME$ of Chrome's messages
          | (?<![\w%])%[A-Za-z_][\w.]{0,60}%(?!\w)   # %name% of Symfony
          | %\([A-Za-z_][\w.]*\)[sdifrgx]
          | (?:(?<![A-Za-z0-9_%])|(?<=%[sdif@]))%(?:\d{1,2}\$)?[-+0]?\d{0,3}(?:\.\d{1,2})?(?:l{0,2}[dux]|[sifn@])(?![A-Za-z])
          | (?<![A-Za-z0-9_%])%(?:\#@\w{1,60}@|arg\b|L?\d{1,2}(?![\w%.,]))  # Apple's and Qt's
          | \{\s*[\w.$\-\[\]]{1,80}\s*(?:,\s*(?:number|date|time)\b[^{}]*)?\}
        )
      | (?P<link>\$t\([^()]{1,200}\)               # i18next's nesting
          | @(?:\.[a-z]+)?:(?:\{'[^'{}]{1,80}'\}|\([A-Za-z0-9_.\-]+\)|[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*)
        )
      | (?P<bar>[ ]\|[ ])
    """,
    re.VERBOSE | re.DOTALL,
)
_MARKS = re.compile(r"[<&{%@|$]")  # every code has one of these; most texts have none
# In an ICU message the arms of a plural or select are text in braces, not placeholders.
_ICU = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
_TAG_NAME = re.compile(r"</?\s*([A-Za-z][\w:-]*)")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


@lru_cache(maxsize=_CACHE)
def parse(value: str) -> Text:
    """Tell codes from text: HTML tags and entities, placeholders, links to other messages, plural bars."""
    if not _MARKS.search(value):
        return Text((value,) if value else ())
    icu = _ICU.search(value) is not None
    parts: list[str | Code] = []
    done = 0
    for match in _CODE.finditer(value):
        kind = _kind(match)
        if icu and kind in (CodeKind.PLACEHOLDER, CodeKind.BAR):
            continue
        if match.start() > done:
            parts.append(value[done : match.start()])
        parts.append(Code(kind, match.group()))
        done = match.end()
    if done < len(value):
        parts.append(value[done:])
    return Text(_paired(parts))


def _kind(match: re.Match[str]) -> CodeKind:
    if match.lastgroup != "tag":
        return CodeKind(match.lastgroup or "")
    tag = match.group()
    if tag.startswith("</"):
        return CodeKind.CLOSE
    name = _TAG_NAME.match(tag)
    if name is None or tag.endswith("/>") or name[1].lower() in _VOID:
        return CodeKind.ALONE
    return CodeKind.OPEN


def _paired(parts: list[str | Code]) -> tuple[str | Code, ...]:
    """Number opening tags with their closing ones; a tag without its partner stands alone."""
    pairs: dict[int, int] = {}
    waiting: list[tuple[str, int]] = []
    for place, part in enumerate(parts):
        if isinstance(part, Code) and part.kind in (CodeKind.OPEN, CodeKind.CLOSE):
            name = _tag_name(part)
            if part.kind is CodeKind.OPEN:
                waiting.append((name, place))
            elif waiting and waiting[-1][0] == name:
                pairs[waiting.pop()[1]] = place
    numbers = {place: number for number, opening in enumerate(sorted(pairs), 1) for place in (opening, pairs[opening])}
    return tuple(_numbered(place, part, numbers) for place, part in enumerate(parts))


def _numbered(place: int, part: str | Code, numbers: dict[int, int]) -> str | Code:
    if isinstance(part, str) or part.kind not in (CodeKind.OPEN, CodeKind.CLOSE):
        return part
    number = numbers.get(place, 0)
    return Code(part.kind if number else CodeKind.ALONE, part.data, number)


def _tag_name(code: Code) -> str:
    match = _TAG_NAME.match(code.data)
    return match[1].lower() if match else ""


_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RUN = rf"(?:(?!{_HAN.pattern})[^\W_])+"
_HAN_OR_RUN = re.compile(rf"{_HAN.pattern}|{_RUN}(?:['’\-]{_RUN})*")
_CODE_VALUES = re.compile(
    r"""(?:(?:https?|ftp)://|www\.|mailto:|tel:|[#/]|\.{1,2}/)\S*  # addresses and paths
      | [^\s@]+@[^\s@]+\.[A-Za-z]{2,}                             # e-mail
      | [a-z][a-z0-9]*(?:_[A-Za-z0-9]+)+                          # snake_case
      | [a-z]+(?:[A-Z][a-z0-9]+)+                                 # camelCase
      | [a-z0-9\-]+(?:\.[a-z0-9\-]+)+                             # dotted.names
      | (?=[0-9a-fA-F\-]*\d)[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}  # UUID
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=_CACHE)
def is_language(value: str) -> bool:
    """Whether a value is for people: it has letters outside its codes and is no address, identifier or name of a key."""
    if _CODE_VALUES.fullmatch(value.strip()):
        return False
    return any(character.isalpha() for character in parse(value).plain)


def is_skeleton(target: str, source: str = "") -> bool:
    """Whether nothing is left once codes, digits and punctuation are gone: `26. `, `<p></p>`, blanks.

    A range is no skeleton: "5 to 9" may become "5-9", all numbers kept and only the word between them gone.
    """
    plain = parse(target).plain
    if any(character.isalpha() for character in plain):
        return False
    asked = list(word_tokens(parse(source).plain))
    numbers = [word for word in asked if word.isdecimal()]
    is_range = len(numbers) > 1 and len(asked) - len(numbers) == 1
    return not (is_range and numbers == re.findall(r"\d+", plain))


@lru_cache(maxsize=_CACHE)
def words(value: str) -> int:
    """Count words as analysis reports do: Unicode words, Han by character, codes not at all; of a plural, all its forms."""
    plural = parse_plural(value)
    if plural:
        return sum(map(words, plural.forms.values()))
    return sum(1 for _ in word_tokens(parse(value).plain))


def word_tokens(plain: str) -> Iterator[str]:
    """Words of a text without codes, in order; Han by character."""
    if not _HAN.search(plain):
        yield from _WORD.findall(plain)
        return
    for word in _WORD.findall(plain):
        if _HAN.search(word):
            yield from _HAN_OR_RUN.findall(word)
        else:
            yield word


SAME_WORDS = 2  # a longer target that equals its source was not translated, it was copied


def may_be_same(source: str) -> bool:
    """Whether a target that equals this source can be meant: a name or a label of at most two words, numbers apart."""
    return sum(not word.isdecimal() for word in word_tokens(parse(source).plain)) <= SAME_WORDS
