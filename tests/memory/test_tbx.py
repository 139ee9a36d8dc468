"""TBX: what goes out comes back, and what others write is read, entry by entry."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from memory.interchange.intake import Limits, Problem
from memory.tbx import NAMESPACE, read_tbx, write_tbx
from tests.memory.term_samples import APPROVED, AT, FORBIDDEN, PROPOSED, TERMS, pairs, problems, term
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.terms import Term

SCHEMA = Path("/work/shared/schemas/tbx/TBXcoreStructV03.rng")


def written(terms):
    out = BytesIO()
    assert write_tbx(terms, out, source="en") == len(terms)
    return out.getvalue()


def read(content, **more):  # noqa: ANN003 - any option of the reader
    options = {"memory": "garden", "at": AT, "source": "en"} | more
    return list(read_tbx(BytesIO(content if isinstance(content, bytes) else content.encode()), **options))


# What goes out comes back.


@given(st.lists(TERMS, max_size=6))
def test_terms_written_as_tbx_are_read_as_they_were(terms):
    assert Counter(read(written(terms))) == Counter(terms)


def test_the_store_s_number_and_the_memory_s_name_stay_here():
    assert read(written([replace(term(), number=7, memory="home")])) == [term()]


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema of TBX is in ../shared")
@given(st.lists(TERMS, max_size=5))
def test_what_is_written_is_valid_tbx(terms):
    schema = etree.RelaxNG(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(written(terms)))


def test_a_concept_has_one_source_and_all_its_targets():
    terms = [
        term(target="banque de semences"),
        term("label", "étiquette"),
        term(target="dépôt", status=FORBIDDEN),
        term(target="банк семян", locale="ru"),
    ]
    root = etree.fromstring(written(terms))
    concepts = [
        [term.text for term in concept.iter(f"{{{NAMESPACE}}}term")]
        for concept in root.iter(f"{{{NAMESPACE}}}conceptEntry")
    ]
    assert concepts == [["seed bank", "banque de semences", "dépôt", "банк семян"], ["label", "étiquette"]]


def test_what_is_written_keeps_to_the_lists_of_tbx_basic():
    root = etree.fromstring(written([term(part_of_speech="proper noun"), term(part_of_speech="noun", status=PROPOSED)]))
    said = {(note.get("type"), note.text) for note in root.iter(f"{{{NAMESPACE}}}termNote")}
    assert said == {
        ("partOfSpeech", "other"),
        ("partOfSpeech", "noun"),
        ("administrativeStatus", "preferredTerm-admn-sts"),
        ("administrativeStatus", "admittedTerm-admn-sts"),
    }


# What others write.

DCA = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="x.rng"?>
<!-- <conceptEntry id="no"> -->
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
<tbxHeader><fileDesc><sourceDesc><p>Garden terms</p></sourceDesc></fileDesc></tbxHeader>
<text><body>
<conceptEntry id="c1">
  <descrip type="subjectField">storage</descrip>
  <langSec xml:lang="en-GB">
    <descripGrp><descrip type="definition">A place
        where seed is kept.</descrip><admin type="source">Old book</admin></descripGrp>
    <termSec><term>seed  bank</term><termNote type="partOfSpeech">noun</termNote></termSec>
    <termSec><term>seed vault</term></termSec>
  </langSec>
  <langSec xml:lang="FR-fr">
    <termSec>
      <term>banque de <hi>semences</hi></term>
      <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>
      <descripGrp><descrip type="context">…</descrip><admin type="source">not this</admin></descripGrp>
      <admin type="source">Seed manual</admin>
      <transacGrp><transac type="transactionType">origination</transac><date>2020-02-03</date>
        <transacNote type="responsibility">Ana</transacNote></transacGrp>
      <transacGrp><transac type="transactionType">modification</transac><date>2021-04-05T06:07:08Z</date>
        <transacNote type="responsibility">Bo</transacNote></transacGrp>
    </termSec>
    <termSec><term>grainothèque</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></termSec>
  </langSec>
  <langSec xml:lang="zh-CN"><termSec><term>种子库</term></termSec></langSec>
</conceptEntry>
</body></text></tbx>"""


