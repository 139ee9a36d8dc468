"""MQXLIFF: read what memoQ made of a file of ours."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from lxml import etree

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Comment, ReturnedUnit, Stage
from tm_service.exchange.guard import Limits
from tm_service.exchange.readers.codes import LONGEST, Code, Piece, neutral_pair
from tm_service.exchange.readers.file import ReadFile, packages_of, unit_in
from tm_service.exchange.readers.joining import joined
from tm_service.exchange.readers.plain import packages_named
from tm_service.exchange.readers.states import MEMOQ as WORDS
from tm_service.exchange.readers.states import XLIFF_1, stage_of
from tm_service.exchange.readers.trees import MEMOQ, context_in, inner, noted, target_of, units_in, xliff, xliff_root

# A tag of memoQ's own looks like XML and is none: an end may have attributes, and blanks in values count.
_NATIVE = re.compile(r"</?mq:[\w.\-]{1,40}[\s/>]")
_VALUE = re.compile(r"""\sval\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_OURS = re.compile(r"</?(?:g|x|ph)[\s/>]")
_INLINE = {xliff(name): name for name in ("g", "x", "ph", "bpt", "ept", "bx", "ex", "it", "sub", "mrk")}
_MATCHES = frozenset(["pretranslated", "assembledfromfragments", "machinetranslated"])


def _mq(name: str) -> str:
    return f"{{{MEMOQ}}}{name}"


def read_mqxliff(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read an MQXLIFF file from its bytes. Raises ReturnRejected."""
    limits = limits or Limits()
    return memoq_units(name, xliff_root(name, content, limits), limits)


def memoq_units(_name: str, root: etree._Element, _limits: Limits) -> ReadFile:
    """Read a file in the dialect of memoQ, whose units are rows: rows of one unit of ours are joined."""
    units = tuple(unit for file in root.iter(xliff("file")) for unit in _file(file))
    paths = [file.get("original", "") for file in root.iter(xliff("file"))]
    names = [info.get(_mq("docname"), "") for info in root.iter(_mq("docinformation"))]
    return ReadFile(packages_named(root) or packages_of(units, *paths, *names), units, ())


def _file(file: etree._Element) -> Iterator[ReturnedUnit]:
    languages = file.get("source-language", ""), file.get("target-language", "")
    rows: list[ReturnedUnit] = []
    last: etree._Element | None = None
    for element in units_in(file):
        row = _row(element)
        if rows and not _is_same(last, element, rows[-1], row):
            yield joined(rows, *languages)
            rows = []
        rows.append(row)
        last = element
    if rows:
        yield joined(rows, *languages)


def _is_same(before: etree._Element | None, element: etree._Element, one: ReturnedUnit, other: ReturnedUnit) -> bool:
    """Whether two rows, one after the other, are of one unit: by its id, else by the place in the file that they share."""
    if one.id or other.id:
        return one.id == other.id
    place = element.get(_mq("firstlabel"), "")
    return before is not None and place.isdecimal() and int(place) > 0 and before.get(_mq("lastlabel")) == place


@dataclass(slots=True)
class _Content:
    """What is gathered while a row's source or target is read."""

    pieces: list[Piece] = field(default_factory=list)
    tracked: bool = False

    def read(self, element: etree._Element) -> None:
        self._add(element.text)
        for child in element:
            name = _INLINE.get(child.tag)
            if name:
                self._inline(child, name)
            self._add(child.tail)

    def _add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)

    def _inline(self, child: etree._Element, name: str) -> None:
        if name == "g":
            said = f'<g id="{child.get("id")}" ctype="{child.get("ctype")}"' if child.get("ctype") else ""
            self.pieces.append(Code(child.get("id", ""), "+", said))
            self.read(child)
            self.pieces.append(Code(child.get("id", ""), "-", "</g>"))
        elif name in ("mrk", "sub"):
            self.tracked = self.tracked or child.get("mtype") == "x-mq-tc"
            if child.get(_mq("tctype")) != "del":
                self.read(child)
        elif name in ("bpt", "bx"):
            self.pieces.append(Code(child.get("rid", child.get("id", "")), "+", _said(child)))
        elif name in ("ept", "ex"):
            self.pieces.append(Code(child.get("rid", child.get("id", "")), "-", _said(child)))
        else:
            self.pieces.append(_single(child))


