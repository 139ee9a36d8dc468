"""XLIFF 2, memories and tables: what comes back in other shapes than it left in."""

import csv
import io
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.plain import Plain
from tests.exchange.samples import WETLANDS
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.domain.packages import Comment, Stage
from tm_service.exchange.guard import Limits
from tm_service.exchange.inline import Mark, marks, rebuild
from tm_service.exchange.readers import READERS, format_of
from tm_service.exchange.readers.heads import head_of
from tm_service.exchange.readers.sheets import COLUMNS, cell, escape, neutral_cell, read_csv
from tm_service.exchange.readers.tmx import read_tmx
from tm_service.exchange.readers.workbooks import read_workbook
from tm_service.exchange.readers.xliff2 import read_xliff2
from tm_service.exchange.recognise import rebuilt as put_back
from tm_service.exchange.recognise import recognised
from tm_service.exchange.returns import read_returns

RETURNS = Path(__file__).parents[1] / "golden/returns"
BUNDLE = Plain()
SENT = {unit.id: unit for unit in WETLANDS.units}
BANKS = "Banques de semences"
RULES = 'Lisez les <a href="/rules" class="x">règles</a> avant d’envoyer des <b>semences</b>.'
RULES_LAST = 'Avant d’envoyer des <b>semences</b>, lisez les <a href="/rules" class="x">règles</a>.'
SEE = "Voir @:menu.banks pour <i>{name}</i>."
FORM = "Envoyez le formulaire dans les 90 jours, {name}.<br>Merci&nbsp;!"

pieces = st.sampled_from(
    [
        *(
            "wetland",
            "بنك البذور ",
            "种子库",
            "L’été ",
            "<b>",
            "</b>",
            '<a href="/x">',
            "</a>",
            "<br>",
            "&nbsp;",
            "{n}",
            "%s",
        ),
        *(" | ", "@:menu.banks", "<1>", "</2>", "<3/>", "\\", "\x0b", "\ue000", "\ud800", "=1", "'", "\n", "<", ">"),
    ]
)
texts = st.lists(pieces, max_size=10).map("".join)

EXPECTED = {
    "xliff2/core.xlf": {"7.1": BANKS, "7.2": RULES, "7.3": "", "7.4": FORM, "7.5": SEE},
    "xliff2/segmented.xlf": {
        "7.2": RULES_LAST,
        "7.3": "{count} образец | {count} образца | {count} образцов",
        "7.4": "Envoyez le formulaire dans les 90 jours, {name}.<br>",
    },
    "xliff2/version22.xlf": {"7.1": BANKS},
    "tmx/omegat.tmx": {"7.1": BANKS, "7.2": RULES_LAST},
    "tmx/level2.tmx": {"7.5": SEE},
    "sheets/semicolons.csv": {"7.1": BANKS, "7.2": RULES, "7.3": ""},
}


def returned(name, sent=WETLANDS):
    (back,) = recognised(read_returns(name, (RETURNS / name).read_bytes()), [sent])
    assert back.package == WETLANDS.id
    return back


def rebuilt(back):
    return {unit.id: put_back(unit, SENT[unit.id]) if unit.id in SENT else unit for unit in back.units}


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_read_and_recognised(name):
    assert {id_: unit.target for id_, unit in rebuilt(returned(name)).items()} == EXPECTED[name]


def test_every_sample_is_read_somewhere():
    folders = ("xliff2", "tmx", "sheets")
    found = {f"{path.parent.name}/{path.name}" for folder in folders for path in (RETURNS / folder).iterdir()}
    assert found == {*EXPECTED, "sheets/utf16_tabs.txt"}


def test_a_file_is_told_by_what_is_in_it():
    names = {
        "xliff2/core.xlf": "XLIFF 2",
        "xliff2/version22.xlf": "XLIFF 2",
        "plain.xlf": "XLIFF 1",
        "utf16_crlf.xlf": "XLIFF 1",
        "trados.xlf": "SDLXLIFF",
        "tmx/omegat.tmx": "TMX",
        "sheets/semicolons.csv": "CSV",
        "sheets/utf16_tabs.txt": "CSV",
    }
    found = {name: format_of(head_of((RETURNS / name).read_bytes())) for name in names}
    assert {name: known.name for name, known in found.items() if known} == names
    assert set(names.values()) <= {known.name for known in READERS}
    assert format_of(head_of(b"<html/>")) is None


def test_xliff_2_says_how_far_each_unit_is():
    units = {unit.id: unit for unit in returned("xliff2/core.xlf").units}
    assert [unit.stage for unit in units.values()] == [
        Stage.APPROVED,
        Stage.TRANSLATED,
        Stage.UNTOUCHED,
        Stage.DRAFT,
        Stage.APPROVED,
    ]
    assert units["7.2"].comments == (Comment("“Rules” of whom?", "A. Sedge"),)
    assert (units["7.4"].resource, units["7.4"].key) == ("app/text/pages/wetlands.json", "form.0")


