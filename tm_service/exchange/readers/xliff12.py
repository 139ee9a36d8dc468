"""XLIFF 1.2: read what a tool made of a file of ours."""

import re

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.packages import ReturnedUnit
from tm_service.exchange.guard import Limits, brief, parse_xml
from tm_service.exchange.inline import XLIFF, neutral
from tm_service.exchange.readers.file import ReadFile, package_in

_NOTED = re.compile(r"Package (\S{1,200}), revision ")


def read_xliff(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
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
    return ReadFile(_packages(root, units), tuple(units), tuple(findings))


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


def _tag(name: str) -> str:
    return f"{{{XLIFF}}}{name}"
