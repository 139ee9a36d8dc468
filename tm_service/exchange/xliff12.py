"""XLIFF 1.2: write a package as any translation tool opens it."""

from collections.abc import Iterator
from datetime import UTC

from lxml import etree

from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.text import CodeKind
from tm_service.domain.units import key_text
from tm_service.exchange.inline import XLIFF, Mark, fill, label, legible, marks, matched, shown

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MEANING = {
    CodeKind.OPEN: "formatting or a link around words",
    CodeKind.ALONE: "a tag",
    CodeKind.PLACEHOLDER: "filled in by the site",
    CodeKind.ENTITY: "a special character",
    CodeKind.LINK: "a text taken from elsewhere",
    CodeKind.BAR: "divides plural forms, as many as your language needs",
    None: "a control character",
}


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
