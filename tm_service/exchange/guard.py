"""Guard: what of a returned file may be read at all, before anything in it is believed."""

import codecs
import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from lxml import etree

from tm_service.domain.errors import ReturnRejected

MEGABYTE = 1 << 20

_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ARCHIVES = frozenset([".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar"])
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
_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a return may weigh: sizes in bytes, `ratio` unpacked to packed, `depth` in elements, `tags` in all."""

    size: int = 50 * MEGABYTE
    entries: int = 1000
    total: int = 100 * MEGABYTE
    ratio: int = 200
    depth: int = 100
    tags: int = 2_000_000  # a tree takes some 100 bytes of memory for each


def brief(name: str) -> str:
    """Make a file name fit for a sentence."""
    return "".join(character if character.isprintable() else "?" for character in name[:120]) or "The file"


def is_zip(content: bytes) -> bool:
    return content.startswith(_ZIP)


def parse_xml(name: str, content: bytes, limits: Limits) -> etree._Element:
    """Parse bytes into a tree with nothing followed, fetched or expanded. Raises ReturnRejected."""
    text = _scanned(name, content, limits)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        reason = " ".join((error.msg or "no reason given").split())[:200]
        raise ReturnRejected(f"{brief(name)} is not well-formed XML ({reason}); export it again.") from None
    _look_through(name, root, limits)
    return root


def _scanned(name: str, content: bytes, limits: Limits) -> str:
    """Decode an XML file ourselves, so that the parser sees exactly what was looked through."""
    if len(content) > limits.size:
        raise ReturnRejected(f"{brief(name)} is larger than {limits.size // MEGABYTE} MB; send it in parts.")
    if content.startswith(_GZIP):
        raise ReturnRejected(f"{brief(name)} is compressed with gzip; send the .xlf itself or a .zip.")
    text = _decoded(name, content)
    if "\0" in text:
        raise ReturnRejected(f"{brief(name)} holds NUL characters; export it again.")
    if _DECLARATION.search(text):
        raise ReturnRejected(f"{brief(name)} declares a DOCTYPE or entities, which are never read; export it without.")
    if text.count("<") > limits.tags:
        raise ReturnRejected(f"{brief(name)} holds more than {limits.tags} tags; send it in parts.")
    if not text.lstrip().startswith("<"):
        raise ReturnRejected(f"{brief(name)} is {'not XML' if text.strip() else 'empty'}; send the XLIFF 1.2 file.")
    return text.lstrip()


def _decoded(name: str, content: bytes) -> str:
    signed = [(encoding, skip) for mark, encoding, skip in _SIGNATURES if content.startswith(mark)]
    encoding, start = signed[0] if signed else (_declared(name, content), 0)
    try:
        return content[start:].decode(encoding)
    except UnicodeDecodeError as error:
        place = start + error.start
        raise ReturnRejected(f"{brief(name)} is not valid {encoding.upper()} text (byte {place}).") from None


def _declared(name: str, content: bytes) -> str:
    match = _DECLARED.match(content[:200].lstrip())
    if match is None:
        return "utf-8"
    try:
        encoding = codecs.lookup(match[1].decode()).name
    except LookupError:
        encoding = ""
    if encoding not in _ENCODINGS:
        raise ReturnRejected(f"{brief(name)} says it is in {match[1].decode()}, which is not read; save it as UTF-8.")
    return encoding


def _look_through(name: str, root: etree._Element, limits: Limits) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReturnRejected(f"{brief(name)} declares a DOCTYPE, which is never read; export it without.")
    if root.xpath(f"boolean({'/*' * (limits.depth + 1)})"):
        raise ReturnRejected(f"{brief(name)} nests elements deeper than {limits.depth}; export it again.")
    if root.xpath("boolean(//*[namespace-uri() = 'http://www.w3.org/2001/XInclude'])"):
        raise ReturnRejected(f"{brief(name)} includes other files (XInclude), which are never read.")


def entries(name: str, content: bytes, limits: Limits) -> tuple[tuple[str, bytes], ...]:
    """Names and bytes of a zip's XLIFF files and manifest, in the zip's order; nothing is written to disk.

    Raises ReturnRejected.
    """
    if len(content) > limits.size:
        raise ReturnRejected(f"{brief(name)} is larger than {limits.size // MEGABYTE} MB; send it in parts.")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = _admitted(name, archive.infolist(), len(content), limits)
            return tuple((info.filename, _unpacked(name, archive, info)) for info in infos)
    except _DAMAGE:
        raise ReturnRejected(f"{brief(name)} is damaged as a zip; pack it again.") from None


def _admitted(name: str, infos: list[zipfile.ZipInfo], packed: int, limits: Limits) -> list[zipfile.ZipInfo]:
    """List the entries that are somebody's work, once all of them are found harmless."""
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > limits.entries:
        raise ReturnRejected(f"{brief(name)} holds {len(infos)} files; up to {limits.entries} are read.")
    if unpacked > limits.total:
        raise ReturnRejected(f"{brief(name)} unpacks to more than {limits.total // MEGABYTE} MB; send it in parts.")
    if unpacked > limits.ratio * packed:
        raise ReturnRejected(f"{brief(name)} unpacks to more than {limits.ratio} times its size and is not opened.")
    for info in infos:
        _admit(name, info)
    return [info for info in infos if _is_work(info.filename)]


def _admit(name: str, info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    entry = f"{brief(info.filename)} in {brief(name)}"
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(info.filename):
        raise ReturnRejected(f"{entry} points outside of the zip; pack it again without such names.")
    if info.flag_bits & 1:
        raise ReturnRejected(f"{entry} is encrypted; send it without a password.")
    if path.suffix.lower() in _ARCHIVES:
        raise ReturnRejected(f"{entry} is an archive within the archive; send its files in one zip.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ReturnRejected(f"{entry} is packed in an unusual way; pack it again as an ordinary zip.")


def _unpacked(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    content = archive.read(info)
    if is_zip(content):
        raise ReturnRejected(f"{brief(info.filename)} in {brief(name)} is a zip within the zip; send its files in one.")
    return content


def _is_work(filename: str) -> bool:
    parts = PurePosixPath(filename.replace("\\", "/")).parts
    return (
        filename.lower().endswith((".xlf", ".xliff", "manifest.json"))
        and "__MACOSX" not in parts
        and not parts[-1].startswith("._")
    )
