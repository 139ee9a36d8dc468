"""Subtitles: the cues of SRT and WebVTT files, each with its line breaks and tags as one text; times stay as they are."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot, TextFormat, put
from extractors.splices import Splice
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.serving import Stamp
from tm_service.domain.units import NOTHING_SAID, About, Locale

_LINE_END = re.compile(r"\r\n|\r|\n")
_CLOCK = r"(?:\d{2,}:)?\d{2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"[ \t]*(?P<start>{_CLOCK})[ \t]*-->[ \t]*{_CLOCK}(?:[ \t].*)?")
_POSITION = re.compile(r"(?:\{\\[^{}\r\n]*\})+")  # `{\an8}`, as Advanced SubStation has it
_LANGUAGE = re.compile(r"(?im)^(Language:[ \t]*)([^\s]+)")


class Line(NamedTuple):
    """Characters `begin` to `end` of a file, without the line's end."""

    begin: int
    end: int
    text: str


class Cue(NamedTuple):
    """Its times' line, the lines of its text, and what is written above the times."""

    times: Line
    lines: list[Line]
    name: str
    about: About


class _Subtitles(TextFormat):
    """What both formats share: how a cue is keyed, read and written."""

    def _slots(self, page: Page, cues: Iterator[Cue | Finding]) -> Iterator[Slot | Finding]:
        newline = _LINE_END.search(page.text)
        seen: Counter[str] = Counter()
        for cue in cues:
            if isinstance(cue, Finding):
                yield cue
                continue
            times = _TIMES.match(cue.times.text)
            name = cue.name or (times["start"] if times else "")
            seen[name] += 1
            key = (name,) if seen[name] == 1 else (name, str(seen[name]))
            yield _slot(page, cue, key, newline[0] if newline else "\n")


class Srt(_Subtitles):
    """SubRip: a number, times and lines; a cue is known by when it begins, since numbers move with every cue put in."""

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every cue, and text that belongs to none."""
        return self._slots(page, _srt_cues(page))


class Vtt(_Subtitles):
    """WebVTT (W3C): a cue is known by its identifier or by when it begins; NOTE blocks before it are its comment."""

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every cue; styles and regions are kept."""
        return self._slots(page, _vtt_cues(page))

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterator[Splice]:  # noqa: ARG002
        """The language in the head of the file, where it says one."""
        head = next(_blocks(page), [])
        said = _LANGUAGE.search(page.text, 0, head[-1].end if head else 0)
        if said:
            yield Splice(*said.span(2), locale)


def _slot(page: Page, cue: Cue, key: tuple[str, ...], newline: str) -> Slot:
    again = next((line for line in cue.lines if _TIMES.fullmatch(line.text)), None)
    if again:
        raise page.error(again.begin, "a blank line is missing above this cue")
    if not cue.lines:
        end = cue.times.end
        return Slot(key, "", put(end, end, lambda text: _cue(text, newline, above=newline)), about=cue.about)
    position = _POSITION.match(cue.lines[0].text)
    begin, end = cue.lines[0].begin + (position.end() if position else 0), cue.lines[-1].end
    text = _LINE_END.sub("\n", page.text[begin:end])
    return Slot(key, text, put(begin, end, lambda text: _cue(text, newline)), about=cue.about)


def _cue(text: str, newline: str, above: str = "") -> str:
    """A blank line would end the cue, and an arrow would be read as times."""
    lines = [line for line in _LINE_END.split(text.replace("-->", "->")) if line.strip()]
    return above + newline.join(lines) if lines else ""


def _srt_cues(page: Page) -> Iterator[Cue | Finding]:
    blocks = list(_blocks(page))
    found = False
    for block in blocks:
        place = next((place for place, line in enumerate(block[:2]) if _TIMES.fullmatch(line.text)), None)
        if place is not None:
            found = True
            yield Cue(block[place], block[place + 1 :], "", NOTHING_SAID)
        elif found:
            line, _ = page.position(block[0].begin)
            sentence = f"Line {line}: text after a blank line belongs to no cue; take the blank line out."
            yield Finding("subtitle", Severity.WARNING, sentence, path=page.path)
        else:
            raise page.error(block[0].begin, "times such as 00:00:01,000 --> 00:00:03,500 are missing here")
    if not blocks:
        raise page.error(0, "the file is empty")


def _vtt_cues(page: Page) -> Iterator[Cue | Finding]:
    if not re.match(r"WEBVTT(?![^ \t\r\n])", page.text):
        raise page.error(0, "a WebVTT file begins with WEBVTT, and this one does not")
    notes: list[str] = []
    for number, block in enumerate(_blocks(page)):
        place = next((place for place, line in enumerate(block[:2]) if "-->" in line.text), None)
        if place is not None and (number or place):
            if not _TIMES.fullmatch(block[place].text):
                raise page.error(block[place].begin, "times such as 00:01.000 --> 00:03.500 are missing here")
            name = block[0].text.strip() if number and place else ""
            yield Cue(block[place], block[place + 1 :], name, about("\n".join(notes)))
            notes = []
        elif re.match(r"NOTE(?![^ \t])", block[0].text):
            notes.append("\n".join([block[0].text.removeprefix("NOTE").strip(), *(line.text for line in block[1:])]))
        else:
            notes = []


def _blocks(page: Page) -> Iterator[list[Line]]:
    """Lines that follow each other with no blank one between."""
    block: list[Line] = []
    place = 0
    while place <= len(page.text):
        found = _LINE_END.search(page.text, place)
        end = found.start() if found else len(page.text)
        line = Line(place, end, page.text[place:end])
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []
        place = found.end() if found else len(page.text) + 1
    if block:
        yield block
