"""Codes: inline codes as a tool shows them, led back to the numbers they left the house under."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape

from tm_service.exchange.tokens import FORBIDDEN, FRAME, TOKEN, escaped, token

LONGEST = 2000  # characters of a tool's description that are looked at
_CHARACTER = f"{FRAME}c"  # opens a token that is a character, which may stand in a text twice
_NAMED = re.compile("(\ue000[-+.])")
_OURS = re.compile(r"\s*<(/?)(g|x|ph|bx|ex|bpt|ept)(?=[\s/>])")
_PAIRS, _ENDS = ("g", "bx", "bpt"), ("ex", "ept")
_ID_SAID = re.compile(r"""\sid\s*=\s*["']([A-Za-z0-9_.\-]{1,40})["']""")
_CHARACTER_SAID = re.compile(r"""\sctype\s*=\s*["']x-char-([0-9A-F]{4})["']""")


@dataclass(frozen=True, slots=True)
class Code:
    """One end of a code, or a single one, in a tool's file.

    `number` is the tool's own and shared by both ends of a pair; `role` is + where the code opens, - where it closes, a dot
    where it stands alone or the tool does not tell; `said` is what the tool says stood there in the file it was given, such
    as `<g id="1" ctype="bold">`.
    """

    number: str
    role: str
    said: str = ""


Piece = str | Code
_End = tuple[str, str]  # number and role of a code


def words_of(neutral_text: str) -> str:
    """A neutral text without blanks and without the names of its codes, both of which tools change."""
    return "".join(TOKEN.sub(FRAME, neutral_text).split())


def of_row(row: int, neutral_text: str) -> str:
    """A neutral text whose codes say by their names in which row of a unit they stand."""
    return _NAMED.sub(rf"\g<1>{row}-", neutral_text)


def neutral_pair(source: Sequence[Piece], target: Sequence[Piece]) -> tuple[str, str, bool]:
    """Neutral texts of a source and a target, and whether their codes are still under the tool's numbers.

    Codes are under our ids where the tool describes every code of the source by the element it was; as soon as one is not
    described, or two are described alike, all are under the tool's numbers, for their order in the source to tell.
    """
    shown = source if any(isinstance(piece, Code) for piece in source) else target
    names = _names(shown)
    codes = [name for name in names.values() if not name.startswith(_CHARACTER)]
    if not all(codes) or len(set(codes)) < len(codes):
        return _text(_told_apart(source), {}), _text(_told_apart(target), {}), True
    return _text(source, names), _text(target, _extended(names, target)), False


def _told_apart(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Pieces whose codes have a number each, both ends of a pair the same: a tool may give one number to all that are alike."""
    seen = Counter[_End]()
    waiting = defaultdict[str, list[str]](list)
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        seen[piece.number, piece.role] += 1
        times = seen[piece.number, piece.role]
        number = piece.number if times == 1 else f"{piece.number}.{times}"
        if piece.role == "+":
            waiting[piece.number].append(number)
        elif piece.role == "-" and waiting[piece.number]:
            number = waiting[piece.number].pop()
        yield replace(piece, number=number)


def _names(pieces: Sequence[Piece]) -> dict[_End, str]:
    """Neutral tokens of the codes of a text, empty where a code is not described."""
    names: dict[_End, str] = {}
    waiting: dict[str, None] = {}
    for piece in pieces:
        if isinstance(piece, Code) and (piece.number, piece.role) not in names:
            names[piece.number, piece.role] = _name(piece, names, waiting)
    return names


def _name(code: Code, names: dict[_End, str], waiting: dict[str, None]) -> str:
    """The token of one code; `waiting` are the ids of the pairs that are open, the innermost last."""
    role, name = _described(code.said[:LONGEST])
    if code.role == "-" or role == "-":
        opened = names.get((code.number, "+"), "")[2:-1] if code.role == "-" else ""
        known = opened or name
        if known:
            waiting.pop(known, None)
        elif role and waiting:
            known, _ = waiting.popitem()
        return token("-", known) if known else ""
    if role == "+":
        waiting[name] = None
    if role == "+-":
        return token("+", name) + token("-", name)
    if role == "c":
        return token("c", name)
    return token(role, name) if role == "+" or (role and code.role == ".") else ""


@lru_cache(maxsize=1 << 12)
def _described(said: str) -> tuple[str, str]:
    """Role and id of the element of ours that a tool describes: +- for a pair without content, c for a character by its number.

    Both are empty where it describes none of ours; the end of a pair may have no id.
    """
    said = unescape(said) if said.lstrip().startswith("&") else said
    ours, id_ = _OURS.match(said), _ID_SAID.search(said)
    name = id_[1] if id_ else ""
    if ours is None or not (name or ours[1]):
        return "", ""
    if ours[1] or ours[2] in _ENDS:
        return "-", name
    if ours[2] in _PAIRS:
        return ("+-" if ours[2] == "g" and said.rstrip().endswith("/>") else "+"), name
    character = _CHARACTER_SAID.search(said)
    is_character = character is not None and FORBIDDEN.match(chr(int(character[1], 16)))
    return ("c", character[1]) if character and is_character else (".", name)


def _extended(names: dict[_End, str], target: Sequence[Piece]) -> dict[_End, str]:
    """The names of the source, and of what else the target has: by its own description, else by a name that is none of ours."""
    if all(isinstance(piece, str) or (piece.number, piece.role) in names for piece in target):
        return names
    more = {end: name for end, name in _names(target).items() if end not in names}
    return names | {(number, role): name or token(role, f"tag-{number}") for (number, role), name in more.items()}


def _text(pieces: Iterable[Piece], names: dict[_End, str]) -> str:
    return "".join([escaped(piece) if isinstance(piece, str) else _token_of(piece, names) for piece in pieces])


def _token_of(code: Code, names: dict[_End, str]) -> str:
    return names.get((code.number, code.role)) or token(code.role, code.number)
