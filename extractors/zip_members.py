"""Zip members: read members of an archive within limits, and write it with these replaced and all else as it was."""

import io
import re
import struct
import zipfile
import zlib
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from xml.sax.saxutils import escape  # nosec: it parses nothing

from extractors.pages import Page
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice
from extractors.xml_spans import Element, Run, read_xml
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding
from tm_service.domain.serving import Stamp
from tm_service.domain.units import Document, Locale

MEGABYTE = 1 << 20
LARGEST, LARGEST_MEMBER = 100 * MEGABYTE, 50 * MEGABYTE  # bytes of a file; of one member, unpacked
ENTRIES = 5000
RATIO, SMALL = 250, MEGABYTE  # unpacked to packed; what unpacks to less than SMALL may be packed at any ratio

# APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_ENCRYPTED, _DESCRIPTOR, _STRONG, _HIDDEN = 1, 8, 64, 8192  # general purpose flags
_OLE = b"\xd0\xcf\x11\xe0"
_BETWEEN = "\0"  # no XML file holds it


@dataclass(frozen=True)
class Part:
    """A member of an archive that is XML; places in its tree are characters of its own page, which begins at `begin`."""

    name: str
    begin: int
    page: Page

    @cached_property
    def root(self) -> Element:
        """Its root element. Raises ExtractionError."""
        try:
            return read_xml(self.page)
        except ExtractionError as error:
            raise ExtractionError(error.path, error.line, error.column, f"in its {self.name}, {error.reason}") from None

    def written(self, element: Element | Run) -> str:
        """An element as it is written."""
        return self.page.text[element.begin : element.end]

    def error(self, place: int, reason: str) -> ExtractionError:
        """What is wrong at a character of it."""
        return self.page.error(place, f"in its {self.name}, {reason}")

    def put(self, begin: int, end: int, text: str) -> Splice:
        """A splice of the archive that puts something into this member."""
        return Splice(self.begin + begin, self.begin + end, text)


@dataclass(frozen=True, kw_only=True)
class Package(Page):
    """Members of an archive as one text, so that places in it are characters like those of any file."""

    document: Document
    members: tuple[str, ...]

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """The members by their names, in order."""
        parts, place = {}, 0
        for name, text in zip(self.members, self.text.split(_BETWEEN), strict=True):
            parts[name] = Part(name, place, Page(self.path, text))
            place += len(text) + 1
        return parts

    def encoded(self, text: str) -> bytes:
        """The archive with its members as this text says."""
        after = zip(self.parts.values(), text.split(_BETWEEN), strict=True)
        changed = {part.name: new.encode("utf-8", "replace") for part, new in after if part.page.text != new}
        return replaced(self.document, changed)


class ZippedFormat(TextFormat):
    """An extractor of a format that is an archive of XML files."""

    @abstractmethod
    def members(self, names: Collection[str], document: Document) -> tuple[str, ...]:
        """Which members are read, and in which order. Raises ExtractionError where the archive is not of this format."""

    @abstractmethod
    def found(self, package: Package, locale: Locale) -> Iterator[Slot | Finding]:
        """What `slots` of other formats finds, in an archive."""

    def language(self, package: Package, locale: Locale) -> Iterable[Splice]:  # noqa: ARG002
        """What a translated document says of its language."""
        return ()

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """Every message of the document."""
        return self.found(page, locale) if isinstance(page, Package) else iter(())

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterable[Splice]:  # noqa: ARG002
        """What a translated document says of its language."""
        return self.language(page, locale) if isinstance(page, Package) else ()

    def _page(self, document: Document) -> Package:
        return _package(self, document)


@lru_cache(maxsize=1)  # the same archive is asked for at every step of extracting and merging it
def _package(kind: ZippedFormat, document: Document) -> Package:
    names = [info.filename for info in _listed(document)]
    members = tuple(dict.fromkeys(kind.members(names, document)))
    texts = []
    for name, content in read(document, members).items():
        try:
            texts.append(content.decode("utf-8"))
        except UnicodeDecodeError:
            raise refusal(document, f"its {name} is not UTF-8; save the file again") from None
        if _BETWEEN in texts[-1]:
            raise refusal(document, f"its {name} is damaged; save the file again")
    return Package(path=document.path, text=_BETWEEN.join(texts), document=document, members=members)


_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def escaped(text: str) -> str:
    """Text as these formats write it between tags or in double quotes; what XML cannot hold is left out."""
    return escape(_IMPOSSIBLE.sub("", text), {'"': "&quot;", "\r": "&#13;"})


def refusal(document: Document, reason: str) -> ExtractionError:
    """What is wrong with an archive as a whole."""
    return ExtractionError(document.path, 1, 1, reason)


def read(document: Document, names: Collection[str]) -> dict[str, bytes]:
    """Unpack some members, by name. Raises ExtractionError."""
    there = {info.filename for info in _listed(document)}
    if missing := [name for name in names if name not in there]:
        raise refusal(document, f"its {missing[0]} is missing; save the file again")
    try:
        with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
            return {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, OSError, NotImplementedError):
        raise refusal(document, "the archive is damaged; save the file again") from None


