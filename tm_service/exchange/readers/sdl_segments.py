"""SDL segments: how far Trados says the segments of a unit are, and with them the unit."""

from collections.abc import Iterable, Sequence

from lxml import etree

from tm_service.domain.packages import Stage
from tm_service.exchange.readers.sdl_header import sdl
from tm_service.exchange.readers.states import TRADOS, TRADOS_MATCHES, XLIFF_1, least, stage_of
from tm_service.exchange.readers.trees import has_text, segments_in, xliff

_SEGMENTS = f"{sdl('seg-defs')}/{sdl('seg')}"
_UNCONFIRMED = ("", "Draft", "Unspecified")


def progress(element: etree._Element, target: etree._Element | None) -> tuple[str, Stage, bool]:
    """The word and stage of the least confirmed segment of a unit, and whether none of its targets is anybody's work.

    A unit without segments says it by the state of its target, as any XLIFF 1 does.
    """
    segments = _told(element, target)
    if not segments:
        state = "" if target is None else target.get("state", "")
        return state, stage_of(XLIFF_1, state), False
    filled = _filled(target)
    stages = [_stage(segment, is_filled=filled is None or segment.get("id") in filled) for segment in segments]
    stage = least(stages)
    untouched = all(map(_is_untouched, segments))
    return segments[stages.index(stage)].get("conf", ""), stage, untouched


def _told(element: etree._Element, target: etree._Element | None) -> Sequence[etree._Element]:
    """What Trados says of the segments of a unit that have text, or of all where none has."""
    said = element.findall(_SEGMENTS)
    holders = [holder for holder in (element.find(xliff("seg-source")), target) if holder is not None]
    marks = [mark for holder in holders for mark in segments_in(holder)]
    silent = _ids(marks) - _ids(mark for mark in marks if has_text(mark))
    return [segment for segment in said if segment.get("id") not in silent] or said


def _filled(target: etree._Element | None) -> frozenset[str | None] | None:
    """The ids of segments that have a target; None where the target is not cut, and is that of all."""
    marks = [] if target is None else list(segments_in(target))
    if marks:
        return _ids(mark for mark in marks if has_text(mark) or len(mark))
    return None if target is not None and (has_text(target) or len(target)) else frozenset()


def _ids(marks: Iterable[etree._Element]) -> frozenset[str | None]:
    return frozenset(mark.get("mid") for mark in marks)


def _stage(segment: etree._Element, *, is_filled: bool) -> Stage:
    """The stage of one segment; no word at all is not translated, or says nothing of a text."""
    word = segment.get("conf", "")
    if word:
        return stage_of(TRADOS, word)
    return Stage.UNTOUCHED if _is_untouched(segment) or not is_filled else Stage.SILENT


def _is_untouched(segment: etree._Element) -> bool:
    """Whether a segment is a match, or locked, and nobody confirmed it."""
    is_given = segment.get("origin", "") in TRADOS_MATCHES or segment.get("locked") == "true"
    return is_given and segment.get("conf", "") in _UNCONFIRMED
