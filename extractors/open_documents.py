"""OpenDocument texts: the paragraphs of an ODT file with its notes, headers and footers; formats are numbered tags."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from extractors.office_codes import Alone, Group, Node, inline
from extractors.office_text import BOX, OfficeDocument, outermost, right_to_left, with_attribute
from extractors.outlines import Outline
from extractors.slots import Slot, put
from extractors.splices import Splice
from extractors.xml_spans import Comment, Element, Run, local
from extractors.zip_members import Package, Part, escaped, read, refusal
from tm_service.domain.findings import Finding
from tm_service.domain.units import Document, Key, Locale

_CONTENT, _STYLES, _META, _MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
_SKIPPED = frozenset(["tracked-changes", "annotation", "forms", "automatic-styles", "font-face-decls", "scripts"])
_NO_LOOK = frozenset("rsid paragraph-rsid language country language-asian country-asian language-complex".split())  # noqa: SIM905
_BLANKS = re.compile(r"[ \t\r\n]+")
_PIECE = re.compile(r" +|[\t\n]|[^ \t\n]+")
_CODE = re.compile(r"(?P<language>[A-Za-z]+)(?:[-_][A-Za-z]{4})?(?:[-_](?P<country>[A-Za-z]{2}|\d{3}))?")
_ASIAN = frozenset(["zh", "ja", "ko"])
_MOST_SPACES = 1000  # that one element stands for


class OpenDocument(OfficeDocument):
    """ODT (ISO 26300): a unit is a paragraph, known by its section and number; the document's title is one, too."""

    def members(self, names: Collection[str], document: Document) -> tuple[str, ...]:
        """The text, then headers and footers, which stand among the styles."""
        if _CONTENT not in names:
            raise refusal(document, "the archive holds no OpenDocument text; save it as an ODF text document (.odt)")
        if _MANIFEST in names and b"encryption-data" in read(document, (_MANIFEST,))[_MANIFEST]:
            raise refusal(document, "the file is encrypted; save it without a password")
        return (_CONTENT, *(name for name in (_STYLES, _META) if name in names))

    def found(self, package: Package, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every paragraph that has text."""
        body, styles, meta = (package.parts.get(name) for name in (_CONTENT, _STYLES, _META))
        if body:
            yield from _Walk(body, _plain_styles(body)).slots(body.root, Outline())
        if styles:
            walk = _Walk(styles, _plain_styles(styles))
            for page in outermost(styles.root, "master-page"):
                for block in page.elements:
                    yield from walk.slots(block, Outline(page.value("style:name"), local(block.name)))
        for title in outermost(meta.root, "title") if meta else ():
            if meta and title.inner < title.end:
                write = put(meta.begin + title.inner, meta.begin + title.close, escaped)
                yield Slot(("title",), title.text, write)

    def language(self, package: Package, locale: Locale) -> Iterator[Splice]:
        """The language its texts are spelt in, and the direction of its paragraphs and pages."""
        for part in package.parts.values():
            for element in part.root.walk():
                kind = local(element.name)
                if kind == "language" and part.name == _META and element.inner < element.end:
                    yield part.put(element.inner, element.close, escaped(locale))
                elif kind == "page-layout-properties" and right_to_left(locale):
                    yield from with_attribute(part, element, "style:writing-mode", "rl-tb")
                elif kind == "default-style" and element.value("style:family") == "paragraph":
                    yield from _spoken(part, element, locale)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Walks the blocks of a part; `plain` are styles of letters that change nothing a reader sees."""

    part: Part
    plain: frozenset[str]

    def slots(self, block: Element, outline: Outline) -> Iterator[Slot]:
        for child in block.elements:
            name = local(child.name)
            if name in ("p", "h"):
                said = next(
                    (value.value for key, value in child.attributes.items() if local(key) == "outline-level"), "1"
                )
                level = int(said) if re.fullmatch("[0-9]{1,2}", said) else 1
                yield from self.paragraph(child, outline.heading(level) if name == "h" else outline.block("p"))
                for inner in outermost(child, "text-box", "note-body"):
                    yield from self.slots(inner, Outline(*outline.block(BOX)))
            elif name == "table":
                key = outline.block("table")
                for row_number, row in enumerate(outermost(child, "table-row"), 1):
                    for number, cell in enumerate(outermost(row, "table-cell"), 1):
                        yield from self.slots(cell, Outline(*key, f"r{row_number}c{number}"))
            elif name not in _SKIPPED:
                yield from self.slots(child, outline)

    def paragraph(self, paragraph: Element, key: Key) -> Iterator[Slot]:
        content = inline(_Reader(self.part, self.plain).nodes(paragraph))
        if content is None:
            return
        prefix = paragraph.name[: -len(local(paragraph.name))]

        def write(text: str) -> tuple[Splice]:
            written = _Writer(prefix).written(content.nodes(text.replace("\r\n", "\n").replace("\r", "\n")))
            return (self.part.put(paragraph.inner, paragraph.close, written),)

        yield Slot(key, content.text, write)


class _Reader:
    """Reads a paragraph: blanks are one space, and none at its begin (ODF 1.3 part 3, 6.1.2)."""

    def __init__(self, part: Part, plain: frozenset[str]) -> None:
        self.part, self.plain = part, plain
        self.after_blank = True

    def nodes(self, element: Element) -> list[Node]:
        nodes: list[Node] = []
        for child in element.children:
            for node in () if isinstance(child, Comment) else self.read(child):
                _append(nodes, node)
        return nodes

    def read(self, child: Element | Run) -> Iterable[Node]:
        if isinstance(child, Run):
            text = _BLANKS.sub(" ", child.text)
            text = text.removeprefix(" ") if self.after_blank else text
            self.after_blank = text.endswith(" ") or (self.after_blank and not text)
            return (text,)
        name = local(child.name)
        if name == "soft-page-break":
            return ()
        if name in ("s", "tab", "line-break"):
            self.after_blank = False
            count = next((value.value for key, value in child.attributes.items() if local(key) == "c"), "1")
            spaces = min(int(count), _MOST_SPACES) if re.fullmatch("[0-9]{1,6}", count) else 1
            return ({"s": " " * spaces, "tab": "\t", "line-break": "\n"}[name],)
        if name in ("span", "a", "meta", "meta-field"):
            style = next((value.value for key, value in child.attributes.items() if local(key) == "style-name"), "")
            inside = tuple(self.nodes(child))
            if name == "span" and (style in self.plain or not inside):
                return inside
            text = self.part.page.text
            if any(isinstance(node, str | Group) for node in inside):
                look = style if name == "span" else ""
                return (Group(text[child.begin : child.inner], text[child.close : child.end], look, inside),)
        self.after_blank = False
        return (Alone(self.part.written(child)),)


def _append(nodes: list[Node], node: Node) -> None:
    """Texts that follow each other are one, and so are stretches of one look."""
    last = nodes[-1] if nodes else None
    if isinstance(node, str) and isinstance(last, str):
        nodes[-1] = last + node
    elif isinstance(node, Group) and isinstance(last, Group) and node.look and node.opens == last.opens:
        inside = list(last.nodes)
        for inner in node.nodes:
            _append(inside, inner)
        nodes[-1] = replace(last, nodes=tuple(inside))
    elif node:
        nodes.append(node)


class _Writer:
    """Writes a paragraph so that every blank of its text is seen."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.after_blank = True

    def written(self, nodes: Iterable[Node]) -> str:
        written = []
        for node in nodes:
            if isinstance(node, Group):
                written.append(f"{node.opens}{self.written(node.nodes)}{node.closes}")
            elif isinstance(node, Alone):
                self.after_blank = False
                written.append(node.written)
            else:
                written += map(self.piece, _PIECE.findall(node))
        return "".join(written)

    def piece(self, piece: str) -> str:
        if piece[0] != " ":
            self.after_blank = False
            return {"\t": f"<{self.prefix}tab/>", "\n": f"<{self.prefix}line-break/>"}.get(piece) or escaped(piece)
        plain = "" if self.after_blank else " "
        more = len(piece) - len(plain)
        self.after_blank = not more
        return plain + (f'<{self.prefix}s {self.prefix}c="{more}"/>' if more else "")


def _plain_styles(part: Part) -> frozenset[str]:
    """Styles that an office program makes to remember who typed what and in which language."""
    plain = set()
    for automatic in outermost(part.root, "automatic-styles"):
        for style in automatic.elements:
            names = {
                local(name) for said in style.elements for name in said.attributes if not name.startswith("xmlns:")
            }
            if style.value("style:family") == "text" and names <= _NO_LOOK:
                plain.add(style.value("style:name"))
    return frozenset(plain)


def _spoken(part: Part, default: Element, locale: Locale) -> Iterator[Splice]:
    """The language of the default style, where letters of its script have theirs."""
    code = _CODE.match(locale)
    language, country = (code["language"].lower(), code["country"] or "none") if code else (locale, "none")
    kind = "-complex" if right_to_left(locale) else "-asian" if language in _ASIAN else ""
    space = "style" if kind else "fo"
    for properties in default.elements:
        if local(properties.name) == "paragraph-properties" and right_to_left(locale):
            yield from with_attribute(part, properties, "style:writing-mode", "rl-tb")
        elif local(properties.name) == "text-properties":
            yield from with_attribute(part, properties, f"{space}:language{kind}", language)
            yield from with_attribute(part, properties, f"{space}:country{kind}", country)
