"""Inline: codes inside a text as TMX elements, and TMX elements as the native codes they stand for.

A text is what its characters say: `<b>`, `{name}` and `&nbsp;` stand in it as written. Writing, each code becomes `bpt` and
`ept`, `it` or `ph` around its own characters, so that the text is what remains when the elements are taken away. Reading, the
content of an element is native code. An element without content has none to give: it is read as `<g1>`, `</g1>` or `<x1/>`,
with its number (`x`, else `i`) and its type, and written back as the same empty element.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import count

from lxml import etree

from memory.interchange.intake import attributes, inside
from tm_service.domain.text import Code, CodeKind, Text, parse

CHARACTER = "x-tm-service:U+"  # the type of a `ph` that stands for a character XML cannot hold

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_RUNS = re.compile(rf"({_FORBIDDEN.pattern})")
_CONTENT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_VALUE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_ESCAPE = re.compile(rf"\\(?=u\{{)|{_FORBIDDEN.pattern}")
_ESCAPED = re.compile(r"\\u\{([0-9A-F]{1,6})\}")
_CHARACTER_TYPE = re.compile(rf"{re.escape(CHARACTER)}([0-9A-F]{{4,6}})")

_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
_MARKERS = frozenset({"hi", "sub"})  # around text, not codes; what is in them is text
_NOTHING = frozenset({"", "{}"})  # memoQ writes {} where it keeps the code to itself
_STAND_IN = re.compile(
    r"<(?:/g(?P<end>\d{1,9})|g(?P<begin>\d{1,9})(?: type=\"(?P<pair>[\w.:+\-]{1,80})\")?"
    r"|x(?P<alone>\d{0,9})(?: type=\"(?P<kind>[\w.:+\-]{1,80})\")?/)>",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_TYPE = re.compile(r"[\w.:+\-]{1,80}", re.ASCII)
_TAG_NAME = re.compile(r"</?([A-Za-z][\w\-]{0,30})")
# TMX 1.4b recommends these values of `type`; others begin with x-.
_TYPES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "ulined", "a": "link", "font": "font"}
_ALONE_TYPES = {"br": "lb", "img": "image"}

_parsed = parse.__wrapped__  # texts of a stream come once; keeping them would only fill the cache
Signature = tuple[CodeKind, str, str]


def content(text: str) -> str:
    """Text as XML character data; it must be fit for XML."""
    return text.translate(_CONTENT)


def attribute(text: str) -> str:
    """Text as an attribute's value between double quotes, line ends kept; it must be fit for XML."""
    return text.translate(_VALUE)


def is_legible(text: str) -> bool:
    """Whether XML can hold a text: no control characters, lone surrogates or noncharacters U+FFFE and U+FFFF."""
    return _FORBIDDEN.search(text) is None


def escaped(text: str) -> str:
    """Fit for XML: a character it cannot hold becomes its hexadecimal number, written as JavaScript does; see `original`."""
    return _ESCAPE.sub(lambda found: f"\\u{{{ord(found[0]):X}}}", text)


def original(text: str) -> str:
    """Undo `escaped`."""
    return _ESCAPED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), text)


def text_of(segment: etree._Element) -> str:
    """The text of a `seg` element with native codes in it; white space as it is."""
    return "".join(_read(segment, {})) if len(segment) else segment.text or ""


def _read(element: etree._Element, pairs: dict[str, str]) -> Iterator[str]:
    """`pairs` leads from the `i` of an opening half to the number its stand-in has."""
    yield element.text or ""
    for child in element:
        if child.tag in _CODES:
            yield _native(child, pairs)
        elif child.tag in _MARKERS:
            yield from _read(child, pairs)
        else:
            # Markup that was never escaped: it is what the author wrote.
            name = etree.QName(child).localname
            said = "".join(f' {key}="{attribute(value)}"' for key, value in attributes(child).items())
            alone = not len(child) and child.text is None
            yield f"<{name}{said}/>" if alone else f"<{name}{said}>"
            if not alone:
                yield from _read(child, pairs)
                yield f"</{name}>"
        yield child.tail or ""


def _native(code: etree._Element, pairs: dict[str, str]) -> str:
    given = inside(code)
    character = _CHARACTER_TYPE.fullmatch(code.get("type", ""))
    if character and code.tag == "ph":
        return chr(min(int(character[1], 16), 0x10FFFF))
    half = code.get("i", "")
    if code.tag == "bpt":
        pairs[half] = _number(code)
    return given if given not in _NOTHING else _stand_in(code, pairs.get(half, half))


def _stand_in(code: etree._Element, pair: str) -> str:
    kind = f' type="{code.get("type")}"' if _TYPE.fullmatch(code.get("type", "")) else ""
    if code.tag == "ept" or (code.tag == "it" and code.get("pos") == "end"):
        number = pair if code.tag == "ept" else _number(code)
        return f"</g{number if _NUMBER.fullmatch(number) else 0}>"
    if code.tag in ("bpt", "it"):
        return f"<g{_number(code) or 0}{kind}>"
    return f"<x{_number(code)}{kind}/>"


