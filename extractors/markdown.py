"""Markdown and MDX: headings, paragraphs, list items and table cells with their inline markup as it is written."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from extractors.comments import about
from extractors.front_matter import front_language, front_matter
from extractors.markdown_lines import LINE_END, guarded, unguarded, without_markup
from extractors.outlines import Outline
from extractors.pages import Page
from extractors.slots import Slot, TextFormat, put
from extractors.splices import Splice
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.serving import Stamp
from tm_service.domain.units import NOTHING_SAID, About, Key, Locale

LARGEST = 2_000_000  # characters of a file
_ID = re.compile(r"[ \t]*\{#(?P<name>[\w.:\-]+)[^{}]*\}$")
_BLOCK_MARK = re.compile(r"\[[ xX]\][ \t]+(?=\S)|\[![A-Z]+\][ \t]*$")  # a task's box; the kind of a GitHub alert
_IMAGE = re.compile(r"!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]\([^()\s]*\)")
_BRACKET = re.compile(r"(?<!\\)((?:\\\\)*)([\[\]])")
_TICKS = re.compile(r"`+")
_ADDRESS = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:[^<>\s]*>|https?://\S+")
_NOTE = re.compile(r"[ \t]*<!--(?P<said>(?:(?!-->).)*)-->$")
_COMMENT = re.compile(r"\s*<!--(?P<said>.*?)-->\s*", re.DOTALL)
_SCRIPT_COMMENT = re.compile(r"^[ \t]*\{/\*(?P<said>.*?)\*/\}[ \t]*$", re.DOTALL | re.MULTILINE)
_CLOSING = re.compile(r"(?:(?<=[ \t])|^)#+$")
_TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_PIPE = re.compile(r"\\\||(\|)")


class Line(NamedTuple):
    """A stretch of a line that holds a block's text: characters `begin` to `end`; `before` is what stands in front of it."""

    begin: int
    end: int
    before: str


