"""TMX out: how codes, neighbours and what is ours stand in the file."""

from io import BytesIO

import pytest
from lxml import etree

from memory.interchange import Dialect, write_tmx
from tests.memory.interchange.samples import AT, entry, read, written
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint

NEAR = {fingerprint(text): text for text in ("Keep dry.", "Ask <b>the keeper</b>.")}
BESIDE = entry(
    resource="signs/gate.json",
    key=("gate", "open.hours"),
    previous=fingerprint("Keep dry."),
    following=fingerprint("Ask <b>the keeper</b>."),
    state=State.APPROVED,
    origin=Origin.MACHINE,
)


def segments(source, target):
    tree = etree.fromstring(written(entry(source, target)))
    return [etree.tostring(segment, encoding="unicode", with_tail=False)[5:-6] for segment in tree.iter("seg")]


def said(dialect, one=BESIDE):
    """What another tool finds beside the texts, ours left out."""
    tree = etree.fromstring(written(one, dialect=dialect, text_of=lambda print_: NEAR.get(print_, "")))
    found = ((prop.getparent().tag, prop.get("type"), prop.text) for prop in tree.iterfind(".//tu//prop"))
    return [one for one in found if not one[1].startswith("x-tm-service:")]


def test_a_pair_of_tags_is_bpt_and_ept_and_the_same_code_has_the_same_number_in_both_texts():
    source, target = segments("A <b>dry</b> {place}, <i>cool</i>", "{place} <i>frais</i> et <b>sec</b>")
    assert source == (
        'A <bpt i="1" x="1" type="bold">&lt;b&gt;</bpt>dry<ept i="1">&lt;/b&gt;</ept> '
        '<ph x="2" type="x-placeholder">{place}</ph>, '
        '<bpt i="2" x="3" type="italic">&lt;i&gt;</bpt>cool<ept i="2">&lt;/i&gt;</ept>'
    )
    assert target == (
        '<ph x="2" type="x-placeholder">{place}</ph> '
        '<bpt i="1" x="3" type="italic">&lt;i&gt;</bpt>frais<ept i="1">&lt;/i&gt;</ept> et '
        '<bpt i="2" x="1" type="bold">&lt;b&gt;</bpt>sec<ept i="2">&lt;/b&gt;</ept>'
    )


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("a<br>b", 'a<ph x="1" type="lb">&lt;br&gt;</ph>b'),
        ('<img src="/x.png"/>', '<ph x="1" type="image">&lt;img src="/x.png"/&gt;</ph>'),
        ("<!-- kept -->", '<ph x="1" type="x-comment">&lt;!-- kept --&gt;</ph>'),
        ("10&nbsp;km", '10<ph x="1" type="x-entity">&amp;nbsp;</ph>km'),
        ("fern | ferns", 'fern<ph x="1" type="x-bar"> | </ph>ferns'),
        ("<b>never closed", '<it pos="begin" x="1" type="x-b">&lt;b&gt;</it>never closed'),
        ("never opened</b>", 'never opened<it pos="end" x="1" type="x-b">&lt;/b&gt;</it>'),
        ("bell \x07 rings", 'bell <ph type="x-tm-service:U+0007">U+0007</ph> rings'),
        ("half \ud800", 'half <ph type="x-tm-service:U+D800">U+D800</ph>'),
        ("a < b & c", "a &lt; b &amp; c"),
        ("{not a placeholder at all}", "{not a placeholder at all}"),
        ("one\r\ntwo\tthree ", "one&#13;\ntwo\tthree "),
    ],
)
def test_each_kind_of_code_is_its_element(text, xml):
    assert segments(text, "x") == [xml, "x"]


def test_a_code_that_the_source_does_not_have_has_a_number_of_its_own():
    assert 'x="2"' in segments("<br>", "{name}<br>")[1]
    assert segments("{a} {a}", "{a}{a}{a}")[1].count('x="3"') == 1


def test_numbers_of_codes_that_came_empty_are_kept_and_given_to_no_other():
    source, target = segments("<g1>dry</g1> {a} <x3/>", "<x3/> {a} <g1>sec</g1>")
    assert source == '<bpt i="1" x="1"/>dry<ept i="1"/> <ph x="2" type="x-placeholder">{a}</ph> <ph x="3"/>'
    assert target == '<ph x="3"/> <ph x="2" type="x-placeholder">{a}</ph> <bpt i="1" x="1"/>sec<ept i="1"/>'


