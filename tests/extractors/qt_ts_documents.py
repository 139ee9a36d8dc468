"""Qt Linguist files as hypothesis draws them."""

from hypothesis import strategies as st

from tests.extractors.android_documents import SIX
from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES, TARGETS, TEXTS, XmlWriter


def _message(writer: XmlWriter, context: str, source: str) -> None:
    comment = writer.draw(st.sampled_from(["", "menu"]))
    key = (context, source, comment) if comment else (context, source)
    is_numerus = writer.draw(st.booleans())
    writer.put(f"{writer.line(1)}<message{writer.attribute('numerus', 'yes') if is_numerus else ''}>")
    writer.put(f'{writer.line(2)}<location filename="main.cpp" line="7"/>')
    writer.put(f"{writer.line(2)}<source>{writer.text(source)}</source>")
    if comment:
        writer.put(f"{writer.line(2)}<comment>{comment}</comment>")
    if writer.draw(st.booleans()):
        writer.put(f"{writer.line(2)}<extracomment>{writer.text(writer.draw(TEXTS))}</extracomment>")
    kind = writer.draw(st.sampled_from(["", "unfinished", "missing", "empty"]))
    if kind == "missing":
        writer.put("", key)
    else:
        state = writer.attribute("type", "unfinished") if kind == "unfinished" else ""
        writer.put(writer.line(2))
        if kind == "empty":
            writer.put("<translation/>", key)
        elif is_numerus:
            forms = "".join(
                f"{writer.line(3)}<numerusform>{writer.text(writer.draw(TEXTS))}</numerusform>" for _ in range(2)
            )
            writer.put(f"<translation{state}>{forms}{writer.line(2)}</translation>", key)
        else:
            writer.put(f"<translation{state}>{writer.text(writer.draw(TEXTS))}</translation>", key)
    writer.put(f"{writer.line(1)}</message>")


@st.composite
def qt_ts_samples(draw: st.DrawFn) -> Sample:
    writer = XmlWriter(draw)
    writer.put(f"{writer.line(0)}{draw(st.sampled_from(['', '<!DOCTYPE TS>']))}")
    writer.put('<TS version="2.1" sourcelanguage="en">')
    for context in draw(st.lists(NAMES, unique=True, max_size=2)):
        writer.put(f"{writer.line(0)}<context>{writer.line(1)}<name>{writer.text(context)}</name>")
        for source in draw(st.lists(TEXTS.map(lambda text: f"s{text}"), unique=True, max_size=3)):
            _message(writer, context, source)
        gone = draw(st.sampled_from(["", "vanished", "obsolete"]))
        if gone:
            writer.put(f'<message><source>Old</source><translation type="{gone}">Vieux</translation></message>')
        writer.put(f"{writer.line(0)}</context>")
    writer.put(f"{writer.line(0)}</TS>{writer.newline}")
    return writer.sample("app_ar.ts")


ROOMS = {("ts", ""): Room(qt_ts_samples(), TARGETS, "ar", SIX, bilingual=True)}
