"""Intake: what of an imported file is read at all: its bytes as UTF-8, within limits, with nothing followed or unpacked."""

import codecs
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from tm_service.domain.errors import ReturnRejected

MEGABYTE = 1 << 20
BLOCK = 1 << 18  # bytes read at once
_TOLD = 30  # languages named in a sentence

_ARCHIVES = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"7z\xbc\xaf": "7z", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_SIGNATURES = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNSIGNED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*\?>")
_PLACE = re.compile(r",? line \d+(?:, column \d+)?")
_TOKEN = re.compile(rb"<!--|<!\[CDATA\[|<\?|<!|<([A-Za-z_][\w:.\-]*)")
ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}  # what nothing is told in, and how it ends
# Encodings that leave ASCII as it is; what is scanned is what is parsed, since all of it becomes UTF-8 first.
_ENCODING = re.compile(r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may weigh.

    `head`, `entry` and `bilingual`, a bilingual file, are in bytes (a row of a table in characters); `properties` and `texts`
    are those of one entry, `names` those of elements and attributes that the format does not have. libxml2 itself bounds the
    text of one element (10 million bytes) and elements within elements (256).
    """

    head: int = MEGABYTE
    entry: int = 4 * MEGABYTE
    bilingual: int = 256 * MEGABYTE
    properties: int = 2000
    texts: int = 100
    names: int = 5000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Problem:
    """What of an imported file was not used, in one sentence.

    `number` is the entry's place in the file from 1, 0 where it is about the file; `line` is where it begins, from 1.
    """

    number: int
    line: int
    message: str

    def __str__(self) -> str:
        return self.message


def nothing_asked(source: str | None, targets: Collection[str] | None, seen: Iterable[str]) -> Problem:
    """That a file has no pair of the languages asked for, and which it has."""
    wanted = " or ".join(targets or ("another language",))
    has = ", ".join(brief(code, 40) for code in islice(seen, _TOLD))
    return Problem(0, 1, f"No entry is a pair of {source or 'its own source'} and {wanted}; the file has {has}.")


def brief(text: str, longest: int = 120) -> str:
    """Make what a file says fit for a sentence."""
    return "".join(character if character.isprintable() else "?" for character in text[:longest])


@contextmanager
def opened(content: BinaryIO | Path) -> Iterator[tuple[str, BinaryIO]]:
    """The name a sentence calls a file by, and its bytes; a path is opened and closed here."""
    if isinstance(content, Path):
        with content.open("rb") as stream:
            yield brief(content.name), stream
    else:
        yield "The file", content


def utf8(name: str, stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of an XML file as UTF-8 without its mark, in blocks.

    A signature decides the encoding, else the declaration. What is no character of it stays no character of UTF-8, so
    that the parser refuses the entry it stands in and no other. Raises ReturnRejected.
    """
    first = first_block(name, stream)
    encoding, skip = _encoding(name, first)
    if encoding == "utf-8":
        yield first[skip:]
        while block := stream.read(BLOCK):
            yield block
        return
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    block = first[skip:]
    while block:
        yield decoder.decode(block).encode("utf-8", "surrogatepass")
        block = stream.read(BLOCK)


def first_block(name: str, stream: BinaryIO) -> bytes:
    """A whole block, however little the stream gives at once. A packed file is refused: what is in it is not known."""
    first = stream.read(BLOCK)
    while len(first) < BLOCK and (more := stream.read(BLOCK - len(first))):
        first += more
    for signature, kind in _ARCHIVES.items():
        if first.startswith(signature):
            raise ReturnRejected(f"{name} is packed ({kind}); unpack it and import what is in it.")
    return first


def signature(first: bytes) -> tuple[str, int]:
    """The encoding that a file's first bytes are a mark of, and how long the mark is; empty where there is none."""
    found = ((encoding, len(mark)) for mark, encoding in _SIGNATURES if first.startswith(mark))
    return next(found, ("", 0))


def _encoding(name: str, first: bytes) -> tuple[str, int]:
    encoding, skip = signature(first)
    if not encoding:
        encoding = next((known for start, known in _UNSIGNED if first.startswith(start)), "")
    declared = _DECLARED.match(first[:200])
    if not encoding:
        said = declared[1].decode() if declared else "utf-8"
        try:
            encoding = codecs.lookup(said).name
        except LookupError:
            encoding = said
    if not (_ENCODING.fullmatch(encoding) or encoding in ("utf-16-le", "utf-16-be")) or (
        declared and encoding.startswith("utf-16")
    ):
        raise ReturnRejected(
            f"{name} says it is in {encoding}, which it is not or which is not read; save it as UTF-8."
        )
    return ("utf-8" if encoding == "ascii" else encoding), skip


def undeclared(head: bytes) -> bytes:
    """The beginning of an XML file without its XML declaration, line ends kept: what it says of encodings is done with."""
    declaration = _DECLARATION.match(head)
    return b"\n" * declaration[0].count(b"\n") + head[declaration.end() :] if declaration else head


def tokens(head: bytes) -> Iterator[re.Match[bytes]]:
    """Start tags, their names as group 1, and declarations (`<!`) outside of comments, CDATA and instructions, in order."""
    place = 0
    while token := _TOKEN.search(head, place):
        place = token.end()
        if end := ENDS.get(token[0]):
            close = head.find(end, place)
            if close < 0:
                return
            place = close + len(end)
        else:
            yield token


# Nothing is followed, fetched or expanded.
SAFELY: Mapping[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def parser() -> etree.XMLParser:
    """A parser that follows, fetches and expands nothing."""
    return etree.XMLParser(**SAFELY)


def attributes(element: etree._Element) -> dict[str, str]:
    """The attributes of an element in their order."""
    return cast("dict[str, str]", dict(element.items()))


def inside(element: etree._Element) -> str:
    """All text in an element, that of elements in it included."""
    return (element.text or "") if not len(element) else "".join(map(str, element.itertext()))


def reason(error: etree.XMLSyntaxError) -> str:
    """Why XML is not well-formed, without places, which are of a part and not of the file."""
    return brief(_PLACE.sub("", " ".join((error.msg or "no reason given").split())), 160)
