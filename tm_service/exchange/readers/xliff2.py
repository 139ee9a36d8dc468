"""XLIFF 2: read what a tool made of a file of ours, in any version from 2.0 to 2.2."""

import re
from collections.abc import Iterator

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Comment, ReturnedUnit, Stage
from tm_service.exchange.guard import Limits, brief, parse_xml
from tm_service.exchange.readers.file import ReadFile, package_in, packages_of
from tm_service.exchange.readers.states import least, xliff2_stage
from tm_service.exchange.tokens import FORBIDDEN, escaped, token

NAMESPACES = ("urn:oasis:names:tc:xliff:document:2.0", "urn:oasis:names:tc:xliff:document:2.2")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{1,6}")
_NOTED = re.compile(r"Package (\S{1,200}), revision ")
_LAST_CHARACTER = 0x10FFFF


def read_xliff2(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read an XLIFF 2 file from its bytes; the segments of a unit are joined in order. Raises ReturnRejected."""
    root = parse_xml(name, content, limits or Limits())
    space = etree.QName(root).namespace
    if etree.QName(root).localname != "xliff" or space not in NAMESPACES:
        raise ReturnRejected("{file} is not XLIFF 2; export it as XLIFF.", file=brief(name))
    units, findings = [], []
    for file in root.iterchildren(f"{{{space}}}file"):
        for element in file.iter(f"{{{space}}}unit"):
            if element.get("id"):
                units.append(_Unit(element, str(space)).read(file.get("original", "")))
            else:
                said = "A unit without an id (line {line}) was left out."
                findings.append(found("units", Severity.WARNING, said, line=element.sourceline))
    return ReadFile(_packages(root, str(space), units), tuple(units), tuple(findings))


def _packages(root: etree._Element, space: str, units: list[ReturnedUnit]) -> tuple[str, ...]:
    """The packages that the notes of files name, else those of the ids, else those of the originals."""
    noted: dict[str, None] = {}
    originals = []
    for file in root.iterchildren(f"{{{space}}}file"):
        originals += [file.get("original", ""), file.get("id", "")]
        for note in file.iterfind(f"{{{space}}}notes/{{{space}}}note"):
            match = _NOTED.match(note.text or "")
            if match and package_in(match[1]) == match[1]:
                noted[match[1]] = None
    return tuple(noted) or packages_of(units, *originals)


class _Unit:
    """Reads one unit; the codes of all its segments share their ids."""

    def __init__(self, element: etree._Element, space: str) -> None:
        self.element, self.space = element, f"{{{space}}}"
        self.bases = {
            str(code.get("id")): str(code.get("copyOf"))
            for code in element.iter(f"{self.space}ph", f"{self.space}pc", f"{self.space}sc")
            if code.get("copyOf")
        }

    def read(self, resource: str) -> ReturnedUnit:
        parts = [part for part in self.element if part.tag in (f"{self.space}segment", f"{self.space}ignorable")]
        segments = [part for part in parts if part.tag == f"{self.space}segment"]
        targets, findings = self._targets(parts)
        words = list(dict.fromkeys(segment.get("state", "") for segment in segments))
        answered = any(target.strip() for part, target in targets if part.tag == f"{self.space}segment")
        return ReturnedUnit(
            id=self.element.get("id", ""),
            source="".join(self._side(part, "source") for part in parts),
            target="".join(target for _, target in targets) if answered else "",
            state=words[0] if len(words) == 1 else "",
            findings=findings,
            stage=least(self._stage(segment) for segment in segments) if segments else Stage.SILENT,
            comments=tuple(self._comments()),
            resource=resource,
            key=self.element.get("name", ""),
        )

    def _targets(self, parts: list[etree._Element]) -> tuple[list[tuple[etree._Element, str]], tuple[Finding, ...]]:
        """Parts with their targets, in the order that targets have.

        What lies between segments and has no target of its own is as in the source. A unit of which only some segments are
        translated is not: what it says is half of the text.
        """
        read = [(part, part.find(f"{self.space}target")) for part in parts]
        order = {id(part): place for place, part in enumerate(parts, 1)}
        asked = {id(part): target.get("order", "") for part, target in read if target is not None}
        for part, place in asked.items():
            if place.isdecimal():
                order[part] = int(place[:9])
        read.sort(key=lambda pair: order[id(pair[0])])
        findings: tuple[Finding, ...] = ()
        if len(set(order.values())) < len(order):
            said = "The segments of this unit have the same place in the target; put them in order."
            findings = (found("units", Severity.ERROR, said),)
        targets = [(part, self._target(part, target)) for part, target in read]
        segments = [text for part, text in targets if part.tag == f"{self.space}segment"]
        if any(text.strip() for text in segments) and not all(text.strip() for text in segments):
            said = "Only some segments of this unit are translated; translate all of them."
            findings += (found("completeness", Severity.ERROR, said),)
        return targets, findings

    def _target(self, part: etree._Element, target: etree._Element | None) -> str:
        if target is not None:
            return self._text(target)
        return "" if part.tag == f"{self.space}segment" else self._side(part, "source")

    def _side(self, part: etree._Element, name: str) -> str:
        found_ = part.find(f"{self.space}{name}")
        return "" if found_ is None else self._text(found_)

    def _stage(self, segment: etree._Element) -> Stage:
        return xliff2_stage(segment.get("state", ""), segment.get("subState", ""))

    def _comments(self) -> Iterator[Comment]:
        """Notes on the target: ours are on the source or on the unit."""
        for note in self.element.iterfind(f"{self.space}notes/{self.space}note"):
            if note.get("appliesTo") == "target" and (note.text or "").strip():
                yield Comment((note.text or "").strip(), note.get("category", ""))

    def _text(self, element: etree._Element) -> str:
        return "".join(self._pieces(element))

    def _pieces(self, element: etree._Element) -> Iterator[str]:
        yield escaped(element.text)
        for child in element:
            namespace, _, name = str(child.tag).rpartition("}")
            if f"{namespace}}}" == self.space:
                yield from self._code(child, name)
            yield escaped(child.tail)

    def _code(self, child: etree._Element, name: str) -> Iterator[str]:
        id_ = self._base(child.get("id", ""))
        if name == "pc":
            yield token("+", id_)
            yield from self._pieces(child)
            yield token("-", id_)
        elif name == "sc":
            yield token("+", id_)
        elif name == "ec":
            yield token("-", self._base(child.get("startRef", "")) or id_)
        elif name == "ph":
            yield token(".", id_)
        elif name == "cp":
            yield _character(child.get("hex", ""))
        elif name == "mrk":
            yield from self._pieces(child)

    def _base(self, id_: str) -> str:
        """The code that a code is a copy of, and that itself is none."""
        for _ in range(len(self.bases)):
            if id_ not in self.bases:
                break
            id_ = self.bases[id_]
        return id_


def _character(written: str) -> str:
    """A character that XML cannot carry; what it can is not written in this way, and is nobody's code."""
    number = int(written, 16) if _HEXADECIMAL.fullmatch(written) else 0x20
    if number <= _LAST_CHARACTER and FORBIDDEN.match(chr(number)):
        return token("c", f"{number:04X}")
    return token(".", "?")
