"""SDLXLIFF: read what Trados Studio made of a file of ours."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import etree

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Comment, ReturnedUnit
from tm_service.exchange.guard import Limits, brief
from tm_service.exchange.readers.codes import Code, Piece, neutral_pair, words_of
from tm_service.exchange.readers.file import ReadFile, packages_of, unit_in
from tm_service.exchange.readers.joining import half_done
from tm_service.exchange.readers.plain import packages_named
from tm_service.exchange.readers.sdl_header import Head, Tag, head_of_file, is_locked_content, originals, read_head, sdl
from tm_service.exchange.readers.sdl_segments import progress
from tm_service.exchange.readers.trees import (
    MOST_CONTEXTS,
    filled_segments,
    inner,
    noted,
    target_of,
    units_in,
    xliff,
    xliff_root,
)

_ADDED = ("x-sdl-added", "x-sdl-feedback-added")
_DELETED = ("x-sdl-deleted", "x-sdl-feedback-deleted")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")  # a unit's id as Trados makes it
_NO_TAG = Tag()
_DEEPEST = 40  # elements around locked content; with those in it no stack is met
_MOST_LOCKED = 1 << 23  # characters of it in all units together: a file may name the same a million times
_INLINE = {xliff(name): name for name in ("g", "x", "ph", "bpt", "ept", "bx", "ex", "it", "sub", "mrk")}
_ENDS = {end: sdl(end) for end in ("start", "end")}
_REVISIONS = {end: sdl(f"{end}-revid") for end in _ENDS}


def read_sdlxliff(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read an SDLXLIFF file from its bytes. Raises ReturnRejected."""
    limits = limits or Limits()
    return trados_units(name, xliff_root(name, content, limits), limits)


def trados_units(name: str, root: etree._Element, limits: Limits) -> ReadFile:
    """Read a file in the dialect of Trados; a unit that nothing in it names has no id, and keeps its place."""
    head, inside = read_head(root), list(originals(root, limits))
    units = list(_placed(list(_units(root, head)), [unit for original in inside for unit in original.units]))
    named = dict.fromkeys(package for original in inside for package in original.packages)
    return ReadFile(
        packages=tuple(named) or packages_named(root) or packages_of(units, *_paths(root)),
        units=tuple(units),
        findings=tuple(_of_the_file(name, root, head)),
    )


def _units(root: etree._Element, head: Head) -> Iterator[ReturnedUnit]:
    """The units of every file in a file; each numbers its tags and contexts for itself."""
    given = _Given()
    for file in root.findall(xliff("file")):
        own = head_of_file(file, head)
        for element in units_in(file):
            if not is_locked_content(element):
                yield _returned(element, own, given)


def _paths(root: etree._Element) -> Iterator[str]:
    for file in root.iter(xliff("file")):
        yield file.get("original", "")
        for value in file.iterfind(f"{xliff('header')}/{sdl('file-info')}/{sdl('value')}"):
            if value.get("key") == "SDL:OriginalFilePath":
                yield value.text or ""


def _of_the_file(name: str, root: etree._Element, head: Head) -> Iterator[Finding]:
    """What somebody wrote of the file as a whole, which no unit can carry."""
    for number in dict.fromkeys(element.get("id", "") for element in root.iter(sdl("cmt"))):
        for comment in head.comments.get(number, ()):
            said = "{author} wrote of the whole file: {text}"
            finding = found("comments", Severity.NOTE, said, author=comment.author or "Somebody", text=comment.text)
            yield replace(finding, path=brief(name))


@dataclass(slots=True)
class _Given:
    """How much locked content may still be put into units, and the comments that a unit already has."""

    left: int = _MOST_LOCKED
    comments: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Content:
    """What is gathered while a unit's source or target is read."""

    head: Head
    given: _Given
    depth: int = 0
    pieces: list[Piece] = field(default_factory=list)
    tracked: bool = False
    lost: list[str] = field(default_factory=list)

    def read(self, element: etree._Element, within: frozenset[str] = frozenset()) -> None:
        """Add the content of an element; `within` are the locked contents that are being read."""
        self.depth += 1
        self._add(element.text)
        for child in element:
            name = _INLINE.get(child.tag)
            if name:
                self._inline(child, name, within)
            self._add(child.tail)
        self.depth -= 1

    def _add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)

    def _inline(self, child: etree._Element, name: str, within: frozenset[str]) -> None:
        if name == "g":
            self._pair(child, within)
        elif name in ("x", "ph", "it"):
            self._single(child, name, within)
        elif name in ("bpt", "bx", "ept", "ex"):
            role = "+" if name in ("bpt", "bx") else "-"
            self.pieces.append(Code(child.get("rid", child.get("id", "")), role, inner(child)))
        else:
            self._marked(child, within)

    def _pair(self, child: etree._Element, within: frozenset[str]) -> None:
        """A pair of tags; either end may be a ghost, or deleted by a tracked change."""
        number = child.get("id", "")
        tag = self.head.tags.get(number, _NO_TAG)
        if self._is_there(child, "start"):
            self.pieces.append(Code(number, "+", tag.opens or _as_written(child, "g")))
        self.read(child, within)
        if self._is_there(child, "end"):
            self.pieces.append(Code(number, "-", tag.closes or "</g>"))

    def _is_there(self, child: etree._Element, end: str) -> bool:
        revision = child.get(_REVISIONS[end])
        self.tracked = self.tracked or revision is not None
        return child.get(_ENDS[end]) != "false" and revision not in self.head.deleted

    def _single(self, child: etree._Element, name: str, within: frozenset[str]) -> None:
        number, locked = child.get("id", ""), child.get("xid", "")
        if not locked.startswith("lockTU_"):
            said = self.head.tags.get(number, _NO_TAG).alone or _as_written(child, name)
            self.pieces.append(Code(number, ".", said))
        elif self._admits(locked, within):
            self.given.left -= self.head.locked[locked].size
            self.read(self.head.locked[locked].source, within | {locked})
        else:
            self.lost.append(number)

    def _admits(self, locked: str, within: frozenset[str]) -> bool:
        """Whether there is such content, it does not hold itself, and there is room for it."""
        content = self.head.locked.get(locked)
        is_known = content is not None and content.size <= self.given.left
        return is_known and locked not in within and self.depth < _DEEPEST

    def _marked(self, child: etree._Element, within: frozenset[str]) -> None:
        kind = child.get("mtype")
        if kind in _ADDED or kind in _DELETED:
            self.tracked = True
        if kind not in _DELETED:
            self.read(child, within)