def test_half_a_unit_is_quarantined_and_one_without_an_id_is_said():
    back = returned("xliff2/segmented.xlf")
    (finding,) = {unit.id: unit for unit in back.units}["7.4"].findings
    assert (finding.severity, finding.message) == (
        Severity.ERROR,
        "Only some segments of this unit are translated; translate all of them.",
    )
    assert [finding.message for finding in back.findings] == ["A unit without an id (line 18) was left out."]


SEGMENTS = (
    '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="fr">'
    '<file id="f"><unit id="1">{}</unit></file></xliff>'
)


@pytest.mark.parametrize(
    ("inside", "target"),
    [
        ("<segment><source>a</source><target>x</target></segment>", "x"),
        ("<segment><source>a</source><target>x<cp hex='0001'/></target></segment>", "x\x01"),
        ("<segment><source>a</source><target>x<cp hex='0041'/></target></segment>", "x"),
        ("<segment><source>a</source><target>x<cp hex='FFFFFF'/></target></segment>", "x"),
        ("<segment><source>a</source><target>\ue000.1\ue001</target></segment>", "\ue000.1\ue001"),
        ("<segment><source>a</source><target>x<sm id='1'/>y<em startRef='1'/></target></segment>", "xy"),
        ("<segment><source>a</source><target>x<o:o xmlns:o='urn:o'>no</o:o>y</target></segment>", "xy"),
        (
            (
                "<segment><source>a</source><target>x</target></segment>"
                "<ignorable><source> - </source></ignorable><segment><source>b</source><target>y</target></segment>"
            ),
            "x - y",
        ),
        (
            (
                "<segment><source>a</source><target order='999999999999'>x</target></segment>"
                "<segment><source>b</source><target order='²'>y</target></segment>"
            ),
            "yx",
        ),
        ("<segment><source>a</source></segment><ignorable><source> </source><target> </target></ignorable>", ""),
        ("<notes><note>n</note></notes>", ""),
    ],
)
def test_a_unit_of_xliff_2_is_put_together(inside, target):
    (unit,) = read_xliff2("a.xlf", SEGMENTS.format(inside).encode()).units
    assert rebuild(unit.target, "a")[0] == target


def test_segments_that_want_the_same_place_are_for_a_person():
    inside = "<segment><source>a</source><target order='2'>x</target></segment>"
    inside += "<segment><source>b</source><target>y</target></segment>"
    (unit,) = read_xliff2("a.xlf", SEGMENTS.format(inside).encode()).units
    assert [finding.severity for finding in unit.findings] == [Severity.ERROR]


@pytest.mark.parametrize(
    "content", [b"<xliff version='2.0'/>", b"<xliff xmlns='urn:oasis:names:tc:xliff:document:1.2'/>"]
)
def test_what_is_no_xliff_2_is_refused(content):
    with pytest.raises(ReturnRejected, match="is not XLIFF 2"):
        read_xliff2("a.xlf", content)


def test_codes_that_copy_one_another_in_a_circle_end():
    inside = "<segment><source>a</source><target><ph id='1' copyOf='2'/><ph id='2' copyOf='1'/></target></segment>"
    (unit,) = read_xliff2("a.xlf", SEGMENTS.format(inside).encode()).units
    assert unit.target.count("\ue000") == 2


def test_a_memory_is_for_every_unit_that_has_its_text():
    twice = replace(WETLANDS, units=(*WETLANDS.units, replace(WETLANDS.units[0], id="7.6", key=("other",))))
    back = returned("tmx/omegat.tmx", twice)
    assert {unit.id: unit.target for unit in back.units}["7.6"] == BANKS
    assert back.findings == ()


def test_a_memory_in_two_languages_says_which():
    content = (RETURNS / "tmx/omegat.tmx").read_bytes().replace(b'lang="fr"', b'lang="es"', 1)
    with pytest.raises(ReturnRejected, match=r"holds translations into es and fr; send one file for each language\.$"):
        read_returns("a.tmx", content)


def test_a_memory_that_names_units_is_read_by_their_names():
    content = (
        '<tmx version="1.4"><header srclang="*all*"/><body>'
        '<tu tuid="seeds-7-fr.4"><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="fr"><seg>b</seg></tuv></tu>'
        '<tu><prop type="x-id">seeds-7-fr.5</prop><prop type="file">f.json</prop><prop type="key">k</prop>'
        '<tuv xml:lang="en"><seg>c<hi>d</hi></seg></tuv><tuv xml:lang="fr"><seg>e</seg></tuv></tu>'
        '<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu></body></tmx>'
    )
    read = read_tmx("a.tmx", content.encode())
    assert [(unit.id, unit.source, unit.target, unit.resource, unit.key) for unit in read.units] == [
        ("seeds-7-fr.4", "a", "b", "", ""),
        ("seeds-7-fr.5", "cd", "e", "f.json", "k"),
    ]
    assert read.packages == ("seeds-7-fr",)


