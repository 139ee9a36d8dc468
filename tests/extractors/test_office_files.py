"""Word and OpenDocument files: what a paragraph says, what its codes are, and what a translation does to the file."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from extractors.open_documents import OpenDocument
from extractors.word_documents import WordDocument
from tests.extractors.archives import archive, unpacked
from tests.extractors.contract import served
from tests.extractors.office_documents import open_samples, word_samples
from tests.extractors.word_texts import MAIN, run, word_members
from tm_service.domain.errors import ExtractionError
from tm_service.domain.text import CodeKind, parse
from tm_service.domain.units import Document

GOLDEN = Path(__file__).parents[1] / "golden"
W = {"w": MAIN}
BOLD = "<w:b/>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def word(inside: str, **beside: str) -> Document:
    return Document("help.docx", archive(word_members(inside, **beside)))


def texts(document: Document) -> dict:
    return {key: text for key, text in WordDocument().read(document).values.items() if key != ("title",)}


def text(runs: str) -> str:
    return texts(word(f"<w:p>{runs}</w:p>")).get(("p1",), "")


def merged(document: Document, new: dict, locale: str = "") -> Document:
    extractor = WordDocument()
    return Document("help.docx", extractor.merge(extractor.extract(document), served(new), locale=locale))


def tree(document: Document, member: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(unpacked(document.content)[member])


def test_runs_of_one_look_are_one_text_and_others_are_tags():
    runs = run("Plant ", '<w:lang w:val="en"/>') + run("in") + run(" spring", BOLD) + run(" only.")
    assert text(runs) == "Plant in<g1> spring</g1> only."


def test_a_paragraph_all_in_bold_has_no_tags():
    assert text(run("All ", BOLD) + run("bold", BOLD)) == "All bold"


def test_a_blank_of_another_look_is_no_code():
    assert text(run("Two") + run(" ", BOLD) + run("words")) == "Two words"


def test_our_tags_are_codes_and_pairs_to_the_rest_of_the_house():
    codes = parse("Plant in <g1>spring</g1><x2/>").codes
    assert [code.kind for code in codes] == [CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE]


def test_tabs_and_breaks_are_characters_and_hyphens_those_they_stand_for():
    runs = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>"
    assert text(runs) == "a\tb\nc\u2011d"


@pytest.mark.parametrize(
    "code",
    [
        '<w:r><w:footnoteReference w:id="3"/></w:r>',
        '<w:r><w:br w:type="page"/></w:r>',
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>',
        FIELD.format("begin") + "<w:r><w:instrText> REF a </w:instrText></w:r>" + FIELD.format("end"),
        "<w:r><w:drawing><a/></w:drawing></w:r>",
    ],
)
def test_notes_fields_and_pictures_stand_alone(code):
    document = word(f"<w:p>{run('See ')}{code}{run(' now')}</w:p>")
    assert texts(document) == {("p1",): "See <x1/> now"}
    new = merged(document, {("p1",): "<x1/> à voir"})
    assert texts(new) == {("p1",): "à voir"}  # at the edge it is no part of the text any more
    assert etree.tostring(tree(new)).count(b"instr") == etree.tostring(tree(document)).count(b"instr")


def test_a_code_that_a_translation_lacks_comes_last_and_one_that_it_makes_up_is_left_out():
    document = word(f'<w:p>{run("See ")}<w:r><w:footnoteReference w:id="3"/></w:r>{run(" now")}</w:p>')
    new = merged(document, {("p1",): "Voir <g7>ici</g7><x9/>"})
    assert texts(new) == {("p1",): "Voir ici"}
    assert tree(new).xpath("string(//w:footnoteReference/@w:id)", namespaces=W) == "3"


def test_what_looks_like_a_tag_in_a_text_is_not_taken_for_one():
    document = word(f"<w:p>{run('Write <g1> or &lt;x2/> and ')}{run('this', BOLD)}</w:p>")
    assert texts(document) == {("p1",): "Write &lt;g1> or &amp;lt;x2/> and <g1>this</g1>"}
    new = merged(document, {("p1",): "Écrire &lt;g1> ou &amp;lt;x2/> et <g1>ceci</g1>"})
    assert "".join(tree(new).itertext()) == "Écrire <g1> ou &lt;x2/> et ceci"


@pytest.mark.parametrize("extractor", [WordDocument(), OpenDocument()], ids=["docx", "odt"])
def test_codes_that_a_translation_moves_are_read_back_where_it_put_them(extractor):
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(word_samples() if isinstance(extractor, WordDocument) else open_samples(), st.randoms())
    def law(sample, chance):
        resource = extractor.extract(sample.document)
        moved = {}
        for unit in resource.values:
            codes = re.findall(r"<g\d+>[^<]*</g\d+>|<x\d+/>", unit.source)
            chance.shuffle(codes)
            text = "".join(f"слово {code} " for code in codes) + "конец"
            # Of codes within codes, all of which have to stay, only the outer ones could be moved.
            is_flat = set(re.findall(r"[gx]\d+", "".join(codes))) == set(re.findall(r"<([gx]\d+)", unit.source))
            moved[unit.key] = text if is_flat else unit.source
        new = Document(sample.path, extractor.merge(resource, served(moved), locale="ar"))
        assert dict(extractor.read(new).values) == moved

    law()


def test_links_are_groups_whichever_way_they_are_made():
    link = f'<w:hyperlink r:id="rId7">{run("here", "<w:u/>")}</w:hyperlink>'
    assert text(run("Look ") + link + run(".")) == "Look <g1>here</g1>."
    new = merged(word(f"<w:p>{run('Look ')}{link}</w:p>"), {("p1",): "<g1>Ici</g1>, regardez"})
    assert tree(new).xpath("string(//w:hyperlink)", namespaces=W) == "Ici"


def test_revision_marks_are_taken_as_accepted():
    runs = f'{run("Two")}<w:del w:id="1"><w:r><w:delText> old</w:delText></w:r></w:del><w:ins w:id="2">{run(" new")}</w:ins>'
    assert text(runs + '<w:moveFrom w:id="3">' + run(" gone") + "</w:moveFrom>" + run(" seeds")) == "Two new seeds"


def test_sections_tables_headers_and_notes_have_keys_of_their_own():
    heading = f'<w:p><w:pPr><w:pStyle w:val="Titre1"/></w:pPr>{run("One")}</w:p>'
    step = f'<w:p><w:pPr><w:pStyle w:val="Step"/></w:pPr>{run("Sub")}</w:p>'
    cell = f"<w:tc><w:p>{run('a')}</w:p><w:tbl><w:tr><w:tc><w:p>{run('b')}</w:p></w:tc></w:tr></w:tbl></w:tc>"
    footer = f'<w:ftr xmlns:w="{MAIN}"><w:p>{run("Foot")}</w:p></w:ftr>'
    assert list(texts(word(f"{heading}{step}<w:tbl><w:tr>{cell}</w:tr></w:tbl>", footer2=footer))) == [
        ("s1", "heading"),
        ("s1", "s1", "heading"),
        ("s1", "s1", "table1", "r1c1", "p1"),
        ("s1", "s1", "table1", "r1c1", "table1", "r1c1", "p1"),
        ("footer2", "p1"),
    ]


def test_a_text_box_is_translated_with_the_paragraph_it_hangs_on():
    box = f"<w:r><w:pict><v><w:txbxContent><w:p>{run('Inside')}</w:p></w:txbxContent></v></w:pict></w:r>"
    document = word(f"<w:p>{run('Around ')}{box}{run(' it')}</w:p>")
    assert texts(document) == {("p1",): "Around <x1/> it", ("box1", "p1"): "Inside"}
    new = merged(document, {("p1",): "Autour <x1/> de", ("box1", "p1"): "Dedans"}, "fr")
    assert texts(new) == {("p1",): "Autour <x1/> de", ("box1", "p1"): "Dedans"}


def test_comments_are_for_authors():
    comments = f'<w:comments xmlns:w="{MAIN}"><w:comment w:id="0"><w:p>{run("Why?")}</w:p></w:comment></w:comments>'
    marks = f'<w:commentRangeStart w:id="0"/>{run("Because")}<w:commentRangeEnd w:id="0"/>'
    assert texts(word(f"<w:p>{marks}</w:p>", comments=comments)) == {("p1",): "Because"}


def test_a_text_in_arabic_runs_right_to_left_and_one_still_in_english_does_not():
    new = merged(word(f"<w:p>{run('Seeds', BOLD)}</w:p><w:p>{run('Later')}</w:p>"), {("p1",): "بذور"}, "ar")
    first, second = tree(new).findall(".//w:p", W)
    assert first.find("w:pPr/w:bidi", W) is not None
    assert [child.tag.rpartition("}")[2] for child in first.find("w:r/w:rPr", W)] == ["b", "rtl"]
    assert second.find(".//w:bidi", W) is None
    assert tree(new).find(".//w:sectPr/w:bidi", W) is not None


def test_a_text_in_french_gets_no_direction():
    new = merged(word(f"<w:p>{run('Seeds')}</w:p>"), {("p1",): "Graines"}, "fr")
    assert b"bidi/" not in unpacked(new.content)["word/document.xml"]
    assert tree(new, "word/styles.xml").xpath("string(//w:lang/@w:val)", namespaces=W) == "fr"


def test_only_what_changed_is_another_member():
    document = word(f"<w:p>{run('Seeds')}</w:p>", title="Help")
    before, after = unpacked(document.content), unpacked(merged(document, {("p1",): "Graines"}).content)
    assert [name for name in before if before[name] != after[name]] == ["word/document.xml"]


@pytest.mark.parametrize("case", ["docx/arabic", "docx/french", "odt/arabic", "odt/russian"])
def test_a_golden_document_is_whole_and_says_what_was_served(case):
    source = next((GOLDEN / case).glob("expected.*"))
    members = unpacked(source.read_bytes())
    assert list(members) == list(unpacked(source.with_stem("source").read_bytes()))
    for name, content in members.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)


def odf(inside: str, **more: str) -> Document:
    space = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style", "draw")
    )
    body = f"<office:body><office:text>{inside}</office:text></office:body>"
    body = f"<office:document-content {space}>{more.get('styles', '')}{body}</office:document-content>"
    return Document("help.odt", archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body}))


def open_texts(document: Document) -> dict:
    return dict(OpenDocument().read(document).values)


def test_blanks_of_an_open_document_are_read_as_its_readers_see_them():
    document = odf(
        '<text:p>\n  Two   <text:span text:style-name="T1"> words</text:span><text:s text:c="2"/><text:tab/>end</text:p>'
    )
    assert open_texts(document) == {("p1",): "Two <g1>words</g1>  \tend"}


def test_blanks_are_written_so_that_none_is_lost():
    document = odf("<text:p>Two words</text:p>")
    resource = OpenDocument().extract(document)
    new = OpenDocument().merge(resource, served({("p1",): "Deux   mots\nici\tlà"}))
    assert b'Deux <text:s text:c="2"/>mots<text:line-break/>ici<text:tab/>l' in unpacked(new)["content.xml"]
    assert open_texts(Document("help.odt", new)) == {("p1",): "Deux   mots\nici\tlà"}


def test_a_style_that_changes_nothing_is_no_code():
    styles = (
        '<office:automatic-styles><style:style style:name="T9" style:family="text"><style:text-properties '
        'officeooo:rsid="0a" xmlns:officeooo="http://openoffice.org/2009/office"/></style:style></office:automatic-styles>'
    )
    assert open_texts(odf('<text:p>See<text:span text:style-name="T9">ds</text:span></text:p>', styles=styles)) == {
        ("p1",): "Seeds"
    }


def test_notes_and_annotations_of_an_open_document():
    below = "<text:note-body><text:p>Below</text:p></text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{below}</text:note>"
    annotation = "<office:annotation><text:p>Why?</text:p></office:annotation>"
    assert open_texts(odf(f"<text:p>Above{note} all{annotation} else</text:p>")) == {
        ("p1",): "Above<x2/> all<x1/> else",
        ("box1", "p1"): "Below",
    }


@pytest.mark.parametrize(
    ("extractor", "members", "reason"),
    [
        (WordDocument(), {"content.xml": "<a/>"}, "holds no Word document"),
        (WordDocument(), {"word/document.xml": "<a>"}, "in its word/document.xml, "),
        (
            WordDocument(),
            {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
            "in its word/document.xml, ",
        ),
        (WordDocument(), {"word/document.xml": "<a>" * 5000}, "levels deep"),
        (WordDocument(), {"word/document.xml": b"\xff\xfe<\0a\0/\0>\0"}, "is not UTF-8"),
        (OpenDocument(), {"word/document.xml": "<a/>"}, "holds no OpenDocument text"),
        (OpenDocument(), {"content.xml": "?", "META-INF/manifest.xml": "<m:encryption-data/>"}, "is encrypted"),
    ],
)
def test_a_broken_document_is_refused(extractor, members, reason):
    with pytest.raises(ExtractionError) as caught:
        extractor.extract(Document("help", archive(members)))
    assert reason in caught.value.reason