def _as_written(child: etree._Element, name: str) -> str:
    """A tag that no definition describes, by itself where it still is ours; of its own tags Trados leaves only numbers."""
    kind = child.get("ctype")
    return f'<{name} id="{child.get("id")}" ctype="{kind}"' if kind else ""


def _returned(element: etree._Element, head: Head, given: _Given) -> ReturnedUnit:
    target_element, findings = target_of(element)
    source, target = _Content(head, given), _Content(head, given)
    source.read(_or_empty(_source_of(element)))
    target.read(_or_empty(target_element))
    source_text, target_text, numbered = neutral_pair(source.pieces, target.pieces)
    state, stage, untouched = progress(element, target_element)
    return ReturnedUnit(
        id=_id(element, head),
        source=source_text,
        target=target_text,
        state=state,
        findings=(*findings, *_damage(element, source, target), *half_done(filled_segments(element, target_element))),
        stage=stage,
        comments=(*_comments(element, head, given), *noted(element)),
        key=element.get("resname", ""),
        numbered=numbered,
        untouched=untouched,
    )


def _source_of(element: etree._Element) -> etree._Element | None:
    source = element.find(xliff("source"))
    return element.find(xliff("seg-source")) if source is None else source


def _or_empty(element: etree._Element | None) -> etree._Element:
    return etree.Element(xliff("target")) if element is None else element


def _id(element: etree._Element, head: Head) -> str:
    """The id of our unit: by its contexts, its properties and notes, else its own where Trados did not make one."""
    inside = (unit_in(value.text) for value in element.iter(sdl("value"), xliff("note")))
    own = element.get("id", "")
    said = (unit_in(own), unit_in(element.get("resname")), *inside, *_in_contexts(element, head))
    return next(filter(None, said), "" if _GUID.fullmatch(own) else own)


def _in_contexts(element: etree._Element, head: Head) -> Iterator[str]:
    """What the contexts of a unit, and of the groups around it, name; the nearest first."""
    if not head.contexts:
        return
    for holder in (element, *element.iterancestors(xliff("group"))):
        for context in islice(holder.iterfind(f"{sdl('cxts')}/*"), MOST_CONTEXTS):
            yield head.contexts.get((etree.QName(context).localname, context.get("id", "")), "")


def _damage(element: etree._Element, source: _Content, target: _Content) -> Iterator[Finding]:
    if element.find(xliff("source")) is None and element.find(xliff("seg-source")) is None:
        yield found("units", Severity.WARNING, "This unit came back without its source; compare it with what was sent.")
    if target.tracked:
        said = "Tracked changes were not accepted or rejected; what was added is taken, what was deleted is left out."
        yield found("tracked-changes", Severity.WARNING, said)
    for number in dict.fromkeys((*source.lost, *target.lost)):
        said = "The locked content {number} is not in the file; send the file as Trados saved it."
        yield found("units", Severity.ERROR, said, number=brief(number))
    if any(
        value.text == "MergedParagraph" for value in element.iter(sdl("value")) if value.get("key") == "MergeStatus"
    ):
        said = "This unit was merged with its neighbour; each unit needs its own text, so translate them apart."
        yield found("units", Severity.ERROR, said)


def _comments(element: etree._Element, head: Head, given: _Given) -> Iterator[Comment]:
    """The comments on a unit's texts, in the order in which they begin, each in the first unit that has it."""
    for mark in element.iter(xliff("mrk")):
        number = mark.get(sdl("cid"), "")
        if mark.get("mtype") == "x-sdl-comment" and number not in given.comments:
            given.comments.add(number)
            yield from head.comments.get(number, ())


def _placed(units: Sequence[ReturnedUnit], originals: Iterable[ReturnedUnit]) -> Iterator[ReturnedUnit]:
    """Units without an id under that of the original with the same source, in order."""
    named = {unit.id for unit in units}
    waiting = defaultdict[str, deque[ReturnedUnit]](deque)
    for original in originals:
        if original.id not in named:
            waiting[words_of(original.source)].append(original)
    for unit in units:
        places = None if unit.id else waiting.get(words_of(unit.source))
        if places:
            original = places.popleft()
            yield replace(unit, id=original.id, key=original.key, resource=original.resource)
        else:
            yield unit
