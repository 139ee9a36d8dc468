"""XML as hypothesis draws it: files in several encodings, every character raw or escaped, written by hand."""

import codecs
from random import Random

from hypothesis import strategies as st

from tests.extractors.contract import Sample
from tm_service.domain.units import Key

_POSSIBLE = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
CHARACTERS = st.one_of(st.sampled_from("ab<>&'\"]\\/{}@?#; \n\té\xa0中ع😀\u2028"), _POSSIBLE)
TEXTS = st.text(CHARACTERS, max_size=12)
TARGETS = st.lists(
    st.one_of(
        CHARACTERS, st.sampled_from(["]]>", "<b>", "</b>", "<br/>", "&amp;", "&#10;", "<!--", "\r", "%1$s", "  "])
    ),
    max_size=12,
).map("".join)
NAMES = st.text(st.sampled_from("abcxyz_.é中"), min_size=1, max_size=6).map(lambda name: f"n{name}")
_REQUIRED = {"<": "&lt;", "&": "&amp;"}
_NAMED = {**_REQUIRED, ">": "&gt;", '"': "&quot;", "'": "&apos;"}


class XmlWriter:
    """Writes one file; its encoding, line ends and indent are drawn, and a seed by which characters are escaped."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.chance = Random(draw(st.integers(0, 1000)))
        self.encoding, mark = draw(
            st.sampled_from(
                [
                    ("utf-8", b""),
                    ("utf-8", codecs.BOM_UTF8),
                    ("utf-16-le", codecs.BOM_UTF16_LE),
                    ("utf-16-be", b""),
                    ("iso-8859-1", b""),
                ]
            )
        )
        self.newline = draw(st.sampled_from(["\n", "\r\n", ""]))
        self.unit = draw(st.sampled_from(["  ", "    ", "\t"]))
        self.wild = draw(st.booleans())
        self.pieces: list[tuple[Key | None, bytes]] = [(None, mark)]
        quote = draw(st.sampled_from("\"'"))
        if self.encoding == "iso-8859-1" or (self.encoding.startswith("utf-16") and not mark) or draw(st.booleans()):
            declared = "utf-16" if "16" in self.encoding else self.encoding
            self.put(f"<?xml version={quote}1.0{quote} encoding={quote}{declared}{quote}?>")

    def put(self, written: str, key: Key | None = None) -> None:
        self.pieces.append((key, written.encode(self.encoding, "xmlcharrefreplace")))

    def line(self, depth: int) -> str:
        return f"{self.newline}{self.unit * depth}" if self.newline else ""

    def text(self, value: str) -> str:
        """Characters between tags."""
        return "".join(self._character(character) for character in value)

    def cdata(self, value: str) -> str:
        """The same as a CDATA section, of what it can hold."""
        value = value.replace("]]>", "").encode(self.encoding, "ignore").decode(self.encoding)
        return f"<![CDATA[{value}]]>"

    def attribute(self, name: str, value: str) -> str:
        quote = self.chance.choice("\"'")
        escaped = "".join(
            _NAMED[character] if character == quote else self._character(character) for character in value
        )
        space = self.chance.choice([" ", "  ", "\n "])
        return f"{space}{name}={quote}{escaped}{quote}"

    def comment(self) -> str:
        words = self.chance.choice(["", "", "Seen on the tray label", "tm:maxlength=30", "<b> & co", "tm:legal"])
        return f"<!-- {words} -->" if words else ""

    def sample(self, path: str) -> Sample:
        return Sample(tuple(self.pieces), path)

    def _character(self, character: str) -> str:
        if self.wild and self.chance.random() < 0.5:
            return self.chance.choice([f"&#{ord(character)};", f"&#x{ord(character):X};"])
        if character == ">" and self.chance.random() < 0.5:
            return ">" if not self.wild else "&gt;"
        return _NAMED.get(character, character) if character != "\n" else "&#10;"
