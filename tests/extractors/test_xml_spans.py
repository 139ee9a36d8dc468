"""XML spans: what is read of a file is what lxml reads, where it stands, and what is refused, with its place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from extractors.pages import Page, page
from extractors.splices import splice
from extractors.xml_spans import LARGEST, Comment, Element, encoding, read_xml
from extractors.xml_writing import inner_text, put_text, put_value
from tests.extractors.android_documents import android_samples
from tests.extractors.resx_documents import resx_samples
from tests.extractors.site_xliff_documents import xliff_samples
from tests.extractors.xml_writer import TARGETS
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

_quick = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def tree(text: str, **more: str) -> Element:
    return read_xml(Page("a.xml", text, **more))


def refusal(text: str) -> ExtractionError:
    with pytest.raises(ExtractionError) as caught:
        tree(text)
    return caught.value


def _same(ours: Element, theirs: etree._Element) -> None:
    names = {name: found.value for name, found in ours.attributes.items() if not name.startswith("xmlns")}
    assert ours.name.rpartition(":")[2] == etree.QName(theirs).localname
    assert sorted(names.values()) == sorted(theirs.attrib.values())
    children = [child for child in theirs if isinstance(child.tag, str)]
    text = (theirs.text or "") + "".join(child.tail or "" for child in theirs)
    assert ours.text == text
    for our, their in zip(ours.elements, children, strict=True):
        _same(our, their)


@_quick
@given(st.one_of(android_samples(), resx_samples(), xliff_samples()))
def test_a_file_is_read_as_lxml_reads_it(sample):
    content = sample.document.content
    _same(read_xml(page(sample.document, encoding(content))), etree.fromstring(content))


@_quick
@given(st.one_of(android_samples(), xliff_samples()))
def test_every_element_stands_where_it_says(sample):
    opened = page(sample.document, encoding(sample.document.content))
    for element in read_xml(opened).walk():
        assert opened.text[element.begin :].startswith(f"<{element.name}")
        assert opened.text[element.inner - 1] == ">"
        assert opened.text[element.end - 1] == ">"
        for found in element.attributes.values():
            assert opened.text[found.begin - 1] == opened.text[found.end] == found.quote


@_quick
@given(
    TARGETS, st.sampled_from(["<a>x</a>", "<a/>", "<a>x<b/> y</a>", "<a><![CDATA[x]]></a>", "<a>it&apos;s &gt;</a>"])
)
def test_whatever_is_written_is_well_formed_and_read_back(text, place):
    for coding in ("utf-8", "iso-8859-6"):
        opened = Page("a.xml", place, coding)
        written = splice(place, [put_text(opened, tree(place), text)])
        etree.fromstring(written)
        again = Page("a.xml", written, coding)
        assert inner_text(again, read_xml(again)) == text
        assert opened.encoded(written)


@_quick
@given(TARGETS, st.sampled_from(['<a b="x"/>', "<a b='x'/>", '<a b="&#xe9;&gt;">y</a>']))
def test_whatever_is_written_into_an_attribute_is_read_back(text, place):
    opened = Page("a.xml", place, "iso-8859-1")
    written = splice(place, [put_value(opened, tree(place).attributes["b"], text)])
    assert etree.fromstring(written.encode()).get("b") == tree(written).value("b") == text


def test_a_place_is_written_as_it_was():
    def written(place: str, text: str) -> str:
        return splice(place, [put_text(Page("a.xml", place), tree(place), text)])

    assert written("<a>it&apos;s&#160;so</a>", "l'eau\xa0& > le") == "<a>l&apos;eau&#160;&amp; &gt; le</a>"
    assert written("<a>a > b</a>", "b > ]]> c") == "<a>b > ]]&gt; c</a>"
    assert written("<a><![CDATA[x]]></a>", "a ]]> b") == "<a><![CDATA[a ]]]]><![CDATA[> b]]></a>"
    assert written("<a>x\r\ny</a>", "p\nq") == "<a>p\r\nq</a>"
    assert written("<a />", "p") == "<a>p</a>"
    assert written("<a>&#1076;&#1072;</a>", "нет") == "<a>&#1085;&#1077;&#1090;</a>"
    assert written("<a>\x85</a>", "a\x00\x0b\ufffeb") == "<a>ab</a>"


def test_a_tag_that_the_place_does_not_know_or_that_does_not_pair_is_characters():
    place = '<a><g id="1">x</g><x/></a>'

    def written(text: str) -> str:
        return splice(place, [put_text(Page("a.xml", place), tree(place), text)])

    assert written('<g id="2">y</g>') == '<a><g id="2">y</g></a>'
    assert written('<g on="2">y</g>') == '<a>&lt;g on="2"&gt;y&lt;/g&gt;</a>'
    assert written("<g>y<x/></g></g>") == "<a><g>y<x/></g>&lt;/g&gt;</a>"
    assert written("</g><g>y") == "<a>&lt;/g&gt;&lt;g&gt;y</a>"
    assert written("<g><g>y</g>") == "<a>&lt;g&gt;<g>y</g></a>"
    assert written('<g id="&bad;">y</g>') == '<a>&lt;g id="&amp;bad;"&gt;y&lt;/g&gt;</a>'
    assert written('<g id="&#0;">y</g>') == '<a>&lt;g id="&amp;#0;"&gt;y&lt;/g&gt;</a>'
    assert written("<script>y</script>") == "<a>&lt;script&gt;y&lt;/script&gt;</a>"


def test_comments_keep_their_place_and_are_no_text():
    root = tree("<a>x<!-- y --><![CDATA[z]]></a>")
    assert root.text == "xz"
    assert [child.text for child in root.children if isinstance(child, Comment)] == [" y "]


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("", 1, 1, "the file is empty or ends too early"),
        ("<a>\n <b></a>", 2, 7, "this end tag has another name"),
        ("<a>\n & </a>", 2, 3, "this is not XML"),
        ("<a b='1' b='2'/>", 1, 10, "an attribute stands twice"),
        ("<a/>\n<b/>", 2, 1, "something follows after the end of the root"),
        ("<a>é &nbsp;</a>", 1, 6, "this entity is not defined"),
        ("<a>&#0;</a>", 1, 4, "this number is that of no character"),
        ("<a>\0</a>", 1, 4, "a zero byte stands here"),
        ("<a>\x01</a>", 1, 4, "this is not XML"),
        ("<!DOCTYPE a><a/>", 1, 1, "a DOCTYPE can make a reader fetch"),
        ('<!DOCTYPE a SYSTEM "http://seeds.example/a.dtd"><a/>', 1, 1, "a DOCTYPE can make a reader fetch"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 1, 1, "a DOCTYPE can make a reader fetch"),
        ('<?xml version="1.0" encoding="utf-7"?><a/>', 1, 31, "the encoding utf-7 is not read here"),
        ('<?xml version="1.0" encoding="hex"?><a/>', 1, 31, "the encoding hex is not read here"),
        ("<a>" * 101 + "</a>" * 101, 1, 301, "<a> stands more than 100 levels deep"),
        ("<a>" * 2_000_000, 1, 301, "<a> stands more than 100 levels deep"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, line, column, reason):
    error = refusal(text)
    assert (error.line, error.column) == (line, column)
    assert reason in error.reason


def test_a_doctype_of_the_format_is_passed_over_and_its_entities_are_not():
    plist = '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">'
    allowed = frozenset(["plist"])
    assert read_xml(Page("a", f"{plist}<plist>x</plist>"), allowed).text == "x"
    for text in (f"{plist}<plist>&x;</plist>", '<!DOCTYPE plist [<!ENTITY x "y">]><plist>&x;</plist>'):
        with pytest.raises(ExtractionError):
            read_xml(Page("a", text), allowed)


def test_too_large_a_file_is_refused():
    assert f"more than {LARGEST:,} characters" in refusal("<a>" + "x" * LARGEST).reason


@pytest.mark.parametrize("name", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_a_declared_encoding_is_honoured(name):
    content = f'<?xml version="1.0" encoding="{name}"?><a>Ботанический сад</a>'.encode(
        encoding(f'<?xml version="1.0" encoding="{name}"?>'.encode())
    )
    assert read_xml(page(Document("a.xml", content), encoding(content))).text == "Ботанический сад"


def test_a_hostile_file_is_refused_and_hostile_tags_are_characters():
    """All of it ends at once; the suite would stand still otherwise."""
    for text in (
        "<a " + "b='" * 20_000,
        "<a>" + "<!--" * 20_000,
        "<a>" + "]]>" * 20_000 + "</a>",
        "<![CDATA[" * 20_000,
    ):
        refusal(text)
    place = "<a><g/><x/></a>"
    written = splice(place, [put_text(Page("a.xml", place), tree(place), "<g>" * 20_000 + "</x>" * 20_000)])
    assert next(tree(written).elements, None) is None