def test_a_table_brings_states_and_comments():
    units = returned("sheets/semicolons.csv").units
    assert [unit.stage for unit in units] == [Stage.APPROVED, Stage.TRANSLATED, Stage.UNTOUCHED]
    assert units[1].comments == (Comment("Whose rules?\r\nOurs?"),)


def test_a_table_may_have_its_columns_in_any_order_and_others_beside():
    (first, second) = read_returns("r", (RETURNS / "sheets/utf16_tabs.txt").read_bytes()).parts[0].file.units
    assert (first.id, first.source, first.target) == ("7.6", "=A1+B1 is a formula", "=A1+B1 est une formule")
    assert second.id == "seeds-7-fr.5"
    assert rebuild(second.target, SENT["7.5"].source)[0] == SEE


@settings(max_examples=200, deadline=None)
@given(source=texts)
def test_a_text_comes_back_from_a_cell_as_it_left(source):
    """The law of the table: whatever a text is made of, its cell says it."""
    said = neutral_cell(cell(marks(source)))
    assert rebuild(said, source) == (source, ())


@settings(max_examples=100, deadline=None)
@given(words=st.text(st.sampled_from("\\<>/12ab'=+-@ "), max_size=12))
def test_what_only_looks_like_a_tag_stays_text(words):
    assert neutral_cell(cell((words, Mark(1, None, "\x01"), words))) == f"{words}\ue000.1\ue001{words}"


legible = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(legible, legible), min_size=1, max_size=4), how=st.data())
def test_a_csv_file_is_read_in_any_dress(rows, how):
    delimiter = how.draw(st.sampled_from(",;\t"))
    encoding = how.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]))
    order = how.draw(st.permutations(["id", "source", "target"]))
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=how.draw(st.sampled_from(["\n", "\r\n"]))
    )
    writer.writerow([heading.upper() for heading in order])
    for number, (source, target) in enumerate(rows):
        said = {"id": f"7.{number}", "source": escape(cell((source,))), "target": escape(cell((target,)))}
        writer.writerow([said[name] for name in order])
    read = read_csv("a.csv", out.getvalue().encode(encoding))
    found = [(rebuild(unit.source, "")[0], rebuild(unit.target, "")[0]) for unit in read.units]
    assert found == rows


def workbook(rows, strings=()):
    sheet = "".join(f"<row>{''.join(cells)}</row>" for cells in rows)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    files = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f"<workbook {space}/>",
        "xl/sharedStrings.xml": f"<sst {space}>{''.join(f'<si>{item}</si>' for item in strings)}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": "<Relationships/>",
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def inline(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


HEADINGS = [inline(name) for name in ("id", "source", "target")]


def test_a_workbook_is_read_as_text():
    content = workbook(
        [
            [inline("Wetlands, spring")],
            HEADINGS,
            [inline("7.1"), '<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>'],
            ['<c r="A4" t="str"><v>7.2</v></c>', f'<c r="C4"{inline("deux_x000D_ lignes _x005F_x0041_")[2:]}'],
            [inline("7.3"), "<c><v>2026</v></c>", "<c><v>2026</v></c>"],
            [],
        ],
        ["<t>Seed banks</t>", "<r><t>Banques </t></r><r><t>de semences</t></r><rPh><t>no</t></rPh>"],
    )
    (part,) = read_returns("seeds-7-fr.zip", content).parts
    assert part.format == "Excel workbook"
    assert [(unit.id, unit.source, unit.target, unit.findings) for unit in part.file.units] == [
        ("7.1", "Seed banks", BANKS, ()),
        ("7.2", "", "deux\r lignes _x0041_", ()),
        ("7.3", "2026", "2026", ()),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        '<c t="str"><f>HYPERLINK("http://seeds.example")</f><v>Banques</v></c>',
        "<c><v>44563</v></c>",
        '<c t="e"><v>#NAME?</v></c>',
        '<c t="b"><v>1</v></c>',
        '<c t="s"><v>99999999999999</v></c>',
        inline("#REF!"),
    ],
)
def test_a_cell_that_is_no_text_is_quarantined_and_never_evaluated(bad):
    content = workbook(
        [HEADINGS, [inline("7.1"), inline("Seed banks"), bad], [inline("7.2"), inline("a"), inline("b")]]
    )
    first, second = read_workbook("a.xlsx", content, Limits()).units
    assert [finding.severity for finding in first.findings] == [Severity.ERROR]
    assert first.target != "Banques"
    assert (second.target, second.findings) == ("b", ())


def test_the_layout_is_this():
    assert COLUMNS == ("id", "package", "resource", "key", "source", "target", "state", "comment")
    assert [escape(text) for text in ("=1", "+1", "-1", "@a", "'=1", "a=1", "'a")] == [
        *("'=1", "'+1", "'-1", "'@a", "''=1", "a=1", "'a"),
    ]
    assert cell(marks('<a href="/x">a</a> {n}&nbsp;<1>')) == r"<1>a</1> {n}<3/>\<1>"
