"""Android texts: how aapt2 reads the characters of a string resource, and how others are written so that it reads them back.

Blanks collapse and edges are trimmed outside of double quotes, a backslash escapes, an apostrophe stands escaped or in quotes
(aapt2, ResourceUtils.cpp, StringBuilder; developer.android.com, "String resources").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from extractors.pages import Page
from extractors.xml_writing import Piece

_BLANKS = " \t\n\r"
_PART = re.compile(r"\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<escaped>.)|(?P<quote>\")|(?P<blanks>[ \t\n\r]+)", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t"}
_WRITTEN = {"\n": "\\n", "\t": "\\t", "\\": "\\\\", '"': '\\"', "'": "\\'", "\r": "\\u000D"}
_REFERENCE = re.compile(r"(?:@(?:\+|\*)?(?:[\w.]+:)?\w+/[\w.]+|@(?:null|empty)|\?(?:[\w.]+:)?(?:\w+/)?[\w.]+)\s*")
_MARK = re.compile(r"</?\w+:g[\s>/]")
_BASIC = 0xFFFF  # \u has four digits
_ASCII = 128


@dataclass(frozen=True, slots=True)
class Habit:
    """How a place is written: in quotes or not, all that is not ASCII as escapes or only `spelled` characters."""

    quoted: bool = False
    ascii_only: bool = False
    spelled: frozenset[str] = frozenset()


def is_reference(raw: str) -> bool:
    """Whether a value points to another resource (`@string/name`) or to an attribute of the theme."""
    return _REFERENCE.fullmatch(raw.strip()) is not None


def read(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces as a reader of the app gets them."""
    pieces, made = list(pieces), list[Piece]()
    quoted = False
    ends_blank = is_trimmed = _is_trimmed(pieces)  # at the start, as behind a blank, no blank counts
    for piece in pieces:
        if piece.is_tag:
            made.append(piece)
            ends_blank = ends_blank and _is_seen_through(piece)
            continue
        text, done = [], 0
        for part in _PART.finditer(piece.text):
            between = piece.text[done : part.start()]
            text.append(between)
            ends_blank = ends_blank and not between
            done = part.end()
            if part["quote"]:
                quoted = not quoted
            elif part["blanks"]:
                if quoted or not ends_blank:
                    text.append(part[0] if quoted else " ")
                ends_blank = not quoted
            else:
                text.append(
                    chr(int(part["code"], 16)) if part["code"] else _SHORT.get(part["escaped"], part["escaped"])
                )
                ends_blank = False
        rest = piece.text[done:]
        ends_blank = ends_blank and not rest
        made.append(Piece("".join((*text, rest))))
    return _trimmed(made) if ends_blank and is_trimmed else made


def habit(page: Page, pieces: Iterable[Piece]) -> Habit:
    """How the pieces of a place are written."""
    raw = "".join(piece.text for piece in pieces if not piece.is_tag).strip(_BLANKS)
    parts = list(_PART.finditer(raw))
    quotes = [part for part in parts if part["quote"]]
    spelled = frozenset(chr(int(part["code"], 16)) for part in parts if part["code"])
    quoted = len(quotes) == 2 and quotes[0].start() == 0 and quotes[1].end() == len(raw)  # noqa: PLR2004 - a pair
    return Habit(quoted, _spells_letters(page), spelled)


def write(pieces: Iterable[Piece], how: Habit) -> list[Piece]:
    """Pieces escaped so that `read` gives them back; blanks that would collapse are spelled."""
    pieces, made = list(pieces), list[Piece]()
    ends_blank = is_trimmed = _is_trimmed(pieces)
    for piece in pieces:
        if piece.is_tag:
            made.append(piece)
            ends_blank = ends_blank and _is_seen_through(piece)
            continue
        text = []
        for character in piece.text:
            text.append(_character(character, how, ends_blank=ends_blank))
            ends_blank = text[-1] == " "
        made.append(Piece("".join(text)))
    made = _marked(_last_spelled(made) if ends_blank and is_trimmed and not how.quoted else made)
    return [Piece('"'), *made, Piece('"')] if how.quoted and made else made


@lru_cache(maxsize=4)
def _spells_letters(page: Page) -> bool:
    """Whether a file is ASCII and spells letters; a spelled no-break space or dash is no sign of it."""
    codes = (chr(int(part["code"], 16)) for part in _PART.finditer(page.text) if part["code"])
    return page.text.isascii() and any(ord(character) >= _ASCII and character.isalpha() for character in codes)


def _is_trimmed(pieces: Iterable[Piece]) -> bool:
    """Whether blanks at the edges are trimmed: they are not where there are styles."""
    return all(_is_seen_through(piece) for piece in pieces if piece.is_tag)


def _is_seen_through(tag: Piece) -> bool:
    """Whether blanks collapse across a tag: `xliff:g` only marks a text, styles part it."""
    return _MARK.match(tag.text) is not None


def _character(character: str, how: Habit, *, ends_blank: bool) -> str:
    if character == " ":
        return "\\u0020" if not how.quoted and (ends_blank or character in how.spelled) else " "
    if character == "'" and how.quoted:
        return character
    if character in _WRITTEN:
        return _WRITTEN[character]
    code = ord(character)
    spelled = character in how.spelled or (how.ascii_only and code >= _ASCII)
    return f"\\u{code:04X}" if spelled and code <= _BASIC and not character.isascii() else character


def _last_spelled(pieces: list[Piece]) -> list[Piece]:
    """The last blank spelled where it would be trimmed; tags may follow it."""
    for place in range(len(pieces) - 1, -1, -1):
        text = pieces[place].text
        if not pieces[place].is_tag and text.endswith(" "):
            return [*pieces[:place], Piece(f"{text[:-1]}\\u0020"), *pieces[place + 1 :]]
        if not pieces[place].is_tag and text:
            break
    return pieces


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """The one blank at the end taken off; tags may follow it."""
    for place in range(len(pieces) - 1, -1, -1):
        text = pieces[place].text
        if not pieces[place].is_tag and text:
            return [*pieces[:place], Piece(text.removesuffix(" ")), *pieces[place + 1 :]]
    return pieces


def _marked(pieces: list[Piece]) -> list[Piece]:
    """A first character that would make the value a reference, escaped."""
    if pieces and not pieces[0].is_tag and pieces[0].text[:1] in ("@", "?"):
        return [Piece(f"\\{pieces[0].text}"), *pieces[1:]]
    return pieces
