"""Damage of any kind: a return, or one sentence; never anything else."""

import zipfile
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.plain import Plain
from tests.exchange.samples import WETLANDS
from tests.exchange.test_readers_of_others import HEADINGS, inline, workbook
from tm_service.domain.errors import ReturnRejected
from tm_service.exchange.recognise import rebuilt as put_back
from tm_service.exchange.recognise import recognised
from tm_service.exchange.returns import read_returns

RETURNS = Path(__file__).parents[1] / "golden/returns"
BUNDLE = Plain()


def zipped(files):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


FILES = [path.read_bytes() for path in sorted(RETURNS.rglob("*")) if path.is_file() and path.suffix != ".json"]
ROWS = [HEADINGS, [inline("7.1"), inline("Seed banks"), inline("Banques")], ["<c><f>1</f></c>"] * 3]
FILES += [
    workbook(ROWS),
    zipped({"a.xlf": FILES[0], "b/in.zip": zipped({"c.csv": b"id,source,target\n7.1,a,b\n"}), "manifest.json": b"{}"}),
    *(zipped({f"target/{place}": content}) for place, content in enumerate(FILES[:6])),
]
TOKENS = [
    *(b"<", b">", b"&", b'"', b"'", b"\0", b"\xff", b"\xfe", b"/>", b"</", b"<x/>", b"<mrk>", b"]]>", b"<![CDATA["),
    *(
        b"<!--",
        b"-->",
        b"<?a",
        b"&#0;",
        b"&#x110000;",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"\r",
        b",",
        b";",
        b"\n",
        b"xmlns=",
    ),
    *(
        b"\xed\xa0\x80",
        b"\xf0\x9f\x8c\xb1",
        b"\xee\x80\x80",
        b"\xe2\x80\xae",
        b"id=",
        b"<target>",
        b"</source>",
        b"<1>",
        b"_x0000_",
    ),
]


@st.composite
def damaged(draw):
    content = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 0, 1, 2, 7, 60, 700])))
        how = draw(st.sampled_from(["token", "bytes", "cut", "copy"]))
        if how == "token":
            content[start:end] = draw(st.sampled_from(TOKENS))
        elif how == "bytes":
            content[start:end] = draw(st.binary(max_size=6))
        elif how == "cut":
            del content[end:]
        else:
            content[start:start] = content[start:end]
    return bytes(content)


@settings(max_examples=400, deadline=None)
@given(content=damaged())
def test_a_damaged_return_is_read_or_refused_with_one_sentence(content):
    try:
        backs = recognised(read_returns("r.xlf", content), [WETLANDS])
    except ReturnRejected as refused:
        sentence = str(refused)
        assert sentence.isprintable()
        assert sentence.endswith(".")
        assert len(sentence) < 500
        return
    sent = {unit.id: unit for unit in WETLANDS.units}
    for back in backs:
        if back.package == WETLANDS.id:
            for unit in back.units:
                rebuilt = put_back(unit, sent[unit.id]) if unit.id in sent else unit
                assert all(finding.message.isprintable() for finding in rebuilt.findings)
        assert all(finding.message.isprintable() for finding in back.findings)
