"""PO documents as hypothesis draws them: written by hand in many styles, so that no library's habits are shared."""

from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import TARGETS, Room, Sample
from tm_service.domain.units import Key

_TEXTS = st.text(
    st.one_of(
        st.sampled_from('ab %#"\\\n\té中ع😀\u2028'), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    ),
    min_size=1,
    max_size=12,
)
_SHORT = {"\n": "n", "\t": "t", "\r": "r", "\a": "a", "\b": "b", "\f": "f", "\v": "v", '"': '"', "\\": "\\"}
_ARABIC = "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;"
_HEADERS = {
    "ar": [
        "Project-Id-Version: Seed bank 1",
        "Language: ar",
        "Content-Type: text/plain; charset=UTF-8",
        f"Plural-Forms: {_ARABIC}",
    ],
    "pot": ["Content-Type: text/plain; charset=CHARSET", "Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;"],
    "en": ["Language: en", "Plural-Forms: nplurals=2; plural=(n != 1);"],
    "none": [],
}
_COMMENTS = [
    "# said by a translator",
    "#. Shown above the list",
    "#: src/seeds.js:12",
    "#, c-format",
    '#~ msgid "gone"',
    "#",
]


class _Writer:
    """Writes one document; where strings are broken, what is escaped and what stands between is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.indent = draw(st.sampled_from(["", "", "  "]))
        self.gap = draw(st.sampled_from([" ", "  ", "\t", ""]))
        self.pieces: list[tuple[Key | None, bytes]] = []

    def line(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, (text + self.newline).encode()))

    def part(self, keyword: str, text: str, key: Key | None = None) -> None:
        """The keyword is the frame's, the strings are the key's, and the line's end is the frame's again."""
        cuts = sorted(self.draw(st.lists(st.integers(0, len(text)), max_size=3)))
        strings = [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        written = f"{self.newline}{self.indent}".join(f'"{"".join(map(self.character, string))}"' for string in strings)
        self.pieces += [(None, f"{self.indent}{keyword}{self.gap}".encode()), (key, written.encode())]
        self.line("")

    def character(self, character: str) -> str:
        if character in _SHORT:
            return "\\" + _SHORT[character]
        if character.isascii() and self.draw(st.integers(0, 20)) == 0:
            return f"\\{ord(character):03o}"
        return character

    def header(self, fields: list[str]) -> None:
        self.line('msgid ""')
        self.line('msgstr ""')
        for field in fields:
            self.line(f'"{field}\\n"')

    def entry(self, key: Key, *, forms: int) -> None:
        is_fuzzy = self.draw(st.integers(0, 4)) == 0
        for comment in self.draw(st.lists(st.sampled_from(_COMMENTS), max_size=3)):
            self.line(self.indent + comment)
        if is_fuzzy:
            self.line("#, fuzzy", key)
            self.line('#| msgid "Before"', key)
        if len(key) > 1:
            self.part("msgctxt", key[0])
        self.part("msgid", key[-1])
        texts = st.one_of(st.just(""), _TEXTS)
        if self.draw(st.booleans()):
            self.part("msgid_plural", self.draw(_TEXTS))
            is_blank = self.draw(st.booleans()) or forms == 2
            for form in range(forms):
                self.part(f"msgstr[{form}]", "" if is_blank else self.draw(texts), key)
        else:
            self.part("msgstr", self.draw(texts), key)


@st.composite
def po_samples(draw: st.DrawFn) -> Sample:
    writer = _Writer(draw)
    mark = draw(st.sampled_from([b"", BOM_UTF8]))
    language = draw(st.sampled_from(list(_HEADERS)))
    if _HEADERS[language]:
        writer.header(_HEADERS[language])
    keys = st.one_of(st.tuples(_TEXTS), st.tuples(st.one_of(st.just(""), _TEXTS), _TEXTS))
    for key in draw(st.lists(keys, unique=True, max_size=5)):
        writer.line("")
        writer.entry(key, forms=6 if language == "ar" else 2)
    writer.line(draw(st.sampled_from(["", '#~ msgid "old"', "# the end"])))
    return Sample(((None, mark), *writer.pieces), "seeds.po")


_TARGETS = TARGETS.map(lambda text: text.replace("\0", "")).filter(bool)
ROOMS = {
    ("po", ""): Room(
        po_samples(),
        _TARGETS,
        locale="ar",
        categories=("zero", "one", "two", "few", "many", "other"),
        bilingual=True,
    )
}
