"""Inline: a text's codes as numbered XLIFF 1.2 elements outside, and put back from its own source at home."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count

from lxml import etree

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.text import CodeKind, parse
from tm_service.exchange.tokens import FORBIDDEN, FRAME, TOKEN, escaped, token

XLIFF = "urn:oasis:names:tc:xliff:document:1.2"

_CACHE = 1 << 12  # a text is cut several times while its unit is written
_DEEPEST = 32  # pairs within pairs; what stands deeper is written as single codes, so that no parser's limit is met
_CHARACTER = re.compile(f"({FORBIDDEN.pattern})")
_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_PAIR_TYPES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underlined", "a": "link"}
_ALONE_TYPES = {"br": "lb", "img": "image"}
_SINGLE_TYPES = {
    CodeKind.ENTITY: "x-entity",
    CodeKind.BAR: "x-plural-bar",
    CodeKind.PLACEHOLDER: "x-placeholder",
    CodeKind.LINK: "x-placeholder",
}

_CHARACTER_TYPE = re.compile(r"x-char-([0-9A-F]{4})")


@dataclass(frozen=True, slots=True)
class Mark:
    """A code under the number it has outside; `kind` is None for a character that XML cannot carry."""

    number: int
    kind: CodeKind | None
    data: str

    @property
    def token(self) -> str:
        role = {CodeKind.OPEN: "+", CodeKind.CLOSE: "-"}.get(self.kind or CodeKind.ALONE, ".")
        return f"{role}{self.number}"


Cut = tuple[str | Mark, ...]


@lru_cache(maxsize=_CACHE)
def marks(value: str) -> Cut:
    """Cut a text into words and marks numbered 1..n in reading order; both ends of a pair have one number."""
    cut: list[str | Mark] = []
    numbers = count(1)
    within: list[int] = []
    for part in parse(value).parts:
        if isinstance(part, str):
            cut.extend(_characters(part, numbers))
        elif part.kind is CodeKind.CLOSE and (number := within.pop()):
            cut.append(Mark(number, CodeKind.CLOSE, part.data))
        elif part.kind is CodeKind.OPEN and len(within) < _DEEPEST:
            within.append(next(numbers))
            cut.append(Mark(within[-1], CodeKind.OPEN, part.data))
        else:
            if part.kind is CodeKind.OPEN:
                within.append(0)
            single = CodeKind.ALONE if part.kind in (CodeKind.OPEN, CodeKind.CLOSE) else part.kind
            cut.append(Mark(next(numbers), single, part.data))
    return tuple(cut)


def matched(target: str, source: str) -> Cut:
    """Cut a target into words and marks under the numbers of its source's codes, matched by what they say.

    A code without a partner in the source becomes text.
    """
    cut, free = marks(target), defaultdict[tuple[CodeKind | None, str, str], deque[int]](deque)
    signatures = _signatures(marks(source))
    for number, signature in signatures.items():
        free[signature].append(number)
    partner = {number: free[said].popleft() for number, said in _signatures(cut).items() if free[said]}
    extra = count(len(signatures) + 1)
    return tuple(_renumbered(cut, partner, extra))


def _renumbered(cut: Cut, partner: dict[int, int], extra: Iterator[int]) -> Iterator[str | Mark]:
    for piece in cut:
        if isinstance(piece, str):
            yield piece
        elif piece.number in partner:
            yield replace(piece, number=partner[piece.number])
        else:
            yield from _characters(piece.data, extra)


def _signatures(cut: Cut) -> dict[int, tuple[CodeKind | None, str, str]]:
    """Say what each number stands for: kind, data, and the data of the closing end."""
    found = [piece for piece in cut if isinstance(piece, Mark)]
    closing = {mark.number: mark.data for mark in found if mark.kind is CodeKind.CLOSE}
    return {
        mark.number: (mark.kind, mark.data, closing.get(mark.number, ""))
        for mark in found
        if mark.kind is not CodeKind.CLOSE
    }


def _characters(text: str, numbers: Iterator[int]) -> Iterator[str | Mark]:
    """Text with every character that XML cannot carry as a mark of its own."""
    for place, run in enumerate(_CHARACTER.split(text)):
        if place % 2:
            yield Mark(next(numbers), None, run)
        elif run:
            yield run


def legible(text: str) -> str:
    """Make a text fit for XML; characters that XML cannot carry become U+FFFD."""
    return FORBIDDEN.sub("\ufffd", text)


def shown(value: str) -> str:
    """Write a text for a note: its tags by name alone, since attributes never leave the house."""
    return "".join(part if isinstance(part, str) else label(part.data) for part in parse(legible(value)).parts)


def label(data: str) -> str:
    """Write a code for people: `<a>` of a tag with attributes, `<!-- -->` of a comment, anything else as it is."""
    tag = _TAG_NAME.match(data)
    if tag:
        return f"<{tag[1]}{tag[2]}>"
    return "<!-- -->" if data.startswith("<!--") else legible(data)


def fill(element: etree._Element, cut: Iterable[str | Mark]) -> None:
    """Write words and marks as the content of a `source` or `target` element."""
    path = [element]
    for piece in cut:
        if isinstance(piece, str):
            _append(path[-1], piece)
        elif piece.kind is CodeKind.CLOSE:
            path.pop()
        else:
            child = etree.SubElement(path[-1], f"{{{XLIFF}}}{_name(piece)}", _attributes(piece))
            if piece.kind is CodeKind.OPEN:
                path.append(child)
            elif piece.kind in (CodeKind.PLACEHOLDER, CodeKind.LINK):
                child.text = legible(piece.data)


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _name(mark: Mark) -> str:
    if mark.kind is CodeKind.OPEN:
        return "g"
    return "ph" if mark.kind in (CodeKind.PLACEHOLDER, CodeKind.LINK) else "x"


def _attributes(mark: Mark) -> dict[str, str]:
    attributes = {"id": str(mark.number), "ctype": _type(mark)}
    if mark.kind is None:
        attributes["equiv-text"] = f"U+{ord(mark.data):04X}"
    elif mark.kind in (CodeKind.ALONE, CodeKind.ENTITY, CodeKind.BAR):
        attributes["equiv-text"] = label(mark.data)
    return attributes


def _type(mark: Mark) -> str:
    """Give the XLIFF 1.2 `ctype`: a value of the standard's lists where it has one, else an `x-` value."""
    if mark.kind is None:
        return f"x-char-{ord(mark.data):04X}"
    if mark.kind in _SINGLE_TYPES:
        return _SINGLE_TYPES[mark.kind]
    tag = _TAG_NAME.match(mark.data)
    if tag is None:
        return "x-comment"
    name = tag[2].lower()
    if mark.kind is CodeKind.OPEN:
        return _PAIR_TYPES.get(name, f"x-{name}")
    return f"x-end-{name}" if tag[1] else _ALONE_TYPES.get(name, f"x-{name}")


