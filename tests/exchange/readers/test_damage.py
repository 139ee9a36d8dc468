"""Damage and harm: a damaged unit costs no other, and nothing in a tool's file can hurt."""

import copy
import zipfile
from base64 import b64encode
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.exchange.readers import tools
from tests.exchange.readers.test_tools import sent
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.exchange.guard import Limits
from tm_service.exchange.readers.mqxliff import read_mqxliff
from tm_service.exchange.readers.mxliff import read_mxliff
from tm_service.exchange.readers.sdlxliff import read_sdlxliff
from tm_service.exchange.readers.xliff12 import read_xliff

READERS = {"sdl": read_sdlxliff, "memoq": read_mqxliff, "phrase": read_mxliff, "plain": read_xliff}
OURS = sent(
    ["Press <b>leaves</b> flat", "Dry {count} sheets", 'Read <a href="/x">the <i>rules</i></a>', "Shelve"], list
)
MADE = {
    "sdl": tools.trados(OURS, cut=2),
    "memoq": tools.memoq(OURS, "native"),
    "phrase": tools.phrase(OURS),
    "plain": OURS,
}
HEAD = '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" version="1.2">'


def sdlxliff(body, header=""):
    return f'{HEAD}<file original="a.xlf"><header>{header}</header><body>{body}</body></file></xliff>'.encode()


def zipped(name, content):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def hurt(unit, place, how):
    """Take something from a unit, or put something into it."""
    elements = list(unit.iter())
    element = elements[place % len(elements)]
    if how == "attributes":
        element.attrib.clear()
    elif how == "text":
        element.text, element.tail = None, None
    elif how == "foreign":
        etree.SubElement(element, "{urn:else}thing").text = "else"
    elif how == "doubled":
        element.append(copy.deepcopy(element))
    elif element is not unit:
        element.getparent().remove(element)


@pytest.mark.parametrize("tool", MADE)
@settings(max_examples=60)
@given(
    which=st.integers(0, 3),
    place=st.integers(0, 40),
    how=st.sampled_from(["attributes", "text", "foreign", "doubled", "removed"]),
)
def test_a_damaged_unit_costs_no_other(tool, which, place, how):
    whole = READERS[tool]("whole", MADE[tool]).units
    root = etree.fromstring(MADE[tool])
    hurt(list(root.iter(tools.x("trans-unit")))[which], place, how)
    left = READERS[tool]("hurt", etree.tostring(root)).units
    for unit in (*whole[:which], *whole[which + 1 :]):
        assert unit in left


@pytest.mark.parametrize("tool", MADE)
def test_a_hostile_file_is_refused(tool):
    for hostile, reason in ((b"<!DOCTYPE xliff>" + MADE[tool], "DOCTYPE"), (b"<html/>", "<html>"), (b"", "empty")):
        with pytest.raises(ReturnRejected, match=reason):
            READERS[tool]("return", hostile)


def locked_chain(length, uses):
    """Locked contents each of which has the next one several times."""
    use = '<x id="a" xid="lockTU_{}"/>'
    held = '<trans-unit id="lockTU_{}" translate="no"><source>ha{}</source></trans-unit>'
    unit = '<trans-unit id="u"><source>x</source><target><x id="b" xid="lockTU_0"/></target></trans-unit>'
    return "".join(held.format(place, use.format(place + 1) * uses) for place in range(length)) + unit


def test_locked_content_that_multiplies_is_left_out_and_said():
    (unit,) = read_sdlxliff("laughs", sdlxliff(locked_chain(30, 10))).units
    assert len(unit.target) < 1 << 24
    assert "locked content" in unit.findings[0].message
    assert unit.findings[0].severity is Severity.ERROR


def test_one_locked_content_in_very_many_units_is_bounded():
    held = f'<trans-unit id="lockTU_0" translate="no"><source>{"ha" * 500_000}</source></trans-unit>'
    unit = '<trans-unit id="u"><source>x</source><target><x id="b" xid="lockTU_0"/></target></trans-unit>'
    read = read_sdlxliff("many", sdlxliff(held + unit * 1000))
    assert sum(len(unit.target) for unit in read.units) < 1 << 24
    assert len(read.units) == 1000


