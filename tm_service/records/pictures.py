"""Pictures: PNG, JPEG and WebP told by their bytes, and kept without what they say of who took them, where and when.

Nothing is decoded here: a picture is cut into its pieces, and those that browsers draw with are kept as they are.
PNG: https://www.w3.org/TR/png-3/ ; JPEG: ITU-T T.81, annex B, and Exif 2.32; WebP: RFC 9649.
"""

import re
import struct
from collections.abc import Iterator
from hashlib import sha256
from struct import pack, unpack_from
from zlib import crc32

from tm_service.domain.errors import Unusable
from tm_service.domain.pictures import Picture

LARGEST = 4_000_000  # bytes
WIDEST = 12_000  # pixels a side; no screen shows more, and browsers draw what they are told
_MOST_PIXELS = 50_000_000  # in all; browsers take four bytes for each
_PNG, _JPEG, _RIFF, _WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"WEBP"
_PNG_DRAWN = frozenset(
    b"tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)  # besides what is needed, which begins with a capital letter
_WEBP_DRAWN = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_SAYS = 0x0C  # flags of VP8X: it has EXIF, it has XMP
# In JPEG, what comes behind FF; 00 and D0 to D7 stand within the picture itself.
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")  # matched at one place only
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TEXTS = frozenset({*range(0xE0, 0xF0), 0xFE})
_DRAWN = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_EXIF, _TURNED = b"Exif\0\0", 0x0112  # the tag by which a camera says how it was held
_NO_PICTURE = "This file is no picture that can be kept; choose one that is PNG, JPEG or WebP."

_Read = tuple[str, int, int, bytes]


def read_picture(content: bytes) -> Picture:
    """What is kept of a file. Raises Unusable for what is no picture, damaged or too large."""
    if len(content) > LARGEST:
        raise Unusable(f"The picture has more than {LARGEST // 1_000_000} MB; make it smaller.")
    try:
        kind, width, height, kept = _told(content)
    except (struct.error, IndexError, ValueError) as error:
        raise Unusable(_NO_PICTURE) from error
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise Unusable(f"The picture is {width} by {height} pixels, and {WIDEST} a side are the most; make it smaller.")
    if width * height > _MOST_PIXELS:
        most = f"{_MOST_PIXELS // 1_000_000} million pixels"
        raise Unusable(f"The picture is {width} by {height} pixels, and {most} are the most; make it smaller.")
    return Picture(sha256(kept).hexdigest(), kind, width, height, kept)


def _told(content: bytes) -> _Read:
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(_JPEG):
        return _jpeg(content)
    if content[:4] == _RIFF and content[8:12] == _WEBP:
        return _webp(content)
    raise ValueError(_NO_PICTURE)


def _png(content: bytes) -> _Read:
    width, height = unpack_from(">II", content, 16)
    kept, at, name = [_PNG], len(_PNG), b""
    while name != b"IEND":
        (size,) = unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + size
        (sum_,) = unpack_from(">I", content, end - 4)
        if sum_ != crc32(content[at + 4 : end - 4]) or (len(kept) == 1) != (name == b"IHDR"):
            raise ValueError(_NO_PICTURE)
        if name[:1].isupper() or name in _PNG_DRAWN:
            kept.append(content[at:end])
        at = end
    return "png", width, height, b"".join(kept)


def _jpeg(content: bytes) -> _Read:
    kept, turned, size = [content[:2]], b"", (0, 0)
    for marker, piece in _pieces(content):
        if marker in _FRAMES:
            height, width = unpack_from(">HH", piece, 5)
            size = (width, height)
        if piece[4:].startswith(_EXIF):
            turned = turned or _turned(piece[4 + len(_EXIF) :])
        if marker not in _TEXTS or piece[4:].startswith(_DRAWN.get(marker, b"\xff\xff")):
            kept.append(piece)
    return "jpg", *size, b"".join([kept[0], turned, *kept[1:]])


def _pieces(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG behind its beginning, a scan with the picture that follows it, up to its end and no further."""
    at = 2
    while True:
        found = _MARKER.match(content, at)
        if found is None:
            raise ValueError(_NO_PICTURE)
        marker, at = found[1][0], found.end() - 2
        if marker == _END:
            yield marker, content[at : at + 2]
            return
        (size,) = unpack_from(">H", content, at + 2)
        end = at + 2 + max(size, 2)
        if marker == _SCAN:
            following = _NEXT.search(content, end)
            end = following.start() if following else len(content)
        yield marker, content[at:end]
        at = end


def _turned(exif: bytes) -> bytes:
    """A segment that says of a picture how it was held, and nothing else; nothing where it was held upright."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    try:
        (place,) = unpack_from(f"{order}I", exif, 4) if order else (len(exif),)
        (entries,) = unpack_from(f"{order or '>'}H", exif, place)
        tags = (unpack_from(f"{order}HHIH", exif, place + 2 + 12 * number) for number in range(min(entries, 500)))
        held = next((value for tag, _, _, value in tags if tag == _TURNED), 1)
    except struct.error:
        return b""
    if not 1 < held <= 8:  # noqa: PLR2004 - eight ways there are, the first is upright
        return b""
    said = _EXIF + b"MM\0*" + pack(">IHHHIHHI", 8, 1, _TURNED, 3, 1, held, 0, 0)
    return pack(">HH", 0xFFE1, len(said) + 2) + said


def _webp(content: bytes) -> _Read:
    (size,) = unpack_from("<I", content, 4)
    whole, at, kept, sizes = content[: size + 8], 12, [], []
    if len(whole) < size + 8:
        raise ValueError(_NO_PICTURE)
    while at < len(whole):
        name, (length,) = whole[at : at + 4], unpack_from("<I", whole, at + 4)
        piece = whole[at : at + 8 + length + length % 2]
        if len(piece) < 8 + length:
            raise ValueError(_NO_PICTURE)
        if name == b"VP8X":
            piece = piece[:8] + bytes([piece[8] & ~_SAYS]) + piece[9:]
        if name in (b"VP8X", b"VP8 ", b"VP8L"):
            sizes.append(_webp_size(name, piece[8:]))
        if name in _WEBP_DRAWN:
            kept.append(piece)
        at += len(piece)
    inner = b"".join(kept)
    width, height = map(max, zip(*sizes, strict=True))
    return "webp", width, height, _RIFF + pack("<I", len(inner) + 4) + _WEBP + inner


def _webp_size(name: bytes, piece: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        sides = (int.from_bytes(piece[place : place + 3], "little") + 1 for place in (4, 7))
        return next(sides), next(sides)
    if name == b"VP8 ":
        width, height = unpack_from("<HH", piece, 6)
        return width & 0x3FFF, height & 0x3FFF
    (bits,) = unpack_from("<I", piece, 1)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
