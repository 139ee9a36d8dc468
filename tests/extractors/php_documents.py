"""PHP message files as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_TEXTS = st.text(
    st.one_of(
        st.sampled_from("ab $'\"\\{}[]|:\n\té中ع😀\x07?>/#"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=12,
)
_NAMES = st.one_of(
    st.sampled_from(["title", "a.b", "12x", "é"]), _TEXTS.filter(lambda text: not text.strip("-").isdecimal())
)
_OTHERS = st.sampled_from(
    ["12", "true", "null", "Foo::BAR", "__('Seeds')", "fn() => 'no'", "'a' . 'b'", '"x {$y}"', "[]"]
)


class _Writer:
    """Writes one document; quotes, brackets, blanks and comments are drawn."""

    def __init__(self, draw: st.DrawFn, dialect: str) -> None:
        self.draw, self.dialect = draw, dialect
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.pieces: list[tuple[Key | None, bytes]] = []

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode()))

    def array(self, key: Key, names: list[str | None], depth: int) -> None:
        opening, closing = self.draw(st.sampled_from([("[", "]"), ("array(", ")")]))
        self.put(opening + self.newline)
        index = 0
        for name in names:
            self.put(
                self.draw(
                    st.sampled_from(["", f"// above{self.newline}", f"/* max 9 characters */ {self.newline}", "\t"])
                )
            )
            if name is None:
                index += 1
            else:
                self.put(f"{self.string(name)} => ")
            self.value((*key, str(index - 1) if name is None else name), depth)
            self.put("," + self.draw(st.sampled_from(["", " # behind"])) + self.newline)
        self.put(closing)

    def value(self, key: Key, depth: int) -> None:
        kind = self.draw(st.sampled_from(["text"] * 4 + ["other"] + ["array"] * (depth < 2)))
        if kind == "array":
            self.array(key, self.draw(_LISTS), depth + 1)
        elif kind == "other":
            self.put(self.draw(_OTHERS))
        elif self.dialect == "laravel" and self.draw(st.booleans()):
            bar = self.draw(st.sampled_from(["|", " | "]))
            self.put(self.single(f"one seed{bar}:count seeds"), key)
        else:
            self.put(self.string(self.draw(_TEXTS)), key)

    def string(self, text: str) -> str:
        kind = self.draw(st.sampled_from(["single", "double", "heredoc", "nowdoc"]))
        if kind == "single":
            return self.single(text)
        is_line = "\r" not in text and "EOT" not in text
        if kind == "nowdoc" and is_line:
            return self.heredoc("'EOT'", text)
        if kind == "heredoc" and is_line:
            return self.heredoc("EOT", self.double(text, heredoc=True))
        return f'"{self.double(text)}"'

    def single(self, text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def heredoc(self, mark: str, text: str) -> str:
        indent = self.draw(st.sampled_from(["", "    "]))
        lines = [indent + line for line in text.split("\n")] if text else []
        return self.newline.join([f"<<<{mark}", *lines, f"{indent}EOT"])

    def double(self, text: str, *, heredoc: bool = False) -> str:
        return "".join(self.letter(letter, heredoc=heredoc) for letter in text)

    def letter(self, letter: str, *, heredoc: bool) -> str:
        if letter in "\\$" or (letter == '"' and not heredoc):
            return f"\\{letter}"
        chance = self.draw(st.integers(0, 10))
        if chance == 0:
            return f"\\u{{{ord(letter):x}}}"
        if chance == 1:
            return "".join(f"\\x{byte:02X}" for byte in letter.encode())
        return {"\n": "\\n", "\t": "\\t"}.get(letter, letter) if chance == 2 else letter


_LISTS = st.lists(st.one_of(_NAMES, st.none()), max_size=3).filter(
    lambda names: len(set(names) - {None}) == sum(name is not None for name in names)
)


@st.composite
def php_samples(draw: st.DrawFn, dialect: str = "") -> Sample:
    writer = _Writer(draw, dialect)
    mark = draw(st.sampled_from([b"", BOM_UTF8]))
    writer.put(f"<?php{writer.newline}/** Texts of the seed bank */{writer.newline}")
    kind = draw(st.sampled_from(["return", "$lang =", "fill"]))
    if kind == "fill":
        for name in draw(st.lists(_NAMES, unique=True, max_size=3)):
            writer.put(f"$lang[{writer.string(name)}] = ")
            writer.value((name,), 1)
            writer.put(f";{writer.newline}")
    else:
        writer.put(f"{kind} ")
        writer.array((), draw(_LISTS), 0)
        writer.put(f";{writer.newline}")
    return Sample(((None, mark), *writer.pieces), "seeds.php")


_TARGETS = _TEXTS.filter(lambda text: "|" not in text and text == text.strip())
_FORMS = ("zero", "one", "two", "few", "many", "other")
ROOMS = {
    ("php", ""): Room(php_samples()),
    ("php", "laravel"): Room(php_samples("laravel"), _TARGETS.filter(bool), locale="ar", categories=_FORMS),
}
