"""Word documents: the paragraphs of a DOCX file with its headers, footers and notes; formats and links are numbered tags."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from extractors.office_codes import inline
from extractors.office_text import BOX, OfficeDocument, outermost, right_to_left, with_attribute
from extractors.outlines import Outline
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.word_runs import read_runs, said_of, written_runs
from extractors.xml_spans import Element, local
from extractors.zip_members import Package, Part, escaped, refusal
from tm_service.domain.findings import Finding
from tm_service.domain.units import Document, Key, Locale

_BODY, _STYLES, _CORE = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_BESIDE = re.compile(r"word/(?P<name>(?:header|footer)(?P<number>\d*)|footnotes|endnotes)\.xml")
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_BODY_TEXT = 9  # the outline level of what is no heading
_SKIPPED = frozenset(["pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "del", "moveFrom"])
# What stands after `bidi` in the schema (ECMA-376 part 1, 17.3.1.26, 17.6.17, 17.4.59).
_AFTER_BIDI = frozenset(
    [
        "adjustRightInd",
        "snapToGrid",
        "spacing",
        "ind",
        "contextualSpacing",
        "mirrorIndents",
        "suppressOverlap",
        "jc",
        "textDirection",
        "textAlignment",
        "textboxTightWrap",
        "outlineLvl",
        "divId",
        "cnfStyle",
        "rPr",
        "sectPr",
        "pPrChange",
    ]
)
_AFTER_SECTION_BIDI = frozenset(["rtlGutter", "docGrid", "printerSettings", "sectPrChange"])
_AFTER_VISUAL = frozenset(
    [
        "tblStyleRowBandSize",
        "tblStyleColBandSize",
        "tblW",
        "jc",
        "tblCellSpacing",
        "tblInd",
        "tblBorders",
        "shd",
        "tblLayout",
        "tblCellMar",
        "tblLook",
        "tblCaption",
        "tblDescription",
        "tblPrChange",
    ]
)


class WordDocument(OfficeDocument):
    """DOCX (ECMA-376): a unit is a paragraph, known by its section and number; the document's title is one, too."""

    def members(self, names: Collection[str], document: Document) -> tuple[str, ...]:
        """The text first, then what is printed around it."""
        if _BODY not in names:
            raise refusal(document, "the archive holds no Word document; save it as a Word document (.docx)")
        beside = sorted((name for name in names if _BESIDE.fullmatch(name)), key=lambda name: (len(name), name))
        return (_BODY, *beside, *(name for name in (_CORE, _STYLES) if name in names))

    def found(self, package: Package, locale: Locale) -> Iterator[Slot | Finding]:
        """Every paragraph that has text."""
        levels = _levels(package.parts[_STYLES].root) if _STYLES in package.parts else {}
        for name, part in package.parts.items():
            beside = _BESIDE.fullmatch(name)
            if name == _CORE:
                yield from _title(part)
            elif name == _BODY or beside:
                yield from _Walk(part, levels, right_to_left=right_to_left(locale)).slots(
                    part.root, Outline(beside["name"]) if beside else Outline()
                )

    def language(self, package: Package, locale: Locale) -> Iterator[Splice]:
        """The language its texts are spelt in; where it runs right to left, so do sections and tables."""
        for name, part in package.parts.items():
            for element in part.root.walk() if name in (_BODY, _STYLES) else ():
                kind, prefix = local(element.name), _prefix(element)
                if name == _STYLES:
                    spelt = kind == "docDefaults" and element.find("rPrDefault")
                    for default in spelt.walk() if spelt else ():
                        if local(default.name) == "lang":
                            attribute = "bidi" if right_to_left(locale) else "val"
                            yield from with_attribute(part, default, f"{prefix}{attribute}", locale)
                elif right_to_left(locale) and kind == "sectPr":
                    yield from _with_child(part, element, f"{prefix}bidi", _AFTER_SECTION_BIDI)
                elif right_to_left(locale) and kind == "tblPr":
                    yield from _with_child(part, element, f"{prefix}bidiVisual", _AFTER_VISUAL)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Walks the blocks of a part; `levels` are those of headings, by the names of styles."""

    part: Part
    levels: dict[str, int]
    right_to_left: bool

    def slots(self, block: Element, outline: Outline) -> Iterator[Slot]:
        for child in block.elements:
            name = local(child.name)
            if name in _SKIPPED:
                continue
            if name == "p":
                level = self.level(child)
                key = outline.heading(level) if level else outline.block("p")
                yield from self.paragraph(child, key)
                yield from self.boxes(child, outline)
            elif name == "tbl":
                yield from self.table(child, outline.block("table"))
            elif name in ("footnote", "endnote"):
                if not said_of(child, "type"):
                    yield from self.slots(child, Outline(f"{name}s", said_of(child, "id")))
            else:
                yield from self.slots(child, outline)

    def table(self, table: Element, key: Key) -> Iterator[Slot]:
        for row_number, row in enumerate(outermost(table, "tr"), 1):
            for number, cell in enumerate(outermost(row, "tc"), 1):
                yield from self.slots(cell, Outline(*key, f"r{row_number}c{number}"))

    def boxes(self, paragraph: Element, outline: Outline) -> Iterator[Slot]:
        """Texts in boxes that are anchored in a paragraph."""
        for child in outermost(paragraph, "txbxContent"):
            yield from self.slots(child, Outline(*outline.block(BOX)))

    def level(self, paragraph: Element) -> int:
        """The level of a heading from 1, 0 for other paragraphs."""
        properties = paragraph.find("pPr")
        if properties is None:
            return 0
        own, style = properties.find("outlineLvl"), properties.find("pStyle")
        if own:
            return _outline_level(own)
        return self.levels.get(said_of(style, "val"), 0) if style else 0

    def paragraph(self, paragraph: Element, key: Key) -> Iterator[Slot]:
        nodes, look = read_runs(self.part, paragraph)
        content = inline(nodes)
        if content is None:
            return
        prefix, properties = _prefix(paragraph), paragraph.find("pPr")
        begin = properties.end if properties else paragraph.inner

        def write(text: str) -> Iterator[Splice]:
            runs = written_runs(content.nodes(text), look, prefix, right_to_left=self.right_to_left)
            yield self.part.put(begin, paragraph.close, runs)
            if self.right_to_left and properties:
                yield from _with_child(self.part, properties, f"{prefix}bidi", _AFTER_BIDI)
            elif self.right_to_left:
                yield self.part.put(begin, begin, f"<{prefix}pPr><{prefix}bidi/></{prefix}pPr>")

        yield Slot(key, content.text, write)


def _title(part: Part) -> Iterator[Slot]:
    title = part.root.find("title")
    if title and title.inner < title.end:
        yield Slot(("title",), title.text, lambda text: (part.put(title.inner, title.close, escaped(text)),))


def _levels(styles: Element) -> dict[str, int]:
    """Levels of the styles that are headings, by their names in the file; what they are called is English everywhere."""
    levels = {}
    for style in styles.elements:
        named, properties = style.find("name"), style.find("pPr")
        own = properties.find("outlineLvl") if properties else None
        heading = _HEADING.fullmatch(said_of(named, "val")) if named else None
        level = int(heading[1]) if heading else _outline_level(own) if own else 0
        if level:
            levels[said_of(style, "styleId")] = level
    return levels


def _outline_level(element: Element) -> int:
    said = said_of(element, "val")
    return int(said) + 1 if re.fullmatch("[0-8]", said) else 0


def _with_child(part: Part, parent: Element, name: str, after: Collection[str]) -> Iterator[Splice]:
    """Put an empty element among the properties, where the schema has it; one that is there is made to count."""
    there = parent.find(local(name))
    if there:
        if there.attributes:
            yield part.put(there.begin, there.end, f"<{name}/>")
    elif parent.inner == parent.end:
        yield part.put(parent.begin, parent.end, f"{part.written(parent)[:-2].rstrip()}><{name}/></{parent.name}>")
    else:
        place = next((child.begin for child in parent.elements if local(child.name) in after), parent.close)
        yield part.put(place, place, f"<{name}/>")


def _prefix(element: Element) -> str:
    return element.name[: -len(local(element.name))]
