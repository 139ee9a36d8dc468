"""Office codes: the inline content of a paragraph as a text with short numbered tags, and the way back from it.

`<g1>...</g1>` is a stretch with a format or a link of its own, `<x2/>` what stands alone: an image, a field, a footnote's mark.
A number names a code and not its place, so that a translation which moves codes is read back as it was written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_TAG = re.compile(r"<(?P<end>/?)g(?P<group>\d{1,6})>|<x(?P<alone>\d{1,6})/>")
_LITERAL = re.compile(r"(?:<|&(?:amp;)*lt;)(?=(?:/?g\d{1,6}|x\d{1,6}/)>)")  # text that would be taken for a tag
_QUOTED = re.compile(r"&((?:amp;)*lt;)(?=(?:/?g\d{1,6}|x\d{1,6}/)>)")

_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Alone:
    """A code without text in it, as it is written."""

    written: str


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch between what opens and what closes it; `look` is the format its text has, where that is said text by text."""

    opens: str
    closes: str
    look: str
    nodes: "tuple[Node, ...]" = ()


Node = str | Alone | Group


@dataclass(frozen=True, slots=True)
class Inline:
    """The content of a paragraph: its text with tags, and the nodes beside and around it that the text leaves out."""

    text: str
    codes: dict[str, Alone | Group]
    layers: tuple[tuple[tuple[Node, ...], Group | None, tuple[Node, ...]], ...]

    def nodes(self, text: str) -> tuple[Node, ...]:
        """The content with another text. A tag it does not know is left out; a code the text lacks comes last."""
        core = _parsed(text.strip(_BLANKS), self.codes)
        for before, around, after in reversed(self.layers):
            core = (*before, replace(around, nodes=core), *after) if around else (*before, *core, *after)
        return _joined(core)


def inline(nodes: Iterable[Node]) -> Inline | None:
    """Read a paragraph; None where it has no text."""
    core, layers = tuple(nodes), []
    while True:
        before, core, after = _edges(core)
        if not core:
            return None
        around = core[0] if len(core) == 1 and isinstance(core[0], Group) else None
        layers.append((before, around, after))
        if around is None:
            break
        core = around.nodes
    named = sorted({_bare(node) for node in _codes(core)}, key=repr)
    names = {code: f"{'x' if isinstance(code, Alone) else 'g'}{number}" for number, code in enumerate(named, 1)}
    return Inline(_tagged(core, names), {name: code for code, name in names.items()}, tuple(layers))


def _joined(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Nodes with texts that follow each other made one."""
    joined: list[Node] = []
    for node in nodes:
        last = joined[-1] if joined else None
        if isinstance(node, str) and isinstance(last, str):
            joined[-1] = last + node
        else:
            joined.append(replace(node, nodes=_joined(node.nodes)) if isinstance(node, Group) else node)
    return tuple(joined)


def _edges(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...], tuple[Node, ...]]:
    """What stands before the first word, the words with all between them, and what stands after the last one."""
    places = [place for place, node in enumerate(nodes) if not isinstance(node, Alone) and _says(node)]
    if not places:
        return nodes, (), ()
    first, last = places[0], places[-1]
    before, core, after = list(nodes[:first]), list(nodes[first : last + 1]), list(nodes[last + 1 :])
    if isinstance(core[-1], str):
        words = core[-1].rstrip(_BLANKS)
        after[:0] = [core[-1][len(words) :]]
        core[-1] = words
    if isinstance(core[0], str):
        words = core[0].lstrip(_BLANKS)
        before.append(core[0][: len(core[0]) - len(words)])
        core[0] = words
    return tuple(filter(None, before)), tuple(core), tuple(filter(None, after))


def _says(node: str | Group) -> bool:
    if isinstance(node, str):
        return bool(node.strip(_BLANKS))
    return any(not isinstance(inner, Alone) and _says(inner) for inner in node.nodes)


def _bare(node: Alone | Group) -> Alone | Group:
    return replace(node, nodes=()) if isinstance(node, Group) else node


def _codes(nodes: Iterable[Node]) -> Iterator[Alone | Group]:
    for node in nodes:
        if not isinstance(node, str):
            yield node
        if isinstance(node, Group):
            yield from _codes(node.nodes)


def _tagged(nodes: Iterable[Node], names: dict[Alone | Group, str]) -> str:
    written = []
    for node in nodes:
        if isinstance(node, str):
            written.append(_LITERAL.sub(_protected, node))
        elif isinstance(node, Alone):
            written.append(f"<{names[node]}/>")
        else:
            name = names[_bare(node)]
            written.append(f"<{name}>{_tagged(node.nodes, names)}</{name}>")
    return "".join(written)


def _protected(found: re.Match[str]) -> str:
    return "&lt;" if found[0] == "<" else f"&amp;{found[0][1:]}"


def _parsed(text: str, codes: dict[str, Alone | Group]) -> tuple[Node, ...]:
    waiting: list[tuple[Group | None, list[Node]]] = [(None, [])]
    missing = {name: code for name, code in codes.items() if isinstance(code, Alone)}

    def close() -> None:
        group, nodes = waiting.pop()
        if group:
            waiting[-1][1].append(replace(group, nodes=tuple(nodes)))

    done = 0
    for tag in _TAG.finditer(text):
        _say(waiting[-1][1], text[done : tag.start()])
        done = tag.end()
        code = codes.get(f"x{tag['alone']}" if tag["alone"] else f"g{tag['group']}")
        if isinstance(code, Alone):
            waiting[-1][1].append(code)
            missing.pop(f"x{tag['alone']}", None)
        elif isinstance(code, Group) and not tag["end"]:
            waiting.append((code, []))
        elif code and code in [group for group, _ in waiting]:
            while waiting[-1][0] != code:
                close()
            close()
    _say(waiting[-1][1], text[done:])
    while len(waiting) > 1:
        close()
    return (*waiting[0][1], *missing.values())


def _say(nodes: list[Node], text: str) -> None:
    if text:
        nodes.append(_QUOTED.sub(lambda found: "<" if found[1] == "lt;" else f"&{found[1].removeprefix('amp;')}", text))
