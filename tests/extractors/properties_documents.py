"""Java property files as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_TEXTS = st.text(
    st.one_of(st.sampled_from("ab =:#!\\\n\t\f\r'{0}éп中ع😀"), st.characters(exclude_categories=["Cs"])), max_size=12
)
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\\": "\\\\"}


class _Writer:
    """Writes one document; marks, blanks, escapes and line breaks are drawn."""

    def __init__(self, draw: st.DrawFn, encoding: str) -> None:
        self.draw = draw
        self.encoding = encoding
        self.newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
        self.pieces: list[tuple[Key | None, bytes]] = []

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode(self.encoding)))

    def entry(self, name: str, value: str) -> None:
        for comment in self.draw(
            st.lists(st.sampled_from(["# Above it", "  ! max 9 characters", "#", ""]), max_size=2)
        ):
            self.put(comment + self.newline)
        spelled = self.escaped(name, must=" =:\t\f#!")
        self.put(self.draw(st.sampled_from(["", "  "])) + spelled)
        # A line without name and mark would be blank, and blanks after a continuation belong to its margin.
        bare = [" ", "" if not value else " "] if name and not spelled.endswith("  ") else []
        mark = self.draw(st.sampled_from(["=", " = ", ":", "\t:", *bare]))
        written = self.escaped(value, must="")
        is_bare = written[:1] in ("=", ":") and mark == " "
        self.put(mark)
        self.put(f"\\{written}" if written[:1] in (" ", "\t", "\f") or is_bare else written, (name,))
        self.put(self.newline)

    def escaped(self, text: str, must: str) -> str:
        return "".join(self.letter(letter, must) for letter in text)

    def letter(self, letter: str, must: str) -> str:
        chance = self.draw(st.integers(0, 12))
        if letter in _SHORT:
            return _SHORT[letter]
        if letter in must or (chance == 0 and letter in "=:#!'"):
            return f"\\{letter}"
        if chance == 1:
            return f"{letter}\\{self.newline}  " if letter.isalnum() and self.fits(letter) else self.code(letter)
        return letter if self.fits(letter) and chance != 2 else self.code(letter)

    def fits(self, letter: str) -> bool:
        return letter.isascii() or self.encoding == "utf-8"

    def code(self, letter: str) -> str:
        units = letter.encode("utf-16-be")
        case = self.draw(st.sampled_from(["04x", "04X"]))
        return "".join(f"\\u{units[place] * 256 + units[place + 1]:{case}}" for place in range(0, len(units), 2))


@st.composite
def properties_samples(draw: st.DrawFn, dialect: str = "") -> Sample:
    encoding = draw(st.sampled_from(["utf-8", "iso-8859-1"]))
    writer = _Writer(draw, encoding)
    mark = draw(st.sampled_from([b"", BOM_UTF8])) if encoding == "utf-8" else b""
    for name in draw(st.lists(_TEXTS, unique=True, max_size=5)):
        writer.entry(name, draw(_TEXTS))
    if encoding == "iso-8859-1" and not dialect:
        writer.pieces.append((None, b"# \xe9!" + writer.newline.encode()))
    return Sample(((None, mark), *writer.pieces), "seeds.properties")


ROOMS = {
    ("properties", ""): Room(properties_samples()),
    ("properties", "utf-8"): Room(properties_samples("utf-8")),
}
