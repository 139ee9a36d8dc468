"""Apple strings: the `.strings` files of iOS and macOS apps, in UTF-8 or UTF-16 (old-style property lists of pairs)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice
from tm_service.domain.findings import Finding
from tm_service.domain.units import Locale

_TOKEN = re.compile(
    r"""(?P<blank>\s++)
      | /\*(?P<block>.*?)\*/
      | //(?P<line>[^\r\n\u2028\u2029]*+)
      | "(?P<double>(?:[^"\\]++|\\.)*+)"
      | '(?P<single>(?:[^'\\]++|\\.)*+)'
      | (?P<plain>(?:[A-Za-z0-9_$:.\-]|/(?![/*]))++)
      | (?P<mark>[=;])
    """,
    re.VERBOSE | re.DOTALL,
)
_STRINGS = ("double", "single", "plain")
_COMMENTS = ("block", "line")
_PLAIN = re.compile(r"(?:[A-Za-z0-9_$:.\-]|/(?![/*]))+")
_ESCAPE = re.compile(r"\\(?:U(?P<code>[0-9a-fA-F]{1,4})|(?P<octal>[0-7]{1,3})|(?P<mark>.))", re.DOTALL)
_MARKS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WRITTEN = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_ASCII = 128
# Octal escapes are characters of the NEXTSTEP encoding (unicode.org, VENDORS/NEXT/NEXTSTEP.TXT); its first half is ASCII.
_NEXTSTEP = (
    "\xa0ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖÙÚÛÜÝÞµ×÷©¡¢£⁄¥ƒ§¤’“«‹›ﬁﬂ®–†‡·¦¶•‚„”»…‰¬¿"
    "¹ˋ´ˆ˜¯˘˙¨²˚¸³˝˛ˇ—±¼½¾àáâãäåçèéêëìÆíªîïðñŁØŒºòóôõöæùúûıüýłøœßþÿ\ufffd\ufffd"
)
_NOTHING_SAID = "No comment provided by engineer."  # what genstrings writes where nobody did
_OTHERS = ("<?xml", "<!DOCTYPE", "<plist", "bplist")
_REASONS = {
    "key": 'a key is missing here; a line reads "key" = "value";',
    "equals": "an equals sign is missing after the key",
    "value": "a value is missing after the equals sign",
    "end": "a semicolon is missing after the value",
}


class _Token(NamedTuple):
    """A string of the file: `begin` to `end` with its quotes, `inside` without, `kind` how it is quoted."""

    kind: str
    begin: int
    end: int
    inside: str


@dataclass(slots=True)
class _State:
    """What was read of the pair at hand. `comments` stand before it, `closed` is where the last pair ended."""

    expects: str = "key"
    key: _Token | None = None
    value: _Token | None = None
    comments: list[str] = field(default_factory=list)
    closed: int = -1


class AppleStrings(TextFormat):
    """A text's key is what the file calls it. A key alone (`"Yes";`) is its own text."""

    def encoding(self, content: bytes) -> str:
        """UTF-16 is told by its zero bytes, where no mark says it."""
        if content[1:2] == b"\0" and content[:1] != b"\0":
            return "utf-16-le"
        return "utf-16-be" if content[:1] == b"\0" and content[1:2] != b"\0" else "utf-8"

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every pair, with the comment directly before it or behind it on its line."""
        pairs = _pairs(page)
        for key, value, comments in pairs:
            said = about("\n".join(comment for comment in comments if comment != _NOTHING_SAID))
            yield Slot((_undone(key.inside),), _undone((value or key).inside), _Writer(page, key, value), about=said)


def _pairs(page: Page) -> list[tuple[_Token, _Token | None, list[str]]]:
    """Keys, values and comments. Raises ExtractionError at the first thing that is none of them."""
    pairs: list[tuple[_Token, _Token | None, list[str]]] = []
    state, place = _State(), len(page.text) - len(page.text.lstrip())
    if page.text.startswith(_OTHERS, place):
        raise page.error(place, "this is a property list of another kind; save it as a .strings text file")
    while place < len(page.text):
        token = _TOKEN.match(page.text, place)
        if token is None:
            raise page.error(place, _reason(page.text, place, state.expects))
        kind = token.lastgroup or ""
        if kind == "blank":
            if len(re.findall(r"\r\n|\r|\n", token[0])) > 1:
                state.comments = []
        elif kind in _COMMENTS:
            is_behind = bool(pairs) and state.expects == "key" and _is_line(page.text[state.closed : place])
            (pairs[-1][2] if is_behind and not state.comments else state.comments).append(token[kind].strip())
        else:
            _take(page, state, token, pairs)
        place = token.end()
    if state.expects != "key":
        raise page.error(len(page.text.rstrip()), _REASONS[state.expects])
    return pairs


def _take(
    page: Page, state: _State, token: re.Match[str], pairs: list[tuple[_Token, _Token | None, list[str]]]
) -> None:
    kind = token.lastgroup or ""
    found = _Token(kind, token.start(), token.end(), token[kind])
    if state.expects == "key" and kind in _STRINGS:
        state.key, state.value, state.expects = found, None, "equals"
    elif state.expects == "equals" and token[0] == "=":
        state.expects = "value"
    elif state.expects == "value" and kind in _STRINGS:
        state.value, state.expects = found, "end"
    elif state.expects in ("equals", "end") and token[0] == ";" and state.key:
        pairs.append((state.key, state.value, state.comments))
        state.expects, state.comments, state.closed = "key", [], token.end()
    else:
        raise page.error(token.start(), _REASONS[state.expects])


def _is_line(between: str) -> bool:
    return not set(between) & set("\r\n")


def _reason(text: str, place: int, expects: str) -> str:
    if text[place] in "\"'":
        return "the string that begins here has no closing quote"
    if text.startswith("/*", place):
        return "the comment that begins here has no end"
    if not text[:place].strip() and text[place] == "{":
        return "this is a dictionary in braces; a .strings file holds its pairs without them"
    return _REASONS[expects]


def _undone(inside: str) -> str:
    if "\\" not in inside:
        return inside
    text = _ESCAPE.sub(_character, inside)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _character(found: re.Match[str]) -> str:
    if found["code"]:
        return chr(int(found["code"], 16))
    if found["octal"]:
        code = int(found["octal"], 8) & 0xFF
        return chr(code) if code < _ASCII else _NEXTSTEP[code - _ASCII]
    return _MARKS.get(found["mark"], found["mark"])


@dataclass(frozen=True, slots=True)
class _Writer:
    page: Page
    key: _Token
    value: _Token | None

    def __call__(self, text: str) -> Iterable[Splice]:
        if self.value is None:
            return (Splice(self.key.end, self.key.end, f' = "{self._escaped(text, self.key)}"'),)
        if self.value.kind == "plain" and _PLAIN.fullmatch(text):
            return (Splice(self.value.begin, self.value.end, text),)
        mark = "'" if self.value.kind == "single" else '"'
        return (Splice(self.value.begin, self.value.end, mark + self._escaped(text, self.value) + mark),)

    def _escaped(self, text: str, token: _Token) -> str:
        mark = "'" if token.kind == "single" else '"'
        raw = {character for character in "\n\t" if character in token.inside}
        table = {character: written for character, written in _WRITTEN.items() if character not in raw}
        written = text.translate({ord(character): to for character, to in {**table, mark: f"\\{mark}"}.items()})
        written = _UNSAFE.sub(_spelled, written)
        return re.sub(r"[^\x00-\x7f]", _spelled, written) if _spells_letters(self.page) else written


def _spelled(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\U{units[place]:02X}{units[place + 1]:02X}" for place in range(0, len(units), 2))


@lru_cache(maxsize=4)
def _spells_letters(page: Page) -> bool:
    """Whether a file is ASCII and spells letters; a spelled dash or quote is no sign of it."""
    codes = (chr(int(found["code"], 16)) for found in _ESCAPE.finditer(page.text) if found["code"])
    return page.text.isascii() and any(ord(character) >= _ASCII and character.isalpha() for character in codes)
