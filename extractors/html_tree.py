"""Trees of inline markup: which stretches of a run of text and inline elements are texts of their own."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from extractors.html_texts import has_words
from extractors.html_tokens import Kind, Role, Token
from tm_service.domain.units import Key

# Elements that belong to the sentence around them; others, such as links and buttons, can stand for themselves.
_FORMATTING = frozenset(
    [
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_QUOTING = frozenset(["code", "kbd", "samp", "var", "tt"])  # machine's words, not people's
_NUMBER = re.compile(r"\d")
_BLANK = re.compile(r"""\s*|\{\s*(["'`])\s*\1\s*\}""")  # {" "} is how JSX writes a blank


class _Is(Enum):
    WORDS = auto()
    LEAF = auto()
    ELEMENT = auto()
    GROUP = auto()  # from {% if %} to {% endif %}
    PART = auto()  # {% else %}
    NOTE = auto()
    LOOSE = auto()  # a tag or code whose partner is not here


@dataclass(slots=True)
class _Node:
    kind: _Is
    first: int
    last: int
    name: str = ""
    words: bool = False
    value: bool = False
    mute: bool = False
    stays: bool = False  # a full stop at the end of a sentence is part of it
    inside: list["_Node"] = field(default_factory=list)


class Stretch(NamedTuple):
    """Tokens `first` to `last` of a run, both included, are one text; `notes` are the comments right before it."""

    key: Key
    first: int
    last: int
    notes: tuple[int, ...]


def stretches(
    text: str, run: Sequence[Token], key: Key, names: Callable[[int], str], mute: Collection[int]
) -> Iterator[Stretch]:
    """The texts of a run, in no order. `names` says what a token is called in a key, `mute` where nobody's text begins."""
    pieces: list[list[_Node]] = [[]]
    for node in _tree(text, run, mute):
        if node.kind is _Is.LOOSE and run[node.first].kind is Kind.CODE:
            pieces.append([])
        else:
            pieces[-1].append(node)
    number = 0
    waiting: list[tuple[list[_Node], Key]] = []
    for piece in pieces:
        if any(node.words for node in piece):
            number += 1
            waiting.append((piece, key if number == 1 else (*key, f"part:{number}")))
    while waiting:
        nodes, under = waiting.pop()
        begin, end = _content(nodes)
        content = [node for node in nodes[begin:end] if node.words or node.value]
        if not any(node.words for node in content):
            continue
        if _is_sentence(content):
            yield Stretch(under, nodes[begin].first, nodes[end - 1].last, _notes(nodes, begin))
            continue
        for place, node in enumerate(nodes):
            if node.words:
                before = [_Node(_Is.NOTE, at, at) for at in _notes(nodes, place)]
                waiting += [([*before, *part], (*under, names(at))) for part, at in _parts(node)]


def _is_sentence(content: list[_Node]) -> bool:
    if any(node.kind in (_Is.WORDS, _Is.LEAF) for node in content):
        return True
    return len(content) > 1 and any(node.kind is _Is.ELEMENT and node.name in _FORMATTING for node in content)


def _content(nodes: list[_Node]) -> tuple[int, int]:
    """Without the icons, comments and blanks at both ends."""
    begin, end = 0, len(nodes)
    while begin < end and not _stays(nodes[begin]):
        begin += 1
    while end > begin and not _stays(nodes[end - 1]):
        end -= 1
    return begin, end


def _stays(node: _Node) -> bool:
    return node.words or node.value or node.stays


def _notes(nodes: list[_Node], before: int) -> tuple[int, ...]:
    notes: list[int] = []
    for node in reversed(nodes[:before]):
        if node.words or node.value:
            break
        if node.kind is _Is.NOTE:
            notes.insert(0, node.first)
    return tuple(notes)


def _parts(node: _Node) -> Iterator[tuple[list[_Node], int]]:
    """The branches of a condition, the content of an element, each with the token that it is called by."""
    part: list[_Node] = []
    at = node.first
    for each in node.inside:
        if each.kind is _Is.PART:
            yield part, at
            part, at = [], each.first
        else:
            part.append(each)
    yield part, at


def _tree(text: str, run: Sequence[Token], mute: Collection[int]) -> list[_Node]:
    root = _Node(_Is.ELEMENT, 0, len(run))
    open_nodes = [root]
    for at, token in enumerate(run):
        node = _leaf(text, token, at)
        if token.kind is Kind.CLOSE or (token.kind is Kind.CODE and token.role is Role.CLOSES):
            kind = _Is.ELEMENT if token.kind is Kind.CLOSE else _Is.GROUP
            depth = _opened(open_nodes, kind, token.name if token.kind is Kind.CLOSE else "")
            if depth:
                _lift(open_nodes, depth + 1)
                _close(open_nodes, at)
                continue
        elif token.role is Role.PARTS and open_nodes[-1].kind is _Is.GROUP:
            node.kind = _Is.PART
        open_nodes[-1].inside.append(node)
        if node.kind in (_Is.ELEMENT, _Is.GROUP):
            node.mute = token.begin in mute or token.name in _QUOTING
            open_nodes.append(node)
    _lift(open_nodes, 1)
    return root.inside


def _leaf(text: str, token: Token, at: int) -> _Node:
    kind = token.kind
    if kind is Kind.TEXT:
        written = text[token.begin : token.end]
        return _Node(
            _Is.WORDS,
            at,
            at,
            words=has_words(written),
            value=_NUMBER.search(written) is not None,
            stays=not _BLANK.fullmatch(written),
        )
    if kind is Kind.COMMENT:
        return _Node(_Is.NOTE, at, at)
    if kind is Kind.OPEN:
        return _Node(_Is.LEAF if token.alone else _Is.ELEMENT, at, at, token.name)
    if kind is Kind.CODE and token.role in (Role.VALUE, Role.STATEMENT):
        has_value = token.role is Role.VALUE and (
            not token.nested or any(each.kind is Kind.TEXT for tree in token.nested for each in tree)
        )
        return _Node(_Is.LEAF, at, at, token.name, value=has_value)
    if kind is Kind.CODE and token.role is Role.TEXT:
        return _Node(_Is.WORDS, at, at, token.name, words=True)
    return _Node(_Is.GROUP if token.role is Role.OPENS and kind is Kind.CODE else _Is.LOOSE, at, at, token.name)


def _opened(open_nodes: list[_Node], kind: _Is, name: str) -> int:
    for depth in range(len(open_nodes) - 1, 0, -1):
        if open_nodes[depth].kind is kind and (not name or open_nodes[depth].name == name):
            return depth
    return 0


def _lift(open_nodes: list[_Node], depth: int) -> None:
    """What was opened from a depth on has no end: it is loose, and what it holds is its parent's."""
    while len(open_nodes) > depth:
        node = open_nodes.pop()
        node.kind = _Is.LOOSE
        open_nodes[-1].inside += node.inside
        node.inside = []


def _close(open_nodes: list[_Node], at: int) -> None:
    node = open_nodes.pop()
    node.last = at
    node.words = not node.mute and any(each.words for each in node.inside)
    node.value = any(each.value or each.words for each in node.inside)
