"""Word and OpenDocument files as hypothesis draws them: formats, links, fields, tables, headings, revision marks."""

from hypothesis import strategies as st

from tests.extractors.archives import archives, xml
from tests.extractors.contract import Room, Sample
from tests.extractors.word_texts import MAIN, run, word_members

_SAFE = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
_WORD = st.text(st.one_of(st.sampled_from("ab<>&\"'/gx1é中ع😀"), _SAFE), min_size=1, max_size=8)
_TARGETS = st.lists(_WORD, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from([" ", "  ", "\n", "\t"]).map(lambda blank: blank.join(words))
)
_LOOKS = ("", "<w:b/>", '<w:i/><w:color w:val="008000"/>')
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = (
    " ".join(
        f'xmlns:{name}="{_ODF}{path}:1.0"'
        for name, path in {
            "office": "office",
            "text": "text",
            "table": "table",
            "style": "style",
            "draw": "drawing",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)


def _inline_word(draw: st.DrawFn) -> str:
    """Runs of a paragraph, some of which are no text."""
    pieces = []
    for word in draw(st.lists(_WORD, min_size=1, max_size=4)):
        look = draw(st.sampled_from(_LOOKS))
        kind = draw(st.integers(0, 6))
        pieces += {
            1: ['<w:proofErr w:type="spellStart"/>', run(word, look + '<w:lang w:val="en"/>')],
            2: [f'<w:hyperlink r:id="rId7" w:history="1">{run(word, look)}{run(" ", "<w:u/>")}</w:hyperlink>'],
            3: [
                f'<w:ins w:id="1">{run(word, look)}</w:ins><w:del w:id="2"><w:r><w:delText>x</w:delText></w:r></w:del>'
            ],
            4: [f"<w:r><w:t>{xml(word)}</w:t><w:tab/><w:t>{xml(word)}</w:t><w:br/></w:r>"],
        }.get(kind, [run(word, look)])
    if draw(st.booleans()):
        pieces.append('<w:r><w:footnoteReference w:id="2"/></w:r>')
    return "".join(pieces)


@st.composite
def word_samples(draw: st.DrawFn) -> Sample:
    keys = []
    section, paragraphs, inside = 0, 0, []
    for _ in range(draw(st.integers(1, 4))):
        text = _inline_word(draw)
        kind = draw(st.sampled_from(["p", "p", "heading", "table", "empty"]))
        if kind == "heading":
            section, paragraphs = section + 1, 0
            keys.append((f"s{section}", "heading"))
            inside.append(f'<w:p><w:pPr><w:pStyle w:val="Titre1"/><w:jc w:val="left"/></w:pPr>{text}</w:p>')
            continue
        start = (f"s{section}",) if section else ()
        if kind == "table":
            inside.append(f"<w:tbl><w:tblPr/><w:tr><w:tc><w:p>{text}</w:p></w:tc></w:tr></w:tbl>")
            tables = sum(key[: len(start)] == start and key[-2:] == ("r1c1", "p1") for key in keys)
            keys.append((*start, f"table{tables + 1}", "r1c1", "p1"))
            continue
        paragraphs += 1
        inside.append("<w:p/>" if kind == "empty" else f"<w:p>{text}</w:p>")
        keys += [(*start, f"p{paragraphs}")] if kind == "p" else []
    beside = {}
    if draw(st.booleans()):
        beside["header1"] = f'<w:hdr xmlns:w="{MAIN}"><w:p>{run(draw(_WORD))}</w:p></w:hdr>'
        keys.append(("header1", "p1"))
    content = draw(archives(word_members("".join(inside), draw(_WORD), **beside)))
    return Sample(((None, content), *((key, b"") for key in [*keys, ("title",)])), "help.docx")


def _inline_odf(draw: st.DrawFn) -> str:
    pieces = []
    for word in draw(st.lists(_WORD, min_size=1, max_size=4)):
        kind, said = draw(st.integers(0, 6)), xml(word)
        pieces.append(
            {
                1: f'<text:span text:style-name="T1">{said}</text:span>',
                2: f'<text:span text:style-name="T2">{said}</text:span>',
                3: f'<text:a xlink:href="https://x.example/?a=1&amp;b=2">{said}<text:s text:c="2"/></text:a>',
                4: f"{said}\n   <text:tab/>{said}<text:line-break/>",
            }.get(kind, said)
        )
    if draw(st.booleans()):
        pieces.append('<text:bookmark text:name="here"/>')
    return "".join(pieces)


@st.composite
def open_samples(draw: st.DrawFn) -> Sample:
    keys = []
    section, paragraphs, inside = 0, 0, []
    for _ in range(draw(st.integers(1, 4))):
        text = _inline_odf(draw)
        if draw(st.booleans()):
            section, paragraphs = section + 1, 0
            keys.append((f"s{section}", "heading"))
            inside.append(f'<text:h text:outline-level="1">{text}</text:h>')
        else:
            paragraphs += 1
            keys.append((f"s{section}", f"p{paragraphs}") if section else (f"p{paragraphs}",))
            inside.append(f"<text:list><text:list-item><text:p>{text}</text:p></text:list-item></text:list>")
    body = "\n".join(inside)
    content = draw(
        archives(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "content.xml": f"<?xml version='1.0'?><office:document-content {_SPACES}><office:automatic-styles>"
                '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
                '<style:style style:name="T2" style:family="text"><style:text-properties fo:language="en"/></style:style>'
                f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>",
                "META-INF/manifest.xml": "<manifest/>",
            }
        )
    )
    return Sample(((None, content), *((key, b"") for key in keys)), "help.odt")


ROOMS = {
    ("docx", ""): Room(word_samples(), _TARGETS, "ar", framed=False),
    ("odt", ""): Room(open_samples(), _TARGETS, "ar", framed=False),
}
