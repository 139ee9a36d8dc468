"""XLIFF 1.2: write a package as any translation tool opens it, and read what the tool made of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.packages import Package, PackageUnit, ReturnedUnit
from tm_service.domain.text import CodeKind
from tm_service.domain.units import key_text
from tm_service.exchange.guard import Limits, brief, parse_xml
from tm_service.exchange.inline import XLIFF, Mark, fill, label, legible, marks, matched, neutral, shown

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NOTED = re.compile(r"Package (\S{1,200}), revision ")
_LOCALE = r"[A-Za-z]{2,3}(?:-(?:[A-Z][a-z]{3}|[A-Z]{2}|\d{3}))*"
_PACKAGE = re.compile(rf"[A-Za-z0-9][\w.\-]{{0,99}}-\d{{1,9}}-{_LOCALE}(?![A-Za-z0-9])")
_LONGEST_NAME = 200  # what is longer is no name of a package, and is not searched
_MEANING = {
    CodeKind.OPEN: "formatting or a link around words",
    CodeKind.ALONE: "a tag",
    CodeKind.PLACEHOLDER: "filled in by the site",
    CodeKind.ENTITY: "a special character",
    CodeKind.LINK: "a text taken from elsewhere",
    CodeKind.BAR: "divides plural forms, as many as your language needs",
    None: "a control character",
}


@dataclass(frozen=True, slots=True)
class Xliff:
    """One XLIFF file read: the packages its parts name, and its units with neutral texts."""

    packages: tuple[str, ...]
    units: tuple[ReturnedUnit, ...]
    findings: tuple[Finding, ...]


def package_in(text: str) -> str:
    """Find the package id in a text such as a file name; empty where there is none."""
    match = _PACKAGE.search(text) if len(text) <= _LONGEST_NAME else None
    return match[0] if match else ""


def write_xliff(package: Package) -> bytes:
    """Write a package as one XLIFF 1.2 file: strict, UTF-8 without BOM, one `file` per resource in their order."""
    root = etree.fromstring(f'<xliff xmlns="{XLIFF}" version="1.2"/>')
    bodies: dict[str, etree._Element] = {}
    for unit in package.units:
        if unit.resource not in bodies:
            bodies[unit.resource] = _file(root, package, unit.resource)
        _trans_unit(bodies[unit.resource], unit)
    _lay_out(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _file(root: etree._Element, package: Package, resource: str) -> etree._Element:
    file = _child(
        root,
        "file",
        attributes={
            "original": resource,
            "source-language": package.source_locale,
            "target-language": package.code,
            "datatype": "plaintext",
            "date": package.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "product-name": package.site,
            "build-num": package.id,
        },
    )
    due = f", due {package.due.isoformat()}" if package.due else ""
    _child(_child(file, "header"), "note", f"Package {package.id}, revision {package.revision}{due}")
    return _child(file, "body")


def _trans_unit(body: etree._Element, unit: PackageUnit) -> None:
    attributes = {"id": unit.id, "resname": key_text(unit.key), _SPACE: "preserve"}
    element = _child(body, "trans-unit", attributes=attributes)
    fill(_child(element, "source"), marks(unit.source))
    state = "needs-review-translation" if unit.previous_target else "needs-translation"
    target = _child(element, "target", attributes={"state": state})
    fill(target, matched(unit.previous_target, unit.source))
    context = _child(element, "context-group", attributes={"purpose": "information"})
    for kind, text in _context(unit):
        _child(context, "context", text, {"context-type": kind})
    for note in _notes(unit):
        _child(element, "note", note, {"annotates": "source"})


def _context(unit: PackageUnit) -> Iterator[tuple[str, str]]:
    yield "x-resource", unit.resource
    yield "x-key", key_text(unit.key)
    if unit.previous_source:
        yield "x-previous-source", shown(unit.previous_source)


def _notes(unit: PackageUnit) -> Iterator[str]:
    """Say what changed, where it is, and what the codes are: in this order."""
    yield _what_changed(unit)
    yield f"Where: {unit.resource}, {key_text(unit.key)}"
    codes = [_described(mark) for mark in marks(unit.source) if isinstance(mark, Mark) and mark.kind != CodeKind.CLOSE]
    if codes:
        yield f"Codes: {'; '.join(codes)}"


def _what_changed(unit: PackageUnit) -> str:
    before, now = shown(unit.previous_source), shown(unit.source)
    edit = f" (edit: {unit.edit})" if unit.edit else ""
    if not unit.previous_source:
        return "New text." if not unit.previous_target else "There is a translation already; please review it."
    if unit.previous_source == unit.source:
        return "The source has not changed; please review the translation."
    if before == now:
        return f"The words are as before; only what stands inside a tag changed{edit}."
    return f"Was: {before}\nNow: {now}{edit}"


def _described(mark: Mark) -> str:
    said = f"U+{ord(mark.data):04X}" if mark.kind is None else label(mark.data).strip()
    return f"{mark.number} {said} ({_MEANING[mark.kind]})"


def _tag(name: str) -> str:
    return f"{{{XLIFF}}}{name}"


def _child(
    parent: etree._Element, name: str, text: str = "", attributes: dict[str, str] | None = None
) -> etree._Element:
    safe = {key: legible(value) for key, value in (attributes or {}).items()}
    child = etree.SubElement(parent, _tag(name), safe)
    child.text = legible(text) or None
    return child


def _lay_out(root: etree._Element) -> None:
    """One element a line, without touching the content of sources and targets, where blanks count."""
    holders = ("xliff", "file", "header", "body", "trans-unit", "context-group")
    for element in root.iter(*map(_tag, holders)):
        element.text = "\n"
        for child in element:
            child.tail = "\n"


def read_xliff(name: str, content: bytes, limits: Limits | None = None) -> Xliff:
    """Read an XLIFF 1.2 file of any shape a tool may give it, from its bytes. Raises ReturnRejected."""
    root = parse_xml(name, content, limits or Limits())
    if root.tag != _tag("xliff"):
        raise ReturnRejected(f"{brief(name)} is {_what(root)}, not XLIFF 1.2; export it as XLIFF 1.2.")
    units, findings = [], []
    for element in root.iter(_tag("trans-unit")):
        if element.get("id"):
            units.append(_returned(element))
        else:
            message = f"A unit without an id (line {element.sourceline}) was left out."
            findings.append(Finding("units", Severity.WARNING, message, path=brief(name)))
    return Xliff(_packages(root, units), tuple(units), tuple(findings))


def _what(root: etree._Element) -> str:
    """Say what a document that is not ours is, by its root."""
    tag = etree.QName(root)
    version = f" version {brief(root.get('version', ''))}" if root.get("version") else ""
    namespace = f" in the namespace {brief(tag.namespace)}" if tag.namespace else " without a namespace"
    return f"<{brief(tag.localname)}>{version}{namespace}"


def _returned(element: etree._Element) -> ReturnedUnit:
    source, target = element.find(_tag("source")), element.find(_tag("target"))
    return ReturnedUnit(
        id=element.get("id", ""),
        source="" if source is None else neutral(source),
        target="" if target is None else neutral(target),
        state="" if target is None else target.get("state", ""),
    )


def _packages(root: etree._Element, units: list[ReturnedUnit]) -> tuple[str, ...]:
    """List the packages a file names: by its build numbers, else its notes, else the prefix of its units' ids."""
    named = [_named(file) for file in root.iter(_tag("file"))]
    if not any(named):
        named = [package_in(unit.id.rpartition(".")[0]) for unit in units[:1]]
    return tuple(dict.fromkeys(name for name in named if name))


def _named(file: etree._Element) -> str:
    built = file.get("build-num", "")
    if built and package_in(built) == built:
        return built
    notes = (_NOTED.match(note.text or "") for note in file.iterfind(f"{_tag('header')}/{_tag('note')}"))
    return next((note[1] for note in notes if note), "")
