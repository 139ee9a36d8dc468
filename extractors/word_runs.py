"""Word runs: the content of a WordprocessingML paragraph, read as nodes and written again as runs (ECMA-376 part 1, 17.3)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from extractors.office_codes import Alone, Group, Node
from extractors.xml_spans import Element, local
from extractors.zip_members import Part, escaped

_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SEEN_THROUGH = frozenset(["ins", "moveTo", "smartTag", "customXml"])  # what stands in them is text like any other
_BOXES = frozenset(["hyperlink", "dir", "bdo", "sdt"])
_GONE = frozenset(
    [
        "pPr",
        "rPr",
        "del",
        "moveFrom",
        "proofErr",
        "lastRenderedPageBreak",
        "delText",
        "delInstrText",
        "smartTagPr",
        "customXmlPr",
        "annotationRef",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
    ]
)
_NO_LOOK = frozenset(["lang", "noProof", "rPrChange", "rtl", "ins", "del", "webHidden"])
_AFTER_RTL = frozenset(["cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath"])
_PIECE = re.compile(r"[\t\n]|[^\t\n]+")
_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Said:
    """Characters in a look: the elements of their run's properties as they are written; `written` is a run of them alone."""

    text: str
    look: str
    written: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a field: `begin`, `separate` or `end`, or its instruction."""

    kind: str
    written: str
    instruction: str = ""


_Item = Said | Mark | Alone | Group


def read_runs(part: Part, paragraph: Element) -> tuple[tuple[Node, ...], str]:
    """The content of a paragraph as a reader sees it, and the look of its text that is in no group.

    What revision marks take out is gone, what they put in is there.
    """
    return _grouped(_items(part, paragraph))


def written_runs(nodes: Iterable[Node], look: str, prefix: str, *, right_to_left: bool) -> str:
    """Nodes as runs; text of no group has this look."""
    written = []
    for node in nodes:
        if isinstance(node, str):
            written.append(_run(node, look, prefix, right_to_left=right_to_left))
        elif isinstance(node, Alone):
            written.append(node.written)
        else:
            inside = written_runs(node.nodes, node.look, prefix, right_to_left=right_to_left)
            written.append(f"{node.opens}{inside}{node.closes}")
    return "".join(written)


def _run(text: str, look: str, prefix: str, *, right_to_left: bool) -> str:
    if right_to_left:
        look = _with_rtl(look, prefix)
    pieces = (
        {"\t": f"<{prefix}tab/>", "\n": f"<{prefix}br/>"}.get(piece)
        or f'<{prefix}t xml:space="preserve">{escaped(piece)}</{prefix}t>'
        for piece in _PIECE.findall(text.replace("\r\n", "\n").replace("\r", "\n"))
    )
    properties = f"<{prefix}rPr>{look}</{prefix}rPr>" if look else ""
    return f"<{prefix}r>{properties}{''.join(pieces)}</{prefix}r>"


def _with_rtl(look: str, prefix: str) -> str:
    """Right to left, in the place the schema has for it."""
    names = "|".join(_AFTER_RTL)
    found = re.search(rf"<{prefix}(?:{names})[\s/>]", look)
    place = found.start() if found else len(look)
    return f"{look[:place]}<{prefix}rtl/>{look[place:]}"


def _items(part: Part, element: Element) -> list[_Item]:
    items: list[_Item] = []
    for child in element.elements:
        name = local(child.name)
        if name in _GONE:
            continue
        if name == "r":
            items += _in_run(part, child)
        elif name in _SEEN_THROUGH:
            items += _items(part, child)
        elif name in _BOXES:
            inner = child.find("sdtContent") if name == "sdt" else child
            items.append(_box(part, child, inner) if inner else Alone(part.written(child)))
        else:
            items.append(Alone(part.written(child)))
    return list(_fields(items, element.name.rpartition(":")[0]))


def _box(part: Part, outer: Element, inner: Element) -> Alone | Group:
    nodes, look = _grouped(_items(part, inner))
    if not any(isinstance(node, str | Group) for node in nodes):
        return Alone(part.written(outer))
    text = part.page.text
    return Group(text[outer.begin : inner.inner], text[inner.close : outer.end], look, nodes)


def _in_run(part: Part, run: Element) -> Iterator[_Item]:
    properties = run.find("rPr")
    prefix = run.name.removesuffix("r")
    looks = properties.elements if properties else ()
    look = "".join(part.written(child) for child in looks if local(child.name) not in _NO_LOOK)
    own = f"<{prefix}rPr>{look}</{prefix}rPr>" if look else ""
    for child in run.elements:
        name = local(child.name)
        written = f"<{prefix}r>{own}{part.written(child)}</{prefix}r>"
        if name in _GONE:
            continue
        if name == "t":
            is_kept = any(said.value == "preserve" for key, said in child.attributes.items() if local(key) == "space")
            text = _BLANKS.sub(lambda found: found[0].translate({9: " ", 10: " ", 13: " "}), child.text)
            yield Said(text if is_kept else text.strip(" "), look, written)
        elif name in _CHARACTERS and (name != "br" or said_of(child, "type") in ("", "textWrapping")):
            yield Said(_CHARACTERS[name], look, written)
        elif name == "fldChar":
            yield Mark(said_of(child, "fldCharType"), written)
        elif name == "instrText":
            yield Mark("instruction", written, child.text)
        else:
            yield Alone(written)


def said_of(element: Element, name: str) -> str:
    """An attribute by its local name; empty where it is not there."""
    return next((said.value for key, said in element.attributes.items() if local(key) == name), "")


def _fields(items: list[_Item], space: str) -> Iterator[_Item]:
    """Fields that begin and end here become one code, links by a field a group; pieces of others stand alone."""
    place = 0
    while place < len(items):
        item = items[place]
        end = _field_end(items, place) if isinstance(item, Mark) and item.kind == "begin" else -1
        if end < 0:
            yield Alone(item.written) if isinstance(item, Mark) else item
            place += 1
            continue
        yield from _field(items[place : end + 1], space)
        place = end + 1


def _field(items: list[_Item], space: str) -> Iterator[_Item]:
    shows = next((place for place, item in enumerate(items) if isinstance(item, Mark) and item.kind == "separate"), 0)
    instruction = "".join(item.instruction for item in items if isinstance(item, Mark))
    nested = sum(isinstance(item, Mark) and item.kind == "begin" for item in items) > 1
    if shows and not nested and instruction.split()[:1] == ["HYPERLINK"]:
        nodes, look = _grouped(items[shows + 1 : -1])
        yield Group(_written(items[: shows + 1], space), _written(items[-1:], space), look, nodes)
    else:
        yield Alone(_written(items, space))


def _field_end(items: list[_Item], begin: int) -> int:
    depth = 0
    for place in range(begin, len(items)):
        item = items[place]
        if isinstance(item, Mark):
            depth += (item.kind == "begin") - (item.kind == "end")
            if depth == 0:
                return place
    return -1


def _written(items: Iterable[_Item], space: str) -> str:
    """Items of a field as they stand."""
    prefix = f"{space}:" if space else ""
    return "".join(
        written_runs([item], "", prefix, right_to_left=False) if isinstance(item, Group) else item.written
        for item in items
    )


def _grouped(items: Iterable[_Item]) -> tuple[tuple[Node, ...], str]:
    """Nodes, and the look of those that are text: of all the looks the plainest, wherever it stands.

    Blanks have the look of what stands before them, so that a bold space between two words is no code.
    """
    items = list(items)
    looks = {item.look for item in items if isinstance(item, Said) and item.text.strip()}
    plainest = min(looks, key=lambda look: (len(look), look), default="")
    nodes: list[Node] = []
    for item in items:
        if not isinstance(item, Said):
            nodes.append(Alone(item.written) if isinstance(item, Mark) else item)
            continue
        last = nodes[-1] if nodes else None
        own = last if isinstance(last, Group) and not last.opens else None
        if own and (own.look == item.look or not item.text.strip()):
            nodes[-1] = replace(own, nodes=("".join(map(str, own.nodes)) + item.text,))
        elif item.look == plainest or not item.text.strip():
            nodes[-1:] = [last + item.text] if isinstance(last, str) else [*nodes[-1:], item.text]
        else:
            nodes.append(Group("", "", item.look, (item.text,)))
    return tuple(nodes), plainest
