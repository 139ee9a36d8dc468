"""Blocks: markup cut into the texts that people read, each with its key and what is said beside it.

A block is what a browser sets as one piece: the inline content of a paragraph, a cell, a heading. Where a block has no words
of its own around its inline elements, as a list of links has not, each of these is a block of its own; a condition or a loop
of a template likewise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from extractors.comments import about
from extractors.html_attributes import Marked, is_untranslated, marked, said, visible
from extractors.html_elements import BLOCKS, CLOSED_BY, DRAWINGS
from extractors.html_keys import Scope, heading_level
from extractors.html_texts import cut, has_words
from extractors.html_tokens import TEXT_ONLY, Attribute, Kind, Role, Syntax, Token
from extractors.html_tree import stretches
from extractors.pages import Page
from tm_service.domain.units import NOTHING_SAID, About, Key

DEEPEST = 400  # elements in one another; browsers stop at 512


@dataclass(frozen=True, slots=True)
class Block:
    """A text with the tokens it is made of. `plain` where tags are words, `spaced` where white space is seen."""

    key: Key
    tokens: tuple[Token, ...]
    about: About
    plain: bool = False
    spaced: bool = False

    @property
    def begin(self) -> int:
        return self.tokens[0].begin


@dataclass(frozen=True, slots=True)
class Value:
    """An attribute that people read."""

    key: Key
    attribute: Attribute
    about: About

    @property
    def begin(self) -> int:
        return self.attribute.begin


@dataclass(frozen=True, slots=True)
class Rules:
    """What a dialect knows of attributes: `directive` where `translate` is one, `marks` where `i18n` describes a text.

    `ends_left_out` where elements end without end tags, as HTML allows.
    """

    directive: bool = False
    marks: bool = False
    ends_left_out: bool = True


@dataclass(slots=True)
class _Element:
    name: str
    key: Key
    scope: Scope
    is_block: bool
    begin: int = 0
    skipped: bool = False
    about: About = NOTHING_SAID
    note: About = NOTHING_SAID  # taken by the first text inside
    spaced: bool = False
    gaps: int = 0
    mark: Marked | None = None


@dataclass(slots=True)
class _Run:
    """What stands between two boundaries of blocks."""

    tokens: list[Token] = field(default_factory=list)
    key: Key = ()
    counts: Scope = field(default_factory=lambda: Scope(()))
    names: dict[int, str] = field(default_factory=dict)
    mute: set[int] = field(default_factory=set)


class Blocks:
    """Finds the blocks of a page; `rooted` walks one tree of tokens, and a page may have several."""

    def __init__(self, page: Page, rules: Rules, syntax: Syntax) -> None:
        self.page, self.text, self.rules, self.syntax = page, page.text, rules, syntax
        self.found: list[Block | Value] = []
        self._keys: dict[Key, int] = {}
        self._scopes: dict[Key, int] = {}
        self._stack: list[_Element] = []
        self._run = _Run()
        self._pending: list[Token] = []
        self._whole: _Element | None = None
        self._drawing: list[Token] = []
        self._drawn = 0

    def walk(self, tokens: Iterable[Token], root: Key = (), name: str = "text", scope: Scope | None = None) -> None:
        """Find the blocks of one tree of tokens under a key. Raises ExtractionError where elements lie too deep."""
        outer = self._stack, self._run, self._pending, self._whole
        above = outer[0][-1] if outer[0] else None
        scope = scope or Scope(root)
        start = _Element("", (*root, name) if name else root, scope, is_block=True)
        if above:
            start.skipped, start.about = above.skipped, above.about
        self._stack, self._run, self._pending, self._whole = [start], _Run(), [], None
        for token in tokens:
            if self._drawing:
                self._draw(token)
            else:
                self._take(token)
        if self._drawing:
            raise self.page.error(
                self._drawing[0].begin, f"the <{self._drawing[0].name}> that begins here has no end tag"
            )
        self._flush()
        self._stack, self._run, self._pending, self._whole = outer

    def _take(self, token: Token) -> None:
        kind = token.kind
        if kind is Kind.TEXT:
            if not self.text[token.begin : token.end].isspace():
                self._begin_run()
                self._pending = []
            self._run.tokens.append(token)
        elif kind is Kind.OPEN:
            if token.name in DRAWINGS and not token.alone:
                self._drawing, self._drawn = [token], 1
            else:
                self._open(token)
        elif kind is Kind.CLOSE:
            self._close(token)
        elif kind is Kind.COMMENT:
            self._run.tokens.append(token)
            if token.note.strip():
                self._pending.append(token)
        elif kind is Kind.CODE:
            self._code(token)

    def _code(self, token: Token) -> None:
        self._begin_run()
        if token.role in (Role.VALUE, Role.TEXT):
            self._pending = []
        self._run.names[token.begin] = self._run.counts.name(token.name or "value")
        self._run.tokens.append(token)
        for tree in token.nested:
            self.walk(tree, self._run.key, self._run.names[token.begin], self._stack[-1].scope)

    def _draw(self, token: Token) -> None:
        """A drawing within a text is one thing, shown by its tag."""
        self._drawing.append(token)
        if token.name == self._drawing[0].name and not token.alone:
            self._drawn += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        if self._drawn == 0:
            first, inside, self._drawing = self._drawing[0], tuple(self._drawing[1:]), []
            self._open(first._replace(end=token.end, alone=True, nested=(inside,)))

    def _begin_run(self) -> None:
        if not self._run.key:
            owner = self._owner()
            owner.gaps += 1
            self._run.key = owner.key if owner.gaps == 1 else (*owner.key, str(owner.gaps))

    def _owner(self) -> _Element:
        depth = len(self._stack) - 1
        while not self._stack[depth].is_block:
            depth -= 1
        return self._stack[depth]

    def _open(self, token: Token) -> None:
        has_attributes = bool(token.attributes)
        mark = marked(self.text, token, "i18n") if self.rules.marks and has_attributes else None
        is_block = self._whole is None and (token.name in BLOCKS or mark is not None)
        if is_block:
            self._flush()
            if self.rules.ends_left_out:
                self._end_by(token.name)
        above = self._stack[-1]
        element = _Element(token.name, (), above.scope, is_block, token.begin, mark=mark)
        element.skipped = above.skipped or is_untranslated(self.text, token, directive=self.rules.directive)
        element.about, element.spaced = above.about, above.spaced or token.name in ("pre", "textarea")
        if is_block:
            self._said_before(element)
            self._place(element, said(self.text, token, "id") if has_attributes else "")
        else:
            self._begin_run()
            element.key = (*self._run.key, self._run.counts.name(token.name or "fragment"))
            self._run.names[token.begin] = element.key[-1]
            if element.skipped:
                self._run.mute.add(token.begin)
            self._run.tokens.append(token)
            element.note = _said(self._pending)
            self._pending = []
        if has_attributes:
            self._values(token, element)
        if not token.alone:
            self._stack.append(element)
            if mark and is_block:
                self._whole = element
            if len(self._stack) > DEEPEST:
                raise self.page.error(token.begin, f"elements are nested more than {DEEPEST} levels deep")

    def _said_before(self, element: _Element) -> None:
        note = _said(self._pending)
        self._pending = []
        element.note = note
        if note.ignored or note.legal:
            ignored, legal = element.about.ignored or note.ignored, element.about.legal or note.legal
            element.about = replace(element.about, ignored=ignored, legal=legal)

    def _place(self, element: _Element, written_id: str) -> None:
        scope = element.scope
        inner = scope.inner(element.name, written_id)
        if inner:
            inner.path = _unique(self._scopes, inner.path)
            element.scope, element.key = inner, inner.path
        elif heading_level(element.name):
            element.key = scope.begin_section(element.name)
        else:
            element.key = (*scope.here.path, scope.here.name(element.name))

    def _values(self, token: Token, element: _Element) -> None:
        if element.skipped and not self._reads_values(token):
            return
        for attribute in visible(self.text, token):
            if attribute.value is None or not self._has_words(attribute):
                continue
            mark = marked(self.text, token, f"i18n-{attribute.name}") if self.rules.marks else None
            key = (f"@@{mark.id}",) if mark and mark.id else (*element.key, attribute.name)
            beside = _joined(element.about, element.note, mark.about if mark else NOTHING_SAID)
            self.found.append(Value(_unique(self._keys, key), attribute, beside))

    def _reads_values(self, token: Token) -> bool:
        """An element whose text comes from a catalog may still say its title itself; one that is not translated may not."""
        above = self._stack[-1]
        return (
            not above.skipped
            and said(self.text, token, "translate").lower() != "no"
            and ("notranslate" not in said(self.text, token, "class").split())
        )

    def _has_words(self, attribute: Attribute) -> bool:
        begin, end = attribute.value or (0, 0)
        return any(has_words(words) for words, is_code in cut(self.text[begin:end], self.syntax) if not is_code)

    def _end_by(self, name: str) -> None:
        while True:
            depth = len(self._stack) - 1
            while depth and not self._stack[depth].is_block:
                depth -= 1
            if not depth or name not in CLOSED_BY.get(self._stack[depth].name, ()):
                return
            del self._stack[depth:]

    def _close(self, token: Token) -> None:
        depth = len(self._stack) - 1
        while depth and self._stack[depth].name != token.name:
            depth -= 1
        if not depth:
            self._flush()
            return
        element = self._stack[depth]
        if element is self._whole:
            self._whole = None
        if element.is_block:
            self._flush()
            del self._stack[depth:]
        elif any(each.is_block for each in self._stack[depth:]):
            self._flush()
            del self._stack[depth]
        else:
            self._run.tokens.append(token)
            del self._stack[depth:]

    def _flush(self) -> None:
        """End the run at a boundary and find its texts."""
        run, self._run = self._run, _Run()
        owner = self._owner()
        if owner.skipped or not run.key or not any(self._is_worded(token) for token in run.tokens):
            return
        is_plain = owner.name in TEXT_ONLY
        if owner.mark:
            key = (f"@@{owner.mark.id}",) if owner.mark.id else run.key
            self._found(run, key, (0, len(run.tokens) - 1), (), owner)
            return
        if len(run.tokens) == 1:
            self._found(run, run.key, (0, 0), (), owner, plain=is_plain)
            return
        for key, first, last, notes in stretches(
            self.text, run.tokens, run.key, lambda at: run.names[run.tokens[at].begin], run.mute
        ):
            self._found(run, key, (first, last), notes, owner, plain=is_plain)

    def _is_worded(self, token: Token) -> bool:
        if token.kind is Kind.TEXT:
            return has_words(self.text[token.begin : token.end])
        return token.kind is Kind.CODE and token.role is Role.TEXT

    def _found(
        self, run: _Run, key: Key, ends: tuple[int, int], notes: Sequence[int], owner: _Element, *, plain: bool = False
    ) -> None:
        beside = _joined(owner.about, self._first_note(), _said([run.tokens[at] for at in notes]))
        if owner.mark:
            beside = _joined(owner.about, owner.mark.about, beside)
        tokens = tuple(run.tokens[ends[0] : ends[1] + 1])
        self.found.append(Block(_unique(self._keys, key), tokens, beside, plain, owner.spaced))

    def _first_note(self) -> About:
        for element in reversed(self._stack):
            if element.note is not NOTHING_SAID:
                note, element.note = element.note, NOTHING_SAID
                return note
        return NOTHING_SAID


def _unique(taken: dict[Key, int], key: Key) -> Key:
    """The key itself the first time, with a number after it from then on."""
    number = taken[key] = taken.get(key, 0) + 1
    return key if number == 1 else _unique(taken, (*key[:-1], f"{key[-1]}~{number}"))


def _said(comments: Sequence[Token]) -> About:
    return about("\n".join(each.note.strip() for each in comments)) if comments else NOTHING_SAID


def _joined(*said_of_it: About) -> About:
    """What several places say of one text; of limits the lowest counts."""
    told = [each for each in said_of_it if each != NOTHING_SAID]
    if len(told) < 2:  # noqa: PLR2004 - nothing to join
        return told[0] if told else NOTHING_SAID
    return About(
        "\n".join(dict.fromkeys(each.note for each in told if each.note)),
        min((each.limit for each in told if each.limit), default=0),
        ignored=any(each.ignored for each in told),
        legal=any(each.legal for each in told),
    )
