"""YAML documents as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

import re
from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_PRINTABLE = st.one_of(
    st.sampled_from("ab :#-,'\"\\{}[]%&*!|>\n\té中ع😀"),
    st.characters(
        min_codepoint=0x20,
        max_codepoint=0xFFFD,
        exclude_categories=["Cs", "Cc", "Zl", "Zp"],
        exclude_characters="\ufeff\ufffe\uffff",
    ),
)
_TEXTS = st.text(_PRINTABLE, max_size=8)
_NAMES = st.one_of(st.sampled_from(["title", "a-b", "a.b", "on", "12", "one two"]), _TEXTS)
_OTHERS = st.sampled_from(["12", "-1.5e+3", "true", "~", "", "2026-11-22", "!!binary aGk=", "0x1F", "[]", "{}", ".inf"])
_WORDS = (
    st.text(st.sampled_from("abc éпع"), min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text not in ("", "y", "n"))
)
_CONTROLS = {"\n": "n", "\t": "t", '"': '"', "\\": "\\"}


class _Writer:
    """Writes one document; styles, indents, quotes, properties and comments are drawn."""

    def __init__(self, draw: st.DrawFn, dialect: str) -> None:
        self.draw, self.dialect = draw, dialect
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.step = draw(st.sampled_from(["  ", " ", "    "]))
        self.anchors = 0
        self.pieces: list[tuple[Key | None, bytes]] = []

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode()))

    def between(self, indent: str) -> None:
        for line in self.draw(st.lists(st.sampled_from(["# above: [it]", "# max 9 characters", ""]), max_size=2)):
            self.put((indent if line else "") + line + self.newline)

    def mapping(self, key: Key, indent: str, depth: int, names: list[str]) -> None:
        for name in names:
            self.between(indent)
            self.put(indent + self.name(name) + ":")
            self.node((*key, name), indent, depth)

    def name(self, name: str) -> str:
        return name if re.fullmatch(r"[a-z][a-z.\-]*", name) else self.double(name)

    def node(self, key: Key, indent: str, depth: int) -> None:
        kinds = ["text"] * 4 + ["other", "flow"] + ["map", "list"] * (depth < 2)
        kind = self.draw(st.sampled_from(kinds))
        if kind == "text":
            self.put(" " + self.anchor())
            self.text(key, indent)
        elif kind == "other":
            self.put(f" {self.draw(_OTHERS)}{self.behind()}{self.newline}")
        elif kind == "flow":
            self.flow(key)
        elif kind == "map" and (names := self.draw(st.lists(_NAMES, unique=True, min_size=1, max_size=2))):
            if self.dialect == "rails" and "other" in names:
                names.remove("other")
            self.put(self.newline)
            self.mapping(key, indent + self.step, depth + 1, names or ["title"])
        else:
            self.put(self.newline)
            for index in range(self.draw(st.integers(1, 2))):
                self.put(f"{indent}{self.step}-")
                self.node((*key, str(index)), indent + self.step, depth + 1)

    def anchor(self) -> str:
        self.anchors += 1
        return self.draw(st.sampled_from(["", "", "", f"&a{self.anchors} ", "!!str "]))

    def behind(self) -> str:
        return self.draw(st.sampled_from(["", " # behind"]))

    def text(self, key: Key, indent: str) -> None:
        kind = self.draw(st.sampled_from(["plain", "'", '"', "|", ">"]))
        if kind == "plain":
            self.put(
                self.draw(_WORDS).replace(" ", self.draw(st.sampled_from([" ", f"{self.newline}{indent}  "]))), key
            )
            self.put(self.behind() + self.newline)
        elif kind in ("|", ">"):
            lines = self.draw(st.lists(st.one_of(st.just(""), _WORDS), min_size=1, max_size=4))
            lines[0] = lines[0] or "x"
            block = "".join((indent + self.step if line else "") + line + self.newline for line in lines)
            chomp = self.draw(st.sampled_from(["", "-", "+"]))
            self.put(f"{kind}{chomp}{self.behind()}{self.newline}{block}", key)
        else:
            text = self.draw(_TEXTS)
            if kind == "'":
                text = re.sub(r"\s*\n\s*", " ", text).replace("\t", " ")
                self.put("'" + text.replace("'", "''") + "'", key)
            else:
                self.put(self.double(text), key)
            self.put(self.behind() + self.newline)

    def double(self, text: str) -> str:
        return '"' + "".join(map(self.letter, text)) + '"'

    def letter(self, letter: str) -> str:
        if letter in _CONTROLS:
            return f"\\{_CONTROLS[letter]}"
        if self.draw(st.integers(0, 12)):
            return letter
        code = ord(letter)
        return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08x}"

    def flow(self, key: Key) -> None:
        self.put(" [")
        self.put(self.double(self.draw(_TEXTS)), (*key, "0"))
        self.put(", {a: ")
        self.put(self.draw(st.sampled_from(["one", "'two'"])), (*key, "1", "a"))
        self.put(', "b":')
        self.put(self.double(self.draw(_TEXTS)), (*key, "1", "b"))
        self.put(f"}}]{self.behind()}{self.newline}")

    def plural(self, key: Key, indent: str) -> None:
        self.put(f"{indent}{key[-1]}:{self.newline}")
        forms = ""
        for name in ("one", "other"):
            text = self.draw(_WORDS) if self.draw(st.booleans()) else self.double(self.draw(_TEXTS))
            forms += f"{indent}{self.step}{name}: {text}{self.newline}"
        self.put(forms, key)


@st.composite
def yaml_samples(draw: st.DrawFn, dialect: str = "") -> Sample:
    writer = _Writer(draw, dialect)
    mark = draw(st.sampled_from([b"", BOM_UTF8]))
    names = st.lists(_NAMES.filter(lambda name: name != "other"), unique=True, max_size=4)
    if dialect == "rails":
        writer.put(f"# texts{writer.newline}en: # English{writer.newline}")
        writer.mapping((), writer.step, 0, draw(names))
        if draw(st.booleans()):
            writer.plural(("packets",), writer.step)
        else:
            writer.put(f"{writer.step}symbol: :short{writer.newline}")
        return Sample(((None, mark), *writer.pieces), "seeds.yml")
    writer.put(
        draw(st.sampled_from(["", "---" + writer.newline, "%YAML 1.2" + writer.newline + "---" + writer.newline]))
    )
    if draw(st.integers(0, 3)):
        writer.mapping((), "", 0, ["first", *draw(names)])
    else:
        for number in ("0", "1"):
            writer.put("---" + writer.newline)
            writer.mapping((number,), "", 0, ["first", *draw(names)])
    writer.put(draw(st.sampled_from(["", "# the end", f"...{writer.newline}"])))
    return Sample(((None, mark), *writer.pieces), "seeds.yaml")


_RAILS = ("zero", "one", "two", "few", "many", "other")
ROOMS = {
    ("yaml", ""): Room(yaml_samples()),
    ("yaml", "rails"): Room(yaml_samples("rails"), locale="ar", categories=_RAILS),
}