class Markdown(TextFormat):
    """CommonMark with tables and footnotes, and MDX; a unit is a block's text, a key the section and the number in it."""

    dialects = ("", "mdx")

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Front matter by names, then every block that holds words."""
        if len(page.text) > LARGEST:
            raise page.error(0, f"the file has more than {LARGEST:,} characters; split it")
        yield from front_matter(page)
        yield from _Reader(page, scripted=self.dialect == "mdx").found()

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterator[Splice]:  # noqa: ARG002
        """The language in the front matter, where it names one."""
        return front_language(page, locale)


@cache
def _parser(*, scripted: bool) -> MarkdownIt:
    """A parser of blocks; what stands in a line is left as it is."""
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    parser.core.ruler.disable(["inline", "text_join", "footnote_tail"], ignoreInvalid=True)
    if scripted:
        parser.disable("code")  # MDX has no code by indentation
    return parser


class _Reader:
    """Walks the blocks of a file in order."""

    def __init__(self, page: Page, *, scripted: bool) -> None:
        self.page, self.scripted = page, scripted
        ends = list(LINE_END.finditer(page.text))
        self.newline = ends[0][0] if ends else "\n"
        self.lines = list(pairwise([0, *(end.end() for end in ends), len(page.text)]))
        self.plain = LINE_END.sub("\n", page.text)
        self.outline = Outline()
        self.comments = self.scripts()  # said and about nothing yet, by the line each begins in
        self.said: list[tuple[int, About]] = []  # of blocks that are open, with their levels
        self.table: tuple[Key, int, int] = ((), 0, 0)
        self.pieces: list[Line] = []  # the cells of the row that is open

    def scripts(self) -> dict[int, str]:
        """Comments of MDX."""
        found = _SCRIPT_COMMENT.finditer(self.plain) if self.scripted else ()
        return {self.plain.count("\n", 0, comment.start()): comment["said"] for comment in found}

    def found(self) -> Iterator[Slot | Finding]:
        """Every text, and a note where HTML holds words that nobody is asked to translate."""
        tokens = _parser(scripted=self.scripted).parse(without_markup(self.plain, scripted=self.scripted))
        for before, token in pairwise([Token("", "", 0), *tokens]):
            if token.type == "html_block":
                yield from self.markup(token)
            elif token.type == "inline":
                yield from self.text(before, token)
            elif token.nesting >= 0:
                self.enter(token)
            elif self.said and self.said[-1][0] == token.level:
                self.said.pop()

    def markup(self, token: Token) -> Iterator[Finding]:
        """A comment is about what follows; other HTML is kept."""
        comment = _COMMENT.fullmatch(token.content)
        line = token.map[0] if token.map else 0
        if comment:
            self.comments[line] = comment["said"]
            return
        self.comments.clear()
        if any(character.isalpha() for character in _TAGS.sub("", token.content)):
            sentence = f"Line {line + 1}: words in an HTML block are not translated; write them as Markdown."
            yield Finding("markup", Severity.NOTE, sentence, path=self.page.path)

    def enter(self, token: Token) -> None:
        """A block begins: what was said above is about it."""
        line = token.map[0] if token.map else -1
        above = [number for number in sorted(self.comments) if number < line]
        said = about("\n".join(self.comments.pop(number) for number in above))
        if said != NOTHING_SAID and token.nesting > 0:
            self.said.append((token.level, said))
        if token.type == "table_open":
            self.table = (self.outline.block("table"), -1, 0)
        elif token.type == "tr_open":
            self.table = (self.table[0], self.table[1] + 1, 0)
            self.pieces = []

    def text(self, opening: Token, token: Token) -> Iterator[Slot]:
        """The text of a block, if it holds any words."""
        if opening.type in ("th_open", "td_open"):
            yield from self.cell(token)
            return
        lines = self.heading_line(token, opening) if opening.markup.startswith("#") else self.stretches(token)
        lines, said = self.trimmed(lines)
        if opening.type == "heading_open":
            name = _ID.search(self.page.text[lines[-1].begin : lines[-1].end]) if lines else None
            key = self.outline.heading(int(opening.tag[1:]), name["name"] if name else "")
            lines = [*lines[:-1], lines[-1]._replace(end=lines[-1].begin + name.start())] if name else lines
        else:
            key = self.outline.block("p")
        if not lines or (raw := self.raw(lines)) == "":
            return
        image = _IMAGE.fullmatch(raw) if len(lines) == 1 else None
        if image:
            begin = lines[0].begin + 2
            alt = image["alt"]
            yield Slot((*key, "alt"), _unbracketed(alt), put(begin, begin + len(alt), _bracketed), about=said)
        elif _is_words(raw):
            single = opening.markup.startswith("#")
            yield Slot(key, self.shown(lines, single=single), self.writer(lines, single=single), about=said)

    def cell(self, token: Token) -> Iterator[Slot]:
        """A cell of a table; the row's line is cut where its pipes stand."""
        key, row, column = self.table
        self.table = (key, row, column + 1)
        if not column:
            self.pieces = self.cut(token)
        if column >= len(self.pieces):
            return
        line = self.pieces[column]
        raw = self.page.text[line.begin : line.end]
        if raw.replace("\\|", "|") != token.content.replace("\ufffd", "\0") or (raw and not _is_words(raw)):
            return
        lines, said = self.trimmed([line]) if raw else ([line], self.about())
        begin, end = lines[0].begin, lines[0].end
        text = self.page.text[begin:end].replace("\\|", "|")
        start = self.line(token.map[0] if token.map else 0)[0]
        if "|" in self.page.text[start:begin]:
            yield Slot((*key, f"r{row}c{column + 1}"), text, put(begin, end, _celled), about=said)
        else:  # nothing but this cell begins its line
            write = put(begin, end, lambda new: _celled(guarded(_one_line(new), scripted=self.scripted)))
            yield Slot((*key, f"r{row}c{column + 1}"), unguarded(text, scripted=self.scripted), write, about=said)

    def cut(self, first: Token) -> list[Line]:
        """The stretches of a row's cells, the one whose first cell this is."""
        begin, end = self.line(first.map[0] if first.map else 0)
        line = self.page.text[begin:end]
        pipes = [found.start() for found in _PIPE.finditer(line) if found[1]]
        parts = list(pairwise([-1, *pipes, len(line)]))
        head = line[: pipes[0]] if pipes else line
        content = first.content.replace("|", "\\|")
        if not content or not head.rstrip().endswith(content):
            parts = parts[1:]
        cells = []
        for left, right in parts:
            inside = line[left + 1 : right]
            start, stop = left + 1 + len(inside) - len(inside.lstrip(" \t")), left + 1 + len(inside.rstrip(" \t"))
            if start >= stop:
                start = stop = min(left + 2, right)
            elif left < 0:
                start = stop - len(content)
            cells.append(Line(begin + start, begin + stop, ""))
        return cells

    def line(self, number: int) -> tuple[int, int]:
        """A line's characters without its end."""
        begin, after = self.lines[number]
        return begin, begin + len(self.page.text[begin:after].rstrip("\r\n"))

    def heading_line(self, token: Token, opening: Token) -> list[Line]:
        """The text of a heading behind its signs."""
        begin, end = self.line(token.map[0] if token.map else 0)
        line = self.page.text[begin:end].replace("\0", "\ufffd")
        place = line.find(token.content, line.find(opening.markup) + len(opening.markup)) if token.content else -1
        return [Line(begin + place, begin + place + len(token.content), "")] if place >= 0 else []

    def stretches(self, token: Token) -> list[Line]:
        """The text of a paragraph, line by line."""
        lines = []
        for number, content in enumerate(token.content.split("\n"), token.map[0] if token.map else 0):
            begin, end = self.line(number)
            line, piece = self.page.text[begin:end].replace("\0", "\ufffd"), content.lstrip()
            place = line.rfind(piece) if piece else len(line)
            if place < 0 or line[place + len(piece) :].strip():
                return []
            lines.append(Line(begin + place, begin + place + len(piece), line[:place]))
        return lines

    def trimmed(self, lines: list[Line]) -> tuple[list[Line], About]:
        """A text without the box of its task in front of it, and without the comment behind it, which is about it."""
        said = self.about()
        if lines and (mark := _BLOCK_MARK.match(self.page.text[lines[0].begin : lines[0].end])):
            first = lines[0]._replace(begin=lines[0].begin + mark.end())
            lines = [first, *lines[1:]] if first.begin < first.end else lines[1:]
        note = _NOTE.search(self.page.text[lines[-1].begin : lines[-1].end]) if lines else None
        if note:
            said = about("\n".join(filter(None, (said.note, note["said"]))))
            lines = [*lines[:-1], lines[-1]._replace(end=lines[-1].begin + note.start())]
        return lines, said

    def about(self) -> About:
        """What was said of the innermost block."""
        return self.said[-1][1] if self.said else NOTHING_SAID

    def raw(self, lines: list[Line]) -> str:
        return "\n".join(self.page.text[line.begin : line.end] for line in lines)

    def shown(self, lines: list[Line], *, single: bool) -> str:
        """The text of a block as its author meant it: what only keeps a line from being more than text is left out."""
        written = [self.page.text[line.begin : line.end] for line in lines]
        if single:
            return _unclosed(written[0])
        return "\n".join(unguarded(line, scripted=self.scripted) for line in written)

    def writer(self, lines: list[Line], *, single: bool) -> Callable[[str], Iterable[Splice]]:
        """Writes a text of any number of lines with what the block puts before each."""
        if single:
            return put(lines[0].begin, lines[0].end, _closed)
        before = [self.newline + line.before for line in lines]
        more = before[-1] if len(lines) > 1 else self.newline + re.sub(r"[^>\s]", " ", lines[0].before)

        def written(text: str) -> str:
            new = [line.lstrip(" \t") for line in LINE_END.split(text.rstrip(" \t\r\n")) if line.strip()]
            fronts = ["", *before[1:], *[more] * len(new)]
            return "".join(
                front + guarded(line, scripted=self.scripted) for front, line in zip(fronts, new, strict=False)
            )

        return put(lines[0].begin, lines[-1].end, written)


