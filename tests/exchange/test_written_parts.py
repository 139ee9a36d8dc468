"""What each tool is handed in XLIFF 1.2: named rules that hold always, and the strict schema where it is at hand."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.exchange.handoffs import CODES, KNOWN, handoff
from tests.exchange.samples import LABELS, PAGES, package, unit
from tests.exchange.schemas import strict_12
from tests.exchange.test_roundtrip import texts
from tests.exchange.test_written import NS, inner
from tests.exchange.test_written import texts as said
from tm_service.domain.edits import EditClass
from tm_service.domain.handoffs import Detail, Handoff
from tm_service.domain.matches import MatchClass
from tm_service.domain.splitting import Part
from tm_service.exchange.profiles import profile, profiles
from tm_service.exchange.readers.xliff12 import read_xliff
from tm_service.exchange.xliff12 import write_part

SAFE = re.compile(r"[A-Za-z0-9_.\-]{1,60}")
FIRST = ("source", "target")
INLINE = {"g", "x", "ph"}
WITH_MATCHES = replace(profile("generic"), matches_in_file=True)


def written(made):
    return etree.fromstring(write_part(made, Part(made.package.units)))


def units(made):
    return {element.get("id"): element for element in written(made).iterfind(".//x:trans-unit", NS)}


def one(sent, tool="generic", **more: Any):
    return units(Handoff(package(sent), profile(tool), details={sent.id: Detail(**more)}))[sent.id]


def target(element):
    return element.find("x:target", NS)


def notes(element):
    return said(element, "x:note")


@pytest.mark.parametrize("locale", CODES)
@pytest.mark.parametrize("tool", profiles())
def test_a_part_is_valid_by_the_strict_schema(tool, locale):
    strict_12().assertValid(written(handoff(locale, tool)))
    strict_12().assertValid(written(handoff(locale, profile=WITH_MATCHES)))


@pytest.mark.parametrize("locale", CODES)
@pytest.mark.parametrize("tool", profiles())
def test_every_tool_gets_files_that_keep_the_rules(tool, locale):
    root = written(handoff(locale, tool))
    assert len(root.findall("x:file", NS)) == 1
    ids = [element.get("id") for element in root.iter("{*}trans-unit", "{*}group")]
    assert len(ids) == len(set(ids))
    assert all(SAFE.fullmatch(id_) for id_ in ids)
    for element in root.iterfind(".//x:trans-unit", NS):
        order = [etree.QName(child).localname for child in element]
        assert tuple(order[:2]) == FIRST
        assert order.index("context-group") < order.index("note")
        assert element.get("resname")
        assert element.get("restype")
        assert element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        for code in (*element.find("x:source", NS).iter(), *target(element).iter()):
            name = etree.QName(code).localname
            assert name in {*FIRST, *INLINE}
            assert not any(attribute.startswith("{") for attribute in code.attrib)
    assert not list(root.iter("{*}seg-source", "{*}mrk", "{*}sub", "{*}it", "{*}alt-trans"))


@pytest.mark.parametrize("locale", CODES)
def test_states_say_how_far_a_target_is(locale):
    found = units(handoff(locale))
    states = {
        id_: (target(element).get("state"), "".join(target(element).itertext()) != "") for id_, element in found.items()
    }
    assert states["7.1"] == ("needs-translation", False)
    assert states["7.4"] == states["9.10"] == ("needs-review-translation", True)
    assert states["9.6"] == ("translated", True)
    assert states["9.7"] == states["9.8"] == ("final", True)
    assert states["9.11"] == ("needs-translation", False)  # 60 %: in the notes only


def test_a_locked_neighbour_is_read_and_not_translated():
    found = units(handoff())
    assert {id_ for id_, element in found.items() if element.get("translate") == "no"} == {"9.8"}
    assert target(found["9.8"]).text == "Contact"
    assert notes(found["9.8"])[0].startswith("Locked")


@pytest.mark.parametrize(("match", "percent"), [(MatchClass.EXACT, 99.0), (MatchClass.CONTEXT, 90.0)])
def test_a_match_that_its_memory_is_penalised_for_is_looked_at(match, percent):
    element = one(unit("9.1", "Harbour", match=match, percent=percent), matched="Port")
    assert (target(element).text, target(element).get("state")) == ("Port", "needs-review-translation")


def test_a_units_own_translation_goes_before_a_fuzzy_match_and_the_match_into_the_notes():
    sent = unit("9.1", "Two ports", match=MatchClass.FUZZY_85, percent=88.0, previous_target="Un port")
    element = one(sent, matched="Trois ports")
    assert target(element).text == "Un port"
    assert "Memory (88 %): Trois ports" in notes(element)


def test_notes_say_what_changed_where_it_is_what_developers_say_and_what_limits_there_are_in_this_order():
    sent = unit(
        "9.1",
        "Send the <b>form</b> within 90 days.",
        key=("form", "hint"),
        previous_source="Send the <b>form</b> within 30 days.",
        previous_target="x",
        edit=EditClass.NUMBER,
    )
    expected = [
        "Changed (number): was: within 30 days; now: within 90 days",
        f"Where: {LABELS}, form.hint",
        "Stands under the map.",
        "Limit: at most 60 characters.",
        "Codes: 1 <b> (formatting or a link around words)",
    ]
    more = {"note": "Stands under the map.", "limit": 60}
    assert notes(one(sent, **more)) == expected
    assert notes(one(sent, "trados", **more)) == ["\n".join(expected)]


@pytest.mark.parametrize(
    ("match", "percent", "words"), [(MatchClass.FUZZY_85, 88.0, "A similar"), (MatchClass.EXACT, 97.0, "The same")]
)
def test_a_match_from_the_memory_says_how_near_it_is_and_where_it_differs(match, percent, words):
    sent = unit("9.1", "Hours of the library", match=match, percent=percent)
    assert notes(one(sent, matched="Horaires", matched_source="Hours of the herbarium"))[:2] == [
        f"{words} text was translated before ({percent:.0f} %); please adapt its translation.",
        "Its source: was: the herbarium; now: the library",
    ]


def test_a_limit_stands_where_tools_look_for_it():
    element = one(unit("9.1", "Permit"), limit=12)
    assert (element.get("maxwidth"), element.get("size-unit")) == ("12", "char")
    assert one(unit("9.1", "Permit")).get("maxwidth") is None


@pytest.mark.parametrize(
    ("key", "restype"),
    [
        (("form", "submitButton"), "button"),
        (("pageTitle",), "heading"),
        (("menu", "0"), "string"),
        (("ERROR_TEXT",), "message"),
        ((), "string"),
    ],
)
def test_the_key_tells_what_kind_of_text_it_is(key, restype):
    assert one(unit("9.1", "Send", key=key)).get("restype") == restype


def test_pages_are_groups_in_their_order():
    groups = written(handoff()).findall("x:file/x:body/x:group", NS)
    assert [(group.get("resname"), group.get("restype")) for group in groups] == [(LABELS, "x-page"), (PAGES, "x-page")]
    flat = written(handoff(profile=replace(profile("generic"), page_groups=False)))
    assert {etree.QName(child).localname for child in flat.find("x:file/x:body", NS)} == {"trans-unit", "group"}


FORMS = {
    "ar": ["zero", "one", "two", "few", "many", "other"],
    "es": ["one", "many", "other"],
    "fr": ["one", "many", "other"],
    "ru": ["one", "few", "many", "other"],
    "zh": ["other"],
}


@pytest.mark.parametrize("locale", FORMS)
def test_a_plural_is_a_group_with_one_unit_for_each_form_of_the_target(locale):
    (group,) = written(handoff(locale)).findall(".//x:group[@restype='x-gettext-plurals']", NS)
    found = {element.get("id").rpartition(".")[2]: element for element in group.iterfind("x:trans-unit", NS)}
    assert list(found) == FORMS[locale]
    for form, element in found.items():
        words = "".join(element.find("x:source", NS).itertext())
        assert words == ("{n} jar on the shelf" if form == "one" else "{n} jars on the shelf")
        (note,) = [note for note in notes(element) if "Plural form" in note]
        assert note.startswith("Below the list of jars.\n")
        assert re.search(r"numbers such as [\d., ]+\.$", note)


def test_a_plural_message_with_bars_is_one_unit():
    """Our sites write the forms of a message into one text; it stays one."""
    element = one(unit("9.1", "{n} jar | {n} jars"))
    assert [etree.QName(code).localname for code in element.find("x:source", NS)] == ["ph", "x", "ph"]


@pytest.mark.parametrize("locale", CODES)
def test_omegat_finds_a_copy_of_the_source_in_every_target_and_no_state(locale):
    for id_, element in units(handoff(locale, "omegat")).items():
        if id_ == "9.8":
            assert target(element).text == KNOWN[locale][2]
        else:
            assert inner(target(element)) == inner(element.find("x:source", NS))
            assert target(element).get("state") is None


def test_a_target_may_be_left_out_where_a_tool_wants_none():
    made = handoff(profile=replace(profile("generic"), new_target="none"))
    assert target(units(made)["7.1"]) is None
    assert target(units(made)["9.6"]) is not None


def test_alternatives_are_written_only_where_a_tool_brings_them_back():
    assert not [name for name, known in profiles().items() if known.matches_in_file]
    alternative = units(handoff(profile=WITH_MATCHES))["9.10"].find("x:alt-trans", NS)
    assert alternative.get("match-quality") == "78%"
    assert [inner(child) for child in alternative] == ["Hours of the herbarium", "Horaires de l’herbier"]


@pytest.mark.parametrize(
    ("code", "tool", "expected"),
    [("ar", "trados", ("en-US", "ar-SA")), ("ar", "memoq", ("en", "ar")), ("ar-EG", "trados", ("en-US", "ar-EG"))],
)
def test_trados_is_told_a_region_with_each_language(code, tool, expected):
    made = handoff("ar", tool)
    file = written(replace(made, package=replace(made.package, code=code))).find("x:file", NS)
    assert (file.get("source-language"), file.get("target-language")) == expected


@settings(max_examples=100, deadline=None)
@given(source=texts, previous=texts)
@example(source="]]>&\r\n\x0b", previous="<b>")
def test_a_file_for_omegat_says_the_source_twice_and_changes_nothing(source, previous):
    sent = unit("seeds-7-fr.1", source, previous_source=previous, previous_target=previous)
    content = write_part(Handoff(package(sent), profile("omegat")), Part((sent,)))
    (back,) = read_xliff("x.xlf", content).units
    assert back.target == back.source


@settings(max_examples=100, deadline=None)
@given(source=texts, previous=texts, words=st.text(max_size=8))
def test_any_text_makes_a_file_that_is_valid_by_the_strict_schema(source, previous, words):
    sent = unit("9.1", source, resource=words, key=(words,), previous_source=previous, previous_target=previous)
    detail = Detail(matched=f"{previous}x", matched_source=previous, note=words, limit=9)
    made = Handoff(package(sent), WITH_MATCHES, details={sent.id: detail})
    strict_12().assertValid(written(made))
