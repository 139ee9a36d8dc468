"""What is left of our XLIFF 1.2 when a program opens, fills and saves it with translate-toolkit's classes.

`python -m tests.benchmarks.toolkit_xliff` prints the tables; `unit.target = text` is how most programs fill a unit,
`unit.rich_target` how the toolkit keeps inline codes. The second table is about what tools send back.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from tests.benchmarks.measure import Figure, Skipped, median_of
from tests.exchange.omegat.texts import entries
from tests.exchange.plain import Plain
from tests.exchange.samples import package, unit
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.handoffs import Detail, Handoff
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import PackageUnit
from tm_service.domain.plurals import Plural
from tm_service.domain.splitting import Part
from tm_service.domain.text import parse
from tm_service.exchange.inline import Mark, matched
from tm_service.exchange.plurals import plural_units
from tm_service.exchange.profiles import profile
from tm_service.exchange.xliff12 import write_part

UNITS = 1_000
PLURALS = 20  # messages, each one unit for every form of the target language
RUNS = 3
_BUNDLE = Plain()
_NS = {"x": "urn:oasis:names:tc:xliff:document:1.2"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
RETURNS = Path(__file__).parents[1] / "golden/returns"
_TOOLS = {
    ".xlf": "XLIFF 1.0 to 1.2",
    ".sdlxliff": "SDLXLIFF (Trados Studio)",
    ".mqxliff": "memoQ XLIFF",
    ".mxliff": "Phrase XLIFF",
}
_TOKEN = re.compile("\ue000[^\ue001]*\ue001")  # a code in a neutral text
_CODES = frozenset({"ph", "bpt", "ept", "it", "sub"})
_WAYS = ("target", "rich_target")

Fill = Callable[[Any, PackageUnit, str], None]


@dataclass(frozen=True)
class Sent:
    """A package that uses all that XLIFF 1.2 gives us, and what a translator means to say, by unit."""

    handoff: Handoff
    meant: Mapping[str, str]

    @property
    def units(self) -> Mapping[str, PackageUnit]:
        return {unit.id: unit for unit in self.handoff.package.units}

    @property
    def xliff(self) -> bytes:
        return write_part(self.handoff, Part(self.handoff.package.units))


@dataclass(frozen=True)
class Row:
    """A feature: in how many places it was sent, and in how many it was still there, by way of filling."""

    feature: str
    sent: int
    kept: Sequence[int]


def sent(number: int = UNITS) -> Sent:
    """English texts for a French translator: new, changed, matched and locked ones, and plural messages."""
    texts, units, details, meant = entries(), [], {}, {}
    for place in range(number - 3 * PLURALS):
        text, id_ = texts[place % len(texts)], f"seeds-7-fr.{place + 1}"
        source, target = (f" {text[language]}  " if place % 25 == 0 else text[language] for language in ("en", "fr"))
        more = {"previous_source": f"{source} ", "previous_target": target} if place % 10 == 1 else {}
        made = unit(id_, source, resource=f"text/page{place // 40}.json", key=(f"t{place}",), **more)
        units.append(made)
        meant[id_] = target
        if place % 12 == 2:
            details[id_] = Detail(matched=target, locked=True)
        elif place % 9 == 3:
            units[-1] = replace(made, match=MatchClass.FUZZY_85, percent=88.0)
            details[id_] = Detail(matched=target, matched_source=f"{source}!", limit=400)
    for place in range(PLURALS):
        forms = {"one": "{n} seed of row %s" % place, "other": "{n} seeds of row %s" % place}  # noqa: UP031 - braces stay
        message = unit(
            f"seeds-7-fr.p{place}", str(Plural("n", forms)), resource="text/plurals.json", key=(f"p{place}",)
        )
        for made, detail in plural_units(message, "fr"):
            units.append(made)
            details[made.id] = detail
            meant[made.id] = made.source.replace("seeds of row", "graines du rang").replace(
                "seed of row", "graine du rang"
            )
    whole = replace(profile("generic"), matches_in_file=True)
    return Sent(Handoff(package(*units), profile=whole, details=details), meant)


def filled(content: bytes, sent_: Sent, fill: Fill) -> bytes:
    """Open, fill every unit that is said to be translatable, save: as a program of one's own would."""
    from translate.storage import xliff  # noqa: PLC0415 - a peer is not needed where it is not measured

    store = xliff.xlifffile.parsestring(content)
    units = sent_.units
    for held in store.units:
        id_ = held.xmlelement.get("id")
        if held.istranslatable():
            fill(held, units[id_], sent_.meant[id_])
    return bytes(store)


