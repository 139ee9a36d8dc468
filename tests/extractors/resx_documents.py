"""RESX files as hypothesis draws them."""

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES, TARGETS, TEXTS, XmlWriter

_SCHEMA = '<xsd:schema id="root" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:element name="root"/></xsd:schema>'
_TYPED = (
    ' type="System.Drawing.Size, System.Drawing"',
    ' mimetype="application/x-microsoft.net.object.bytearray.base64"',
)


@st.composite
def resx_samples(draw: st.DrawFn) -> Sample:
    writer = XmlWriter(draw)
    writer.put(f"{writer.line(0)}<root>{writer.line(1)}{draw(st.sampled_from(['', _SCHEMA]))}")
    writer.put(f'{writer.line(1)}<resheader name="version"><value>2.0</value></resheader>')
    for name in draw(st.lists(NAMES, unique=True, max_size=5)):
        kind = draw(st.sampled_from(["text", "text", "text", "typed", "design", "empty"]))
        typed = (
            draw(st.sampled_from(_TYPED)) if kind == "typed" else draw(st.sampled_from(["", ' xml:space="preserve"']))
        )
        shown = f">>{name}" if kind == "design" else name
        writer.put(f"{writer.line(1)}{writer.comment()}{writer.line(1)}<data{writer.attribute('name', shown)}{typed}>")
        writer.put(f"{writer.line(2)}<value")
        text = draw(TEXTS)
        if kind == "text":
            writer.put(">")
            writer.put(draw(st.sampled_from([writer.text, writer.cdata]))(text), (name,))
            writer.put("</value>")
        elif kind == "empty":
            writer.put(draw(st.sampled_from([" />", "/>", "></value>"])), (name,))
        else:
            writer.put(f">{writer.text(text)}</value>")
        if draw(st.booleans()):
            writer.put(f"{writer.line(2)}<comment>{writer.text(draw(TEXTS))}</comment>")
        writer.put(f"{writer.line(1)}</data>")
    writer.put(f"{writer.line(0)}</root>")
    return writer.sample("Texts.resx")


ROOMS = {("resx", ""): Room(resx_samples(), TARGETS)}