def neutral(element: etree._Element) -> str:
    """Read a `source` or `target` element as neutral text; what the tool added of its own is left out."""
    return "".join(_read(element, {}))


def _read(element: etree._Element, pairs: dict[str, str]) -> Iterator[str]:
    yield escaped(element.text)
    for child in element:
        namespace, _, name = child.tag.rpartition("}")
        if namespace == f"{{{XLIFF}":
            yield from _read_code(child, name, pairs)
        yield escaped(child.tail)


def _read_code(child: etree._Element, name: str, pairs: dict[str, str]) -> Iterator[str]:
    """Tokens of one inline element; `pairs` leads from the `rid` of an opening half to its id."""
    code = child.get("id", "")
    link = child.get("rid", code)
    opens, closes = name in ("bpt", "bx"), name in ("ept", "ex")
    if name == "g":
        yield token("+", code)
        yield from _read(child, pairs)
        yield token("-", code)
    elif opens or (name == "it" and child.get("pos") == "open"):
        pairs[link] = code
        yield token("+", code)
    elif closes or name == "it":
        yield token("-", pairs.get(link, code))
    elif name in ("x", "ph"):
        yield _single(child, code)
    elif child.get("mtype") != "x-sdl-deleted":
        yield from _read(child, pairs)


def _single(child: etree._Element, code: str) -> str:
    character = _CHARACTER_TYPE.fullmatch(child.get("ctype", ""))
    if character and FORBIDDEN.match(chr(int(character[1], 16))):
        return token("c", character[1])
    return token(".", code)


def rebuild(neutral_text: str, source: str) -> tuple[str, tuple[Finding, ...]]:
    """Put the codes of a source back into a neutral text by their numbers.

    A code the source does not have is left out and reported. Missing and doubled codes are for the checks, which
    compare what the codes say: a placeholder typed by hand is as good as the code, and of two equal codes either may
    stand twice.
    """
    if FRAME not in neutral_text:
        return neutral_text, ()
    known = {mark.token: mark.data for mark in marks(source) if isinstance(mark, Mark)}
    unknown: dict[str, None] = {}

    def data(match: re.Match[str]) -> str:
        role, name = match.groups()
        if role == "c":
            return chr(int(name, 16))
        if role + name not in known:
            unknown[name] = None
        return known.get(role + name, "")

    text = TOKEN.sub(data, neutral_text)
    return text, tuple(
        found("markup", Severity.ERROR, "The code {name} is not in the source; take it out.", name=name)
        for name in unknown
    )
