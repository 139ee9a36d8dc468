"""Hostile: a good file, and what is made of it and of zips to do harm; for the tests of what is refused."""

import random
import struct
import zipfile
from io import BytesIO

import pytest

from tests.exchange.answers import zipped
from tests.exchange.plain import write_xliff
from tests.exchange.samples import WETLANDS

GOOD = write_xliff(WETLANDS)
BODY = GOOD.split(b"\n", 1)[1].decode()
DECLARED = '<?xml version="1.0" encoding="{}"?>'


def with_target(target):
    return GOOD.replace(b'<target state="needs-translation"/>', b"<target>" + target + b"</target>", 1)


def laughs():
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>'.encode() + with_target(b"&l9;").split(b"\n", 1)[1]


def encrypted():
    """A zip that says of its entry that it is encrypted, in the local header and in the directory."""
    content = bytearray(zipped({"a.xlf": GOOD}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + place
        content[at : at + 2] = struct.pack("<H", 1)
    return bytes(content)


def lying():
    """A zip whose directory says that its entry is small."""
    content = bytearray(zipped({"a.xlf": GOOD}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 10)
    return bytes(content)


def nested(content, name, times):
    for number in range(times):
        content = zipped({f"{number}/{name}": content})
    return content


def sparse(blocks):
    """Twenty kilobytes a block, which a zip packs to some two hundred bytes."""
    chance = random.Random(7)
    return b"".join(chance.randbytes(200) + bytes(19_800) for _ in range(blocks))


def overlapping():
    """A zip whose directory names the same bytes a hundred times: no ratio of any one entry gives it away."""
    made = zipped({"a.xlf": GOOD})
    at = made.index(b"PK\x01\x02")
    entry, end = made[at : made.index(b"PK\x05\x06")], bytearray(made[made.index(b"PK\x05\x06") :])
    entries = b"".join(entry.replace(b"a.xlf", b"%05d" % number) for number in range(100))
    end[8:16] = struct.pack("<HHI", 100, 100, len(entries))
    return made[:at] + entries + bytes(end)


def doubled():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xlf", GOOD)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.xlf", GOOD.replace(b"Seed", b"Weed"))
    return buffer.getvalue()


def workbook(sheet, strings=b"<sst/>"):
    files = {"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet}
    return zipped(files, compression=zipfile.ZIP_STORED)
