"""gettext entries: where each part of a PO file stands, told by its own lines; obsolete entries are comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.pages import Page
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Key

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_TOKEN = re.compile(r'[ \t\f\v]*(?:(?P<word>[a-z_]+(?:\[\d{1,3}\])?)|(?P<string>"(?P<inside>(?:[^"\\]|\\.)*)"))')
_ESCAPE = re.compile(r"(?:\\[0-7]{1,3}|\\x[0-9a-fA-F]{1,2})+|\\(.)", re.DOTALL)
_NUMBER = re.compile(r"\\(x?)([0-9a-fA-F]+)")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", '"': '"', "\\": "\\"}
_LONG = {written: short for short, written in _SHORT.items()}
_FOLLOWING = {  # what may stand after what
    "": {"msgctxt", "msgid", "domain"},
    "domain": {"msgctxt", "msgid", "domain"},
    "msgctxt": {"msgid"},
    "msgid": {"msgid_plural", "msgstr"},
    "msgid_plural": {"msgstr[0]"},
    "msgstr": {"msgctxt", "msgid", "domain"},
    "msgstr[]": {"msgctxt", "msgid", "domain", "msgstr[]"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """A keyword with its strings: `begin` is the keyword's place, `first` and `end` those of its first and last quotes."""

    word: str
    begin: int
    first: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment line: its place with its line end, and its text with its mark."""

    begin: int
    end: int
    text: str

    @property
    def mark(self) -> str:
        """`#.`, `#:`, `#,`, `#|`, `#~`, or `#` for what a translator said."""
        return self.text[:2] if self.text[1:2] in tuple(".:,|~=") else "#"


@dataclass(slots=True)
class Entry:
    """One message: its comments and its parts by keyword, in file order."""

    comments: list[Comment] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Context and source text, as gettext looks them up."""
        names = ("msgctxt", "msgid") if "msgctxt" in self.parts else ("msgid",)
        return tuple(self.parts[name].text for name in names)

    @property
    def is_header(self) -> bool:
        return self.key == ("",)

    @property
    def is_plural(self) -> bool:
        return "msgid_plural" in self.parts

    @property
    def forms(self) -> list[Part]:
        """The `msgstr`, or each `msgstr[i]`."""
        return [part for word, part in self.parts.items() if word.startswith("msgstr")]

    @property
    def flags(self) -> list[str]:
        said = ",".join(comment.text[2:] for comment in self.comments if comment.mark == "#,")
        return [flag.strip() for flag in said.split(",") if flag.strip()]

    def said(self, *marks: str) -> str:
        """The comments of these kinds, without their marks."""
        return "\n".join(
            comment.text[len(comment.mark) :].strip() for comment in self.comments if comment.mark in marks
        )


def entries(page: Page) -> list[Entry]:
    """Every entry that is not obsolete, in file order. Raises ExtractionError at the first line that is no PO."""
    found: list[Entry] = []
    entry, last, pending = Entry(), "", list[Comment]()
    for token in _tokens(page):
        if isinstance(token, Comment):
            inside = last not in ("", "domain", "msgstr", "msgstr[]")
            (entry.comments if inside else pending).append(token)
            continue
        _follows(page, token, last, entry)
        if token.word in ("msgctxt", "msgid") and last != "msgctxt":
            entry = Entry(pending)
            found.append(entry)
            pending = []
        if token.word != "domain":
            entry.parts[token.word] = token
        last = _kind(token.word)
    if last in ("msgctxt", "msgid", "msgid_plural"):
        raise page.error(len(page.text.rstrip()), "the last entry has no msgstr; add it")
    return found


def previous(page: Page, entry: Entry) -> dict[str, str]:
    """What the `#|` lines say the entry's parts were before; nothing where they cannot be read."""
    lines = "\n".join(comment.text[2:] for comment in entry.comments if comment.mark == "#|")
    try:
        return {
            token.word: token.text
            for token in _tokens(Page(page.path, lines, page.encoding))
            if isinstance(token, Part)
        }
    except ExtractionError:
        return {}


def escaped(text: str) -> str:
    """A text as it stands between quotes. NUL ends a text in a compiled catalog and is left out."""
    return "".join(_written(character) for character in text if character != "\0")


def _written(character: str) -> str:
    if character in _LONG:
        return "\\" + _LONG[character]
    return f"\\{ord(character):03o}" if character < " " else character


def _unescaped(inside: str, encoding: str) -> str:
    """Undo escapes; numbers are bytes in the file's encoding."""

    def plain(found: re.Match[str]) -> str:
        if found[1] is not None:
            return _SHORT.get(found[1], found[0])
        numbers = (int(digits, 16 if hexadecimal else 8) & 0xFF for hexadecimal, digits in _NUMBER.findall(found[0]))
        return bytes(numbers).decode(encoding, "replace")

    return _ESCAPE.sub(plain, inside) if "\\" in inside else inside


def _kind(word: str) -> str:
    return "msgstr[]" if word.startswith("msgstr[") else word


def _follows(page: Page, token: Part, last: str, entry: Entry) -> None:
    """Check that a part may stand where it does."""
    allowed = _FOLLOWING[last]
    if _kind(token.word) not in allowed and token.word not in allowed:
        wanted = " or ".join(sorted(allowed))
        raise page.error(token.begin, f"{token.word} stands here, where {wanted} must stand")
    if token.word.startswith("msgstr[") and token.word != f"msgstr[{len(entry.forms)}]":
        raise page.error(token.begin, f"{token.word} stands here, where msgstr[{len(entry.forms)}] must stand")


def _tokens(page: Page) -> Iterator[Comment | Part]:
    """Comments, and keywords with the strings that belong to them."""
    keyword: re.Match[str] | None = None
    strings: list[re.Match[str]] = []
    for piece in _pieces(page):
        if isinstance(piece, Comment) or piece["word"] is not None:
            if keyword:
                yield _part(page, keyword, strings)
            keyword, strings = None, []
        if isinstance(piece, Comment):
            yield piece
        elif piece["word"] is not None:
            keyword = piece
        elif keyword:
            strings.append(piece)
        else:
            raise page.error(piece.start("string"), "a string stands here without msgid or msgstr before it")
    if keyword:
        yield _part(page, keyword, strings)


def _pieces(page: Page) -> Iterator[Comment | re.Match[str]]:
    """Comments, keywords and strings as they stand on the lines."""
    for line in _LINE.finditer(page.text):
        place, end = line.start(), line.start() + len(line[0].rstrip())
        if line[0].lstrip().startswith("#"):
            yield Comment(place, line.end(), line[0].strip())
            continue
        while place < end:
            token = _TOKEN.match(page.text, place, end)
            if token is None:
                raise _odd(page, place, end)
            place = token.end()
            yield token


def _part(page: Page, keyword: re.Match[str], strings: list[re.Match[str]]) -> Part:
    word, begin = keyword["word"], keyword.start("word")
    if _kind(word) not in _FOLLOWING:
        raise page.error(begin, f'"{word}" is no keyword of a PO file')
    if not strings:
        raise page.error(begin, f"no string in quotes follows {word}; write it beside it")
    text = "".join(_unescaped(piece["inside"], page.encoding) for piece in strings)
    return Part(word, begin, strings[0].start("string"), strings[-1].end(), text)


def _odd(page: Page, place: int, end: int) -> ExtractionError:
    rest = page.text[place:end]
    place += len(rest) - len(rest.lstrip())
    if page.text[place] == '"':
        return page.error(place, "the string that begins here has no closing quote on its line")
    return page.error(
        place, f'"{page.text[place]}" is not expected here; a PO file holds comments, keywords and strings'
    )
