"""Cutting: a field's HTML as blocks of sentences and the attributes people read, each by the characters it stands in."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Protocol

from extractors.articles.attributes import is_address, note_of, values
from extractors.articles.reading import read
from extractors.html_attributes import is_untranslated
from extractors.html_elements import BLOCKS, CLOSED_BY
from extractors.html_tokens import Attribute, Kind, Token
from tm_service.domain.units import Locale

_UNREAD = frozenset(["math", "pre", "script", "style", "svg", "template", "textarea"])  # all of it stays in the layout
_MACHINES = frozenset(["code", "kbd", "samp", "tt", "var"])
_NOTES = {
    **{f"h{level}": f"heading {level}" for level in range(1, 7)},
    "li": "list item",
    "td": "table cell",
    "th": "table heading",
    "caption": "caption",
    "figcaption": "caption",
    "blockquote": "quotation",
    "dt": "term",
    "dd": "description",
    "summary": "summary",
}
_BLANK = r"(?:\s|&nbsp;|&#160;|&#[xX][aA]0;)*"
_WORDS = re.compile(r"[\w ,'’-]*[.]?")  # one sentence by anybody's rules
_LEADING, _BLANKS = re.compile(_BLANK), re.compile(rf"{_BLANK}\Z")
_SPACES = re.compile(f"{_BLANK[:-1]}+")


class Stretch(Protocol):
    """A sentence by the characters it stands in."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Segmenter = Callable[[str, Locale], Sequence[Stretch]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What becomes a segment: a sentence or the value of an attribute, from `begin` to `end`.

    `shape` names the attribute of a value ("img alt"), `inside` is the number of the sentence whose tags a value stands in.
    """

    begin: int
    end: int
    note: str = ""
    block: int = 0
    shape: str = ""
    inside: int = -1


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a line: `sentences` are the numbers of its pieces.

    `wraps` names the tags that stand around all of it, with which it goes from `shell[0]` to `shell[1]`.
    """

    note: str
    wraps: tuple[str, ...]
    shell: tuple[int, int]
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class Cut:
    """A text, its pieces in order, values right after the sentence they stand in, and its blocks."""

    text: str
    pieces: tuple[Piece, ...]
    blocks: tuple[Block, ...]

    def of(self, piece: Piece) -> str:
        return self.text[piece.begin : piece.end]

    @property
    def layout(self) -> tuple[str, ...]:
        """What stands before, between and after the pieces; nothing where one stands in another."""
        made, done = [], 0
        for piece in self.pieces:
            made.append(self.text[done : piece.begin] if piece.inside < 0 else "")
            done = max(done, piece.end)
        return (*made, self.text[done:])


def cut(text: str, language: Locale, segment: Segmenter) -> Cut:
    """Take HTML apart; what is not well formed is cut as a browser would show it, or not at all."""
    walk = _Walk(text, language, segment)
    for token in read(text):
        walk.take(token)
    walk.flush()
    return walk.made()


@dataclass(slots=True)
class _Found:
    """A block before its sentences are numbered."""

    note: str
    wraps: tuple[str, ...]
    shell: tuple[int, int]
    sentences: list[tuple[int, int]]