def test_tbx_basic_with_categories_as_attributes_is_read():
    found = read(DCA, targets=["fr"])
    assert pairs(found) == [
        ("seed bank", "fr", "banque de semences", APPROVED),
        ("seed bank", "fr", "grainothèque", FORBIDDEN),
        ("seed vault", "fr", "banque de semences", APPROVED),
        ("seed vault", "fr", "grainothèque", FORBIDDEN),
    ]
    first = found[0]
    assert (first.definition, first.part_of_speech) == ("A place where seed is kept.", "noun")
    assert (first.author, first.at, first.reference) == ("Bo", datetime(2021, 4, 5, 6, 7, 8, tzinfo=UTC), "Seed manual")
    assert (found[1].author, found[1].at, found[1].reference) == ("", AT, "")


def test_all_other_languages_are_read_where_none_is_asked_for():
    assert {each.locale for each in read(DCA)} == {"fr", "zh"}
    assert {each.locale for each in read(DCA, source="zh")} == {"en", "fr"}


def test_tbx_basic_with_categories_as_tags_is_read():
    content = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
      xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
    <tbxHeader/><text><body><conceptEntry id="c1">
      <basic:definition>Kept dry</basic:definition>
      <langSec xml:lang="en"><termSec><term>jar</term><min:partOfSpeech>noun</min:partOfSpeech></termSec></langSec>
      <langSec xml:lang="es"><termSec><term>frasco</term>
        <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus><basic:source>Glossary</basic:source>
        <transacGrp><basic:transactionType>origination</basic:transactionType><date>2020-02-03</date>
          <basic:responsibility>Ana</basic:responsibility></transacGrp></termSec></langSec>
    </conceptEntry></body></text></tbx>"""
    assert read(content) == [
        term(
            "jar", "frasco", FORBIDDEN, locale="es", definition="Kept dry", part_of_speech="noun", author="Ana",
            at=datetime(2020, 2, 3, tzinfo=UTC), reference="Glossary",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "doctype",
    [
        "",
        '<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">',
        '<!DOCTYPE martif PUBLIC "ISO 12200:1999A//DTD MARTIF core (DXFcdV04)//EN" "TBXcdv04.dtd">',
    ],
)
def test_martif_of_2008_is_read_with_the_plain_reference_to_its_dtd_and_without(doctype):
    content = f"""<?xml version="1.0"?>
    {doctype}
    <martif type="TBX" xml:lang="en"><martifHeader/><text><body>
    <termEntry id="1"><langSet xml:lang="en"><tig><term>tray</term></tig></langSet>
      <langSet lang="ru"><ntig><termGrp><term>лоток</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote>
        <termNote type="partOfSpeech">noun</termNote></termGrp></ntig></langSet></termEntry>
    </body></text></martif>"""
    assert read(content) == [term("tray", "лоток", PROPOSED, locale="ru", part_of_speech="noun")]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("preferredTerm", APPROVED),
        ("standardizedTerm-admn-sts", APPROVED),
        ("something else", PROPOSED),
        ("", APPROVED),
    ],
)
def test_the_status_is_led_to_ours(said, status):
    content = DCA.replace("preferredTerm-admn-sts", said)
    assert read(content, targets=["fr"])[0].status is status


def test_what_an_entry_does_not_say_is_said_by_the_importer():
    found = read(DCA, targets=["zh"], reference="terms.tbx")
    assert [(each.at, each.reference) for each in found] == [(AT, "terms.tbx")] * 2


# Damage.

ENTRY = (
    '<conceptEntry id="c{n}"><langSec xml:lang="en"><termSec><term>{en}</term></termSec></langSec>'
    '<langSec xml:lang="{l}"><termSec><term>{fr}</term></termSec></langSec></conceptEntry>'
)
GOOD = ENTRY.format(n=9, en="jar", l="fr", fr="bocal")


def around(entries):
    root = f'<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="{NAMESPACE}"><text><body>'
    return "\n".join([root, *entries, "</body></text></tbx>"])


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (ENTRY.format(n=1, en="a & b", l="fr", fr="x"), "is not well-formed XML"),
        (ENTRY.format(n=1, en="&unknown;", l="fr", fr="x"), "is not well-formed XML"),
        (ENTRY.format(n=1, en=" ", l="fr", fr="x"), "has an empty term"),
        (ENTRY.format(n=1, en="x", l="", fr="x"), "does not say the language of a term"),
        (ENTRY.format(n=1, en="x" * 3000, l="fr", fr="x"), "has a term longer than 2000"),
        ('<conceptEntry id="c1"></conceptEntry>', "has no term"),
        ('<conceptEntry id="c1"><langSec xml:lang="en">', "is not closed before the next begins"),
    ],
)
def test_a_damaged_entry_is_told_of_by_number_and_line_and_breaks_no_other(damaged, said):
    found = read(around([GOOD, damaged, GOOD]))
    assert len(pairs(found)) == 2
    (problem,) = problems(found)
    assert problem.startswith("Entry 2 (line 3) ")
    assert said in problem
    assert problem.endswith("it was left out.")


def test_an_entry_within_a_comment_or_cdata_is_none():
    assert pairs(read(around([f"<!-- {GOOD} -->", GOOD]))) == [("jar", "fr", "bocal", APPROVED)]


def test_a_file_that_breaks_off_gives_what_it_has():
    found = read(around([GOOD, GOOD])[:-90])
    assert len(pairs(found)) == 1
    assert problems(found) == [
        "Entry 2 (line 3) is not closed before the next begins or the file ends; it was left out.",
        "The file breaks off after 2 entries; export it again for the rest.",
    ]


def test_an_entry_beyond_the_limit_is_left_out():
    found = read(around([GOOD, ENTRY.format(n=1, en="x" * 900, l="fr", fr="y")]), limits=Limits(entry=600))
    assert len(pairs(found)) == 1
    assert problems(found) == ["Entry 2 (line 3) is larger than 600 bytes; it was left out."]


def test_a_file_without_the_languages_asked_for_says_which_it_has():
    (problem,) = problems(read(around([GOOD]), targets=["ru"]))
    assert problem == "No entry is a pair of en and ru; the file has en, fr."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"hello", "not XML"),
        (b"<tmx version='1.4'><body/></tmx>", "<tmx>, not TBX"),
        (b"\x1f\x8bxx", "is packed (gzip)"),
        (b"<tbx a='<'><text/></tbx>", "not well-formed"),
        (b'<!DOCTYPE tbx [<!ENTITY a "b">]><tbx><text/></tbx>', "declares more than a DOCTYPE"),
        (b'<!DOCTYPE tbx SYSTEM "http://x.example/?a.dtd&b"><tbx><text/></tbx>', "declares more than a DOCTYPE"),
        (b'<!DOCTYPE tbx SYSTEM "a.dtd"><!ENTITY a "b"><tbx><text/></tbx>', "declares more than a DOCTYPE"),
    ],
)
def test_a_file_that_is_not_ours_to_read_is_refused_in_one_sentence(content, said):
    with pytest.raises(ReturnRejected, match=r"^The file ") as refusal:
        read(content)
    assert said in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_a_file_beyond_the_limit_is_refused():
    with pytest.raises(ReturnRejected, match="larger than 100 bytes"):
        read(around([GOOD]), limits=Limits(bilingual=100))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_the_encoding_of_its_mark(encoding):
    content = around([ENTRY.format(n=1, en="seed", l="ru", fr="семя")])
    assert pairs(read(content.encode(encoding))) == [("seed", "ru", "семя", APPROVED)]


def test_a_file_on_disk_is_called_by_its_name(tmp_path):
    file = tmp_path / "terms.tbx"
    file.write_bytes(b"<html/>")
    with pytest.raises(ReturnRejected, match=r"^terms\.tbx is <html>, not TBX"):
        list(read_tbx(file, memory="garden", at=AT, source="en"))


ODD = st.sampled_from([GOOD, "<conceptEntry>", "</conceptEntry>", "<!--", "<![CDATA[", "&", "<term>"])


@given(st.binary(max_size=300), st.lists(ODD, max_size=6))
def test_no_bytes_are_too_odd(junk, entries):
    for content in (junk, around(entries).encode(), around(entries).encode() + junk):
        try:
            found = read(content)
        except ReturnRejected:
            continue
        assert all(isinstance(each, Term | Problem) for each in found)
