"""XLIFF files of sites as hypothesis draws them, 1.2 and 2.0."""

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES, TARGETS, TEXTS, XmlWriter
from tm_service.domain.units import Key

_CODES = ("", '<x id="INTERPOLATION" equiv-text="{{ seeds }}"/>', '<g id="1">', '<pc id="0" type="fmt">')


def _content(writer: XmlWriter) -> str:
    code = writer.draw(st.sampled_from(_CODES))
    close = f"</{code[1:].split()[0]}>" if code and not code.endswith("/>") else ""
    return f"{writer.text(writer.draw(TEXTS))}{code}{writer.text(writer.draw(TEXTS))}{close}"


def _pair(writer: XmlWriter, key: Key, prefix: str) -> None:
    """`prefix` is the start of the element that holds the state, where that is part of what a translation writes."""
    kind = writer.draw(st.sampled_from(["missing", "missing", "target", "empty"]))
    source = f"{writer.line(4)}<source>{_content(writer)}</source>"
    target = {
        "missing": "",
        "target": f"{writer.line(4)}<target>{_content(writer)}</target>",
        "empty": f"{writer.line(4)}<target/>",
    }[kind]
    if prefix:
        writer.put(f"{prefix}{source}{target}", key)
    else:
        writer.put(source)
        writer.put(target, key)


def _old(writer: XmlWriter) -> None:
    draw = writer.draw
    writer.put('<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">')
    writer.put(f'{writer.line(1)}<file source-language="en" datatype="plaintext" original="seeds.html">')
    writer.put(f"{writer.line(2)}<body>")
    for name in draw(st.lists(NAMES, unique=True, max_size=4)):
        width = draw(st.sampled_from(["", ' maxwidth="30" size-unit="char"']))
        writer.put(f"{writer.line(3)}{writer.comment()}<trans-unit{writer.attribute('id', name)}{width}>")
        _pair(writer, (name,), "")
        writer.put(f"{writer.line(4)}<note>{writer.text(draw(TEXTS))}</note>{writer.line(3)}</trans-unit>")
    writer.put(f"{writer.line(2)}</body>{writer.line(1)}</file>{writer.line(0)}</xliff>")


def _new(writer: XmlWriter) -> None:
    draw = writer.draw
    writer.put('<xliff version="2.0" srcLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0">')
    writer.put(f'{writer.line(1)}<file id="f1">')
    for name in draw(st.lists(NAMES, unique=True, max_size=4)):
        writer.put(f"{writer.line(2)}<unit{writer.attribute('id', name)}>")
        writer.put(f"<notes><note category='description'>{writer.text(draw(TEXTS))}</note></notes>")
        segments = draw(st.integers(1, 2))
        for number in range(1, segments + 1):
            writer.put(writer.line(3))
            state = draw(st.sampled_from(["", ' state="initial"']))
            _pair(writer, (name,) if segments == 1 else (name, str(number)), f"<segment{state}>")
            writer.put(f"{writer.line(3)}</segment>")
        writer.put(f"{writer.line(2)}</unit>")
    writer.put(f"{writer.line(1)}</file>{writer.line(0)}</xliff>")


@st.composite
def xliff_samples(draw: st.DrawFn) -> Sample:
    writer = XmlWriter(draw)
    writer.put(writer.line(0))
    draw(st.sampled_from([_old, _new]))(writer)
    return writer.sample("messages.xlf")


ROOMS = {("xliff", ""): Room(xliff_samples(), TARGETS, "fr", bilingual=True)}
