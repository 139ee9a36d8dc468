"""XML writing: other characters put into an element or an attribute, escaped as that place is written.

A text of mixed content holds the site's inline tags as they are written (`<b>`, `<xliff:g id="name">`). Whatever comes back,
what is written stays well-formed: tags that the place knows and that pair up are tags again, everything else is characters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from extractors.pages import Page
from extractors.splices import Splice
from extractors.xml_spans import REFERENCE, Attribute, Element, Run, undone

_TAG = re.compile(
    r"""<(?:/(?P<close>[^\s<>/"'=]+)\s*
      | (?P<open>[^\s<>/"'=!?]+)(?P<attributes>(?:\s+[^\s<>/"'=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?P<empty>/?))>""",
    re.VERBOSE,
)
_ATTRIBUTE_NAME = re.compile(r"""\s([^\s<>/"'=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_STRAY = re.compile(r"&(?!(?:#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos);)")
_IMPOSSIBLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
_BASE = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ASCII = 128


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: characters, or a tag as it is written."""

    text: str
    is_tag: bool = False


def inner_text(page: Page, element: Element) -> str:
    """What an element says: characters as a reader gets them, inline tags as they are written, no comments."""
    return "".join(piece.text for piece in inner_pieces(page, element))


def inner_pieces(page: Page, element: Element) -> list[Piece]:
    """The same in pieces, in order."""
    pieces: list[Piece] = []
    for child in element.children:
        if isinstance(child, Run):
            pieces.append(Piece(child.text))
        elif isinstance(child, Element):
            pieces += (Piece(page.text[child.begin : child.inner], is_tag=True), *inner_pieces(page, child))
            if child.close < child.end:
                pieces.append(Piece(page.text[child.close : child.end], is_tag=True))
    return pieces


def cut(text: str, places: Iterable[Element]) -> list[Piece]:
    """Tell tags from characters in a text that goes to a place, by the inline elements of this place and its source."""
    known: dict[str, set[str]] = {}
    for place in places:
        for inline in (child for top in place.elements for child in top.walk()):
            known.setdefault(inline.name, set()).update(inline.attributes)
    tags = _paired([found for found in _TAG.finditer(text) if _is_known(found, known)] if known else [])
    pieces: list[Piece] = []
    done = 0
    for tag in tags:
        pieces += (Piece(text[done : tag.start()]), Piece(tag[0], is_tag=True))
        done = tag.end()
    return [piece for piece in (*pieces, Piece(text[done:])) if piece.text]


def put_inner(page: Page, place: Element, pieces: Iterable[Piece], model: Element | None = None) -> Splice:
    """The splice that makes these pieces the content of an element, written as it (or a model beside it) is."""
    written = inner_written(page, model or place, pieces)
    if place.inner < place.end:
        return Splice(place.inner, place.close, written)
    tag = page.text[place.begin : place.end].removesuffix("/>").rstrip()
    return Splice(place.begin + len(tag), place.end, f">{written}</{place.name}>" if written else "/>")


def put_text(page: Page, place: Element, text: str, model: Element | None = None) -> Splice:
    """The same for a whole text; the place's own inline elements are what may be a tag in it."""
    return put_inner(page, place, cut(text, [model or place]), model)


def inner_written(page: Page, model: Element, pieces: Iterable[Piece]) -> str:
    """Pieces as the content of an element that is written like the model: a CDATA section where all of its text is one."""
    runs = [child for child in model.children if isinstance(child, Run) and (child.is_cdata or child.text.strip())]
    if runs and all(run.is_cdata for run in runs) and next(model.elements, None) is None:
        return _cdata(page, "".join(piece.text for piece in pieces))
    raw = "".join(page.text[run.begin : run.end] for run in runs if not run.is_cdata)
    escapes = _escapes(raw)
    return "".join(piece.text if piece.is_tag else characters(page, piece.text, escapes) for piece in pieces)


def put_value(page: Page, place: Attribute, text: str) -> Splice:
    """The splice that makes a text the value of an attribute, between the quotes that are there."""
    quote = {'"': "&quot;"} if place.quote == '"' else {"'": "&apos;"}
    escapes = {**_escapes(page.text[place.begin : place.end]), "\n": "&#10;", "\t": "&#9;", **quote}
    return Splice(place.begin, place.end, characters(page, text, escapes))


def characters(page: Page, text: str, escapes: Mapping[str, str]) -> str:
    """A text as character data of this file: what XML or the encoding cannot hold is left out or becomes a reference."""
    table = {"\n": newline(page), **escapes}
    written = _IMPOSSIBLE.sub("", text).translate({ord(character): spelled for character, spelled in table.items()})
    written = written.replace("]]>", "]]&gt;")
    if written.isascii():
        return written
    target = "ascii" if _spells_letters(page) else page.encoding
    return written if target.startswith("utf") else written.encode(target, "xmlcharrefreplace").decode(target)


def newline(page: Page) -> str:
    """The line end of a file: that of its first line."""
    end = page.text.find("\n")
    return "\r\n" if end > 0 and page.text[end - 1] == "\r" else "\n"


def blanks_before(page: Page, place: int, of: str = " \t\r\n") -> str:
    """The blanks that stand before a place."""
    begin = place
    while begin > 0 and page.text[begin - 1] in of:
        begin -= 1
    return page.text[begin:place]


def indent(page: Page, element: Element) -> str:
    """The line end and the blanks before an element; nothing where it does not begin its line."""
    blanks = blanks_before(page, element.begin, " \t")
    before = element.begin - len(blanks)
    return newline(page) + blanks if page.text[max(before - 1, 0) : before] in ("\n", "\r") else ""


def _escapes(raw: str) -> dict[str, str]:
    """Characters by how a stretch of a file writes them: what it wrote as a reference is one again."""
    escapes = dict(_BASE)
    if ">" in raw:
        del escapes[">"]
    return {**escapes, **{undone(found[0]): found[0] for found in REFERENCE.finditer(raw)}}


def _cdata(page: Page, text: str) -> str:
    """A CDATA section; what it cannot hold stands between two of them."""
    text = _IMPOSSIBLE.sub("", text).replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    text = text.replace("\n", newline(page))
    if not page.encoding.startswith("utf"):
        text = "".join(
            character if _fits(character, page.encoding) else f"]]>&#{ord(character)};<![CDATA[" for character in text
        )
    return f"<![CDATA[{text}]]>"


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4)
def _spells_letters(page: Page) -> bool:
    """Whether a file writes letters as numbers: it is ASCII and has one; a spelled no-break space is no sign of it."""
    if not page.text.isascii() or "&#" not in page.text:
        return False
    spelled = (undone(found[0]) for found in REFERENCE.finditer(page.text) if not found["name"])
    return any(len(character) == 1 and ord(character) >= _ASCII and character.isalpha() for character in spelled)


def _is_known(tag: re.Match[str], known: Mapping[str, set[str]]) -> bool:
    if tag["close"]:
        return tag["close"] in known
    if tag["open"] not in known or _STRAY.search(tag["attributes"]) or _IMPOSSIBLE.search(tag["attributes"]):
        return False
    names = _ATTRIBUTE_NAME.findall(tag["attributes"])
    references = (found for found in REFERENCE.finditer(tag["attributes"]) if not found["name"])
    return (
        len(names) == len(set(names))
        and set(names) <= known[tag["open"]]
        and not any(_IMPOSSIBLE.search(undone(found[0])) or undone(found[0]) == found[0] for found in references)
    )


def _paired(tags: list[re.Match[str]]) -> list[re.Match[str]]:
    """Those tags that stand alone, or that open and close in order."""
    kept: list[re.Match[str]] = []
    waiting: list[re.Match[str]] = []
    open_names = Counter[str]()
    for tag in tags:
        if tag["open"] and tag["empty"]:
            kept.append(tag)
        elif tag["open"]:
            waiting.append(tag)
            open_names[tag["open"]] += 1
        else:
            while open_names[tag["close"]]:
                partner = waiting.pop()
                open_names[partner["open"]] -= 1
                if partner["open"] == tag["close"]:
                    kept += (partner, tag)
                    break
    return sorted(kept, key=re.Match.start)