def replaced(document: Document, members: Mapping[str, bytes]) -> bytes:
    """The archive with these members' contents; all other members are copied as they are packed. Raises ExtractionError."""
    content = document.content
    infos = _listed(document)
    offsets = [info.header_offset for info in infos]
    central = _directory(document, infos)
    entries = sorted(zip(infos, central, strict=True), key=lambda entry: entry[0].header_offset)
    begin = _start(content)
    ends = [*sorted(offsets)[1:], begin]
    written, place = [content[: min(offsets, default=begin)]], min(offsets, default=begin)
    records: dict[str, bytes] = {}
    for (info, as_it_was), end in zip(entries, ends, strict=True):
        local, record = content[info.header_offset : end], as_it_was
        if info.filename in members:
            local, record = _packed(content, info, record, members[info.filename])
        written.append(local)
        records[info.filename] = record[:42] + struct.pack("<L", place) + record[46:]
        place += len(local)
    directory = b"".join(records[info.filename] for info in infos)
    end_record = bytearray(content[_end(content) :])
    struct.pack_into("<2L", end_record, 12, len(directory), place)
    return b"".join((*written, directory, bytes(end_record)))


def _packed(content: bytes, info: zipfile.ZipInfo, record: bytes, new: bytes) -> tuple[bytes, bytes]:
    """A member's own header with its data, and its record in the directory, packed as it was."""
    data = new
    if info.compress_type == zipfile.ZIP_DEFLATED:
        deflate = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
        data = deflate.compress(new) + deflate.flush()
    sizes = struct.pack("<3L", zlib.crc32(new), len(data), len(new))
    head = content[info.header_offset : info.header_offset + _LOCAL.size]
    *_, name, _extra = _LOCAL.unpack(head)
    named = content[info.header_offset + _LOCAL.size : info.header_offset + _LOCAL.size + name]
    flags = struct.pack("<H", info.flag_bits & ~_DESCRIPTOR)
    # What the header says beyond its name may repeat the sizes (Zip64), so it is left out; the directory keeps its own.
    local = head[:6] + flags + head[8:14] + sizes + head[26:28] + b"\0\0" + named
    return local + data, record[:8] + flags + record[10:16] + sizes + record[28:]


@lru_cache(maxsize=1)
def _listed(document: Document) -> list[zipfile.ZipInfo]:
    """What an archive holds, as far as it may be read. Raises ExtractionError."""
    content = document.content
    if content.startswith(_OLE):
        raise refusal(
            document, "the file has a password or is in the old binary format; save it without, in today's format"
        )
    if len(content) > LARGEST:
        raise refusal(document, f"the file is larger than {LARGEST // MEGABYTE} MB; split it")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, OSError, NotImplementedError):
        raise refusal(
            document, "the file is no archive as office programs write it, or it is damaged; save it again"
        ) from None
    _admit(document, infos)
    _directory(document, infos)
    return infos


def _admit(document: Document, infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if len(infos) > ENTRIES:
        raise refusal(document, f"the archive holds more than {ENTRIES:,} files; split it")
    if len(set(names)) < len(names):
        raise refusal(document, "the archive holds two files of one name; save it again")
    if any(info.flag_bits & (_ENCRYPTED | _STRONG | _HIDDEN) for info in infos):
        raise refusal(document, "the file is encrypted; save it without a password")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise refusal(document, "the archive names files outside of itself; save it again")
    if sum(info.file_size for info in infos) > LARGEST or any(info.file_size > LARGEST_MEMBER for info in infos):
        raise refusal(document, f"the archive unpacks to more than {LARGEST // MEGABYTE} MB; split it")
    if any(info.file_size > SMALL and info.file_size > RATIO * info.compress_size for info in infos):
        raise refusal(document, "the archive is packed tighter than any document is; save it again")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise refusal(document, "the archive is packed in a way office programs do not use; save it again")
    spans = sorted((info.header_offset, info.compress_size) for info in infos)
    if any(begin + _LOCAL.size + size > following for (begin, size), (following, _) in pairwise(spans)):
        raise refusal(document, "files of the archive lie over each other; save it again")


def _directory(document: Document, infos: list[zipfile.ZipInfo]) -> list[bytes]:
    """The records of the archive's directory as they stand there."""
    content, place, records = document.content, _start(document.content), []
    for info in infos:
        fields = _CENTRAL.unpack_from(content, place)
        size = _CENTRAL.size + sum(fields[10:13])
        if fields[0] != b"PK\1\2" or fields[-1] != info.header_offset:
            raise refusal(document, "the archive has the Zip64 form or something in front of it; save it again")
        records.append(content[place : place + size])
        place += size
    return records


def _end(content: bytes) -> int:
    """Where the end record begins; the same one that the standard library finds."""
    plain = len(content) - _END.size
    if content[plain : plain + 4] == b"PK\5\6" and content[-2:] == b"\0\0":
        return plain
    return content.rfind(b"PK\5\6", max(0, plain - 0xFFFF))


def _start(content: bytes) -> int:
    """Where the directory begins."""
    end = _end(content)
    return end - int(_END.unpack_from(content, end)[5])
