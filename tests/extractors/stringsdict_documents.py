"""Stringsdict files as hypothesis draws them."""

from hypothesis import strategies as st

from tests.extractors.android_documents import SIX
from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES, TARGETS, TEXTS, XmlWriter

_DOCTYPE = '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">'


def _pair(writer: XmlWriter, depth: int, name: str, value: str) -> None:
    writer.put(f"{writer.line(depth)}<key>{name}</key>{writer.line(depth)}<string>{value}</string>")


def _variable(writer: XmlWriter, name: str, variable: str) -> None:
    writer.put(f"{writer.line(2)}<key>{variable}</key>{writer.line(2)}<dict>")
    _pair(writer, 3, "NSStringFormatSpecTypeKey", "NSStringPluralRuleType")
    _pair(writer, 3, "NSStringFormatValueTypeKey", "d")
    writer.put(writer.line(3))
    forms = [*writer.draw(st.lists(st.sampled_from(SIX[:-1]), unique=True, max_size=3)), "other"]
    entries = (f"<key>{form}</key>{writer.line(3)}<string>{writer.text(writer.draw(TEXTS))}</string>" for form in forms)
    writer.put(writer.line(3).join(entries), (name, variable))
    writer.put(f"{writer.line(2)}</dict>")


@st.composite
def stringsdict_samples(draw: st.DrawFn) -> Sample:
    writer = XmlWriter(draw)
    writer.put(f'{writer.line(0)}{draw(st.sampled_from(["", _DOCTYPE]))}<plist version="1.0">{writer.line(0)}<dict>')
    for name in draw(st.lists(NAMES, unique=True, max_size=4)):
        writer.put(
            f"{writer.line(1)}{writer.comment()}{writer.line(1)}<key>{writer.text(name)}</key>{writer.line(1)}<dict>"
        )
        writer.put(f"{writer.line(2)}<key>NSStringLocalizedFormatKey</key>{writer.line(2)}<string>")
        writer.put(f"%#@seeds@{writer.text(draw(TEXTS))}", (name, "NSStringLocalizedFormatKey"))
        writer.put("</string>")
        for variable in draw(st.lists(st.sampled_from(["seeds", "drawers", "a b"]), unique=True, max_size=2)):
            _variable(writer, name, variable)
        if draw(st.booleans()):
            writer.put(f"{writer.line(2)}<key>NSStringVariableWidthRuleType</key>{writer.line(2)}<dict>")
            writer.put(f"{writer.line(3)}<key>20</key>{writer.line(3)}<string>")
            writer.put(writer.text(draw(TEXTS)), (name, "NSStringVariableWidthRuleType", "20"))
            writer.put(f"</string>{writer.line(2)}</dict>")
        writer.put(f"{writer.line(1)}</dict>")
    writer.put(f"{writer.line(0)}</dict>{writer.line(0)}</plist>{writer.newline}")
    return writer.sample("Localizable.stringsdict")


ROOMS = {("stringsdict", ""): Room(stringsdict_samples(), TARGETS, "ar", SIX)}