def _number(code: etree._Element) -> str:
    return next((said for name in ("x", "i") if _NUMBER.fullmatch(said := code.get(name, ""))), "")


def segments(source: str, target: str) -> tuple[str, str]:
    """The XML content of the two `seg` elements of a pair.

    Codes of the source are numbered in reading order (`x`); a code of the target has the number of the source's code that
    says the same, else one of its own. `i` counts the pairs of one segment.
    """
    asked, answered = _parsed(source), _parsed(target)
    free = _free_numbers(asked, answered)
    queues = defaultdict[Signature, deque[str]](deque)
    numbered = {}
    for place, signature in _signatures(asked).items():
        numbered[place] = next(free)
        queues[signature].append(numbered[place])
    matched = {
        place: queues[signature].popleft() if queues[signature] else next(free)
        for place, signature in _signatures(answered).items()
    }
    return _segment(asked, numbered), _segment(answered, matched)


def _free_numbers(*texts: Text) -> Iterator[str]:
    """Numbers that no stand-in of these texts has."""
    stand_ins = (_STAND_IN.fullmatch(code.data) for text in texts for code in text.codes)
    taken = {int(number) for found in stand_ins if found for number in found.group("begin", "alone") if number}
    return (str(number) for number in count(1) if number not in taken)


def _signatures(text: Text) -> dict[int, Signature]:
    """What each code that needs a number says, by its place: kind, data, and the data of its closing half."""
    closing = {code.pair: code.data for code in text.codes if code.kind is CodeKind.CLOSE}
    return {
        place: (part.kind, part.data, closing.get(part.pair, ""))
        for place, part in enumerate(text.parts)
        if isinstance(part, Code) and part.kind is not CodeKind.CLOSE and not _STAND_IN.fullmatch(part.data)
    }


def _segment(text: Text, numbers: dict[int, str]) -> str:
    opening = {code.pair: code.data for code in text.codes if code.kind is CodeKind.OPEN}
    return "".join(
        _characters(part)
        if isinstance(part, str)
        else _element(part, numbers.get(place, ""), opening.get(part.pair, ""))
        for place, part in enumerate(text.parts)
    )


def _characters(text: str) -> str:
    if is_legible(text):
        return content(text)
    return "".join(
        f'<ph type="{CHARACTER}{ord(run):04X}">U+{ord(run):04X}</ph>' if place % 2 else content(run)
        for place, run in enumerate(_RUNS.split(text))
    )


def _element(code: Code, number: str, opening: str) -> str:
    """One code as an element; `opening` is what the opening half of a closing one says."""
    if not is_legible(code.data):
        return _characters(code.data)
    stand_in = _STAND_IN.fullmatch(code.data)
    if code.kind is CodeKind.CLOSE:
        begun = _STAND_IN.fullmatch(opening)
        empty = stand_in and begun and begun["begin"] == stand_in["end"]
        return f'<ept i="{code.pair}"/>' if empty else f'<ept i="{code.pair}">{content(code.data)}</ept>'
    if stand_in:
        return _empty(code, stand_in)
    said = f'x="{number}" type="{_type(code)}"'
    if code.kind is CodeKind.OPEN:
        return f'<bpt i="{code.pair}" {said}>{content(code.data)}</bpt>'
    if code.kind is CodeKind.ALONE and not _is_single(code.data):
        return f'<it pos="{"end" if code.data.startswith("</") else "begin"}" {said}>{content(code.data)}</it>'
    return f"<ph {said}>{content(code.data)}</ph>"


def _empty(code: Code, stand_in: re.Match[str]) -> str:
    begin, end, alone = stand_in.group("begin", "end", "alone")
    said = next((f' type="{kind}"' for kind in stand_in.group("pair", "kind") if kind), "")
    if code.kind is CodeKind.OPEN:
        return f'<bpt i="{code.pair}" x="{begin}"{said}/>'
    if begin or end:
        return f'<it pos="{"begin" if begin else "end"}" x="{begin or end}"{said}/>'
    return f'<ph x="{alone}"{said}/>' if alone else f"<ph{said}/>"


def _is_single(tag: str) -> bool:
    """Whether a tag is one by itself (`<br>`, `<x/>`, a comment), not a half whose other half is elsewhere."""
    name = _TAG_NAME.match(tag)
    return name is None or tag.endswith("/>") or (not tag.startswith("</") and name[1].lower() in _SINGLES)


_SINGLES = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def _type(code: Code) -> str:
    if code.kind not in (CodeKind.OPEN, CodeKind.ALONE):
        return f"x-{code.kind}"
    name = _TAG_NAME.match(code.data)
    if name is None:
        return "x-comment"
    known = _TYPES if code.kind is CodeKind.OPEN else _ALONE_TYPES
    return known.get(name[1].lower(), f"x-{name[1].lower()}")
