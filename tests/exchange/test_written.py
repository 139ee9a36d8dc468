"""What a package looks like to a translation tool."""

import json
import zipfile
from hashlib import sha256
from io import BytesIO

import pytest
from lxml import etree

from tests.exchange.plain import write_bundle, write_xliff
from tests.exchange.samples import LABELS, PAGES, WETLANDS, package, unit
from tests.exchange.schemas import strict_12
from tm_service.domain.edits import EditClass
from tm_service.domain.packages import PackageUnit
from tm_service.domain.text import fingerprint
from tm_service.exchange.bundle import context_hash

NS = {"x": "urn:oasis:names:tc:xliff:document:1.2"}


def written(*units: PackageUnit):
    return etree.fromstring(write_xliff(package(*units)))


def texts(root, path):
    return [element.text for element in root.iterfind(path, NS)]


def inner(element):
    """Content of an element, without its namespace declarations."""
    content = etree.tostring(element, encoding="unicode", with_tail=False)
    return content[content.index(">") + 1 : content.rindex("</")].replace(f' xmlns="{NS["x"]}"', "")


@pytest.mark.parametrize(
    "made",
    [
        WETLANDS,
        package(unit("7.1", "<p>{{a\x0bb}}</b> <!-- c --><font color='red'>x</font>\x0b @:a.b | &nbsp;<br>%s")),
        package(unit("7.1", "a", resource="\x0b", key=("\ud800", "b.c")), source_locale="en", code="zh-Hans-CN"),
        package(unit("7.1", "بذور", previous_source="بذرة", previous_target="<b>种子</b>", edit=EditClass.REWRITE)),
    ],
)
def test_a_package_is_valid_by_the_strict_schema(made):
    strict_12().assertValid(etree.fromstring(write_xliff(made)))


def test_a_file_says_where_it_comes_from_and_where_it_goes():
    files = etree.fromstring(write_xliff(WETLANDS)).findall("x:file", NS)
    assert [file.get("original") for file in files] == [LABELS, PAGES]
    for file in files:
        assert (file.get("source-language"), file.get("target-language")) == ("en", "fr-FR")
        assert file.get("build-num") == "seeds-7-fr"
        assert texts(file, "x:header/x:note") == ["Package seeds-7-fr, revision 4f1c2d, due 2026-04-01"]


def test_units_of_one_resource_stand_in_one_file_wherever_they_stood():
    root = written(unit("1", "a", resource="a"), unit("2", "b", resource="b"), unit("3", "c", resource="a"))
    found = [[u.get("id") for u in file.iterfind(".//x:trans-unit", NS)] for file in root.iterfind("x:file", NS)]
    assert found == [["1", "3"], ["2"]]


def test_a_unit_is_source_then_target_then_context_then_notes():
    root = etree.fromstring(write_xliff(WETLANDS))
    for element in root.iterfind(".//x:trans-unit", NS):
        order = [etree.QName(child).localname for child in element]
        assert order[:3] == ["source", "target", "context-group"]
        assert set(order[3:]) == {"note"}
        assert element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    assert root.find(".//x:trans-unit[@id='7.2']", NS).get("resname") == "hint\\.send"


def test_new_text_has_an_empty_target_and_edited_text_its_previous_one():
    root = etree.fromstring(write_xliff(WETLANDS))
    new = root.find(".//x:trans-unit[@id='7.1']/x:target", NS)
    edited = root.find(".//x:trans-unit[@id='7.4']/x:target", NS)
    assert (new.text, len(new), new.get("state")) == (None, 0, "needs-translation")
    assert edited.get("state") == "needs-review-translation"
    assert [child.get("id") for child in edited] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("plain & <simple", "plain &amp; &lt;simple"),
        ('<a href="/x">go</a>', '<g id="1" ctype="link">go</g>'),
        (
            "<b><i>a</i></b>{n}",
            '<g id="1" ctype="bold"><g id="2" ctype="italic">a</g></g><ph id="3" ctype="x-placeholder">{n}</ph>',
        ),
        ("a<br>b", 'a<x id="1" ctype="lb" equiv-text="&lt;br&gt;"/>b'),
        ("a&nbsp;b", 'a<x id="1" ctype="x-entity" equiv-text="&amp;nbsp;"/>b'),
        ("a | b", 'a<x id="1" ctype="x-plural-bar" equiv-text=" | "/>b'),
        ("@:a.b", '<ph id="1" ctype="x-placeholder">@:a.b</ph>'),
        ("a\x0bb", 'a<x id="1" ctype="x-char-000B" equiv-text="U+000B"/>b'),
        ("<p>a", '<x id="1" ctype="x-p" equiv-text="&lt;p&gt;"/>a'),
        ("a</p>", 'a<x id="1" ctype="x-end-p" equiv-text="&lt;/p&gt;"/>'),
        ('<span class="x">a</span>', '<g id="1" ctype="x-span">a</g>'),
    ],
)
def test_codes_are_numbered_elements(source, content):
    assert inner(written(unit("1", source)).find(".//x:source", NS)) == content