def _single(child: etree._Element) -> Piece:
    """A code, or the text that memoQ took for one: a character it cannot show, a placeholder its rules found."""
    value = _native(inner(child)[:LONGEST])
    if value and not _OURS.match(value):
        return value
    return Code(child.get("id", ""), ".", _said(child))


def _said(child: etree._Element) -> str:
    """What a code was in the file that memoQ was given, as far as memoQ tells."""
    content = inner(child)
    value = _native(content[:LONGEST])
    if value is not None:
        return value
    if not content.strip() and child.get("ctype"):
        return f'<{etree.QName(child).localname} id="{child.get("id")}" ctype="{child.get("ctype")}"'
    return content


@lru_cache(maxsize=1 << 12)
def _native(content: str) -> str | None:
    """What one of memoQ's own tags stands for, empty where it does not tell; None where the content is no such tag."""
    if not _NATIVE.match(content):
        return None
    value = _VALUE.search(content)
    return unescape(value[1] if value[1] is not None else value[2]) if value else ""


def _row(element: etree._Element) -> ReturnedUnit:
    target_element, findings = target_of(element)
    source, target = _Content(), _Content()
    for content, holder in ((source, element.find(xliff("source"))), (target, target_element)):
        if holder is not None:
            _with_edges(content, holder, element)
    source_text, target_text, numbered = neutral_pair(source.pieces, target.pieces)
    state, is_locked = element.get(_mq("status"), ""), element.get(_mq("locked")) in ("locked", "true")
    stage = stage_of(WORDS, state)
    if not state and target_element is not None:
        state = target_element.get("state", "")
        stage = stage_of(XLIFF_1, state)
    return ReturnedUnit(
        id=_id(element),
        source=source_text,
        target=target_text,
        state=state,
        findings=(*findings, *_tracked(target)),
        stage=stage,
        comments=(*_comments(element), *noted(element)),
        resource=context_in(element, "x-resource"),
        key=_key(element),
        numbered=numbered,
        untouched=state.casefold() in _MATCHES or (is_locked and stage in (Stage.UNTOUCHED, Stage.DRAFT)),
    )


def _with_edges(content: _Content, holder: etree._Element, element: etree._Element) -> None:
    """A text with the blanks that memoQ keeps outside of its row."""
    content.pieces.append(element.findtext(_mq("startingws"), ""))
    content.read(holder)
    content.pieces.append(element.findtext(_mq("endingws"), ""))


def _tracked(target: _Content) -> Iterator[Finding]:
    if target.tracked:
        said = "Tracked changes were not accepted or rejected; what was added is taken, what was deleted is left out."
        yield found("tracked-changes", Severity.WARNING, said)


def _contexts(element: etree._Element) -> Sequence[str]:
    return [context.text or "" for context in element.iter(xliff("context"))]


def _id(element: etree._Element) -> str:
    """The id of our unit; rows have numbers of their own, so that only an id of our shape counts."""
    texts = [element.get("id"), element.get("resname"), element.get(_mq("unitId")), *_contexts(element)]
    notes = [note.text for note in element.iterfind(xliff("note"))]
    return next(filter(None, map(unit_in, [*texts, *notes])), "")


def _key(element: etree._Element) -> str:
    """What the file gave the unit as its name, or memoQ shows as its context."""
    name = element.get("resname") or context_in(element, "x-key") or context_in(element, "x-mmq-context")
    return "" if unit_in(name) else name


def _comments(element: etree._Element) -> Iterator[Comment]:
    """The comments on a row that were not deleted; those that repeat a note of the file were not written by anybody."""
    notes = {(note.text or "").strip() for note in element.iterfind(xliff("note"))}
    for comment in element.iterfind(f"{_mq('comments')}/{_mq('comment')}"):
        text = inner(comment).strip()
        if text and text not in notes and _attribute(comment, "deleted") != "true":
            yield Comment(text, _attribute(comment, "creatoruser"), _attribute(comment, "time"))


def _attribute(element: etree._Element, name: str) -> str:
    return element.get(name) or element.get(_mq(name)) or ""
