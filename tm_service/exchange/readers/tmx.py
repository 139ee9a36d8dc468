"""TMX: read a memory that came back in place of the files, its pairs told by their texts."""

import re
from collections.abc import Iterator

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity, found
from tm_service.domain.packages import ReturnedUnit
from tm_service.exchange.guard import Damaged, Limits, brief, parse_xml
from tm_service.exchange.readers.codes import Code, Piece, neutral_pair
from tm_service.exchange.readers.file import ReadFile, packages_of, unit_in

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IDS = ("id", "x-id", "unit")  # of properties that name a unit
_FILES = ("file", "x-file", "original")
_KEYS = ("key", "x-key", "resname")
# OmegaT writes the tags of a text as it shows them: <g1>, </g1>, <x2/>.
_SHOWN = re.compile(r"<(/?)([a-z]{1,3}\d{1,4})(/?)>")
_ALL = frozenset(["", "*all*"])


def read_tmx(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read a TMX file of any version from its bytes; codes are under the tool's numbers.

    Raises ReturnRejected, also where it holds translations into several languages.
    """
    root = parse_xml(name, content, limits or Limits())
    if etree.QName(root).localname != "tmx":
        raise ReturnRejected("{file} is not TMX; export it again.", file=brief(name))
    header = root.find("{*}header")
    language = "" if header is None else header.get("srclang", "")
    is_omegat = header is not None and header.get("creationtool", "").casefold().startswith("omegat")
    units, findings, targets = [], [], dict[str, str]()
    for place, entry in enumerate(root.iterfind("{*}body/{*}tu"), 1):
        sides = _sides(entry, entry.get("srclang", "") or language)
        for _, code in sides[1:]:
            targets.setdefault(code.casefold(), code)
        if len(sides) > 1:
            units.append(_unit(entry, place, sides[0][0], sides[1][0], is_omegat=is_omegat))
    if len(targets) > 1:
        *others, last = (brief(code) for code in sorted(targets.values())[:6])
        said = "{file} holds translations into {others} and {last}; send one file for each language."
        raise Damaged(said, file=brief(name), others=", ".join(others), last=last)
    if not units:
        findings.append(found("units", Severity.WARNING, "{file} holds no translations.", file=brief(name)))
    return ReadFile(packages_of(units), tuple(units), tuple(findings))


def _sides(entry: etree._Element, language: str) -> list[tuple[etree._Element, str]]:
    """The variants of an entry that have a segment, each with its language, the source first."""
    variants: list[tuple[etree._Element, str]] = []
    for variant in entry.iterchildren("{*}tuv"):
        segment = variant.find("{*}seg")
        if segment is not None:
            variants.append((segment, variant.get(_LANG, "") or variant.get("lang", "")))
    wanted = language.casefold()
    if wanted in _ALL:
        return variants
    return sorted(variants, key=lambda side: not _is_same(side[1].casefold(), wanted))


def _is_same(code: str, wanted: str) -> bool:
    return code == wanted or re.split("[-_]", code)[0] == re.split("[-_]", wanted)[0]


def _unit(
    entry: etree._Element, place: int, source: etree._Element, target: etree._Element, *, is_omegat: bool
) -> ReturnedUnit:
    said = {prop.get("type", "").casefold(): (prop.text or "").strip() for prop in entry.iterchildren("{*}prop")}
    source_text, target_text, numbered = neutral_pair(
        tuple(_pieces(source, is_omegat=is_omegat)), tuple(_pieces(target, is_omegat=is_omegat))
    )
    ids = [unit_in(entry.get("tuid")), *(unit_in(said.get(name)) for name in _IDS)]
    return ReturnedUnit(
        id=next(filter(None, ids), f"tu {place}"),
        source=source_text,
        target=target_text,
        resource=next(filter(None, (said.get(name, "") for name in _FILES)), ""),
        key=next(filter(None, (said.get(name, "") for name in _KEYS)), ""),
        numbered=numbered,
    )


def _pieces(element: etree._Element, *, is_omegat: bool) -> Iterator[Piece]:
    """Words and codes of a segment; what stands inside a native code is the tool's, and no words."""
    yield from _words(element.text, is_omegat=is_omegat)
    for place, child in enumerate(element, 1):
        name = etree.QName(child).localname
        number = f"x{child.get('x') or f'o{place}'}"
        if name in ("bpt", "ept"):
            yield Code(f"i{child.get('i', '')}", "+" if name == "bpt" else "-", _said(child))
        elif name == "it":
            yield Code(number, "-" if child.get("pos") == "end" else "+", _said(child))
        elif name in ("ph", "ut"):
            yield Code(number, ".", _said(child))
        elif name == "hi":
            yield from _pieces(child, is_omegat=is_omegat)
        yield from _words(child.tail, is_omegat=is_omegat)


def _said(code: etree._Element) -> str:
    return "".join(map(str, code.itertext()))


def _words(text: str | None, *, is_omegat: bool) -> Iterator[Piece]:
    if not is_omegat:
        if text:
            yield text
        return
    done, written = 0, text or ""
    for match in _SHOWN.finditer(written):
        if match.start() > done:
            yield written[done : match.start()]
        yield Code(match[2], "-" if match[1] else "." if match[3] else "+")
        done = match.end()
    if done < len(written):
        yield written[done:]
