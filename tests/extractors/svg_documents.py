"""SVG drawings as hypothesis draws them."""

import re

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES, TARGETS, TEXTS, XmlWriter
from tm_service.domain.units import Key

_DRAWN = TARGETS.map(lambda text: re.sub("[ \t\n\r]+", " ", text).strip(" "))
_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40">'
_DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'


def _text(writer: XmlWriter, key: Key) -> None:
    shape = writer.draw(st.sampled_from(["plain", "wrapped", "lines"]))
    writer.put(writer.line(2))
    if shape == "wrapped":
        writer.put('<tspan x="1">')
        writer.put(writer.text(writer.draw(TEXTS)), key)
        writer.put("</tspan>")
    elif shape == "plain":
        writer.put(writer.text(writer.draw(TEXTS)), key)
    else:
        lines = (f'<tspan dy="1.2em">{writer.text(writer.draw(TEXTS))}</tspan>' for _ in range(2))
        writer.put(writer.line(2).join(lines), key)
    writer.put(writer.line(1))


@st.composite
def svg_samples(draw: st.DrawFn) -> Sample:
    writer = XmlWriter(draw)
    writer.put(f"{writer.line(0)}{draw(st.sampled_from(['', _DOCTYPE]))}{_HEAD}<style>text {{ fill: red }}</style>")
    for name in draw(st.lists(NAMES, unique=True, max_size=4)):
        writer.put(f"{writer.line(1)}<g{writer.attribute('id', name)}>")
        if draw(st.booleans()):
            writer.put('<path d="M0 0" aria-label="')
            writer.put(writer.text(draw(TEXTS)).replace('"', "&#34;"), (name, "aria-label"))
            writer.put('"/>')
        for number in range(1, draw(st.integers(0, 3)) + 1):
            writer.put(f"{writer.line(1)}{writer.comment()}<text>")
            _text(writer, (name, "text", str(number)) if number > 1 else (name, "text"))
            writer.put("</text>")
        kind = draw(st.sampled_from(["title", "desc"]))
        writer.put(f"<{kind}>")
        writer.put(writer.text(draw(TEXTS)), (name, kind))
        writer.put(f"</{kind}></g>")
    writer.put(f"{writer.line(0)}</svg>")
    return writer.sample("tray.svg")


ROOMS = {("svg", ""): Room(svg_samples(), _DRAWN, "ar")}
