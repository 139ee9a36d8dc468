"""Bilingual files in: which targets are accepted, what codes become, and who stands beside whom."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from memory.interchange import Limits, Problem, read_xliff
from tests.memory.interchange.samples import AT, texts
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint

SPACES = (
    'xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" '
    'xmlns:mq="MQXliff" xmlns:m="http://www.memsource.com/mxlf/2.0"'
)


def xliff(body, *, languages='source-language="en" target-language="fr"', file=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff {SPACES} version="1.2"><file original="a.json" {languages} {file}>'
        f"<body>{body}</body></file></xliff>"
    )


def two(body, version="2.0", languages='srcLang="en" trgLang="fr"'):
    space = f"urn:oasis:names:tc:xliff:document:{version}"
    return (
        f'<xliff xmlns="{space}" version="{version}" {languages}><file id="f" original="b.json">{body}</file></xliff>'
    )


def one(source="Seed", target="Graine", attributes="", state=' state="final"', more=""):
    return f"<trans-unit {attributes}><source>{source}</source><target{state}>{target}</target>{more}</trans-unit>"


def read(content, **asked: object):
    return list(read_xliff(BytesIO(content.encode()), **({"memory": "garden", "at": AT} | asked)))


@pytest.mark.parametrize(
    ("unit", "state"),
    [
        (one(state=' state="translated"'), State.TRANSLATED),
        (one(state=' state="final"'), State.APPROVED),
        (one(state=' state="signed-off"'), State.APPROVED),
        (one(state="", attributes='approved="yes"'), State.APPROVED),
        (one(state=' state="needs-review-translation"', attributes='approved="yes"'), State.APPROVED),
        (one(state="", attributes='mq:status="ManuallyConfirmed"'), State.TRANSLATED),
        (one(state="", attributes='mq:status="Reviewer1Confirmed"'), State.REVIEWED),
        (one(state="", attributes='m:confirmed="1"'), State.TRANSLATED),
        (one(state="", attributes='m:confirmed="2"'), State.REVIEWED),
    ],
)
def test_a_target_that_is_translated_or_better_is_taken_with_its_state(unit, state):
    (found,) = read(xliff(unit))
    assert (found.source, found.target, found.state) == ("Seed", "Graine", state)


@pytest.mark.parametrize(
    "unit",
    [
        *[
            one(state=f' state="{state}"')
            for state in ("new", "needs-translation", "needs-review-translation", "x-odd")
        ],
        *[
            one(state="", attributes=said)
            for said in ('mq:status="Pretranslated"', 'mq:status="NotStarted"', 'm:confirmed="0"')
        ],
        one(attributes='translate="no"'),
        one(target=""),
        "<trans-unit><source>Seed</source></trans-unit>",
        "<trans-unit><target>Graine</target></trans-unit>",
    ],
)
def test_a_target_that_is_not_accepted_is_not_taken(unit):
    assert read(xliff(unit + one("Leaf", "Feuille")))[0].source == "Leaf"


def test_targets_of_which_nothing_is_said_are_taken_only_when_asked_for():
    body = one(state="") + one(state="", attributes='approved="no"') + one("Leaf", "Feuille")
    assert texts(read(xliff(body))) == [
        ("Leaf", "Feuille"),
        "The file does not say of 2 targets that they are translated; they were left out.",
    ]
    assert [found.state for found in read(xliff(body), unstated=True)] == [State.TRANSLATED] * 2 + [State.APPROVED]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ('a <bpt id="1">&lt;b&gt;</bpt>b<ept id="1">&lt;/b&gt;</ept>', "a <b>b</b>"),
        ('<ph id="1">{name}</ph> <it id="2" pos="open">&lt;i&gt;</it>c', "{name} <i>c"),
        ('<g id="4">b</g> <x id="5"/>', "<g4>b</g4> <x5/>"),
        ('<g id="pt7">b</g> <x id="lock"/>', "<g1>b</g1> <x2/>"),
        ('<bx id="1" rid="3"/>b<ex id="2" rid="3"/>', "<g3>b</g3>"),
        ("<bpt id='1'>{}</bpt>b<ept id='1'>{}</ept>", "<g1>b</g1>"),
        ('a <mrk mtype="protected">b <ph id="1">%s</ph></mrk>', "a b %s"),
        ('<ph id="1">&lt;img alt="<sub>A fern</sub>"&gt;</ph>', '<img alt="A fern">'),
        ('bell <x id="1" ctype="x-char-0007"/>', "bell \x07"),
        (" two  blanks ", " two  blanks "),
    ],
)
def test_codes_of_xliff_1_become_native_text(xml, text):
    assert read(xliff(one(xml, xml)))[0].source == text


def test_a_code_that_says_nothing_has_one_number_in_source_and_target():
    (found,) = read(xliff(one('<x id="b"/><x id="a"/>', '<x id="a"/><x id="b"/>')))
    assert (found.source, found.target) == ("<x1/><x2/>", "<x2/><x1/>")


DATA = (
    '<originalData><data id="d1">&lt;b&gt;</data><data id="d2">&lt;/b&gt;</data><data id="d3">{n}<cp hex="0001"/></data>'
    "</originalData>"
)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ('<pc id="1" dataRefStart="d1" dataRefEnd="d2">b</pc>', "<b>b</b>"),
        ('<sc id="1" dataRef="d1"/>b<ec startRef="1" dataRef="d2"/>', "<b>b</b>"),
        ('<ph id="1" dataRef="d3"/>', "{n}\x01"),
        ('<pc id="1">b <ph id="2"/></pc>', "<g1>b <x2/></g1>"),
        ('<sc id="1"/>b<ec startRef="1"/>', "<g1>b</g1>"),
        ('<mrk id="m" type="term">a</mrk> <sm id="n"/>b<em startRef="n"/> <cp hex="001F"/><cp hex="zz"/>', "a b \x1f"),
    ],
)
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_codes_of_xliff_2_become_native_text(xml, text, version):
    segment = f'<segment state="final"><source>{xml}</source><target>{xml}</target></segment>'
    assert read(two(f'<unit id="u">{DATA}{segment}</unit>', version))[0].target == text


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (' state="translated"', State.TRANSLATED),
        (' state="reviewed"', State.REVIEWED),
        (' state="final"', State.APPROVED),
    ],
)
def test_states_of_xliff_2(said, state):
    segments = "".join(
        f"<segment{one}><source>Seed</source><target>Graine</target></segment>"
        for one in (said, "", ' state="initial"')
    )
    found = read(two(f'<unit id="u" name="bed.four">{segments}</unit>'))
    assert [one.state for one in found[:-1]] == [state]
    assert found[0].key == ("bed.four", "1")
    assert str(found[-1]).startswith("The file does not say of 1 targets")


@pytest.mark.parametrize(
    ("unit", "key"),
    [
        (one(attributes='id="7"'), ("7",)),
        (one(attributes='id="7" resname="gate.open"'), ("gate.open",)),
        (one(), ()),
        (one(more='<context-group><context context-type="x-mmq-context">B7</context></context-group>'), ("B7",)),
        (
            '<group><context-group><context context-type="x-key">g.one</context></context-group>'
            + one(attributes='id="7"')
            + "</group>",
            ("g.one",),
        ),
    ],
)
def test_a_unit_is_called_what_its_tool_calls_it(unit, key):
    assert read(xliff(unit))[0].key == key


def test_neighbours_are_those_of_the_same_file_accepted_or_not():
    body = one("A", "a") + one("B", "b", state=' state="new"') + one("C", "c")
    second = '</body></file><file original="c.json" source-language="en" target-language="fr"><body>'
    found = read(xliff(body + second + one("D", "d")))
    assert [(each.source, each.previous, each.following) for each in found] == [
        ("A", "", fingerprint("B")),
        ("C", fingerprint("B"), ""),
        ("D", "", ""),
    ]
    assert [each.resource for each in found] == ["a.json", "a.json", "c.json"]


def test_a_package_of_ours_names_its_resources_and_keys_and_has_no_neighbours():
    said = (
        '<context-group><context context-type="x-resource">text/gate.json</context>'
        '<context context-type="x-key">gate.open\\.hours</context></context-group>'
    )
    found = read(xliff(one(more=said) + one("Leaf", "Feuille", more=said)))
    assert [(each.resource, each.key) for each in found] == [("text/gate.json", ("gate", "open.hours"))] * 2
    assert [each.previous + each.following for each in found] == ["", ""]


def test_a_divided_unit_gives_its_segments_each_with_its_own_state():
    divided = (
        '<trans-unit id="9"><source>Dry. Cool.</source><seg-source><mrk mtype="seg" mid="1">Dry.</mrk> '
        '<mrk mtype="seg" mid="2">Cool.</mrk></seg-source><target><mrk mtype="seg" mid="1">Sec.</mrk> '
        '<mrk mtype="seg" mid="2">Frais.</mrk></target><sdl:seg-defs><sdl:seg id="1" conf="Translated" origin="mt"/>'
        '<sdl:seg id="2"/></sdl:seg-defs></trans-unit>'
    )
    (found,) = read(xliff(divided))
    assert (found.source, found.target, found.key) == ("Dry.", "Sec.", ("9", "1"))
    assert (found.origin, found.following) == (Origin.MACHINE, fingerprint("Cool."))


@pytest.mark.parametrize(
    ("languages", "asked", "expected"),
    [
        ('source-language="EN-us" target-language="fr-FR"', {}, ("en", "fr")),
        ('source-language="en" target-language="fr-CA"', {"targets": ["fr-CA"]}, ("en", "fr-CA")),
        ('source-language="en"', {"targets": ["ru"]}, ("en", "ru")),
        ('source-language="en" target-language="zh-Hans"', {"source": "en", "targets": ["ar", "zh"]}, ("en", "zh")),
    ],
)
def test_languages_are_those_of_the_file(languages, asked, expected):
    (found,) = read(xliff(one(), languages=languages), **asked)
    assert (found.source_locale, found.locale) == expected


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"source": "fr"}, "No entry is a pair of fr and another language; the file has en and fr."),
        ({"targets": ["ru"]}, "No entry is a pair of its own source and ru; the file has en and fr."),
    ],
)
def test_a_file_in_other_languages_says_which_it_has(asked, sentence):
    assert texts(read(xliff(one()), **asked)) == [sentence]


def test_entries_are_as_old_as_their_file_and_by_whom_they_came():
    (found,) = read(xliff(one(), file='date="2024-05-06T07:08:09Z"'), reference="job 7")
    assert (found.at, found.reference) == (datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), "job 7")
    assert read(xliff(one()))[0].at == AT


def test_a_machine_is_named_where_the_file_names_it():
    assert read(xliff(one(state=' state="final" state-qualifier="mt-suggestion"')))[0].origin is Origin.MACHINE
    assert read(xliff(one(attributes='m:trans-origin="mt"')))[0].origin is Origin.MACHINE


def test_limits_are_the_callers():
    found = read(xliff(one() * 10_000), limits=Limits(bilingual=1 << 19))
    assert 0 < len(found) < 10_000
    assert isinstance(found[-1], Problem)
    assert "is larger than 0 MB" in str(found[-1])
