"""XLIFF 1.2: write a package as any translation tool opens it."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import groupby

from lxml import etree

from tm_service.domain.handoffs import Detail, Handoff, Offered, Standing, offered
from tm_service.domain.packages import PackageUnit
from tm_service.domain.splitting import Part
from tm_service.domain.units import key_text
from tm_service.exchange.inline import XLIFF, fill, legible, marks, matched, shown
from tm_service.exchange.language_codes import regional
from tm_service.exchange.notes import notes
from tm_service.exchange.restypes import restype

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
STATES = {
    Standing.NEW: "needs-translation",
    Standing.FUZZY: "needs-review-translation",
    Standing.EXACT: "translated",
    Standing.CONTEXT: "final",
    Standing.LOCKED: "final",
}


def write_part(handoff: Handoff, part: Part) -> bytes:
    """Write one part as a strict XLIFF 1.2 file, UTF-8 without BOM: one `file`, its pages as groups where the tool has them."""
    root = etree.fromstring(f'<xliff xmlns="{XLIFF}" version="1.2"/>')
    body = _file(root, handoff, part.origin)
    if not handoff.profile.page_groups:
        _units(body, handoff, part.units)
        return _written(root)
    for place, (page, units) in enumerate(groupby(part.units, key=lambda unit: unit.resource), 1):
        attributes = {"id": f"page{place}", "resname": page, "restype": "x-page"}
        _units(_child(body, "group", attributes=attributes), handoff, list(units))
    return _written(root)


def _file(root: etree._Element, handoff: Handoff, origin: str) -> etree._Element:
    package, regions = handoff.package, handoff.profile.regions
    file = _child(
        root,
        "file",
        attributes={
            "original": origin,
            "source-language": regional(package.source_locale) if regions else package.source_locale,
            "target-language": regional(package.code) if regions else package.code,
            "datatype": "plaintext",
            "date": package.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "product-name": package.site,
            "product-version": f"v{handoff.package.version}",
            "build-num": package.id,
        },
    )
    due = f", due {package.due.isoformat()}" if package.due else ""
    _child(_child(file, "header"), "note", f"Package {package.id}, revision {package.revision}{due}")
    return _child(file, "body")


def _units(parent: etree._Element, handoff: Handoff, units: Sequence[PackageUnit]) -> None:
    """The units of a page in their order; those of one plural message in a group of their own."""
    for name, run in groupby(units, key=lambda unit: handoff.detail(unit).group):
        holder = parent
        if name:
            holder = _child(parent, "group", attributes={"id": name, "restype": "x-gettext-plurals"})
        for unit in run:
            _trans_unit(holder, handoff, unit)


def _trans_unit(parent: etree._Element, handoff: Handoff, unit: PackageUnit) -> None:
    detail, tool = handoff.detail(unit), handoff.profile
    offer = offered(unit, detail)
    element = _child(parent, "trans-unit", attributes=_attributes(unit, detail))
    fill(_child(element, "source"), marks(unit.source))
    _target(element, handoff, unit, offer)
    context = _child(element, "context-group", attributes={"purpose": "information"})
    for kind, text in _context(unit):
        _child(context, "context", text, {"context-type": kind})
    said = [note.text for note in notes(unit, detail, offer, handoff.titles.get(unit.resource, ""))]
    for note in said if tool.notes == "each" else ["\n".join(said)]:
        _child(element, "note", note, {"annotates": "source"})
    if tool.matches_in_file and detail.matched:
        _alternative(element, unit, detail)


def _attributes(unit: PackageUnit, detail: Detail) -> dict[str, str]:
    attributes = {"id": unit.id, "resname": key_text(unit.key), "restype": restype(unit), _SPACE: "preserve"}
    if detail.limit:
        attributes |= {"maxwidth": str(detail.limit), "size-unit": "char"}
    if detail.locked:
        attributes["translate"] = "no"
    return attributes


def _target(element: etree._Element, handoff: Handoff, unit: PackageUnit, offer: Offered) -> None:
    """The target directly after the source; what a locked unit says is kept whatever the tool."""
    style = handoff.profile.new_target
    is_locked = offer.standing is Standing.LOCKED
    if offer.standing is Standing.NEW and style == "none":
        return
    has_state = handoff.profile.states or is_locked
    target = _child(element, "target", attributes={"state": STATES[offer.standing]} if has_state else {})
    if style == "source" and not is_locked:
        fill(target, marks(unit.source))
    else:
        fill(target, matched(offer.target, unit.source))


def _context(unit: PackageUnit) -> Iterator[tuple[str, str]]:
    yield "x-resource", unit.resource
    yield "x-key", key_text(unit.key)
    if unit.previous_source:
        yield "x-previous-source", shown(unit.previous_source)


def _alternative(element: etree._Element, unit: PackageUnit, detail: Detail) -> None:
    attributes = {"match-quality": f"{unit.percent:.0f}%", "origin": "memory", "alttranstype": "proposal"}
    alternative = _child(element, "alt-trans", attributes=attributes)
    if detail.matched_source:
        fill(_child(alternative, "source"), matched(detail.matched_source, unit.source))
    fill(_child(alternative, "target"), matched(detail.matched, unit.source))


def _tag(name: str) -> str:
    return f"{{{XLIFF}}}{name}"


def _child(
    parent: etree._Element, name: str, text: str = "", attributes: dict[str, str] | None = None
) -> etree._Element:
    safe = {key: legible(value) for key, value in (attributes or {}).items()}
    child = etree.SubElement(parent, _tag(name), safe)
    child.text = legible(text) or None
    return child


def _written(root: etree._Element) -> bytes:
    """One element a line, without touching the content of sources and targets, where blanks count."""
    holders = ("xliff", "file", "header", "body", "group", "trans-unit", "context-group", "alt-trans")
    for element in root.iter(*map(_tag, holders)):
        element.text = "\n"
        for child in element:
            child.tail = "\n"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
