"""TOML documents as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_TEXTS = st.text(
    st.one_of(st.sampled_from("ab.#=\"'\\[]{},\n\té中ع😀\r\x07"), st.characters(exclude_categories=["Cs"])), max_size=8
)
_NAMES = st.one_of(st.sampled_from(["title", "a-b", "2026", "x_y"]), _TEXTS)
_OTHERS = st.sampled_from(
    ["12", "-1.5e10", "true", "1979-05-27 07:32:00Z", "1979-05-27", "[]", "{}", "inf", "[1, [2]]"]
)
_SHORT = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", '"': '"', "\\": "\\"}


class _Writer:
    """Writes one document; quotes, blanks, comments and escapes are drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.pieces: list[tuple[Key | None, bytes]] = []

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode()))

    def between(self) -> None:
        for line in self.draw(
            st.lists(st.sampled_from(["# above, [it]", "  # max 9 characters", "", " "]), max_size=2)
        ):
            self.put(line + self.newline)

    def name(self, name: str) -> str:
        if name and all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in name):
            return name
        return f'"{self.basic(name)}"'

    def member(self, table: Key, name: str) -> None:
        self.between()
        names = (name, *self.draw(st.lists(st.just("deep"), max_size=1)))
        self.put(self.draw(st.sampled_from([".", " . "])).join(map(self.name, names)))
        self.put(self.draw(st.sampled_from(["=", " = ", "\t= "])))
        self.value((*table, *names), 0)
        self.put(self.draw(st.sampled_from(["", " # behind"])) + self.newline)

    def value(self, key: Key, depth: int) -> None:
        kind = self.draw(st.sampled_from(["string"] * 4 + ["other", "array", "inline"]))
        if kind == "string" or depth > 1:
            self.string(self.draw(_TEXTS), key)
        elif kind == "other":
            self.put(self.draw(_OTHERS))
        elif kind == "array":
            self.put("[")
            for index in range(self.draw(st.integers(0, 3))):
                self.put(self.draw(st.sampled_from(["", " ", self.newline, f" # in it{self.newline}\t"])))
                self.value((*key, str(index)), depth + 1)
                self.put(", ")
            self.put("]")
        else:
            self.put("{ ")
            for place, name in enumerate(self.draw(st.lists(_NAMES, unique=True, max_size=2))):
                self.put((", " if place else "") + f"{self.name(name)} = ")
                self.value((*key, name), depth + 1)
            self.put(" }")

    def string(self, text: str, key: Key) -> None:
        is_plain = all(letter >= " " and letter != "\x7f" for letter in text)
        if is_plain and "'" not in text and self.draw(st.booleans()):
            quotes = self.draw(st.sampled_from(["'", "'''"]))
            self.put(quotes + text + quotes, key)
        elif self.draw(st.booleans()):
            self.put(f'"{self.basic(text)}"', key)
        else:
            leads = ["", self.newline, f"\\{self.newline}  {self.newline} "]
            lead = self.newline if text[:1] in (" ", "\t", "\n") else self.draw(st.sampled_from(leads))
            written = "".join(self.newline if letter == "\n" else self.basic(letter) for letter in text)
            self.put(f'"""{lead}{written}"""', key)

    def basic(self, text: str) -> str:
        return "".join(self.letter(letter) for letter in text)

    def letter(self, letter: str) -> str:
        must = letter < " " or letter in '"\\\x7f'
        if not must and self.draw(st.integers(0, 6)):
            return letter
        if letter in _SHORT and self.draw(st.booleans()):
            return f"\\{_SHORT[letter]}"
        return f"\\u{ord(letter):04X}" if letter <= "\uffff" else f"\\U{ord(letter):08x}"


@st.composite
def toml_samples(draw: st.DrawFn) -> Sample:
    writer = _Writer(draw)
    mark = draw(st.sampled_from([b"", BOM_UTF8]))
    names = st.lists(_NAMES.filter(lambda name: name not in ("shop", "rows")), unique=True, max_size=2)
    for name in draw(names):
        writer.member((), name)
    for header, table in draw(st.lists(st.sampled_from(_TABLES), unique=True, max_size=3)):
        writer.between()
        writer.put(header + draw(st.sampled_from(["", " # a table"])) + writer.newline)
        for name in draw(names):
            writer.member(table, name)
    for row in range(draw(st.integers(0, 2))):
        writer.put(f"[[rows]]{writer.newline}")
        for name in draw(names.map(lambda given: [each for each in given if each != "sub"])):
            writer.member(("rows", str(row)), name)
        writer.put(f"[rows.sub]{writer.newline}")
        writer.member(("rows", str(row), "sub"), "title")
    return Sample(((None, mark), *writer.pieces), "seeds.toml")


_TABLES = [("[shop]", ("shop",)), ("[ shop . 'the till' ]", ("shop", "the till")), ('["2 x".y]', ("2 x", "y"))]
ROOMS = {("toml", ""): Room(toml_samples())}
