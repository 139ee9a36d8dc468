"""Front matter: the texts among the YAML values above a Markdown page, known by their names."""

import json
import re
from collections.abc import Callable, Iterable, Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from extractors.comments import about
from extractors.markdown_lines import FRONT, LINE_END
from extractors.pages import Page
from extractors.slots import Slot, put
from extractors.splices import Splice
from tm_service.domain.units import Key, Locale

_TEXTS = frozenset(
    [
        "title",
        "subtitle",
        "description",
        "summary",
        "excerpt",
        "abstract",
        "lead",
        "tagline",
        "heading",
        "headline",
        "label",
        "caption",
        "text",
        "details",
        "intro",
        "sidebar_label",
        "sidebarlabel",
        "sidebartitle",
        "nav_title",
        "navtitle",
        "menutitle",
        "linktitle",
        "shorttitle",
        "short_title",
        "alt",
        "imagealt",
        "image_alt",
        "seo_title",
        "seo_description",
        "metatitle",
        "metadescription",
        "pagination_label",
    ]
)
_PLAIN = re.compile(
    r"[^\W\d_][^\n\r:#\[\]{},&*!|>\"%@`\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*(?<! )"
)
_WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
_SINGLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_COMMENT = re.compile(r"[ \t]*#(.*)")
_YAML_LINE_END = re.compile("[\n\x85\u2028\u2029]")
_QUOTES, _BLOCKS = ("'", '"'), ("|", ">")
_LANGUAGES = frozenset(["lang", "language", "locale"])
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_COLON = re.compile(r"[ \t]*:")
_DEEPEST = 50


def front_matter(page: Page) -> Iterator[Slot]:
    """Every text of the block, in file order. Raises ExtractionError where the block is no YAML."""
    for key, node, begin, end in _values(page, _TEXTS):
        said = about(_comment(page.text, begin, end))
        yield Slot(key, node.value.rstrip("\n"), _writer(page.text, node, begin, end), about=said)


def front_language(page: Page, locale: Locale) -> Iterator[Splice]:
    """What the block says of the language of its page."""
    for key, node, begin, end in _values(page, _LANGUAGES):
        if len(key) == len(("front", "lang")) and _CODE.fullmatch(node.value):
            yield from _writer(page.text, node, begin, end)(locale)


def _values(page: Page, names: frozenset[str]) -> Iterator[tuple[Key, ScalarNode, int, int]]:
    """Values under these names, with where they stand."""
    found = FRONT.match(LINE_END.sub("\n", page.text))
    if found is None or found["fence"] != "---":
        return
    inside = found["inside"]
    places = _places(page.text, found.end("inside"))[found.start("inside") :]
    starts = [0, *(end.end() for end in _YAML_LINE_END.finditer(inside))]

    def place(mark: StreamMark) -> int:
        return places[min(starts[min(mark.line, len(starts) - 1)] + mark.column, len(inside))]

    reason = "the front matter is no YAML; look for quotes, colons and indents that are wrong"
    try:
        root = YAML(typ="safe", pure=True).compose(inside)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise page.error(place(mark) if mark else places[0], reason) from None
    except (YAMLError, ValueError, RecursionError):
        raise page.error(places[0], reason) from None
    for key, name, node in _scalars(root, names, (), set()):
        begin, end = place(node.start_mark), place(node.end_mark)
        if not node.value and not node.style:  # nothing: the mark of what is not there stands before what follows
            colon = _COLON.match(page.text, place(name.end_mark))
            begin = end = colon.end() if colon else -1
        if begin >= 0 and _is_whole(node, page.text[begin:end]):
            yield key, node, begin, end


def _places(text: str, length: int) -> list[int]:
    """Where each character of a file stands whose line ends may be two characters, as many as are asked for."""
    places = [0]
    for _ in range(length):
        places.append(places[-1] + (2 if text.startswith("\r\n", places[-1]) else 1))
    return places


def _scalars(
    node: Node | None, names: frozenset[str], path: Key, seen: set[int]
) -> Iterator[tuple[Key, ScalarNode, ScalarNode]]:
    """Values under these names, each with that name; what an alias repeats is only found where it stands."""
    if node is None or id(node) in seen or len(path) > _DEEPEST:
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if isinstance(name, ScalarNode) and isinstance(value, ScalarNode):
                if str(name.value).lower() in names and _is_text(value):
                    yield ("front", *path, str(name.value)), name, value
            elif isinstance(name, ScalarNode):
                yield from _scalars(value, names, (*path, str(name.value)), seen)
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            yield from _scalars(value, names, (*path, str(number)), seen)


def _is_text(node: ScalarNode) -> bool:
    """No number, and nothing an alias repeats."""
    return str(node.ctag).endswith((":str", ":null")) and not node.anchor


def _is_whole(node: ScalarNode, raw: str) -> bool:
    """Whether these characters are the value and nothing beside it, such as a tag."""
    if node.style in _QUOTES:
        return len(raw) > 1 and raw[0] == raw[-1] == node.style
    return raw.startswith(node.style) if node.style else raw in ("", node.value)


def _writer(text: str, node: ScalarNode, begin: int, end: int) -> Callable[[str], Iterable[Splice]]:
    raw = text[begin:end]
    tail = raw[len(raw.rstrip()) :] if node.style in _BLOCKS else ""
    gap = " " if begin and text[begin - 1] == ":" else ""
    return put(begin, end, lambda new: f"{gap}{_written(new, node.style)}{tail}")


def _written(text: str, style: str | None) -> str:
    """A value in its quotes, where they can hold it; in double quotes otherwise."""
    if style is None and _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if style == "'" and _SINGLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04X}", json.dumps(text, ensure_ascii=False))


def _comment(text: str, begin: int, end: int) -> str:
    """What is said behind a value and in the lines directly above it."""
    lines = LINE_END.split(text[:begin])[:-1]
    said: list[str] = []
    while lines and (above := _COMMENT.fullmatch(lines.pop())):
        said.insert(0, above[1])
    behind = _COMMENT.match(LINE_END.split(text[end:], maxsplit=1)[0])
    return "\n".join([*said, behind[1]] if behind else said)
