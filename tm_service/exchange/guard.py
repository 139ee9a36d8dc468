"""Guard: what of a returned file may be read at all, before anything in it is believed."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from tm_service.domain.errors import ReturnRejected

MEGABYTE = 1 << 20

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 17  # bytes that are decoded, looked through and parsed at a time
# Only encodings in which what is scanned is what is parsed; UTF-7 and its like can hide markup.
_ENCODINGS = frozenset(["utf-8", "ascii", "iso8859-1", "cp1252", "cp1251", "cp1256", "gb2312", "gbk", "gb18030"])
_SIGNATURES = (
    (codecs.BOM_UTF8, "utf-8", 3),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
    (b"<\0", "utf-16-le", 0),
    (b"\0<", "utf-16-be", 0),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_DECLARATION = re.compile(r"<!\s{0,8}(?:[Dd][Oo][Cc][Tt][Yy][Pp][Ee]|ENTITY|ELEMENT|ATTLIST|NOTATION)")
_LONGEST_DECLARATION = 20
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# What OmegaT and others write above every TMX: a name and nothing else; it is cut out, so no parser ever follows it.
_TMX_DOCTYPE = re.compile(r"""<!DOCTYPE\s{1,8}tmx\s{1,8}SYSTEM\s{1,8}["']tmx1[1-4]b?\.dtd["']\s{0,8}>""")
_PROLOGUE = 1000  # characters in which it stands
_UNITS = frozenset(["trans-unit", "bin-unit", "unit", "tu"])
_TEXTS = frozenset(["source", "target", "seg-source", "seg"])
_MATCHES = frozenset(["alt-trans", "matches"])
_INCLUDE = "{http://www.w3.org/2001/XInclude}"
# What libxml2 takes for one of each, in bytes: measured on trees of a million.
_ELEMENT, _TEXT, _ATTRIBUTE = 136, 136, 240
_UNIT = 1000  # what a unit takes that was read
_NAMES = 2000  # of elements and attributes; the parser remembers each for good
_EQUALS = 20_000  # in one tag
_LONGEST_RUN, _LONGEST_TEXT = 10_000_000, MEGABYTE  # characters; only what is encoded is longer than a megabyte


class Damaged(ReturnRejected):
    """A file that cannot be read and harms nobody: those beside it are read all the same."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a return may weigh, counted over everything in it.

    `size` of the upload, `total` of what it unpacks to, `weight` of all that is in memory at once (the archives being read, the
    file being read and its tree) and `value` of one attribute in bytes; `ratio` unpacked to packed; `entries` in archives and
    archives within archives, `nesting` of these, `tags` and `units` in all files; `depth` in elements.
    """

    size: int = 50 * MEGABYTE
    entries: int = 1000
    total: int = 100 * MEGABYTE
    ratio: int = 200
    nesting: int = 3
    depth: int = 100
    tags: int = 800_000
    units: int = 50_000
    weight: int = 140 * MEGABYTE
    value: int = MEGABYTE


def brief(name: str) -> str:
    """Make a file name fit for a sentence."""
    return "".join(character if character.isprintable() else "?" for character in name[:120]) or "The file"


def admit_size(name: str, content: bytes, limits: Limits) -> None:
    """Raises ReturnRejected where a file is larger than any may be."""
    if len(content) > limits.size:
        raise ReturnRejected(
            "{file} is larger than {size} MB; send it in parts.", file=brief(name), size=limits.size // MEGABYTE
        )


def parse_xml(name: str, content: bytes, limits: Limits) -> etree._Element:
    """Parse bytes into a tree with nothing followed, fetched or expanded, left as soon as it goes too far.

    Raises Damaged for what is merely broken, ReturnRejected for what could hurt.
    """
    admit_size(name, content, limits)
    parser = _parser()
    watch, runs = _Watch(name, limits, len(content)), _Runs(name)
    try:
        for piece in _scanned(name, content, limits):
            watch.weight += runs.weighed(piece)
            parser.feed(piece.encode())
            watch.look(parser)
        return parser.close()
    except etree.XMLSyntaxError as error:
        reason = brief(" ".join((error.msg or "no reason given").split()))
        raise Damaged(
            "{file} is not well-formed XML ({reason}); export it again.", file=brief(name), reason=reason
        ) from None


def _parser() -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


@dataclass(slots=True)
class _Watch:
    """Counts what a tree becomes while it grows; `weight` is what it takes, with the file it is made from, in bytes."""

    name: str
    limits: Limits
    weight: int
    depth: int = 0
    units: int = 0
    names: set[str] = field(default_factory=set)

    def look(self, parser: etree.XMLPullParser) -> None:
        """Take note of what was parsed since the last look. Raises ReturnRejected."""
        for event, element in parser.read_events():
            if event == "start":
                self._enter(element)
            else:
                self.depth -= 1
                if _local(element) in _UNITS:
                    self.weight -= _lightened(element)
        if self.weight > self.limits.weight:
            raise ReturnRejected(
                "{file} holds more tags and texts than are read; send it in parts.", file=brief(self.name)
            )

    def _enter(self, element: Any) -> None:
        self.depth += 1
        if self.depth == 1 and element.getroottree().docinfo.internalDTD is not None:
            raise ReturnRejected(
                "{file} declares a DOCTYPE, which is never read; export it without.", file=brief(self.name)
            )
        if self.depth > self.limits.depth:
            raise ReturnRejected(
                "{file} nests elements deeper than {most}; export it again.",
                file=brief(self.name),
                most=self.limits.depth,
            )
        tag, attributes = element.tag, element.items()
        self.weight += _ELEMENT + _ATTRIBUTE * len(attributes)
        self.names.add(tag)
        for attribute, value in attributes:
            self.names.add(attribute)
            if len(value) > self.limits.value:
                raise ReturnRejected(
                    "{file} has an attribute of more than {most} characters.",
                    file=brief(self.name),
                    most=self.limits.value,
                )
        if tag.startswith(_INCLUDE):
            raise ReturnRejected("{file} includes other files (XInclude), which are never read.", file=brief(self.name))
        if len(self.names) > _NAMES:
            raise ReturnRejected(
                "{file} has more kinds of tags than any translation tool writes.", file=brief(self.name)
            )
        if _local(element) in _UNITS:
            self.units += 1
            self.weight += _UNIT
            if self.units > self.limits.units:
                raise ReturnRejected(
                    "{file} holds more than {most} units; send it in parts.",
                    file=brief(self.name),
                    most=self.limits.units,
                )


def _local(element: Any) -> str:
    return str(element.tag.rpartition("}")[2])


def _lightened(unit: Any) -> int:
    """Take out of a unit what nobody reads: other matches, and blanks between what is no text; bytes that were freed."""
    freed = 0
    for child in list(unit):
        name = _local(child)
        if name in _MATCHES:
            freed += sum(_ELEMENT + _ATTRIBUTE * len(inner.attrib) for inner in child.iter())
            unit.remove(child)
            continue
        freed += _without_tail(child)
        if name not in _TEXTS:
            freed += sum(map(_without_tail, child))
    return freed


def _without_tail(element: Any) -> int:
    if not element.tail or not element.tail.isspace():
        return 0
    element.tail = None
    return _TEXT


@dataclass(slots=True)
class _Runs:
    """Looks at what stands between one `<` and the next, before it is parsed: a tag, and the text behind it.

    `length` of the run and `said` of its text are in characters, `width` of the widest in bytes, as Python keeps it.
    """

    name: str
    length: int = 0
    equals: int = 0
    said: int = 0
    width: int = 1
    is_text: bool = False

    def weighed(self, piece: str) -> int:
        """What a piece takes once it is a tree and texts in memory, its elements and attributes apart, in bytes.

        Raises ReturnRejected for a run that would take much before anything is known of it.
        """
        weight = (
            _ATTRIBUTE * piece.count("xmlns") + _TEXT * (piece.count(">") - piece.count("><")) + len(piece.encode())
        )
        first, *others = piece.split("<")
        weight += self._went_on(first)
        for place, run in enumerate(others, 1):
            if place < len(others) and len(run) < _EQUALS:  # whole, and too short for any limit
                text = run.partition(">")[2]
                weight += len(text) * _width(text)
                continue
            self.length = self.equals = self.said = 0
            self.width, self.is_text = 1, False
            weight += self._went_on(run)
        return weight

    def _went_on(self, run: str) -> int:
        self.length += len(run)
        self.equals += run.count("=")
        tag, ends, text = ("", ">", run) if self.is_text else run.partition(">")
        self.is_text = bool(ends)
        before = self._kept()
        self.said += len(text)
        self.width = max(self.width, _width(text))
        if self.length > _LONGEST_RUN or (self.length > _LONGEST_TEXT and self.width > 1):
            raise ReturnRejected(
                "{file} has a tag or a text longer than any is; export it again.", file=brief(self.name)
            )
        if self.equals > _EQUALS and len(tag) > _EQUALS:
            raise ReturnRejected("{file} has more attributes in one tag than any tool writes.", file=brief(self.name))
        return self._kept() - before

    def _kept(self) -> int:
        """Bytes of the text as Python keeps it; a long one weighs twice, since it is there twice while it is looked at."""
        return self.said * self.width * (2 if self.said > _LONGEST_TEXT else 1)


def _width(text: str) -> int:
    """Bytes of a character of a text as Python keeps it; a letter of Latin-1 counts as any other that is not ASCII."""
    if text.isascii():
        return 1
    return 4 if _ASTRAL.search(text) else 2


def _scanned(name: str, content: bytes, limits: Limits) -> Iterator[str]:
    """Decode an XML file ourselves, so that the parser sees exactly what was looked through."""
    begun, before, tags = False, "", 0
    for decoded in pieces(name, content):
        piece = decoded if begun else _begun(name, decoded.lstrip())
        if not piece:
            continue
        begun = True
        if "\0" in piece:
            raise ReturnRejected("{file} holds NUL characters; export it again.", file=brief(name))
        if _DECLARATION.search(before + piece):
            raise ReturnRejected(
                "{file} declares a DOCTYPE or entities, which are never read; export it without.", file=brief(name)
            )
        tags += piece.count("<")
        if tags > limits.tags:
            raise ReturnRejected(
                "{file} holds more than {most} tags; send it in parts.", file=brief(name), most=limits.tags
            )
        before = piece[-_LONGEST_DECLARATION:]
        yield piece
    if not begun:
        raise Damaged("{file} is empty; export it again.", file=brief(name))


def _begun(name: str, piece: str) -> str:
    if "\0" in piece[:_PROLOGUE]:
        raise ReturnRejected("{file} holds NUL characters; export it again.", file=brief(name))
    if piece and not piece.startswith("<"):
        raise Damaged("{file} is not XML; send the file that your translation tool saves.", file=brief(name))
    return _TMX_DOCTYPE.sub("", piece[:_PROLOGUE], count=1) + piece[_PROLOGUE:]


def pieces(name: str, content: bytes) -> Iterator[str]:
    """Decode a text file bit by bit, by its signature, else as it declares, else as UTF-8. Raises ReturnRejected."""
    if content.startswith(_GZIP):
        raise ReturnRejected("{file} is compressed with gzip; send the file itself or a .zip.", file=brief(name))
    encoding, start = _encoding(name, content)
    decoder = codecs.getincrementaldecoder(encoding)()
    for place in range(start, len(content) or 1, _PIECE):
        end = place + _PIECE
        pending = decoder.getstate()[0]
        try:
            yield decoder.decode(content[place:end], final=end >= len(content))
        except UnicodeDecodeError as error:
            at = place - len(pending) + error.start
            said = "{file} is not valid {encoding} text (byte {byte}); save it again."
            raise Damaged(said, file=brief(name), encoding=encoding.upper(), byte=at) from None


def _encoding(name: str, content: bytes) -> tuple[str, int]:
    signed = [(encoding, skip) for mark, encoding, skip in _SIGNATURES if content.startswith(mark)]
    return signed[0] if signed else (_declared(name, content), 0)


def _declared(name: str, content: bytes) -> str:
    match = _DECLARED.match(content[:200].lstrip())
    if match is None:
        return "utf-8"
    try:
        encoding = codecs.lookup(match[1].decode()).name
    except LookupError:
        encoding = ""
    if encoding not in _ENCODINGS:
        said = "{file} says it is in {encoding}, which is not read; save it as UTF-8."
        raise Damaged(said, file=brief(name), encoding=match[1].decode())
    return encoding
