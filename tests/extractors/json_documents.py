"""JSON documents as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import Sample
from tm_service.domain.units import Key

_CHARACTERS = st.one_of(
    st.sampled_from('ab.#"\\/{}[]:, \n\té中ع😀\u2028'),
    st.characters(exclude_categories=["Cs"]),
)
_TEXTS = st.text(_CHARACTERS, max_size=12)
_SCALARS = st.sampled_from(["0", "-1.5e+10", "true", "false", "null", "12345678901234567890"])
_TREES = st.recursive(
    st.one_of(_TEXTS, _SCALARS.map(lambda written: (written,))),
    lambda inner: st.one_of(st.dictionaries(_TEXTS, inner, max_size=4), st.lists(inner, max_size=4)),
    max_leaves=12,
)
_ROOTS = st.one_of(st.dictionaries(_TEXTS, _TREES, max_size=5), st.lists(_TREES, max_size=5))
_SHORT = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", '"': '"', "\\": "\\", "/": "/"}


class _Writer:
    """Writes one document; every blank and every escape is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.newline = draw(st.sampled_from(["\n", "\r\n", ""]))
        self.unit = draw(st.sampled_from(["  ", "    ", "\t", ""]))
        self.colon = draw(st.sampled_from([":", ": ", " : "]))
        self.wild = draw(st.booleans())
        self.pieces: list[tuple[Key | None, bytes]] = []

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode()))

    def blank(self, depth: int) -> None:
        self.put(self.newline + self.unit * depth if self.newline else "")

    def node(self, node: object, key: Key, depth: int = 1) -> None:
        if isinstance(node, str):
            self.put(self.string(node), key)
        elif isinstance(node, tuple):
            self.put(node[0])
        elif isinstance(node, dict):
            self.container(
                "{}", [(name, self.string(name) + self.colon, value) for name, value in node.items()], key, depth
            )
        else:
            self.container("[]", [(str(index), "", value) for index, value in enumerate(node)], key, depth)

    def container(self, brackets: str, members: list[tuple[str, str, object]], key: Key, depth: int) -> None:
        self.put(brackets[0])
        for place, (name, before, value) in enumerate(members):
            self.put("," if place else "")
            self.blank(depth)
            self.put(before)
            self.node(value, (*key, name), depth + 1)
        self.blank(depth - 1)
        self.put(brackets[1])

    def string(self, value: str) -> str:
        return '"' + "".join(self.character(character) for character in value) + '"'

    def character(self, character: str) -> str:
        must = character < " " or character in '"\\'
        if not must and not (self.wild and self.draw(st.booleans())):
            return character
        if character in _SHORT and self.draw(st.booleans()):
            return "\\" + _SHORT[character]
        units = character.encode("utf-16-be")
        case = self.draw(st.sampled_from(["04x", "04X"]))
        return "".join(f"\\u{units[place] * 256 + units[place + 1]:{case}}" for place in range(0, len(units), 2))


@st.composite
def json_samples(draw: st.DrawFn) -> Sample:
    writer = _Writer(draw)
    mark = draw(st.sampled_from([b"", BOM_UTF8]))
    writer.node(draw(_ROOTS), ())
    writer.put(draw(st.sampled_from(["", writer.newline, " "])))
    return Sample(((None, mark), *writer.pieces))
