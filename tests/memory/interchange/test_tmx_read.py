"""TMX in: which pairs are read, what codes become, what is understood of what stands beside, in which encodings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from memory.interchange import Limits, Problem, read_tmx
from tests.memory.interchange.samples import AT, entry, read, texts, tmx, unit, written
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint, parse

THREE = (
    '<tu srclang="{}"><tuv xml:lang="EN-us"><seg>Bench</seg></tuv><tuv xml:lang="fr-FR"><seg>Banc</seg></tuv>'
    '<tuv xml:lang="zh-Hans-CN"><seg>长椅</seg></tuv></tu>'
)


def pairs(content, **asked: object):
    return [(one.source_locale, one.locale) for one in read(content, **asked)]


def text(xml):
    (found,) = read(tmx(unit(source=xml)))
    return found.source


@pytest.mark.parametrize(
    ("srclang", "asked", "expected"),
    [
        ("en-US", {}, [("en", "fr"), ("en", "zh")]),
        ("EN", {}, [("en", "fr"), ("en", "zh")]),
        ("fr", {}, [("fr", "en"), ("fr", "zh")]),
        ("*all*", {}, [("en", "fr"), ("en", "zh"), ("fr", "zh")]),
        ("de", {}, [("en", "fr"), ("en", "zh"), ("fr", "zh")]),
        ("en-US", {"targets": ["zh"]}, [("en", "zh")]),
        ("*all*", {"targets": ["fr"]}, [("en", "fr"), ("zh", "fr")]),
        ("*all*", {"targets": ["fr", "zh"]}, [("en", "fr"), ("en", "zh"), ("fr", "zh")]),
        ("en-US", {"source": "fr"}, [("fr", "en"), ("fr", "zh")]),
        ("*all*", {"source": "zh", "targets": ["en", "fr", "ru"]}, [("zh", "en"), ("zh", "fr")]),
        ("en-US", {"source": "en-US", "targets": ["fr-FR"]}, [("en-US", "fr-FR")]),
    ],
)
def test_the_pairs_asked_for_are_read_in_any_direction(srclang, asked, expected):
    assert sorted(pairs(tmx(THREE.format(srclang)), **asked)) == sorted(expected)


def test_an_entry_that_names_no_source_has_that_of_the_file():
    assert pairs(tmx(unit(languages=("FR", "EN-GB")), srclang="fr")) == [("fr", "en")]
    assert pairs(tmx(unit(languages=("FR", "EN-GB")), srclang="en")) == [("en", "fr")]


def test_two_texts_of_one_language_are_two_entries_and_never_a_pair():
    body = unit(languages=("en-US", "fr-CA")).replace(
        "</tu>", '<tuv xml:lang="fr-FR"><seg>Catalogue de graines</seg></tuv></tu>'
    )
    found = read(tmx(body))
    assert texts(found) == [("Seed list", "Liste de graines"), ("Seed list", "Catalogue de graines")]
    assert [one.locale for one in found] == ["fr", "fr"]
    assert ("target:@xml:lang", "fr-CA") in found[0].properties


def test_a_file_without_the_languages_asked_for_says_which_it_has():
    (problem,) = read(tmx(unit()), source="ru", targets=["zh", "ar"])
    assert problem == Problem(0, 1, "No entry is a pair of ru and zh or ar; the file has en, fr.")


def test_level_one_and_the_old_lang_attribute_are_read():
    old = tmx(unit().replace("xml:lang", "lang"), version="1.1", prolog='<!DOCTYPE tmx SYSTEM "tmx11.dtd">')
    assert texts(read(old)) == [("Seed list", "Liste de graines")]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("plain", "plain"),
        ("  two  blanks\n", "  two  blanks\n"),
        ('a <bpt i="1">&lt;b&gt;</bpt>bold<ept i="1">&lt;/b&gt;</ept>', "a <b>bold</b>"),
        ('<ph x="1">{name}</ph> came', "{name} came"),
        ('<it pos="begin" x="1">&lt;i&gt;</it>slant', "<i>slant"),
        ("<ut>{\\b </ut>old<ut>}</ut>", "{\\b old}"),
        ('a <hi type="term">seed <ph>%s</ph></hi> b', "a seed %s b"),
        ('<ph>&lt;img alt="<sub>A fern</sub>"&gt;</ph>', '<img alt="A fern">'),
        ('<bpt i="1" x="1"/>bold<ept i="1"/>', "<g1>bold</g1>"),
        ('<bpt i="1" x="5" type="bold"/>bold<ept i="1"/>', '<g5 type="bold">bold</g5>'),
        ('<bpt i="2"/>bold<ept i="2"/>', "<g2>bold</g2>"),
        ("<bpt i='1' x='1'>{}</bpt>bold<ept i='1'>{}</ept>", "<g1>bold</g1>"),
        ('<bpt i="1" x="1"/>one<bpt i="2" x="2"/>two<ept i="1"/>three<ept i="2"/>', "<g1>one<g2>two</g1>three</g2>"),
        ('<ph x="3" type="image"/>', '<x3 type="image"/>'),
        ("<ph/><ph/>", "<x/><x/>"),
        ('<it pos="begin" x="4"/>a<it pos="end" x="4"/>', "<g4>a</g4>"),
        ("<ept i='9'/>", "</g9>"),
        ('<bpt i="a" type="&lt;&gt;"/>x<ept i="a"/>', "<g0>x</g0>"),
        ('Unescaped <b>bold</b><br/> and <a href="/x?a=1&amp;b=2">link</a>', None),
        ("<![CDATA[a <b>b</b>]]>", "a <b>b</b>"),
        ("a<!-- not shown -->b", "ab"),
        ("&amp;nbsp;&#xA0;&lt;", "&nbsp;\u00a0<"),
    ],
)
def test_codes_become_what_they_are_in_the_text(xml, expected):
    unescaped = 'Unescaped <b>bold</b><br/> and <a href="/x?a=1&amp;b=2">link</a>'
    assert text(xml) == (unescaped if expected is None else expected)


@pytest.mark.parametrize("xml", ['<bpt i="1" x="1"/>dry<ept i="1"/>', '<ph x="2" type="lb"/>', '<it pos="end" x="7"/>'])
def test_an_empty_code_is_a_code_to_us_and_is_written_back_empty(xml):
    (found,) = read(tmx(unit(source=xml)))
    assert parse(found.source).codes
    assert xml in written(found).decode()


def test_neighbours_are_known_by_the_fingerprint_of_their_text():
    said = '<prop type="x-previous-source-text">Keep &lt;b&gt;dry&lt;/b&gt;.</prop><prop type="x-next-source-text"> </prop>'
    (found,) = read(tmx(unit(said=said)))
    assert (found.previous, found.following) == (fingerprint("Keep <b>dry</b>."), "")


@pytest.mark.parametrize(
    ("content", "previous", "following"),
    [
        ("Before. |  | After. | ", "Before.", "After."),
        ("Before || after. |  |  | ", "Before | after.", ""),
        ("Before. | QUJD | After. | ", "", "After."),
        ("Before. |  | After. | QUJD", "Before.", ""),
        ("one | two", "", ""),
    ],
)
def test_context_of_trados_is_understood_where_it_has_no_tags(content, previous, following):
    body = unit(said=f'<prop type="x-ContextContent">{content}</prop>')
    header = '<prop type="x-TextContextMatchType">PrecedingAndFollowingSource</prop>'
    (found,) = read(tmx(body, header=header))
    assert (found.previous, found.following) == tuple(
        fingerprint(near) if near else "" for near in (previous, following)
    )
    (found,) = read(tmx(body))
    assert found.following == ""


@pytest.mark.parametrize(
    ("said", "attributes", "origin", "state"),
    [
        ("", "", Origin.IMPORT, State.TRANSLATED),
        ('<prop type="x-Origin">MachineTranslation</prop>', "", Origin.MACHINE, State.PROPOSAL),
        ('<prop type="X-ORIGIN">nmt</prop>', "", Origin.MACHINE, State.PROPOSAL),
        ('<prop type="x-Origin">TM</prop>', "", Origin.IMPORT, State.TRANSLATED),
        ("", ' creationid="MT!"', Origin.MACHINE, State.PROPOSAL),
        ("", ' creationid="MT!" changeid="ana"', Origin.IMPORT, State.TRANSLATED),
        ("", ' creationid="ALIGN!"', Origin.ALIGNMENT, State.TRANSLATED),
        ('<prop type="aligned">yes</prop><prop type="corrected">yes</prop>', "", Origin.ALIGNMENT, State.REVIEWED),
        ('<prop type="x-ConfirmationLevel">Draft</prop>', "", Origin.IMPORT, State.PROPOSAL),
        ('<prop type="x-ConfirmationLevel">Translated</prop>', ' creationid="MT!"', Origin.MACHINE, State.TRANSLATED),
        ('<prop type="x-ConfirmationLevel">ApprovedTranslation</prop>', "", Origin.IMPORT, State.REVIEWED),
        ('<prop type="x-ConfirmationLevel">ApprovedSignOff</prop>', "", Origin.IMPORT, State.APPROVED),
        ('<prop type="x-ConfirmationLevel">RejectedSignOff</prop>', "", Origin.IMPORT, State.PROPOSAL),
        ('<prop type="x-ConfirmationLevel">Unspecified</prop>', "", Origin.IMPORT, State.TRANSLATED),
        ('<prop type="x-xtm-status">Not approved</prop>', "", Origin.IMPORT, State.PROPOSAL),
        ('<prop type="x-MateCAT-status">APPROVED2</prop>', "", Origin.IMPORT, State.APPROVED),
    ],
)
def test_origin_and_state_are_what_the_file_says(said, attributes, origin, state):
    (found,) = read(tmx(unit(said=said, attributes=attributes)))
    assert (found.origin, found.state) == (origin, state)


@pytest.mark.parametrize(
    ("attributes", "at"),
    [
        (' changedate="20240102T030405Z" creationdate="20200101T000000Z"', datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (' creationdate="20200101T000000Z"', datetime(2020, 1, 1, tzinfo=UTC)),
        (' changedate="2024-01-02T03:04:05+02:00"', datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC)),
        (' changedate="2024-01-02 03:04:05 UTC"', datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (' changedate="20240102"', datetime(2024, 1, 2, tzinfo=UTC)),
        (' changedate="20240102~030405"', datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (' changedate="1704164645000"', datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (' changedate="20241399T000000Z" creationdate="20200101T000000Z"', datetime(2020, 1, 1, tzinfo=UTC)),
        (' changedate="00010101T000000+0500"', AT),
        ("", AT),
    ],
)
def test_an_entry_is_as_old_as_its_last_change_and_no_date_is_no_damage(attributes, at):
    (found,) = read(tmx(unit(attributes=attributes)))
    assert found.at == at


def test_an_entry_without_a_date_is_as_old_as_its_file():
    content = tmx(unit()).replace(b"<header ", b'<header creationdate="20230506T070809Z" ')
    assert read(content)[0].at == datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_what_stands_beside_is_kept_by_name_and_place():
    body = unit(
        said='<note>One</note><prop type="Client">Harbour</prop><prop type="note">two</prop><prop type="empty"> </prop>',
        attributes=' tuid="k7" usagecount="3" odd=" "',
        beside=('<prop type="filename">a.json</prop>', "<note>Three</note>"),
    )
    (found,) = read(tmx(body), reference="harbour.tmx")
    assert found.properties == (
        *(("@tuid", "k7"), ("@usagecount", "3"), ("note", "One"), ("Client", "Harbour"), ("prop:note", "two")),
        *(("source:filename", "a.json"), ("target:note", "Three")),
    )
    assert (found.key, found.resource, found.reference) == (("k7",), "a.json", "harbour.tmx")


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        *[
            ("UTF-8", "utf-8"),
            ("UTF-8", "utf-8-sig"),
            ("UTF-16", "utf-16"),
            ("UTF-16", "utf-16-le"),
            ("utf-16", "utf-16-be"),
        ],
        *[("KOI8-R", "koi8-r"), ("windows-1251", "cp1251"), ("ISO-8859-5", "iso8859-5"), ("GB18030", "gb18030")],
        ("ISO-8859-1", "utf-8-sig"),  # a mark counts more than what is declared
    ],
)
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_a_file_is_read_in_its_encoding_and_with_its_line_ends(encoding, codec, line):
    document = tmx(unit("Wet\npaint", "Осторожно,\nокрашено")).decode().replace("UTF-8", encoding).replace("\n", line)
    assert texts(read(document.encode(codec))) == [("Wet\npaint", "Осторожно,\nокрашено")]


def test_a_latin_file_is_read_as_it_says():
    content = tmx(unit(target="Entrée")).decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert texts(read(content)) == [("Seed list", "Entrée")]


def test_namespaces_of_the_root_hold_for_every_entry():
    content = tmx(unit(attributes=' g:bed="4"')).replace(
        b"<tmx ", b'<tmx xmlns="http://www.lisa.org/tmx14" xmlns:g="urn:garden&amp;more" '
    )
    assert texts(read(content)) == [("Seed list", "Liste de graines")]


def test_our_own_entry_can_be_read_against_its_direction():
    mine = entry(previous="a" * 32, key=("k",), author="ana")
    (found,) = read(written(mine), source="fr", targets=["en"])
    assert (found.source, found.target, found.source_locale, found.locale) == (
        "Liste de graines",
        "Seed list",
        "fr",
        "en",
    )
    assert (found.fingerprint, found.previous) == (fingerprint("Liste de graines"), "")
    assert (found.key, found.author, found.at) == (("k",), "ana", AT)


def test_our_own_entry_is_left_out_where_another_pair_is_asked_for():
    assert [one for one in read(written(entry()), source="en", targets=["ru"]) if not isinstance(one, Problem)] == []


def test_our_own_entry_with_properties_that_were_changed_is_told_of():
    content = written(entry(state=State.REVIEWED)).replace(b">reviewed<", b">glorious<")
    (problem,) = (one for one in read(content) if isinstance(one, Problem))
    assert problem.message.startswith("Entry 1 (line 5) has properties of ours that were changed")


def test_an_entry_of_ours_that_another_tool_gave_a_third_text_is_read_as_any_other():
    content = written(entry()).replace(b"</tu>", b'<tuv xml:lang="ru"><seg>Opis</seg></tuv></tu>')
    assert texts(read(content)) == [("Seed list", "Liste de graines"), ("Seed list", "Opis")]


def test_a_path_is_opened_and_named_in_what_is_said_of_it(tmp_path):
    path = tmp_path / "garden.tmx"
    path.write_bytes(tmx(unit())[:-20])
    found = list(read_tmx(path, memory="garden", at=AT))
    assert len(found) == 2
    assert isinstance(path, Path)
    assert "breaks off" in str(found[-1])


def test_entries_come_one_by_one_before_the_file_is_read_to_its_end():
    class Endless:
        """A file that goes on as long as it is read."""

        head = tmx("").partition(b"</body>")[0]

        def read(self, size):
            head, self.head = self.head, b""
            return head + unit().encode() * (size // 100)

    found = read_tmx(Endless(), memory="garden", at=AT)
    assert [next(found).source for _ in range(10_000)] == ["Seed list"] * 10_000


def test_limits_are_the_callers():
    body = unit(said='<prop type="a">b</prop>' * 5)
    assert texts(read(tmx(body), limits=Limits(properties=4))) == [
        "Entry 1 (line 5) has more than 4 properties; it was left out."
    ]
    assert texts(read(tmx(body), limits=Limits(entry=100))) == [
        "Entry 1 (line 5) is larger than 100 bytes; it was left out."
    ]
