"""Bilingual files in: the accepted translations of an XLIFF file, 1.2 and 2.x, as entries with their neighbours.

Only a target that is said to be translated or better is taken; where nothing is said of one, the caller says whether it counts
(`unstated`). A file is read unit by unit; one that breaks off gives what stands before, and says where.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from memory.interchange.dialects import time_of
from memory.interchange.intake import (
    LIMITS,
    MEGABYTE,
    SAFELY,
    Limits,
    Problem,
    brief,
    inside,
    nothing_asked,
    opened,
    reason,
    tokens,
    undeclared,
    utf8,
)
from memory.interchange.languages import chosen, locale_of
from memory.interchange.xliff_inline import Codes, Definitions, local, original_data, sdl_definitions
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Key, Locale, parse_key

_SDL = "{http://sdl.com/FileTypes/SdlXliff/1.0}"
_MEMOQ_STATUS, _PHRASE = "{MQXliff}status", "{http://www.memsource.com/mxlf/2.0}"
_TAGS = ("{*}xliff", "{*}file", "{*}header", "{*}trans-unit", "{*}unit")
_LARGEST_UNITS = 4  # times an entry's size may pass before a unit ends; a header may hold a file
_print = fingerprint.__wrapped__  # texts of a stream come once; keeping them would only fill the cache

# The `state` of XLIFF 1.2 and 2.x, the `conf` of SDLXLIFF, the `status` of MQXLIFF; what is said and not here is not accepted.
_ACCEPTED: Mapping[str, State] = {
    "translated": State.TRANSLATED,
    "signed-off": State.APPROVED,
    "final": State.APPROVED,
    "reviewed": State.REVIEWED,
    "Translated": State.TRANSLATED,
    "ApprovedTranslation": State.REVIEWED,
    "ApprovedSignOff": State.APPROVED,
    "ManuallyConfirmed": State.TRANSLATED,
    "Reviewer1Confirmed": State.REVIEWED,
    "Reviewer2Confirmed": State.APPROVED,
}
_AMERICAN = re.compile(r"(\d\d)/(\d\d)/(\d{4}) ", re.ASCII)  # month, day, year
_MACHINES = frozenset({"mt", "nmt", "amt", "mt-suggestion", "leveraged-mt"})


def read_xliff(
    content: BinaryIO | Path,
    *,
    memory: str,
    at: datetime,
    source: Locale | None = None,
    targets: Collection[Locale] | None = None,
    reference: str = "",
    unstated: bool = False,
    limits: Limits = LIMITS,
) -> Iterator[Translation | Problem]:
    """The accepted pairs of an XLIFF file as entries of `memory`, in file order, with the problems where they stand.

    Parameters as in `read_tmx`; `unstated` takes targets too of which the file says no state. Neighbours are the source texts
    before and after in the same `file`, accepted or not; a package of ours has none, since it holds parts of a resource.
    Raises ReturnRejected before the first entry.
    """
    wanted = tuple(targets) if targets is not None else None
    left_out, spoken, seen = 0, False, dict[str, None]()
    with opened(content) as (name, stream):
        for segment in _with_neighbours(_Reading(name, at, limits).segments(utf8(name, stream))):
            if isinstance(segment, Problem):
                yield segment
                continue
            # XLIFF 1.2 may leave the target language open; then the one asked for is meant.
            code = segment.code or (wanted[0] if wanted and len(wanted) == 1 else "")
            seen[f"{segment.source_code or 'no language'} and {code or 'no language'}"] = None
            source_locale = chosen(segment.source_code, (source,)) if source else locale_of(segment.source_code)
            locale = locale_of(code) if wanted is None else chosen(code, wanted)
            if not source_locale or not locale:
                continue
            spoken = True
            state = segment.state or (State.TRANSLATED if unstated else State.PROPOSAL)
            has_texts = segment.source.strip() and segment.target.strip()
            if has_texts and state is not State.PROPOSAL:
                yield _translation(segment, memory, (source_locale, locale), state, reference)
            left_out += bool(has_texts and state is State.PROPOSAL and segment.state is None)
    if left_out:
        message = f"The file does not say of {left_out} targets that they are translated; they were left out."
        yield Problem(0, 1, message)
    if seen and not spoken:
        yield nothing_asked(source, wanted, seen)


def _translation(
    segment: "_Segment", memory: str, languages: tuple[Locale, Locale], state: State, reference: str
) -> Translation:
    return Translation(
        site=memory,
        locale=languages[1],
        resource=segment.resource,
        key=segment.key,
        fingerprint=_print(segment.source),
        source=segment.source,
        target=segment.target,
        at=segment.at,
        origin=segment.origin,
        state=state,
        reference=reference,
        previous=segment.previous,
        following=segment.following,
        source_locale=languages[0],
    )


@dataclass(frozen=True, slots=True)
class _Segment:
    """One segment of a file; `state` is None where nothing is said, `PROPOSAL` where it is not accepted."""

    file: int
    resource: str
    key: Key
    source_code: str
    code: str
    source: str
    target: str
    state: State | None
    origin: Origin
    at: datetime
    alone: bool  # whether its neighbours in the file are not those in the resource
    previous: str = ""
    following: str = ""


def _with_neighbours(segments: Iterable[_Segment | Problem]) -> Iterator[_Segment | Problem]:
    """Segments with the fingerprints of the source texts beside them."""
    held: _Segment | None = None
    for segment in segments:
        if isinstance(segment, Problem):
            if held:
                yield held
            held = None
            yield segment
            continue
        near = held is not None and held.file == segment.file and not held.alone and not segment.alone
        if held:
            yield replace(held, following=_print(segment.source)) if near else held
        held = replace(segment, previous=_print(held.source)) if held and near else segment
    if held:
        yield held


@dataclass(slots=True)
class _Reading:
    """The reading of one file: what its `xliff`, `file` and `header` elements say of what follows them."""

    name: str
    at: datetime
    limits: Limits
    number: int = 0
    _file: int = 0
    _resource: str = ""
    _languages: tuple[str, str] = ("", "")  # of the whole file, in 2.x
    _codes: tuple[str, str] = ("", "")
    _dated: datetime | None = None
    _known: Definitions | None = None
    _last: etree._Element | None = None

    def segments(self, blocks: Iterator[bytes]) -> Iterator[_Segment | Problem]:
        """Every segment of the file, accepted or not. Raises ReturnRejected where it is no XLIFF."""
        first = undeclared(next(blocks, b""))
        root = next(tokens(first), None)
        if root is None or root[0] == b"<!" or root[1].rpartition(b":")[2] != b"xliff":
            what = "has a DOCTYPE, which is not read; export it without" if root else "is not XML; export it as XLIFF"
            if root and root[1]:
                what = f"is <{brief(root[1].decode('utf-8', 'replace'), 60)}>, not XLIFF; export it as XLIFF 1.2 or 2.1"
            raise ReturnRejected(f"{self.name} {what}.")
        pull = etree.XMLPullParser(("start", "end"), tag=_TAGS, **SAFELY)
        total = since = 0
        block = first
        while block:
            total, since = total + len(block), since + len(block)
            broken = _fed(pull, block)
            for event, element in pull.read_events():
                since = since if event == "start" else 0
                yield from self._event(event, cast("Any", element))
            if broken:
                yield self._broken(f"is not well-formed XML ({reason(broken)}, line {broken.lineno})", broken.lineno)
                return
            if total > self.limits.bilingual or since > _LARGEST_UNITS * self.limits.entry:
                size = self.limits.bilingual // MEGABYTE
                yield self._broken(f"is larger than {size} MB, or one of its units is too large,", 0)
                return
            block = next(blocks, b"")
        broken = _fed(pull, None)
        if broken:
            # lxml names no line where it met an entity that is not declared.
            what = f"in line {broken.lineno}" if broken.lineno else "(an entity that is not declared, such as &nbsp;)"
            yield self._broken(f"breaks off {what}", broken.lineno)

    def _broken(self, what: str, line: int | None) -> Problem:
        message = f"{self.name} {what} after {self.number} units; what follows was not read: export it again."
        return Problem(0, line or 0, message)

    def _event(self, event: str, element: etree._Element) -> Iterator[_Segment]:
        name = local(element)
        if event == "start":
            if name == "xliff":
                self._languages = element.get("srcLang", ""), element.get("trgLang", "")
            elif name == "file":
                self._file += 1
                self._resource, self._known = element.get("original", ""), None
                one, other = self._languages
                self._codes = element.get("source-language", one), element.get("target-language", other)
                self._dated = time_of(element.get("date", ""))
        elif name == "header":
            self._known = sdl_definitions(element)
        elif name in ("trans-unit", "unit"):
            self.number += 1
            if element.get("translate") != "no":
                yield from self._unit_12(element) if name == "trans-unit" else self._unit_2(element)
            self._let_go(element)

    def _let_go(self, unit: etree._Element) -> None:
        """Keep the tree small: of the units read only the last stands in it, and that empty."""
        unit.clear()
        if self._last is not None and (parent := self._last.getparent()) is not None:
            parent.remove(self._last)
        self._last = unit

    def _unit_12(self, unit: etree._Element) -> Iterator[_Segment]:
        source, target = unit.find("{*}source"), unit.find("{*}target")
        if source is None:
            return
        codes = Codes(self._known or {})
        said = _contexts(unit)
        key = _key_12(unit, said)
        divided = unit.find("{*}seg-source")
        parts = [] if divided is None else list(divided.iterfind(".//{*}mrk[@mtype='seg']"))
        if not parts or target is None:
            asked = codes.text(source)  # first, for the numbers of its codes
            answered = "" if target is None else codes.text(target)
            yield self._segment(key, asked, answered, _said_12(unit, target), said)
            return
        answers = {mark.get("mid"): mark for mark in target.iterfind(".//{*}mrk[@mtype='seg']")}
        details = {detail.get("id"): detail for detail in unit.iterfind(f"{_SDL}seg-defs/{_SDL}seg")}
        for part in parts:
            mid = part.get("mid", "")
            answer, detail = answers.get(mid), details.get(mid)
            how = _said_12(unit, target) if detail is None else _said_sdl(detail)
            own = (*key, mid) if len(parts) > 1 else key
            yield self._segment(own, codes.text(part), "" if answer is None else codes.text(answer), how, said)

    def _unit_2(self, unit: etree._Element) -> Iterator[_Segment]:
        codes = Codes(original_data(unit))
        key = (unit.get("name") or unit.get("id") or "",)
        parts = list(unit.iterfind("{*}segment"))
        for place, part in enumerate(parts, 1):
            source, target = part.find("{*}source"), part.find("{*}target")
            own = (*key, part.get("id") or f"{place}") if len(parts) > 1 else key
            how = _Said(_state(part.get("state", "")), Origin.IMPORT, None)
            if source is not None:
                yield self._segment(own, codes.text(source), "" if target is None else codes.text(target), how, {})

    def _segment(self, key: Key, source: str, target: str, how: "_Said", contexts: Mapping[str, str]) -> _Segment:
        return _Segment(
            file=self._file,
            resource=contexts.get("x-resource") or self._resource,
            key=key,
            source_code=self._codes[0],
            code=self._codes[1],
            source=source,
            target=target,
            state=how.state,
            origin=how.origin,
            at=how.at or self._dated or self.at,
            alone="x-resource" in contexts,
        )


def _fed(pull: etree.XMLPullParser, block: bytes | None) -> etree.XMLSyntaxError | None:
    """Give a block to the parser, or tell it that there is no more; what it says against it."""
    try:
        if block is None:
            pull.close()
        else:
            pull.feed(block)
    except etree.XMLSyntaxError as error:
        return error
    return None


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of a target beside its text."""

    state: State | None
    origin: Origin
    at: datetime | None