def plainly(held: Any, sent_: PackageUnit, meant: str) -> None:
    """The words, and of the codes what the toolkit itself shows of them in `unit.source`: the text of placeholders."""
    shown = str(held.source)
    held.target = "".join(
        part if isinstance(part, str) else part.data if part.data in shown else "" for part in parse(meant).parts
    )


def richly(held: Any, sent_: PackageUnit, meant: str) -> None:
    """The words with the source's own code elements between them."""
    from translate.storage.placeables import StringElem  # noqa: PLC0415 - as above

    (source,) = held.rich_source
    there = {element.id: element for element in source.depth_first() if getattr(element, "id", None)}
    whole = StringElem()
    open_: list[Any] = [whole]
    for piece in matched(meant, sent_.source):
        if isinstance(piece, str):
            open_[-1].sub.append(StringElem(piece))
        elif piece.token.startswith("-"):
            open_.pop()
        else:
            element = _copied(there[str(piece.number)], piece)
            open_[-1].sub.append(element)
            if piece.token.startswith("+"):
                open_.append(element)
    held.rich_target = [whole]


def _copied(element: Any, mark: Mark) -> Any:
    copied = element.copy()
    if mark.token.startswith("+"):
        copied.sub = []
    return copied


def table(sent_: Sent) -> list[Row]:
    """Every feature before and after, for both ways of filling."""
    before, crlf = sent_.xliff, sent_.xliff.replace(b"\n", b"\r\n")
    after = [filled(before, sent_, fill) for fill in (plainly, richly)]
    windows = [filled(crlf, sent_, fill) for fill in (plainly, richly)]
    untouched = [filled(before, sent_, lambda *_: None)] * len(_WAYS)
    was, are, still = _root(before), [_root(content) for content in after], [_root(content) for content in untouched]
    rows = [_row(name, find(was), [find(root) for root in are]) for name, find in _FEATURES.items()]
    rows.append(_row("empty target, where nothing was filled in", _empty(was), [_empty(root) for root in still]))
    open_ = [element for element in was.iterfind(".//x:trans-unit", _NS) if element.get("translate") != "no"]
    rows.append(Row("state says translated, once filled", len(open_), [_saying(root, "translated") for root in are]))
    claimed = [len(root.findall(".//x:trans-unit[@approved='yes']", _NS)) for root in are]
    rows.append(Row("nothing approved that nobody approved", len(open_), [len(open_) - count for count in claimed]))
    rows.append(_encoding("UTF-8 without a BOM", after, lambda content: not content.startswith(b"\xef\xbb\xbf")))
    rows.append(
        _encoding(
            "CRLF line ends (every XML parser makes them LF)", windows, lambda content: content.count(b"\r\n") > UNITS
        )
    )
    rows += _targets(sent_, after)
    return rows


def _targets(sent_: Sent, after: Sequence[bytes]) -> Iterator[Row]:
    """What our reader takes in of the saved files, beside what the translator meant."""
    home = [_taken(content, sent_) for content in after]
    free = [unit for unit in sent_.units.values() if not sent_.handoff.detail(unit).locked]
    kinds = {
        "targets as meant, texts with codes": [unit.id for unit in free if parse(unit.source).codes],
        "targets as meant, texts without codes": [unit.id for unit in free if not parse(unit.source).codes],
        "targets as meant, blanks at their ends": [unit.id for unit in free if unit.source.startswith(" ")],
    }
    for name, ids in kinds.items():
        yield Row(name, len(ids), [sum(taken[id_] == sent_.meant[id_] for id_ in ids) for taken in home])


