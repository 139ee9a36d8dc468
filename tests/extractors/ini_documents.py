"""INI files as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_LINES = st.text(
    st.one_of(
        st.sampled_from("ab =:;#[]\\'\"%{0}éп中ع😀"), st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
    ),
    max_size=12,
).map(str.strip)
_NAMES = st.text(st.sampled_from("abc.-_ é中[\"'"), min_size=1, max_size=6).map(str.strip)


class _Writer:
    """Writes one document; marks, quotes, blanks and deeper lines are drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.indent = draw(st.sampled_from(["", "\t"]))
        self.pieces: list[tuple[Key | None, bytes]] = []

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode()))

    def between(self) -> None:
        for line in self.draw(st.lists(st.sampled_from(["; above it", "# max 9 characters", "", "  "]), max_size=2)):
            self.put(line + self.newline)

    def option(self, section: Key, name: str) -> None:
        self.between()
        self.put((self.indent if section else "") + name + self.draw(st.sampled_from(["=", " = ", ": ", " :\t"])))
        kind, text, key = self.draw(st.sampled_from(["bare", "'", '"', "deep"])), self.draw(_LINES), (*section, name)
        if kind == "bare":
            self.put(text, key)
        elif kind == "deep":
            lines = [text, *self.draw(st.lists(_LINES.filter(lambda line: line and line[0] not in "#;"), max_size=2))]
            self.put(f"{self.newline}\t\t".join(lines), key)
        else:
            escaped = text.replace("\\", "\\\\").replace(kind, f"\\{kind}")
            self.put(kind)
            self.put(escaped, key)
            self.put(kind + self.draw(st.sampled_from(["", " ; beside it"])))
        self.put(self.newline)


@st.composite
def ini_samples(draw: st.DrawFn) -> Sample:
    writer = _Writer(draw)
    mark = draw(st.sampled_from([b"", BOM_UTF8]))
    names = st.lists(_NAMES.filter(lambda name: name and name[0] not in "[;#"), unique=True, max_size=3)
    for name in draw(names):
        writer.option((), name)
    for section in draw(st.lists(st.sampled_from(["home", "about us", "a.b"]), unique=True, max_size=2)):
        writer.between()
        writer.put(f"[{section}]{writer.newline}")
        for name in draw(names):
            writer.option((section,), name)
    return Sample(((None, mark), *writer.pieces), "seeds.ini")


ROOMS = {("ini", ""): Room(ini_samples(), _LINES)}
