"""What a package looks like in XLIFF 2, and what its codes are when they come home."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.exchange.handoffs import CODES, handoff
from tests.exchange.samples import package, unit
from tests.exchange.schemas import broken_rules, core_2
from tests.exchange.test_roundtrip import texts
from tm_service.domain.handoffs import Detail, Handoff, TermHint
from tm_service.domain.splitting import Part
from tm_service.exchange.inline import XLIFF, Mark, marks, rebuild
from tm_service.exchange.profiles import profile, profiles
from tm_service.exchange.readers.xliff2 import read_xliff2
from tm_service.exchange.xliff2 import CORE, write_part
from tm_service.exchange.xliff12 import write_part as write_part_12

NS = {"x": CORE, "mtc": "urn:oasis:names:tc:xliff:matches:2.0", "slr": "urn:oasis:names:tc:xliff:sizerestriction:2.0"}
CODE = ("pc", "ph", "sc", "ec")
FULL = replace(profile("generic"), matches_in_file=True)


def written(made):
    return etree.fromstring(write_part(made, Part(made.package.units)))


def one(sent, **more: Any):
    made = Handoff(package(sent), profile("generic"), details={sent.id: Detail(**more)})
    return written(made).find(".//x:unit", NS)


def inline(root):
    return [element for element in root.iter() if etree.QName(element).localname in CODE]


@pytest.mark.parametrize("locale", CODES)
@pytest.mark.parametrize("tool", [name for name in profiles() if profile(name).xliff2])
def test_a_part_is_valid_by_the_schema_and_the_rules(tool, locale):
    root = written(handoff(locale, tool))
    core_2().assertValid(root)
    assert broken_rules(root) == []


@pytest.mark.parametrize("locale", CODES)
def test_a_part_with_matches_is_valid_by_the_schema_and_the_rules(locale):
    root = written(handoff(locale, profile=FULL))
    assert root.findall(".//mtc:match", NS)
    core_2().assertValid(root)
    assert broken_rules(root) == []


def test_the_rules_find_what_is_wrong():
    root = written(handoff())
    for data in root.findall(".//x:originalData", NS):
        data.getparent().remove(data)
    assert any("data" in said for said in broken_rules(root))


@pytest.mark.parametrize(
    ("tool", "version"), [("generic", "2.1"), ("trados", "2.0"), ("memoq", "2.0"), ("phrase", "2.0")]
)
def test_the_version_is_2_0_where_only_the_core_is_used(tool, version):
    root = written(handoff(tool=tool))
    assert root.get("version") == version
    assert len(root.nsmap) == (1 if version == "2.0" else 7)


@pytest.mark.parametrize("locale", CODES)
def test_every_id_is_unique_where_the_standard_wants_it(locale):
    root = written(handoff(locale, profile=FULL))
    for name in ("unit", "group"):
        ids = [element.get("id") for element in root.iterfind(f".//x:{name}", NS)]
        assert len(ids) == len(set(ids))
    for element in root.iterfind(".//x:unit", NS):
        segment = element.find("x:segment", NS)
        ids = [segment.get("id"), *(code.get("id") for code in inline(segment.find("x:source", NS)))]
        assert len(ids) == len(set(ids))


def test_every_code_points_to_data_that_says_its_name_and_no_attribute():
    element = one(unit("9.1", '<a href="/secret" class="x">Go</a>{n}<br>&nbsp;', previous_target="{n}"))
    data = {entry.get("id"): entry.text for entry in element.iterfind(".//x:data", NS)}
    assert data == {"d1": "<a>", "d1e": "</a>", "d2": "{n}", "d3": "<br>", "d4": "&nbsp;"}
    for code in inline(element):
        assert {code.get(name) for name in ("dataRef", "dataRefStart", "dataRefEnd")} - {None} <= set(data)
    assert b"secret" not in etree.tostring(element)


def test_what_may_be_left_out_and_doubled_is_said():
    element = one(unit("9.1", "<b>Go</b> {n}&nbsp;!"))
    hints = {code.get("id"): (code.get("canCopy"), code.get("canDelete")) for code in inline(element)}
    assert hints == {"1": ("no", "no"), "2": ("yes", "no"), "3": ("yes", "yes")}


def test_in_a_text_of_plural_forms_any_code_may_be_left_out_and_doubled():
    """Chinese has one form where English has two, Arabic six."""
    assert all(code.get("canDelete") is None for code in inline(one(unit("9.1", "{n} jar | <b>{n}</b> jars"))))


def test_a_code_that_the_target_lacks_already_may_be_left_out():
    element = one(unit("9.1", "<b>Go</b> {n}", previous_target="Allez {n}"))
    hints = {code.get("id"): code.get("canDelete") for code in inline(element.find(".//x:source", NS))}
    assert hints == {"1": "yes", "2": "no"}


def test_new_text_has_no_target_and_a_state_has_one():
    root = written(handoff())
    states = {
        element.get("id"): (segment.get("state"), segment.get("subState"), segment.find("x:target", NS) is not None)
        for element in root.iterfind(".//x:unit", NS)
        for segment in element.iterfind("x:segment", NS)
    }
    assert states["7.1"] == (None, None, False)
    assert states["7.4"] == ("initial", "tm:fuzzy", True)
    assert states["9.6"] == ("translated", None, True)
    assert states["9.7"] == states["9.8"] == ("final", None, True)
    assert root.find(".//x:unit[@id='9.8']", NS).get("translate") == "no"


def test_nothing_is_to_be_cut_anew_and_no_marker_has_to_come_back():
    root = written(handoff(profile=FULL))
    assert root.find("x:file", NS).get("canResegment") == "no"
    assert not [
        element for element in root.iter() if etree.QName(element).localname in ("mrk", "sm", "em", "ignorable")
    ]
    assert all(len(element.findall("x:segment", NS)) == 1 for element in root.iterfind(".//x:unit", NS))


def test_a_limit_is_written_with_the_profile_it_is_counted_by():
    root = written(handoff())
    assert root.find(".//x:unit[@id='9.9']", NS).get(f"{{{NS['slr']}}}sizeRestriction") == "60"
    assert root.find("x:file/slr:profiles", NS).get("generalProfile") == "xliff:codepoints"
    assert written(handoff(tool="trados")).find("x:file/slr:profiles", NS) is None


def test_directions_are_those_of_the_languages():
    file = written(handoff("ar")).find("x:file", NS)
    assert (file.get("srcDir"), file.get("trgDir")) == ("ltr", "rtl")


@settings(max_examples=200, deadline=None)
@given(source=texts, target=texts)
@example(source="<b>{a}</b> {a}<i>x</i>", target="{a} <i>y</i><b>{a}</b>")
def test_source_and_target_come_back_as_they_left(source, target):
    sent = unit("seeds-7-fr.1", source, previous_source=target, previous_target=target)
    content = write_part(Handoff(package(sent), profile("generic")), Part((sent,)))
    (back,) = read_xliff2("x.xlf", content).units
    assert rebuild(back.source, source) == (source, ())
    # A target of blanks alone is none, whoever reads it.
    assert rebuild(back.target, source) == (target if target.strip() else "", ())


@settings(max_examples=100, deadline=None)
@given(source=texts)
def test_codes_have_the_same_numbers_as_in_xliff_1_2(source):
    made = Handoff(package(unit("9.1", source)), profile("generic"))
    part = Part(made.package.units)
    newer = etree.fromstring(write_part(made, part)).find(".//x:source", NS)
    older = etree.fromstring(write_part_12(made, part)).find(f".//{{{XLIFF}}}source")
    unwritable = {str(mark.number) for mark in marks(source) if isinstance(mark, Mark) and mark.kind is None}
    said = [element.get("id") for element in older.iter() if element.get("id")]
    assert [element.get("id") for element in inline(newer)] == [number for number in said if number not in unwritable]


@settings(max_examples=100, deadline=None)
@given(source=texts, previous=texts, words=st.text(max_size=8))
def test_any_text_makes_a_file_that_is_valid_by_the_schema_and_the_rules(source, previous, words):
    sent = unit("9.1", source, resource=words, key=(words,), previous_source=previous, previous_target=previous)
    detail = Detail(
        matched=f"{previous}x", matched_source=previous, note=words, limit=9, terms=(TermHint(words, words),)
    )
    root = written(Handoff(package(sent), FULL, details={sent.id: detail}))
    core_2().assertValid(root)
    assert [said for said in broken_rules(root) if "WARNING" not in said] == []