def _taken(content: bytes, sent_: Sent) -> dict[str, str]:
    units = sent_.units
    back = _BUNDLE.read("back.xlf", content).units
    return {returned.id: _BUNDLE.rebuild(returned, units[returned.id]).target for returned in back}


def _row(name: str, was: Sequence[object], are: Sequence[Sequence[object]]) -> Row:
    """Places are compared one by one, in the order of the file."""
    return Row(name, len(was), [sum(a == b for a, b in zip(was, now, strict=False)) for now in are])


def _encoding(name: str, contents: Sequence[bytes], holds: Callable[[bytes], bool]) -> Row:
    return Row(name, 1, [int(holds(content)) for content in contents])


def _root(content: bytes) -> etree._Element:
    return etree.fromstring(content)


def _found(path: str, see: Callable[[etree._Element], object]) -> Callable[[etree._Element], list[object]]:
    return lambda root: [seen for element in root.iterfind(f".//{path}", _NS) if (seen := see(element)) is not None]


def _canonical(element: etree._Element) -> bytes:
    tail, element.tail = element.tail, None
    try:
        return etree.tostring(element, method="c14n")
    finally:
        element.tail = tail


def _words(element: etree._Element) -> str:
    """An element's own text, whatever indentation stands between its children."""
    return "|".join("".join(child.itertext()) for child in element)


def _after_source(element: etree._Element) -> object:
    target = element.find("x:target", _NS)
    return None if target is None else target.getprevious() is element.find("x:source", _NS)


def _saying(root: etree._Element, state: str) -> int:
    found = (
        unit.find("x:target", _NS) for unit in root.iterfind(".//x:trans-unit", _NS) if unit.get("translate") != "no"
    )
    return sum(target is not None and target.get("state") == state for target in found)


def _locked(element: etree._Element) -> object:
    target = element.find("x:target", _NS)
    return _canonical(target) if element.get("translate") == "no" and target is not None else None


def _empty(root: etree._Element) -> list[object]:
    """Targets by unit: empty ones are None in neither file, or somebody has filled or removed them."""
    found = []
    for element in root.iterfind(".//x:trans-unit", _NS):
        target = element.find("x:target", _NS)
        found.append((element.get("id"), target is not None and not len(target) and not target.text))
    return found


def _attributes(*names: str) -> Callable[[etree._Element], object]:
    return lambda element: tuple(element.get(name) for name in names) if any(map(element.get, names)) else None


_FEATURES: Mapping[str, Callable[[etree._Element], list[object]]] = {
    "ids, in order": _found("x:trans-unit", _attributes("id")),
    "names and types (resname, restype)": _found("x:trans-unit", _attributes("resname", "restype")),
    "limits (maxwidth, size-unit)": _found("x:trans-unit", _attributes("maxwidth", "size-unit")),
    "xml:space": _found("x:trans-unit", _attributes(_SPACE)),
    "sources with their inline codes": _found("x:trans-unit/x:source", _canonical),
    "target directly after the source": _found("x:trans-unit", _after_source),
    "locked units, with their targets": _found("x:trans-unit", _locked),
    "notes": _found("x:note", lambda element: element.text),
    "context groups": _found("x:context-group", _words),
    "groups (pages, plural forms)": _found("x:group", _attributes("id", "resname", "restype")),
    "alt-trans, with its codes": _found("x:alt-trans", lambda element: [_canonical(child) for child in element]),
    "the package's name (build-num)": _found("x:file", _attributes("build-num")),
}


@dataclass(frozen=True)
class Shape:
    """Returns of one kind of tool: targets that say something, and how many of their texts the toolkit reads as well."""

    name: str
    targets: int
    same: int


