"""Android string resources as hypothesis draws them."""

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES, TARGETS, TEXTS, XmlWriter

_TAGS = st.sampled_from([("<b>", "</b>"), ('<xliff:g id="n" example="7">', "</xliff:g>"), ("", "<br/>")])
SIX = ("zero", "one", "two", "few", "many", "other")


def _escaped(draw: st.DrawFn, text: str) -> str:
    """As developers write it for aapt2: escapes, or all of it in quotes."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    if draw(st.booleans()):
        return f'"{text}"'
    text = text.replace("'", "\\'")
    return f"\\{text}" if text[:1] in ("@", "?") else text


def _content(writer: XmlWriter) -> str:
    text = _escaped(writer.draw, writer.draw(TEXTS))
    kind = writer.draw(st.sampled_from(["text", "text", "cdata", "tags"]))
    if kind == "cdata":
        return writer.cdata(text)
    if kind == "tags":
        begin, end = writer.draw(_TAGS)
        return f"{writer.text(text)}{begin}{writer.text(text)}{end}"
    return writer.text(text)


@st.composite
def android_samples(draw: st.DrawFn) -> Sample:
    writer = XmlWriter(draw)
    writer.put(f'{writer.line(0)}<resources xmlns:xliff="urn:oasis:names:tc:xliff:document:1.2">')
    for name in draw(st.lists(NAMES, unique=True, max_size=5)):
        writer.put(writer.line(1) + writer.comment() + writer.line(1))
        kind = draw(st.sampled_from(["string", "string", "array", "plurals", "empty", "color"]))
        if kind == "string":
            product = draw(st.sampled_from(["", "", "tablet"]))
            said = writer.attribute("product", product) if product else ""
            writer.put(f"<string{writer.attribute('name', name)}{said}>")
            writer.put(_content(writer), (name, product) if product else (name,))
            writer.put("</string>")
        elif kind == "array":
            writer.put(f"<string-array{writer.attribute('name', name)}>")
            for index in range(draw(st.integers(0, 3))):
                writer.put(f"{writer.line(2)}<item>")
                writer.put(_content(writer), ("array", name, str(index)))
                writer.put("</item>")
            writer.put(f"{writer.line(1)}</string-array>")
        elif kind == "plurals":
            writer.put(f"<plurals{writer.attribute('name', name)}>{writer.line(2)}")
            forms = [*draw(st.lists(st.sampled_from(SIX[:-1]), unique=True, max_size=3)), "other"]
            items = (f"<item{writer.attribute('quantity', form)}>{_content(writer)}</item>" for form in forms)
            writer.put(writer.line(2).join(items), ("plurals", name))
            writer.put(f"{writer.line(1)}</plurals>")
        elif kind == "empty":
            writer.put(f"<string{writer.attribute('name', name)}")
            writer.put(draw(st.sampled_from(["/>", " />", "></string>"])), (name,))
        else:
            writer.put(f"<color{writer.attribute('name', name)}>#00FF00</color>")
    writer.put(f"{writer.line(0)}</resources>{writer.newline}")
    return writer.sample("res/values/strings.xml")


ROOMS = {("android", ""): Room(android_samples(), TARGETS, "ar", SIX)}