class _Walk:
    def __init__(self, text: str, language: Locale, segment: Segmenter) -> None:
        self.text, self.language, self.segment = text, language, segment
        self.found: list[_Found] = []
        self.values: list[tuple[Token, Attribute]] = []
        self._stack: list[tuple[str, str]] = []  # blocks that are open, and what is noted of a text in each
        self._depths: Counter[str] = Counter()
        self._run: list[Token] = []
        self._inline = 0  # elements that are open in the run
        self._skipped, self._depth = "", 0

    def take(self, token: Token) -> None:
        kind = token.kind
        if self._skipped:
            if token.name == self._skipped and not token.alone:
                self._depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(kind, 0)
            if not self._depth:
                self._skipped = ""
        elif kind is Kind.OPEN:
            self._open(token)
        elif kind is Kind.CLOSE:
            self._close(token)
        else:
            self._run.append(token)

    def _open(self, token: Token) -> None:
        name = token.name
        is_block = name in BLOCKS
        if name not in ("script", "style"):
            self.values += ((token, each) for each in values(self.text, token))
        skips = name in _UNREAD or (is_block and is_untranslated(self.text, token, directive=False))
        if is_block or skips or (name == "br" and not self._inline):
            self.flush()
        if skips and not token.alone:
            self._skipped, self._depth = name, 1
        elif is_block:
            while self._stack and name in CLOSED_BY.get(self._stack[-1][0], ()):
                self._pop()
            if not token.alone:
                self._stack.append((name, _NOTES.get(name, self._note)))
                self._depths[name] += 1
        elif name != "br" or self._inline:
            self._run.append(token)
            self._inline += not token.alone

    def _close(self, token: Token) -> None:
        name = token.name
        if name not in BLOCKS:
            self._run.append(token)
            self._inline = max(0, self._inline - 1)
            return
        self.flush()
        if self._depths[name]:
            while self._pop() != name:
                pass

    def _pop(self) -> str:
        name, _ = self._stack.pop()
        self._depths[name] -= 1
        return name

    @property
    def _note(self) -> str:
        return self._stack[-1][1] if self._stack else ""

    def flush(self) -> None:
        """End a block and find its sentences."""
        run, self._run, self._inline = self._run, [], 0
        if not run:
            return
        pairs = _pairs(run)
        first, last, around = self._core(run, pairs)
        wraps = tuple(run[number].name for number in around)
        if first > last or _MACHINES.intersection(wraps):
            return
        said = run[first : last + 1]
        if not any(_is_seen(self.text[each.begin : each.end]) for each in said if each.kind is Kind.TEXT):
            return
        begin, end = self._edges(said)
        whole = [(each.begin, each.end) for each in said if each.kind is not Kind.TEXT]
        whole += [(run[one].begin, run[other].end) for one, other in pairs.items() if first <= one <= other <= last]
        shell = (run[around[0]].begin, run[pairs[around[0]]].end) if around else (begin, end)
        sentences = _untorn([(begin, begin), *self._sentences(begin, end), (end, end)], whole)
        if sentences:
            self.found.append(_Found(self._note, wraps, shell, sentences))

    def _edges(self, said: Sequence[Token]) -> tuple[int, int]:
        """Where tokens begin and end without the blanks around them."""
        begin, end = said[0].begin, said[-1].end
        if said[0].kind is Kind.TEXT:
            begin = _match_end(_LEADING, self.text, begin, said[0].end)
        if said[-1].kind is Kind.TEXT:
            end = said[-1].begin + _trailing(self.text[said[-1].begin : end])
        return begin, end

    def _sentences(self, begin: int, end: int) -> list[tuple[int, int]]:
        if self._note.startswith("heading") or _WORDS.fullmatch(self.text, begin, end):
            return [(begin, end)]
        found = self.segment(self.text[begin:end], self.language)
        return [(each.start + begin, each.end + begin) for each in found]

    def _core(self, run: Sequence[Token], pairs: dict[int, int]) -> tuple[int, int, list[int]]:
        """The first and last token of what is said, and the tags that open around it."""
        opens = {closing: opening for opening, closing in pairs.items()}
        first, last, around = 0, len(run) - 1, []
        while first <= last:
            if self._is_aside(run[first], is_paired=first in pairs or first in opens):
                first += 1
            elif self._is_aside(run[last], is_paired=last in pairs or last in opens):
                last -= 1
            elif pairs.get(first) == last:
                around.append(first)
                first, last = first + 1, last - 1
            elif pairs.get(first) == first + 1:
                first += 2
            elif opens.get(last) == last - 1:
                last -= 2
            else:
                break
        return first, last, around

    def _is_aside(self, token: Token, *, is_paired: bool) -> bool:
        if token.kind is Kind.TEXT:
            return _BLANKS.match(self.text[token.begin : token.end]) is not None
        return not is_paired

    def made(self) -> Cut:
        """All pieces in the order of the text."""
        pieces = [
            Piece(begin, end, found.note, number)
            for number, found in enumerate(self.found)
            for begin, end in found.sentences
        ]
        beyond = Piece(len(self.text) + 1, len(self.text) + 1, block=max(0, len(self.found) - 1))
        sentences = iter([*pieces, beyond])
        made: list[Piece] = []
        ahead, host = next(sentences), -1
        for token, attribute in self.values:
            begin, end = attribute.value or (0, 0)
            while ahead.begin <= begin:
                host = len(made)
                made.append(ahead)
                ahead = next(sentences)
            inside = host if host >= 0 and end <= made[host].end else -1
            if inside >= 0 and (is_address(token, attribute) or not any(map(str.isalpha, self.text[begin:end]))):
                continue
            block = made[host].block if inside >= 0 else ahead.block
            made.append(Piece(begin, end, note_of(attribute), block, f"{token.name} {attribute.name}", inside))
        made += (piece for piece in (ahead, *sentences) if piece.begin <= len(self.text))
        return Cut(self.text, tuple(made), self._numbered(made))

    def _numbered(self, pieces: Sequence[Piece]) -> tuple[Block, ...]:
        numbers: list[list[int]] = [[] for _ in self.found]
        for number, piece in enumerate(pieces):
            if not piece.shape:
                numbers[piece.block].append(number)
        return tuple(
            Block(found.note, found.wraps, found.shell, tuple(own))
            for found, own in zip(self.found, numbers, strict=True)
        )


def _pairs(run: Sequence[Token]) -> dict[int, int]:
    """Opening tags and the closing ones they belong to, by their numbers in the run."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    open_: Counter[str] = Counter()
    for number, token in enumerate(run):
        if token.kind is Kind.OPEN and not token.alone:
            waiting.append(number)
            open_[token.name] += 1
        elif token.kind is Kind.CLOSE and open_[token.name]:
            opening = waiting.pop()
            while run[opening].name != token.name:
                open_[run[opening].name] -= 1
                opening = waiting.pop()
            open_[token.name] -= 1
            pairs[opening] = number
    return pairs


def _untorn(spans: Sequence[tuple[int, int]], whole: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences of which those that share a tag or an element are one; the spans at both ends are empty."""
    solid: list[tuple[int, int]] = []
    for begin, end in sorted(whole):
        if solid and begin < solid[-1][1]:
            solid[-1] = solid[-1][0], max(end, solid[-1][1])
        else:
            solid.append((begin, end))

    def is_torn(place: int) -> bool:
        at = bisect_left(solid, (place,)) - 1
        return at >= 0 and solid[at][0] < place < solid[at][1]

    made = [spans[0]]
    for begin, end in spans[1:]:
        if is_torn(begin) or is_torn(made[-1][1]):
            made[-1] = made[-1][0], end
        else:
            made.append((begin, end))
    return [span for span in made if span[0] < span[1]]


def _match_end(pattern: re.Pattern[str], text: str, begin: int, end: int) -> int:
    found = pattern.match(text, begin, end)
    return found.end() if found else begin


def _trailing(written: str) -> int:
    """Where the blanks at the end begin."""
    spaces = [found.span() for found in _SPACES.finditer(written)]
    return spaces[-1][0] if spaces and spaces[-1][1] == len(written) else len(written)


def _is_seen(written: str) -> bool:
    return any(map(str.isalnum, unescape(written) if "&" in written else written))