def returned(folder: Path = RETURNS) -> Iterator[Shape]:
    """The sample returns; only words are compared, wherever they stand, so that no id or code counts against anybody."""
    from translate.storage import xliff  # noqa: PLC0415 - as above

    shapes: dict[str, list[int]] = {}
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _TOOLS):
        content = file.read_bytes()
        try:
            ours = [words for held in _BUNDLE.read(file.name, content).units if (words := _plain(held.target))]
        except ReturnRejected:  # a sample that needs to be told its package by the name of the file
            continue
        theirs = Counter(map(_seen, xliff.xlifffile.parsestring(content).units))
        counted = shapes.setdefault(_TOOLS[file.suffix], [0, 0])
        counted[0] += len(ours)
        counted[1] += (Counter(ours) & theirs).total()
    return (Shape(name, *counted) for name, counted in shapes.items())


def _plain(target: str) -> str:
    return "".join(_TOKEN.sub("", target).split())


def _seen(held: Any) -> str:
    """The words of a unit's target without the texts of its codes."""
    try:
        return "".join(_leaves(held.rich_target)).replace(" ", "")
    except (KeyError, AttributeError):  # a code without an id
        return ""


def _leaves(element: Any) -> Iterator[str]:
    if isinstance(element, str):
        yield from element.split()
        return
    node = getattr(element, "xml_node", None)
    if node is None or etree.QName(node).localname not in _CODES:
        for inner in element if isinstance(element, list) else element.sub:
            yield from _leaves(inner)


def markdown(rows: Sequence[Row]) -> str:
    said = [
        "| what we write | sent | kept by `unit.target = text` | kept by `unit.rich_target` |",
        "|---|---:|---:|---:|",
    ]
    said += [f"| {row.feature} | {row.sent:,} | {' | '.join(f'{kept:,}' for kept in row.kept)} |" for row in rows]
    return "\n".join(said)


def markdown_of_returns(shapes: Iterable[Shape]) -> str:
    said = ["| what tools send back | targets | read the same by the toolkit |", "|---|---:|---:|"]
    said += [f"| {shape.name} | {shape.targets} | {shape.same} |" for shape in shapes]
    return "\n".join(said)


HEAD = ("what we write", "sent", "translate-toolkit, `unit.target = text`", "`unit.rich_target`")


def losses_table() -> list[list[str]]:
    """The README's table: what one of the two ways loses. Raises Skipped."""
    if find_spec("translate") is None:
        raise Skipped("translate-toolkit is not installed: install the development group.")
    lost = [row for row in table(sent()) if any(kept < row.sent for kept in row.kept)]
    return [[row.feature, f"{row.sent:,}", *(_bold(kept, row.sent) for kept in row.kept)] for row in lost]


def _bold(kept: int, sent_: int) -> str:
    return f"**{kept:,}**" if kept < sent_ else f"{kept:,}"


def losses() -> Iterator[Figure]:
    """The table as figures, then the time both take."""
    if find_spec("translate") is None:
        raise Skipped("translate-toolkit is not installed: install the development group.")
    made = sent()
    for row in table(made):
        for way, kept in zip(_WAYS, row.kept, strict=True):
            yield Figure(f"XLIFF 1.2 through the toolkit: {row.feature}", kept, "kept", f"{row.sent:,}", note=way)
    for shape in returned():
        yield Figure(
            f"{shape.name} read by the toolkit", shape.same, "targets", f"{shape.targets}", note="sample returns"
        )
    content, back = made.xliff, filled(made.xliff, made, richly)
    yield Figure(
        f"XLIFF 1.2, {UNITS:,} units: written and read",
        median_of(RUNS, lambda: made.xliff) + median_of(RUNS, lambda: _taken(back, made)),
        "s",
        beside="translate-toolkit: read, filled and saved",
        other=median_of(RUNS, lambda: filled(content, made, richly)),
    )


if __name__ == "__main__":
    sys.stdout.write(f"{markdown(table(sent()))}\n\n{markdown_of_returns(returned())}\n")
