"""Notices: a paragraph that is behind says so in the reader's language, and what is not translated is marked as source text."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tm_service.domain.serving import Rule
from tm_service.usecases.articles import FieldView, Spoken

Cleaned = Callable[[str], str]  # HTML without what readers must not get
Notice = Callable[[datetime | None], str]  # what a paragraph says that was translated from an earlier text, as HTML

# Noncharacters, which Unicode keeps for a process's own use (section 23.7): no text may hold them, and no sanitiser minds.
_BEGIN, _END, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_MARK = re.compile(f"([{_BEGIN}{_END}])([0-9]+){_CLOSE}")
_OURS = re.compile(f"[{_BEGIN}{_END}{_CLOSE}]")
_TOKEN = re.compile(r"<!--.*?-->|</?[A-Za-z][^\s/>]*(?:\"[^\"]*\"|'[^']*'|[^'\">])*>|[^<]+|<", re.DOTALL)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")

_HOLDS_NOTICE = frozenset(
    {"li", "dd", "dt", "td", "th", "figcaption", "caption", "blockquote", "div", "section", "article"}
)
_BLOCKS = _HOLDS_NOTICE | {"p", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "summary", "details", "aside"}
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})


def rich_text(view: FieldView, *, source: tuple[str, str], cleaned: Cleaned, notice: Notice) -> str:
    """A field's HTML as readers get it: sanitised, then marked.

    `source` is the source language and its direction; what is shown in it stands in `<span lang dir>`. A block with text
    from an earlier source has `data-behind` (`dated` or `kept`) and `data-behind-since`, the oldest translation's moment,
    ISO 8601; a dated one is followed by a notice.
    """
    spoken = [view.spoken.get(segment.id) for segment in view.field.segments]
    marked = {}
    for number, segment in enumerate(view.field.segments):
        said = spoken[number]
        text = _OURS.sub("", segment.text if said is None else said.text)
        if segment.attribute:
            text = text.replace('"', "&quot;").replace("'", "&#39;")
        marked[segment.id] = f"{_BEGIN}{number}{_CLOSE}{text}{_END}{number}{_CLOSE}"
    layout = tuple(_OURS.sub("", between) for between in view.field.layout)
    html = cleaned(replace(view.field, layout=layout).build(marked))
    said_of = {number: said for number, said in enumerate(spoken) if said is not None}
    return _Marking(said_of, source, notice).of(html)


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet: its name, the place of its tag in what is written, what in it is behind."""

    name: str
    place: int
    behind: list[Spoken] = field(default_factory=list)


@dataclass(slots=True)
class _Stretch:
    """A segment being written: where it began, its runs of text, whether one element could hold it."""

    said: Spoken
    start: int
    depth: int
    runs: list[int] = field(default_factory=list)
    is_whole: bool = True


@dataclass(slots=True)
class _Marking:
    """One pass over the tokens of clean HTML."""

    spoken: Mapping[int, Spoken]
    source: tuple[str, str]
    notice: Notice
    written: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    current: _Stretch | None = None

    def of(self, html: str) -> str:
        for token in _TOKEN.findall(html):
            if token.startswith("</"):
                self._end(token)
            elif _NAME.match(token):
                self._begin(token)
            elif token.startswith("<!--"):
                self.written.append(_OURS.sub("", token))
            else:
                self._text(token)
        self._leave()
        while self.open:  # a sanitiser that leaves elements open must not cost a notice
            self._end(f"</{self.open[-1].name}>")
        return "".join(self.written)

    def _text(self, token: str) -> None:
        for kind, number, text in _stretches(token):
            if text:
                if self.current is not None and text.strip():
                    self.current.runs.append(len(self.written))
                self.written.append(text)
            elif kind == _BEGIN:
                self._enter(self.spoken.get(number))
            elif kind == _END:
                self._leave()

    def _enter(self, said: Spoken | None) -> None:
        self._leave()
        if said is None:
            return
        self.current = _Stretch(said, len(self.written), len(self.open))
        block = self._block()
        if said.behind and block is not None:
            block.behind.append(said)

    def _leave(self) -> None:
        stretch, self.current = self.current, None
        if stretch is None:
            return
        said, is_loose = stretch.said, stretch.said.behind and self._block() is None
        if said.missing:
            self._wrap(stretch, f"<span{self._in_source()}>")
        elif is_loose:
            self._wrap(stretch, f"<span{_attributes([said])}>")
        if is_loose:
            self._tell([said])

    def _wrap(self, stretch: _Stretch, tag: str) -> None:
        """Put a segment into one element, or each of its runs of text where elements begin or end within it."""
        if stretch.is_whole and len(self.open) == stretch.depth and stretch.runs:
            self.written[stretch.start] = tag + self.written[stretch.start]
            self.written.append("</span>")
        else:
            for run in stretch.runs:
                self.written[run] = f"{tag}{self.written[run]}</span>"

    def _in_source(self) -> str:
        language, direction = self.source
        return f' lang="{language}" dir="{direction}"'

    def _begin(self, token: str) -> None:
        match = _NAME.match(token)
        name = match[1].lower() if match else ""
        inside = [self.spoken[int(found[2])] for found in _MARK.finditer(token) if int(found[2]) in self.spoken]
        tag = _OURS.sub("", _MARK.sub("", token))
        if name in _VOID and any(said.missing for said in inside):
            tag = f"{tag.removesuffix('>').removesuffix('/').rstrip()}{self._in_source()}>"
        if self.current is not None and name in _BLOCKS:
            self.current.is_whole = False
        self.written.append(tag)
        if name not in _VOID and not tag.endswith("/>"):
            self.open.append(_Open(name, len(self.written) - 1))
        block = self._block()
        behind = list(dict.fromkeys(said for said in inside if said.behind))
        if block is not None:
            block.behind.extend(behind)
        elif behind:
            self._tell(behind)

    def _end(self, token: str) -> None:
        match = _NAME.match(token)
        name = match[1].lower() if match else ""
        closed = self.open.pop() if self.open and self.open[-1].name == name else _Open(name, -1)
        if self.current is not None and len(self.open) < self.current.depth:
            self.current.is_whole = False
        behind = closed.behind
        if behind:
            self.written[closed.place] = self.written[closed.place].removesuffix(">") + _attributes(behind) + ">"
        if name in _HOLDS_NOTICE:
            self._tell(behind)
            self.written.append(token)
        else:
            self.written.append(token)
            self._tell(behind)

    def _block(self) -> _Open | None:
        return next((found for found in reversed(self.open) if found.name in _BLOCKS), None)

    def _tell(self, behind: list[Spoken]) -> None:
        dated = [said for said in behind if said.rule is Rule.DATED]
        if dated:
            self.written.append(self.notice(_oldest(dated)))


def _stretches(token: str) -> Iterator[tuple[str, int, str]]:
    """Texts and the marks between them."""
    place = 0
    for mark in _MARK.finditer(token):
        yield "", -1, _OURS.sub("", token[place : mark.start()])
        yield mark[1], int(mark[2]), ""
        place = mark.end()
    yield "", -1, _OURS.sub("", token[place:])


def _attributes(behind: list[Spoken]) -> str:
    rule = "dated" if any(said.rule is Rule.DATED for said in behind) else "kept"
    since = _oldest(behind)
    moment = f' data-behind-since="{since.isoformat()}"' if since else ""
    return f' data-behind="{rule}"{moment}'


def _oldest(behind: list[Spoken]) -> datetime | None:
    return min((said.since for said in behind if said.since), default=None)