def test_deep_content_is_read_or_left_out_and_never_overflows():
    deep = "<g id='1'>" * 90 + "<x id='a' xid='lockTU_0'/>" + "</g>" * 90
    held = f'<trans-unit id="lockTU_0"><source>{"<g>" * 90}{"</g>" * 90}</source></trans-unit>'
    body = f'{held}<trans-unit id="u"><source>x</source><target>{deep}</target></trans-unit>'
    (unit,) = read_sdlxliff("deep", sdlxliff(body)).units
    assert [finding.severity for finding in unit.findings] == [Severity.ERROR]


@pytest.mark.parametrize(
    "inside",
    [
        "%%%",
        "QQ",
        b64encode(b"<html/>").decode(),
        b64encode(b"<!DOCTYPE xliff>" + OURS).decode(),
        b64encode(b"PK\x03\x04 damaged").decode(),
        b64encode(zipped("bomb.xlf", bytes(60 << 20))).decode(),
        b64encode(zipped("../../a.xlf", OURS)).decode(),
    ],
)
def test_an_original_that_cannot_be_read_is_no_loss(inside):
    body = (
        '<trans-unit id="00000000-1111-4222-8333-444444444444"><source>Shelve</source><target>R</target></trans-unit>'
    )
    header = f'<reference><internal-file form="base64">{inside}</internal-file></reference>'
    (unit,) = read_sdlxliff("a.sdlxliff", sdlxliff(body, header)).units
    assert (unit.id, unit.source, unit.target) == ("", "Shelve", "R")


def test_an_original_that_stands_inside_unpacked_gives_its_ids():
    body = (
        '<trans-unit id="00000000-1111-4222-8333-444444444444"><source>Shelve</source><target>R</target></trans-unit>'
    )
    header = f'<skl><internal-file form="base64">{b64encode(OURS).decode()}</internal-file></skl>'
    read = read_sdlxliff("a.sdlxliff", sdlxliff(body, header))
    assert [(unit.id, unit.key) for unit in read.units] == [("seeds-7-fr.4", "label")]
    assert read.packages == ("seeds-7-fr",)


def test_an_original_never_gives_an_id_that_another_unit_has():
    first = '<trans-unit id="seeds-7-fr.4"><source>Shelve</source><target>R</target></trans-unit>'
    second = first.replace("seeds-7-fr.4", "00000000-1111-4222-8333-444444444444")
    header = f'<skl><internal-file form="base64">{b64encode(OURS).decode()}</internal-file></skl>'
    read = read_sdlxliff("a.sdlxliff", sdlxliff(second + first, header))
    assert [unit.id for unit in read.units] == ["", "seeds-7-fr.4"]


def test_a_context_that_names_a_unit_is_not_taken_from_far_groups_before_near_ones():
    contexts = "".join(f'<sdl:cxt-def id="{place}" type="x" descr="seeds-7-fr.{place}"/>' for place in (1, 2))
    body = (
        '<group><sdl:cxts><sdl:cxt id="1"/></sdl:cxts><group><sdl:cxts><sdl:cxt id="2"/></sdl:cxts>'
        '<trans-unit id="00000000-1111-4222-8333-444444444444"><source>a</source></trans-unit></group></group>'
    )
    (unit,) = read_sdlxliff("a", sdlxliff(body, f"<sdl:cxt-defs>{contexts}</sdl:cxt-defs>")).units
    assert unit.id == "seeds-7-fr.2"


def test_limits_are_those_given():
    with pytest.raises(ReturnRejected, match="larger than"):
        read_sdlxliff("large", MADE["sdl"], Limits(size=1000))


def test_very_many_rows_of_one_unit_are_joined():
    rows = 5_000
    row = '<trans-unit id="{}" m:para-id="0"><source>Dry.</source><target>Sec.</target></trans-unit>'
    body = "".join(row.format(place) for place in range(rows))
    head = HEAD.replace("sdl", "m").replace("http://m.com/FileTypes/SdlXliff/1.0", tools.PHRASE)
    content = f'{head}<file source-language="en" target-language="fr"><body>{body}</body></file></xliff>'.encode()
    (unit,) = read_mxliff("many", content).units
    assert unit.target == " ".join(["Sec."] * rows)