def _contexts(unit: etree._Element) -> dict[str, str]:
    """What the unit and the group around it say of where it stands, by type; Phrase says it of the group."""
    group = unit.getparent()
    around = [] if group is None else group.findall("{*}context-group/{*}context")
    return {context.get("context-type", ""): inside(context) for context in (*around, *unit.iterfind(".//{*}context"))}


def _state(written: str) -> State | None:
    return _ACCEPTED.get(written, State.PROPOSAL) if written else None


def _key_12(unit: etree._Element, contexts: Mapping[str, str]) -> Key:
    """The key of a unit: as packages of ours, memoQ and Phrase say it, else its name, else its id."""
    if "x-resource" in contexts and contexts.get("x-key"):
        return parse_key(contexts["x-key"])
    named = contexts.get("x-key") or contexts.get("x-mmq-context") or unit.get("resname") or unit.get("id", "")
    return (named,) if named else ()


def _said_12(unit: etree._Element, target: etree._Element | None) -> _Said:
    qualifier = "" if target is None else target.get("state-qualifier", "")
    origin = Origin.MACHINE if {qualifier, unit.get(f"{_PHRASE}trans-origin", "")} & _MACHINES else Origin.IMPORT
    state = _state(unit.get(_MEMOQ_STATUS, "") or ("" if target is None else target.get("state", "")))
    confirmed = unit.get(f"{_PHRASE}confirmed", "")
    if confirmed:
        state = {"0": State.PROPOSAL, "1": State.TRANSLATED}.get(confirmed, State.REVIEWED)
    if unit.get("approved") == "yes":
        state = State.APPROVED
    return _Said(state, origin, None)


def _said_sdl(detail: etree._Element) -> _Said:
    """What the `sdl:seg` of a segment says; one without a level is not translated."""
    by = detail.get("origin", "")
    origin = Origin.MACHINE if by in _MACHINES else Origin.ALIGNMENT if by == "auto-aligned" else Origin.IMPORT
    changed = detail.find(f"{_SDL}value[@key='modified_on']")
    at = None if changed is None else time_of(_AMERICAN.sub(r"\3-\1-\2 ", inside(changed)))
    return _Said(_state(detail.get("conf", "Unspecified")), origin, at)