@pytest.mark.parametrize(
    ("source", "previous", "content"),
    [
        ("<b>a</b> {n}", "{n} <b>x</b>", '<ph id="2" ctype="x-placeholder">{n}</ph> <g id="1" ctype="bold">x</g>'),
        ("<b>a</b>", "<i>x</i>", "&lt;i&gt;x&lt;/i&gt;"),
        ("{n}", "{n} {n}", '<ph id="1" ctype="x-placeholder">{n}</ph> {n}'),
        ("{n}", "\x0b", '<x id="2" ctype="x-char-000B" equiv-text="U+000B"/>'),
    ],
)
def test_codes_of_the_previous_target_find_their_partners_in_the_source(source, previous, content):
    assert inner(written(unit("1", source, previous_target=previous)).find(".//x:target", NS)) == content


def test_context_says_where_a_unit_stands_and_what_it_was():
    found = {
        element.get("context-type"): element.text
        for element in etree.fromstring(write_xliff(WETLANDS)).iterfind(".//x:trans-unit[@id='7.4']//x:context", NS)
    }
    was = "Send the form within 30 days, {name}.<br>Thank you&nbsp;!"
    assert found == {"x-resource": PAGES, "x-key": "form.0", "x-previous-source": was}


def test_notes_say_what_changed_then_where_then_the_codes():
    notes = texts(etree.fromstring(write_xliff(WETLANDS)), ".//x:trans-unit[@id='7.4']/x:note")
    assert notes == [
        "Changed (number): was: within 30 days; now: within 90 days",
        f"Where: {PAGES}, form.0",
        "Codes: 1 {name} (filled in by the site); 2 <br> (a tag); 3 &nbsp; (a special character)",
    ]


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({}, "New text."),
        ({"previous_target": "x"}, "There is a translation already; please review it."),
        ({"previous_target": "x", "previous_source": '<a href="/1">a</a>'}, "The source has not changed"),
        (
            {"previous_source": '<a href="/2">a</a>', "edit": EditClass.LINK},
            "Changed (link): the words are as before; only what stands inside a tag is new.",
        ),
    ],
)
def test_the_first_note_is_in_plain_words(more, note):
    root = written(unit("1", '<a href="/1">a</a>', **more))
    assert texts(root, ".//x:trans-unit/x:note")[0].startswith(note)


def test_a_file_is_utf_8_without_a_byte_order_mark():
    content = write_xliff(package(unit("1", "Семена 种子")))
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<xliff ")
    assert "Семена 种子" in content.decode()


def test_the_same_package_gives_the_same_bytes():
    assert write_bundle(WETLANDS) == write_bundle(WETLANDS)


def test_the_zip_holds_the_xliff_and_its_manifest():
    name, content = write_bundle(WETLANDS)
    archive = zipfile.ZipFile(BytesIO(content))
    assert name == "seeds-7-fr.zip"
    assert archive.namelist() == ["manifest.json", "seeds-7-fr.xlf"]
    assert {info.date_time for info in archive.infolist()} == {(2026, 3, 4, 5, 6, 6)}
    manifest = json.loads(archive.read("manifest.json"))
    units = manifest.pop("units")
    assert manifest == {
        "format": 1,
        "package": "seeds-7-fr",
        "site": "seeds",
        "number": 7,
        "source_locale": "en",
        "locale": "fr",
        "code": "fr-FR",
        "revision": "4f1c2d",
        "created": "2026-03-04T05:06:07+00:00",
        "due": "2026-04-01",
        "xliff": {"name": "seeds-7-fr.xlf", "sha256": sha256(archive.read("seeds-7-fr.xlf")).hexdigest()},
    }
    assert units[3] == {
        "id": "7.4",
        "resource": PAGES,
        "key": ["form", "0"],
        "source": WETLANDS.units[3].fingerprint,
        "context": context_hash(WETLANDS.units[3]),
        "base": 12,
        "base_target": fingerprint(WETLANDS.units[3].previous_target),
    }
    assert units[0]["base_target"] == ""


def test_a_package_from_before_zips_knew_years_is_still_written():
    early = package(unit("1", "a"), created=WETLANDS.created.replace(year=1975))
    assert zipfile.ZipFile(BytesIO(write_bundle(early)[1])).infolist()[0].date_time[0] == 1980