def _is_words(raw: str) -> bool:
    """Whether a block holds more than code and addresses."""
    rest = _ADDRESS.sub("", _without_code(raw))
    return rest == raw or any(character.isalpha() for character in rest)


def _without_code(raw: str) -> str:
    """A text without its code spans: from a run of backticks to the next one as long (CommonMark 0.31, 6.1)."""
    runs = [found.span() for found in _TICKS.finditer(raw)]
    following: dict[int, int] = {}
    closing: dict[int, int] = {}
    for begin, end in reversed(runs):
        closing[begin] = following.get(end - begin, 0)
        following[end - begin] = end
    rest, done = [], 0
    for begin, _ in runs:
        if begin >= done and closing[begin]:
            rest.append(raw[done:begin])
            done = closing[begin]
    return "".join((*rest, raw[done:]))


def _one_line(text: str) -> str:
    return " ".join(line.strip(" \t") for line in LINE_END.split(text) if line.strip())


def _closed(text: str) -> str:
    """A heading's text; signs at its end would be taken for its closing ones."""
    line = _one_line(text)
    closing = _CLOSING.search(line)
    return f"{line[: closing.start()]}\\{closing[0]}" if closing else line


def _unclosed(line: str) -> str:
    place = line.rfind("\\")
    text = line[:place] + line[place + 1 :] if place >= 0 else line
    return text if _closed(text) == line else line


def _celled(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _bracketed(text: str) -> str:
    return _BRACKET.sub(r"\1\\\2", _one_line(text))


def _unbracketed(alt: str) -> str:
    return re.sub(r"\\([\[\]])", r"\1", alt)
