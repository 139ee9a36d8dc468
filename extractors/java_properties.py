"""Java properties: reads and writes message bundles, in ISO-8859-1 with escapes or in UTF-8.

Source of the rules: java.util.Properties.load and .store, Java SE 21. MessageFormat and ICU texts stay as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot, TextFormat, put
from tm_service.domain.findings import Finding
from tm_service.domain.units import Locale

_BLANKS = " \t\f"
_LINE = re.compile(r"(?P<line>[^\r\n]*)(?P<end>\r\n|\r|\n|\Z)")
_CONTINUED = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_KEY = re.compile(r"(?:[^\\=: \t\f\r\n]|\\(?:\r\n[ \t\f]*|[\r\n][ \t\f]*|[^\r\n]|\Z))*")
_SKIPPED = r"[ \t\f]*(?:\\(?:\r\n|\r|\n)[ \t\f]*)*"
_SEPARATOR = re.compile(rf"{_SKIPPED}(?P<mark>[=:]?){_SKIPPED}")
_ESCAPE = re.compile(r"\\(?:(?:\r\n|\r|\n)[ \t\f]*|u+(?P<code>[0-9a-fA-F]{4})|(?P<bad>u)|(?P<one>.)|\Z)", re.DOTALL)
_NON_ASCII_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-fA-F]{4}")
_UPPER = re.compile(r"\\u[0-9a-fA-F]*[A-F]")
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NON_ASCII = re.compile(rb"[\x80-\xff]+")
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_LONG = {text: f"\\{letter}" for letter, text in _SHORT.items()} | {"\\": "\\\\"}
_LINE_BREAK = re.compile(r"\\n(\\(?:\r\n|\r|\n)[ \t\f]*)")
_ALL = re.compile(r".*", re.DOTALL)
_UNSAFE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A logical line: its places in the file, and the comment lines right above it."""

    begin: int
    value: int
    end: int
    mark: str
    comment: str


@dataclass(frozen=True, slots=True)
class _Style:
    """How a file writes characters beyond ASCII: raw as far as its encoding goes, else as escapes in digits of either case."""

    encoding: str
    is_raw: bool
    is_upper: bool

    def value(self, before: str, mark: str, text: str) -> str:
        """A value as it stands after its mark: the first blank escaped, lines broken where those before it were."""
        broken = _LINE_BREAK.search(before)
        lines = re.split(r"(?<=\n)(?=[^\n])", text) if broken else [text]
        escaped = {each for each in "=:#!" if f"\\{each}" in before}
        # Bytes of ISO-8859-1 that could be UTF-8 would make the file look so.
        is_raw = self.is_raw and (self.encoding == "utf-8" or not _looks_like_utf8(text))
        written = ["".join(self._letter(each, escaped, is_raw=is_raw) for each in line) for line in lines]
        done = (broken[1] if broken else "").join(f"\\{line}" if line[:1] == " " else line for line in written)
        if not mark and done:
            return f"={done}"
        return f"\\{done}" if mark in _BLANKS and done[:1] in ("=", ":") else done

    def _letter(self, letter: str, escaped: set[str], *, is_raw: bool) -> str:
        if letter in _LONG:
            return _LONG[letter]
        if letter in escaped:
            return f"\\{letter}"
        fits = letter.isascii() or (is_raw and (self.encoding == "utf-8" or letter <= "\xff"))
        return letter if fits and not _UNSAFE.match(letter) else self._code(letter)

    def _code(self, letter: str) -> str:
        units = letter.encode("utf-16-be", "surrogatepass")
        numbers = (units[place] * 256 + units[place + 1] for place in range(0, len(units), 2))
        return "".join(f"\\u{number:04{'X' if self.is_upper else 'x'}}" for number in numbers)


class JavaProperties(TextFormat):
    """`.properties` files; a key is the one name of the entry, dots and all.

    Without a dialect a file is what it looks like: UTF-8 where it holds such characters, else ISO-8859-1, which every
    version of Java reads. In the dialect `utf-8` it is UTF-8 from its first letter on.
    """

    dialects = ("", "utf-8")

    def encoding(self, content: bytes) -> str:
        """UTF-8 or ISO-8859-1, whichever fits; a file of ASCII alone is written with escapes."""
        if self.dialect:
            return "utf-8"
        letters = len(_UTF8_LETTER.findall(content))
        strays = sum(map(len, _NON_ASCII.findall(_UTF8_LETTER.sub(b"", content))))
        return "utf-8" if letters > strays else "iso-8859-1"  # a file of either may have a few wrong bytes

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002 - one file, one language
        """One slot per entry. Raises ExtractionError where an escape wants digits."""
        found = list(_entries(page.text))
        style = self._style(page, found)
        for entry in found:
            yield Slot(
                (_unescaped(page, _KEY, entry.begin, entry.end),),
                _unescaped(page, _ALL, entry.value, entry.end),
                put(entry.value, entry.end, partial(style.value, page.text[entry.value : entry.end], entry.mark)),
                about=about(entry.comment),
            )

    def _style(self, page: Page, found: list[_Entry]) -> _Style:
        written = "".join(page.text[entry.begin : entry.end] for entry in found)
        is_escaped = _NON_ASCII_ESCAPE.search(written) is not None
        is_raw = not written.isascii() or (bool(self.dialect) and not is_escaped)
        return _Style(page.encoding, is_raw, _UPPER.search(written) is not None)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _entries(text: str) -> Iterator[_Entry]:
    """Logical lines; what is a comment or blank is none."""
    comment: list[str] = []
    lines = _LINE.finditer(text)
    for line in lines:
        written = line["line"].strip(_BLANKS)
        if not written or written[0] in "#!":
            comment = [*comment, written[1:].strip()] if written else []
            continue
        begin = line.end("line") - len(line["line"].lstrip(_BLANKS))
        while _CONTINUED.search(line["line"]) and line["end"]:
            line = next(lines)  # noqa: PLW2901 - a logical line goes on
        end = line.end("line")
        key = _KEY.match(text, begin, end)
        separator = _SEPARATOR.match(text, key.end() if key else begin, end)
        value = separator.end() if separator else end
        mark = separator["mark"] or separator[0][:1] if separator else ""
        yield _Entry(begin, value, end, mark, "\n".join(comment))
        comment = []


def _unescaped(page: Page, what: re.Pattern[str], begin: int, end: int) -> str:
    """Undo the escapes of a name or a value. Raises ExtractionError where an escape wants digits."""
    found = what.match(page.text, begin, end)
    raw = found[0] if found else ""
    if "\\" not in raw:
        return raw

    def plain(escape: re.Match[str]) -> str:
        if escape["bad"]:
            raise page.error(begin + escape.start(), "four hexadecimal digits are missing after \\u")
        if escape["code"]:
            return chr(int(escape["code"], 16))
        return _SHORT.get(escape["one"], escape["one"]) if escape["one"] else ""

    text = _ESCAPE.sub(plain, raw)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _looks_like_utf8(text: str) -> bool:
    return not text.isascii() and _is_utf8(text.encode("iso-8859-1", "replace"))
