"""Files that could hurt: each is refused whole, with one sentence."""

import gzip
import struct
import zipfile
from io import BytesIO

import pytest

from tests.exchange.samples import WETLANDS
from tm_service.domain.errors import ReturnRejected
from tm_service.exchange.exporter import Xliff12Bundle
from tm_service.exchange.xliff12 import write_xliff

BUNDLE = Xliff12Bundle()
GOOD = write_xliff(WETLANDS)
BODY = GOOD.split(b"\n", 1)[1].decode()
DECLARED = '<?xml version="1.0" encoding="{}"?>'


def with_target(target):
    return GOOD.replace(b'<target state="needs-translation"/>', b"<target>" + target + b"</target>", 1)


def laughs():
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>'.encode() + with_target(b"&l9;").split(b"\n", 1)[1]


def zipped(files, *, compression=zipfile.ZIP_DEFLATED):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


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


NESTED = 'xmlns="urn:oasis:names:tc:xliff:document:1.2"'
FILES = {
    "DOCTYPE": (b"<!DOCTYPE xliff>" + BODY.encode(), "DOCTYPE"),
    "DOCTYPE with a subset": (b'<!DOCTYPE xliff [<!ATTLIST target state CDATA "final">]>' + BODY.encode(), "DOCTYPE"),
    "DOCTYPE elsewhere": (b'<!DOCTYPE xliff SYSTEM "http://seeds.example/x.dtd">' + BODY.encode(), "DOCTYPE"),
    "DOCTYPE in UTF-8 with BOM": (b"\xef\xbb\xbf<!DOCTYPE xliff>" + BODY.encode(), "DOCTYPE"),
    "DOCTYPE in UTF-16": ((DECLARED.format("UTF-16") + "<!DOCTYPE xliff>" + BODY).encode("utf-16"), "DOCTYPE"),
    "DOCTYPE in UTF-16 without BOM": (("<!DOCTYPE xliff []>" + BODY).encode("utf-16-be"), "DOCTYPE"),
    "DOCTYPE in little-endian": (("<!DOCTYPE xliff []>" + BODY).encode("utf-16-le"), "DOCTYPE"),
    "DOCTYPE in UTF-7": ((DECLARED.format("UTF-7") + "+ADwAIQ-DOCTYPE xliff+AD4-" + BODY).encode(), "UTF-7"),
    "DOCTYPE in UTF-32": (("<!DOCTYPE xliff>" + BODY).encode("utf-32"), "NUL"),
    "billion laughs": (laughs(), "DOCTYPE"),
    "external entity": (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + with_target(b"&e;").split(b"\n", 1)[1],
        "DOCTYPE",
    ),
    "undeclared entity": (with_target(b"&e;"), "not well-formed"),
    "XInclude": (
        with_target(b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
        "XInclude",
    ),
    "gzip": (gzip.compress(GOOD), "gzip"),
    "truncated": (GOOD[: len(GOOD) // 2], "not well-formed"),
    "NUL bytes": (GOOD.replace(b"Seed banks", b"Seed\0banks"), "NUL"),
    "only NUL bytes": (bytes(1000), "NUL"),
    "a control character": (GOOD.replace(b"Seed banks", b"Seed\x0bbanks"), "not well-formed"),
    "an escaped surrogate": (GOOD.replace(b"Seed banks", b"&#xD800;"), "not well-formed"),
    "an encoding that lies": (GOOD.replace(b"Seed", b"S\xe9\xe9d"), "not valid UTF-8"),
    "an encoding that lies about UTF-16": (GOOD.replace(b"UTF-8", b"UTF-16"), "UTF-16"),
    "an unheard-of encoding": (GOOD.replace(b"UTF-8", b"peat-1"), "peat-1"),
    "half a character of UTF-16": (BODY.encode("utf-16")[:-1], "not valid UTF-16"),
    "a million elements deep": (lambda: f"<xliff {NESTED}>".encode() + b"<g>" * 1_000_000, "not well-formed"),
    "ten million elements": (lambda: with_target(b"<x/>" * 10_000_000), "more than 2000000 tags"),
    "a hundred and fifty elements deep": (with_target(b"<g>" * 150 + b"</g>" * 150), "deeper than 100"),
    "wrong namespace": (GOOD.replace(b"document:1.2", b"document:2.0"), "<xliff> version 1.2 in the namespace"),
    "no namespace": (GOOD.replace(b' xmlns="urn:oasis:names:tc:xliff:document:1.2"', b""), "without a namespace"),
    "HTML that is XML": (b"<html><body>Sign in</body></html>", "<html>"),
    "HTML": (b"<html><body>Sign in<br></body></html>", "not well-formed"),
    "HTML with its DOCTYPE": (b"<!doctype html><title>Sign in", "DOCTYPE"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not valid UTF-8"),
    "PDF": (b"%PDF-1.7 seeds", "not XML"),
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "too large": (lambda: b"<" + b" " * (50 << 20), "larger than 50 MB"),
    "too large a zip": (lambda: b"PK\x03\x04" + b" " * (50 << 20), "larger than 50 MB"),
    "zip bomb": (lambda: zipped({"a.xlf": bytes(50 << 20)}), "200 times"),
    "zip beyond its total": (lambda: zipped({f"{n}.xlf": bytes(51 << 20) for n in range(2)}), "100 MB"),
    "zip of 5,000 files": (lambda: zipped({f"{n}.xlf": b"x" for n in range(5000)}), "holds 5000 files"),
    "zip in a zip": (zipped({"in.zip": zipped({"a.xlf": GOOD})}), "archive within"),
    "zip in a zip by another name": (zipped({"in.xlf": zipped({"a.xlf": GOOD})}), "zip within"),
    "encrypted zip": (encrypted(), "encrypted"),
    "lying zip": (lying(), "damaged"),
    "damaged zip": (zipped({"a.xlf": GOOD}).replace(GOOD[:4], b"")[:-30], "damaged"),
    "truncated zip": (zipped({"a.xlf": GOOD})[:200], "damaged"),
    "empty zip": (zipped({}), "no .xlf file"),
    "zip without XLIFF": (zipped({"a.docx": b"x"}), "no .xlf file"),
    "zip that climbs": (zipped({"../../etc/cron.d/a.xlf": GOOD}), "points outside"),
    "zip that climbs backwards": (zipped({"..\\..\\a.xlf": GOOD}), "points outside"),
    "zip from the root": (zipped({"/etc/a.xlf": GOOD}), "points outside"),
    "zip from a drive": (zipped({"C:\\a.xlf": GOOD}), "points outside"),
    "zip packed by LZMA": (zipped({"a.xlf": GOOD}, compression=zipfile.ZIP_LZMA), "unusual"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_file_is_refused_with_one_sentence(kind):
    content, reason = FILES[kind]
    with pytest.raises(ReturnRejected) as refused:
        BUNDLE.read("seeds-7-fr.xlf", content() if callable(content) else content)
    sentence = str(refused.value)
    assert reason in sentence
    assert "seeds-7-fr.xlf" in sentence
    assert sentence.endswith(".")
    assert len(sentence.splitlines()) == 1
    assert len(sentence) < 400


@pytest.mark.parametrize("kind", ["DOCTYPE", "gzip", "truncated", "PNG", "HTML"])
def test_a_hostile_file_in_a_zip_is_refused_as_well(kind):
    with pytest.raises(ReturnRejected):
        BUNDLE.read("r.zip", zipped({"good.xlf": GOOD, "bad.xlf": FILES[kind][0]}))


def test_the_good_file_among_them_is_read():
    assert len(BUNDLE.read("r.xlf", GOOD).units) == 5


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "us-ascii", "utf-8", "GB18030"])
def test_honest_encodings_are_read(encoding):
    content = (DECLARED.format(encoding) + BODY.replace("Seed", "S&#233;ed")).encode(encoding)
    assert BUNDLE.read("r.xlf", content).units[0].source == "Séed banks"


@pytest.mark.parametrize("name", ["a\nb\x1b[31m.xlf", "x" * 5000, ""])
def test_a_hostile_name_stays_a_name(name):
    with pytest.raises(ReturnRejected) as refused:
        BUNDLE.read(name, b"no")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400
