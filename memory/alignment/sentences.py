"""Sentences: a text cut where its sentences end, by the SRX 2.0 rules in `rules.srx`, with the place of each in the text.

Inline tags are not seen by the rules: closing ones stay with the sentence before, opening ones with the next (SRX 2.0,
formathandle). Tags that part blocks, such as <p> and <br>, end a sentence and stand between two, as spaces do.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import regex
from lxml import etree

from tm_service.domain.text import Code, CodeKind, parse

_SRX = "{http://www.lisa.org/srx20}"
_LANGUAGES = 64
_BLOCK = regex.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main"
    r"|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)\b",
    regex.IGNORECASE,
)
# No sentence ends after a letter, a digit or a space: a quick look before the rules are tried.
_SIGN = r"(?<=[^\p{L}\p{M}\p{Nd}\p{Zs}])"
_PARAGRAPH = "\u2029"
_LINE = regex.compile(r"\r\n|[\n\r\v\f\u0085\u2028\u2029]")
# A text is hard-wrapped where its lines are so narrow, and where the next word would nearly never have fitted.
_NARROW, _WRAPPED, _FEWEST = range(40, 121), 0.9, 4
_WITHOUT_SPACES = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}。，、；：！？“”「」『』（）《》]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place in the text it was cut from: `text` is what stands from `start` to `end`."""

    text: str
    start: int
    end: int


def segment(text: str, language: str) -> list[Sentence]:
    """The sentences of a text in order, without the spaces, line ends and block tags between them.

    A language without rules of its own has those that all share. Time grows with the text's length only.
    """
    blank, bounds = _cut(text, language)
    sentences = []
    for begin, end in pairwise(bounds):
        between = blank[begin:end]
        start = begin + len(between) - len(between.lstrip())
        stop = begin + len(between.rstrip())
        if start < stop:
            sentences.append(Sentence(text[start:stop], start, stop))
    return sentences


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a plain text or of HTML: lines, or where all lines were wrapped at one width, what blank lines part."""
    if "<" in text:
        parts = parse(text).parts
        text = "".join("\n\n" if _is_block(part) else part if isinstance(part, str) else part.data for part in parts)
    lines = [line.strip() for line in _LINE.split(text)]
    blocks = _blocks(lines)
    if _is_wrapped(blocks):
        return tuple(joined(block) for block in blocks)
    return tuple(line for line in lines if line)


def joined(texts: Sequence[str]) -> str:
    """Lines or sentences as one text, with a space between two unless their script has none."""
    whole = texts[0]
    for text in texts[1:]:
        close = _WITHOUT_SPACES.match(whole[-1:]) and _WITHOUT_SPACES.match(text[:1])
        whole += text if close else f" {text}"
    return whole


def _cut(text: str, language: str) -> tuple[str, Sequence[int]]:
    """The text with blanks for block tags and entities that are spaces, and where it is cut, its ends included."""
    if not any(isinstance(part, Code) for part in parse(text).parts):
        return text, [0, *_breaks(text, language), len(text)]
    shown: list[str] = []
    blank: list[str] = []
    ends: list[int] = []  # of what each character shown stands for
    unseen: dict[int, int] = {}  # tags that open nothing: where they end by where they begin
    closing: set[int] = set()
    place = 0
    for part in parse(text).parts:
        written = part if isinstance(part, str) else part.data
        end = place + len(written)
        seen = written if isinstance(part, str) else _seen(part)
        if seen == written:
            ends += range(place + 1, end + 1)
        else:
            ends += [end] * len(seen)
            if not seen and isinstance(part, Code) and part.kind is not CodeKind.OPEN:
                unseen[place] = end
                if part.kind is CodeKind.CLOSE:
                    closing.add(place)
        shown.append(seen)
        blank.append(" " * len(written) if seen.isspace() else written)
        place = end
    bounds = [0]
    for found in _breaks("".join(shown), language):
        bound = ends[found - 1]
        while bound in unseen or (place := _after_spaces(text, bound)) in closing:
            bound = unseen[bound] if bound in unseen else unseen[place]
        bounds.append(bound)
    return "".join(blank), [*bounds, len(text)]


def _after_spaces(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _seen(code: Code) -> str:
    """What the rules see of a code."""
    if _is_block(code):
        return _PARAGRAPH
    if code.kind is CodeKind.ENTITY:
        return html.unescape(code.data)[:1] or " "
    return "" if code.kind in (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE) else code.data


def _is_block(part: str | Code) -> bool:
    return isinstance(part, Code) and _BLOCK.match(part.data) is not None


def _breaks(text: str, language: str) -> Iterator[int]:
    """The places where the first rule that applies says to break."""
    rules = _rules(language)
    for found in rules.breaking.finditer(text):
        place = found.start()
        if 0 < place < len(text):
            decided = rules.all.match(text, place)
            if decided and decided.lastindex and rules.breaks[decided.lastindex - 1]:
                yield place


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of one language: where any says to break, and which one counts there."""

    breaking: regex.Pattern[str]
    all: regex.Pattern[str]
    breaks: tuple[bool, ...]


@lru_cache(maxsize=_LANGUAGES)
def _rules(language: str) -> _Rules:
    root = _srx()
    named = {rules.get("languagerulename"): rules for rules in root.iter(f"{_SRX}languagerule")}
    chosen = [
        rule
        for entry in root.iter(f"{_SRX}languagemap")
        if regex.fullmatch(entry.get("languagepattern", ""), language)
        for rule in named[entry.get("languagerulename")].iter(f"{_SRX}rule")
    ]
    breaks = tuple(rule.get("break") != "no" for rule in chosen)
    patterns = [_pattern(rule) for rule in chosen]
    breaking = "|".join(pattern for pattern, says in zip(patterns, breaks, strict=True) if says)
    return _Rules(
        regex.compile(f"{_SIGN}(?:{breaking})"), regex.compile("|".join(f"{pattern}()" for pattern in patterns)), breaks
    )


def _pattern(rule: etree._Element) -> str:
    before, after = rule.findtext(f"{_SRX}beforebreak") or "", rule.findtext(f"{_SRX}afterbreak") or ""
    return f"(?<={before})(?={after})"


@cache
def _srx() -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring((Path(__file__).parent / "rules.srx").read_bytes(), parser)


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Lines without a blank one between them."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _is_wrapped(blocks: Sequence[Sequence[str]]) -> bool:
    """Whether lines end because the next word did not fit."""
    width = max((len(line) for block in blocks for line in block), default=0)
    full = [len(line) + len(following.split()[0]) >= width for block in blocks for line, following in pairwise(block)]
    return width in _NARROW and len(full) >= _FEWEST and sum(full) >= _WRAPPED * len(full)
