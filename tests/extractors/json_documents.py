"""JSON documents as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

from codecs import BOM_UTF8
from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_CHARACTERS = st.one_of(
    st.sampled_from('ab.#"\\/{}[]:, \n\té中ع😀\u2028'),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.text(_CHARACTERS, max_size=12)
_SCALARS = st.sampled_from(["0", "-1.5e+10", "true", "false", "null", "12345678901234567890"])
_TREES = st.recursive(
    st.one_of(TEXTS, _SCALARS.map(lambda written: (written,))),
    lambda inner: st.one_of(st.dictionaries(TEXTS, inner, max_size=4), st.lists(inner, max_size=4)),
    max_leaves=12,
)
_ROOTS = st.one_of(st.dictionaries(TEXTS, _TREES, max_size=5), st.lists(_TREES, max_size=5))
_SHORT = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", '"': '"', "\\": "\\", "/": "/"}
_COMMENTS = ("// of a seed's\n", '/* the "permit" */', "/** {of, a} *\n * [garden] */", "//\r\n")


class Entry(tuple[str, str]):
    """A text all of whose member, its name too, is the place of a message: an entry of a message of several forms."""

    __slots__ = ()


class _Writer:
    """Writes one document; every blank and every escape is left to chance. `keys` tells the message that stands at a path."""

    def __init__(self, draw: st.DrawFn, keys: Callable[[Key], Key | None], *, lenient: bool = False) -> None:
        self.chance = Random(draw(st.integers(0, 1 << 32)))
        self.keys = keys
        self.lenient = lenient
        self.newline = draw(st.sampled_from(["\n", "\r\n", ""]))
        self.unit = draw(st.sampled_from(["  ", "    ", "\t", ""]))
        self.colon = draw(st.sampled_from([":", ": ", " : "]))
        self.wild = draw(st.booleans())
        self.pieces: list[tuple[Key | None, bytes]] = []

    def coin(self) -> bool:
        return self.chance.random() < 0.5

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode()))

    def blank(self, depth: int) -> None:
        self.put(self.newline + self.unit * depth if self.newline else "")
        if self.lenient and self.chance.randrange(4) == 0:
            self.put(self.chance.choice(_COMMENTS))

    def node(self, node: object, path: Key, depth: int = 1) -> None:
        if isinstance(node, str):
            self.put(self.string(node), self.keys(path))
        elif isinstance(node, dict):
            self.container("{}", list(node.items()), path, depth)
        elif isinstance(node, list):
            self.container("[]", [(str(index), value) for index, value in enumerate(node)], path, depth)
        else:
            self.put(node[0])

    def container(self, brackets: str, members: list[tuple[str, object]], path: Key, depth: int) -> None:
        self.put(brackets[0])
        for place, (name, value) in enumerate(members):
            self.put("," if place else "")
            self.blank(depth)
            before = self.name(name) + self.colon if brackets == "{}" else ""
            if isinstance(value, Entry):
                self.put(before + self.string(value[0]), self.keys((*path, value[1])))
                continue
            self.put(before)
            self.node(value, (*path, name), depth + 1)
        self.put("," if self.lenient and members and self.coin() else "")
        self.blank(depth - 1)
        self.put(brackets[1])

    def name(self, name: str) -> str:
        if self.lenient and name.isascii() and name.isidentifier() and self.coin():
            return name
        return self.string(name)

    def string(self, value: str) -> str:
        quote = self.chance.choice("\"'") if self.lenient else '"'
        return quote + "".join(self.character(character, quote) for character in value) + quote

    def character(self, character: str, quote: str) -> str:
        must = character < " " or character in (quote, "\\")
        if not must and not (self.wild and self.coin()):
            return character
        if character in _SHORT and self.coin():
            return "\\" + _SHORT[character]
        units = character.encode("utf-16-be")
        case = self.chance.choice(["04x", "04X"])
        return "".join(f"\\u{units[place] * 256 + units[place + 1]:{case}}" for place in range(0, len(units), 2))


@st.composite
def json_samples(
    draw: st.DrawFn,
    roots: st.SearchStrategy[object] = _ROOTS,
    keys: Callable[[Key], Key | None] = lambda path: path,
    path: str = "sample.json",
) -> Sample:
    """Documents of these values, in JSON; in JSON5 where the path says so."""
    writer = _Writer(draw, keys, lenient=path.endswith("5"))
    mark = draw(st.sampled_from([b"", BOM_UTF8]))
    writer.node(draw(roots), ())
    writer.put(draw(st.sampled_from(["", writer.newline, " "])))
    return Sample(((None, mark), *writer.pieces), path)


def either(
    roots: st.SearchStrategy[object], keys: Callable[[Key], Key | None] = lambda path: path
) -> st.SearchStrategy[Sample]:
    """Documents in JSON and in JSON5."""
    return st.one_of(json_samples(roots, keys), json_samples(roots, keys, "sample.json5"))


ROOMS = {("json", ""): Room(json_samples()), ("json", "md5-meta"): Room(json_samples())}
