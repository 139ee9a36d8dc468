"""XML spans: where the tags, attributes and texts of an XML file stand, so that one can be replaced without touching the rest.

Expat says whether a file is XML at all; what it accepts is then taken apart by where it stands. Nothing is ever fetched or
expanded: a document type is only accepted where a format always has one, and then without declarations of its own.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from extractors.pages import Page
from tm_service.domain.errors import ExtractionError

DEEPEST = 100  # elements within elements
LARGEST = 20_000_000  # characters of a file
MOST = 300_000  # elements of a file

REFERENCE = re.compile(
    r"&(?:#x0*(?P<hexadecimal>[0-9a-fA-F]{1,6})|#0*(?P<decimal>[0-9]{1,7})|(?P<name>lt|gt|amp|quot|apos));"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

# Only encodings in which what is scanned is what is parsed; UTF-7 and its like can hide markup.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    **{f"iso-8859-{part}": f"iso-8859-{part}" for part in range(1, 17) if part != 12},  # noqa: PLR2004 - it never was
    **{f"windows-125{part}": f"cp125{part}" for part in range(9)},
    **dict.fromkeys(["gb2312", "gbk", "gb18030"], "gb18030"),
    "koi8-r": "koi8-r",
}
_UTF16 = frozenset(["utf-16", "utf-16le", "utf-16be"])
_DECLARED = re.compile(r"""<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_TOKEN = re.compile(
    r"""<!--(?P<comment>.*?)-->
      | <!\[CDATA\[(?P<cdata>.*?)\]\]>
      | <\?.*?\?>
      | <!(?:[^>"']++|"[^"]*+"|'[^']*+')*+>
      | </(?P<close>[^\s>]+)\s*>
      | <(?P<open>[^\s/>]+)(?P<attributes>(?:[^>"']++|"[^"]*+"|'[^']*+')*+)>
      | (?P<text>[^<]++)
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=/"']+)\s*=\s*("[^"]*"|'[^']*')""")
_LINE_END = re.compile(r"\r\n?")
_BLANK = re.compile(r"[\t\n\r]")
_REASONS = {
    "no element found": "the file is empty or ends too early; an element is still open",
    "not well-formed (invalid token)": "this is not XML: an unescaped & or <, a control character or a broken tag",
    "unclosed token": "the tag, comment or section that begins here has no end",
    "mismatched tag": "this end tag has another name than the element that is open; close the inner one first",
    "duplicate attribute": "an attribute stands twice in this tag; keep one",
    "junk after document element": "something follows after the end of the root element; take it out",
    "undefined entity": "this entity is not defined in XML; write the character itself",
    "unclosed CDATA section": "the CDATA section that begins here has no end; close it with ]]>",
    "reference to invalid character number": "this number is that of no character XML allows; take it out",
    "XML or text declaration not at start of entity": "the XML declaration must be the very first thing in the file",
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """`begin` to `end` is what stands between the quotes; `value` the same with its references undone."""

    value: str
    begin: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Run:
    """Characters between tags, references undone and line ends as XML reads them (section 2.11); a CDATA section is one."""

    text: str
    begin: int
    end: int
    is_cdata: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """What stands between `<!--` and `-->`."""

    text: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Element:
    """`begin` is its start tag's first character, `inner` to `close` its content, `end` stands after its end tag.

    For an empty tag (`<a/>`), `inner`, `close` and `end` are one place.
    """

    name: str
    attributes: Mapping[str, Attribute]
    begin: int
    inner: int
    close: int
    end: int
    children: "tuple[Element | Run | Comment, ...]"

    @property
    def elements(self) -> "Iterator[Element]":
        """The elements directly in it, in file order."""
        return (child for child in self.children if isinstance(child, Element))

    @property
    def text(self) -> str:
        """The characters directly in it."""
        return "".join(child.text for child in self.children if isinstance(child, Run))

    def find(self, *names: str) -> "Element | None":
        """The first element directly in it that has one of these local names."""
        return next((child for child in self.elements if local(child.name) in names), None)

    def value(self, attribute: str) -> str:
        """The value of an attribute, empty where it has none."""
        found = self.attributes.get(attribute)
        return found.value if found else ""

    def walk(self) -> "Iterator[Element]":
        """This element and all within it, in file order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(list(element.elements)))


def local(name: str) -> str:
    """A name without its namespace's prefix."""
    return name.rpartition(":")[2]


def undone(written: str) -> str:
    """Characters as a reader of XML gets them: references undone."""
    return REFERENCE.sub(_character, written) if "&" in written else written


def encoding(content: bytes) -> str:
    """The encoding of a file without a byte order mark: what it declares, where that is one we read; else UTF-8."""
    for signature, name in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if content.startswith(signature):
            return name
    declared = _DECLARED.match(content[:200].decode("latin-1"))
    return _ENCODINGS.get(declared[1].lower(), "utf-8") if declared else "utf-8"


def read_xml(page: Page, doctypes: frozenset[str] = frozenset()) -> Element:
    """The root element of a file; `doctypes` are those that files of its format always declare. Raises ExtractionError."""
    if len(page.text) > LARGEST:
        raise page.error(0, f"the file has more than {LARGEST:,} characters; split it")
    if "\0" in page.text:  # Expat takes a file that begins with one for UTF-16, whatever it is told
        raise page.error(page.text.index("\0"), "a zero byte stands here, which is no text; save the file as UTF-8")
    declared = _DECLARED.match(page.text)
    if declared and declared[1].lower() not in _ENCODINGS.keys() | _UTF16:
        raise page.error(declared.start(1), f"the encoding {declared[1]} is not read here; save the file as UTF-8")
    _Proof(page, doctypes).run()
    return _tree(page.text)


class _Proof:
    """Proves that a file is XML that harms nobody."""

    def __init__(self, page: Page, doctypes: frozenset[str]) -> None:
        self.page, self.doctypes = page, doctypes
        self.content = page.text.encode()
        self.depth = self.count = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.enter
        self.parser.EndElementHandler = self.leave
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.SkippedEntityHandler = self.skipped

    def run(self) -> None:
        """Raises ExtractionError."""
        try:
            self.parser.Parse(self.content, True)  # noqa: FBT003 - the library's own signature
        except expat.ExpatError as error:
            said = expat.ErrorString(error.code)
            raise self.error(_REASONS.get(said, f"this is not XML: {said}"), self.parser.ErrorByteIndex) from None

    def enter(self, name: str, _: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise self.error(f"<{name[:40]}> stands more than {DEEPEST} levels deep; split the file or flatten it")
        if self.count > MOST:
            raise self.error(f"the file has more than {MOST:,} elements; split it")

    def leave(self, _: str) -> None:
        self.depth -= 1

    def doctype(self, name: str, _: str | None, __: str | None, has_internal_subset: int) -> None:
        if has_internal_subset or name not in self.doctypes:
            place = self.content.rfind(b"<!DOCTYPE", 0, self.parser.CurrentByteIndex + 1)
            raise self.error("a DOCTYPE can make a reader fetch and expand what it should not; take it out", place)

    def skipped(self, name: str, _: int) -> None:
        raise self.error(f"the entity &{name[:40]}; is not defined in XML; write the character itself")

    def error(self, reason: str, place: int | None = None) -> ExtractionError:
        place = max(0, self.parser.CurrentByteIndex if place is None else place)
        return self.page.error(len(self.content[:place].decode("utf-8", "ignore")), reason)


def _tree(text: str) -> Element:
    """Take apart what is known to be XML."""
    top: list[Element | Run | Comment] = []
    here = top
    outer: list[tuple[list[Element | Run | Comment], re.Match[str]]] = []
    for token in _TOKEN.finditer(text):
        kind, begin, end = token.lastgroup, token.start(), token.end()
        if kind == "text":
            here.append(Run(undone(_line_ends(token["text"])), begin, end))
        elif kind == "attributes":
            if token["attributes"].endswith("/"):
                here.append(_element(token, (), end, end))
            else:
                outer.append((here, token))
                here = []
        elif kind == "close":
            children = tuple(here)
            here, opening = outer.pop()
            here.append(_element(opening, children, begin, end))
        elif kind == "comment":
            here.append(Comment(token["comment"], begin, end))
        elif kind == "cdata":
            here.append(Run(_line_ends(token["cdata"]), begin, end, is_cdata=True))
    return next(node for node in top if isinstance(node, Element))


def _element(opening: re.Match[str], children: tuple[Element | Run | Comment, ...], close: int, end: int) -> Element:
    start = opening.start("attributes")
    attributes = {
        found[1]: Attribute(
            undone(_BLANK.sub(" ", _line_ends(found[2][1:-1]))),
            start + found.start(2) + 1,
            start + found.end(2) - 1,
            found[2][0],
        )
        for found in _ATTRIBUTE.finditer(opening["attributes"])
    }
    return Element(opening["open"], attributes, opening.start(), opening.end(), close, end, children)


def _line_ends(text: str) -> str:
    return _LINE_END.sub("\n", text) if "\r" in text else text


def _character(found: re.Match[str]) -> str:
    if found["name"]:
        return _NAMED[found["name"]]
    code = int(found["hexadecimal"], 16) if found["hexadecimal"] else int(found["decimal"])
    return chr(code) if code <= sys.maxunicode else found[0]
