"""Apple's strings files as hypothesis draws them."""

import codecs

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES

_TEXTS = st.text(
    st.one_of(st.sampled_from("ab\"'\\;=/*\n\té\xa0ع😀"), st.characters(exclude_categories=["Cs"])), max_size=10
)
_PLAIN = st.text(st.sampled_from("abcXYZ019_.-:$"), min_size=1, max_size=8)
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\a": "\\a", "\v": "\\v", "\0": "\\000"}
_COMMENTS = ("", "", "/* tm:maxlength=12 */", "// Seen on the tray\n", "/* No comment provided by engineer. */", "/**/")


def _quoted(draw: st.DrawFn, text: str) -> str:
    mark = draw(st.sampled_from('""\''))
    written = []
    for character in text:
        if character in (mark, "\\"):
            written.append(f"\\{character}")
        elif character in _SHORT and draw(st.booleans()):
            written.append(_SHORT[character])
        elif draw(st.integers(0, 9)) == 0:
            units = character.encode("utf-16-be")
            written += [f"\\U{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2)]
        else:
            written.append(character)
    return f"{mark}{''.join(written)}{mark}"


@st.composite
def strings_samples(draw: st.DrawFn) -> Sample:
    encoding, mark = draw(
        st.sampled_from(
            [
                ("utf-8", b""),
                ("utf-8", codecs.BOM_UTF8),
                ("utf-16-le", codecs.BOM_UTF16_LE),
                ("utf-16-be", codecs.BOM_UTF16_BE),
            ]
        )
    )
    pieces = [(None, mark)]
    newline = draw(st.sampled_from(["\n", "\r\n", " "]))
    for name in draw(st.lists(st.one_of(NAMES, _PLAIN), unique=True, max_size=5)):
        is_plain = name.isascii() and draw(st.booleans())
        before = draw(st.sampled_from(_COMMENTS)) + newline + (name if is_plain else _quoted(draw, name))
        value = draw(st.one_of(_PLAIN, st.just(""))) or _quoted(draw, draw(_TEXTS))
        if draw(st.integers(0, 5)):
            before += draw(st.sampled_from([" = ", "=", " =\n\t"]))
        else:
            value = ""
        end = draw(st.sampled_from([";", " ;"])) + draw(st.sampled_from(["", newline, newline * 2]))
        pieces += [
            (None, before.encode(encoding)),
            ((name,), value.encode(encoding)),
            (None, end.encode(encoding)),
        ]
    return Sample(tuple(pieces), "Localizable.strings")


ROOMS = {("strings", ""): Room(strings_samples())}
