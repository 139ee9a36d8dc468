"""Workbooks as hypothesis draws them: shared and inline texts, rich ones, short rows, cells without their places."""

from hypothesis import strategies as st

from extractors.sheets import _letters
from tests.extractors.archives import archives, xml
from tests.extractors.contract import Room, Sample

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SAFE = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
_TEXTS = st.text(st.one_of(st.sampled_from("ab<>&\"'\n\r _x=+-é中ع😀"), _SAFE), max_size=10)
_TARGETS = st.text(st.one_of(st.sampled_from('<>&"\r\n\t\x00\x1f_x0041é中😀'), _SAFE), max_size=12)
_KEYS = st.text(st.sampled_from("abc.é&'"), min_size=1, max_size=5)


class _Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.prefix = draw(st.sampled_from(["", "x:"]))
        self.shared: list[str] = []

    def tag(self, name: str, inside: str = "", attributes: str = "") -> str:
        return f"<{self.prefix}{name}{attributes}>{inside}</{self.prefix}{name}>"

    def string(self, text: str) -> str:
        hidden = text.replace("_x", "_x005F_x").replace("\r", "_x000D_")
        place = self.draw(st.integers(0, len(text)))
        if text[:place] + text[place:] == hidden and self.draw(st.booleans()):
            return "".join(
                self.tag("r", self.tag("t", xml(half), ' xml:space="preserve"'))
                for half in (text[:place], text[place:])
            ) + self.tag("rPh", self.tag("t", "spoken"), ' sb="0" eb="1"')
        return self.tag("t", xml(hidden), ' xml:space="preserve"')

    def cell(self, text: str, row: int, place: int) -> str:
        where = f' r="{_letters(place)}{row}"' if self.draw(st.booleans()) else ""
        style = self.draw(st.sampled_from(["", ' s="3"']))
        if self.draw(st.booleans()):
            self.shared.append(self.tag("si", self.string(text)))
            return self.tag("c", self.tag("v", str(len(self.shared) - 1)), f'{where}{style} t="s"')
        return self.tag("c", self.tag("is", self.string(text)), f'{where}{style} t="inlineStr"')

    def sheet(self, rows: list[list[str]]) -> str:
        written = "".join(
            self.tag(
                "row",
                "".join(self.cell(text, number, place) for place, text in enumerate(cells)),
                self.draw(st.sampled_from(["", f' r="{number}"'])),
            )
            for number, cells in enumerate(rows, 1)
        )
        space = f' xmlns{":" + self.prefix[:-1] if self.prefix else ""}="{MAIN}"'
        return "<?xml version='1.0' encoding='UTF-8'?>\n" + self.tag("worksheet", self.tag("sheetData", written), space)


def workbook(sheets: dict[str, str], shared: str = "") -> dict[str, str]:
    """The members of a workbook with these sheets."""
    listed = "".join(
        f'<sheet name="{xml(name)}" sheetId="{place}" r:id="r{place}"/>' for place, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="r{place}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, len(sheets) + 1)
    )
    return {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        "xl/media/seed.png": "\x89PNG",
        "xl/sharedStrings.xml": shared,
    } | {f"xl/worksheets/sheet{place}.xml": sheet for place, sheet in enumerate(sheets.values(), 1)}


@st.composite
def workbook_samples(draw: st.DrawFn) -> Sample:
    writer, sheets, keys = _Writer(draw), {}, []
    for name in draw(st.sampled_from([("Labels",), ("Labels", "Mails & more")])):
        heading = draw(st.sampled_from([("Key", "English", "French"), ("id", "en", "fr", "Notes"), ("key", "text")]))
        own = draw(st.lists(_KEYS, unique=True, max_size=4))
        rows = [[key, *(draw(_TEXTS) for _ in range(draw(st.integers(1, len(heading) - 1))))] for key in own]
        sheets[name] = writer.sheet([list(heading), *rows])
        keys += [(name, key) for key in own]
    space = f' xmlns{":" + writer.prefix[:-1] if writer.prefix else ""}="{MAIN}"'
    content = draw(archives(workbook(sheets, writer.tag("sst", "".join(writer.shared), space))))
    return Sample(((None, content), *((key, b"") for key in keys)), "labels.xlsx")


ROOMS = {("xlsx", ""): Room(workbook_samples(), _TARGETS, "fr", bilingual=True, framed=False)}
