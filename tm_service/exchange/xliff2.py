"""XLIFF 2: write a part of a package in the newer standard, core only or with the modules that a tool reads."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from lxml import etree

from locales import LANGUAGES
from tm_service.domain.handoffs import Detail, Handoff, Offered, Standing, offered
from tm_service.domain.packages import PackageUnit
from tm_service.domain.splitting import Part
from tm_service.domain.units import key_text
from tm_service.exchange.inline import Cut, legible, marks, matched, shown
from tm_service.exchange.language_codes import regional
from tm_service.exchange.notes import notes
from tm_service.exchange.xliff2_inline import Codes

CORE = "urn:oasis:names:tc:xliff:document:2.0"
_MODULES = {
    "fs": "urn:oasis:names:tc:xliff:fs:2.0",
    "gls": "urn:oasis:names:tc:xliff:glossary:2.0",
    "mda": "urn:oasis:names:tc:xliff:metadata:2.0",
    "mtc": "urn:oasis:names:tc:xliff:matches:2.0",
    "slr": "urn:oasis:names:tc:xliff:sizerestriction:2.0",
    "val": "urn:oasis:names:tc:xliff:validation:2.0",
}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SEGMENT = "s1"  # one unit is one sentence or label, and stays so
# XLIFF 2.1, 4.3.1.27 (state): a fuzzy match is still in its initial state; our own word for it stands beside.
STATES = {
    Standing.NEW: {"state": "initial"},
    Standing.FUZZY: {"state": "initial", "subState": "tm:fuzzy"},
    Standing.EXACT: {"state": "translated"},
    Standing.CONTEXT: {"state": "final"},
    Standing.LOCKED: {"state": "final"},
}
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'()]*[^\s<>\"'().,;:!?]|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


def write_part(handoff: Handoff, part: Part) -> bytes:
    """Write one part, UTF-8 without BOM; `version` is 2.0 when the profile has no modules, so that every editor opens it."""
    used = sorted(handoff.profile.modules)
    spaces = "".join(f' xmlns:{prefix}="{_MODULES[prefix]}"' for prefix in used)
    root = etree.fromstring(f'<xliff xmlns="{CORE}"{spaces} version="{"2.1" if used else "2.0"}"/>')
    root.set("srcLang", _code(handoff, handoff.package.source_locale))
    root.set("trgLang", _code(handoff, handoff.package.code))
    file = _file(root, handoff, part)
    for place, (page, units) in enumerate(groupby(part.units, key=lambda unit: unit.resource), 1):
        attributes = {"id": f"page{place}", "name": page, "type": "tm:page"}
        _units(_child(file, "group", attributes), handoff, list(units))
    _lay_out(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _code(handoff: Handoff, code: str) -> str:
    return regional(code) if handoff.profile.regions else code


def _file(root: etree._Element, handoff: Handoff, part: Part) -> etree._Element:
    package = handoff.package
    attributes = {
        "id": "f1",
        "original": part.origin,
        "canResegment": "no",
        "srcDir": LANGUAGES[package.source_locale].direction,
        "trgDir": LANGUAGES[package.locale].direction,
    }
    file = _child(root, "file", attributes)
    if "slr" in handoff.profile.modules and any(handoff.detail(unit).limit for unit in part.units):
        profiles = etree.SubElement(file, _name("slr", "profiles"), generalProfile="xliff:codepoints")
        etree.SubElement(profiles, _name("slr", "normalization"), general="nfc", storage="nfc")
    due = f", due {package.due.isoformat()}" if package.due else ""
    said = f"Package {package.id}, revision {package.revision}{due}"
    _child(_child(file, "notes"), "note", {"id": "n1", "category": "package"}).text = legible(said)
    return file


def _units(parent: etree._Element, handoff: Handoff, units: Sequence[PackageUnit]) -> None:
    for name, run in groupby(units, key=lambda unit: handoff.detail(unit).group):
        holder = _child(parent, "group", {"id": name, "type": "tm:plurals"}) if name else parent
        for unit in run:
            _unit(holder, handoff, unit)


def _unit(parent: etree._Element, handoff: Handoff, unit: PackageUnit) -> None:
    """Modules first, then notes, original data and the one segment, as the schema wants them."""
    detail, modules = handoff.detail(unit), handoff.profile.modules
    offer = offered(unit, detail)
    attributes = {"id": unit.id, "name": key_text(unit.key), _SPACE: "preserve"}
    if detail.locked:
        attributes["translate"] = "no"
    if detail.limit and "slr" in modules:
        attributes[_name("slr", "sizeRestriction")] = str(detail.limit)
    element = _child(parent, "unit", attributes)
    for module in _module_elements(handoff, unit, detail):
        element.append(module)
    said = _child(element, "notes")
    title = handoff.titles.get(unit.resource, "")
    for place, note in enumerate(notes(unit, detail, offer, title), 1):
        attributes = {"id": f"n{place}", "category": note.category, "appliesTo": "source"}
        _child(said, "note", attributes).text = legible(note.text)
    _segment(element, handoff, unit, offer)


def _segment(element: etree._Element, handoff: Handoff, unit: PackageUnit, offer: Offered) -> None:
    """The one segment of a unit, with the data of its codes; an empty target says nothing and is left out."""
    source, target = marks(unit.source), matched(offer.target, unit.source)
    codes = Codes.of(CORE, source, (target,) if offer.target else (), _styles(handoff))
    codes.write_data(element)
    segment = _child(element, "segment", {"id": _SEGMENT, **(STATES[offer.standing] if offer.target else {})})
    codes.fill(_child(segment, "source"), source)
    if offer.target:
        codes.fill(_child(segment, "target"), target)


def _styles(handoff: Handoff) -> str:
    """The namespace of format styles, empty where the tool does not read them."""
    return _MODULES["fs"] if "fs" in handoff.profile.modules else ""


def _module_elements(handoff: Handoff, unit: PackageUnit, detail: Detail) -> Iterator[etree._Element]:
    modules = handoff.profile.modules
    if "mtc" in modules and handoff.profile.matches_in_file and detail.matched:
        yield _matches(handoff, unit, detail)
    if "gls" in modules and detail.terms:
        yield _glossary(detail)
    if "mda" in modules:
        yield _metadata(unit)
    addresses = list(dict.fromkeys(_addresses(marks(unit.source))))
    if "val" in modules and addresses and not detail.locked:
        yield _rules(addresses)


def _matches(handoff: Handoff, unit: PackageUnit, detail: Detail) -> etree._Element:
    element = etree.Element(_name("mtc", "matches"))
    attributes = {"ref": f"#{_SEGMENT}", "similarity": f"{unit.percent:.1f}", "type": "tm", "origin": "memory"}
    match = etree.SubElement(element, _name("mtc", "match"), attributes)
    source = matched(detail.matched_source or unit.source, unit.source)
    target = matched(detail.matched, unit.source)
    codes = Codes.of(CORE, source, (target,), _styles(handoff))
    codes.write_data(match)
    codes.fill(_child(match, "source", {_SPACE: "preserve"}), source)
    codes.fill(_child(match, "target", {_SPACE: "preserve"}), target)
    return element


def _glossary(detail: Detail) -> etree._Element:
    element = etree.Element(_name("gls", "glossary"))
    for term in detail.terms:
        entry = etree.SubElement(element, _name("gls", "glossEntry"))
        etree.SubElement(entry, _name("gls", "term")).text = legible(term.source)
        etree.SubElement(entry, _name("gls", "translation")).text = legible(term.target)
    return element


def _metadata(unit: PackageUnit) -> etree._Element:
    element = etree.Element(_name("mda", "metadata"))
    group = etree.SubElement(element, _name("mda", "metaGroup"), category="context")
    said = {"resource": unit.resource, "key": key_text(unit.key)}
    if unit.previous_source:
        said["previous-source"] = shown(unit.previous_source)
    for kind, text in said.items():
        etree.SubElement(group, _name("mda", "meta"), type=kind).text = legible(text)
    return element


def _addresses(cut: Cut) -> Iterator[str]:
    """Addresses in the words of a text; they stay as they are in every language."""
    for piece in cut:
        if isinstance(piece, str):
            yield from _ADDRESS.findall(piece)


def _rules(addresses: Iterable[str]) -> etree._Element:
    element = etree.Element(_name("val", "validation"))
    for address in addresses:
        etree.SubElement(element, _name("val", "rule"), isPresent=address)
    return element


def _name(prefix: str, name: str) -> str:
    return f"{{{_MODULES[prefix]}}}{name}"


def _child(parent: etree._Element, name: str, attributes: dict[str, str] | None = None) -> etree._Element:
    safe = {key: legible(value) for key, value in (attributes or {}).items()}
    return etree.SubElement(parent, f"{{{CORE}}}{name}", safe)


def _lay_out(root: etree._Element) -> None:
    """One element a line, without touching sources, targets and data, where blanks count."""
    for element in root.iter(*(f"{{{CORE}}}{name}" for name in ("xliff", "file", "group", "unit", "notes", "segment"))):
        element.text = "\n"
        for child in element:
            child.tail = "\n"