def test_an_entry_with_nothing_but_its_texts_says_little():
    assert written(entry()).decode().splitlines()[4:-2] == [
        '<tu changedate="20261121T093000Z">',
        '  <prop type="x-tm-service:added">@changedate</prop>',
        '  <tuv xml:lang="en">',
        "    <seg>Seed list</seg>",
        "  </tuv>",
        '  <tuv xml:lang="fr">',
        "    <seg>Liste de graines</seg>",
        "  </tuv>",
        "</tu>",
    ]
    assert written(entry(), pretty=False).decode().count("\n") == 7


def test_an_entry_from_another_language_than_the_file_says_so():
    tree = etree.fromstring(written(entry(source_locale="ru", locale="zh"), entry()))
    assert [tu.get("srclang") for tu in tree.iter("tu")] == ["ru", None]
    assert tree.find("header").get("srclang") == "en"


def test_neighbours_are_written_for_xtm_by_their_text():
    assert said(Dialect.XTM) == [
        ("tu", "x-previous-source-text", "Keep dry."),
        ("tu", "x-next-source-text", "Ask <b>the keeper</b>."),
    ]


def test_neighbours_are_written_for_memoq_as_segments_of_the_source():
    assert said(Dialect.MEMOQ) == [
        ("tu", "x-document", "signs/gate.json"),
        ("tuv", "x-context-pre", "<seg>Keep dry.</seg>"),
        (
            "tuv",
            "x-context-post",
            '<seg>Ask <bpt i="1" x="1" type="bold">&lt;b&gt;</bpt>the keeper<ept i="1">&lt;/b&gt;</ept>.</seg>',
        ),
    ]


def test_an_alternative_translation_is_written_for_omegat():
    assert said(Dialect.OMEGAT) == [
        ("tu", "file", "signs/gate.json"),
        ("tu", "id", "gate.open\\.hours"),
        ("tu", "prev", "Keep dry."),
        ("tu", "next", "Ask <b>the keeper</b>."),
    ]


def test_context_state_and_origin_are_written_for_trados_in_its_own_words():
    assert said(Dialect.TRADOS) == [
        ("tu", "x-ContextContent", "Keep dry. |  |  | "),
        ("tu", "x-IdContext", "gate.open\\.hours"),
        ("tu", "x-Origin", "MachineTranslation"),
        ("tu", "x-ConfirmationLevel", "ApprovedSignOff"),
    ]
    header = etree.fromstring(written(BESIDE, dialect=Dialect.TRADOS)).find("header")
    assert header.get("o-tmf") == "SDL TM8 Format"
    assert [prop.get("type") for prop in header] == [
        *("x-TextContextMatchType", "x-UsesIdContextMatch", "x-IncludesContextContent")
    ]


@pytest.mark.parametrize("dialect", [Dialect.XTM, Dialect.MEMOQ, Dialect.OMEGAT, Dialect.TRADOS])
def test_neighbours_whose_text_is_not_known_are_not_invented(dialect):
    assert not [
        one for one in said(dialect, entry(previous="0" * 32, following="1" * 32)) if "context" in one[1].lower()
    ]


@pytest.mark.parametrize("dialect", Dialect)
def test_what_the_file_of_another_tool_said_is_said_again_and_not_twice(dialect):
    given = (("x-previous-source-text", "Other words."), ("x-Origin", "TM"), ("file", "a.json"))
    kinds = [kind for _, kind, _ in said(dialect, entry(previous=fingerprint("Keep dry."), properties=given))]
    assert len(kinds) == len(set(kinds))
    assert {"x-previous-source-text", "x-Origin", "file"} <= set(kinds)


def test_properties_that_tmx_cannot_hold_in_their_place_are_kept_all_the_same():
    odd = (("x-Origin", "TM"), ("@tuid", "after a prop"), ("", "no name"), ("x", "\x00"), ("note", " "))
    (found,) = read(written(entry(properties=odd)))
    assert found.properties == odd


def test_entries_are_written_while_they_come_and_counted():
    out, seen = BytesIO(), []

    def coming():
        for number in range(1200):
            seen.append(out.tell())
            yield entry(f"Seed {number}")

    assert write_tmx(coming(), out, source="en", at=AT) == 1200
    assert seen[0] < seen[700] < seen[1199]


def test_an_export_of_nothing_is_a_file_of_nothing():
    assert read(written()) == []
